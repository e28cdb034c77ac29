"""A rated shipment: everything that it costs, before it becomes lines."""

from __future__ import annotations

import attrs

from billhook_freight.accessorials import Service
from billhook_freight.fuel import Surcharge
from billhook_freight.linehaul import Linehaul
from billhook_freight.netting import Net
from billhook_freight.ratebook import Ratebook
from billhook_freight.records import Shipment
from billhook_freight.tariff import Lane


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
