"""The grid that amounts of work are rounded to."""

from __future__ import annotations

import attrs

from billhook.kernel.figure import Figure, given, rounded_money
from billhook.kernel.money import Rounding, find_currency
from billhook.model.job import Job
from billhook_construction.settings import Contract


@attrs.frozen
class AmountGrid:
    """Rounding to the currency, and to the contract's coarser step if it has one.

    Attributes:
        currency: ISO 4217 code.
        fine: How amounts are rounded to the currency.
        coarse: How amounts of work are rounded.
    """

    currency: str
    fine: Rounding
    coarse: Rounding | None

    @classmethod
    def of(cls, job: Job, contract: Contract) -> AmountGrid:
        """Return the grid of a job."""
        line, step = job.policy.line, contract.quantum
        coarse = None if step is None else Rounding(f"{line.id}-{step}", line.mode, step)
        return cls(job.currency, line, coarse)

    def work(self, figure: Figure, rule: str) -> Figure:
        """Return an amount of work, rounded to the contract's step."""
        stepped = figure if self.coarse is None else rounded_money(figure, self.coarse, rule)
        return rounded_money(stepped, self.fine, rule)

    def money(self, figure: Figure, rule: str) -> Figure:
        """Return an amount, rounded to the currency."""
        return rounded_money(figure, self.fine, rule)

    def zero(self, rule: str) -> Figure:
        """Return nothing, in the contract's currency."""
        return given(find_currency(self.currency).step * 0, self.currency, rule)
