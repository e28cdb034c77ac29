"""Tariffs: prices by time of use and by block, standing charge, minimum charge and levies."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Annotated, Literal

import attrs
from billhook import Dated, Origin, above, at_least

Direction = Literal["import", "export"]
Per = Literal["day", "month", "year", "bill"]
Tiering = Literal["graduated", "whole"]


@attrs.frozen(kw_only=True)
class Block:
    """A block of use with its price.

    Attributes:
        per_unit: Price of a unit.
        up_to: Where the block ends; the last one is open.
        origin: Where it is set.
    """

    per_unit: Annotated[Decimal, at_least(0)]
    up_to: Annotated[Decimal, above(0)] | None = None
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Price:
    """What a unit costs, or earns, in one time of use.

    Attributes:
        per_unit: One price for all of it.
        blocks: Or a price for each block.
        days: How many days ``up_to`` is meant for: the blocks of a bill are as many times as
            large as the bill has such spans of days.  0: the blocks are those of a bill, however
            long it is.
        tiering: ``graduated`` bills the use in each block at the block's price; ``whole`` bills
            all of it at the price of the block that it reaches.
        band: The time of use, as registers name it.
        direction: ``export`` is paid to the customer.
        origin: Where it is set.

    Raises:
        ValueError: There is neither or both of ``per_unit`` and ``blocks``, or the blocks do not
            grow up to an open one.
    """

    per_unit: Annotated[Decimal, at_least(0)] | None = None
    blocks: tuple[Block, ...] = ()
    days: Annotated[int, at_least(0)] = 1
    tiering: Tiering = "graduated"
    band: str = ""
    direction: Direction = "import"
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        if (self.per_unit is None) == (not self.blocks):
            raise ValueError("a price has per_unit or blocks, one of them")
        if not self.blocks:
            return
        *closed, last = [block.up_to for block in self.blocks]
        ends = [end for end in closed if end is not None]
        if last is not None or len(ends) < len(closed):
            raise ValueError("each block but the last has up_to, and the last has none")
        if any(low >= high for low, high in itertools.pairwise(ends)):
            raise ValueError("each block ends above the one before")

    @property
    def steps(self) -> tuple[Block, ...]:
        """The blocks; a single price is one open block."""
        if self.per_unit is None:
            return self.blocks
        return (Block(per_unit=self.per_unit, origin=self.origin),)


@attrs.frozen(kw_only=True)
class Fixed:
    """An amount for a time.

    Attributes:
        amount: The amount.
        per: For each day, month or year, or for each bill.
        origin: Where it is set.
    """

    amount: Annotated[Decimal, at_least(0)]
    per: Per
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Levy:
    """A tax or levy on each unit used; not one in percent, which is a tax of the whole bill.

    Attributes:
        name: As printed.
        per_unit: For each unit.
        origin: Where it is set.
    """

    name: str
    per_unit: Annotated[Decimal, at_least(0)]
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Tariff:
    """One version of a tariff, from one day to another.

    Attributes:
        name: The name that points use; versions share it.
        unit: What the prices are for: ``m3``, ``kWh``.
        prices: The prices, one for each time of use and direction.
        since: First day in force; left out: always before.
        until: First day no longer in force; left out: open.
        standing: Standing charge.
        minimum: The least that use and standing charge come to.
        levies: Taxes and levies on each unit used.
        step: Grid of the units that a change of tariff divides, and of the ends of blocks.
        tax_class: The class that the tax is looked up by.
        origin: Where it is set.

    Raises:
        ValueError: It ends before it begins, or a time of use has two prices.
    """

    name: str
    unit: str
    prices: tuple[Price, ...]
    since: dt.date | None = None
    until: dt.date | None = None
    standing: Fixed | None = None
    minimum: Fixed | None = None
    levies: tuple[Levy, ...] = ()
    step: Annotated[Decimal, above(0)] = Decimal(1)
    tax_class: str = "standard"
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError(f"the tariff ends ({self.until}) before it begins ({self.since})")
        if len({(price.direction, price.band) for price in self.prices}) < len(self.prices):
            raise ValueError("a time of use has one price")

    @property
    def dated(self) -> Dated[Tariff]:
        """The version with its days in force."""
        return Dated(self, self.since, self.until)

    def price(self, direction: Direction, band: str) -> Price | None:
        """Return the price of a time of use."""
        for price in self.prices:
            if (price.direction, price.band) == (direction, band):
                return price
        return None
