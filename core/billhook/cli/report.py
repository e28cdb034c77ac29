"""Findings for people, for programs and for a code host's annotations."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import BusyError, FindingsError, PluginError, reason
from billhook.kernel.origin import Origin
from billhook.kernel.text import counted

if TYPE_CHECKING:
    from billhook.cli.console import Console

SCHEMA = "billhook.findings/1"

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def located(findings: Iterable[Diagnostic], folder: Path) -> tuple[Diagnostic, ...]:
    """Return findings whose files are named from the working directory, so that editors open them.

    Args:
        findings: Findings with names relative to their project.
        folder: The project's folder.
    """
    return tuple(
        attrs.evolve(each, origin=_from_here(each.origin, folder)) if each.origin else each
        for each in findings
    )


def _from_here(origin: Origin, folder: Path) -> Origin:
    path = folder / origin.file
    if not path.exists() and not (path.suffix and path.parent.is_dir()):
        return origin
    return attrs.evolve(origin, file=shown(path))


def several(names: Sequence[str], most: int = 8) -> str:
    """Return how many names there are, and the first of them."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{len(names)}: {', '.join(names[:most])}{more}"


def shown(path: Path) -> str:
    """Return a path as a user in the working directory would write it."""
    try:
        name = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    far = Path(name).parts[:3] == (os.pardir,) * 3
    return os.path.abspath(path) if far else name  # noqa: PTH100 - links are not followed


def unique(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings, each once: those of a project belong to each of its jobs."""
    return tuple(dict.fromkeys(findings))


def to_text(findings: Iterable[Diagnostic]) -> str:
    """Return findings with excerpts, carets and hints; colours are for the console to drop."""
    return "\n".join(_colour(finding) for finding in findings)


def tell(console: Console, findings: Sequence[Diagnostic]) -> None:
    """Show findings on standard error; remarks only to those who did not ask for quiet."""
    heard = audible(findings, quiet=console.quiet)
    if heard:
        console.warn(to_text(heard))


def audible(findings: Sequence[Diagnostic], *, quiet: bool) -> Sequence[Diagnostic]:
    """Return the findings that are said: when quiet, no remarks."""
    return [each for each in findings if each.severity is not Severity.INFO or not quiet]


def error_text(error: BaseException) -> str:
    """Return what an error has to say: its findings, or one line."""
    if isinstance(error, FindingsError):
        return to_text(error.findings)
    said = _of_system(error) if isinstance(error, OSError) else str(error)
    hint = "\n      hint: try again; wait in [store] sets how many seconds to wait"
    more = hint if isinstance(error, BusyError) else ""
    return f"{_place_of(error)}{click.style('error', fg='red', bold=True)}: {said}{more}"


def _place_of(error: BaseException) -> str:
    origin = error.origin if isinstance(error, PluginError) else None
    return f"{attrs.evolve(origin, file=shown(Path(origin.file)))}: " if origin else ""


def _of_system(error: OSError) -> str:
    """Return what the system says, without its number: ``out/a.pdf: permission denied``."""
    why = reason(error)
    return f"{shown(Path(os.fsdecode(error.filename)))}: {why}" if error.filename else why


def _colour(finding: Diagnostic) -> str:
    head, newline, rest = finding.render().partition("\n")
    label = f"{finding.severity}[{finding.code}]"
    painted = click.style(label, fg=_COLOUR[finding.severity], bold=True)
    lines = [click.style(line, dim=True) for line in rest.splitlines()] if newline else []
    return "\n".join([head.replace(label, painted, 1), *lines])


def to_json(findings: Sequence[Diagnostic]) -> str:
    """Return findings as JSON with the key ``schema``."""
    counts = Counter(finding.severity for finding in findings)
    tree = {
        "schema": SCHEMA,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "findings": [_plain(finding) for finding in findings],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _plain(finding: Diagnostic) -> dict[str, object]:
    origin = finding.origin
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "file": origin and origin.file,
        "line": origin and origin.line,
        "column": origin and origin.column,
        "path": finding.path,
        "hint": finding.hint,
    }


def to_github(findings: Iterable[Diagnostic]) -> str:
    """Return findings as workflow commands of GitHub Actions."""
    return "\n".join(_annotation(finding) for finding in findings)


def _annotation(finding: Diagnostic) -> str:
    kind = {Severity.INFO: "notice"}.get(finding.severity, str(finding.severity))
    origin = finding.origin
    facts = {
        "file": origin and origin.file,
        "line": origin and origin.line,
        "col": origin and origin.column,
        "title": finding.code,
    }
    given = ",".join(f"{k}={_escape(str(v), ':,')}" for k, v in facts.items() if v)
    message = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return f"::{kind} {given}::{_escape(message)}"


def _escape(text: str, more: str = "") -> str:
    for sign in ("%", "\r", "\n", *more):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def summary(findings: Sequence[Diagnostic]) -> str:
    """Return how many findings there are: ``2 errors, 1 warning``."""
    counts = Counter(finding.severity for finding in findings)
    words = [
        counted(counts[severity], word)
        for severity, word in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "remark"),
        )
        if counts[severity]
    ]
    return ", ".join(words) or "nothing found"
