"""Bytes to text, in the declared encoding and no other."""

from __future__ import annotations

from typing import Literal

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError
from billhook.sources.location import Lines, Location, point, report

Encoding = Literal["utf-8", "cp1252", "latin-1", "utf-16"]


def decode(data: bytes, encoding: str, name: str, findings: Findings) -> str | None:
    """Return the text of some bytes, or nothing, after having said where they are wrong.

    A byte order mark is dropped.

    Args:
        data: The bytes.
        encoding: One of `Encoding`.
        name: The file's name, for findings.
        findings: Where to report.
    """
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        report(findings, _mistake(data, encoding, error), _place(data, encoding, name, error))
        return None


def _mistake(data: bytes, encoding: str, error: UnicodeDecodeError) -> BadValueError:
    byte = data[error.start] if error.start < len(data) else 0
    return BadValueError(
        codes.ENCODING, f"byte 0x{byte:02X} is not text in {encoding}", _hint(data, encoding)
    )


def _hint(data: bytes, encoding: str) -> str | None:
    if encoding != "utf-8":
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 'the file is UTF-16: declare encoding = "utf-16", or save it as UTF-8'
    return 'save the file as UTF-8, or declare encoding = "cp1252" for a table made on Windows'


def _place(data: bytes, encoding: str, name: str, error: UnicodeDecodeError) -> Location:
    if encoding == "utf-16":
        return Location(Origin(name))
    text = data.decode(encoding, "replace")
    before = data[: error.start].decode(encoding, "replace")
    lines = Lines(text)
    line, column = lines.at(len(before))
    return point(name, lines, line, column)
