"""A rated shipment: everything that it costs, before it becomes lines."""

from __future__ import annotations

import attrs

from billhook_freight.rating.accessorials import Service
from billhook_freight.rating.fuel import Surcharge
from billhook_freight.rating.linehaul import Linehaul
from billhook_freight.rating.net_charge import Net
from billhook_freight.rating.ratebook import Ratebook
from billhook_freight.rating.tariff import Lane
from billhook_freight.records import Shipment


@attrs.frozen
class Rated:
    """A shipment with everything that it costs.

    Attributes:
        shipment: The shipment.
        book: The tariff version that it was rated by.
        lane: The lane that held.
        linehaul: The freight charge.
        net: Its net.
        services: The accessorials.
        fuel: The fuel surcharge, if the tariff has one.
    """

    shipment: Shipment
    book: Ratebook
    lane: Lane
    linehaul: Linehaul
    net: Net
    services: tuple[Service, ...]
    fuel: Surcharge | None
