"""Accessorials: services beside the carriage, by the tariff's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import attrs

from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.figure import (
    PERCENT,
    Figure,
    given,
    greatest,
    least,
    less,
    percent_of,
    rounded,
    times,
)
from billhook.kernel.money import Mode
from billhook.sources.bad_value import BadValueError
from billhook.sources.parsing import parse_decimal
from billhook_freight import codes
from billhook_freight.rating.ratebook import Ratebook
from billhook_freight.rating.tariff import Accessorial, Basis
from billhook_freight.records import Shipment

_EXACT = "freight.accessorial.exact"
_UNITS = {Basis.FLAT: "ea", Basis.PIECE: "pcs", Basis.HOUR: "h", Basis.DAY: "d"}


@attrs.frozen
class Service:
    """A service of a shipment.

    Attributes:
        row: The row of the tariff.
        quantity: What was billed; ``None`` of a percentage.
        price: For one of the quantity, or the percentage.
        amount: What it comes to.
    """

    row: Accessorial
    quantity: Figure | None
    price: Figure
    amount: Figure


@attrs.frozen
class Asked:
    """An accessorial requested by a shipment: a code, and perhaps a quantity."""

    code: str
    quantity: Decimal | None = None


def serve(
    book: Ratebook, shipment: Shipment, weight: Figure, freight: Figure
) -> tuple[list[Service], list[Diagnostic]]:
    """Return the services of a shipment, and what keeps others from being rated.

    Args:
        book: The tariff.
        shipment: Says what it asks for.
        weight: Its weight as the tariff rates it, for services by weight.
        freight: Its net freight charge, for services by percentage.
    """
    services, findings = [], []
    for one in _requested_services(book, shipment):
        done = _serve(book, shipment, one, weight, freight) if isinstance(one, Asked) else one
        if isinstance(done, Service):
            services.append(done)
        else:
            findings.append(done)
    return services, findings


def find_unserved(book: Ratebook, shipment: Shipment) -> list[Diagnostic]:
    """Return what keeps services from being rated, for a shipment that has no charge itself."""
    weight = given(0, book.cover.unit, "freight.accessorial.nothing")
    freight = given(0, book.cover.currency, "freight.accessorial.nothing")
    return serve(book, shipment, weight, freight)[1]


def _requested_services(book: Ratebook, shipment: Shipment) -> Iterator[Asked | Diagnostic]:
    asked = [_parse(shipment, text) for text in shipment.accessorials]
    counts = Counter(one.code for one in asked if isinstance(one, Asked))
    for code, count in counts.items():
        if count > 1:
            hint = f"write {code}:{count} for {count} of them"
            yield _fault(codes.NO_QUANTITY.id, shipment, f"{code!r} is listed {count} times", hint)
    yield from asked
    for row in book.services.values():
        if row.always and row.code not in counts:
            yield Asked(row.code)


def _parse(shipment: Shipment, text: str) -> Asked | Diagnostic:
    code, sign, amount = (part.strip() for part in text.partition(":"))
    if not sign:
        return Asked(code)
    try:
        quantity = parse_decimal(amount)
    except BadValueError as mistake:
        return _fault(
            codes.NO_QUANTITY.id, shipment, f"quantity of {code!r}: {mistake.message}", mistake.hint
        )
    if quantity < 0:
        message = f"quantity of {code!r}: {amount} is negative"
        return _fault(
            codes.NO_QUANTITY.id, shipment, message, "a credit is not a service of the shipment"
        )
    return Asked(code, quantity)


def _serve(
    book: Ratebook, shipment: Shipment, one: Asked, weight: Figure, freight: Figure
) -> Service | Diagnostic:
    row = book.services.get(one.code)
    if row is None:
        message = f"{book.cover.id} {book.cover.version} has no accessorial {one.code!r}"
        return _fault(
            codes.NO_ACCESSORIAL.id, shipment, message, did_you_mean(one.code, book.services)
        )
    if row.basis is Basis.PERCENT:
        rate = book.cite(row, row.rate, PERCENT, "freight.accessorial.percent", code=row.code)
        return Service(row, None, rate, _clamp(book, row, percent_of(freight, rate, _EXACT)))
    quantity = _quantity(book, row, shipment, one, weight)
    if quantity is None:
        message = f"{row.code!r} is charged by the {row.basis}, which the shipment does not give"
        own = {Basis.DISTANCE: "fill in distance, or ", Basis.PIECE: "fill in pieces, or "}
        hint = f"{own.get(row.basis, '')}write it after the code, like {row.code}:2"
        return _fault(codes.NO_QUANTITY.id, shipment, message, hint)
    billed, price = _billed_quantity(book, row, quantity), _price(book, row)
    exact = times(billed, price, _EXACT, book.cover.currency)
    if not billed.value:  # a minimum is one of the charge for what is not free
        free = rounded(exact, book.step, "freight.accessorial.amount", book.mode)
        return Service(row, billed, price, free)
    return Service(row, billed, price, _clamp(book, row, exact))


def _quantity(
    book: Ratebook, row: Accessorial, shipment: Shipment, one: Asked, weight: Figure
) -> Figure | None:
    if row.basis is Basis.WEIGHT and one.quantity is None:
        return weight
    implied = {
        Basis.FLAT: Decimal(1),
        Basis.PIECE: None if shipment.pieces is None else Decimal(shipment.pieces),
        Basis.DISTANCE: shipment.distance,
    }
    value = one.quantity if one.quantity is not None else implied.get(row.basis)
    if value is None:
        return None
    return given(
        value, _measure(book, row), "freight.accessorial.quantity", shipment.origin, code=row.code
    )


def _measure(book: Ratebook, row: Accessorial) -> str:
    cover = book.cover
    special = {Basis.WEIGHT: cover.unit, Basis.DISTANCE: cover.distance_unit}
    return special.get(row.basis) or _UNITS[row.basis]


def _billed_quantity(book: Ratebook, row: Accessorial, quantity: Figure) -> Figure:
    """Return the quantity without what is free, in started increments."""
    if row.free:
        rule = "freight.accessorial.free"
        free = book.cite(row, row.free, quantity.unit, rule, code=row.code)
        over = less(quantity, free, rule="freight.accessorial.over_free")
        nothing = given(0, quantity.unit, "freight.accessorial.nothing")
        quantity = greatest((over, nothing), "freight.accessorial.chargeable")
    if row.increment is not None:
        quantity = rounded(quantity, row.increment, "freight.accessorial.started", Mode.UP)
    return quantity


def _price(book: Ratebook, row: Accessorial) -> Figure:
    rule = "freight.accessorial.rate"
    if row.basis is Basis.WEIGHT:
        return book.per_weight(row, row.rate, rule, code=row.code)
    unit = f"{book.cover.currency}/{_measure(book, row)}"
    return book.cite(row, row.rate, unit, rule, code=row.code)


def _clamp(book: Ratebook, row: Accessorial, exact: Figure) -> Figure:
    """Return the amount rounded, and within the service's minimum and maximum."""
    amount = rounded(exact, book.step, "freight.accessorial.amount", book.mode)
    if row.minimum is not None and amount.value < row.minimum:
        floor = book.cite(
            row, row.minimum, amount.unit, "freight.accessorial.minimum", code=row.code
        )
        amount = greatest((amount, floor), "freight.accessorial.raised")
    if row.maximum is not None and amount.value > row.maximum:
        cap = book.cite(row, row.maximum, amount.unit, "freight.accessorial.maximum", code=row.code)
        amount = least((amount, cap), "freight.accessorial.capped")
    return amount


def _fault(code: str, shipment: Shipment, message: str, hint: str | None = None) -> Diagnostic:
    text = f"shipment {shipment.number}: {message}"
    return Diagnostic(code, text, origin=shipment.origin, hint=hint)
