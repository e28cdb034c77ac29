"""A building site for the tests: a contract, and one application after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

import billhook_construction.plugin
from billhook import Document, Draft, Engine, Event, History, Job, Origin, Record
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.testing import sample_job
from billhook_construction.records import ChangeOrder, Progress, ScheduleItem, Status
from billhook_construction.settings import Contract
from billhook_construction.state import ConstructionState

ENGINE = Engine([("construction", billhook_construction.plugin), ("tax_table", tax_table)])


def d(value: str | int | Decimal) -> Decimal:
    return Decimal(value)


def row(item: str, value: str | int | Decimal | None = None, **facts: Any) -> ScheduleItem:
    fields: dict[str, Any] = {
        "description": f"Work {item}",
        "value": None if value is None else d(value),
        **facts,
    }
    return ScheduleItem(key=f"row:{item}", origin=Origin("schedule.csv", 2), item=item, **fields)


def change(
    number: str, amount: str | int, status: Status = "approved", **facts: Any
) -> ChangeOrder:
    return ChangeOrder(
        key=f"change:{number}",
        origin=Origin("changes.csv", 2),
        number=number,
        amount=d(amount),
        status=status,
        **facts,
    )


def entry(item: str, **facts: Any) -> Progress:
    fields: dict[str, Any] = {
        name: d(value) if isinstance(value, str | int) and not isinstance(value, bool) else value
        for name, value in facts.items()
        if name != "note"
    }
    note = str(facts.get("note", ""))
    return Progress(key=item, origin=Origin("progress.csv", 2), item=item, note=note, **fields)


@attrs.define(kw_only=True)
class Site:
    """A contract and what was applied for so far; each application is a month."""

    schedule: list[ScheduleItem]
    changes: list[ChangeOrder] = attrs.field(factory=list)
    currency: str = "USD"
    contract: Contract = attrs.field(factory=Contract)
    vat: Decimal | None = None
    documents: list[Document] = attrs.field(factory=list)
    events: list[Event] = attrs.field(factory=list)

    def draft(self, *entries: Progress) -> Draft:
        """Work the next application out."""
        return ENGINE.draft(self.job(), self.records(entries), self.history())

    def apply(self, *entries: Progress) -> ConstructionState:
        """Work the next application out, keep it, and return what it came to."""
        draft = self.draft(*entries)
        # A bill below nothing is issued as a credit note; here the sums are looked at.
        assert [each for each in draft.errors if each.code != "BH403"] == []
        self.documents.append(draft.document)
        return state_of(draft)

    def job(self) -> Job:
        number = len(self.documents) + 1
        rate = TaxRate(category="O", reason="none") if self.vat is None else self._vat()
        return sample_job(
            id=f"application-{number}",
            date=day(number),
            currency=self.currency,
            pockets=(self.contract, TaxTable(rates=(rate, attrs.evolve(rate, tax_class="other")))),
        )

    def _vat(self) -> TaxRate:
        return TaxRate(name="VAT", percent=self.vat)

    def records(self, entries: Iterable[Progress]) -> list[Record]:
        number = len(self.documents) + 1
        keyed = [attrs.evolve(each, key=f"{number}:{each.key}") for each in entries]
        return [*self.schedule, *self.changes, *keyed]

    def history(self) -> History:
        return History(self.documents, self.events)

    def set(self, **settings: Any) -> None:
        self.contract = attrs.evolve(self.contract, **settings)


def day(number: int) -> dt.date:
    """Return the day of an application: month ends from January 2026."""
    year, month = divmod(number, 12)
    return dt.date(2026 + year, month + 1, 1) - dt.timedelta(days=1)


def state_of(draft: Draft) -> ConstructionState:
    states = [state.value for state in draft.invoice.states]
    found = [state for state in states if isinstance(state, ConstructionState)]
    assert len(found) == 1
    return found[0]


def codes_of(draft: Draft) -> list[str]:
    return [finding.code for finding in draft.findings]
