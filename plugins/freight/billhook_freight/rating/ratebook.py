"""The rate book: a tariff made ready for rating, once for all shipments of a job."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import attrs

from billhook.kernel.figure import PURE, Figure, given, rounded, times
from billhook.kernel.money import EXACT, Mode, find_currency, round_to
from billhook_freight.rating.bands import Band, Printed, compile_bands, find
from billhook_freight.rating.geography import PostcodePlaces
from billhook_freight.rating.lanes import LaneIndex
from billhook_freight.rating.tariff import (
    Accessorial,
    AccountDiscount,
    ClassRate,
    FuelBand,
    FuelPrice,
    Minimum,
    Tariff,
    TariffHeader,
    TariffRow,
    row_name,
)

Breaks = Sequence[Band[ClassRate]]

MOST_CITED = 100_000
"""Figures of a tariff's rows that are remembered; when they are so many, all are forgotten."""


class RateScale:
    """The rates of one class in a rate base, as plain numbers.

    Attributes:
        bands: Its weight breaks, ascending.
        starts: The first weight of each.
        prices: The price of one unit of weight in each.
    """

    def __init__(self, bands: Breaks, share: Decimal) -> None:
        self.bands = bands
        self.starts = [band.low for band in bands]
        self.prices = [EXACT.multiply(band.row.rate, share) for band in bands]
        self._end = bands[-1].high

    def position(self, weight: Decimal) -> int | None:
        """Return the number of the break that a weight lies in."""
        found = bisect.bisect_right(self.starts, weight) - 1
        return None if found < 0 or (self._end is not None and weight >= self._end) else found

    def heavier(self, weight: Decimal) -> Sequence[Decimal]:
        """Return the first weights of the breaks above a weight."""
        return self.starts[bisect.bisect_right(self.starts, weight) :]


class Ratebook:
    """The tables of one tariff version, indexed.

    Copies and pickles are made of the tariff: what was looked up is remembered by the identity of
    rows, which ends with the process.

    Attributes:
        cover: The tariff's cover.
        places: The places of shipments.
        lanes: The index of lanes.
        step: The grid that the tariff rounds to.
        mode: How it rounds between two steps.
    """

    def __init__(self, tariff: Tariff) -> None:
        self._tariff = tariff
        self.cover: TariffHeader = tariff.cover
        self.places = PostcodePlaces(tariff.cover.country)
        self.lanes = LaneIndex(tariff.lanes, tariff.cover.country)
        share = EXACT.divide(Decimal(1), Decimal(tariff.cover.per))
        self._scales = _scales(tariff.rates, share)
        self._minimums = {row.rate_base: row for row in tariff.minimums}
        self._discounts = _discounts(tariff.discounts)
        self._services = {row.code: row for row in tariff.accessorials}
        self._fuel = compile_bands(Printed(row.low, row.high, row) for row in tariff.fuel_bands)
        self._prices = sorted(tariff.fuel_prices, key=lambda row: row.effective)
        self._cited: dict[tuple[int, str, str, str, str], tuple[TariffRow, Figure]] = {}
        self._prices_per_unit: dict[int, tuple[TariffRow, Figure]] = {}
        self.step: Decimal = tariff.cover.rounding.step or find_currency(tariff.cover.currency).step
        self.mode: Mode = tariff.cover.rounding.mode
        self._share = given(
            share,
            PURE,
            "freight.rate.base",
            per=f"{tariff.cover.per} {tariff.cover.unit}",
        )

    def __reduce__(self) -> tuple[type[Ratebook], tuple[Tariff]]:
        return Ratebook, (self._tariff,)

    def round(self, amount: Decimal) -> Decimal:
        """Return an amount on the tariff's grid."""
        return round_to(amount, self.step, self.mode)

    def round_up(self, weight: Decimal) -> Decimal:
        """Return a weight with its last step counted whole, as the tariff rates it."""
        step = self.cover.weight_step
        return weight if step is None else round_to(weight, step, Mode.UP)

    def rated(self, weight: Figure) -> Figure:
        """Return a weight as the tariff rates it."""
        step = self.cover.weight_step
        if step is None:
            return weight
        return rounded(weight, step, "freight.weight.started", Mode.UP)

    def scale(self, rate_base: str, freight_class: str) -> RateScale | None:
        """Return the rates of a class; ``None`` when the rate base does not have it."""
        return self._scales.get((rate_base, freight_class))

    def breaks(self, rate_base: str, freight_class: str) -> Breaks:
        """Return the weight breaks of a class; none when the rate base does not have it."""
        scale = self.scale(rate_base, freight_class)
        return () if scale is None else scale.bands

    def classes(self, rate_base: str) -> list[str]:
        """Return the classes of a rate base."""
        return [name for base, name in self._scales if base == rate_base]

    def minimum(self, rate_base: str) -> Minimum | None:
        """Return the minimum charge of a rate base, or the tariff's own."""
        return self._minimums.get(rate_base) or self._minimums.get("")

    def discount(self, account: str, rate_base: str, weight: Decimal) -> AccountDiscount | None:
        """Return the discount in force; the account's own comes before the rate base's."""
        for said in ((account, rate_base), (account, ""), ("", rate_base), ("", "")):
            if said in self._discounts:
                band = find(self._discounts[said], weight)
                return band.row if band else None
        return None

    @property
    def services(self) -> dict[str, Accessorial]:
        """The accessorials by code."""
        return self._services

    @property
    def fuel(self) -> Sequence[Band[FuelBand]]:
        """The bands of the fuel table, half-open."""
        return self._fuel

    @property
    def prices(self) -> Sequence[FuelPrice]:
        """The fuel prices by day."""
        return self._prices

    def cite(self, row: TariffRow, value: Decimal, unit: str, rule: str, **more: str) -> Figure:
        """Return a value of the tariff as a figure that names tariff, version and row."""
        said = (id(row), rule, unit, str(value), repr(more) if more else "")
        found = self._cited.get(said)
        if found is None or found[0] is not row:
            if len(self._cited) >= MOST_CITED:
                self._cited.clear()
            name = {"tariff": self.cover.id, "version": self.cover.version, "row": row_name(row)}
            # The row is kept beside its figure, so that no other row comes to its identity.
            found = self._cited[said] = row, given(value, unit, rule, row.origin, **name, **more)
        return found[1]

    def price(self, row: ClassRate) -> Figure:
        """Return the price of one unit of weight by a rate row, made once for each row."""
        found = self._prices_per_unit.get(id(row))
        if found is None or found[0] is not row:
            start = f"{row.break_from} {self.cover.unit}"
            more = {"freight_class": row.freight_class, "break_from": start}
            found = row, self.per_weight(row, row.rate, "freight.rate.tariff", **more)
            if len(self._prices_per_unit) >= MOST_CITED:
                self._prices_per_unit.clear()
            self._prices_per_unit[id(row)] = found
        return found[1]

    def per_weight(self, row: TariffRow, rate: Decimal, rule: str, **more: str) -> Figure:
        """Return the price of one unit of weight, of a rate for `TariffHeader.per` units."""
        cover = self.cover
        unit = f"{cover.currency}/{cover.unit}"
        if cover.per == 1:
            return self.cite(row, rate, unit, rule, **more)
        quoted = self.cite(row, rate, f"{cover.currency}/{cover.per} {cover.unit}", rule, **more)
        return times(quoted, self._share, "freight.rate.per_unit", unit)


@attrs.frozen
class TariffSource:
    """Which row of which tariff a charge comes from."""

    tariff: str
    version: str
    row: str

    def __str__(self) -> str:
        return f"{self.tariff} {self.version}, {self.row}"


def source(book: Ratebook, row: TariffRow) -> TariffSource:
    """Return where a charge comes from."""
    return TariffSource(book.cover.id, book.cover.version, row_name(row))


def _scales(rates: Sequence[ClassRate], share: Decimal) -> dict[tuple[str, str], RateScale]:
    rows: dict[tuple[str, str], list[Printed[ClassRate]]] = defaultdict(list)
    for row in rates:
        rows[row.rate_base, row.freight_class].append(Printed(row.break_from, row.break_to, row))
    return {key: RateScale(compile_bands(printed), share) for key, printed in rows.items()}


def _discounts(
    rows: Sequence[AccountDiscount],
) -> dict[tuple[str, str], Sequence[Band[AccountDiscount]]]:
    found: dict[tuple[str, str], list[Printed[AccountDiscount]]] = defaultdict(list)
    for row in rows:
        found[row.account, row.rate_base].append(Printed(row.break_from, None, row))
    return {key: compile_bands(printed) for key, printed in found.items()}
