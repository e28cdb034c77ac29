"""Signs of a bill: which document amounts below nothing belong on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from billhook.calculate.lines import by_class
from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import Figure, negative, total
from billhook.kernel.money import Rounding, find_currency, round_to
from billhook.model.adjustment import (
    Adjustment,
    Applied,
    Excess,
    LinePart,
    Percentage,
    Shortfall,
    Stage,
    UpTo,
)
from billhook.model.invoice import Line, Totals
from billhook.model.job import Job

CREDITS = frozenset({"81", "83", "261", "296", "308", "381", "396", "420", "458", "532"})
"""The types of UNTDID 1001 that EN 16931 counts among credit notes."""

CORRECTED = "384"
"""The corrected invoice, which states the difference with its sign."""

TURNED = "core.credit.turned"


def is_below_nothing(totals: Totals) -> bool:
    """Return whether a bill as a whole gives back more than it charges."""
    net, gross, payable = totals.net.value, totals.gross.value, totals.payable.value
    return net < 0 or gross < 0 or (not net and not gross and payable < 0)


def check_sign(job: Job, totals: Totals) -> Iterator[Diagnostic]:
    """Find amounts below nothing on a document that has none."""
    gross, payable = totals.gross, totals.payable
    if job.type_code in CREDITS:
        if is_below_nothing(totals):
            message = (
                f"the credit note totals {_format_amount(gross)}; a credit note states the amounts "
                "it gives back as positive"
            )
            yield Diagnostic(
                codes.NEGATIVE_CREDIT_NOTE.id,
                message,
                origin=job.origin,
                hint="bill it as an invoice",
            )
    elif is_below_nothing(totals) and job.type_code != CORRECTED:
        shown = gross if gross.value < 0 else payable if payable.value < 0 else totals.net
        message = f"the bill totals {_format_amount(shown)}: money given back goes on a credit note"
        hint = (
            'write type_code = "381" to make it a credit note, whose amounts change sign; '
            "or credit the earlier document with billhook credit; or bill it together with "
            "later work"
        )
        yield Diagnostic(codes.NEGATIVE_BILL.id, message, origin=job.origin, hint=hint)
    elif payable.value < 0:
        message = (
            f"the amount due is {_format_amount(payable)}: more was paid or withheld than "
            "the bill is for"
        )
        hint = "refund the difference, or apply only as much of the payment as the bill is for"
        yield Diagnostic(codes.NEGATIVE_DUE.id, message, Severity.WARNING, job.origin, hint=hint)


def report_turned(job: Job, totals: Totals) -> Diagnostic:
    """Return the word on a credit note whose amounts were turned."""
    message = (
        f"the work totals {_format_amount(totals.gross)}; the credit note states it as positive"
    )
    return Diagnostic(codes.SIGNS_TURNED.id, message, Severity.INFO, job.origin)


def turned_line(line: Line) -> Line:
    """Return a line as a credit note states it."""
    return attrs.evolve(
        line,
        amount=negative(line.amount, TURNED),
        quantity=_negate(line.quantity),
        gross=_negate(line.gross),
        adjustment=_negate(line.adjustment),
        adjustments=tuple(
            attrs.evolve(each, amount=negative(each.amount, TURNED)) for each in line.adjustments
        ),
    )


def turned_adjustment(asked: Adjustment, applied: Applied) -> Adjustment:
    """Return an adjustment as a credit note states it; percentages and funds stay.

    Args:
        asked: What a plugin asks for.
        applied: What it came to before it was turned.
    """
    least, most = _negate(asked.at_most), _negate(asked.at_least)
    asked = attrs.evolve(asked, at_least=least, at_most=most)
    if isinstance(asked.amount, Excess | Shortfall):
        parts = tuple(LinePart(each.line, negative(each.amount, TURNED)) for each in applied.parts)
        amount = total((each.amount for each in parts), TURNED, applied.amount.unit)
        return attrs.evolve(asked, amount=amount, bases=parts)
    bases = tuple(LinePart(each.line, negative(each.amount, TURNED)) for each in asked.bases)
    if isinstance(asked.amount, Figure):
        return attrs.evolve(asked, amount=negative(asked.amount, TURNED), bases=bases)
    if isinstance(asked.amount, UpTo):
        nothing = total((), "core.zero", asked.amount.fund.unit)
        return attrs.evolve(asked, amount=nothing, bases=bases)
    return attrs.evolve(asked, bases=bases)


def _negate(figure: Figure | None) -> Figure | None:
    return None if figure is None else negative(figure, TURNED)


def _format_amount(figure: Figure) -> str:
    return f"{figure.value} {figure.unit}"


# ── what cannot be divided ───────────────────────────────────────────────────


def check_apportionment(
    job: Job, lines: Sequence[Line], asked: Sequence[Adjustment], applied: Sequence[Applied]
) -> Iterator[Diagnostic]:
    """Find sums that lines of several tax classes cannot bear in proportion."""
    if len(by_class(line for line in lines if line.amount.value)) < 2:  # noqa: PLR2004
        return
    if not any(line.amount.value < 0 for line in lines):
        return
    charged = total((line.amount for line in lines), "core.adjustment.base", job.currency)
    amounts = {each.id: each.amount for each in applied}
    for each in asked:
        if each.stage is not Stage.BEFORE_TAX or isinstance(each.amount, Percentage | UpTo):
            continue
        amount = each.amount if isinstance(each.amount, Figure) else amounts[each.id]
        named = each.tax_class is not None or each.lines or each.bases
        if not named and amount.value.copy_abs() > charged.value.copy_abs():
            message = (
                f"adjustment {each.id!r} of {_format_amount(amount)} cannot be divided over "
                f"tax classes that total {_format_amount(charged)}"
            )
            hint = "name its tax_class, or the lines that it applies to"
            yield Diagnostic(codes.INDIVISIBLE.id, message, origin=job.origin, hint=hint)


def check_policy(job: Job) -> Iterator[Diagnostic]:
    """Find a rounding policy that is finer than the currency's smallest unit."""
    unit, policy = find_currency(job.currency), job.policy
    named: dict[str, Rounding | None] = {
        "lines": policy.line,
        "tax": policy.tax,
        "cash": policy.cash,
    }
    for name, rounding in named.items():
        if rounding is not None and round_to(rounding.grid(unit), unit.step) != rounding.grid(unit):
            message = (
                f"policy {policy.id!r} rounds {name} to {rounding.grid(unit)}, but "
                f"{unit.code} has no amount smaller than {unit.step}"
            )
            hint = f"choose a policy whose steps are {unit.step} {unit.code} or multiples of it"
            yield Diagnostic(
                codes.ROUNDING_TOO_FINE.id, message, origin=job.origin, path="policy", hint=hint
            )
