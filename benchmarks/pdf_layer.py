"""The PDF layer against fpdf2's table() and reportlab: a page of 12 lines, and 1,500 lines.

Usage: ``python benchmarks/pdf_layer.py``

Prints CPU milliseconds, medians, and ratios; all three make the same rows with embedded fonts.
Ratios matter, figures belong to the machine.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from billhook.render.pdf.writer.font import fonts_of
from billhook.render.pdf.writer.font_face import bundled
from billhook.render.pdf.writer.line_breaking import wrap
from billhook.render.pdf.writer.pdf_file import Attachment, PdfFile
from billhook.render.pdf.writer.xmp import Metadata

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = "Review of the contract documents and correspondence with counsel"
COLUMNS = (260, 80, 80, 75)
SIZE = 9
LEADING = 12
ROWS = 45


def rows(count: int, bill: int) -> list[tuple[str, str, str, str]]:
    """Make rows that no other bill has, so that nothing kept from earlier bills helps."""
    return [
        (f"{bill}-{number} {WORDS}", "12.50", "250.00", f"{3125 * bill + number},00")
        for number in range(count)
    ]


def with_billhook(count: int, bill: int) -> bytes:
    fonts = fonts_of("en")
    file = PdfFile(Metadata(title="Bill", author="A", language="en", created=MOMENT))
    page, y = file.start_page(), 800.0
    for description, *amounts in rows(count, bill):
        lines = wrap(fonts.regular, description, SIZE, COLUMNS[0])
        if y + LEADING * len(lines) > 60 + LEADING * ROWS:
            page, y = file.start_page(), 60.0
            page.text(50, 40, "Description", fonts.bold, SIZE)
        for place, line in enumerate(lines):
            page.text(50, y + LEADING * place, line, fonts.regular, SIZE)
        right = 50.0 + COLUMNS[0]
        for amount, width in zip(amounts, COLUMNS[1:], strict=True):
            right += width
            page.text(right, y, amount, fonts.regular, SIZE, align="right")
        y += LEADING * len(lines)
        page.line(50, y - 9, 545, y - 9, colour=(200, 200, 200))
    for sheet in file.pages:
        foot = f"page {sheet.number} of {len(file.pages)}"
        sheet.text(500, 810, foot, fonts.regular, SIZE - 1)
    file.attach(Attachment(name="a.xml", data=b"<a/>", mime="text/xml", modified=MOMENT))
    return file.to_bytes()


def with_fpdf2_table(count: int, bill: int) -> bytes:
    from fpdf import FPDF

    pdf = FPDF(unit="pt")
    pdf.add_font("sans", "", str(bundled(bold=False)[0].path))
    pdf.add_font("sans", "B", str(bundled(bold=True)[0].path))
    pdf.add_page()
    pdf.set_font("sans", size=SIZE)
    with pdf.table(col_widths=COLUMNS, line_height=LEADING, text_align="LEFT") as table:
        for row in [("Description", "Hours", "Rate", "Amount"), *rows(count, bill)]:
            table.row(row)
    return bytes(pdf.output())


def with_reportlab(count: int, bill: int) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(TTFont("sans", str(bundled(bold=False)[0].path)))
    style = ParagraphStyle("text", fontName="sans", fontSize=SIZE, leading=LEADING)
    file = io.BytesIO()
    cells = [[Paragraph(text, style), *amounts] for text, *amounts in rows(count, bill)]
    table = Table(
        [["Description", "Hours", "Rate", "Amount"], *cells],
        colWidths=COLUMNS,
        repeatRows=1,
        style=[("FONT", (0, 0), (-1, -1), "sans", SIZE), ("ALIGN", (1, 0), (-1, -1), "RIGHT")],
    )
    SimpleDocTemplate(file, pagesize=A4).build([table])
    return file.getvalue()


def milliseconds(make: Callable[[int, int], bytes], count: int, times: int) -> float:
    make(count, 0)
    found = []
    for bill in range(1, times + 1):
        start = time.process_time()
        make(count, bill)
        found.append((time.process_time() - start) * 1000)
    return statistics.median(found)


def makers() -> Iterator[tuple[str, Callable[[int, int], bytes]]]:
    yield "billhook.render.pdf", with_billhook
    yield "fpdf2 table()", with_fpdf2_table
    try:
        import reportlab  # noqa: F401 -- asked for its presence
    except ImportError:
        print("reportlab is not installed and left out")
    else:
        yield "reportlab platypus", with_reportlab


def main() -> None:
    """Print the table."""
    for count, times in ((12, 21), (1500, 3)):
        own = 0.0
        print(f"{count} lines")
        for name, make in makers():
            found = milliseconds(make, count, times)
            own = own or found
            size = len(make(count, 0)) / 1000
            print(f"  {name:22}{found:10.1f} ms  x{found / own:<6.1f}{size:8.1f} kB")


if __name__ == "__main__":
    main()
