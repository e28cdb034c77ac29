"""Certificates and releases between applications: from the store's events, and from files.

One rule says from when they count: from the first application whose date, the date of the bill,
reaches their day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.record import Records
from billhook_construction.events import Certified, CertifiedItem, Released
from billhook_construction.records import CertifiedRow, Release


@attrs.frozen
class Happenings:
    """The certificates and releases that took effect up to the date of a bill.

    Attributes:
        certified: Certificates, in the order they took effect.
        released: Releases of retainage, likewise.
        later: Those of a later day: they wait for a later application.
    """

    certified: tuple[Certified, ...] = ()
    released: tuple[Released, ...] = ()
    later: tuple[Certified | Released, ...] = ()

    def certificate(self, application: int) -> Certified | None:
        """Return the certificate of an application, the last if there are several."""
        found = [event for event in self.certified if event.application == application]
        return found[-1] if found else None

    def since(self, honoured: tuple[Released, ...]) -> list[Released]:
        """Return the releases that no application has counted in yet."""
        left = [_identity(event) for event in honoured]
        new = []
        for event in self.released:
            if _identity(event) in left:
                left.remove(_identity(event))
            else:
                new.append(event)
        return new


def _identity(event: Released) -> object:
    """Return what makes a release the same; who recorded it and why may be reworded."""
    return event.at, event.percent, event.amount, event.of


def happenings(job: Job, records: Records, history: History) -> Happenings:
    """Return the certificates and releases up to the date of a job's bill."""
    certified = [*history.events(Certified), *_certificates(job, records)]
    released = [*history.events(Released), *_releases(job, records)]
    return happenings_until(job.date, certified, released)


def happenings_until(
    day: dt.date, certified: Iterable[Certified], released: Iterable[Released]
) -> Happenings:
    """Return certificates and releases in the order they took effect, up to a day."""
    certificates = sorted(certified, key=lambda event: event.at)
    releases = sorted(released, key=lambda event: event.at)
    later: list[Certified | Released] = [each for each in certificates if each.at > day]
    later.extend(each for each in releases if each.at > day)
    return Happenings(
        tuple(each for each in certificates if each.at <= day),
        tuple(each for each in releases if each.at <= day),
        tuple(later),
    )


def _certificates(job: Job, records: Records) -> list[Certified]:
    by_application: dict[int, list[CertifiedRow]] = {}
    for row in records.of(CertifiedRow):
        by_application.setdefault(row.application, []).append(row)
    return [
        Certified(
            subject=job.subject,
            at=max(row.date for row in rows),
            by=str(rows[0].origin),
            application=application,
            items=tuple(
                CertifiedItem(item=row.item, completed=row.completed, stored=row.stored)
                for row in rows
                if row.item
            ),
            due=next((row.due for row in rows if row.due is not None), None),
        )
        for application, rows in by_application.items()
    ]


def _releases(job: Job, records: Records) -> list[Released]:
    return [
        Released(
            subject=job.subject,
            at=row.date,
            by=str(row.origin),
            reason=row.reason,
            percent=row.percent,
            amount=row.amount,
            of=row.of,
        )
        for row in records.of(Release)
    ]
