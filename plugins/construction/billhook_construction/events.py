"""Events between applications: certificates, and releases of retainage."""

from __future__ import annotations

from decimal import Decimal

import attrs

from billhook.model.record import Event
from billhook_construction.records import Pot


@attrs.frozen(kw_only=True)
class CertifiedItem:
    """An item that was certified otherwise than applied for.

    Attributes:
        item: Item number.
        completed: Work certified to date; left out, as applied for.
        stored: Stored material certified; left out, as applied for.
    """

    item: str
    completed: Decimal | None = None
    stored: Decimal | None = None


@attrs.frozen(kw_only=True)
class Certified(Event):
    """The certificate of one application; the next one starts from what it certifies.

    Attributes:
        application: Number of the application.
        items: The items that differ; all others are certified as applied for.
        due: The payment certified, before tax.  Items are checked against it; without items it
            is a lump sum, and what was cut is spread over the items of the application in
            proportion to what it bills for them.
    """

    application: int
    items: tuple[CertifiedItem, ...] = ()
    due: Decimal | None = None


@attrs.frozen(kw_only=True)
class Released(Event):
    """A release of retainage: at practical completion, at the end of the defects period.

    Attributes:
        percent: Part of what is held when it takes effect, so half and then half again leaves a
            quarter; left out together with ``amount``, all of it.
        amount: Or a sum.
        of: Which retainage; a sum from ``all`` is taken from that on work first.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None
    of: Pot = "all"
