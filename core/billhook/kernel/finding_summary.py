"""Findings of one kind over many rows: the first few, and how many more there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable

import attrs

from billhook.kernel.diagnostics import Diagnostic

FIRST_FEW = 5
"""Maximum number of findings of one kind that are listed one by one."""

_NUMBER = re.compile(r"\d+")


def sum_up(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings with those of one kind, from the sixth on, as one.

    Of one kind are findings with the same code and severity in the same file and column: their
    paths differ in numbers only.  The one that stands for the others has the place of the first
    of them, and says how many there are and where the last one is.
    """
    found = tuple(findings)
    counts = Counter(map(_kind, found))
    if not counts or max(counts.values()) <= FIRST_FEW + 1:
        return found
    seen: Counter[Hashable] = Counter()
    latest = {_kind(each): each for each in found}
    kept = []
    for each in found:
        kind = _kind(each)
        seen[kind] += 1
        if seen[kind] <= FIRST_FEW or counts[kind] == FIRST_FEW + 1:
            kept.append(each)
        elif seen[kind] == FIRST_FEW + 1:
            kept.append(_rest(each, latest[kind], counts[kind] - FIRST_FEW))
    return tuple(kept)


def _kind(finding: Diagnostic) -> Hashable:
    if finding.origin is None or finding.origin.line is None:
        # Without a row each finding is about something of its own.
        row = finding.origin.path if finding.origin else None
        if row is None or not row.startswith("row "):
            return finding
    path = _NUMBER.sub("", finding.path) if finding.path else None
    place = finding.origin.file if finding.origin else None
    return finding.code, finding.severity, place, _column(path)


def _column(path: str | None) -> str | None:
    """Return the attribute of a path such as ``Sheet!B: hours``; the cell is another each time."""
    return path.rpartition(": ")[2] if path and "!" in path else path


def _rest(first: Diagnostic, last: Diagnostic, count: int) -> Diagnostic:
    where = ""
    if first.origin and last.origin and first.origin.line and last.origin.line:
        where = f", in rows {first.origin.line} to {last.origin.line}"
    return attrs.evolve(
        first,
        message=f"{count:,} more like this one{where}: {first.message}",
        excerpt=None,
        width=1,
    )
