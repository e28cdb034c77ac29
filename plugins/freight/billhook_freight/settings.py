"""Settings of a freight job: whose shipments, by which tariff, on which day."""

from __future__ import annotations

from typing import Literal

import attrs

from billhook.kernel.origin import Origin

Day = Literal["pickup", "delivery"]
"""The two days of a shipment that a date can be meant by."""


@attrs.frozen(kw_only=True)
class FreightAccount:
    """A customer's account, for a job that stands for every account.

    Attributes:
        id: The account, as the shipments have it.
        customer: Id of the customer who is billed.
        locale: Locale of its bills; empty takes the customer's.
        origin: Where it is set.
    """

    id: str
    customer: str
    locale: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class FreightSettings:
    """The table ``[freight]`` of a project or job.

    Attributes:
        account: The customer's account: only its shipments are billed, and its discounts apply.
            Empty bills every shipment.
        tariff: Id of the tariff; may be left out when the sources hold versions of one only.
        billed_by: The day that decides whether a shipment falls into the job's period, and the
            date of its lines.
        undelivered: Whether shipments without a delivery date are billed too.
        tax_class: The class of the charges that `billhook_tax` is asked about.
        tax_classes: Other classes for single accessorials, by their code.
        accounts: The accounts there are, and their customers.
    """

    account: str = ""
    tariff: str = ""
    billed_by: Day = "delivery"
    undelivered: bool = False
    tax_class: str = "standard"
    tax_classes: dict[str, str] = attrs.field(factory=dict)
    accounts: tuple[FreightAccount, ...] = ()
