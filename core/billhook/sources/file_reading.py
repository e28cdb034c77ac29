"""Reading: from a declaration to bytes, and from bytes to a table."""

from __future__ import annotations

import stat
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from billhook.kernel.diagnostics import Findings, closest
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote
from billhook.sources.declaration import FORMATS, STANDARD_INPUT, Declaration
from billhook.sources.limits import FILE_BYTES, too_large
from billhook.sources.location import Location, report
from billhook.sources.source_table import SourceTable

_ELSEWHERE = {
    "xls": "save it as .xlsx or CSV",
    "xlsm": "save it as .xlsx, without macros, or as CSV",
    "xlsb": "save it as .xlsx or CSV",
    "ods": "save it as .xlsx or CSV",
    "txt": 'if it is a table, declare format = "csv" and its delimiter',
    "xml": "convert it to CSV or JSON",
}


def read_bytes(path: Path, name: str, findings: Findings, limit: int = FILE_BYTES) -> bytes | None:
    """Return a file's bytes, or nothing, after having said why.

    Args:
        path: The file; only regular files are opened, never devices or pipes.
        name: What findings call it.
        findings: Where to report.
        limit: Greatest size in bytes.
    """
    try:
        return _regular(path, limit)
    except FileNotFoundError:
        mistake = BadValueError(codes.UNREADABLE, "there is no such file", _similar(path))
    except BadValueError as found:
        mistake = found
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not a file name"
        mistake = BadValueError(codes.UNREADABLE, f"the file cannot be read: {why.lower()}")
    report(findings, mistake, Location(Origin(name)))
    return None


def _regular(path: Path, limit: int) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        kind = "folder" if path.is_dir() else "device"
        raise BadValueError(codes.UNREADABLE, f"expected a file, found a {kind}")
    with path.open("rb") as file:
        return _read_limited(file, limit)


def _read_limited(file: BinaryIO, limit: int) -> bytes:
    data = file.read(limit + 1)
    if len(data) > limit:
        raise too_large(len(data), limit)
    return data


def _similar(path: Path) -> str | None:
    if {"http:", "https:"} & {*path.parts}:
        return "billhook reads files, not addresses: save it, and name the file"
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"there is no folder {quote(str(path.parent))}"
    best = closest(path.name, names)
    return f"did you mean {best!r}?" if best else None


def is_table(declaration: Declaration, root: Path | None, findings: Findings) -> bool:
    """Return whether a source is written in a format that the core reads; if not, say so.

    Args:
        declaration: The file and how it is written.
        root: The folder that relative files are relative to.
        findings: Where to report.
    """
    return _is_folder(declaration, root) or _known_format(declaration, findings)


def _is_folder(declaration: Declaration, root: Path | None) -> bool:
    if declaration.file == STANDARD_INPUT:
        return False
    try:
        return (root or Path()).joinpath(declaration.file).is_dir()
    except OSError:  # no file could have such a name
        return False


def _known_format(declaration: Declaration, findings: Findings) -> bool:
    written = declaration.written
    if written in FORMATS:
        return True
    known = ", ".join(FORMATS)
    if declaration.file == STANDARD_INPUT or not written:
        mistake = BadValueError(
            codes.FORMAT, "the format is not declared", f"declare one of {known}"
        )
    else:
        hint = _ELSEWHERE.get(written, f"known here: {known}")
        mistake = BadValueError(codes.FORMAT, f"unknown format {quote(written)}", hint)
    report(findings, mistake, Location(Origin(declaration.title)))
    return False


def read_source(
    declaration: Declaration, root: Path | None, stdin: BinaryIO | None, findings: Findings
) -> bytes | None:
    """Return the bytes of a declared source, or nothing, after having said why.

    Args:
        declaration: The file and how it is written.
        root: The folder that relative files are relative to.
        stdin: Standard input, if a source may name it.
        findings: Where to report.
    """
    if declaration.file != STANDARD_INPUT:
        path = Path(declaration.file)
        return read_bytes(root / path if root else path, declaration.title, findings)
    if stdin is None:
        mistake = BadValueError(codes.UNREADABLE, "standard input is not at hand here")
        report(findings, mistake, Location(Origin(declaration.title)))
        return None
    return read_stream(stdin, declaration.title, findings)


def read_stream(
    stream: BinaryIO, name: str, findings: Findings, limit: int = FILE_BYTES
) -> bytes | None:
    """Return all bytes of a stream, or nothing, after having said why.

    Args:
        stream: The stream, such as standard input.
        name: What findings call it.
        findings: Where to report.
        limit: Greatest size in bytes.
    """
    try:
        return _read_limited(stream, limit)
    except BadValueError as mistake:
        report(findings, mistake, Location(Origin(name)))
        return None


def parse_table(
    data: bytes, declaration: Declaration, findings: Findings, attributes: Collection[str] = ()
) -> SourceTable | None:
    """Return the table of a file's bytes, or nothing, after having said why.

    Args:
        data: The bytes.
        declaration: How they are written.
        findings: Where to report.
        attributes: Those of the records, for a preset.
    """
    match declaration.written:
        case "csv" | "tsv":
            from billhook.sources.formats.csv import read_csv

            return read_csv(data, declaration, findings, attributes)
        case "xlsx":
            from billhook.sources.formats.xlsx import read_xlsx

            return read_xlsx(data, declaration, findings, attributes)
        case _:
            return _read_document(data, declaration, findings, attributes)


def _read_document(
    data: bytes, declaration: Declaration, findings: Findings, attributes: Collection[str]
) -> SourceTable | None:
    from billhook.sources.formats.document_table import DocumentTable
    from billhook.sources.formats.json import read_json, read_json_lines
    from billhook.sources.formats.toml import read_toml

    name, encoding = declaration.title, declaration.encoding
    match declaration.written:
        case "toml":
            document = read_toml(data, name, findings)
        case "json":
            document = read_json(data, name, findings, encoding)
        case _:
            document = read_json_lines(data, name, findings, encoding)
    if document is None:
        return None
    strict = declaration.written == "toml"
    return DocumentTable(document, declaration, findings, quoted=not strict, attributes=attributes)
