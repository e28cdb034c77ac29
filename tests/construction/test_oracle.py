"""Applications against a second calculation: fractions, written down from the contract's words.

Of each row the work to date is rounded once, half away from zero, from percent, amount or quantity;
retainage is a rate of all work to date and of all material stored now, each rounded once; what is
due is earned less what was earned before.  Nothing here comes from the plugin but its results.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from billhook_construction.records import ChangeOrder, Progress, ScheduleItem
from billhook_construction.settings import Contract
from construction.site import Site, change, d, day, entry, row, state_of

CENTS = st.integers(1, 2_000_000_00).map(lambda cents: Decimal(cents) / 100)
RATES = st.integers(0, 2500).map(lambda hundredths: Decimal(hundredths) / 100)


def cents(value: Fraction) -> Fraction:
    """Return a value rounded to cents, halves away from zero."""
    whole = (abs(value) * 100 + Fraction(1, 2)) // 1
    return Fraction(whole, 100) * (-1 if value < 0 else 1)


@attrs.define
class Row:
    """A row as the second calculation knows it."""

    value: Fraction
    price: Fraction | None = None
    work: Fraction = Fraction(0)
    stored: Fraction = Fraction(0)

    def report(self, said: Progress) -> None:
        """Take over what was reported."""
        if said.percent is not None:
            self.work = cents(self.value * Fraction(said.percent) / 100)
        if said.amount is not None:
            self.work = cents(Fraction(said.amount))
        if said.this_period is not None:
            self.work += cents(Fraction(said.this_period))
        if said.quantity is not None and self.price is not None:
            self.work = cents(Fraction(said.quantity) * self.price)
        if said.stored is not None:
            self.stored = cents(Fraction(said.stored))


@attrs.define
class Ledger:
    """The second calculation of a contract."""

    contract: Contract
    rows: dict[str, Row]
    before: Fraction = Fraction(0)

    def apply(self, month: Sequence[Progress]) -> tuple[Fraction, ...]:
        """Return lines 4 to 8 of the summary after a month."""
        for said in month:
            self.rows[said.item].report(said)
        work = sum((each.work for each in self.rows.values()), Fraction(0))
        stored = sum((each.stored for each in self.rows.values()), Fraction(0))
        on_work = cents(work * Fraction(self.contract.retainage_work) / 100)
        on_stored = cents(stored * Fraction(self.contract.stored_rate) / 100)
        earned = work + stored - on_work - on_stored
        due, self.before = earned - self.before, earned
        return (work + stored, on_work, on_stored, earned, earned - due, due)


def the_plugins(site: Site, month: Sequence[Progress]) -> tuple[Fraction, ...]:
    """Return lines 4 to 8 as the plugin has them, and keep the application."""
    draft = site.draft(*month)
    # a bill below nothing is issued as a credit note; here the sums are looked at
    assert [each for each in draft.errors if each.code != "BH403"] == []
    assume(draft.worked_out is not None)  # where nothing moved there is no bill
    site.documents.append(draft.document)
    summary = state_of(draft).summary
    assert draft.invoice.totals.payable.value == summary.due.value
    return tuple(
        Fraction(figure.value)
        for figure in (
            summary.to_date,
            summary.retained_work,
            summary.retained_stored,
            summary.earned,
            summary.previous_certificates,
            summary.due,
        )
    )


@st.composite
def schedules(draw: st.DrawFn) -> list[ScheduleItem]:
    rows = [row(str(n), draw(CENTS)) for n in range(draw(st.integers(1, 4)))]
    if draw(st.booleans()):
        price, quantity = draw(st.integers(1, 99999)), draw(st.integers(1, 500))
        rows.append(row("m", quantity=d(quantity), unit_price=Decimal(price) / 1000, unit="m2"))
    return rows


@st.composite
def orders(draw: st.DrawFn) -> list[ChangeOrder]:
    signs = st.sampled_from([1, -1])
    return [
        change(f"CO-{n}", draw(CENTS) * draw(signs), date=day(draw(st.integers(1, 3))))
        for n in range(draw(st.integers(0, 2)))
    ]


def step(draw: st.DrawFn, item: ScheduleItem | ChangeOrder, number: int) -> Progress:
    """One row of progress: never back, never beyond the value."""
    name = item.item if isinstance(item, ScheduleItem) else item.number
    share = draw(st.integers(number * 2000, number * 2000 + 2000))
    facts: dict[str, Any] = {"percent": Decimal(share) / 100}
    value = item.value if isinstance(item, ScheduleItem) else None
    if isinstance(item, ScheduleItem) and item.quantity is not None:
        facts = {"quantity": item.quantity * share / 10000}
    elif value is not None and draw(st.booleans()):
        facts = {"amount": (value * share / 10000).quantize(Decimal("0.0001"))}
    if value is not None and draw(st.booleans()):
        facts["stored"] = (value * draw(st.integers(0, 1900)) / 10000).quantize(Decimal("0.001"))
    return entry(name, **facts)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_every_application_comes_to_the_second_calculation(data: st.DataObject) -> None:
    contract = Contract(retainage_work=data.draw(RATES), retainage_stored=data.draw(RATES))
    site = Site(schedule=data.draw(schedules()), changes=data.draw(orders()), contract=contract)
    ledger = Ledger(contract, {})
    for _ in range(3):
        number = len(site.documents) + 1
        items = [*site.schedule, *(o for o in site.changes if o.date and o.date <= day(number))]
        for item in items:
            _known(ledger, item)
        draw = data.draw
        month = [draw(st.composite(step)(item, number)) for item in items if draw(st.booleans())]
        if month:
            found = the_plugins(site, month)
            assert found == ledger.apply(month)


def _known(ledger: Ledger, item: ScheduleItem | ChangeOrder) -> None:
    if isinstance(item, ChangeOrder):
        ledger.rows.setdefault(item.number, Row(Fraction(item.amount)))
    elif item.unit_price is not None and item.quantity is not None:
        price = Fraction(item.unit_price)
        ledger.rows.setdefault(item.item, Row(cents(Fraction(item.quantity) * price), price))
    else:
        ledger.rows.setdefault(item.item, Row(Fraction(item.value or 0)))
