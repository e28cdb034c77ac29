"""The same bill by other libraries, each as its documentation shows, with what makes it fast.

All print the logo, both parties, the facts, a table whose descriptions are wrapped and whose head
is repeated, the totals, how to pay, and "page x of y".  They are given finished strings.
"""

from __future__ import annotations

import functools
import html
import io
from typing import Any

from sheet import HEADS, Sheet, font_path, logo

WIDTHS = (62, 210, 62, 70, 70)
SIZE = 9
LEFT, RIGHT = 62, 536


# ── fpdf2 ────────────────────────────────────────────────────────────────────


def fpdf2_table(sheet: Sheet, *, core: bool = False) -> bytes:
    """fpdf2 with its own table()."""
    from fpdf import FPDF

    class Bill(FPDF):
        def footer(self) -> None:
            self.set_y(-40)
            self.cell(0, 12, f"Page {self.page_no()} of {{nb}}", align="R")

    pdf = Bill(unit="pt")
    pdf.set_margins(LEFT, 48, 59)
    _fpdf2_fonts(pdf, sheet, core=core)
    pdf.add_page()
    pdf.image(str(logo()), LEFT, 48, 120)
    pdf.set_y(90)
    for line in (*sheet.seller, "", *sheet.buyer, ""):
        pdf.cell(0, 12, line, new_x="LMARGIN", new_y="NEXT")
    for name, value in sheet.facts:
        pdf.cell(120, 12, name)
        pdf.cell(0, 12, value, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(style="B", size=19)
    pdf.cell(0, 40, sheet.title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(style="", size=SIZE)
    aligns = ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT")
    with pdf.table(col_widths=WIDTHS, line_height=12, text_align=aligns) as table:
        for row in (HEADS, *sheet.rows):
            table.row(row)
    for name, value in sheet.totals:
        pdf.cell(380, 14, name, align="R")
        pdf.cell(0, 14, value, align="R", new_x="LMARGIN", new_y="NEXT")
    for line in sheet.payment:
        pdf.cell(0, 12, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def _fpdf2_fonts(pdf: Any, sheet: Sheet, *, core: bool) -> None:
    if core:
        pdf.set_font("helvetica", size=SIZE)
        return
    pdf.add_font("sans", "", font_path("latin"))
    pdf.add_font("sans", "B", font_path("latin", bold=True))
    if sheet.script != "latin":
        pdf.add_font("other", "", font_path(sheet.script))
        pdf.add_font("other", "B", font_path(sheet.script, bold=True))
        pdf.set_fallback_fonts(["other"])
        pdf.set_text_shaping(True)
    pdf.set_font("sans", size=SIZE)


# ── reportlab ────────────────────────────────────────────────────────────────


@functools.cache
def _reportlab_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("sans", font_path("latin")))
    pdfmetrics.registerFont(TTFont("sansB", font_path("latin", bold=True)))


def platypus(sheet: Sheet, *, core: bool = False) -> bytes:
    """Reportlab's layout engine."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

    if not core:
        _reportlab_fonts()
    name, bold = ("Helvetica", "Helvetica-Bold") if core else ("sans", "sansB")
    style = ParagraphStyle("text", fontName=name, fontSize=SIZE, leading=12)
    title = ParagraphStyle("title", fontName=bold, fontSize=19, leading=24)

    class Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
        """A canvas that knows the number of pages, as reportlab's documentation has it."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._saved: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 -- reportlab's name
            self._saved.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for state in self._saved:
                self.__dict__.update(state)
                self.setFont(name, 8)
                self.drawRightString(RIGHT, 28, f"Page {self._pageNumber} of {len(self._saved)}")
                super().showPage()
            super().save()

    cells = [[date, Paragraph(html.escape(text), style), *rest] for date, text, *rest in sheet.rows]
    lines = [
        ("FONT", (0, 0), (-1, -1), name, SIZE),
        ("FONT", (0, 0), (-1, 0), bold, SIZE),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, "#cfd2d6"),
    ]
    totals = Table(sheet.totals, colWidths=(120, 100), hAlign="RIGHT")
    totals.setStyle([("FONT", (0, 0), (-1, -1), name, SIZE), ("ALIGN", (1, 0), (1, -1), "RIGHT")])
    facts = Table(sheet.facts, colWidths=(120, 120), hAlign="LEFT")
    facts.setStyle([("FONT", (0, 0), (-1, -1), name, SIZE)])
    story = [
        Image(str(logo()), 120, 32, hAlign="LEFT"),
        *(Paragraph(html.escape(line), style) for line in sheet.seller),
        Spacer(0, 24),
        *(Paragraph(html.escape(line), style) for line in sheet.buyer),
        facts,
        Paragraph(sheet.title, title),
        Table([HEADS, *cells], colWidths=WIDTHS, repeatRows=1, style=lines),
        totals,
        *(Paragraph(html.escape(line), style) for line in sheet.payment),
    ]
    file = io.BytesIO()
    template = SimpleDocTemplate(file, pagesize=A4, leftMargin=56, rightMargin=53)
    template.build(story, canvasmaker=Numbered)
    return file.getvalue()


def canvas(sheet: Sheet, *, core: bool = False) -> bytes:
    """Reportlab's canvas: every line is placed by hand, so nothing is laid out for us."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    if not core:
        _reportlab_fonts()
    name, bold = ("Helvetica", "Helvetica-Bold") if core else ("sans", "sansB")
    wrapped = [simpleSplit(row[1], name, SIZE, WIDTHS[1]) for row in sheet.rows]
    pages = _canvas_pages([len(lines) for lines in wrapped])
    file = io.BytesIO()
    page = Canvas(file, pagesize=A4)
    page.drawImage(str(logo()), LEFT, 760, 120, 32)
    y = _canvas_head(page, sheet, name, bold)
    for number, places in enumerate(pages, 1):
        page.setFont(name, SIZE)
        for place in places:
            y = _canvas_row(page, sheet.rows[place], wrapped[place], y)
        if number == len(pages):
            for label, value in sheet.totals:
                page.drawString(320, y, label)
                page.drawRightString(RIGHT, y, value)
                y -= 14
        page.drawRightString(RIGHT, 28, f"Page {number} of {len(pages)}")
        page.showPage()
        y = 790
    page.save()
    return file.getvalue()


def _canvas_pages(heights: list[int]) -> list[list[int]]:
    pages: list[list[int]] = [[]]
    room = 440.0
    for place, height in enumerate(heights):
        if room < height * 12 + 7:
            pages.append([])
            room = 700.0
        pages[-1].append(place)
        room -= height * 12 + 7
    return pages


def _canvas_head(page: Any, sheet: Sheet, name: str, bold: str) -> float:
    page.setFont(name, SIZE)
    y = 745
    for line in (*sheet.seller, "", *sheet.buyer, *(f"{n}  {v}" for n, v in sheet.facts)):
        page.drawString(LEFT, y, line)
        y -= 12
    page.setFont(bold, 19)
    page.drawString(LEFT, y - 20, sheet.title)
    return y - 50.0


def _canvas_row(page: Any, row: tuple[str, ...], lines: list[str], y: float) -> float:
    page.drawString(LEFT, y, row[0])
    right = float(LEFT + WIDTHS[0] + WIDTHS[1])
    for text, width in zip(row[2:], WIDTHS[2:], strict=True):
        right += width
        page.drawRightString(right, y, text)
    for line in lines:
        page.drawString(LEFT + WIDTHS[0], y, line)
        y -= 12
    page.line(LEFT, y + 5, RIGHT, y + 5)
    return y - 7


# ── weasyprint ───────────────────────────────────────────────────────────────


@functools.cache
def _weasyprint_fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


_STYLE = """
@font-face { font-family: sans1; src: url(file://%(latin)s) }
@font-face { font-family: sans1; font-weight: bold; src: url(file://%(bold)s) }
@font-face { font-family: other; src: url(file://%(other)s) }
@page { size: A4; margin: 48pt 59pt 60pt 62pt;
  @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
body { font: 9pt sans1, other; line-height: 12pt } img { width: 120pt } h1 { font-size: 19pt }
table { border-collapse: collapse; width: 100%% } td { padding: 3pt; vertical-align: top }
td:nth-child(n+3) { text-align: right; white-space: nowrap } tr { border-bottom: .3pt solid #ccc }
"""


def weasyprint(sheet: Sheet) -> bytes:
    """HTML and CSS, set by weasyprint."""
    from weasyprint import CSS, HTML

    paths = {
        "latin": font_path("latin"),
        "bold": font_path("latin", bold=True),
        "other": font_path(sheet.script),
    }
    fonts = _weasyprint_fonts()
    style = CSS(string=_STYLE % paths, font_config=fonts)
    return bytes(HTML(string=_page(sheet)).write_pdf(stylesheets=[style], font_config=fonts))


def _page(sheet: Sheet) -> str:
    def table(rows: Any, head: str = "") -> str:
        body = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
        )
        return f"<table>{head}<tbody>{body}</tbody></table>"

    head = f"<thead><tr>{''.join(f'<th>{name}</th>' for name in HEADS)}</tr></thead>"
    return (
        f"<html><body><img src='file://{logo()}'><p>{'<br>'.join(map(html.escape, sheet.seller))}"
        f"<p>{'<br>'.join(map(html.escape, sheet.buyer))}{table(sheet.facts)}"
        f"<h1>{sheet.title}</h1>{table(sheet.rows, head)}{table(sheet.totals)}"
        f"<p>{'<br>'.join(sheet.payment)}</body></html>"
    )


# ── typst ────────────────────────────────────────────────────────────────────

_TYPST = """
#set page(paper: "a4", margin: (left: 62pt, right: 59pt, top: 48pt, bottom: 60pt),
  footer: context align(right)[Page #counter(page).display() of #counter(page).final().first()])
#set text(font: ("Billhook Sans", "Billhook Sans Arabic", "Billhook Sans Devanagari"), size: 9pt%s)
#image("%s", width: 120pt)
%s

%s

#table(columns: 2, stroke: none, %s)
#text(size: 19pt, weight: "bold")[%s]
#table(columns: (62pt, 1fr, auto, auto, auto), stroke: none,
  align: (left, left, right, right, right), table.header(%s), %s)
#align(right, table(columns: 2, stroke: none, align: right, %s))
%s
"""


@functools.cache
def _typst_compiler() -> Any:
    import typst

    folder = font_path("latin").rpartition("/")[0]
    return typst.Compiler(font_paths=[folder], ignore_system_fonts=True, root="/")


def typst(sheet: Sheet) -> bytes:
    """Typst, compiled to native code; the compiler with its fonts is kept between bills."""
    source = _TYPST % (
        ', lang: "ar"' if sheet.script == "arabic" else "",
        logo(),
        _joined(sheet.seller),
        _joined(sheet.buyer),
        _cells(cell for pair in sheet.facts for cell in pair),
        _escaped(sheet.title),
        _cells(HEADS),
        _cells(cell for row in sheet.rows for cell in row),
        _cells(cell for pair in sheet.totals for cell in pair),
        _joined(sheet.payment),
    )
    made = _typst_compiler().compile(input=source.encode(), format="pdf", pdf_tags=True)
    return bytes(made)


def _joined(lines: Any) -> str:
    return " \\ ".join(map(_escaped, lines))


def _cells(cells: Any) -> str:
    return ", ".join(f"[{_escaped(cell)}]" for cell in cells)


def _escaped(text: str) -> str:
    return "".join("\\" + sign if sign in r"\#[]$*_`<>@=-+/~" else sign for sign in text)
