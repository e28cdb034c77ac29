"""Reconciliation of records: each is billed once or skipped with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from billhook.calculate.assemble import Charged
from billhook.calculate.price_conversion import missing_rate
from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, Findings, did_you_mean
from billhook.kernel.figure import Figure
from billhook.kernel.text import labels
from billhook.model.adjustment import Adjustment, Excess, Shortfall, Stage, UpTo
from billhook.model.charge import Charge, Rating, Skip, claims_of
from billhook.model.document import History
from billhook.model.invoice import State
from billhook.model.job import Job
from billhook.model.record import LookupRecord, Record, Records
from billhook.plugins.loading import Plugin

_: Final = labels("billhook")


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
    findings.extend(_find_undeclared(ratings, used))
    if not findings.errors:
        findings.extend(_find_unaccounted(job, records, ratings))
        findings.extend(_claimed_twice(job, charges, records))
    return Charged(charges, skipped, _states(ratings, used), tuple(records))


def drop_billed(
    job: Job,
    records: Records,
    ratings: Iterable[Rating],
    history: History,
    findings: Findings,
) -> tuple[Rating, ...]:
    """Return ratings without the charges whose claims a living document has.

    Their other records are consumed: they are included in what was billed.  A charge of which one
    claim is billed and another is not is an error.
    """
    parts = {key: record for record in records if record.parts for key in record.sources}
    done = []
    for rating in ratings:
        left: list[Charge] = []
        skipped: list[Skip] = []
        for charge in rating.charges:
            keys = claims_of(charge, job.subject, job.id, job.period)
            taken = {key: history.claimed(key) for key in keys}
            taken |= {key: history.billed.get(key) for key in charge.sources if key in parts}
            number = next((each for each in taken.values() if each is not None), None)
            if number is None:
                left.append(charge)
            elif None in taken.values():
                findings.add(_report_partly_billed(job, charge, taken))
                left.append(charge)
            else:
                skipped.extend(_skip_billed(charge, parts, records, number))
        named = {key for charge in left for key in charge.sources}
        open_ = (skip for skip in skipped if skip.consumed or skip.key not in named)
        skips = (*rating.skipped, *_once(open_))
        done.append(attrs.evolve(rating, charges=tuple(left), skipped=skips))
    return tuple(done)


def _skip_billed(
    charge: Charge, parts: Mapping[str, Record], records: Records, number: str
) -> Iterator[Skip]:
    """Yield the records of a charge that was billed before."""
    reason = _("billed on {number}", number=number) if number else _("billed before")
    known = {record.key: record for record in records}
    for key in charge.sources:
        if key in parts:
            record = parts[key]
            yield Skip(record.key, reason, record.origin, own=True)
        elif key in known:
            yield Skip(key, reason, known[key].origin, consumed=True, own=True)


def _once(skips: Iterable[Skip]) -> tuple[Skip, ...]:
    """Return skips without those that say the same of the same record."""
    return tuple({(skip.key, str(skip.reason)): skip for skip in skips}.values())


def _report_partly_billed(job: Job, charge: Charge, taken: Mapping[str, str | None]) -> Diagnostic:
    billed = next(f"{key!r}, billed on {number}" for key, number in taken.items() if number)
    fresh = next(key for key, number in taken.items() if number is None)
    message = f"charge {charge.id!r} claims {billed}, and {fresh!r}, which is not billed"
    hint = "let each claim have a charge of its own"
    return Diagnostic(codes.PARTLY_BILLED.id, message, origin=job.origin, hint=hint)


def drop_claimed(asked: Iterable[Adjustment], history: History) -> tuple[Adjustment, ...]:
    """Return adjustments without those of which a living document claims a key."""
    return tuple(each for each in asked if all(history.claimed(key) is None for key in each.claims))


def without_alone(asked: Iterable[Adjustment], alone: Iterable[Charge]) -> tuple[Adjustment, ...]:
    """Return the adjustments of a bill whose only charges are surcharges that stand alone.

    What is worked out before these was worked out of nothing.
    """
    asked, ids = tuple(asked), {charge.id for charge in alone}
    first = min((each.order for each in asked if each.id in ids), default=0)
    return tuple(
        each
        for each in asked
        if each.id not in ids and (each.stage is Stage.AFTER_TAX or not ids or each.order > first)
    )


def account_counts(charges: Iterable[Charge], history: History) -> Iterator[Diagnostic]:
    """Report what counts in another unit than was counted before under the same key."""
    units: dict[str, str] = {}
    for charge in charges:
        for key, figure in charge.counts.items():
            known = units.setdefault(key, history.unit(key) or figure.unit)
            if known != figure.unit:
                message = f"charge {charge.id!r} counts {figure.unit!r} under {key!r}"
                yield Diagnostic(
                    codes.ACCUMULATOR_UNIT.id, f"{message}, which is counted in {known!r}"
                )


def account_adjustment_counts(
    job: Job, adjustments: Iterable[Adjustment], charges: Iterable[Charge], history: History
) -> Iterator[Diagnostic]:
    """Report adjustments that count money under a key that counts something else."""
    units = {key: figure.unit for charge in charges for key, figure in charge.counts.items()}
    for each in adjustments:
        for key in each.counts:
            known = units.get(key) or history.unit(key) or job.currency
            if known != job.currency:
                message = f"adjustment {each.id!r} counts {job.currency!r} under {key!r}"
                yield Diagnostic(
                    codes.ACCUMULATOR_UNIT.id, f"{message}, which is counted in {known!r}"
                )


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
                message = f"adjustment {each.id!r} applies to {line!r}, but there is no such charge"
                hint = did_you_mean(line, known) or "name the id of a charge of this bill"
                yield Diagnostic(codes.NO_SUCH_CHARGE.id, message, origin=job.origin, hint=hint)
        foreign = [figure for figure in _sums(each) if figure.unit != job.currency]
        for figure in foreign[:1]:
            message = f"adjustment {each.id!r} is in {figure.unit}, the job in {job.currency}"
            hint = missing_rate(job, figure.unit)
            yield Diagnostic(codes.CURRENCY_MISMATCH.id, message, origin=job.origin, hint=hint)
    yield from _same_ids("adjustments", asked)


def _sums(adjustment: Adjustment) -> Iterator[Figure]:
    """Yield the sums of money that an adjustment names."""
    asked = adjustment.amount
    if isinstance(asked, Figure):
        yield asked
    elif isinstance(asked, UpTo):
        yield asked.fund
    elif isinstance(asked, Excess | Shortfall):
        yield asked.limit
    yield from (each for each in (adjustment.at_least, adjustment.at_most) if each is not None)


def _twins(records: Records) -> Iterable[Diagnostic]:
    first: dict[str, Record] = {}
    for record in records:
        twin = first.setdefault(record.key, record)
        if twin is not record:
            message = f"record {record.key!r} appears here and at {twin.origin}"
            yield Diagnostic(codes.SAME_KEY.id, message, origin=record.origin)


def _foreign(job: Job, charges: Iterable[Charge]) -> Iterable[Diagnostic]:
    for charge in charges:
        if charge.amount.unit != job.currency:
            message = f"charge {charge.id!r} is in {charge.amount.unit}, the job in {job.currency}"
            hint = missing_rate(job, charge.amount.unit)
            yield Diagnostic(codes.CURRENCY_MISMATCH.id, message, origin=job.origin, hint=hint)


def _same_ids(what: str, amounts: Sequence[Charge] | Sequence[Adjustment]) -> Iterable[Diagnostic]:
    for name, count in Counter(each.id for each in amounts).items():
        if count > 1:
            yield Diagnostic(codes.SAME_ID.id, f"{count} {what} have the id {name!r}")


def _find_undeclared(ratings: Iterable[Rating], plugins: Iterable[Plugin]) -> Iterable[Diagnostic]:
    """Find what is kept for later and could not be read again."""
    infos = [plugin.info for plugin in plugins]
    known = {kind for info in infos for kind in (info.state, *info.details, *info.events)}
    for kind, where, declare in _list_payloads(ratings):
        if kind not in known:
            message = f"{where} holds a {kind.__name__}, which no plugin of the job declares"
            hint = f"name its class in PluginInfo.{declare}"
            yield Diagnostic(codes.UNDECLARED_CLASS.id, message, hint=hint)


def _list_payloads(ratings: Iterable[Rating]) -> Iterator[tuple[type, str, str]]:
    """Yield each class that is kept, where it was first met, and where it is declared."""
    first: dict[tuple[type, str], str] = {}
    for rating in ratings:
        if rating.state is not None:
            first.setdefault((type(rating.state), "state"), "a rating's state")
        for charge in rating.charges:
            if charge.detail is not None:
                first.setdefault((type(charge.detail), "details"), f"charge {charge.id!r}")
    yield from ((kind, where, declare) for (kind, declare), where in first.items())


def _find_unaccounted(
    job: Job, records: Records, ratings: Sequence[Rating]
) -> Iterable[Diagnostic]:
    claims = Counter(claim for rating in ratings for claim in _claims(rating))
    skipped = {skip.key for rating in ratings for skip in rating.skipped}
    known = {key for record in records for key in record.sources}
    known |= {record.key for record in records if not record.parts or record.key in skipped}
    for key in sorted(claims.keys() - known):
        yield _strange(key, records, job)
    for record in records:
        if isinstance(record, LookupRecord):
            continue
        times = _times(record, claims)
        if times == 0:
            message = f"record {record.key!r} was neither billed nor skipped"
            yield Diagnostic(codes.UNACCOUNTED_RECORD.id, message, origin=record.origin)
        elif times > 1:
            message = f"record {record.key!r} is billed or skipped {times} times"
            yield Diagnostic(codes.BILLED_TWICE.id, message, origin=record.origin)


def _times(record: Record, claims: Counter[str]) -> int:
    """Return how often a record was accounted for; of its parts, the one that was most often."""
    if not record.parts:
        return claims[record.key]
    most = max(claims[key] for key in record.sources)
    return max(most, 2) if most and claims[record.key] else most or claims[record.key]


def _strange(key: str, records: Records, job: Job) -> Diagnostic:
    """Return the finding of a key that is no record that is to be billed."""
    for record in records:
        if record.key == key:
            parts = ", ".join(record.sources)
            message = f"a charge names {key!r}, which is billed in parts"
            return Diagnostic(
                codes.UNREAD_RECORD.id, message, origin=record.origin, hint=f"name one of {parts}"
            )
    for each in records.billed(Record):
        if key in {each.record.key, *each.record.sources}:
            message = f"a charge names {key!r}, which is billed on {each.document}"
            hint = "records.billed() is for rules to read; its records cannot be billed again"
            return Diagnostic(
                codes.RECORD_BILLED_BEFORE.id, message, origin=each.record.origin, hint=hint
            )
    meant = did_you_mean(key, [record.key for record in records])
    claim = "put a key that is not a record into the charge's claims"
    message = f"a charge or skip names {key!r}, which is not a record of the job"
    return Diagnostic(codes.UNREAD_RECORD.id, message, origin=job.origin, hint=meant or claim)


def _claimed_twice(job: Job, charges: Iterable[Charge], records: Records) -> Iterator[Diagnostic]:
    """Yield the claims that two charges have, and those that are records."""
    known = {record.key for record in records}
    claims = Counter(key for charge in charges for key in charge.claims)
    for key, count in claims.items():
        if key in known:
            message = f"a charge claims {key!r}, which is a record: name it in sources"
            yield Diagnostic(codes.SAME_CLAIM.id, message, origin=job.origin)
        elif count > 1:
            message = f"{count} charges claim {key!r}"
            yield Diagnostic(codes.SAME_CLAIM.id, message, origin=job.origin)


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
