"""Shipments and their items: the work that a carrier bills."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import attrs

from billhook.model.record import Record
from billhook.sources.ranges import above, at_least
from billhook_freight.settings import Day

SHIPMENTS = "freight.shipments"
ITEMS = "freight.items"
Weight = Annotated[Decimal, above(0)]


@attrs.frozen(kw_only=True)
class Shipment(Record):
    """One shipment; its key is its number (the PRO or consignment number).

    A shipment of one class gives ``freight_class`` and ``weight``; one of several classes leaves
    both empty and has its `ShipmentItem` rows in a source of kind ``freight.items``.

    Attributes:
        account: The customer's account.
        pickup: Day of pickup.
        delivered: Day of delivery; empty while it is on its way.
        origin_postcode: Postcode of the pickup, a text.
        origin_city: Town of the pickup, for print.
        origin_region: State or province of the pickup.
        origin_country: ISO 3166-1 alpha-2; empty is the tariff's own country.
        destination_postcode: Postcode of the delivery.
        destination_city: Town of the delivery, for print.
        destination_region: State or province of the delivery.
        destination_country: ISO 3166-1 alpha-2; empty is the tariff's own country.
        pieces: Handling units.
        freight_class: Freight class, a text: ``77.5``.
        weight: Rated weight, in the tariff's unit.
        description: The goods.
        accessorials: Requested services, ``CODE`` or ``CODE:quantity``, divided by ``|`` in a
            table's cell: ``LFT|DET:2.5``.
        distance: In the tariff's unit of distance.
        reference: The customer's own reference.
    """

    account: str = ""
    pickup: dt.date
    delivered: dt.date | None = None
    origin_postcode: str = ""
    origin_city: str = ""
    origin_region: str = ""
    origin_country: str = ""
    destination_postcode: str = ""
    destination_city: str = ""
    destination_region: str = ""
    destination_country: str = ""
    pieces: Annotated[int, at_least(0)] | None = None
    freight_class: str = ""
    weight: Weight | None = None
    description: str = ""
    accessorials: tuple[str, ...] = ()
    distance: Annotated[Decimal, at_least(0)] | None = None
    reference: str = ""

    @property
    def number(self) -> str:
        """The shipment's own number: its key without the kind of its source."""
        return self.key.rpartition(":")[2]

    @property
    def route(self) -> str:
        """From where to where, for print."""
        return f"{self.place_from} – {self.place_to}"

    @property
    def place_from(self) -> str:
        """The place of pickup, for print."""
        return _place(self.origin_country, self.origin_postcode, self.origin_city)

    @property
    def place_to(self) -> str:
        """The place of delivery, for print."""
        return _place(self.destination_country, self.destination_postcode, self.destination_city)

    def day(self, which: Day) -> dt.date | None:
        """Return the day of pickup or delivery; the latter may be unknown."""
        return self.pickup if which == "pickup" else self.delivered


@attrs.frozen(kw_only=True)
class ShipmentItem(Record):
    """One of several classes in a shipment.

    Attributes:
        shipment: Number of the shipment.
        freight_class: Freight class, a text.
        weight: Rated weight, in the tariff's unit.
        pieces: Handling units.
        description: The goods.
    """

    shipment: str
    freight_class: str
    weight: Weight
    pieces: Annotated[int, at_least(0)] | None = None
    description: str = ""

    @property
    def part_of(self) -> str:
        """The key of its shipment."""
        return f"{SHIPMENTS}:{self.shipment}"


def _place(country: str, postcode: str, city: str) -> str:
    code = f"{country}-{postcode}" if country and postcode else postcode or country
    return f"{code} {city}".strip()
