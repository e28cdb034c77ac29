"""A day that is rounded once, over all its bills: late entries, two clients, credits, voids.

A Hypothesis machine of months: entries arrive late, bills are issued, credited, voided and billed
again.  At every step each entry is on one living bill or open, the counts equal what the living
documents count, and the units billed of a day are the day's time on the increment.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from billhook.audit.verify import verify
from billhook.credit.note import Correction
from billhook.credit.service import credit, void
from billhook.issue.actor import Actor
from billhook.issue.history import effective
from billhook.issue.request import IssueRequest, issue_requests
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import graph
from billhook.model.document import Document
from billhook.model.record import content
from billhook.store.database import open_store
from billhook.store.memory import memory_store
from billhook.testing import sample_job
from billhook_legal.settings import LegalSettings
from legal.office import ENGINE, PEOPLE, RATES, D, entry

NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
UNIT = Decimal(6)
MATTERS = ("M1", "M2")


def actor(minutes: int) -> Actor:
    return Actor(by="kim", at=NOON + dt.timedelta(minutes=minutes), reason="test")


def order(matter: str, entries: list, scope: str, **facts: object) -> IssueRequest:
    pocket = LegalSettings(
        timekeepers=PEOPLE, rates=RATES, increment=UNIT, scope=scope, bill=(matter,), **facts
    )
    job = sample_job(id=matter, subject=matter, pockets=(pocket,))
    return IssueRequest(engine=ENGINE, job=job, records=tuple(entries))


def bill(store, matter: str, entries: list, scope: str, minutes: int = 0, **facts: object):
    [outcome] = issue_requests(store, [order(matter, entries, scope, **facts)], actor(minutes))
    return outcome.documents


def hours(documents) -> list[Decimal]:
    return [line.quantity.value for each in documents for line in each.invoice.lines]


def test_a_late_entry_is_billed_the_difference() -> None:
    """4 + 4 min are 12; 4 more make 12 min, which are billed; 1 more makes 13, which are 18."""
    store, day = memory_store(), "timekeeper-matter-day"
    entries = [entry("1", 4, matter="M1"), entry("2", 4, matter="M1")]

    assert sum(hours(bill(store, "M1", entries, day))) == D("0.2")
    entries.append(entry("3", 4, matter="M1"))
    assert hours(bill(store, "M1", entries, day, 1)) == [D(0)]
    entries.append(entry("4", 1, matter="M1"))
    assert hours(bill(store, "M1", entries, day, 2)) == [D("0.1")]


def test_a_late_entry_is_billed_the_difference_without_the_rows_that_were_billed() -> None:
    """The next month's file has the late row only: what bills count stands for the others."""
    store, day = memory_store(), "timekeeper-day"
    bill(store, "M1", [entry("1", 4, matter="M1"), entry("2", 4, matter="M1")], day)

    assert hours(bill(store, "M1", [entry("3", 4, matter="M1", narrative="Call")], day, 1)) == [
        D(0)
    ]
    assert hours(bill(store, "M2", [entry("4", 1, matter="M2")], day, 2)) == [D("0.1")]


def test_work_that_was_credited_and_kept_is_not_billed_with_a_late_entry() -> None:
    """60 min are credited as a gift; 6 min more are 66 in all, of which 6 are billed."""
    store, day = memory_store(), "timekeeper-day"
    entries = [entry("1", 60, matter="M1")]
    [first] = bill(store, "M1", entries, day)
    credit(ENGINE, store, first.number, Correction(release=False), actor(1))

    entries.append(entry("2", 6, matter="M1"))
    assert hours(bill(store, "M1", entries, day, 2)) == [D("0.1")]


def test_work_that_was_credited_and_released_is_billed_again() -> None:
    store, day = memory_store(), "timekeeper-day"
    entries = [entry("1", 4, matter="M1")]
    [first] = bill(store, "M1", entries, day)
    credit(ENGINE, store, first.number, Correction(release=True), actor(1))

    entries.append(entry("2", 4, matter="M1"))
    assert sum(hours(bill(store, "M1", entries, day, 2))) == D("0.2")


def test_the_least_units_are_those_of_the_day() -> None:
    """Five minutes with a minimum of two units are 12; two minutes more are inside."""
    store, day = memory_store(), "timekeeper-day"
    entries = [entry("1", 5, matter="M1")]

    assert hours(bill(store, "M1", entries, day, minimum=2)) == [D("0.2")]
    entries.append(entry("2", 2, matter="M1"))
    assert hours(bill(store, "M1", entries, day, 1, minimum=2)) == [D(0)]


def test_the_trace_of_a_bill_names_no_entry_of_another_matter() -> None:
    store = memory_store()
    entries = [entry("1", 3, matter="M1"), entry("2", 3, matter="M2")]
    [document] = bill(store, "M1", entries, "timekeeper-day")

    places = {
        figure.origin.line
        for line in document.invoice.lines
        for figure in graph(line.amount, *line.counts.values())
        if figure.origin is not None and figure.origin.file == "time.csv"
    }
    assert places == {1}
    assert document.invoice.skipped == ()


class Months(RuleBasedStateMachine):
    """An office that bills two matters over a few days, in whatever order work arrives."""

    scope = "timekeeper-day"

    def __init__(self) -> None:
        super().__init__()
        self.entries: list = []
        self.clock = 0
        self.folder: TemporaryDirectory[str] | None = None

    @initialize(database=st.booleans())
    def open(self, database: bool) -> None:
        self.folder = TemporaryDirectory() if database else None
        name = self.folder.name if self.folder else ""
        self.store = open_store(Path(name) / "b.db", create=True) if name else memory_store()

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        if self.folder is not None:
            self.folder.cleanup()

    def _tick(self) -> int:
        self.clock += 1
        return self.clock

    @rule(
        minutes=st.integers(0, 14),
        day=st.integers(3, 4),
        matter=st.sampled_from(MATTERS),
        by=st.sampled_from(["EH", "PN"]),
    )
    def work(self, minutes: int, day: int, matter: str, by: str) -> None:
        key = str(len(self.entries) + 1)
        self.entries.append(entry(key, minutes, on=day, by=by, matter=matter))

    @rule(matter=st.sampled_from(MATTERS))
    def bill(self, matter: str) -> None:
        bill(self.store, matter, self.entries, self.scope, self._tick())

    @rule(data=st.data(), whole=st.booleans())
    def credit(self, data: st.DataObject, whole: bool) -> None:
        if not (documents := self._living()):
            return
        document = data.draw(st.sampled_from(documents))
        line = data.draw(st.sampled_from(document.invoice.lines)).id
        wanted = Correction(release=True, lines=() if whole else (line,))
        try:
            credit(ENGINE, self.store, document.number, wanted, actor(self._tick()))
        except RefusedError as error:
            assert {finding.code for finding in error.findings} <= {"BH504", "BH506"}  # noqa: PT017

    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        if not (documents := self._living()):
            return
        document = data.draw(st.sampled_from(documents))
        try:
            void(ENGINE, self.store, document.number, actor(self._tick()), release=True)
        except RefusedError as error:
            assert {finding.code for finding in error.findings} == {"BH506"}  # noqa: PT017

    def _living(self) -> list[Document]:
        with self.store.read() as reading:
            return [d for m in MATTERS for d in effective(reading, m, ENGINE.plugins)]

    @invariant()
    def each_entry_is_on_one_living_bill_or_open(self) -> None:
        if not hasattr(self, "store"):
            return
        lines = [key for d in self._living() for line in d.invoice.lines for key in line.sources]
        assert len(lines) == len(set(lines))
        with self.store.read() as reading:
            assert set(reading.claims(each.key for each in self.entries)) >= set(lines)

    @invariant()
    def counts_equal_the_living_documents(self) -> None:
        if not hasattr(self, "store"):
            return
        sums: dict[str, Decimal] = {}
        for document in self._living():
            for line in document.invoice.lines:
                for key, figure in line.counts.items():
                    sums[key] = sums.get(key, D(0)) + figure.value
        with self.store.read() as reading:
            totals = {step.key: step.total for step in reading.counts()}
        assert {k: v for k, v in totals.items() if v} == {k: v for k, v in sums.items() if v}

    @invariant()
    def no_day_is_billed_more_than_its_time_on_the_increment(self) -> None:
        """The units of a day are never above its rounding when it was last billed; when all of
        it is billed and nothing was credited, they are the rounding."""
        if not hasattr(self, "store"):
            return
        with self.store.read() as reading:
            totals = {step.key: step.total for step in reading.counts()}
        for key, worked in totals.items():
            if key.startswith("legal.worked:"):
                units = totals[key.replace("worked", "units")]
                all_ = sum(
                    each.minutes
                    for each in self.entries
                    if key.endswith(f":{each.timekeeper}:{each.date}")
                )
                assert worked / 60 <= all_
                assert D(0) <= units <= _rounded(all_)

    @rule()
    def bill_everything(self) -> None:
        for matter in MATTERS:
            bill(self.store, matter, self.entries, self.scope, self._tick())
        assert not verify(self.store, ENGINE.plugins).findings


def _rounded(minutes: Decimal) -> Decimal:
    """Return minutes on the next full unit, independently of the product."""
    return (Decimal(minutes) / UNIT).to_integral_value(ROUND_CEILING) * UNIT


Months.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestMonths = Months.TestCase


@pytest.mark.parametrize("minutes", [(3, 3), (4, 4, 4), (1, 5, 7, 13), (6, 6), (0, 0), (0, 7)])
def test_bills_one_by_one_come_to_the_day(minutes: tuple[int, ...]) -> None:
    """Whatever is billed when: the day's units are its minutes on the next full unit."""
    store, entries, billed = memory_store(), [], D(0)
    for number, each in enumerate(minutes, 1):
        matter = MATTERS[number % 2]
        entries.append(entry(str(number), each, matter=matter))
        billed += sum(hours(bill(store, matter, entries, "timekeeper-day", number)), D(0))

    assert billed * 60 == _rounded(D(sum(minutes)))
    assert len({content(each) for each in entries}) == len(entries)
