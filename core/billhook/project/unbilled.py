"""Unbilled work: what becomes of each record of a project's sources, and what nobody would bill.

```python
from billhook.project.unbilled import find_work

for item in find_work(project, drafts, reading):
    if item.state == "unbilled":
        print(item.subject, item.day, item.value)
```
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import attrs

from billhook.calculate.draft import Draft
from billhook.engine import Engine
from billhook.issue import codes
from billhook.issue.history import history
from billhook.issue.put_aside import WorkRecord
from billhook.issue.seal import unseal
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity, did_you_mean
from billhook.kernel.origin import Origin
from billhook.kernel.text import Text
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import LookupRecord, Record
from billhook.project.drafting import Drafting, JobDraft, draft_job
from billhook.project.excerpts import Excerpts
from billhook.project.project import Project
from billhook.project.store_settings import Keeping
from billhook.store.protocol import Reading

State = Literal["unbilled", "draft", "aside", "billed", "consumed", "excluded", "elsewhere"]
"""What becomes of a record: it lies ``unbilled``; is in the ``draft`` of a run; was put ``aside``;
is ``billed``; is ``consumed`` by a fee that was billed; is marked so that nobody bills it; or was
billed ``elsewhere``, before the project began."""

NOBODY, LATE = codes.WORK_WITHOUT_JOB.id, codes.LATE_WORK.id
OPEN = frozenset({"draft", "approved", "held", "failed"})
"""States of a run's jobs whose draft still stands."""


@attrs.frozen(kw_only=True)
class WorkItem:
    """A record of a project's sources, and what becomes of it.

    Attributes:
        record: The record.
        state: What becomes of it.
        kind: Kind of its subject: ``legal.matter``; empty when its plugin does not say.
        subject: Id of its subject; empty when nobody knows.
        account: Subject of the job that it belongs to; without one, the same as the subject.
        customer: Id of its customer, as far as it is known.
        day: Its day; ``None`` while there is none.
        value: What it comes to by today's rates; ``None`` when nobody can say.
        currency: Currency of the value.
        job: Id of the job that bills it, or would.
        document: The document that bills it.
        run: The run that has it in a draft.
        reason: Why it is where it is.
        fault: Code of the finding that it gives, when no job would ever bill it.
    """

    record: Record
    state: State
    kind: str = ""
    subject: str = ""
    account: str = ""
    customer: str = ""
    day: dt.date | None = None
    value: Decimal | None = None
    currency: str = ""
    job: str = ""
    document: str = ""
    run: str = ""
    reason: Text = ""
    fault: str = ""

    @property
    def open(self) -> bool:
        """True if it is still to be billed."""
        return self.state in {"unbilled", "draft"}

    @property
    def work(self) -> WorkRecord:
        """The same work, as `billhook.issue.put_aside` identifies it."""
        return WorkRecord(self.record.key, self.account)


def draft_all(
    project: Project, reading: Reading | None = None, keeping: Keeping | None = None
) -> tuple[JobDraft, ...]:
    """Work every job of a project out, as issuing would bill it now."""
    paths = project.jobs()
    if reading is None:
        return tuple(draft_job(project, path) for path in paths)
    drafting = Drafting(project, reading, keeping, together=paths)
    return tuple(drafting.draft(path) for path in paths)


def find_work(
    project: Project,
    drafts: Iterable[JobDraft],
    reading: Reading | None = None,
    *,
    consumed: bool = False,
) -> tuple[WorkItem, ...]:
    """Return every record of the sources of some jobs, and what becomes of it.

    Args:
        project: The project.
        drafts: Its jobs, worked out; see `draft_all`.
        reading: The store; ``None`` takes what the jobs say that they follow.
        consumed: Look into documents for what a fee consumed; else it counts as billed.
    """
    views = [view for done in drafts if (view := _view(done, reading)) is not None]
    views.extend(_left_views(project))
    seen: dict[_Place, _Seen] = {}
    for view in views:
        for record in view.records:
            place = (record.key, record.origin.file, record.origin.line)
            seen.setdefault(place, _Seen(record)).views.append(view)
    keys = {each.record.key for each in seen.values()}
    runs = _in_runs(reading) if reading else {}
    fees = _consumed_keys(views, reading) if reading and consumed else frozenset()
    begins = project.table.begins
    return tuple(
        _judge(each, runs, fees, begins)
        for each in seen.values()
        if each.record.part_of not in keys
    )


_Place = tuple[str, str, int | None]


@attrs.frozen
class _View:
    """One job's view of the records that it reads.

    Attributes:
        job: The job.
        engine: Its plugins.
        records: Its records, without those that are looked up.
        billed: The documents that bill records, by their keys.
        aside: Why records are put aside.
        values: What the records come to that the job would bill.
        skipped: Why the others are left, and whether they are the job's own.
        broken: The job could not be worked out.
    """

    job: Job
    engine: Engine
    records: tuple[Record, ...]
    billed: Mapping[str, str]
    aside: Mapping[str, Text]
    values: Mapping[str, Decimal]
    skipped: Mapping[str, tuple[Text, bool]]
    broken: bool


@attrs.frozen
class _Seen:
    """A record, and the jobs that read it."""

    record: Record
    views: list[_View] = attrs.field(factory=list)


def _view(done: JobDraft, reading: Reading | None) -> _View | None:
    job, engine = done.loaded.job, done.loaded.engine
    if job is None:
        return None
    read = next((draft.records for draft in done.drafts if draft.records), None)
    found = done.loaded.read(Findings()) if read is None else read
    records = tuple(each for each in found if not isinstance(each, LookupRecord))
    past = done.loaded.history
    if reading is not None:
        past = history(reading, job.subject, records, engine.plugins)
    drafts = done.drafts
    made = any(draft.worked_out for draft in drafts)
    broken = bool(done.errors) and not made
    left = any(each.key not in past.billed and each.key not in past.aside for each in records)
    if not made and not broken and left:
        drafts = engine.drafts(job, records=found, history=past)
        broken = any(draft.errors for draft in drafts)
    return _View(
        job=job,
        engine=engine,
        records=records,
        billed=past.billed,
        aside=past.aside,
        values=_values(drafts, records),
        skipped={s.key: (s.reason, s.own) for draft in drafts for s in draft.skipped},
        broken=broken,
    )


def _left_views(project: Project) -> Iterator[_View]:
    """Yield the records that jobs for many read and have no subject for."""
    for group in project.each_groups():
        if group.job is not None and group.left:
            yield _View(
                job=group.job,
                engine=group.engine,
                records=group.left,
                billed={},
                aside={},
                values={},
                skipped={},
                broken=False,
            )


def _values(drafts: Iterable[Draft], records: Iterable[Record]) -> dict[str, Decimal]:
    """Return what records come to; a line of several records counts for the first of them."""
    whole = {key: record.key for record in records for key in record.sources}
    whole |= {record.key: record.part_of for record in records if record.part_of}
    values: dict[str, Decimal] = {}
    for draft in drafts:
        invoice = draft.worked_out
        if invoice is None:
            continue
        for billed in invoice.records:
            values.setdefault(whole.get(billed.key, billed.key), Decimal(0))
        for line in invoice.lines:
            key = next((whole[source] for source in line.sources if source in whole), None)
            if key is not None:
                values[key] = values.get(key, Decimal(0)) + line.amount.value
    return values


def _judge(
    seen: _Seen, runs: Mapping[str, str], fees: Collection[str], begins: dt.date | None
) -> WorkItem:
    """Return what becomes of a record: the first that any job knows of it."""
    record, key = seen.record, seen.record.key
    bills = [view for view in seen.views if key in view.values]
    own = [view for view in seen.views if view.skipped.get(key, ("", False))[1]]
    first = next(iter((*bills, *own)), seen.views[0])
    owner = first.engine.hooks.owner(first.job, record)
    item = _begin(record, owner, first.job if bills or own else None)
    billed = next((view.billed[key] for view in seen.views if key in view.billed), None)
    aside = next((view.aside[key] for view in seen.views if key in view.aside), None)
    if billed is not None:
        return attrs.evolve(item, state="consumed" if key in fees else "billed", document=billed)
    if aside is not None:
        return attrs.evolve(item, state="aside", reason=aside)
    if owner is not None and owner.excluded:
        return attrs.evolve(item, state="excluded", reason=owner.excluded)
    if bills:
        state: State = "draft" if key in runs else "unbilled"
        item = attrs.evolve(item, state=state, run=runs.get(key, ""), job=bills[0].job.id)
        return attrs.evolve(item, value=bills[0].values[key])
    if begins is not None and item.day is not None and item.day < begins:
        return attrs.evolve(item, state="elsewhere", reason=f"before {begins}")
    return _judge_left(seen, own, item, owner)


def _judge_left(seen: _Seen, own: Sequence[_View], item: WorkItem, owner: Owner | None) -> WorkItem:
    """Return what becomes of a record that every job leaves."""
    key, first = seen.record.key, seen.views[0]
    reason = next((view.skipped[key][0] for view in (*own, first) if key in view.skipped), "")
    if owner is None:
        broken = any(view.broken for view in seen.views)
        return attrs.evolve(item, state="unbilled" if broken else "excluded", reason=reason)
    return attrs.evolve(item, reason=reason, fault=_fault(seen, own, item))


def _begin(record: Record, owner: Owner | None, job: Job | None) -> WorkItem:
    subject = owner.subject if owner else (job.subject if job else "")
    return WorkItem(
        record=record,
        state="unbilled",
        kind=owner.kind if owner else "",
        subject=subject,
        account=job.subject if job else subject,
        customer=(owner and owner.customer) or (job.buyer.id if job else ""),
        day=owner.day if owner else None,
        currency=job.currency if job else "",
    )


def _fault(seen: _Seen, own: Sequence[_View], item: WorkItem) -> str:
    """Return the code of what is wrong when no job would ever bill a record, or nothing."""
    if any(view.broken for view in seen.views):
        return ""
    if not own:
        return NOBODY
    periods = [view.job.period for view in own]
    if item.day is None or None in periods:
        return ""
    late = all(period is not None and item.day < period.first for period in periods)
    return LATE if late else ""


def _in_runs(reading: Reading) -> dict[str, str]:
    """Return the run that has a record in a draft, by the record's key."""
    found: dict[str, str] = {}
    left = {run for run, states in reading.run_states().items() if OPEN & states.keys()}
    for run in sorted(left):
        for row in reading.runs(run):
            if row.job and row.state in OPEN:
                for bill in json.loads(row.payload).get("bills", ()):
                    records = bill["document"]["invoice"].get("records", ())
                    found |= {str(each["key"]): run for each in records}
    return found


def _consumed_keys(views: Iterable[_View], reading: Reading) -> frozenset[str]:
    """Return the records that documents claim without billing them."""
    numbers = {number for view in views for number in view.billed.values()}
    entries = reading.entries_of(numbers).values()
    documents = (unseal(entry, ()) for entry in entries)
    return frozenset(
        skip.key for document in documents for skip in document.invoice.skipped if skip.consumed
    )


# ── findings ─────────────────────────────────────────────────────────────────


def find_forgotten(project: Project, items: Iterable[WorkItem]) -> Iterator[Diagnostic]:
    """Yield a finding for the work of each subject and file that no job would ever bill."""
    work = tuple(items)
    known = sorted({each.subject for each in work if each.subject and not each.fault})
    groups: dict[tuple[str, str, str], list[WorkItem]] = {}
    for item in work:
        if item.fault:
            place = (item.fault, item.subject, item.record.origin.file)
            groups.setdefault(place, []).append(item)
    excerpts = Excerpts((), project.folder)
    for members in groups.values():
        yield excerpts.shown(_forgotten(members, known))


def _forgotten(members: Sequence[WorkItem], known: Collection[str]) -> Diagnostic:
    first, many = members[0], len(members) > 1
    noun = first.kind.rpartition(".")[2] or "subject"
    days = sorted({each.day for each in members if each.day is not None})
    span = f" from {days[0]} to {days[-1]}" if len(days) > 1 else f" of {days[0]}" if days else ""
    work = f"{len(members)} records{span}" if many else f"1 record{span}"
    here = ", the first of them here" if many else ""
    aside = f"billhook unbilled aside --subject '{first.subject}' --reason …"
    if first.fault == LATE:
        lie = "lie" if many else "lies"
        message = f"{noun} {first.subject!r}: {work} {lie} before the period of its jobs{here}"
        hint = f'no bill takes it: write late = "bill" in the job or in [project], or {aside}'
    elif first.subject:
        message = f"no job bills {noun} {first.subject!r}: {work}{here}"
        named = any(sign.isalpha() for sign in first.subject)  # one number looks like another
        meant = did_you_mean(first.subject, known) if named else None
        hint = f"{meant or f'write a job for the {noun}'}; or {aside}"
    else:
        message = f"no job bills work that names no {noun}: {work}{here}"
        hint = f"name the {noun} in the row"
    origin: Origin = first.record.origin
    return Diagnostic(first.fault, message, Severity.WARNING, origin, hint=hint)


# ── sums ─────────────────────────────────────────────────────────────────────


def work_age(item: WorkItem, today: dt.date) -> int | None:
    """Return how many days ago work was done; ``None`` when it has no day."""
    return None if item.day is None else (today - item.day).days


def sum_values(items: Iterable[WorkItem]) -> dict[str, Decimal]:
    """Return what work comes to by today's rates, by currency."""
    sums: dict[str, Decimal] = {}
    for item in items:
        if item.value is not None:
            sums[item.currency] = sums.get(item.currency, Decimal(0)) + item.value
    return dict(sorted(sums.items()))
