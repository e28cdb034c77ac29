"""Passages: lines composed once stand where lines written one by one stand."""

from __future__ import annotations

import pytest

from billhook.render.pdf.writer.font import fonts_of
from billhook.render.pdf.writer.geometry import BLACK
from billhook.render.pdf.writer.pdf_file import PdfFile
from billhook.render.pdf.writer.text_block import compose_text_block, hundredths
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
        page.passage(62, 100, compose_text_block(font, 9, pieces), BLACK)
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
