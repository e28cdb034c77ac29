"""The bills of a folder by reportlab platypus alone, in a process of its own, for ``startup.py``.

python benchmarks/platypus_bill.py FOLDER OUT

Each file ``records/*.csv`` becomes a bill: its hours at one rate, in a table whose descriptions are
wrapped and whose head is repeated, with a total and a page number.  There is no letterhead, no
check of the input, no tax and no trace: it is the least that a script of one's own does.
"""

from __future__ import annotations

import csv
import sys
from decimal import Decimal
from pathlib import Path

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

FONTS = Path(__file__).resolve().parents[1] / "core" / "billhook" / "render" / "fonts"
RATE = Decimal(120)
HEAD = ("Date", "Description", "Quantity", "Unit price", "Amount")
STYLE = ParagraphStyle("cell", fontName="Sans", fontSize=9)


def main() -> None:
    """Make a PDF of each file of records."""
    pdfmetrics.registerFont(TTFont("Sans", str(FONTS / "BillhookSans-Regular.ttf")))
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    for path in sorted((folder / "records").glob("*.csv")):
        bill(path, out / f"{path.stem}.pdf")


def bill(records: Path, target: Path) -> None:
    """Make the PDF of one file of records."""
    rows: list[tuple[object, ...]] = [HEAD]
    due = Decimal(0)
    with records.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            amount = (Decimal(row["hours"]) * RATE).quantize(Decimal("0.01"))
            due += amount
            words = Paragraph(row["text"], STYLE)
            rows.append((row["date"], words, row["hours"], f"{RATE:.2f}", f"{amount:,.2f}"))
    rows.append(("", "Amount due", "", "", f"{due:,.2f}"))
    table = Table(rows, colWidths=(62, 210, 62, 70, 70), repeatRows=1)
    table.setStyle([("FONT", (0, 0), (-1, -1), "Sans", 9)])
    SimpleDocTemplate(str(target), pagesize=LETTER).build([table], onLaterPages=number)


def number(canvas: object, template: object) -> None:
    """Print the page's number."""
    canvas.drawRightString(540, 30, str(template.page))  # type: ignore[attr-defined]  # reportlab has no types


if __name__ == "__main__":
    main()
