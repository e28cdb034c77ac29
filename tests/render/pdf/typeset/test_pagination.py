"""Pages: nothing lost, nothing torn apart, sums carried, whatever the length."""

from __future__ import annotations

import itertools
from decimal import Decimal as D

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.blocks import Break, Note, Section, Slot
from billhook.project.print_settings import PrintSettings
from billhook.render.pdf.typeset.box import Box, RunningTable, gap_box
from billhook.render.pdf.typeset.pagination import Paginator
from render import samples
from render.setting import set_in_type, words_of

LONG = " ".join(["Review and annotate the production of documents."] * 60)


def numbered(count, groups=0, long=()):
    """Return work whose texts begin with a number of their own."""
    return [
        attrs.evolve(work, text=f"#{place}# {LONG if place in long else work.text}")
        for place, work in enumerate(samples.works(count, groups=groups))
    ]


def numbers(pages):
    """Return the numbers of the lines in the order they are printed."""
    texts = (text for number in range(len(pages.sheets)) for text in pages.texts(number))
    return [int(text.split("#")[1]) for text in texts if text.startswith("#")]


def amount(text):
    return D(text.replace(",", ""))


SHAPES = st.tuples(
    st.integers(1, 300),
    st.integers(0, 12),
    st.sets(st.integers(0, 299), max_size=3),
    st.sampled_from(["classic", "modern", "compact"]),
)


@given(SHAPES)
@settings(max_examples=40, deadline=None)
def test_page_breaks_keep_every_rule(shape):
    count, groups, long, theme = shape
    document = samples.document(numbered(count, min(groups, count), long))
    pages = set_in_type(document, (), PrintSettings(theme=theme))

    assert numbers(pages) == list(range(count))
    check_no_overlap(pages)
    check_carried_sums(pages, document)
    check_totals_together(pages)
    check_group_heads(pages)


def check_no_overlap(pages):
    for sheet in pages.sheets:
        ends = [placed.top + placed.box.height for placed in sheet]
        tops = [placed.top for placed in sheet]

        assert all(end <= top + 0.01 for end, top in zip(ends, tops[1:], strict=False))
        assert max(ends) <= pages.page.bottom + 0.01


def check_carried_sums(pages, document):
    """Carried forward is the sum so far; what goes out at the foot comes in at the head."""
    table = [
        placed.box for sheet in pages.sheets for placed in sheet if placed.box.table is not None
    ]
    so_far, carried = D(0), None
    for box in table:
        so_far += sum((value for _, value in box.carries), D(0))
        texts = words_of(box)
        if texts and texts[0] == "Carried forward":
            carried = amount(texts[1])
            assert carried == so_far
        if texts and texts[0] == "Brought forward":
            assert amount(texts[1]) == carried
    assert so_far == document.invoice.totals.lines.value


def check_totals_together(pages):
    found = [
        number
        for number in range(len(pages.sheets))
        for text in pages.texts(number)
        if text in ("Subtotal", "Amount due")
    ]

    assert len(set(found)) == 1
    with_them = " ".join(pages.texts(found[0]))
    assert any(word in with_them for word in ("#", "Total for", "documents."))


def check_group_heads(pages):
    for number in range(len(pages.sheets)):
        texts = [text for text in pages.texts(number) if text != "Carried forward"]

        assert texts[-1] != "Continued"
        assert not any(
            text.startswith("Phase") and not following.startswith(("Jun", "#", "Continued"))
            for text, following in itertools.pairwise(texts)
        )
        assert not texts[-1].startswith("Phase")


@pytest.mark.parametrize("theme", ["classic", "modern", "compact"])
def test_a_page_that_begins_within_a_group_repeats_its_head(theme):
    document = samples.document(numbered(120, 7, {30}))
    pages = set_in_type(document, (), PrintSettings(theme=theme))
    group, repeated = "", 0

    for number in range(len(pages.sheets)):
        texts = pages.texts(number)
        for before, text in itertools.pairwise(texts):
            if text == "Continued":
                repeated += 1
                assert before == group
            if text.startswith(("Phase", "Total for")):
                group = text if text.startswith("Phase") else ""
            if text.startswith("#"):
                assert group in texts
    assert repeated >= 4


@pytest.mark.parametrize("count", [1, 17, 18, 19, 40])
def test_second_page_repeats_the_heads_of_the_columns(count):
    pages = set_in_type(samples.document(numbered(count)))

    for number, sheet in enumerate(pages.sheets):
        in_table = any(placed.box.carries for placed in sheet)

        assert ("AMOUNT USD" in pages.texts(number)) is in_table


def test_long_narrative_goes_on_on_the_next_page_and_loses_no_word():
    # just below the 10,000 characters that a text may have
    words = " ".join(f"word{place}" for place in range(1200))
    record = attrs.evolve(samples.works(1)[0], text=words)
    pages = set_in_type(samples.document([record]))
    printed = " ".join(text for n in range(len(pages.sheets)) for text in pages.texts(n))

    assert len(pages.sheets) > 1
    assert [word for word in printed.split() if word.startswith("word")] == words.split()


def test_no_page_ends_or_begins_with_a_single_line_of_a_narrative():
    words = " ".join(f"word{place}" for place in range(170))
    torn = 0
    for before in range(24):
        *first, last = samples.works(before + 1)
        pages = set_in_type(samples.document([*first, attrs.evolve(last, text=words)]))
        lines = [
            sum("word" in text for text in pages.texts(number))
            for number in range(len(pages.sheets))
        ]
        torn += sum(map(bool, lines)) > 1

        assert 1 not in lines
    assert torn


def test_a_break_begins_a_page():
    section = Section(slot=Slot.BEFORE_LINES, blocks=(Note("one"), Break(), Note("two")))
    pages = set_in_type(samples.small(), (section,))

    assert "one" in pages.texts(0)
    assert pages.texts(1)[0] == "two"


def test_bill_that_spills_over_is_set_a_little_tighter():
    from pypdf import PdfReader

    from billhook.render.document.compose import compose
    from billhook.render.pdf.typeset.pdf_renderer import to_pdf
    from billhook.render.theme import theme_of

    counts = {}
    for count in range(6, 14):
        document = samples.document(numbered(count))
        printed = to_pdf(compose(document), document, PrintSettings(), theme_of("classic"))
        counts[count] = (len(set_in_type(document).sheets), _count(PdfReader, printed))

    assert any(loose > tight for loose, tight in counts.values())
    assert all(loose >= tight for loose, tight in counts.values())


def _count(reader, data):
    import io

    return len(reader(io.BytesIO(data)).pages)


# ── the flow by itself ───────────────────────────────────────────────────────


@given(
    st.lists(st.tuples(st.integers(1, 60), st.booleans(), st.booleans()), min_size=1, max_size=60)
)
@settings(max_examples=150, deadline=None)
def test_flow_places_every_strip_once_and_in_order(shapes):
    table = RunningTable(head=Box(8))
    boxes = [
        Box(height, keep=keep, table=table if inside else None) for height, keep, inside in shapes
    ]
    sheets = Paginator(40, 10, 100).pages(boxes)
    placed = [each.box for sheet in sheets for each in sheet if each.box is not table.head]

    assert placed == boxes
    assert all(each.top + each.box.height <= 100 + 0.01 for sheet in sheets for each in sheet)


def test_strips_that_belong_together_are_not_parted():
    boxes = [Box(50), Box(10, keep=True), Box(10, keep=True), Box(30)]
    sheets = Paginator(10, 10, 100).pages(boxes)

    assert [[placed.box for placed in sheet] for sheet in sheets] == [
        boxes[:1],
        boxes[1:],
    ]


def test_empty_space_is_left_out_at_the_head_of_a_page():
    boxes = [Box(85), gap_box(10), Box(30)]
    sheets = Paginator(10, 10, 100).pages(boxes)

    assert [placed.top for placed in sheets[1]] == [10]
