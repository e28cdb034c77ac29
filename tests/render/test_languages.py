"""Two languages on one bill, and pages from right to left."""

from __future__ import annotations

import attrs
import pytest

from billhook.blocks import Note, Pairs, Section, Slot
from billhook.i18n import captions
from billhook.i18n.direction import without_marks
from billhook.kernel.text import labels
from billhook.project.print_settings import PrintSettings
from billhook.render import render
from billhook.render.document.compose import compose
from billhook.render.document.localized_text import wording
from billhook.render.pdf.typeset.body_layout import lay_out_body
from billhook.render.pdf.typeset.drawing import DrawnRule
from billhook.render.pdf.writer import bidi
from render import samples
from render.setting import set_in_type, words_in

PAIRS = [("de_DE", "en"), ("fr_FR", "nl"), ("ar", "en")]

unknown = labels("sample")


def in_locale(document, locale):
    return attrs.evolve(document, invoice=attrs.evolve(document.invoice, locale=locale))


def words_of(boxes):
    return [mark for box in boxes for mark in words_in(box.marks)]


def all_words(pages):
    return [
        *(mark for mark in words_in(pages.opening.marks)),
        *words_of(placed.box for sheet in pages.sheets for placed in sheet),
    ]


def seen(text, direction="rtl"):
    """Return a text as it is seen from left to right."""
    stretches = bidi.stretches(text, bidi.levels(text, direction), direction)
    return without_marks("".join(t[::-1] if back else t for t, back in stretches))


@pytest.mark.parametrize(("locale", "other"), PAIRS)
def test_labels_stand_in_both_languages_in_every_format(locale, other):
    document = in_locale(samples.small(), locale)
    look = PrintSettings(languages=(other,))
    page = without_marks(" ".join(mark.line.text for mark in all_words(_set(document, look))))
    text = render(document, (), "text", look).decode()
    html = render(document, (), "html", look).decode()

    for term in (captions.DESCRIPTION, captions.AMOUNT_DUE, captions.DUE_DATE, captions.SUBTOTAL):
        for language in (locale, other):
            label = wording(language).text(term)
            assert without_marks(label).casefold() in page.casefold()
            assert without_marks(label) in text
            assert without_marks(label) in without_marks(html)


def _set(document, look):
    return set_in_type(document, (), look)


@pytest.mark.parametrize("theme", ["classic", "modern", "compact"])
@pytest.mark.parametrize(("locale", "other"), PAIRS)
def test_a_label_without_room_breaks_between_its_languages(locale, other, theme):
    document = in_locale(samples.rich(), locale)
    pages = set_in_type(document, (), PrintSettings(languages=(other,), theme=theme))

    for mark in all_words(pages):
        words = without_marks(mark.line.text).replace("\u00a0", " ").strip()
        assert not words.startswith("/"), words
        assert not words.endswith("/"), words


def test_the_second_language_of_the_amount_due_is_quieter():
    document = in_locale(samples.small(), "de_DE")
    found = {mark.line.text: mark for mark in all_words(_set(document, _english()))}

    assert found["Zahlbetrag"].style.size > found["Amount due"].style.size
    assert found["Zahlbetrag"].y < found["Amount due"].y


def _english():
    return PrintSettings(languages=("en",))


# ── from right to left ───────────────────────────────────────────────────────


def test_a_label_that_is_not_translated_keeps_its_order_on_a_page_from_right_to_left():
    arabic = wording("ar")
    label = unknown("Total of {name}", name="Envelope")
    nested = unknown("{label}, {rate} %", label=label, rate="5")

    assert seen(arabic.text(label)) == "Total of Envelope"
    assert seen(arabic.text(nested)) == "Total of Envelope, 5 %"


@pytest.mark.parametrize("locale", ["ar", "he"])
def test_amounts_of_pairs_end_below_each_other_on_a_mirrored_page(locale):
    amounts = ("1267800.00", "-9150.00", "12.50")
    pairs = Pairs(tuple((f"Name {place}", samples.money(a)) for place, a in enumerate(amounts)))
    document = in_locale(samples.small(), locale)
    section = Section(slot=Slot.BEFORE_LINES, blocks=(pairs,))
    marks = [m for m in all_words(set_in_type(document, (section,))) if "$" in m.line.text]
    found = [m for m in marks if any(each[-5:] in m.line.text for each in amounts)][:3]

    assert len(found) == len(amounts)
    assert [mark.x for mark in found] == pytest.approx([found[0].x] * len(found))


def test_totals_stand_on_the_left_of_a_mirrored_page():
    # The frame is mirrored: a place far along in reading direction is on the left.
    document = samples.small("ar")
    pages = set_in_type(document)
    label = wording("ar").text(captions.AMOUNT_DUE)
    due = next(m for m in all_words(pages) if m.line.text == label)

    assert due.x > pages.page.width / 2


# ── heads keep rows, totals keep together ────────────────────────────────────


def test_a_note_below_a_groups_head_is_not_parted_from_the_first_row():
    from billhook.blocks import Column, RowStyle, Table, TableRow

    rows = tuple(
        row
        for place in range(60)
        for row in (
            TableRow((f"Group {place}",), RowStyle.GROUP),
            TableRow((f"Note {place}",), RowStyle.NOTE),
            TableRow((f"Row {place}", samples.money("1.00"))),
        )
    )
    table = Table((Column("Words", width=1), Column("Amount", carry=True)), rows)
    section = Section(slot=Slot.BEFORE_LINES, blocks=(table,))
    pages = set_in_type(samples.small(), (section,))

    for number in range(len(pages.sheets)):
        texts = [t for t in pages.texts(number) if t.startswith(("Group", "Note ", "Row "))]
        assert not texts or texts[-1].startswith("Row ")


def test_a_table_never_begins_with_a_single_row_at_the_foot_of_a_page():
    from billhook.blocks import Column, Table, TableRow

    parted = 0
    for before in range(30):
        note = Note("\n".join(f"line {place}" for place in range(before + 10)))
        rows = tuple(TableRow((f"Row {place}", samples.money("1.00"))) for place in range(40))
        table = Table((Column("Words", width=1), Column("Amount")), rows, "The table")
        section = Section(slot=Slot.BEFORE_LINES, blocks=(note, table))
        pages = set_in_type(samples.small(), (section,))
        counts = [
            sum(text.startswith("Row ") for text in pages.texts(number))
            for number in range(len(pages.sheets))
        ]
        parted += sum(map(bool, counts)) > 1

        assert 1 not in counts
    assert parted


def test_a_sign_behind_the_amount_due_hangs_over_the_edge():
    from billhook.render.pdf.typeset.block_layout import BlockLayout
    from billhook.render.pdf.typeset.table_layout import TableLayouts
    from billhook.render.pdf.typeset.typography import Typography
    from billhook.render.theme import theme_of

    document = samples.small("de_DE")
    bill = compose(document)
    type_ = Typography(theme_of("classic"), wording("de_DE"), PrintSettings())
    boxes = lay_out_body(bill, BlockLayout(type_, TableLayouts(type_.words, "EUR")), 470.0)
    due = next(m for m in words_of(boxes) if m.line.text == "208,25\u00a0€")
    tail = type_.due.width("\u00a0€")
    rule = next(m for s in boxes for m in s.marks if isinstance(m, DrawnRule) and m.width == 0.9)

    assert due.x + due.line.width == pytest.approx(470.0 + tail)
    assert rule.x + rule.length == pytest.approx(470.0)
