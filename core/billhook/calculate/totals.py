"""The totals of a bill (EN 16931, BG-22; BR-CO-10 to BR-CO-16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billhook.kernel.figure import Figure, less, rounded_money, total
from billhook.kernel.money import Policy
from billhook.model.adjustment import AdjustmentKind, Applied, Stage
from billhook.model.invoice import Totals
from billhook.model.tax import TaxLine


def net_of(lines: Figure, applied: Sequence[Applied]) -> Figure:
    """Return lines − allowances + surcharges − withheld before tax (BT-109)."""
    allowances, surcharges, held = (
        _sum(applied, Stage.BEFORE_TAX, kind, lines.unit)
        for kind in (AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE, AdjustmentKind.WITHHELD)
    )
    return _net(lines, allowances, surcharges, held)


def gross_of(net: Figure, taxes: Iterable[TaxLine]) -> Figure:
    """Return net + tax charged (BT-112)."""
    return total((net, _tax(taxes, net.unit, withheld=False)), "core.total.gross")


def to_totals(
    lines: Figure,
    applied: Sequence[Applied],
    taxes: Sequence[TaxLine],
    policy: Policy,
    cash: Figure | None = None,
) -> Totals:
    """Return all totals; each is a figure over the parts it is made of.

    Args:
        lines: Sum of the lines.
        applied: The adjustments.
        taxes: The tax breakdown.
        policy: How the bill is rounded.
        cash: What is due in cash, where that is a part of the cash of a whole; ``None`` rounds by
            the policy.
    """
    unit = lines.unit
    sums = {
        "allowances": _sum(applied, Stage.BEFORE_TAX, AdjustmentKind.ALLOWANCE, unit),
        "surcharges": _sum(applied, Stage.BEFORE_TAX, AdjustmentKind.SURCHARGE, unit),
        "held": _sum(applied, Stage.BEFORE_TAX, AdjustmentKind.WITHHELD, unit),
        "withheld": _sum(applied, Stage.AFTER_TAX, AdjustmentKind.WITHHELD, unit),
        "settled": _sum(applied, Stage.AFTER_TAX, AdjustmentKind.SETTLED, unit),
    }
    net = _net(lines, sums["allowances"], sums["surcharges"], sums["held"])
    tax = _tax(taxes, unit, withheld=False)
    gross = total((net, tax), "core.total.gross")
    kept = _tax(taxes, unit, withheld=True)
    due = less(gross, kept, sums["withheld"], sums["settled"], rule="core.total.due")
    rounding = _rounding(due, applied, policy, cash)
    payable = total((due, rounding), "core.total.payable")
    return Totals(
        lines=lines,
        net=net,
        tax=tax,
        gross=gross,
        tax_withheld=kept,
        rounding=rounding,
        payable=payable,
        **sums,
    )


def _sum(applied: Sequence[Applied], stage: Stage, kind: AdjustmentKind, unit: str) -> Figure:
    amounts = (a.amount for a in applied if a.stage is stage and a.kind is kind)
    return total(amounts, f"core.total.{kind}", unit)


def _net(lines: Figure, allowances: Figure, surcharges: Figure, held: Figure) -> Figure:
    raised = total((lines, surcharges), "core.total.raised")
    return less(raised, allowances, held, rule="core.total.net")


def _tax(taxes: Iterable[TaxLine], unit: str, *, withheld: bool) -> Figure:
    rule = "core.total.tax-withheld" if withheld else "core.total.tax"
    return total((tax.amount for tax in taxes if tax.withheld is withheld), rule, unit)


def _rounding(
    due: Figure, applied: Sequence[Applied], policy: Policy, cash: Figure | None
) -> Figure:
    asked = [a.amount for a in applied if a.kind is AdjustmentKind.ROUNDING]
    if policy.cash is None:
        return total(asked, "core.total.rounding", due.unit)
    before = total((due, *asked), "core.total.before-rounding")
    after = cash or rounded_money(before, policy.cash, "core.total.cash")
    return total((*asked, less(after, before, rule="core.cash")), "core.total.rounding", due.unit)


def before_cash(totals: Totals, applied: Iterable[Applied]) -> Figure:
    """Return what is due before cash rounding, with the rounding that plugins ask for."""
    asked = [a.amount for a in applied if a.kind is AdjustmentKind.ROUNDING]
    due = less(
        totals.gross, totals.tax_withheld, totals.withheld, totals.settled, rule="core.total.due"
    )
    return total((due, *asked), "core.total.before-rounding")
