"""PDF/A-3B, as far as it can be checked without a validator."""

from __future__ import annotations

import io
import re

from fontTools.ttLib import TTFont

from billhook.i18n.paper import A4
from billhook.render.pdf.writer.pdf_file import PdfFile
from billhook.render.pdf.writer.xmp import Metadata, XmpProperty, XmpSchema
from render.reading import MOMENT, metadata, run
from render.sample_file import FONTS, bill, reader


def test_qpdf_finds_no_fault(tmp_path):
    run("qpdf", "--check", "--", data=bill(80).to_bytes(), folder=tmp_path)


def test_a_page_of_twelve_lines_is_below_30_kb():
    assert len(bill().to_bytes()) < 30_000


def test_the_catalog_says_pdf_a_3b():
    catalog = reader(bill().to_bytes()).trailer["/Root"]

    xmp = catalog["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert "<xmp:CreateDate>2026-03-01T12:00:00+00:00</xmp:CreateDate>" in xmp
    assert "Müller &amp; Söhne" in xmp
    assert "/Filter" not in catalog["/Metadata"]
    (intent,) = catalog["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_data()[36:40] == b"acsp"
    assert catalog["/Lang"] == "en"


def test_nothing_that_pdf_a_forbids_is_in_the_file():
    data = bill().to_bytes()
    found = reader(data)

    assert not found.is_encrypted
    assert "/Info" not in found.trailer
    assert "/ID" in found.trailer
    assert data.startswith(b"%PDF-1.7\n%")
    for name in (b"/JavaScript", b"/JS", b"/Launch", b"/AA", b"/XFA", b"/LZWDecode"):
        assert name not in data
    flags = found.pages[0]["/Annots"][0].get_object()["/F"]
    assert flags & 4  # printed
    assert not flags & 0b10_0011  # neither invisible, hidden nor not viewed


def test_an_attached_file_says_how_it_relates():
    catalog = reader(bill().to_bytes()).trailer["/Root"]

    (associated,) = catalog["/AF"]
    specification = associated.get_object()
    assert specification["/AFRelationship"] == "/Data"
    assert specification["/UF"] == specification["/F"] == "bill.xml"
    stream = specification["/EF"]["/F"]
    assert stream["/Subtype"] == "/text/xml"
    assert stream["/Params"]["/ModDate"] == "D:20260301120000Z"


def test_every_font_is_embedded_with_the_widths_of_its_program():
    file = bill()
    file.pages[0].text(50, 700, "عقد क्षेत्र ปั๊ม שלום x\u0301", FONTS.regular, 10)
    fonts = reader(file.to_bytes()).pages[0]["/Resources"]["/Font"]

    assert len(fonts) == 6
    for font in fonts.values():
        descendant = font["/DescendantFonts"][0]
        assert re.fullmatch(r"/[A-Z]{6}\+BillhookSans\w*-\w+", font["/BaseFont"])
        assert font["/Encoding"] == "/Identity-H"
        assert descendant["/CIDToGIDMap"] == "/Identity"
        program = TTFont(io.BytesIO(descendant["/FontDescriptor"]["/FontFile2"].get_data()))
        advances = [program["hmtx"][name][0] for name in program.getGlyphOrder()]
        for code, width in _widths(descendant["/W"]):
            assert advances[code] == width


def _widths(array):
    for first, group in zip(array[::2], array[1::2], strict=True):
        for place, width in enumerate(group):
            yield first + place, width


def test_each_file_has_its_own_subset():
    def glyphs(sample):
        file = PdfFile(metadata())
        file.start_page().text(50, 50, sample, FONTS.regular, 10)
        font = reader(file.to_bytes()).pages[0]["/Resources"]["/Font"]["/F1"]
        return font["/ToUnicode"].get_data().decode()

    glyphs("abcdef")

    assert re.findall(r"<\w{4}><(00\w\w)>", glyphs("ba")) == ["0061", "0062"]


def test_schemas_of_ones_own_are_declared_in_the_metadata():
    schema = XmpSchema(
        "An invoice",
        "urn:example:invoice#",
        "ex",
        (XmpProperty("Version", "1.0", "The version & so"),),
    )
    described = Metadata(title="x", author="y", language="en", created=MOMENT, schemas=(schema,))
    file = PdfFile(described)
    file.start_page()

    xmp = reader(file.to_bytes()).trailer["/Root"]["/Metadata"].get_data().decode()

    assert "<ex:Version>1.0</ex:Version>" in xmp
    assert "<pdfaSchema:namespaceURI>urn:example:invoice#</pdfaSchema:namespaceURI>" in xmp
    assert "<pdfaProperty:description>The version &amp; so</pdfaProperty:description>" in xmp


def test_a_throw_away_file_claims_no_standard():
    file = PdfFile(metadata(), A4, archival=False)
    file.start_page().text(50, 50, "x", FONTS.regular, 10)

    catalog = reader(file.to_bytes()).trailer["/Root"]

    assert "pdfaid:part" not in catalog["/Metadata"].get_data().decode()
    assert "/OutputIntents" not in catalog
