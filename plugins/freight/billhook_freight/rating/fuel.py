"""The fuel surcharge: a percentage by the index price in force on the shipment's day."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import PERCENT, Figure, banded, percent_of, rounded, total
from billhook_freight import codes
from billhook_freight.rating.bands import Band, find
from billhook_freight.rating.ratebook import Ratebook
from billhook_freight.rating.tariff import FuelBand, FuelPrice
from billhook_freight.records import Shipment


@attrs.frozen
class Quote:
    """The price and the band that hold on a day; an old price should have had a successor."""

    day: dt.date
    price: FuelPrice
    band: Band[FuelBand]
    old: bool


@attrs.frozen
class Surcharge:
    """The fuel surcharge of a shipment."""

    quote: Quote
    rate: Figure
    amount: Figure


def quote(book: Ratebook, shipment: Shipment) -> Quote | Diagnostic | None:
    """Return the price in force on the shipment's day; ``None`` without a fuel table."""
    if not book.fuel:
        return None
    day = shipment.day(book.cover.fuel.day)
    if day is None:
        return _report_undelivered(shipment)
    price = _in_force(book.prices, day)
    if price is None:
        return _missing(book, shipment, day)
    band = find(book.fuel, price.price)
    if band is None:
        return _outside(book, shipment, price)
    old = day >= price.effective + dt.timedelta(days=book.cover.fuel.days)
    return Quote(day, price, band, old)


def surcharge(
    book: Ratebook, quoted: Quote, freight: Figure, services: Sequence[Figure]
) -> Surcharge:
    """Return the surcharge on the freight charge and the fuel-bearing services."""
    base = total((freight, *services), "freight.fuel.base")
    unit = f"{book.cover.currency}/{book.cover.fuel.unit or 'unit'}"
    price = book.cite(
        quoted.price,
        quoted.price.price,
        unit,
        "freight.fuel.price",
        effective=str(quoted.price.effective),
        of=f"freight.day.{book.cover.fuel.day}",
        day=str(quoted.day),
    )
    row = book.cite(quoted.band.row, quoted.band.row.percent, PERCENT, "freight.fuel.row")
    rule = "freight.fuel.rate-above" if quoted.band.high is None else "freight.fuel.rate"
    rate = banded(price, row, quoted.band.low, quoted.band.high, rule)
    exact = percent_of(base, rate, "freight.fuel.exact")
    return Surcharge(quoted, rate, rounded(exact, book.step, "freight.fuel.amount", book.mode))


def _in_force(prices: Sequence[FuelPrice], day: dt.date) -> FuelPrice | None:
    at = bisect.bisect_right(prices, day, key=lambda row: row.effective)
    return prices[at - 1] if at else None


def _report_undelivered(shipment: Shipment) -> Diagnostic:
    message = (
        f"shipment {shipment.number}: the fuel price depends on the day of delivery, "
        "which is not known"
    )
    hint = "bill it once it is delivered"
    return Diagnostic(
        codes.NO_FUEL_PRICE.id, message, origin=shipment.origin, path="delivered", hint=hint
    )


def _missing(book: Ratebook, shipment: Shipment, day: dt.date) -> Diagnostic:
    message = f"shipment {shipment.number}: no fuel price is in force on {day}"
    first = book.prices[0].effective if book.prices else None
    hint = f"the first price of {book.cover.id} {book.cover.version} is of {first}"
    if first is None:
        hint = "add prices.csv with the columns effective and price beside tariff.toml"
    return Diagnostic(codes.NO_FUEL_PRICE.id, message, origin=shipment.origin, hint=hint)


def _outside(book: Ratebook, shipment: Shipment, price: FuelPrice) -> Diagnostic:
    message = (
        f"shipment {shipment.number}: the fuel price {price.price} of {price.effective} "
        "is outside the fuel table"
    )
    low, high = book.fuel[0].low, book.fuel[-1].high
    hint = f"the table goes from {low} to below {high}" if high else f"the table begins at {low}"
    return Diagnostic(codes.OUTSIDE_FUEL_TABLE.id, message, origin=shipment.origin, hint=hint)


def old_prices(rated: Iterable[tuple[Shipment, Quote]]) -> Iterator[Diagnostic]:
    """Yield one warning for each old price, at the first shipment that goes by it."""
    groups: dict[FuelPrice, list[tuple[Shipment, Quote]]] = {}
    for shipment, quoted in rated:
        if quoted.old:
            groups.setdefault(quoted.price, []).append((shipment, quoted))
    for price, those in groups.items():
        shipment, quoted = those[0]
        more = f" and {len(those) - 1} more" if len(those) > 1 else ""
        message = (
            f"shipment {shipment.number}{more}: no fuel price for {quoted.day}; the one "
            f"of {price.effective}, {price.price}, was used"
        )
        hint = "add the price that followed it to prices.csv, and draft again"
        yield Diagnostic(
            codes.OLD_FUEL_PRICE.id, message, Severity.WARNING, shipment.origin, hint=hint
        )
