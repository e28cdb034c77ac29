"""Passages: lines composed once stand where lines written one by one stand."""

from __future__ import annotations

import pytest
from fpdf.actions import URIAction
from fpdf.annotations import AnnotationDict
from fpdf.output import OutputProducer
from hypothesis import given
from hypothesis import strategies as st

from billhook.render.pdf import fpdf_private
from billhook.render.pdf.document import PdfFile
from billhook.render.pdf.embedding import characters
from billhook.render.pdf.font import fonts_of
from billhook.render.pdf.geometry import A4, BLACK
from billhook.render.pdf.passage import hundredths, passage
from render.reading import metadata, words

TEXTS = {
    "en": ("June 3, 2026", "Review of the lease", "1.50 hr", "350.00", "and its annexes"),
    "ar": ("2026-06-03", "مراجعة العقد رقم 12", "1.50", "350.00", "والملاحق"),
    "hi": ("3 जून 2026", "अनुबंध 12/3 की समीक्षा", "1.50", "350.00", "और अनुलग्नक"),
}
PLACES = ((0, 9.37), (65.561, 9.37), (354.88, 9.37), (405.839, 9.37), (65.561, 21.61))


def drawn(language, *, composed):
    font = fonts_of(language).regular
    direction = "rtl" if language == "ar" else None
    lines = [font.line(text, 9, direction) for text in TEXTS[language]]
    file = PdfFile(metadata())
    page = file.start_page()
    if composed:
        pieces = [
            (hundredths(x), hundredths(y), line) for (x, y), line in zip(PLACES, lines, strict=True)
        ]
        page.passage(62, 100, passage(font, 9, pieces), BLACK)
    else:
        for (x, y), line in zip(PLACES, lines, strict=True):
            page.text(62 + x, 100 + y, line, font, 9)
    return file.to_bytes()


@pytest.mark.parametrize("language", TEXTS)
def test_a_passage_stands_where_its_lines_stand(language, tmp_path):
    alone = words(drawn(language, composed=False), tmp_path)
    together = words(drawn(language, composed=True), tmp_path)

    assert [each.text for each in together] == [each.text for each in alone]
    for mine, theirs in zip(together, alone, strict=True):
        assert mine.left == pytest.approx(theirs.left, abs=0.02)
        assert mine.bottom == pytest.approx(theirs.bottom, abs=0.02)


def test_a_passage_is_smaller_than_its_lines():
    assert len(drawn("en", composed=True)) < len(drawn("en", composed=False))


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(1, 80))
def test_the_characters_of_a_long_text_are_those_of_its_signs(text, times):
    assert characters(text * times) == set(text)


def test_objects_have_the_dictionaries_that_fpdf2_gives_them():
    pdf = fpdf_private.Pdf(compliance="PDF/A-3B")
    fpdf_private.add_page(pdf, A4)
    made = []

    class Both(fpdf_private.Producer):
        def _add_pdf_obj(self, pdf_obj, trace_label=None):
            made.append(pdf_obj)
            return OutputProducer._add_pdf_obj(self, pdf_obj, trace_label)

    pdf.output(output_producer_class=Both)
    own = [each for each in made if type(each).__module__.startswith("fpdf.")]

    assert len(own) > 3
    for each in own:
        assert fpdf_private._entries(each, None) == each._build_obj_dict(None)


def test_links_are_written_as_fpdf2_writes_them():
    url = "https://example.org/pay?id=42&for=(all)\\"
    theirs = AnnotationDict("Link", x=10, y=90, width=40.5, height=12, action=URIAction(url))
    mine = fpdf_private._Link((10, 90, 40.5, 12), url)

    assert mine.serialize() == theirs.serialize()
