"""Tax by the day of supply: lines of one class and other days may bear another tax."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic
from billhook.model.adjustment import Adjustment, Percentage
from billhook.model.charge import Charge
from billhook.model.invoice import Line
from billhook.model.job import Job
from billhook.model.tax import Taxable, TaxRule

Ask = Callable[[Job, Taxable], TaxRule | None]
"""Gives the rule of a class; ``None`` when nobody knows."""


@attrs.frozen
class TaxDays:
    """The classes of a bill with the days on which they are taxed.

    Attributes:
        lines: The lines; one whose tax was another on its own day has a class of that day.
        days: The class and day that such a class stands for.
        findings: Lines of days that do not have one tax.
    """

    lines: tuple[Line, ...]
    days: Mapping[str, tuple[str, dt.date]]
    findings: tuple[Diagnostic, ...] = ()

    def divide(self, asked: Adjustment) -> Adjustment:
        """Return an adjustment of a class as one of the lines of the class, on whatever day."""
        name = asked.tax_class
        if name is None or all(known != name for known, _ in self.days.values()):
            return asked
        own = [
            line.id
            for line in self.lines
            if self.days.get(line.tax_class, (line.tax_class,))[0] == name
        ]
        if asked.lines or asked.bases or isinstance(asked.amount, Percentage):
            return attrs.evolve(asked, tax_class=None)
        return attrs.evolve(asked, tax_class=None, lines=tuple(own))


def tax_days(job: Job, lines: Sequence[Line], ask: Ask) -> TaxDays:
    """Return the lines with the class of their own day, where that has another tax."""
    usual = job.tax_point or job.date
    rules: dict[tuple[str, dt.date], TaxRule | None] = {}

    def rule(line: Charge, day: dt.date) -> TaxRule | None:
        place = (line.tax_class, day)
        if place not in rules:
            rules[place] = ask(job, taxable(job, line, day))
        return rules[place]

    found: dict[str, tuple[str, dt.date]] = {}
    findings: list[Diagnostic] = []
    done = []
    for line in sorted(lines, key=lambda each: day_of(each) or usual):
        day = day_of(line) or usual
        own = facts(rule(line, day))
        findings.extend(_spanning(job, line, rule))
        if own is not None and own != facts(rule(line, usual)):
            same = (
                n
                for n, (c, d) in found.items()
                if c == line.tax_class and facts(rules[c, d]) == own
            )
            name = next(same, f"{line.tax_class}@{day}")
            found.setdefault(name, (line.tax_class, day))
            line = attrs.evolve(line, tax_class=name)  # noqa: PLW2901 - the line as it is billed
        done.append(line)
    by_id = {line.id: line for line in done}
    return TaxDays(tuple(by_id[line.id] for line in lines), found, tuple(findings))


def day_of(line: Charge) -> dt.date | None:
    """Return the day on which a line's work was supplied: of a period, its last."""
    return line.date or (line.period.last if line.period else None)


def facts(rule: TaxRule | None) -> object:
    """Return what makes two rules the same tax, wherever they stand."""
    if rule is None:
        return None
    taxes = [(str(c.name), c.rate.value, c.compound, c.withheld) for c in rule.components]
    return rule.category, str(rule.reason), rule.reason_code, taxes


def taxable(job: Job, line: Charge, day: dt.date) -> Taxable:
    """Return what tax is asked for of a line on a day."""
    return Taxable(
        tax_class=line.tax_class, base=line.amount, date=day, seller=job.seller, buyer=job.buyer
    )


def _spanning(
    job: Job,
    line: Line,
    rule: Callable[[Charge, dt.date], TaxRule | None],
) -> Iterator[Diagnostic]:
    """Find a line whose days do not have one tax."""
    if line.date is not None or line.period is None:
        return
    if facts(rule(line, line.period.first)) != facts(rule(line, line.period.last)):
        message = (
            f"line {line.id!r} covers {line.period}, and the tax of class "
            f"{line.tax_class!r} changed within it"
        )
        hint = "bill the days before the change and the days from it on as two rows"
        yield Diagnostic(codes.TAX_SPAN.id, message, origin=job.origin, hint=hint)
