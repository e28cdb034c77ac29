"""HTML: one well-formed file that machines can read aloud."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET

import attrs
import pytest

from billhook import Contact
from billhook.explain.tree import figures_by_name
from billhook.project.print_settings import PrintSettings
from billhook.render import render
from render import samples

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def tree(document, sections=(), settings=None):
    return ET.fromstring(render(document, sections, "html", settings))  # noqa: S314 -- our own


def read(element):
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("theme", ["classic", "modern", "compact"])
@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ar"])
def test_file_is_well_formed_in_every_theme_and_direction(theme, locale):
    html = tree(samples.small(locale), samples.sections(), PrintSettings(theme=theme))

    assert html.get("dir") == ("rtl" if locale == "ar" else "ltr")
    assert html.get("lang") == locale.replace("_", "-")


@pytest.mark.parametrize("bill", [samples.small, samples.rich, samples.instalments])
def test_every_amount_of_the_bill_stands_in_the_file(bill):
    document = bill()
    text = "".join(tree(document).itertext())

    for name, figure in samples.printed(figures_by_name(document.invoice)):
        assert samples.shown(figure, document.invoice.locale) in text, name


def test_what_users_write_is_never_markup():
    document = samples.small()
    nasty = '</td><script>alert(1)</script> & "quotes"'
    line = attrs.evolve(document.invoice.lines[0], description=nasty)
    buyer = attrs.evolve(document.invoice.buyer, name=nasty)
    invoice = attrs.evolve(document.invoice, lines=(line,), buyer=buyer, notes=(nasty,))
    html = tree(attrs.evolve(document, invoice=invoice, number=nasty))

    assert not html.findall(".//script")
    assert " ".join(nasty.split()) in read(html)


def test_column_heads_and_row_heads_have_a_scope():
    html = tree(samples.rich(), samples.sections())
    heads = html.findall(".//thead//th") + html.findall(".//tr[@class='group']/th")

    assert heads
    assert {head.get("scope") for head in html.findall(".//thead//th")} == {"col"}
    assert {head.get("scope") for head in html.findall(".//tr[@class='group']/th")} == {"row"}


def test_cells_and_spans_fill_every_row():
    html = tree(samples.rich(), samples.sections())
    for table in html.findall(".//table"):
        rows = [
            sum(int(cell.get("colspan", "1")) for cell in row) for row in table.findall(".//tr")
        ]

        assert len(set(rows)) == 1


def test_charts_have_a_name_and_a_table_of_their_figures():
    html = tree(samples.rich(), samples.sections())
    figures = html.findall(".//figure")

    assert len(figures) == 2
    for figure in figures:
        assert figure.find("{http://www.w3.org/2000/svg}svg").get("aria-label") == "By phase"
        assert "12.500,00" in read(figure.find(".//table"))


def test_charts_can_be_left_out():
    html = tree(samples.rich(), samples.sections(), PrintSettings(charts=False))

    assert not html.findall(".//figure")


def test_logo_is_inside_the_file(tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    html = tree(samples.small(), (), PrintSettings(logo=logo))
    source = html.find(".//img").get("src")

    assert base64.b64decode(source.removeprefix("data:image/png;base64,")) == PIXEL


def test_nothing_is_loaded_from_elsewhere():
    html = tree(samples.rich(), samples.sections())
    outside = [each for each in html.iter() if each.get("href") or each.get("src")]

    assert outside == []
    assert not html.findall(".//link")
    assert "url(" not in html.find(".//style").text


def test_a_turned_sheet_is_printed_on_a_turned_page():
    html = tree(samples.small(), (samples.landscape(3),))

    assert html.findall(".//section[@class='sheet wide']")
    assert "size: Letter landscape" in html.find(".//style").text


def test_draft_is_marked_unless_the_house_wants_no_mark():
    document = samples.document(samples.works(1), number=None)

    assert read(tree(document).find(".//p[@class='mark']")) == "Draft"
    assert tree(document, (), PrintSettings(draft_mark=False)).find(".//p[@class='mark']") is None
    assert read(tree(document).find(".//h1")) == "Draft invoice"


def test_an_address_of_mail_is_not_broken_at_its_hyphens():
    document = samples.small()
    contact = Contact(phone="+1 617 555-0142", email="accounts@hale-whitcombe.example")
    seller = attrs.evolve(document.invoice.seller, contact=contact)
    invoice = attrs.evolve(document.invoice, seller=seller)
    page = render(attrs.evolve(document, invoice=invoice), (), "html").decode()

    assert '<dd class="whole">accounts@hale-whitcombe.example</dd>' in page
    assert "<dd>+1 617 555-0142</dd>" in page
    assert ".whole { white-space: nowrap; }" in page
