from __future__ import annotations

import copy
import gc
import pickle
from decimal import Decimal

import attrs
import pytest

from billhook_freight.rating.ratebook import Ratebook
from billhook_freight.rating.tariff import ClassRate
from freight.samples import plain

BASES = 500


def wide():
    """A tariff of many rate bases, the rate of each being its number."""
    rates = tuple(
        ClassRate(rate_base=f"Z{n}", freight_class="70", break_from=Decimal(0), rate=Decimal(n + 1))
        for n in range(BASES)
    )
    return plain(rates=rates)


def wrong(book):
    rows = [book.breaks(f"Z{n}", "70")[0].row for n in range(BASES)]
    return sum(book.price(row).value * 100 != row.rate for row in rows)


def by_pickle(book):
    return pickle.loads(pickle.dumps(book))  # noqa: S301 - made one line above


@pytest.mark.parametrize("way", [by_pickle, copy.deepcopy])
def test_a_rate_book_that_travelled_gives_each_row_its_own_price(way):
    book = Ratebook(wide())
    assert wrong(book) == 0
    travelled = way(book)
    del book
    gc.collect()

    assert wrong(travelled) == 0


def test_rows_of_no_tariff_do_not_get_the_price_of_a_row_that_is_gone():
    book = Ratebook(wide())
    row = book.breaks("Z0", "70")[0].row
    for rate in range(1, 300):
        made = attrs.evolve(row, rate=Decimal(rate))
        assert book.price(made).value * 100 == rate
        del made


def test_a_rate_book_forgets_figures_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr("billhook_freight.rating.ratebook.MOST_CITED", 20)
    book = Ratebook(wide())

    assert wrong(book) == 0
    assert max(len(book._cited), len(book._prices_per_unit)) <= 20
