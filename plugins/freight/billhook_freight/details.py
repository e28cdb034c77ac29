"""Facts that are kept with the lines of a bill, for its sections and for later readers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs


@attrs.frozen(kw_only=True)
class Carriage:
    """A shipment as its bill shows it; kept with its first line.

    Attributes:
        pickup: Day of pickup.
        delivered: Day of delivery.
        place_from: Where it was picked up.
        place_to: Where it was delivered.
        classes: Its freight classes.
        weight: Its weight.
        unit: Unit of the weight.
        per: The rates are for so many units of weight.
        weight_step: A started step of weight counts whole, if the tariff says so.
        pieces: Handling units.
        reference: The customer's own reference.
        own_break: First weight of the break that its weight lies in.
        rated_break: First weight of the break that is billed.
    """

    pickup: dt.date
    delivered: dt.date | None = None
    place_from: str
    place_to: str
    classes: tuple[str, ...]
    weight: Decimal
    unit: str
    per: int
    weight_step: Decimal | None = None
    pieces: int | None = None
    reference: str = ""
    own_break: Decimal
    rated_break: Decimal


@attrs.frozen(kw_only=True)
class FuelIndex:
    """The fuel price that a surcharge goes by; kept with its line."""

    index: str
    unit: str
    effective: dt.date
    price: Decimal
    percent: Decimal


@attrs.frozen(kw_only=True)
class Component:
    """The tariff facts that every line of a shipment carries.

    Attributes:
        shipment: Number of the shipment.
        tariff: Id of the tariff.
        version: Its version.
        row: File and line of the row.
        rate: The rate as the tariff's table has it.
        rate_unit: Its unit: ``USD/100 lb``, ``%``, ``USD/h``.
        carriage: The shipment, with its first line.
        fuel: The index, with the fuel surcharge.
    """

    shipment: str
    tariff: str
    version: str
    row: str
    rate: Decimal
    rate_unit: str
    carriage: Carriage | None = None
    fuel: FuelIndex | None = None
