"""One application for payment: from the schedule, the progress and the one before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import PERCENT, Figure, given, total
from billhook.model.charge import Rating
from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.record import Records
from billhook_construction.rating.certificate import baseline
from billhook_construction.rating.charges import make_charges, make_skips
from billhook_construction.rating.event_log import Happenings, happenings
from billhook_construction.rating.ownership import own_rows, skip_others
from billhook_construction.rating.previous import Baseline
from billhook_construction.rating.progress import ProgressStep, make_steps
from billhook_construction.rating.releases import release
from billhook_construction.rating.retainage_policy import (
    RetainageBasis,
    divide_among_rows,
    hold,
)
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.rating.schedule import Schedule, make_schedule
from billhook_construction.rating.sheet import make_rows, make_summary
from billhook_construction.rating.withholding import make_withheld
from billhook_construction.records import ChangeOrder, Progress, ScheduleItem
from billhook_construction.settings import Contract
from billhook_construction.state import CertificateLog, ConstructionState, Retainage
from billhook_construction.validation.events import event_faults
from billhook_construction.validation.progress import entry_faults, step_faults
from billhook_construction.validation.schedule import no_schedule, schedule_faults


@attrs.frozen(kw_only=True)
class _Terms:
    """The retainage of this application.

    Attributes:
        sums: Work completed and material stored to date, by ``work`` and ``stored``.
        rates: Percent held, by the same names.
        held: What is held, by the same names.
        parts: Each row's part of it, by the same names.
        state: What the next application needs to know of it.
    """

    sums: Mapping[str, Figure]
    rates: Mapping[str, Figure]
    held: Mapping[str, Figure]
    parts: Mapping[str, Sequence[Figure]]
    state: Retainage


def rate(job: Job, records: Records, history: History) -> Rating | None:
    """Return the application for a job, or what keeps it from being made."""
    rating = _rate_own(job, own_rows(job, records), history)
    others = skip_others(job, records.of(Progress))
    if not others or (rating is not None and rating.findings and not rating.charges):
        return rating
    found = rating or Rating()
    return attrs.evolve(found, skipped=(*found.skipped, *others))


def _rate_own(job: Job, records: Records, history: History) -> Rating | None:
    """Return the application of the rows of the job's own contract."""
    kinds = (ScheduleItem, ChangeOrder, Progress)
    if not any(records.of(kind) for kind in kinds):
        return None
    if not records.of(ScheduleItem):
        return Rating(findings=(no_schedule(job),))
    contract, earlier = job.settings(Contract), history.state(ConstructionState)
    grid = AmountGrid.of(job, contract)
    schedule = make_schedule(job, records, contract, earlier)
    happened = happenings(job, records, history)
    found = [
        *schedule_faults(job, records, contract, schedule, earlier),
        *entry_faults(records.of(Progress), schedule),
        *event_faults(job, history, happened, schedule, grid),
    ]
    if _stops(found):
        return Rating(findings=tuple(found))
    before = baseline(history, happened, grid)
    entries = {entry.item: entry for entry in records.of(Progress)}
    steps = make_steps(schedule.items, entries, before, grid)
    found.extend(step_faults(steps))
    if _stops(found):
        return Rating(findings=tuple(found))
    terms = _terms(job, contract, schedule, happened, before, steps)
    return attrs.evolve(
        _rating(job, contract, schedule, happened, before, steps, terms), findings=tuple(found)
    )


def _stops(findings: Sequence[Diagnostic]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _terms(
    job: Job,
    contract: Contract,
    schedule: Schedule,
    happened: Happenings,
    before: Baseline,
    steps: Sequence[ProgressStep],
) -> _Terms:
    grid = AmountGrid.of(job, contract)
    new = happened.since(before.honoured)
    released = release(before.pots, new, grid).released
    rates = {
        "work": _rate(contract.retainage_work, "work", contract),
        "stored": _rate(contract.stored_rate, "stored", contract),
    }
    sums = {
        "work": total((s.completed for s in steps), "construction.sum.work", job.currency),
        "stored": total((s.stored for s in steps), "construction.sum.stored", job.currency),
    }
    basis = RetainageBasis(
        bases={"work": [s.completed for s in steps], "stored": [s.stored for s in steps]},
        own=[step.item.retainage for step in steps],
        sums=sums,
        rates=rates,
        policy=contract.retainage,
        original=schedule.original,
        contract_sum=schedule.contract_sum,
    )
    amounts = hold(basis, released, grid)
    state = Retainage(
        rate_work=rates["work"],
        rate_stored=rates["stored"],
        released_work=released["work"],
        released_stored=released["stored"],
        honoured=(*before.honoured, *new),
        policy=contract.retainage,
    )
    parts = divide_among_rows(basis, amounts)
    return _Terms(sums=sums, rates=rates, held=amounts, parts=parts, state=state)


def _rating(
    job: Job,
    contract: Contract,
    schedule: Schedule,
    happened: Happenings,
    before: Baseline,
    steps: Sequence[ProgressStep],
    terms: _Terms,
) -> Rating:
    rows = make_rows(steps, terms.parts)
    withheld = make_withheld(rows, before, terms.held, terms.rates, contract.tax_on or "gross")
    summary = make_summary(schedule, terms.sums, terms.held, before.earned)
    state = ConstructionState(
        application=before.application + job.bills,
        contract=contract.contract,
        project=contract.project,
        certifier=contract.certifier,
        wording=contract.wording,
        chart=contract.chart,
        rows=rows,
        summary=summary,
        changes=schedule.changes,
        retainage=terms.state,
        certificates=CertificateLog(
            tuple(each for each in happened.certified if each.application <= before.application),
            before.amounts,
        ),
    )
    return Rating(
        charges=make_charges(job, steps, rows, withheld),
        skipped=make_skips(steps, rows),
        state=state,
    )


def _rate(percent: Decimal, of: str, contract: Contract) -> Figure:
    return given(percent, PERCENT, "construction.retainage.rate", contract.origin, of=of)
