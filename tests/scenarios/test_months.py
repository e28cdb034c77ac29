"""An office over months: work arrives late and is corrected; bills, splits, credits, voids."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

import billhook_legal.plugin as legal
from billhook import Engine, IssueRequest, Share, given, hookimpl
from billhook.audit.verify import verify
from billhook.builtin import tax_table
from billhook.credit.note import Correction
from billhook.credit.service import credit, void
from billhook.issue.history import effective
from billhook.issue.request import issue_requests
from billhook.kernel.errors import RefusedError
from billhook.model.document import Document
from billhook.plugins.info import PluginInfo
from billhook.testing import sample_job, sample_party
from billhook.testing.samples import Inline
from billhook_legal.settings import LegalSettings
from legal.office import PEOPLE, RATES
from legal.test_day_scope import MATTERS, UNIT, Months, _rounded, actor

MONTHS = (6, 7, 8)
WEIGHTS = ((), ("1", "1"), ("1", "2"), ("1", "1", "1"))
"""What payers bear; none is one bill."""


@attrs.frozen(kw_only=True)
class Payers:
    """Who pays, in what parts."""

    weights: tuple[str, ...] = ()


@hookimpl
def billhook_plugin() -> PluginInfo:
    return PluginInfo(name="payers", settings=Payers)


@hookimpl
def billhook_split(job):
    weights = job.settings(Payers).weights
    return [
        Share(sample_party(f"payer-{place}"), given(D(weight), "1", "test.weight"))
        for place, weight in enumerate(weights)
    ] or None


SPLIT = Inline(billhook_plugin=billhook_plugin, billhook_split=billhook_split)
ENGINE = Engine([("legal", legal), ("tax_table", tax_table), ("payers", SPLIT)])


class Account(Months):
    """Two matters over three months, a bill of each at any time, for one payer or several."""

    def __init__(self) -> None:
        super().__init__()
        self.month = 0
        self.payers: dict[str, int] = {}

    def ask(self, matter: str, weights: tuple[str, ...] = ()) -> list[Document]:
        """Bill what is open of a matter at the end of the month."""
        pocket = LegalSettings(
            timekeepers=PEOPLE, rates=RATES, increment=UNIT, scope=self.scope, bill=(matter,)
        )
        job = sample_job(
            id=f"{matter}-{self.clock}",
            subject=matter,
            date=self._today(),
            pockets=(pocket, Payers(weights=weights)),
        )
        request = IssueRequest(engine=ENGINE, job=job, records=tuple(self.entries))
        self.payers[job.id] = max(1, len(weights))
        [outcome] = issue_requests(self.store, [request], actor(self._tick()))
        return list(outcome.documents)

    def _today(self) -> dt.date:
        return dt.date(2026, MONTHS[self.month], 30)

    @rule()
    def next_month(self) -> None:
        self.month = min(self.month + 1, len(MONTHS) - 1)

    @rule(matter=st.sampled_from(MATTERS), weights=st.sampled_from(WEIGHTS))
    def bill(self, matter: str, weights: tuple[str, ...]) -> None:
        found = self.ask(matter, weights)
        assert len(found) in {0, max(1, len(weights))}

    @rule(data=st.data(), minutes=st.integers(0, 14))
    def correct(self, data: st.DataObject, minutes: int) -> None:
        """Correct a row that stands on no bill: typed wrong, or taken back to be mended."""
        billed = {
            key for each in self._living() for line in each.invoice.lines for key in line.sources
        }
        if not (places := [i for i, each in enumerate(self.entries) if each.key not in billed]):
            return
        place = data.draw(st.sampled_from(places))
        self.entries[place] = attrs.evolve(self.entries[place], minutes=D(minutes))

    @rule(data=st.data(), whole=st.booleans(), one=st.booleans())
    def credit(self, data: st.DataObject, whole: bool, one: bool) -> None:
        """Take a line, or all that is left, back from every payer of a bill, or from one."""
        if not (bills := self._bills()):
            return
        documents = data.draw(st.sampled_from(bills))
        line = data.draw(st.sampled_from(documents[0].invoice.lines)).id
        if one:
            documents = [data.draw(st.sampled_from(documents))]
        wanted = Correction(release=True, lines=() if whole else (line,), date=self._today())
        for each in documents:
            try:
                credit(ENGINE, self.store, each.number, wanted, actor(self._tick()))
            except RefusedError as error:
                assert {finding.code for finding in error.findings} <= {"BH504", "BH506"}  # noqa: PT017

    @rule(data=st.data(), one=st.booleans())
    def void(self, data: st.DataObject, one: bool) -> None:
        if not (bills := self._bills()):
            return
        documents = data.draw(st.sampled_from(bills))
        for each in documents[:1] if one else documents:
            try:
                void(ENGINE, self.store, each.number, actor(self._tick()), release=True)
            except RefusedError as error:
                assert {finding.code for finding in error.findings} == {"BH506"}  # noqa: PT017

    @rule(data=st.data(), units=st.integers(1, 500))
    def credit_sum(self, data: st.DataObject, units: int) -> None:
        """A sum of goodwill gives nothing back to be billed, and counts nothing."""
        if not (bills := self._bills()):
            return
        [each, *_] = data.draw(st.sampled_from(bills))
        wanted = Correction(amount=D(units).scaleb(-2), release=False, date=self._today())
        try:
            credit(ENGINE, self.store, each.number, wanted, actor(self._tick()))
        except RefusedError as error:
            assert {finding.code for finding in error.findings} <= {"BH504", "BH506"}  # noqa: PT017

    def _living(self) -> list[Document]:
        with self.store.read() as reading:
            return [d for m in MATTERS for d in effective(reading, m, ENGINE.plugins)]

    def _bills(self) -> list[list[Document]]:
        """Return the living documents, those of one bill's payers together."""
        bills: dict[str, list[Document]] = {}
        for each in self._living():
            bills.setdefault(each.invoice.job, []).append(each)
        return list(bills.values())

    @invariant()
    def each_entry_is_on_one_living_bill_or_open(self) -> None:
        if not hasattr(self, "store"):
            return
        where: dict[str, set[str]] = {}
        for each in self._living():
            keys = [key for line in each.invoice.lines for key in line.sources]
            assert len(keys) == len(set(keys))
            for key in keys:
                where.setdefault(key, set()).add(each.invoice.job)
        assert all(len(jobs) == 1 for jobs in where.values()), where

    def _take_back_halves(self) -> None:
        """Credit what stands of a bill of which not every payer has the same lines any more."""
        for documents in self._bills():
            number = documents[0].invoice.job
            lines = [{line.id for line in each.invoice.lines} for each in documents]
            if len(documents) == self.payers[number] and all(each == lines[0] for each in lines):
                continue
            for each in documents:
                credit(
                    ENGINE, self.store, each.number, Correction(release=True), actor(self._tick())
                )

    @rule()
    def bill_everything(self) -> None:
        """Then nothing is open, and a second bill finds nothing."""
        self._take_back_halves()
        for matter in MATTERS:
            self.ask(matter)
            assert self.ask(matter) == []
        billed = {
            key for each in self._living() for line in each.invoice.lines for key in line.sources
        }
        assert billed == {each.key for each in self.entries}
        with self.store.read() as reading:
            totals = {step.key: step.total for step in reading.counts()}
        for key, worked in totals.items():
            if key.startswith("legal.worked:"):
                minutes = sum(
                    each.minutes
                    for each in self.entries
                    if key.endswith(f":{each.timekeeper}:{each.date}")
                )
                assert worked == minutes * 60
                assert totals[key.replace("worked", "units")] == _rounded(minutes)
        assert not verify(self.store, ENGINE.plugins).findings


Account.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAccount = Account.TestCase
