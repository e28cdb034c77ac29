"""TOML: values by tomli, with decimals kept, and places by a scanner of our own."""

from __future__ import annotations

from decimal import Decimal

from billhook.diagnostics import Findings
from billhook.origin import Origin
from billhook.sources import codes
from billhook.sources.document import Document, too_deep
from billhook.sources.encoding import decode
from billhook.sources.limits import DOCUMENT_BYTES, nested, too_large
from billhook.sources.mistake import MistakeError, Unread, quoted
from billhook.sources.numbers import parse_decimal
from billhook.sources.place import Lines, Place, point, report
from billhook.sources.toml_scanner import positions
from billhook.sources.toml_syntax import told


def read_toml(data: bytes, name: str, findings: Findings) -> Document | None:
    """Return a TOML document, or nothing, after having said why.

    Numbers with a point become `Decimal`; ``inf``, ``nan`` and exponents are refused where they
    are used.

    Args:
        data: The file's bytes.
        name: The file's name, for findings.
        findings: Where to report.
    """
    if len(data) > DOCUMENT_BYTES:
        report(findings, too_large(len(data), DOCUMENT_BYTES), Place(Origin(name)))
        return None
    text = decode(data, "utf-8", name, findings)
    if text is None:
        return None
    # tomli does the same, so both readings see the same lines.
    text = text.replace("\r\n", "\n")
    return _parse(text, name, findings)


def _parse(text: str, name: str, findings: Findings) -> Document | None:
    import tomli

    try:
        root = tomli.loads(text, parse_float=_number)
    except tomli.TOMLDecodeError as error:
        lines = Lines(text)
        said = told(error.msg, lines.line(error.lineno).rstrip("\n"), error.colno)
        place = point(name, lines, error.lineno, said.column, said.width)
        report(findings, MistakeError(codes.SYNTAX, said.message, said.hint), place)
    except RecursionError:
        report(findings, nested(), Place(Origin(name)))
    except ValueError:
        # Python refuses to read integers of thousands of digits, and tomli lets that through.
        report(
            findings,
            MistakeError(codes.NUMBER, "a number has too many digits"),
            Place(Origin(name)),
        )
    else:
        if not too_deep(root):
            return Document(name, root, text, positions)
        report(findings, nested(), Place(Origin(name)))
    return None


def _number(text: str) -> Decimal | Unread:
    try:
        return parse_decimal(text.replace("_", ""))
    except MistakeError:
        return Unread(
            codes.NUMBER,
            f"expected a plain number, got {quoted(text)[1:-1]}",
            "write the number with digits and a point only",
        )
