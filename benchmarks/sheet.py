"""What a bill says, as finished strings: given to the libraries that billhook is measured with."""

from __future__ import annotations

import functools
import io
import tempfile
from pathlib import Path

import attrs

from billhook import Document, Party
from billhook.i18n.numbers import formatter
from billhook.render.pdf.writer.font_face import bundled

HEADS = ("Date", "Description", "Quantity", "Unit price", "Amount")
SCRIPTS = {"latin": "", "arabic": "Arabic", "hindi": "Devanagari"}


@attrs.frozen(kw_only=True)
class Sheet:
    """A bill without the work of wording it.

    Attributes:
        script: Of its descriptions.
        seller: Lines of the letterhead.
        buyer: Lines of the address.
        facts: Names and values under the letterhead.
        title: Its title with its number.
        rows: Date, description, quantity, price and amount.
        totals: Names and amounts; the last is due.
        payment: Lines on how to pay.
    """

    script: str
    seller: tuple[str, ...]
    buyer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    title: str
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, str], ...]
    payment: tuple[str, ...]


def sheet_of(document: Document, script: str) -> Sheet:
    """Return the strings of a bill."""
    invoice, write = document.invoice, formatter(document.invoice.locale)
    totals = invoice.totals
    due = write.date(invoice.terms.due) if invoice.terms.due else ""
    return Sheet(
        script=script,
        seller=_lines(invoice.seller),
        buyer=_lines(invoice.buyer),
        facts=(
            ("Invoice number", document.number or ""),
            ("Invoice date", write.date(invoice.date)),
            ("Due date", due),
        ),
        title=f"Invoice {document.number}",
        rows=tuple(
            (
                write.date(line.date) if line.date else "",
                line.description,
                write.figure(line.quantity) if line.quantity else "",
                write.quantity(line.unit_price.value, 2) if line.unit_price else "",
                write.amount(line.amount.value, invoice.currency, symbol=False),
            )
            for line in invoice.lines
        ),
        totals=(
            ("Subtotal", write.figure(totals.lines)),
            ("VAT", write.figure(totals.tax)),
            ("Amount due", write.figure(totals.payable)),
        ),
        payment=("Payment details", "First Harbor Bank", "011000015", "4401882736"),
    )


def _lines(party: Party) -> tuple[str, ...]:
    address = party.address
    return (party.name, *address.lines, f"{address.city} {address.postcode}")


def font_path(script: str, *, bold: bool = False) -> str:
    """Return a font file of billhook's own, so that all embed the same."""
    wanted = f"BillhookSans{SCRIPTS[script]}-"
    return str(next(f.path for f in bundled(bold=bold) if f.path.name.startswith(wanted)))


@functools.cache
def logo() -> Path:
    """Return a small PNG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (360, 96), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 96, 96), fill="#1f3a5f")
    draw.ellipse((24, 24, 72, 72), fill="white")
    for place in range(6):
        draw.rectangle((120 + place * 40, 30, 145 + place * 40, 66), fill="#1f3a5f")
    file = io.BytesIO()
    picture.save(file, "PNG")
    path = Path(tempfile.mkdtemp()) / "logo.png"
    path.write_bytes(file.getvalue())
    return path
