"""Accounting for records: each is billed once or skipped with a reason, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from billhook.arithmetic.assemble import Charged
from billhook.diagnostics import Diagnostic, Findings
from billhook.loading import Plugin
from billhook.model.charge import Charge, Rating
from billhook.model.invoice import State
from billhook.model.job import Job
from billhook.model.record import Given, Record, Records


def account(
    job: Job,
    records: Records,
    ratings: Sequence[Rating],
    plugins: Iterable[Plugin],
    findings: Findings,
) -> Charged:
    """Put the ratings together and report what does not add up."""
    charges = tuple(charge for rating in ratings for charge in rating.charges)
    skipped = tuple(skip for rating in ratings for skip in rating.skipped)
    for rating in ratings:
        findings.extend(rating.findings)
    findings.extend(_twins(records))
    findings.extend(_foreign(job, charges))
    findings.extend(_same_ids(charges))
    if not findings.errors:
        findings.extend(_unaccounted(records, ratings))
    return Charged(charges, skipped, _states(ratings, plugins), tuple(records))


def _twins(records: Records) -> Iterable[Diagnostic]:
    first: dict[str, Record] = {}
    for record in records:
        twin = first.setdefault(record.key, record)
        if twin is not record:
            message = f"record {record.key!r} stands here and at {twin.origin}"
            yield Diagnostic("BH304", message, origin=record.origin)


def _foreign(job: Job, charges: Iterable[Charge]) -> Iterable[Diagnostic]:
    for charge in charges:
        if charge.amount.unit != job.currency:
            message = f"charge {charge.id!r} is in {charge.amount.unit}, the job in {job.currency}"
            yield Diagnostic("BH305", message, origin=job.origin)


def _same_ids(charges: Iterable[Charge]) -> Iterable[Diagnostic]:
    for name, count in Counter(charge.id for charge in charges).items():
        if count > 1:
            yield Diagnostic("BH306", f"{count} charges have the id {name!r}")


def _unaccounted(records: Records, ratings: Iterable[Rating]) -> Iterable[Diagnostic]:
    claims = Counter(claim for rating in ratings for claim in _claims(rating))
    for record in records:
        if isinstance(record, Given):
            continue
        times = claims[record.key]
        if times == 0:
            message = f"record {record.key!r} was neither billed nor skipped"
            yield Diagnostic("BH301", message, origin=record.origin)
        elif times > 1:
            message = f"record {record.key!r} was accounted for {times} times"
            yield Diagnostic("BH302", message, origin=record.origin)


def _claims(rating: Rating) -> Iterable[str]:
    """Yield a key once for all charges that bill different parts of it, else once for each."""
    parts = Counter((key, charge.part) for charge in rating.charges for key in charge.sources)
    most: dict[str, int] = {}
    for (key, _), count in parts.items():
        most[key] = max(most.get(key, 0), count)
    for key, count in most.items():
        yield from [key] * count
    yield from (skip.key for skip in rating.skipped)


def _states(ratings: Iterable[Rating], plugins: Iterable[Plugin]) -> tuple[State, ...]:
    owners = {plugin.info.state: plugin.name for plugin in plugins if plugin.info.state}
    return tuple(
        State(owners.get(type(rating.state), type(rating.state).__module__), rating.state)
        for rating in ratings
        if rating.state is not None
    )
