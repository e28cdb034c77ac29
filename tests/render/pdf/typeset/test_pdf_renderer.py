"""The PDF: what is extracted from it, what it says of itself, and its bytes."""

from __future__ import annotations

import datetime as dt
import decimal
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from pypdf import PdfReader

from billhook import RefusedError
from billhook.blocks import Section, Slot
from billhook.explain.tree import figures_by_name
from billhook.i18n import captions
from billhook.i18n.addresses import address_lines
from billhook.model.section import Drawn
from billhook.project.print_settings import PrintSettings
from billhook.render import RENDERERS, render
from render import samples
from render.html.test_html_page import PIXEL
from render.setting import set_in_type, words_in

TESTS = Path(__file__).parents[3]


def read(document, sections=(), settings=None, **choices):
    return PdfReader(io.BytesIO(render(document, sections, "pdf", settings, **choices)))


def text_of(reader):
    return "\n".join(page.extract_text() for page in reader.pages).replace("\u00a0", " ")


@pytest.mark.parametrize("bill", [samples.small, samples.rich, samples.instalments])
def test_every_amount_of_the_bill_can_be_read_out(bill):
    document = bill()
    text = text_of(read(document, samples.sections()))

    for name, figure in samples.printed(figures_by_name(document.invoice)):
        shown = samples.shown(figure, document.invoice.locale).replace("\u00a0", " ")
        assert shown in text, name


def test_file_says_what_it_is():
    issued = dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC)
    reader = read(attrs.evolve(samples.small(), issued_at=issued))

    assert reader.xmp_metadata.dc_title["x-default"] == "Invoice 2026-031 · Hale & Whitcombe LLP"
    assert reader.xmp_metadata.dc_creator == ["Hale & Whitcombe LLP"]
    assert reader.xmp_metadata.xmp_create_date.replace(tzinfo=dt.UTC) == issued
    assert reader.trailer["/Root"]["/Lang"] == "en-US"


@pytest.mark.parametrize(
    ("seller", "paper", "size"),
    [
        ("en_US", "auto", (612, 792)),
        ("de_DE", "auto", (595, 841)),
        ("de_DE", "letter", (612, 792)),
        ("en_US", "A4", (595, 841)),
    ],
)
def test_paper_is_that_of_the_sellers_country(seller, paper, size):
    box = read(samples.small(seller), (), PrintSettings(paper=paper)).pages[0].mediabox

    assert (int(box.width), int(box.height)) == size  # 297 mm are 841.9 points


def test_sheet_is_turned_and_follows_the_bill():
    reader = read(samples.small(), (samples.landscape(60),))
    widths = [int(page.mediabox.width) for page in reader.pages]

    assert widths[0] == 612
    assert set(widths[1:]) == {792}
    assert len(widths) > 2


def test_carried_sums_of_a_sheet_add_up_on_every_column():
    # 12,500.00, 1,250.50 and 3,750.50 a row; the rows of the first sheet stand before the sum.
    reader = read(samples.small(), (samples.landscape(60),))
    page = reader.pages[1].extract_text()
    rows = page.count("concrete")

    for each in (1_250_000, 125_050, 375_050):
        whole, cents = divmod(each * rows, 100)
        assert f"{whole:,}.{cents:02}" in page


def test_pages_are_numbered_of_how_many():
    reader = read(samples.document(samples.works(60)))

    for number, page in enumerate(reader.pages, 1):
        assert f"Page {number} of {len(reader.pages)}" in page.extract_text()


def test_later_pages_bear_seller_and_number():
    page = read(samples.document(samples.works(60))).pages[1].extract_text()

    assert "Hale & Whitcombe LLP Invoice 2026-031" in page


def test_long_bill_has_an_outline():
    reader = read(samples.document(samples.works(120, groups=4)))
    titles = [str(each.title) for each in reader.outline]

    assert titles[:4] == ["Phase 1", "Phase 2", "Phase 3", "Phase 4"]
    assert read(samples.small()).outline == []


def test_digest_stands_at_the_foot_of_every_page():
    reader = read(samples.rich(), samples.sections())

    assert all("Siegel 3f2a9c41d0b7…" in page.extract_text() for page in reader.pages)
    assert "seal" not in text_of(read(samples.small()))


def test_copy_and_draft_are_stamped_and_the_original_is_not():
    assert "Copy" in text_of(read(samples.small(), mark=captions.COPY))
    assert "Copy" not in text_of(read(samples.small()))
    draft = attrs.evolve(samples.small(), number=None)
    plain = text_of(read(draft, (), PrintSettings(draft_mark=False)))
    assert text_of(read(draft)).count("Draft") == plain.count("Draft") + 1


# ── from right to left ───────────────────────────────────────────────────────


def columns(reader, wanted):
    """Return where texts stand in the first line of the first page that has them all."""
    lines = reader.pages[0].extract_text(extraction_mode="layout").splitlines()
    line = next(line for line in lines if all(each in line for each in wanted))
    return [line.index(each) for each in wanted]


def test_page_from_right_to_left_is_mirrored():
    ltr, rtl = samples.small(), samples.small("ar")
    for document, date, early in ((ltr, "Jun 1, 2026", True), (rtl, "2026", False)):
        begin, amount = columns(read(document), (date, "250.00"))

        assert (begin < amount) is early


def test_amounts_stay_from_left_to_right_in_arabic():
    text = text_of(read(samples.small("ar")))

    assert "112.50" in text
    assert "2026-031" in text


# ── what cannot be printed ───────────────────────────────────────────────────


def test_character_that_no_font_has_is_a_finding_with_its_field():
    document = samples.small()
    buyer = attrs.evolve(document.invoice.buyer, name="会社 Acme")
    invoice = attrs.evolve(document.invoice, buyer=buyer, notes=("Danke ☃",))
    with pytest.raises(RefusedError) as caught:
        render(attrs.evolve(document, invoice=invoice), (), "pdf")
    found = {(each.code, each.path) for each in caught.value.findings}

    assert found == {("BH601", "buyer.name"), ("BH601", "Notes")}
    assert "no font has '会社' (U+4F1A, U+793E) of '会社 Acme'" in str(caught.value)


def test_many_texts_that_want_the_same_fonts_are_one_finding():
    document = samples.small()
    invoice = attrs.evolve(document.invoice, locale="ja_JP")
    document = attrs.evolve(document, invoice=invoice)
    with pytest.raises(RefusedError) as caught:
        render(document, (), "pdf")
    [found] = caught.value.findings

    assert "characters of" in found.message
    assert "in title, " in found.message
    assert "Figure(" not in found.message
    assert "fonts-noto-cjk" in found.hint


def test_logo_is_drawn(tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    page = read(samples.small(), (), PrintSettings(logo=logo)).pages[0]

    assert len(page.images) == 1


@pytest.mark.parametrize(("content", "message"), [(b"no picture", "neither PNG"), (None, "read")])
def test_logo_that_is_no_picture_is_a_finding(tmp_path, content, message):
    logo = tmp_path / "logo.png"
    if content is not None:
        logo.write_bytes(content)
    with pytest.raises(RefusedError, match=f"BH602.*{message}"):
        render(samples.small(), (), "pdf", PrintSettings(logo=logo))


def test_unknown_format_is_a_key_error():
    with pytest.raises(KeyError, match="docx"):
        render(samples.small(), (), "docx")


# ── places ───────────────────────────────────────────────────────────────────

MM = 72 / 25.4
WINDOWS = {
    # left, top, right, bottom in points: DIN 5008 form B, the window of 45 x 90 mm
    "din5008": (20 * MM, 45 * MM, 110 * MM, 90 * MM),
    # 7/8 inch from the left, 4 1/2 wide; the sheet slides between 2.04 and 3.625 inches
    "us10": (0.875 * 72, 2.04 * 72, 5.375 * 72, 3.625 * 72),
}


@pytest.mark.parametrize("window", WINDOWS)
def test_address_stands_in_the_window_of_the_envelope(window):
    left, top, right, bottom = WINDOWS[window]
    pages = set_in_type(samples.small(), (), PrintSettings(window=window))
    address = ("Acme Manufacturing Corporation", "Attn: General Counsel", "Worcester, MA 01608")
    marks = words_in(pages.opening.marks)
    found = [mark for mark in marks if mark.line.text in address]

    assert len(found) == 3
    for mark in found:
        x = pages.page.left + mark.x
        assert left < x
        assert x + mark.line.width < right
        assert top < mark.y < bottom


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ar"])
def test_nothing_of_a_long_sender_is_lost_over_the_window(locale):
    document = samples.small(locale)
    name = "Gesellschaft für umfangreiche Ingenieurdienstleistungen und Bauüberwachung mbH & Co. KG"
    seller = attrs.evolve(document.invoice.seller, name=name)
    invoice = attrs.evolve(document.invoice, seller=seller)
    settings = PrintSettings(window="din5008")

    pages = set_in_type(attrs.evolve(document, invoice=invoice), (), settings)

    small = [m for m in words_in(pages.opening.marks) if m.style.size < 7]
    said = "".join(mark.line.text for mark in sorted(small, key=lambda mark: mark.y))
    letters = [sign for sign in said if sign.isprintable() and sign != " "]
    address = address_lines(seller.address, locale, seller.address.country)
    wanted = [sign for sign in "·".join([name, *address]) if sign != " "]
    assert letters == wanted
    assert min(mark.y for mark in small) > 45 * MM


def test_plugin_may_draw_by_itself():
    drawn = []
    block = Drawn(lambda canvas, box: drawn.append((canvas, box)), 40, "a stamp")
    section = Section(slot=Slot.AFTER_TOTALS, blocks=(block,))
    render(samples.small(), (section,), "pdf")
    (_, (x, _y, width, height)) = drawn[0]

    assert (x, width, height) == (62, 612 - 62 - 56, 40)
    assert "a stamp" in render(samples.small(), (section,), "text").decode()


# ── bytes ────────────────────────────────────────────────────────────────────

PRINT = """
import hashlib
from render import samples
from billhook.render import RENDERERS, render
from billhook.project.print_settings import PrintSettings
for bill in (samples.rich, lambda: samples.small("ar")):
    for key in RENDERERS:
        data = render(bill(), samples.sections(), key, PrintSettings(explain=True))
        print(hashlib.sha256(data).hexdigest())
"""


def digests():
    return [
        hashlib.sha256(
            render(bill, samples.sections(), key, PrintSettings(explain=True))
        ).hexdigest()
        for bill in (samples.rich(), samples.small("ar"))
        for key in RENDERERS
    ]


@pytest.mark.parametrize(("seed", "zone"), [("1", "Asia/Tokyo"), ("77", "America/St_Johns")])
def test_same_document_gives_the_same_bytes_in_every_process(seed, zone):
    paths = os.pathsep.join(path for path in [str(TESTS), *sys.path] if path)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": paths}
    run = subprocess.run(
        [sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True
    )

    assert run.stdout.split() == digests()


def test_second_printing_gives_the_same_bytes():
    assert digests() == digests()


@pytest.mark.parametrize("key", sorted(RENDERERS))
def test_the_callers_decimal_context_changes_no_byte(key):
    document, sections = samples.rich(), samples.sections()
    expected = render(document, sections, key)

    with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_UP)):
        assert render(document, sections, key) == expected
