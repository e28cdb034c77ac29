"""Bundles: files of many documents, written for others and read back.

```python
from billhook.project.bundles import read_bundle, write_bundle

data = write_bundle(project, documents, "jsonl")
bundle = read_bundle(project, Path("june.jsonl"))
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from billhook.archive.writer import dump
from billhook.engine import Engine
from billhook.kernel.diagnostics import Diagnostic, Findings, did_you_mean
from billhook.kernel.errors import UnknownNameError
from billhook.kernel.origin import Origin
from billhook.model.document import Document
from billhook.plugins.documents import read_documents, write_documents
from billhook.plugins.loading import find_installed
from billhook.project.folder import ProjectFolder
from billhook.project.written_bills import SUFFIX, parse_bill
from billhook.sources.content import FileContent
from billhook.sources.file_reading import read_bytes

LINES = "jsonl"
"""The core's own format of bundles: JSON Lines, a document in its archived form on each line."""

ONE = SUFFIX.lstrip(".")
"""A bill's JSON, which is read as a bundle of one."""


@attrs.frozen
class Bundle:
    """A file of documents as it was read.

    Attributes:
        documents: The documents.
        findings: What is wrong with the file; names are relative to the project.
    """

    documents: tuple[Document, ...]
    findings: tuple[Diagnostic, ...]


def bundle_engine(project: ProjectFolder, documents: Sequence[Document] = ()) -> Engine:
    """Return the engine of the project's plugins and of those that some documents were made with.

    Only plugins that are installed are in it.
    """
    local = project.table.local
    known = {*find_installed(), *([local.stem] if local else [])}
    used = (use.name for each in documents for use in each.invoice.plugins)
    names = dict.fromkeys((*project.table.plugins, *used))
    return project.engine(tuple(name for name in names if name in known))


def write_bundle(project: ProjectFolder, documents: Sequence[Document], format_: str) -> bytes:
    """Return documents in one file of a format.

    Args:
        project: Whose plugins offer formats.
        documents: At least one.
        format_: ``jsonl``, or the format of a plugin.

    Raises:
        UnknownNameError: No plugin offers the format.
        ValueError: The format has one document in a file, and these are not one.
        RefusedError: The format cannot write one of them.
        PluginError: The format broke.
    """
    engine = bundle_engine(project, documents)
    if format_ == LINES:
        return b"".join(dump(each, engine.plugins) + b"\n" for each in documents)
    _require(engine, format_, {LINES, *(each.key for each in engine.hooks.exporters())})
    return write_documents(engine.hooks, format_, documents)


def read_bundle(project: ProjectFolder, path: Path, format_: str | None = None) -> Bundle:
    """Return the documents of a file, and what is wrong with it.

    Args:
        project: Whose plugins read formats.
        path: The file.
        format_: ``jsonl``, ``json``, or the format of a plugin; ``None`` takes that of the suffix.

    Raises:
        UnknownNameError: No plugin reads the format.
        PluginError: The format broke.
    """
    engine, name, findings = bundle_engine(project), project.name(path), Findings()
    format_ = format_ or _format_of_suffix(engine, path)
    readers = {each.key for each in engine.hooks.exporters() if each.read is not None}
    _require(engine, format_, {LINES, ONE, *readers}, "that billhook reads")
    data = read_bytes(path, name, findings)
    documents: tuple[Document, ...] = ()
    if data is not None and format_ == ONE:
        found = parse_bill(project, data, name, findings)
        documents = () if found is None else (found,)
    elif data is not None and format_ == LINES:
        documents = tuple(_read_lines(project, data, name, findings))
    elif data is not None:
        documents = read_documents(engine.hooks, format_, FileContent(name, data, findings))
    return Bundle(documents, tuple(findings))


def _format_of_suffix(engine: Engine, path: Path) -> str:
    """Return the format of a file's suffix, or the suffix, which no format has."""
    suffixes = [each for each in engine.hooks.exporters() if each.suffix == path.suffix]
    return suffixes[0].key if len(suffixes) == 1 else path.suffix.lstrip(".")


def _require(engine: Engine, format_: str, known: set[str], what: str = "") -> None:
    if format_ not in known:
        if engine.findings:
            raise UnknownNameError(f"there is no format {format_!r}: {engine.findings[0].message}")
        hint = did_you_mean(format_, known) or f"known here: {', '.join(sorted(known))}"
        raise UnknownNameError(
            f"there is no format {format_!r}{f' {what}' if what else ''}; {hint}"
        )


def _read_lines(
    project: ProjectFolder, data: bytes, name: str, findings: Findings
) -> Iterator[Document]:
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            found = Findings()
            document = parse_bill(project, line, name, found)
            findings.extend(_at_line(each, name, number) for each in found)
            if document is not None:
                yield document


def _at_line(finding: Diagnostic, name: str, number: int) -> Diagnostic:
    column = finding.origin.column if finding.origin else None
    return attrs.evolve(finding, origin=Origin(name, number, column))
