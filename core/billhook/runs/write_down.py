"""Write-downs and write-ups of charges in review, with their author and reason."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from billhook.engine import Revise
from billhook.issue import codes
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import Figure, given, less, negative, rounded_money, total
from billhook.kernel.money import Policy, find_currency, round_to
from billhook.kernel.origin import Origin
from billhook.model.charge import Charge, LineAdjustment

RULE = "core.review.write-down"


@attrs.frozen(kw_only=True)
class WriteDown:
    """A reviewer's change of one line.

    Attributes:
        line: Id of the line.
        amount: What it is lowered by, in the bill's currency; negative raises it.
        reason: Why; printed with the line.
        by: Who.
        place: What was reviewed, for the trace: ``run june``.
    """

    line: str
    amount: Decimal
    reason: str
    by: str
    place: str = "review"


def revising(changes: Iterable[WriteDown], policy: Policy) -> Revise:
    """Return what makes a reviewer's changes to the charges of a bill.

    Raises:
        RefusedError: BH517, when it is applied: no such line, or more than the line has.
    """
    wanted = tuple(changes)

    def revise(charges: tuple[Charge, ...]) -> tuple[Charge, ...]:
        known = {charge.id: charge for charge in charges}
        for change in wanted:
            if change.line not in known:
                raise _unfit(f"there is no line {change.line!r}", f"lines: {', '.join(known)}")
            known[change.line] = write_down(known[change.line], change, policy)
        return tuple(known.values())

    return revise if wanted else tuple


def write_down(charge: Charge, change: WriteDown, policy: Policy) -> Charge:
    """Return a charge lowered by an amount; the trace says by whom and why.

    Raises:
        RefusedError: BH517: the amount is finer than the currency, or more than the line has.
    """
    before = rounded_money(charge.amount, policy.line, "core.line.amount")
    cut = _cut(change, before)
    after = less(before, cut, rule="core.review.billed")
    if (after.value < 0) is not (before.value < 0) and after.value:
        raise _unfit(
            f"cannot write down {change.amount}: line {charge.id!r} is only {before.value} "
            f"{before.unit}",
            f"write down at most {before.value}; issue a credit note for anything more",
        )
    moved = negative(cut, RULE)
    old = charge.adjustment
    reasons = dict.fromkeys((str(charge.adjustment_reason), change.reason))
    several = charge.adjustments
    if several:
        several = (*several, LineAdjustment(amount=moved, reason=change.reason))
        old = total((each.amount for each in charge.adjustments), RULE)
    return attrs.evolve(
        charge,
        amount=after,
        gross=charge.gross or before,
        adjustments=several,
        adjustment=moved if old is None else total((old, moved), RULE),
        adjustment_reason="; ".join(reason for reason in reasons if reason),
    )


def _cut(change: WriteDown, before: Figure) -> Figure:
    step = find_currency(before.unit).step
    if not change.amount or round_to(change.amount, step) != change.amount:
        raise _unfit(f"{change.amount} is not a multiple of {step} {before.unit}")
    origin = Origin(f"{change.place}, {change.by}")
    return given(change.amount.quantize(step), before.unit, RULE, origin, reason=change.reason)


def _unfit(message: str, hint: str | None = None) -> RefusedError:
    return RefusedError([Diagnostic(codes.WRITE_DOWN.id, message, hint=hint)])
