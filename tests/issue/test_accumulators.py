"""What lies between one bill and the next: counts, claims, consumed records, parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs
import pytest

from billhook.audit.verify import verify
from billhook.builtin import tax_table
from billhook.credit.note import Correction
from billhook.credit.service import credit, void
from billhook.engine import Engine
from billhook.issue.history import history
from billhook.issue.issue import issue
from billhook.issue.numbering import INVOICES
from billhook.issue.request import IssueRequest, issue_requests
from billhook.kernel.errors import ConflictError, RefusedError, UnitError
from billhook.kernel.figure import given
from billhook.kernel.origin import Origin
from billhook.model.adjustment import (
    Adjustment,
    AdjustmentKind,
    Excess,
    Percentage,
    Shortfall,
    Stage,
)
from billhook.model.charge import Charge, Rating, Skip
from billhook.model.document import Document, History
from billhook.model.record import Record, part_key
from billhook.plugins.info import PluginInfo, hookimpl
from billhook.store.database import open_store
from billhook.store.memory import memory_store
from billhook.testing.samples import Inline
from issue.desk import actor, job

KEY = "pool:hours"


@attrs.frozen(kw_only=True)
class Use(Record):
    """Hours of a pool of ten that all clients share; what exceeds it costs 100 an hour."""

    hours: Decimal


@attrs.frozen(kw_only=True)
class Read(Record):
    """A read that closes one account and opens another."""

    @property
    def parts(self) -> tuple[str, ...]:
        return ("closing", "opening")


def use(key: str, hours: str) -> Use:
    return Use(key=f"use:{key}", origin=Origin("use.csv", 2), hours=Decimal(hours))


def pool() -> Engine:
    @hookimpl
    def billhook_plugin():
        return PluginInfo(name="pool", records={"use": Use})

    @hookimpl
    def billhook_rate(job, records, history):
        free = Decimal(10) - history.count(KEY, "h").value
        charges = []
        for each in records.of(Use):
            inside = max(min(free, each.hours), Decimal(0))
            free -= inside
            charges.append(
                Charge(
                    id=each.key,
                    description=each.key,
                    amount=given((each.hours - inside) * 100, job.currency, "pool.fee"),
                    sources=(each.key,),
                    counts={KEY: given(inside, "h", "pool.inside")},
                )
            )
        return Rating(charges=tuple(charges))

    plugin = Inline(billhook_plugin=billhook_plugin, billhook_rate=billhook_rate)
    return Engine([("pool", plugin), ("tax_table", tax_table)])


def rating(rate: object, *kinds: type[Record]) -> Engine:
    """Return an engine whose plugin rates by a function."""

    @hookimpl
    def billhook_plugin():
        return PluginInfo(name="made", records={kind.__name__.lower(): kind for kind in kinds})

    plugin = Inline(billhook_plugin=billhook_plugin, billhook_rate=hookimpl(rate))
    return Engine([("made", plugin), ("tax_table", tax_table)])


def order(engine: Engine, records: Iterable[Record] = (), **changes: object) -> IssueRequest:
    plugins = tuple(plugin.name for plugin in engine.plugins)
    return IssueRequest(engine=engine, job=job(plugins=plugins, **changes), records=tuple(records))


def bill(store, engine: Engine, records: Iterable[Record] = (), minutes: int = 0, **changes):
    [outcome] = issue_requests(store, [order(engine, records, **changes)], actor(minutes=minutes))
    return outcome


def nets(outcome) -> list[Decimal]:
    return [document.invoice.totals.net.value for document in outcome.documents]


def counted(store, key: str = KEY) -> Decimal:
    with store.read() as reading:
        step = reading.tally(key)
        return step.total if step else Decimal(0)


def sound(store, engine: Engine) -> list[str]:
    return [str(finding) for finding in verify(store, engine.plugins).findings]


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = (
        memory_store() if request.param == "memory" else open_store(tmp_path / "b.db", create=True)
    )
    yield made
    made.close()


def test_an_allowance_is_used_once_by_whatever_subject(store) -> None:
    """Seven of ten hours by one client, then eight by another: three inside, five at 100."""
    engine = pool()

    assert nets(bill(store, engine, [use("1", "7")], subject="one", id="one")) == [Decimal("0.00")]
    second = bill(store, engine, [use("2", "8")], subject="two", id="two", minutes=1)

    assert nets(second) == [Decimal("500.00")]
    assert counted(store) == 10
    assert sound(store, engine) == []


def test_a_credit_gives_back_what_its_line_counted(store) -> None:
    engine = pool()
    first = bill(store, engine, [use("1", "4"), use("2", "5")], subject="one", id="one")
    number = first.documents[0].number
    # a line at nothing beside another: the bill is not taken back whole, for one line is left
    bill(store, engine, [use("3", "3")], subject="two", id="two", minutes=1)
    assert counted(store) == 10

    void(engine, store, number, actor(reason="by mistake", minutes=2), release=True)

    assert counted(store) == 1
    again = bill(store, engine, [use("1", "4"), use("2", "5")], subject="one", id="one", minutes=3)
    assert nets(again) == [Decimal("0.00")]
    assert counted(store) == 10
    assert sound(store, engine) == []


def test_a_credit_by_line_leaves_what_the_other_lines_counted(store) -> None:
    """12 h: 10 inside, 2 at 100; then 3 h at 100: crediting the second bill gives back nothing."""
    engine = pool()
    bill(store, engine, [use("1", "12")], subject="one", id="one")
    second = bill(store, engine, [use("2", "3"), use("3", "1")], subject="two", id="two", minutes=1)
    number = second.documents[0].number
    take = Correction(lines=("use:2",), release=True)
    credit(engine, store, number, take, actor(reason="wrong", minutes=2))

    assert counted(store) == 10
    third = bill(store, engine, [use("2", "3")], subject="two", id="two", minutes=3)
    assert nets(third) == [Decimal("300.00")]
    assert sound(store, engine) == []


def test_a_draft_is_refused_when_another_bill_came_between(store) -> None:
    """Two drafts see ten free hours; the second is refused, and worked out again costs 400."""
    engine = pool()
    drafts = []
    for name, hours in (("one", "8"), ("two", "6")):
        wanted = order(engine, [use(name, hours)], subject=name, id=name)
        with store.read() as reading:
            past = history(reading, name, wanted.records, engine.plugins)
            drafts.append(engine.draft(wanted.job, wanted.records, past))

    issue(engine, store, drafts[0], series=INVOICES, actor=actor())
    with pytest.raises(ConflictError, match="pool:hours was 0 and is now 8"):
        issue(engine, store, drafts[1], series=INVOICES, actor=actor(minutes=1))

    again = bill(store, engine, [use("two", "6")], subject="two", id="two", minutes=2)
    assert nets(again) == [Decimal("400.00")]


def test_a_draft_is_refused_when_its_subject_has_a_newer_document(store) -> None:
    engine = pool()
    wanted = order(engine, [use("2", "0")], id="late")
    with store.read() as reading:
        past = history(reading, wanted.job.subject, wanted.records, engine.plugins)
        draft = engine.draft(wanted.job, wanted.records, past)
    bill(store, engine, [use("1", "0")], id="first")

    with pytest.raises(ConflictError, match="has a newer document or event"):
        issue(engine, store, draft, series=INVOICES, actor=actor(minutes=1))


def test_documents_without_a_store_count_too() -> None:
    engine = pool()
    first = engine.draft(order(engine, [use("1", "7")]).job, [use("1", "7")])
    past = History([Document(invoice=first.invoice)])

    assert past.count(KEY, "h").value == 7
    again = order(engine, [use("2", "8")]).job
    assert engine.draft(again, [use("2", "8")], past).invoice.totals.net.value == 500
    with pytest.raises(UnitError, match="counted in 'h', not in 'kg'"):
        past.count(KEY, "kg")


def test_two_units_under_one_key_are_refused() -> None:
    def rate(job):
        units = {"pool:x": given(1, "h", "made.count")}
        other = {"pool:x": given(1, "kg", "made.count")}
        amount = given(5, job.currency, "made.fee")
        return Rating(
            charges=tuple(
                Charge(id=name, description=name, amount=amount, counts=counts)
                for name, counts in (("a", units), ("b", other))
            )
        )

    draft = rating(rate).draft(job(plugins=("made", "tax_table")))

    assert [finding.code for finding in draft.errors] == ["BH314"]


# ── claims ───────────────────────────────────────────────────────────────────


def fees(*claims: tuple[str, ...], recurs: bool = False):
    """Return a rating of a fee of 30 for each tuple of claims, and 1 for each use."""

    def rate(job, records):
        amount = given(30, job.currency, "made.fee")
        own = [
            Charge(id=f"fee-{n}", description="Fee", amount=amount, claims=each, recurs=recurs)
            for n, each in enumerate(claims)
        ]
        one = given(1, job.currency, "made.use")
        uses = [
            Charge(id=u.key, description=u.key, amount=one, sources=(u.key,))
            for u in records.of(Use)
        ]
        return Rating(charges=(*own, *uses))

    return rating(rate, Use)


def test_a_fee_without_records_is_billed_once_by_its_job_whatever_the_date(store) -> None:
    engine = fees(())
    [first] = bill(store, engine, id="july").documents
    later = first.invoice.date.replace(year=first.invoice.date.year + 1)

    assert nets(bill(store, engine, id="july", date=later, minutes=1)) == []
    assert nets(bill(store, engine, [use("1", "1")], id="july", date=later, minutes=2)) == [1]
    assert nets(bill(store, engine, id="august", date=later, minutes=3)) == [30]
    assert sound(store, engine) == []


def test_a_claim_is_billed_by_one_job_and_comes_back_with_a_credit(store) -> None:
    engine = fees(("fee:acme:2026-07",))
    [first] = bill(store, engine, id="one").documents

    assert nets(bill(store, engine, id="two", minutes=1)) == []

    everything = Correction(release=True)
    credit(engine, store, first.number, everything, actor(reason="wrong", minutes=2))

    assert nets(bill(store, engine, id="two", minutes=3)) == [30]
    assert sound(store, engine) == []


def test_a_fee_that_recurs_is_on_every_bill_with_work(store) -> None:
    engine = fees((), recurs=True)

    assert nets(bill(store, engine, [use("1", "1")], id="a")) == [31]
    assert nets(bill(store, engine, [use("1", "1"), use("2", "1")], id="a", minutes=1)) == [31]
    assert nets(bill(store, engine, [use("1", "1"), use("2", "1")], id="a", minutes=2)) == []


def test_a_charge_that_is_billed_in_part_is_refused(store) -> None:
    bill(store, fees(("stage:1",)), id="one")

    with pytest.raises(RefusedError) as refused:
        bill(store, fees(("stage:1", "stage:2")), id="two", minutes=1)

    assert [finding.code for finding in refused.value.findings] == ["BH312"]


def test_records_of_a_stage_that_is_billed_are_consumed(store) -> None:
    """The stage costs 500 with its first use; a late use is included and never comes back."""

    def rate(job, records):
        uses = tuple(each.key for each in records.of(Use))
        amount = given(500, job.currency, "made.stage")
        postage = given(2, job.currency, "made.postage")
        return Rating(
            charges=(
                Charge(
                    id="stage",
                    description="Stage",
                    amount=amount,
                    claims=("stage:M-17/discovery",),
                    sources=uses,
                ),
                Charge(id="post", description="Post", amount=postage, claims=(f"post:{job.id}",)),
            )
        )

    engine = rating(rate, Use)
    assert nets(bill(store, engine, [use("1", "1")], id="one")) == [502]
    second = bill(store, engine, [use("1", "1"), use("2", "1")], id="two", minutes=1)

    assert nets(second) == [2]
    assert [record.key for record in second.documents[0].invoice.records] == ["use:2"]
    third = bill(store, engine, [use("2", "1")], id="three", minutes=2)
    assert nets(third) == [2]
    assert third.documents[0].invoice.records == ()
    assert sound(store, engine) == []


def test_a_consumed_record_is_claimed_and_freed_with_its_bill(store) -> None:
    def rate(job, records):
        first, *rest = records.of(Use)
        amount = given(5, job.currency, "made.fee")
        fee = Charge(id=first.key, description="Fee", amount=amount, sources=(first.key,))
        skips = (Skip(each.key, "included in the fee", consumed=True) for each in rest)
        return Rating(charges=(fee,), skipped=tuple(skips))

    engine = rating(rate, Use)
    records = [use("1", "1"), use("2", "1")]
    [first] = bill(store, engine, records, id="one").documents
    with store.read() as reading:
        assert [claim.key for claim in reading.claims_of(first.number)] == ["use:1", "use:2"]

    freed = credit(
        engine, store, first.number, Correction(release=True), actor(reason="wrong", minutes=1)
    )

    assert freed.released == 2
    assert nets(bill(store, engine, records, id="one", minutes=2)) == [5]
    assert sound(store, engine) == []


# ── parts of records, and what rating sees ───────────────────────────────────


def test_a_read_serves_two_subjects_in_different_parts(store) -> None:
    def billing(part: str) -> Engine:
        def rate(job, records):
            amount = given(5, job.currency, "made.use")
            return Rating(
                charges=tuple(
                    Charge(
                        id=read.key,
                        description="Use",
                        amount=amount,
                        sources=(part_key(read.key, part),),
                    )
                    for read in records.of(Read)
                )
            )

        return rating(rate, Read)

    reads = [Read(key="read:88", origin=Origin("reads.csv", 2))]
    closing, opening = billing("closing"), billing("opening")

    assert nets(bill(store, closing, reads, subject="old", id="old")) == [5]
    assert nets(bill(store, opening, reads, subject="new", id="new", minutes=1)) == [5]
    assert nets(bill(store, opening, reads, subject="x", id="x", minutes=2)) == []
    assert nets(bill(store, closing, reads, subject="old", id="old", minutes=3)) == []
    assert sound(store, closing) == []
    draft = billing("middle").draft(job(plugins=("made", "tax_table")), reads)
    assert "BH310" in {finding.code for finding in draft.errors}


def test_rating_sees_billed_records_with_their_documents(store) -> None:
    seen: list[tuple[str, str]] = []

    def rate(job, records):
        seen.extend((each.record.key, each.document) for each in records.billed(Use))
        amount = given(5, job.currency, "made.fee")
        return Rating(
            charges=tuple(
                Charge(id=u.key, description="x", amount=amount, sources=(u.key,))
                for u in records.of(Use)
            )
        )

    engine = rating(rate, Use)
    [first] = bill(store, engine, [use("1", "1")], id="one").documents
    bill(store, engine, [use("1", "1"), use("2", "1")], id="two", minutes=1)

    assert seen == [("use:1", first.number)]


def test_a_bill_names_no_record_of_another_subject() -> None:
    def rate(job, records):
        first, own, other = records.of(Use)
        amount = given(5, job.currency, "made.fee")
        fee = Charge(id="a", description="Fee", amount=amount, sources=(first.key,))
        skips = (Skip(own.key, "on hold", own=True), Skip(other.key, "another client's"))
        return Rating(charges=(fee,), skipped=skips)

    records = [use("1", "1"), use("2", "1"), use("3", "1")]
    draft = rating(rate, Use).draft(job(plugins=("made", "tax_table")), records)

    assert [skip.key for skip in draft.skipped] == ["use:2", "use:3"]
    assert [skip.key for skip in draft.invoice.skipped] == ["use:2"]


@pytest.mark.parametrize("key", ["fee", ":fee", "fee:"])
def test_a_claim_without_a_name_is_the_plugins_mistake(key: str) -> None:
    amount = given(5, "USD", "made.fee")

    with pytest.raises(ValueError, match="expected a key like 'fee:M-17'"):
        Charge(id="a", description="Fee", amount=amount, claims=(key,))
    with pytest.raises(ValueError, match="expected a key like 'fee:M-17'"):
        Charge(id="a", description="Fee", amount=amount, counts={key: amount})


def test_a_cap_on_several_bills_counts_what_was_billed_and_credited(store) -> None:
    key = "cap:M-17"

    def rate(job):
        amount = given(Decimal(1500), job.currency, "made.fee")
        ids = [f"fee-{job.date}-{n}" for n in (1, 2)]
        return Rating(
            charges=tuple(
                Charge(id=id_, description=id_, amount=amount, recurs=True, counts={key: amount})
                for id_ in ids
            )
        )

    @hookimpl
    def billhook_adjust(job, history):
        left = Decimal(5000) - history.count(key, job.currency).value
        off = Percentage(given(10, "%", "made.off"))
        yield allowance("off", off, 10)
        yield allowance("cap", Excess(given(left, job.currency, "made.cap")), 20)

    def allowance(id_: str, amount, order: int) -> Adjustment:
        return Adjustment(
            id=id_,
            label=id_,
            stage=Stage.BEFORE_TAX,
            kind=AdjustmentKind.ALLOWANCE,
            amount=amount,
            order=order,
            counts=(key,),
        )

    plugin = Inline(billhook_rate=hookimpl(rate), billhook_adjust=billhook_adjust)
    engine = Engine([("made", plugin), ("tax_table", tax_table)])
    first = bill(store, engine, minutes=0)
    second = bill(store, engine, minutes=1, date=dt.date(2026, 8, 1))

    # 3,000 less 10 % is 2,700; 2,300 of the cap are left, so that the second loses 400
    assert (nets(first), nets(second)) == ([Decimal("2700.00")], [Decimal("2300.00")])
    assert counted(store, key) == Decimal("5000.00")

    number = second.documents[0].number
    one = Correction(lines=("1",), release=True)
    credit(engine, store, number, one, actor(minutes=2, reason="wrong"))

    # one line of two: half of 2,300
    assert counted(store, key) == Decimal("3850.00")
    assert sound(store, engine) == []

    void(engine, store, first.documents[0].number, actor(minutes=3, reason="wrong"), release=True)

    assert counted(store, key) == Decimal("1150.00")
    assert sound(store, engine) == []


# ── charges on the whole ─────────────────────────────────────────────────────


AUGUST = dt.date(2026, 8, 1)


def said(outcome) -> list[str]:
    return [finding.code for draft in outcome.drafts for finding in draft.findings]


def minimum(*hours: str, alone: bool = True, claims: tuple[str, ...] = ("least:M-17:2026-07",)):
    """Return an engine that bills hours at 100, less 10 %, and 150 at least."""

    def rate(job):
        charges = (
            Charge(
                id=f"h{place}",
                description="work",
                amount=given(Decimal(each) * 100, job.currency, "made.fee"),
                recurs=True,
            )
            for place, each in enumerate(hours)
        )
        return Rating(charges=tuple(charges))

    @hookimpl
    def billhook_adjust(job):
        yield Adjustment(
            id="off",
            label="off",
            stage=Stage.BEFORE_TAX,
            kind=AdjustmentKind.ALLOWANCE,
            amount=Percentage(given(10, "%", "made.off")),
            order=10,
        )
        yield Adjustment(
            id="least",
            label="Minimum",
            stage=Stage.BEFORE_TAX,
            kind=AdjustmentKind.SURCHARGE,
            amount=Shortfall(given(150, job.currency, "made.least")),
            order=20,
            claims=claims,
            alone=alone,
        )

    @hookimpl
    def billhook_plugin():
        return PluginInfo(name="made", bills_alone=True)

    plugin = Inline(
        billhook_plugin=billhook_plugin,
        billhook_rate=hookimpl(rate),
        billhook_adjust=billhook_adjust,
    )
    return Engine([("made", plugin), ("tax_table", tax_table)])


def test_a_minimum_is_billed_where_there_is_nothing_else_and_only_once(store) -> None:
    first = bill(store, minimum())
    invoice = first.documents[0].invoice

    assert [(line.id, line.amount.value) for line in invoice.lines] == [("least", Decimal(150))]
    assert nets(first) == [Decimal("150.00")]
    # work of 100 less 10 % arrives later: the minimum was billed, so only the work is
    assert nets(bill(store, minimum("1"), minutes=1, date=AUGUST)) == [Decimal("90.00")]
    # and nothing with nothing is nothing
    assert said(bill(store, minimum(), minutes=2, date=AUGUST)) == ["BH402"]
    assert sound(store, minimum()) == []


def test_a_minimum_beside_work_is_claimed_and_comes_back_with_its_bill(store) -> None:
    # 100 less 10 % is 90, 60 short of 150
    first = bill(store, minimum("1"))
    second = bill(store, minimum("1"), minutes=1, date=AUGUST)

    assert (nets(first), nets(second)) == ([Decimal("150.00")], [Decimal("90.00")])

    number = first.documents[0].number
    credit(minimum(), store, number, Correction(release=True), actor(reason="wrong", minutes=2))

    assert nets(bill(store, minimum("1"), minutes=3, date=dt.date(2026, 9, 1))) == [
        Decimal("150.00")
    ]
    assert sound(store, minimum()) == []


def test_what_is_not_marked_does_not_stand_alone(store) -> None:
    assert said(bill(store, minimum(alone=False))) == ["BH402"]


def test_a_plugin_that_does_not_say_so_is_not_asked_without_charges(store) -> None:
    @hookimpl
    def billhook_rate():
        return Rating()

    @hookimpl
    def billhook_adjust(charges):
        assert charges, "asked without charges"
        return ()

    plugin = Inline(billhook_rate=billhook_rate, billhook_adjust=billhook_adjust)

    assert said(bill(store, Engine([("old", plugin)]))) == ["BH402"]


def test_a_wrong_answer_without_charges_is_its_own_plugins_fault(store) -> None:
    def engine_of(answer: object) -> Engine:
        @hookimpl
        def billhook_plugin():
            return PluginInfo(name="wrong", bills_alone=True)

        @hookimpl
        def billhook_rate():
            return Rating()

        @hookimpl
        def billhook_adjust():
            return answer

        @hookimpl(specname="billhook_adjust")
        def quiet(charges):
            assert charges, "asked without charges"
            return ()

        hooks = {"billhook_plugin": billhook_plugin, "billhook_rate": billhook_rate}
        wrong = Inline(billhook_adjust=billhook_adjust, **hooks)
        return Engine([("wrong", wrong), ("other", Inline(billhook_adjust=quiet))])

    with pytest.raises(RefusedError, match="plugin 'wrong' failed in billhook_adjust"):
        bill(store, engine_of(["no adjustment"]))


def test_what_stands_alone_claims_a_key() -> None:
    amount = given(150, "EUR", "made.least")
    with pytest.raises(ValueError, match="a surcharge that claims a key"):
        Adjustment(
            id="least",
            label="Minimum",
            stage=Stage.BEFORE_TAX,
            kind=AdjustmentKind.SURCHARGE,
            amount=amount,
            alone=True,
        )


def test_a_minimum_in_another_currency_is_refused(store) -> None:
    with pytest.raises(RefusedError, match="BH305"):
        bill(store, minimum(), currency="CHF", prices_in="USD")
