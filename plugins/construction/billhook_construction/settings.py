"""The settings of a contract: the table ``[construction]``."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import attrs

from billhook.kernel.origin import Origin
from billhook.sources.ranges import above, between

Wording = Literal["retainage", "retention"]
TaxBase = Literal["net_of_retainage", "gross"]
Rate = Annotated[Decimal, between(0, 100)]


@attrs.frozen(kw_only=True)
class Contract:
    """What was agreed.

    Attributes:
        contract: Number of the contract.
        project: Name of the project.
        certifier: Who certifies: architect, engineer, contract administrator.
        original_sum: Contract sum before changes; checked against the schedule.
        retainage_work: Percent held of the work completed.
        retainage_stored: Percent held of stored material; left out, as for work.
        quantum: Amounts of work are rounded to this step, for owners who want whole dollars.
        tax_on: Whether tax is taken of the bill less retainage, or of the gross amount; to be
            said when there is tax on the bill.  After a change, retainage that was held before
            is taxed once: what was not taxed yet is taxed with the bill that changes it.
        wording: The word on the documents.
        chart: Draw the progress of each group.
        origin: Where the table stands.
    """

    contract: str = ""
    project: str = ""
    certifier: str = ""
    original_sum: Decimal | None = None
    retainage_work: Rate = Decimal(0)
    retainage_stored: Rate | None = None
    quantum: Annotated[Decimal, above(0)] | None = None
    tax_on: TaxBase | None = None
    wording: Wording = "retainage"
    chart: bool = False
    origin: Origin | None = attrs.field(default=None, eq=False)

    @property
    def stored_rate(self) -> Decimal:
        """Percent held of stored material."""
        rate = self.retainage_stored
        return self.retainage_work if rate is None else rate
