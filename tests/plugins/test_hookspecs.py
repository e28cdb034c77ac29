"""What each hook does, one test or more for each; their names are checked by the documentation."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import IO

import attrs
import click
import pytest

from billhook import (
    Address,
    Adjustment,
    AdjustmentKind,
    App,
    Charge,
    Diagnostic,
    Document,
    Engine,
    Event,
    Exporter,
    Figure,
    Findings,
    History,
    Invoice,
    Job,
    Origin,
    Owner,
    Party,
    Percentage,
    PluginInfo,
    Rating,
    Record,
    Records,
    RefusedError,
    Seal,
    Severity,
    Share,
    Skip,
    Source,
    Stage,
    Subject,
    Taxable,
    TaxComponent,
    TaxRule,
    given,
    hookimpl,
    times,
)
from billhook.blocks import Note, Section, Slot
from billhook.builtin import tax_table
from billhook.issue.actor import Actor
from billhook.issue.events import add_event
from billhook.issue.issue import issue
from billhook.issue.numbering import NumberSeries
from billhook.render import render
from billhook.sources.source import object_source
from billhook.store.memory import MemoryStore
from billhook.testing import sample_job, sample_party
from billhook.testing.samples import Inline

NOW = dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC)


@attrs.frozen(kw_only=True)
class Hours(Record):
    """Hours of somebody."""

    hours: Decimal


@hookimpl
def rate(job: Job, records: Records) -> Rating:
    """Bill the hours at 100 each."""
    return Rating(charges=tuple(charge(job, each) for each in records.of(Hours) if each.hours))


def charge(job: Job, record: Hours) -> Charge:
    hours = given(record.hours, "h", "hourly.hours", record.origin)
    price = given(100, f"{job.currency}/h", "hourly.price")
    return Charge(
        id=record.key,
        description=f"Work {record.key}",
        amount=times(hours, price, "hourly.fee"),
        sources=(record.key,),
    )


def work(key: str = "a", hours: str = "1.5") -> Hours:
    return Hours(key=key, hours=Decimal(hours), origin=Origin("hours.csv", 2))


def engine(*plugins: tuple[str, object], taxes: bool = True, **hooks: object) -> Engine:
    """Return an engine of a plugin that bills hours, with further hooks."""
    own = ("hourly", Inline(**{"billhook_rate": rate, **hooks}))
    return Engine([own, *plugins, *([("tax_table", tax_table)] if taxes else [])])


def percent(value: int) -> Figure:
    return given(value, "%", "hourly.percent")


# ── declare ──────────────────────────────────────────────────────────────────


def test_billhook_plugin_gives_name_and_version_for_the_document() -> None:
    @hookimpl
    def who() -> PluginInfo:
        return PluginInfo(name="hourly", title="Hours", version="2.1")

    draft = engine(billhook_plugin=who).draft(sample_job(), [work()])

    assert (draft.invoice.plugins[0].name, draft.invoice.plugins[0].version) == ("hourly", "2.1")


def test_billhook_exporters_offers_a_format() -> None:
    def write(documents: Sequence[Document], stream: IO[bytes]) -> None:
        stream.write(b";".join(str(d.invoice.totals.payable.value).encode() for d in documents))

    @hookimpl
    def formats() -> list[Exporter]:
        return [Exporter(key="sum", title="", media_type="text/plain", suffix=".txt", write=write)]

    made = engine(billhook_exporters=formats)
    (exporter,) = made.hooks.exporters()
    stream = io.BytesIO()
    exporter.write([made.draft(sample_job(), [work()]).document], stream)

    assert stream.getvalue() == b"150.00"


def test_billhook_commands_adds_a_command_group() -> None:
    class Said:
        findings = Findings()

        def say(self, message: str) -> None: ...

        def write(self, data: str) -> None: ...

    @hookimpl
    def commands(cli: click.Group, app: App) -> None:
        cli.add_command(click.Group("hourly"))

    root = click.Group()
    engine(billhook_commands=commands).hooks.commands(root, Said())

    assert list(root.commands) == ["hourly"]


# ── compute ──────────────────────────────────────────────────────────────────


def test_billhook_read_makes_records_of_a_source_of_its_kind() -> None:
    @hookimpl
    def read(source: Source) -> Iterator[Hours] | None:
        return iter([work("read", "2")]) if source.kind == "clock" else None

    job = sample_job(sources=(object_source("clock", "clock", []),))
    draft = engine(billhook_read=read).draft(job)

    assert [record.key for record in draft.records] == ["read"]
    assert draft.invoice.totals.payable.value == Decimal("200.00")


def test_billhook_read_reports_what_is_wrong_and_the_bill_is_not_worked_out() -> None:
    @hookimpl
    def read(source: Source) -> tuple[Record, ...]:
        source.findings.error("HRL101", "the clock stands still")
        return ()

    job = sample_job(sources=(object_source("clock", "clock", []),))
    draft = engine(billhook_read=read).draft(job)

    assert [finding.code for finding in draft.errors] == ["HRL101"]
    assert draft.worked_out is None


def test_billhook_owner_names_the_subject_of_a_record() -> None:
    @hookimpl
    def owner(job: Job, record: Record) -> Owner | None:
        return Owner(kind="hourly.desk", subject=f"{job.subject}/{record.key}")

    found = engine(billhook_owner=owner).hooks.owner(sample_job(), work("a", "1"))

    assert found is not None
    assert (found.noun, found.subject) == ("desk", f"{sample_job().subject}/a")


def test_billhook_subjects_lists_what_a_job_for_many_stands_for() -> None:
    @hookimpl
    def subjects(job: Job, each: str) -> Iterator[Subject]:
        del job
        yield Subject(each=each, id="north", customer="acme")

    found = engine(billhook_subjects=subjects).hooks.subjects(sample_job(), "hourly.desk")

    assert [(one.id, one.customer) for one in found] == [("north", "acme")]


def test_billhook_fit_makes_the_job_that_of_one_subject() -> None:
    @hookimpl
    def fit(job: Job, subject: Subject) -> Job:
        return attrs.evolve(job, title=f"Desk {subject.id}")

    north = Subject(each="hourly.desk", id="north")
    fitted = engine(billhook_fit=fit).hooks.fit(sample_job(), north)

    assert fitted is not None
    assert fitted.title == "Desk north"


def test_billhook_rate_bills_records() -> None:
    draft = engine().draft(sample_job(), [work("a", "1.5"), work("b", "0.25")])

    # 1.5 × 100 and 0.25 × 100
    amounts = {line.id: line.amount.value for line in draft.invoice.lines}
    assert amounts == {"a": Decimal("150.00"), "b": Decimal("25.00")}


def test_billhook_rate_must_bill_or_skip_each_record() -> None:
    lost = engine().draft(sample_job(), [work("a", "1"), work("b", "0")])

    assert [finding.code for finding in lost.errors] == ["BH301"]


def test_billhook_rate_skips_with_a_reason() -> None:
    @hookimpl
    def careful(job: Job, records: Records) -> Rating:
        skipped = (Skip("b", "no hours"),)
        return Rating(charges=(charge(job, records.of(Hours)[0]),), skipped=skipped)

    made = engine(billhook_rate=careful)
    draft = made.draft(sample_job(), [work("a", "1"), work("b", "0")])

    assert draft.ok
    assert [(skip.key, skip.reason) for skip in draft.skipped] == [("b", "no hours")]


def test_billhook_adjust_takes_off_a_percentage_of_the_whole_bill() -> None:
    @hookimpl
    def adjust(job: Job, charges: Sequence[Charge]) -> list[Adjustment]:
        return [
            Adjustment(
                id="early-bird",
                label="Early bird",
                stage=Stage.BEFORE_TAX,
                kind=AdjustmentKind.ALLOWANCE,
                amount=Percentage(percent(10)),
            )
        ]

    draft = engine(billhook_adjust=adjust).draft(sample_job(), [work("a", "1.5")])

    # 10 % of 150.00
    assert draft.figure("adjustments.early-bird").value == Decimal("15.00")
    assert draft.invoice.totals.payable.value == Decimal("135.00")


def test_billhook_split_makes_a_bill_for_each_payer_and_loses_no_cent() -> None:
    @hookimpl
    def split(job: Job, charges: Sequence[Charge]) -> list[Share]:
        return [Share(sample_party(name), given(1, "1", "hourly.share")) for name in "abc"]

    drafts = engine(billhook_split=split).drafts(sample_job(), [work("x", "1")])

    # 100.00 in three: 33.34 + 33.33 + 33.33
    payables = [draft.invoice.totals.payable.value for draft in drafts]
    assert payables == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_billhook_tax_names_the_rate_of_a_class() -> None:
    @hookimpl
    def tax(taxable: Taxable) -> TaxRule | None:
        abroad = taxable.buyer.address.country != taxable.seller.address.country
        return None if abroad else TaxRule(components=(TaxComponent(name="GST", rate=percent(15)),))

    made = engine(taxes=False, billhook_tax=tax)
    home = made.draft(sample_job(), [work("a", "1")])
    away = Party(id="b", name="B", address=Address(country="NZ"))
    abroad = made.draft(sample_job(buyer=away), [work("a", "1")])

    assert home.invoice.totals.tax.value == Decimal("15.00")
    assert [finding.code for finding in abroad.errors] == ["BH401"]


def test_billhook_check_refuses_a_bill_and_warns_of_another() -> None:
    @hookimpl
    def check(draft: Invoice) -> Iterator[Diagnostic]:
        if draft.totals.payable.value > 1000:
            yield Diagnostic("HRL201", "more than agreed")
        else:
            yield Diagnostic("HRL202", "within the budget", Severity.INFO)

    made = engine(billhook_check=check)

    assert not made.draft(sample_job(), [work("a", "10.25")]).ok
    assert made.draft(sample_job(), [work("a", "10")]).ok


def test_billhook_check_event_refuses_an_event_before_it_is_recorded() -> None:
    @attrs.frozen(kw_only=True)
    class Agreed(Event):
        percent: int

    @hookimpl
    def info() -> PluginInfo:
        return PluginInfo(name="agreed", events=(Agreed,))

    @hookimpl
    def check_event(event: Event, history: History) -> Iterator[Diagnostic]:
        if isinstance(event, Agreed) and event.percent > 100:
            yield Diagnostic("HRL203", f"{event.percent} % after {len(history.documents)} bills")

    plugin = Inline(billhook_plugin=info, billhook_check_event=check_event)
    made, store = Engine([("agreed", plugin)]), MemoryStore()
    actor = Actor(by="test", at=NOW, reason="by phone")

    def agreed(percent: int) -> Agreed:
        return Agreed(
            subject="s", at=dt.date(2026, 6, 1), by="test", reason="by phone", percent=percent
        )

    with pytest.raises(RefusedError) as refused:
        add_event(store, made, agreed(500), actor)
    add_event(store, made, agreed(50), actor)

    assert [each.message for each in refused.value.findings] == ["500 % after 0 bills"]
    with store.read() as reading:
        assert len(list(reading.audit_entries(subject="s"))) == 1


# ── issue ────────────────────────────────────────────────────────────────────


def issued(made: Engine, store: MemoryStore | None = None, key: str = "a") -> Document:
    draft = made.draft(sample_job(id=key), [work(key, "1")])
    actor = Actor(by="test", at=NOW)
    return issue(
        made, store or MemoryStore(), draft, series=NumberSeries(id="main"), actor=actor
    ).document


def test_billhook_number_dresses_the_sequence_number() -> None:
    @hookimpl
    def number(job: Job, draft: Invoice, sequence: int) -> str:
        return f"{job.buyer.id}/{draft.date:%y}/{sequence:03}"

    document = issued(engine(billhook_number=number))

    assert (document.number, document.sequence) == ("buyer/26/001", 1)


def test_billhook_seal_sees_the_seal_before_it() -> None:
    seen: list[dict[str, str]] = []

    @hookimpl
    def who() -> PluginInfo:
        return PluginInfo(name="hourly", version="1", seal_scheme="test")

    @hookimpl
    def seal(document: Document, previous: Mapping[str, str]) -> Seal:
        seen.append(dict(previous))
        return Seal("test", f"after {previous.get('test', 'nothing')}")

    store = MemoryStore()
    made = engine(billhook_plugin=who, billhook_seal=seal)
    issued(made, store, "a")
    issued(made, store, "b")

    assert [each.get("test", "") for each in seen] == ["", "after nothing"]


def test_billhook_issued_hears_of_the_document_and_cannot_undo_it() -> None:
    heard: list[str | None] = []

    @hookimpl
    def listen(document: Document) -> None:
        heard.append(document.number)
        raise OSError("the mail server is away")

    store = MemoryStore()
    made = engine(billhook_issued=listen)
    draft = made.draft(sample_job(), [work("a", "1")])
    done = issue(made, store, draft, series=NumberSeries(id="main"), actor=Actor(by="test", at=NOW))

    assert heard == [done.document.number]
    assert "mail server" in str(done.findings[0])


# ── show ─────────────────────────────────────────────────────────────────────


def test_billhook_sections_adds_to_the_printed_bill() -> None:
    @hookimpl
    def sections(document: Document) -> Iterator[Section]:
        words = Note(f"{len(document.invoice.lines)} piece of work, done with care.")
        yield Section(slot=Slot.AFTER_TOTALS, blocks=(words,))

    made = engine(billhook_sections=sections)
    document = made.draft(sample_job(), [work()]).document
    text = render(document, made.sections(document), "text").decode()

    assert "1 piece of work, done with care." in text


# ── all ──────────────────────────────────────────────────────────────────────


def test_plugins_are_asked_in_their_order_and_the_first_answer_counts() -> None:
    def named(rate_: int) -> Inline:
        @hookimpl
        def tax(taxable: Taxable) -> TaxRule:
            return TaxRule(components=(TaxComponent(name="T", rate=percent(rate_)),))

        return Inline(billhook_tax=tax)

    made = engine(("one", named(10)), ("two", named(20)), taxes=False)
    draft = made.draft(sample_job(), [work("a", "1")])

    assert draft.invoice.totals.tax.value == Decimal("10.00")
    assert "BH303" in [finding.code for finding in draft.findings]


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("rate")])
def test_a_hook_that_breaks_is_a_finding_with_its_plugin_and_hook(error: Exception) -> None:
    @hookimpl
    def broken(job: Job, charges: Sequence[Charge]) -> list[Adjustment]:
        raise error

    (finding,) = engine(billhook_adjust=broken).draft(sample_job(), [work()]).errors

    assert finding.code == "BH209"
    assert "hourly" in finding.message
    assert "billhook_adjust" in finding.message
