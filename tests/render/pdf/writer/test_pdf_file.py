"""Whole files: the same bytes, and text that can be read back."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from fpdf import FPDF
from pypdf import PdfReader

from billhook.i18n.direction import IsolateKind, isolate
from billhook.i18n.paper import A4, LETTER
from billhook.render.pdf.writer.font import MissingGlyphError, fonts_of
from billhook.render.pdf.writer.pdf_file import Attachment, PdfFile
from billhook.render.pdf.writer.picture import picture
from billhook.render.pdf.writer.xmp import Metadata
from render.reading import MOMENT, metadata, text, words
from render.sample_file import FONTS, bill, reader

# The same bytes.


def test_the_same_calls_give_the_same_bytes():
    assert bill().to_bytes() == bill().to_bytes()


def test_a_file_asked_for_twice_gives_the_same_bytes_again():
    file = bill()

    assert file.to_bytes() == file.to_bytes()


def test_what_was_made_before_changes_no_byte():
    expected = bill().to_bytes()
    other = PdfFile(metadata("ar"))
    other.start_page().text(50, 50, "عقد 123 XYZ", fonts_of("ar").bold, 10)
    other.to_bytes()

    assert bill().to_bytes() == expected


@pytest.mark.parametrize(("seed", "zone"), [("1", "Asia/Tokyo"), ("77", "America/St_Johns")])
def test_another_process_hash_seed_and_time_zone_give_the_same_bytes(seed, zone):
    code = (
        "import sys; from render.sample_file import bill; "
        "sys.stdout.buffer.write(bill().to_bytes())"
    )
    root = Path(__file__).parents[4]
    path = os.pathsep.join([str(root / "core"), str(root / "tests")])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": path}

    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    )

    assert done.stdout == bill().to_bytes()


# What is read back.


def test_every_line_is_read_back_in_order(tmp_path):
    lines = [" ".join(line.split()) for line in text(bill(3).to_bytes(), tmp_path).splitlines()]

    assert [line for line in lines if line] == [
        "Invoice 2026-042 – Müller & Söhne",
        "Review of the contract documents and correspondence,",
        "telephone conference, item 0 3125.50",
        "Review of the contract documents and correspondence,",
        "telephone conference, item 1 3126.50",
        "Review of the contract documents and correspondence,",
        "telephone conference, item 2 3127.50",
        "page 1 of 1",
    ]


def test_page_feet_know_the_number_of_pages(tmp_path):
    file = bill(80)

    data = file.to_bytes()

    assert len(file.pages) == 3
    found = re.findall(r"page \d of \d", text(data, tmp_path))
    assert found == ["page 1 of 3", "page 2 of 3", "page 3 of 3"]


@pytest.mark.parametrize(
    ("language", "sample"),
    [
        ("en", "Straße (x) \\ y €1,250.00 −5 ế Đorđević Ðe ž\N{NO-BREAK SPACE}Ω Ж µμ"),
        ("hi", "चालान संख्या क्षेत्र द्वितीय श्री ₹1,05,549.75"),
        ("th", "ใบแจ้งหนี้เลขที่ 42 ที่ผู้รับน้ำปั๊ม"),
        ("ar", "فاتورة ضريبية بتاريخ مارس"),
        ("ar", "خدمات القانونية لا إله لأن"),
        ("he", "חשבונית מס תל אביב"),
        ("el", "Τιμολόγιο προς Αθήνα"),
        ("uk", "Рахунок № 42 від 1 березня"),
    ],
)
def test_text_of_every_bundled_script_is_read_back_as_written(language, sample, tmp_path):
    file = PdfFile(metadata(language))
    font = fonts_of(language).regular

    file.start_page().text(300, 100, sample, font, 11, align="center")

    expected = sample.replace("\N{NO-BREAK SPACE}", " ")
    assert text(file.to_bytes(), tmp_path).strip().replace("\N{NO-BREAK SPACE}", " ") == expected


def test_an_amount_in_arabic_text_is_read_back_whole(tmp_path):
    file = PdfFile(metadata("ar"))
    amount = "-1,250.00 EUR"

    file.start_page().text(
        500,
        50,
        f"المبلغ {isolate(amount, IsolateKind.CODE)} مستحق",
        fonts_of("ar").regular,
        11,
        align="right",
    )

    assert amount in text(file.to_bytes(), tmp_path)


def test_text_stands_where_plain_fpdf2_puts_it(tmp_path):
    samples = ["Hello", "Straße", "1,250.00", "(x)\\"]
    plain = FPDF(unit="pt")
    plain.add_font("b", "", str(FONTS.regular.files[0].path))
    plain.add_page()
    plain.set_font("b", size=11)
    file = PdfFile(metadata())
    page = file.start_page()
    for place, sample in enumerate(samples):
        plain.text(60, 100 + 40 * place, sample)
        page.text(60, 100 + 40 * place, sample, FONTS.regular, 11)

    expected = words(bytes(plain.output()), tmp_path)
    found = words(file.to_bytes(), tmp_path)

    assert [word.text for word in found] == [word.text for word in expected] == samples
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.left == pytest.approx(theirs.left, abs=0.05)
        assert mine.right == pytest.approx(theirs.right, abs=0.05)
        assert mine.bottom == pytest.approx(theirs.bottom, abs=1)


def test_right_ends_and_decimal_points_stand_in_line(tmp_path):
    file = PdfFile(metadata())
    page = file.start_page()
    for place, amount in enumerate(["1,250.00", "7.50", "100.25"]):
        page.text(300, 100 + 20 * place, amount, FONTS.regular, 10, align="right")
    for place, amount in enumerate(["1.5", "(12.50)", "100.125", "42"]):
        page.text_at_point(400, 200 + 20 * place, amount, FONTS.regular, 10, point=".")

    found = words(file.to_bytes(), tmp_path)

    assert [word.right for word in found[:3]] == pytest.approx([300, 300, 300], abs=0.05)
    before = ["1", "(12", "100", "42"]
    starts = [400 - FONTS.regular.width(digits, 10) for digits in before]
    assert [word.left for word in found[3:]] == pytest.approx(starts, abs=0.05)


def test_the_width_that_is_measured_is_the_width_that_is_seen(tmp_path):
    file = PdfFile(metadata())
    page = file.start_page()
    page.text(50, 100, "Wolkenkratzer", FONTS.bold, 20)

    (word,) = words(file.to_bytes(), tmp_path)

    assert word.right - word.left == pytest.approx(FONTS.bold.width("Wolkenkratzer", 20), abs=0.05)


def test_an_earlier_page_can_be_written_to_after_later_ones(tmp_path):
    file = PdfFile(metadata())
    first, second = file.start_page(), file.start_page(LETTER.landscape)
    second.text(50, 50, "second", FONTS.regular, 10)
    first.text(50, 50, "first", FONTS.regular, 10)

    data = file.to_bytes()

    assert text(data, tmp_path).split() == ["first", "second"]
    sizes = [tuple(map(float, page.mediabox[2:])) for page in reader(data).pages]
    assert sizes == [(595.28, 841.89), (792, 612)]


def test_what_lies_under_a_page_is_drawn_first():
    file = PdfFile(metadata())
    page = file.start_page()
    page.text(50, 50, "x", FONTS.regular, 10)
    page.under.text_turned(300, 400, "DRAFT", FONTS.bold, 90, 45, colour=(220, 220, 220))

    content = page.content()

    assert content.index(b"0.863 0.863 0.863 rg") < content.index(b"/F1 10 Tf")
    assert content.startswith(b"q\n")


def test_the_state_of_colour_and_font_is_not_trusted_across_a_clip():
    file = PdfFile(metadata())
    page = file.start_page()
    red = (255, 0, 0)
    page.text(50, 50, "a", FONTS.regular, 10, colour=red)
    with page.clipped(0, 0, 100, 100):
        page.text(50, 50, "b", FONTS.regular, 10, colour=red)
    page.text(50, 50, "c", FONTS.regular, 10, colour=red)

    assert page.content().count(b"1 0 0 rg") == 3
    assert page.content().count(b"/F1 10 Tf") == 3


def test_drawing_a_character_without_a_glyph_fails_aloud():
    page = PdfFile(metadata()).start_page()

    with pytest.raises(MissingGlyphError, match=r"no font has '会' \(U\+4F1A\) of 'A 会'"):
        page.text(50, 50, "A 会", FONTS.regular, 10)


# What may be in it.


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://x",
        "https://a b",
        "https://a\n",
        "",
        "#x",
    ],
)
def test_only_web_and_mail_addresses_are_links(url):
    page = PdfFile(metadata()).start_page()

    with pytest.raises(ValueError, match="expected an http, https or mailto address"):
        page.link(0, 0, 10, 10, url)


def test_links_bookmarks_and_attachments_are_in_the_file():
    found = reader(bill().to_bytes())

    (annotation,) = found.pages[0]["/Annots"]
    assert annotation.get_object()["/A"]["/URI"] == "https://example.org/pay?id=42"
    assert [int(edge) for edge in annotation.get_object()["/Rect"]] == [50, 777, 150, 791]
    assert [entry.title for entry in found.outline] == ["Invoice 2026-042"]
    assert found.attachments == {"bill.xml": [b"<invoice/>"]}


def test_a_name_is_attached_once_and_dates_have_zones():
    file = PdfFile(metadata())
    attachment = Attachment(name="a.csv", data=b"1", mime="text/csv", modified=MOMENT)
    file.attach(attachment)

    with pytest.raises(ValueError, match=r"named 'a\.csv' is attached already"):
        file.attach(attachment)
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 -- the fault in question
    with pytest.raises(ValueError, match="time zone"):
        PdfFile(Metadata(title="x", author="y", language="en", created=naive))


def test_a_file_without_pages_is_refused():
    with pytest.raises(ValueError, match="at least one page"):
        PdfFile(metadata()).to_bytes()


def test_a_picture_is_in_the_file_once():
    import PIL.Image

    stored = io.BytesIO()
    PIL.Image.new("RGBA", (64, 32), (255, 0, 0, 128)).save(stored, "PNG")
    file = PdfFile(metadata())
    for _ in range(3):
        file.start_page().picture(picture(stored.getvalue()), 50, 50, 64, 32)

    data = file.to_bytes()

    assert data.count(b"/Subtype /Image") == 2  # the picture and its transparency


def test_links_and_bookmarks_stand_on_upright_and_turned_pages_where_they_were_put():
    url = "https://example.org/pay?id=42&for=(all)"
    file = PdfFile(metadata(), A4)
    for paper in (A4, A4.landscape, A4):
        page = file.start_page(paper)
        page.link(10, 20, 40.5, 12, url)
        page.bookmark("Here", 100)
    reader = PdfReader(io.BytesIO(file.to_bytes()))

    found = [page["/Annots"][0].get_object() for page in reader.pages]
    assert [each["/A"]["/URI"] for each in found] == [url] * 3
    # From the foot of each page: 841.89 - 20 and 12 below that, of the turned one 595.28 - 20.
    heights = [841.89, 595.28, 841.89]
    assert [[float(n) for n in each["/Rect"]] for each in found] == [
        pytest.approx([10, height - 32, 50.5, height - 20], abs=0.01) for height in heights
    ]
    assert [float(entry.top) for entry in reader.outline] == pytest.approx(
        [height - 100 for height in heights], abs=0.01
    )
