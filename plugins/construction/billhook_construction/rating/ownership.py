"""Ownership: the contract that rows belong to, its customer, and the bills of each contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from billhook.model.charge import Skip
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record, Records
from billhook.model.subject import Subject
from billhook_construction.records import CertifiedRow, ChangeOrder, Progress, Release, ScheduleItem
from billhook_construction.settings import Contract

CONTRACT = "construction.contract"
_ROWS = (ScheduleItem, ChangeOrder, Progress, CertifiedRow, Release)


def find_owner(job: Job, record: Record) -> Owner | None:
    """Return the contract of a row; one that names none is of the job's only one.

    Rows that are looked up have an owner only if they name it.
    """
    if not isinstance(record, _ROWS):
        return None
    if not isinstance(record, Progress) and not record.contract:
        return None
    contract = record.contract or job.subject
    listed = (c.customer for c in job.settings(Contract).contracts if c.id == contract)
    own = job.buyer.id if contract in _names(job) else ""
    day = job.period.last if job.period else job.date
    return Owner(kind=CONTRACT, subject=contract, customer=next(listed, "") or own, day=day)


def list_subjects(job: Job, each: str) -> Iterator[Subject]:
    """Yield the contracts of the settings."""
    for one in job.settings(Contract).contracts if each == CONTRACT else ():
        yield Subject(each=each, id=one.id, customer=one.customer, locale=one.locale)


def fit(job: Job, subject: Subject) -> Job | None:
    """Return the job as it bills one contract."""
    if subject.each != CONTRACT:
        return None
    settings = job.settings(Contract)
    listed = (one.project for one in settings.contracts if one.id == subject.id)
    fitted = attrs.evolve(
        settings,
        contract=settings.contract or subject.id,
        project=settings.project or next(listed, ""),
    )
    others = (each for each in job.pockets if not isinstance(each, Contract))
    return attrs.evolve(job, pockets=(*others, fitted))


def own_rows(job: Job, records: Records) -> Records:
    """Return the rows of a job's own contract, of files that have those of several."""
    return Records(each for each in records if _is_own(job, each))


def skip_others(job: Job, records: Iterable[Progress]) -> tuple[Skip, ...]:
    """Return the progress of other contracts, which other bills have."""
    return tuple(
        Skip(each.key, f"of contract {each.contract}", each.origin)
        for each in records
        if not _is_own(job, each)
    )


def _is_own(job: Job, record: Record) -> bool:
    return not isinstance(record, _ROWS) or not record.contract or record.contract in _names(job)


def _names(job: Job) -> tuple[str, str]:
    return job.subject, job.settings(Contract).contract
