"""Blocks in characters."""

from __future__ import annotations

from collections.abc import Iterator

from billhook.kernel.text import Text
from billhook.model.section import (
    Block,
    Break,
    Chart,
    Drawn,
    Note,
    Pairs,
    Signature,
    Table,
)
from billhook.render.blocks.chart_scene import chart_table
from billhook.render.blocks.formatted_table import format_pairs, format_table
from billhook.render.document.localized_text import Wording
from billhook.render.text.terminal import plain, width_of, wrap
from billhook.render.text.text_table import table_lines

WIDTH = 80

SIGNATURE = 36
"""Characters of the rule that a signature stands on."""


def block_lines(block: Block, words: Wording, currency: str, width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of a block; only tables are as wide as ``width``."""
    match block:
        case Table():
            yield from title_lines(block.title, words)
            yield from table_lines(format_table(block, words, currency), width)
        case Pairs():
            yield from title_lines(block.title, words)
            yield from pair_lines(block, words, currency)
        case Chart():
            yield from block_lines(chart_table(block), words, currency)
        case Note():
            yield from title_lines(block.title, words)
            yield from wrap(plain(words.text(block.text)), WIDTH)
        case Drawn():
            yield from wrap(plain(words.text(block.text)), WIDTH)
        case Signature():
            yield from _signatures(block, words)
        case Break():
            yield ""


def title_lines(title: Text, words: Wording) -> Iterator[str]:
    """Yield a title, if there is one."""
    text = plain(words.text(title))
    if text:
        yield from wrap(text, WIDTH)


def pair_lines(pairs: Pairs, words: Wording, currency: str) -> Iterator[str]:
    """Yield names with their values, aligned, no wider than they need to be."""
    grid = format_pairs(pairs, words, currency)
    labels = max((width_of(plain(row.cells[0].text)) for row in grid.rows), default=0)
    values = max((width_of(plain(row.cells[1].text)) for row in grid.rows), default=0)
    yield from table_lines(grid, min(WIDTH, labels + values + 2))


def total_lines(pairs: Pairs, words: Wording, currency: str) -> Iterator[str]:
    """Yield totals under the column of amounts."""
    yield from table_lines(format_pairs(pairs, words, currency, bare=True), WIDTH)


def _signatures(block: Signature, words: Wording) -> Iterator[str]:
    for place in block.places:
        yield ""
        yield ""
        yield "_" * SIGNATURE
        yield from wrap(plain(words.text(place)), WIDTH)
