"""A bookkeeper who does everything in any order, and an auditor who looks after each step."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from billhook.audit.replay import replay
from billhook.audit.verify import verify
from billhook.credit.balance import excess
from billhook.credit.note import Correction
from billhook.credit.service import billed_of, credit, void
from billhook.issue.anchors import anchors, close
from billhook.issue.delivery import find_sending, mark_sent
from billhook.issue.history import effective
from billhook.issue.request import issue_requests, rehearse_requests
from billhook.kernel.errors import ConflictError, RefusedError
from billhook.runs.issue import issue_run
from billhook.runs.run import Member, draft_run
from billhook.store.database import open_store
from billhook.store.memory import memory_store
from issue.desk import actor, desk_engine, item, order

ENGINE = desk_engine()
DAY = dt.date(2026, 6, 30)
SUBJECTS = ("north", "south")
AMOUNTS = st.integers(1, 100_000).map(lambda units: str(Decimal(units).scaleb(-2)))


@contextmanager
def refusing(*codes: str) -> Iterator[None]:
    """Let a refusal for one of these reasons pass, and no other."""
    found: set[str] = set()
    try:
        yield
    except RefusedError as error:
        found = {each.code for each in error.findings}
    assert found <= set(codes)


class Bookkeeping(RuleBasedStateMachine):
    """Keeps a plain model beside the store: which record is billed by which document."""

    documents = Bundle("documents")

    def __init__(self) -> None:
        super().__init__()
        self.minutes = 0
        self.records: dict[str, dict[str, str]] = {subject: {} for subject in SUBJECTS}
        self.billed: dict[str, str] = {}
        self.kept: set[str] = set()
        self.outdated: set[str] = set()
        self.closing = b""

    @initialize()
    def open(self) -> None:
        self.store = memory_store()

    # ── doing ────────────────────────────────────────────────────────────────

    def now(self, reason: str = ""):
        self.minutes += 1
        return actor("kim", reason, self.minutes)

    def job(self, subject: str):
        items = [item(key, amount) for key, amount in self.records[subject].items()]
        return order(ENGINE, items, id=f"{subject}-{self.minutes}", subject=subject)

    def took(self, subject: str, numbers: list[str]) -> None:
        """Note that everything unbilled of a subject is on a document now."""
        for key in self.records[subject]:
            if key not in self.billed:
                self.billed[key] = numbers[0]

    @rule(subject=st.sampled_from(SUBJECTS), amounts=st.lists(AMOUNTS, min_size=1, max_size=3))
    def work(self, subject: str, amounts: list[str]) -> None:
        for amount in amounts:
            count = sum(map(len, self.records.values()))
            self.records[subject][f"x:{subject}{count}"] = amount

    @rule(target=documents, subject=st.sampled_from(SUBJECTS))
    def issue(self, subject: str):
        return multiple(*self.issued(subject))

    def issued(self, subject: str) -> list[str]:
        """Issue what is unbilled of a subject, as rehearsed; return the numbers."""
        wanted = self.job(subject)
        fresh = [key for key in self.records[subject] if key not in self.billed]
        [rehearsed] = rehearse_requests(self.store, [wanted], self.now())
        [outcome] = issue_requests(self.store, [wanted], self.now())

        assert [d.number for d in outcome.documents] == [d.number for d in rehearsed.documents]
        assert bool(outcome.documents) is bool(fresh)
        numbers = [document.number or "" for document in outcome.documents]
        assert sorted(line.sources[0] for d in outcome.documents for line in d.invoice.lines) == (
            sorted(fresh)
        )
        if numbers:
            self.took(subject, numbers)
        return numbers

    @rule(target=documents, number=documents, amount=AMOUNTS, data=st.data())
    def rebill(self, number: str, amount: str, data):
        """Take back what is left of a bill, mend a record of it, and bill the work again."""
        with self.store.read() as reading:
            subject = reading.entry(number).subject
            keys = {line.sources[0] for line in billed_of(reading, number, ENGINE).left}
        if not self.credit(number, Correction(release=True), keys):
            return multiple()
        if keys:
            mended = data.draw(st.sampled_from(sorted(keys)))
            self.outdated.update(self.billing(mended))
            self.records[subject][mended] = amount
        numbers = self.issued(subject)
        assert bool(keys) <= bool(numbers)
        return multiple(*numbers)

    def billing(self, key: str) -> list[str]:
        """Return every document that ever billed a record."""
        with self.store.read() as reading:
            numbers = [entry.number for entry in reading.entries()]
            return [n for n in numbers if key in {claim.key for claim in reading.claims_of(n)}]

    @rule(target=documents, subjects=st.permutations(SUBJECTS), stop=st.booleans())
    def run(self, subjects: list[str], stop: bool):
        """Draft both subjects into a run and issue it, now and then in two goes at once."""
        name = f"run{self.minutes}"
        members = [
            Member(request=self.job(subject), job=subject, path=subject) for subject in subjects
        ]
        draft_run(self.store, name, members, self.now())
        first = issue_run(self.store, name, members, self.now())
        second = issue_run(self.store, name, members, self.now())
        if stop:
            next(first)
        turns = [turn for turn in (*second, *first) if turn.documents and not turn.again]
        for turn in turns:
            self.took(turn.job.job, [turn.documents[0].number or ""])
        with self.store.read() as reading:
            found = [e.number for e in reading.entries() if e.key.startswith(f"{name}/")]
        for subject in subjects:
            mine = [e for e in found if self._subject(e) == subject]
            assert len(mine) <= 1
            if mine:
                self.took(subject, mine)
        return multiple(*found)

    def _subject(self, number: str) -> str:
        with self.store.read() as reading:
            return reading.entry(number).subject

    @rule(number=documents, release=st.booleans(), data=st.data())
    def credit_lines(self, number: str, release: bool, data) -> None:
        with self.store.read() as reading:
            billed = billed_of(reading, number, ENGINE)
        lines = {line.id: line for line in billed.invoice.lines}
        ids = data.draw(st.lists(st.sampled_from(sorted(lines)), min_size=1, unique=True))
        again = [id_ for id_ in ids if id_ in billed.taken]
        keys = {lines[id_].sources[0] for id_ in ids} if release else set()
        done = self.credit(number, Correction(lines=tuple(ids), release=release), keys)
        assert not (done and again)

    @rule(number=documents, percent=st.integers(1, 120))
    def credit_sum(self, number: str, percent: int) -> None:
        with self.store.read() as reading:
            gross = billed_of(reading, number, ENGINE).invoice.totals.gross.value
        amount = max(Decimal("0.01"), (gross * percent / 100).quantize(Decimal("0.01")))
        self.credit(number, Correction(amount=amount, release=False), set())

    @rule(number=documents, release=st.booleans())
    def credit_rest(self, number: str, release: bool) -> None:
        with self.store.read() as reading:
            left = billed_of(reading, number, ENGINE).left
        keys = {line.sources[0] for line in left} if release else set()
        self.credit(number, Correction(release=release), keys)

    def credit(self, number: str, correction: Correction, keys: set[str]) -> bool:
        """Credit, and note that the records are free; return whether it was not refused."""
        with refusing("BH504", "BH506"):
            made = credit(ENGINE, self.store, number, correction, self.now("wrong"))
            self.released(number, keys, made.released)
            return True
        return False

    def released(self, number: str, keys: set[str], count: int) -> None:
        assert len(keys) == count
        for key in keys:
            assert self.billed.pop(key) == number

    @rule(number=documents, release=st.booleans())
    def void(self, number: str, release: bool) -> None:
        with self.store.read() as reading:
            was_sent = find_sending(reading, number) is not None
            left = billed_of(reading, number, ENGINE).left
        with refusing("BH505", "BH506"):
            made = void(ENGINE, self.store, number, self.now("typo"), release=release)
            assert not was_sent
            keys = {line.sources[0] for line in left} if release else set()
            self.released(number, keys, made.released)

    @rule(number=consumes(documents))
    def send(self, number: str) -> None:
        with refusing("BH506"):
            mark_sent(self.store, number, self.now(), how="mail")

    @rule(subject=st.sampled_from(SUBJECTS))
    def backdate(self, subject: str) -> None:
        """A bill of an earlier day cannot stand after one of a later day."""
        wanted = order(
            ENGINE, [item(f"x:old{self.minutes}", "1.00")], id="old", date=DAY - dt.timedelta(1)
        )
        with self.store.read() as reading:
            first = next(reading.entries(), None) is None
        if not first:
            with pytest.raises(ConflictError):
                issue_requests(self.store, [wanted], self.now())

    @rule(number=documents)
    def replay(self, number: str) -> None:
        """What nobody edited comes out as it was issued, whatever else is billed by now."""
        with self.store.read() as reading:
            entry = reading.entry(number)
            own = {claim.key for claim in reading.claims_of(number)}
            records = [
                record
                for record in self.job(entry.subject).records
                if record.key in own or record.key in self.billed
            ]
            wanted = order(ENGINE, records, id=entry.job, subject=entry.subject)
            assert replay(reading, entry, wanted).same or number in self.outdated

    @rule()
    def close_books(self) -> None:
        self.closing = close(self.store, self.now())

    # ── looking ──────────────────────────────────────────────────────────────

    @invariant()
    def everything_verifies(self) -> None:
        known = anchors("closing.json", self.closing) if self.closing else ()
        assert verify(self.store, ENGINE.plugins, anchors=known).findings == ()

    @invariant()
    def numbers_run_from_one_without_gaps(self) -> None:
        with self.store.read() as reading:
            found: dict[str, list[int]] = {}
            for entry in reading.entries():
                found.setdefault(entry.series, []).append(entry.sequence)
        for sequence in found.values():
            assert sorted(sequence) == list(range(1, len(sequence) + 1))

    @invariant()
    def each_record_has_the_claim_that_the_model_says(self) -> None:
        every = [key for records in self.records.values() for key in records]
        with self.store.read() as reading:
            claims = reading.claims(every)
        assert {key: claim.document for key, claim in claims.items()} == self.billed

    @invariant()
    def credits_never_exceed_what_was_billed(self) -> None:
        with self.store.read() as reading:
            for entry in list(reading.entries()):
                if entry.type_code != "381":
                    assert list(excess(billed_of(reading, entry.number, ENGINE))) == []

    @invariant()
    @precondition(lambda self: self.billed)
    def what_counts_bills_each_record_once(self) -> None:
        with self.store.read() as reading:
            for subject in SUBJECTS:
                keys = [
                    line.sources[0]
                    for document in effective(reading, subject, ENGINE.plugins)
                    for line in document.invoice.lines
                ]
                assert len(keys) == len(set(keys))


class BookkeepingInSqlite(Bookkeeping):
    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self.folder.name) / "billhook.db", create=True)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.store.close()
            self.folder.cleanup()


LOOKS = {"deadline": None, "suppress_health_check": list(HealthCheck)}
TestBookkeeping = Bookkeeping.TestCase
TestBookkeeping.settings = settings(max_examples=40, stateful_step_count=20, **LOOKS)
TestBookkeepingInSqlite = BookkeepingInSqlite.TestCase
TestBookkeepingInSqlite.settings = settings(max_examples=6, stateful_step_count=15, **LOOKS)
