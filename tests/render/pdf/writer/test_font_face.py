"""The bundled fonts and the hand-written reader and cutter of font files."""

# ruff: noqa: RUF001 -- letters of many scripts are what is tested

from __future__ import annotations

import hashlib
import io
import tomllib
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTCollection, TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.render.pdf.writer.font import fonts_of
from billhook.render.pdf.writer.font_face import Face, FontFile, bundled, load
from billhook.render.pdf.writer.pdf_file import PdfFile
from billhook.render.pdf.writer.sfnt import FontFileError, Sfnt
from render.reading import metadata, run, text

FOLDER = bundled(bold=False)[0].path.parent
PROVENANCE = tomllib.loads((FOLDER / "PROVENANCE.toml").read_text("utf-8"))
FILES = [file for bold in (False, True) for file in bundled(bold=bold)]
NAMES = [file.path.stem for file in FILES]


def test_every_bundled_file_is_the_one_whose_provenance_is_written_down():
    written = {entry["file"]: entry["sha256"] for entry in PROVENANCE["font"]}

    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.ttf")
    }

    assert found == written
    assert {file.path.name for file in FILES} == set(written)


def test_the_licence_of_the_fonts_comes_with_them():
    licence = (FOLDER / "OFL.txt").read_text("utf-8")

    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "DISCLAIMER" in licence


@pytest.mark.parametrize("bold", [False, True])
def test_digits_signs_and_blanks_of_numbers_have_one_width(bold):
    face = load(bundled(bold=bold)[0])

    widths = {face.advance(face.cmap[ord(sign)]) for sign in "0123456789+\N{MINUS SIGN}"}

    assert widths == {572}


@pytest.mark.parametrize("bold", [False, True])
def test_what_bills_of_europe_print_is_covered(bold):
    font = fonts_of("en").bold if bold else fonts_of("en").regular
    # U+20C0, the som, is younger than this Noto.
    currencies = "".join(map(chr, range(0x20A0, 0x20C0))) + "$£¥¤¢"
    letters = (
        "ěščřžýáíéúůňťďŁłŻżŹźĘęÄÖÜßŐőŰűȘșȚțĞğİıŞşĐđĐơưạảấầẩẫậẵặẹếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    )
    greek_and_cyrillic = "ΆΈΉΊΌΎΏΐΰαβγδεζηθικλμνξοπρστυφχψωςАБВГДЕЁЖЗИЙЪЫЬЭЮЯіїєґђћљњџѓќ"
    signs = "–—‘’“”„«»…•‰†‡№™®©°²³¹½¼¾⅓×÷±−≈≠≤≥→←✓☐☑■\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}‑"

    missing = font.missing(currencies + letters + greek_and_cyrillic + signs)

    assert missing == ""


@pytest.mark.parametrize(
    ("language", "sample"),
    [
        ("ar", "فاتورة ضريبية ٠١٢٣٤٥٦٧٨٩ ، ؛ ؟ ﷼"),
        ("he", "חשבונית מס ₪ שָׁלוֹם"),
        ("hi", "चालान क्षेत्र ₹ ०१२३४५६७८९ ।"),
        ("th", "ใบกำกับภาษี ๐๑๒๓๔๕๖๗๘๙ ฿"),
    ],
)
def test_the_other_bundled_scripts_are_covered_whatever_the_documents_language(language, sample):
    assert fonts_of(language).regular.missing(sample) == ""
    assert fonts_of("en").bold.missing(sample) == ""


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_font_is_read_as_fonttools_reads_it(file):
    expected = TTFont(file.path)
    order = expected.getGlyphOrder()

    font = Sfnt(file.path.read_bytes())

    assert {code: order[glyph] for code, glyph in font.cmap().items()} == expected.getBestCmap()
    assert [expected["hmtx"][name][0] for name in order] == list(font.advances)
    assert expected["hhea"].ascent == font.ascent
    assert expected["hhea"].descent == font.descent
    assert expected["name"].getDebugName(6) == font.postscript_name


@pytest.mark.parametrize("file", FILES, ids=NAMES)
@settings(max_examples=15)
@given(data=st.data())
def test_cut_glyphs_keep_number_outline_and_width(file, data):
    face = load(file)
    glyphs = data.draw(st.sets(st.integers(0, face.font.glyph_count - 1), min_size=1, max_size=30))
    whole = TTFont(file.path)

    part = TTFont(io.BytesIO(face.program(glyphs)))

    for glyph in glyphs:
        mine, theirs = part.getGlyphName(glyph), whole.getGlyphName(glyph)
        assert _outline(whole, theirs) == _outline(part, mine)
        assert whole["hmtx"][theirs] == part["hmtx"][mine]


def _outline(font, name):
    coordinates, ends, flags = font["glyf"][name].getCoordinates(font["glyf"])
    return list(coordinates), list(ends), list(flags)


def test_the_same_glyphs_give_the_same_program_whatever_was_cut_before():
    file = FILES[0]
    first, second = Face(file.path.read_bytes()), Face(file.path.read_bytes())
    first.program({5, 6, 7})

    assert first.program({40, 41}) == second.program([41, 40])


def test_a_font_of_a_collection_is_taken_by_its_number(tmp_path):
    collection = TTCollection()
    collection.fonts = [TTFont(FILES[0].path), TTFont(FILES[2].path)]
    path = tmp_path / "two.ttc"
    collection.save(path)

    face = load(FontFile(path, 1))

    assert face.name == "BillhookSansHebrew-Regular"
    with pytest.raises(FontFileError, match="has 2 fonts, number 2"):
        Sfnt(path.read_bytes(), 2)


@pytest.mark.parametrize("data", [b"", b"wOF2" + b"\0" * 60, b"\0\1\0\0\0\x20", b"ttcf\0\1\0\0"])
def test_a_file_that_is_no_font_is_refused(data):
    with pytest.raises(FontFileError):
        Sfnt(data)


def test_a_font_with_cff_outlines_is_embedded_and_read_back(tmp_path):
    path = tmp_path / "kai.otf"
    _cff_font(path)
    extra = (FontFile(path, languages=("zh",)),)
    font = fonts_of("zh", extra).regular
    file = PdfFile(metadata("zh"))

    file.start_page().text(50, 50, "A 会社 B", font, 12)
    data = file.to_bytes()

    assert font.width("会社", 10) == 20
    assert text(data, tmp_path).strip() == "A 会社 B"
    assert "CID Type 0C" in run("pdffonts", data=data, folder=tmp_path)


def _cff_font(path: Path) -> None:
    builder = FontBuilder(1000, isTTF=False)
    names = [".notdef", "one", "two"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord("会"): "one", ord("社"): "two"})
    pen = T2CharStringPen(1000, None)
    pen.moveTo((100, 0))
    pen.lineTo((900, 0))
    pen.lineTo((500, 800))
    pen.closePath()
    shape = pen.getCharString()
    builder.setupCFF("Kai", {}, dict.fromkeys(names, shape), {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Kai", "styleName": "Regular", "psName": "Kai"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_han_comes_from_the_face_of_the_documents_language(tmp_path):
    ja, zh = tmp_path / "ja.otf", tmp_path / "zh.otf"
    _cff_font(ja)
    _cff_font(zh)
    zh.write_bytes(zh.read_bytes() + b"\0")
    extra = (FontFile(zh, languages=("zh",)), FontFile(ja, languages=("ja",)))

    home = fonts_of("ja", extra).bold.home("会")

    assert home is load(extra[1])


def test_a_houses_own_face_goes_before_the_bundled_ones(tmp_path):
    own = FontFile(FILES[5].path, foremost=True)

    assert fonts_of("en", (own,)).regular.face is load(own)
    assert fonts_of("en").regular.face.name == "BillhookSans-Regular"
