"""Discounts: a percentage off the fees, and never off the expenses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billhook.kernel.figure import PERCENT, given
from billhook.kernel.text import labels
from billhook.model.adjustment import Adjustment, AdjustmentKind, Percentage, Stage
from billhook.model.charge import Charge
from billhook.model.job import Job
from billhook_legal.rating.fees import FEE
from billhook_legal.settings import LegalSettings

_ = labels("billhook_legal")

DISCOUNT = "95"
"""Reason code of UNCL5189: discount."""


def discount(job: Job, charges: Sequence[Charge]) -> Iterator[Adjustment]:
    """Yield the agreed discount on fees, if there are fees and a discount."""
    agreed = job.settings(LegalSettings).discount
    if agreed is None or not agreed.percent or not any(FEE & charge.tags for charge in charges):
        return
    rate = given(agreed.percent, PERCENT, "legal.discount.rate", agreed.origin)
    yield Adjustment(
        id="legal-discount",
        label=agreed.label or _("Discount on fees"),
        stage=Stage.BEFORE_TAX,
        kind=AdjustmentKind.ALLOWANCE,
        amount=Percentage(rate, tags=FEE),
        code=DISCOUNT,
    )
