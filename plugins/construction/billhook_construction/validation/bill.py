"""Checks of the finished bill."""

from __future__ import annotations

from collections.abc import Iterator

from billhook.calculate.continuity import check_title
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook_construction import codes
from billhook_construction.settings import Contract
from billhook_construction.state import ConstructionState

FINAL = "877"
"""The document type of a final construction bill (UNTDID 1001)."""


def bill_faults(job: Job, draft: Invoice) -> Iterator[Diagnostic]:
    """Yield what is wrong with a worked-out bill."""
    states = [state.value for state in draft.states]
    for state in states:
        if isinstance(state, ConstructionState):
            yield from _check_tax_base(job, draft)
            yield from _negative(job, state)
            yield from _beyond_sum(job, state)
            yield from _final(job, state)
            yield from check_title(job, state.application)


def _check_tax_base(job: Job, draft: Invoice) -> Iterator[Diagnostic]:
    contract = job.settings(Contract)
    held = [a for a in draft.adjustments if a.id.startswith("retainage-")]
    taxed = draft.totals.tax.value or draft.totals.tax_withheld.value
    if contract.tax_on is None and held and taxed:
        message = "the bill has tax and retainage, and tax was charged on the gross amount"
        yield Diagnostic(
            codes.TAX_UNDECIDED.id,
            message,
            Severity.WARNING,
            contract.origin or job.origin,
            "construction.tax_on",
            'write tax_on = "net_of_retainage" or tax_on = "gross"',
        )


def _negative(job: Job, state: ConstructionState) -> Iterator[Diagnostic]:
    due = state.summary.due
    if due.value < 0 and job.type_code != "381":
        message = f"application {state.application} totals {due.value} {due.unit}"
        hint = (
            'write type_code = "381" to make it a credit note, or bill it with the next application'
        )
        yield Diagnostic(codes.NEGATIVE_DUE.id, message, Severity.WARNING, job.origin, hint=hint)


def _beyond_sum(job: Job, state: ConstructionState) -> Iterator[Diagnostic]:
    """Yield that more is billed than the contract has left after its deductions."""
    summary = state.summary
    late = [
        row for row in state.rows if row.value.value < 0 and row.to_date.value > row.value.value
    ]
    if not late or summary.to_date.value <= summary.contract_sum.value:
        return
    unit = summary.to_date.unit
    message = (
        f"{summary.to_date.value} {unit} are billed to date, the contract sum is "
        f"{summary.contract_sum.value}; not deducted in full: "
        f"{', '.join(row.item for row in late)}"
    )
    hint = "report the progress of the deduction: 100 percent when it has taken effect"
    yield Diagnostic(codes.BEYOND_SUM.id, message, Severity.WARNING, job.origin, hint=hint)


def _final(job: Job, state: ConstructionState) -> Iterator[Diagnostic]:
    """Yield that a final application does not come to the contract sum."""
    summary = state.summary
    is_final = job.settings(Contract).final or job.type_code == FINAL
    if not is_final or summary.to_date.value == summary.contract_sum.value:
        return
    unit = summary.to_date.unit
    left = [row.item for row in state.rows if row.balance.value]
    message = (
        f"the final application totals {summary.to_date.value} {unit}, but the contract sum "
        f"is {summary.contract_sum.value}; not at their full value: {', '.join(left)}"
    )
    hint = "report all rows as complete; omitted or additional work is a change order"
    yield Diagnostic(codes.FINAL.id, message, Severity.WARNING, job.origin, hint=hint)
