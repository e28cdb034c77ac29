"""Soundness of a tariff: what is wrong with its tables, before anything is rated by them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

import attrs

from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.money import EXACT, find_currency
from billhook_freight import codes
from billhook_freight.rating.bands import BandGap, Printed, faults
from billhook_freight.rating.geography import fault, suspects_lost_zeros
from billhook_freight.rating.lanes import collisions
from billhook_freight.rating.tariff import (
    AccountDiscount,
    Basis,
    ClassRate,
    Lane,
    Minimum,
    Tariff,
    TariffHeader,
    TariffRow,
    row_name,
)

Row = TypeVar("Row", bound=TariffRow)
PER = frozenset({1, 10, 100, 1000})


def examine(tariff: Tariff) -> list[Diagnostic]:
    """Return everything that is wrong with a tariff; warnings don't keep it from being used."""
    found = [*_cover(tariff.cover), *_places(tariff)]
    if all(each.severity is Severity.WARNING for each in found):
        found.extend(_collisions(tariff))
    found.extend((*_breaks(tariff), *_discounts(tariff), *_fuel(tariff)))
    found.extend((*_names(tariff), *_twice(tariff), *_limits(tariff)))
    return found


def _cover(cover: TariffHeader) -> Iterator[Diagnostic]:
    if cover.currency not in MINOR_UNITS:
        message = f"{cover.currency!r} is not an ISO 4217 currency code"
        yield _error(
            codes.IMPOSSIBLE_FACT.id, message, cover, did_you_mean(cover.currency, MINOR_UNITS)
        )
    elif cover.rounding.step is not None:
        step = find_currency(cover.currency).step
        if EXACT.remainder(cover.rounding.step, step):
            message = (
                f"amounts are rounded to {cover.rounding.step}, which is not a multiple of {step}"
            )
            yield _error(
                codes.IMPOSSIBLE_FACT.id,
                message,
                cover,
                "round to the currency's minor unit or coarser",
            )
    if cover.per not in PER:
        message = f"expected rates per 1, 10, 100 or 1000, got {cover.per}"
        hint = f"per = 100 for rates per 100 {cover.unit}"
        yield _error(codes.IMPOSSIBLE_FACT.id, message, cover, hint)
    if cover.until is not None and cover.until <= cover.since:
        message = f"the tariff ends on {cover.until}, before it begins on {cover.since}"
        yield _error(
            codes.IMPOSSIBLE_FACT.id, message, cover, "`until` is the first day no longer in force"
        )


def _places(tariff: Tariff) -> Iterator[Diagnostic]:
    for lane in tariff.lanes:
        for end, place in (("origin", lane.place_from), ("destination", lane.place_to)):
            wrong = fault(place, tariff.cover.country)
            if wrong is not None:
                hint = "postcode and prefix take a code or a range, region and country one name"
                yield _error(codes.NO_PLACE.id, f"{end} of the lane: {wrong}", lane, hint)
    yield from _lost_zeros(tariff)


def _lost_zeros(tariff: Tariff) -> Iterator[Diagnostic]:
    places = [place for lane in tariff.lanes for place in (lane.place_from, lane.place_to)]
    suspects = {id(place) for place in suspects_lost_zeros(places, tariff.cover.country)}
    for number, place in enumerate(places):
        if id(place) in suspects:
            message = (
                f"{place} is shorter than other prefixes of the country, and none begins with 0"
            )
            hint = "a spreadsheet may have dropped zeros; format the column as text"
            lane = tariff.lanes[number // 2]
            yield Diagnostic(codes.LOST_ZEROS.id, message, Severity.WARNING, lane.origin, hint=hint)


def _collisions(tariff: Tariff) -> Iterator[Diagnostic]:
    for one, two in collisions(tariff.lanes, tariff.cover.country):
        message = f"the lane {two} applies to the same places as {row_name(one)}, {one}"
        yield _error(
            codes.EQUAL_LANES.id, message, two, "give one of them a higher priority, or remove it"
        )


def _breaks(tariff: Tariff) -> Iterator[Diagnostic]:
    for (base, name), rows in _group(
        tariff.rates, lambda row: (row.rate_base, row.freight_class)
    ).items():
        what = f"the weight breaks of class {name} in rate base {base!r}"
        first = min(rows, key=lambda row: row.break_from)
        if first.break_from != 0:
            message = f"{what} begin at {first.break_from}, not at 0"
            yield _error(codes.GAP.id, message, first, "the first row must apply from 0 up")
        printed = [Printed(row.break_from, row.break_to, row) for row in rows]
        yield from _band_faults(printed, what)
        yield from _rising(sorted(rows, key=lambda row: row.break_from), what)


def _rising(rows: list[ClassRate], what: str) -> Iterator[Diagnostic]:
    for light, heavy in itertools.pairwise(rows):
        if heavy.rate > light.rate:
            message = (
                f"{what}: the rate rises from {light.rate} to {heavy.rate} at {heavy.break_from}"
            )
            yield Diagnostic(
                codes.RISING_RATE.id,
                message,
                Severity.WARNING,
                heavy.origin,
                hint="rates usually fall",
            )


def _discounts(tariff: Tariff) -> Iterator[Diagnostic]:
    groups = _group(tariff.discounts, lambda row: (row.account, row.rate_base))
    for (account, base), rows in groups.items():
        what = f"the discounts of account {account or 'any'!r} in rate base {base or 'any'!r}"
        yield from _band_faults([Printed(row.break_from, None, row) for row in rows], what)
        first = min(rows, key=lambda row: row.break_from)
        hidden = [groups[key] for key in groups if _hides((account, base), key)]
        if first.break_from and hidden:
            message = (
                f"{what} begin at {first.break_from}; lighter shipments get none, although "
                f"{row_name(hidden[0][0])} is more general"
            )
            hint = "add a row from 0 up, with 0 percent if that is intended"
            code = codes.HIDDEN_DISCOUNT.id
            yield Diagnostic(code, message, Severity.WARNING, first.origin, hint=hint)
    for row in tariff.discounts:
        if row.percent > Decimal(100):
            hint = "a discount takes off at most 100 percent"
            yield _error(
                codes.IMPOSSIBLE_FACT.id, f"a discount of {row.percent} percent", row, hint
            )


def _hides(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether discounts of an account and rate base stand over others for a shipment."""
    (account, base), (other_account, other_base) = one, other
    special = (bool(account), bool(base)) > (bool(other_account), bool(other_base))
    both = other_account in {account, ""} and (not base or other_base in {base, ""})
    return special and both


def _fuel(tariff: Tariff) -> Iterator[Diagnostic]:
    printed = [Printed(row.low, row.high, row) for row in tariff.fuel_bands]
    yield from _band_faults(printed, "the bands of the fuel table")
    for effective, prices in _group(tariff.fuel_prices, lambda row: row.effective).items():
        for other in prices[1:]:
            message = f"a second fuel price for {effective}: {other.price} after {prices[0].price}"
            yield _error(codes.ROW_TWICE.id, message, other, "keep the one that was published")


def _band_faults(printed: list[Printed[Row]], what: str) -> Iterator[Diagnostic]:
    backwards = [band for band in printed if band.high is not None and band.high < band.low]
    for band in backwards:
        message = f"{what}: one ends at {band.high}, before it begins at {band.low}"
        yield _error(
            codes.IMPOSSIBLE_FACT.id,
            message,
            band.row,
            "the upper end is the last value of the row",
        )
    ends = {id(band.row) for band in backwards}
    for wrong in faults(
        b if id(b.row) not in ends else attrs.evolve(b, high=None) for b in printed
    ):
        if isinstance(wrong, BandGap):
            message = f"{what} have a gap after {wrong.after}: the next one begins at {wrong.until}"
            hint = f"end the row right before {wrong.until}, or add the row between"
            yield _error(codes.GAP.id, message, wrong.row, hint)
        else:
            message = f"{what} overlap at {wrong.at}, with {row_name(wrong.other)}"
            yield _error(
                codes.OVERLAP.id, message, wrong.row, "correct the ends, or remove one of them"
            )


def _names(tariff: Tariff) -> Iterator[Diagnostic]:
    known = {row.rate_base for row in tariff.rates}
    naming: tuple[Lane | Minimum | AccountDiscount, ...] = (
        *tariff.lanes,
        *tariff.minimums,
        *tariff.discounts,
    )
    for row in naming:
        if row.rate_base and row.rate_base not in known:
            message = f"rate base {row.rate_base!r} has no rates"
            yield _error(codes.NO_RATE_BASE.id, message, row, did_you_mean(row.rate_base, known))


def _twice(tariff: Tariff) -> Iterator[Diagnostic]:
    for code, services in _group(tariff.accessorials, lambda row: row.code).items():
        for other in services[1:]:
            message = f"accessorial {code!r} is in {row_name(services[0])} too"
            yield _error(codes.ROW_TWICE.id, message, other, "remove one of them")
    for base, minimums in _group(tariff.minimums, lambda row: row.rate_base).items():
        for another in minimums[1:]:
            message = f"a second minimum for rate base {base or 'any'!r}: {another.minimum}"
            yield _error(codes.ROW_TWICE.id, message, another, "remove one of them")


def _limits(tariff: Tariff) -> Iterator[Diagnostic]:
    for row in tariff.accessorials:
        if row.basis is Basis.PERCENT and (row.free or row.increment is not None):
            message = f"accessorial {row.code!r} is a percentage with a free quantity or increment"
            yield _error(
                codes.IMPOSSIBLE_FACT.id,
                message,
                row,
                "leave free and increment empty: no quantity is counted",
            )
        if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
            message = (
                f"accessorial {row.code!r} costs at least {row.minimum}, at most {row.maximum}"
            )
            yield _error(
                codes.IMPOSSIBLE_FACT.id, message, row, "the minimum must not exceed the maximum"
            )


Key = TypeVar("Key", bound=Hashable)


def _group(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _error(code: str, message: str, row: TariffRow, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code, message, Severity.ERROR, row.origin, hint=hint)
