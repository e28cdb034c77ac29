"""Blocks: how much of a use is billed at which price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs
from billhook import Figure, banded, given, least, less, ratio, rounded, times

from billhook_utility.account import day_count
from billhook_utility.tariffs import Block, Price, Tariff

BLOCK_END = "utility.block.end"
_REACHED = {False: "utility.price.reached", True: "utility.price.reached-last"}


@attrs.frozen(kw_only=True)
class Part:
    """A part of a use that has one price.

    Attributes:
        quantity: The part.
        price: Price of a unit.
        low: Where its block begins; ``None`` for the first.
        high: Where its block ends; ``None`` for the last.
    """

    quantity: Figure
    price: Figure
    low: Decimal | None = None
    high: Decimal | None = None


def parts(usage: Figure, price: Price, tariff: Tariff, days: int, currency: str) -> list[Part]:
    """Return a use by its prices: at least one part, and none that is nothing beside others.

    What an estimate was too high by is a negative use; it goes back at the first block's price.

    Args:
        usage: The use, of all registers of the time of use.
        price: Its price.
        tariff: The version of the tariff.
        days: Days on which the version is billed, which blocks grow with.
        currency: Currency of the prices.
    """
    ends = [_end(block, price, tariff, days) for block in price.steps]
    if price.tiering == "whole":
        return [_whole(usage, price, ends, f"{currency}/{tariff.unit}")]
    found = list(_graduated(usage, price, ends, f"{currency}/{tariff.unit}"))
    return [part for part in found if part.quantity.value] or found[:1]


def _end(block: Block, price: Price, tariff: Tariff, days: int) -> Figure | None:
    """Return where a block ends on a bill of so many days."""
    if block.up_to is None:
        return None
    rule = {0: "utility.block.end.bill", 1: "utility.block.end.day"}.get(price.days, BLOCK_END)
    end = given(block.up_to, tariff.unit, rule, block.origin, days=str(price.days))
    if not price.days:
        return end
    scaled = times(end, day_count(days, "utility.days"), "utility.block.days-times")
    if price.days > 1:
        meant = day_count(price.days, "utility.block.days")
        scaled = ratio(scaled, meant, "utility.block.scaled", tariff.unit)
    return rounded(scaled, tariff.step, "utility.block.rounded")


def _graduated(usage: Figure, price: Price, ends: list[Figure | None], unit: str) -> Iterator[Part]:
    below: Figure | None = None
    low: Figure | None = None
    for block, end in zip(price.steps, ends, strict=True):
        reached = usage if end is None else least((usage, end), "utility.block.reached")
        quantity = reached if below is None else less(reached, below, rule="utility.block.within")
        yield Part(
            quantity=quantity,
            price=given(block.per_unit, unit, "utility.price", block.origin),
            low=low.value if low else None,
            high=end.value if end else None,
        )
        below, low = reached, end


def _whole(usage: Figure, price: Price, ends: list[Figure | None], unit: str) -> Part:
    low = min(usage.value, Decimal(0))
    for block, end in zip(price.steps, ends, strict=True):
        if end is None or usage.value < end.value:
            row = given(block.per_unit, unit, "utility.price", block.origin)
            high = end.value if end else None
            return Part(quantity=usage, price=banded(usage, row, low, high, _REACHED[high is None]))
        low = end.value
    raise AssertionError("the last block is open")
