"""TOML: values by tomli, with decimals kept, and places by a scanner of our own."""

from __future__ import annotations

from decimal import Decimal

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, Unread, quote
from billhook.sources.document import LocatedDocument, too_deep
from billhook.sources.encoding import decode
from billhook.sources.formats.toml_messages import describe
from billhook.sources.formats.toml_positions import positions
from billhook.sources.limits import DOCUMENT_BYTES, nesting_error, too_large
from billhook.sources.location import Lines, Location, point, report
from billhook.sources.parsing import parse_decimal


def read_toml(data: bytes, name: str, findings: Findings) -> LocatedDocument | None:
    """Return a TOML document, or nothing, after having said why.

    Numbers with a point become `Decimal`; ``inf``, ``nan`` and exponents are refused where they
    are used.

    Args:
        data: The file's bytes.
        name: The file's name, for findings.
        findings: Where to report.
    """
    if len(data) > DOCUMENT_BYTES:
        report(findings, too_large(len(data), DOCUMENT_BYTES), Location(Origin(name)))
        return None
    text = decode(data, "utf-8", name, findings)
    if text is None:
        return None
    # tomli does the same, so both readings see the same lines.
    text = text.replace("\r\n", "\n")
    return _parse(text, name, findings)


def _parse(text: str, name: str, findings: Findings) -> LocatedDocument | None:
    import tomli

    try:
        root = tomli.loads(text, parse_float=_number)
    except tomli.TOMLDecodeError as error:
        lines = Lines(text)
        said = describe(error.msg, lines.line(error.lineno).rstrip("\n"), error.colno)
        place = point(name, lines, error.lineno, said.column, said.width)
        report(findings, BadValueError(codes.SYNTAX, said.message, said.hint), place)
    except RecursionError:
        report(findings, nesting_error(), Location(Origin(name)))
    except ValueError:
        # Python refuses to read integers of thousands of digits, and tomli lets that through.
        report(
            findings,
            BadValueError(codes.NUMBER, "a number has too many digits"),
            Location(Origin(name)),
        )
    else:
        if not too_deep(root):
            return LocatedDocument(name, root, text, positions)
        report(findings, nesting_error(), Location(Origin(name)))
    return None


def _number(text: str) -> Decimal | Unread:
    try:
        return parse_decimal(text.replace("_", ""))
    except BadValueError:
        return Unread(
            codes.NUMBER,
            f"expected a plain number, got {quote(text)[1:-1]}",
            "write the number with digits and a point only",
        )
