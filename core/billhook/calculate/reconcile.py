"""Accounting for records: each is billed once or skipped with a reason, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from billhook.calculate.assemble import Charged
from billhook.kernel.diagnostics import Diagnostic, Findings, did_you_mean
from billhook.kernel.figure import Figure
from billhook.model.adjustment import Adjustment, UpTo
from billhook.model.charge import Charge, Rating
from billhook.model.invoice import State
from billhook.model.job import Job
from billhook.model.record import LookupRecord, Record, Records
from billhook.plugins.loading import Plugin


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
    findings.extend(_same_ids("charges", charges))
    used = tuple(plugins)
    findings.extend(_undeclared(ratings, used))
    if not findings.errors:
        findings.extend(_unaccounted(records, ratings))
    return Charged(charges, skipped, _states(ratings, used), tuple(records))


def account_adjustments(
    job: Job, adjustments: Iterable[Adjustment], charges: Iterable[Charge] = ()
) -> Iterator[Diagnostic]:
    """Report what keeps adjustments from being worked out.

    A foreign currency, an id twice, a charge that is not there.
    """
    asked = tuple(adjustments)
    known = {charge.id for charge in charges}
    for each in asked:
        for line in (*each.lines, *(base.line for base in each.bases)):
            if line not in known:
                message = f"adjustment {each.id!r} is taken of {line!r}, which is no charge"
                hint = did_you_mean(line, known) or "name the id of a charge of this bill"
                yield Diagnostic("BH409", message, origin=job.origin, hint=hint)
        figure = each.amount.fund if isinstance(each.amount, UpTo) else each.amount
        if isinstance(figure, Figure) and figure.unit != job.currency:
            message = f"adjustment {each.id!r} is in {figure.unit}, the job in {job.currency}"
            yield Diagnostic("BH305", message, origin=job.origin)
    yield from _same_ids("adjustments", asked)


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


def _same_ids(what: str, amounts: Sequence[Charge] | Sequence[Adjustment]) -> Iterable[Diagnostic]:
    for name, count in Counter(each.id for each in amounts).items():
        if count > 1:
            yield Diagnostic("BH306", f"{count} {what} have the id {name!r}")


def _undeclared(ratings: Iterable[Rating], plugins: Iterable[Plugin]) -> Iterable[Diagnostic]:
    """Find what is kept for later and could not be read again."""
    infos = [plugin.info for plugin in plugins]
    known = {kind for info in infos for kind in (info.state, *info.details, *info.events)}
    for kind, where, declare in _kept(ratings):
        if kind not in known:
            message = f"no plugin of the job declares {kind.__name__}, which {where} keeps"
            hint = f"name its class in PluginInfo.{declare}"
            yield Diagnostic("BH307", message, hint=hint)


def _kept(ratings: Iterable[Rating]) -> Iterator[tuple[type, str, str]]:
    """Yield each class that is kept, where it was first met, and where it is declared."""
    first: dict[tuple[type, str], str] = {}
    for rating in ratings:
        if rating.state is not None:
            first.setdefault((type(rating.state), "state"), "a rating's state")
        for charge in rating.charges:
            if charge.detail is not None:
                first.setdefault((type(charge.detail), "details"), f"charge {charge.id!r}")
    yield from ((kind, where, declare) for (kind, declare), where in first.items())


def _unaccounted(records: Records, ratings: Iterable[Rating]) -> Iterable[Diagnostic]:
    claims = Counter(claim for rating in ratings for claim in _claims(rating))
    strange = sorted(claims.keys() - {record.key for record in records})
    hint = f"a charge names {strange[0]!r}, which is no record of the job" if strange else None
    for record in records:
        if isinstance(record, LookupRecord):
            continue
        times = claims[record.key]
        if times == 0:
            message = f"record {record.key!r} was neither billed nor skipped"
            yield Diagnostic("BH301", message, origin=record.origin, hint=hint)
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
