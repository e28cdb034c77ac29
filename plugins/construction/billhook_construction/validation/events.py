"""Checks of certificates and releases, and of rates that change."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.figure import less, total
from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.record import Event
from billhook_construction import codes
from billhook_construction.events import Certified, Released
from billhook_construction.rating.certificate import (
    baseline,
    billed_net,
    certify,
    late_changes,
)
from billhook_construction.rating.event_log import Happenings, happenings_until
from billhook_construction.rating.previous import (
    Baseline,
    IssuedApplication,
    find_application,
)
from billhook_construction.rating.releases import available, release
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.rating.schedule import Schedule
from billhook_construction.settings import Contract
from billhook_construction.state import ConstructionState

_ALL = Decimal(100)


def event_faults(
    job: Job, history: History, happened: Happenings, schedule: Schedule, grid: AmountGrid
) -> Iterator[Diagnostic]:
    """Yield what is wrong with what happened since the application before."""
    yield from _contradictions(job)
    last = find_application(history)
    if last is not None and last.state.summary.original.unit != job.currency:
        return
    before = baseline(history, happened, grid)
    yield from _waiting(job, happened, before)
    yield from _check_certificate_dates(job, happened, before)
    if last is not None:
        changes = [*late_changes(history, last, happened)]
        yield from (_unknown_application(job, each.event) for each in changes if not each.issued)
        named = [(each.issued, each.event) for each in changes if each.issued]
        event = happened.certificate(last.state.application)
        for issued, certificate in [*named, *([(last, event)] if event else [])]:
            for message, hint in certificate_faults(certificate, issued, grid):
                yield Diagnostic(codes.CERTIFICATE.id, message, origin=job.origin, hint=hint)
    yield from _releases(job, happened, before, grid)
    if last is not None:
        yield from _rates(job, last.state, before, happened)
        yield from _policy(job, last.state, schedule)
        yield from _tax_base(job, before)


def _waiting(job: Job, happened: Happenings, before: Baseline) -> Iterator[Diagnostic]:
    """Yield each certificate and release whose day comes after the bill's date."""
    for event in happened.later:
        if isinstance(event, Certified):
            if event.application > before.application:
                continue
            name = f"certificate of application {event.application}"
        else:
            name = "release of retainage"
        message = f"the {name}, {event.at} ({event.by}), is dated after the bill, {job.date}"
        hint = (
            "it counts from the first bill with its date or a later one; correct its date, or "
            "the bill's"
        )
        yield Diagnostic(codes.NOT_YET.id, message, Severity.WARNING, job.origin, "date", hint)


def _check_certificate_dates(
    job: Job, happened: Happenings, before: Baseline
) -> Iterator[Diagnostic]:
    """Yield each certificate of an application that was not there on its day."""
    for event in happened.certified:
        early = event.application > before.application and event.at < job.date
        if early or event.application < 1:
            last = before.application or "none"
            message = (
                f"the certificate of {event.at} ({event.by}) is for application "
                f"{event.application}, but the last one before this bill is {last}"
            )
            hint = "correct the number of its application, or its date"
            yield Diagnostic(
                codes.NO_APPLICATION.id, message, Severity.WARNING, job.origin, hint=hint
            )


def _unknown_application(job: Job, event: Certified) -> Diagnostic:
    message = (
        f"application {event.application}, certified on {event.at} ({event.by}), is not in the "
        "history: the certificate is left out"
    )
    hint = "the opening states what was certified before; record it there"
    return Diagnostic(codes.NO_APPLICATION.id, message, Severity.WARNING, job.origin, hint=hint)


def certificate_faults(
    event: Certified, issued: IssuedApplication, grid: AmountGrid
) -> Iterator[tuple[str, str | None]]:
    """Yield what is wrong with a certificate of an application, as message and hint."""
    known = {row.item for row in issued.state.rows}
    place = f"the certificate of {event.at} ({event.by})"
    for each in event.items:
        if each.item not in known:
            hint = did_you_mean(each.item, known)
            yield f"{place} names item {each.item!r}, which is unknown", hint
        elif each.completed is None and each.stored is None:
            yield "give completed or stored", "give completed or stored"
    if event.due is None:
        return
    summary = issued.state.summary
    if event.items:
        found = less(
            certify(issued, event, grid).earned,
            summary.previous_certificates,
            rule="construction.certified.due",
        )
        if event.due != found.value:
            yield (
                (f"{place} adds up to {found.value} {found.unit}, but it certifies {event.due}"),
                "name the items certified otherwise than applied for, or correct due",
            )
        return
    asked = billed_net(issued, grid)
    cut = summary.due.value - event.due
    if cut and not 0 < cut <= asked.value:
        message = (
            f"{place} is {event.due} {asked.unit} as a lump sum; the application is for "
            f"{summary.due.value}, {asked.value} of it for work and stored material"
        )
        hint = "a lump sum only cuts work and stored material: name the items that differ"
        yield message, hint


def _releases(
    job: Job, happened: Happenings, before: Baseline, grid: AmountGrid
) -> Iterator[Diagnostic]:
    pots = before.pots
    for event in happened.since(before.honoured):
        fault = _release_fault(event, available(pots, event).value)
        if fault:
            message = f"the release of {event.at} ({event.by}) {fault}"
            hint = "correct the release, or its date"
            yield Diagnostic(codes.RELEASE.id, message, origin=job.origin, hint=hint)
        else:
            pots = release(pots, [event], grid)


def recording_faults(event: Event, history: History) -> Iterator[Diagnostic]:
    """Yield what is wrong with an event that is to be recorded now."""
    if isinstance(event, Released):
        fault = _release_fault(event, _held_for(event, history))
        if fault:
            hint = "correct the release; the last application shows what is held"
            yield Diagnostic(codes.RELEASE.id, f"the release of {event.at} {fault}", hint=hint)
    elif isinstance(event, Certified):
        yield from _recorded_certificate(event, history)


def _held_for(event: Released, history: History) -> Decimal:
    """Return what a release can be taken of, after the releases that were recorded before."""
    if history.state(ConstructionState) is None:
        return Decimal(0)
    grid = _grid(history)
    happened = happenings_until(event.at, history.events(Certified), history.events(Released))
    before = baseline(history, happened, grid)
    pots = release(before.pots, happened.since(before.honoured), grid)
    return available(pots, event).value


def _grid(history: History) -> AmountGrid:
    invoice = history.documents[-1].invoice
    return AmountGrid(invoice.currency, invoice.policy.line, None)


def _recorded_certificate(event: Certified, history: History) -> Iterator[Diagnostic]:
    last = find_application(history)
    number = last.state.application if last else 0
    issued = find_application(history, event.application)
    if not 1 <= event.application <= number or issued is None:
        known = f"the last one issued is {number}" if number else "none is issued"
        message = f"the certificate is for application {event.application}, but {known}"
        yield Diagnostic(codes.CERTIFICATE.id, message, hint="name an application that was issued")
        return
    for message, hint in certificate_faults(event, issued, _grid(history)):
        yield Diagnostic(codes.CERTIFICATE.id, message, hint=hint)


def _release_fault(event: Released, held: Decimal) -> str:
    if not held:
        return "finds nothing held"
    if event.percent is not None and event.amount is not None:
        return "gives a percentage and a sum; expected one of them"
    if event.percent is not None and not 0 < event.percent <= _ALL:
        return f"is {event.percent} percent; expected more than 0 and at most 100"
    if event.amount is not None and not 0 < event.amount <= held:
        return f"is {event.amount}; expected more than 0 and at most {held}, which is held"
    return ""


def _rates(
    job: Job, state: ConstructionState, before: Baseline, happened: Happenings
) -> Iterator[Diagnostic]:
    """Yield each rate of retainage that changed, and a lower one that pays a release twice."""
    contract, terms = job.settings(Contract), state.retainage
    place = contract.origin or job.origin
    new = happened.since(before.honoured)
    pairs = (
        ("work", "completed work", terms.rate_work, contract.retainage_work, terms.released_work),
        ("stored", "stored material", terms.rate_stored, contract.stored_rate,
         terms.released_stored),
    )  # fmt: skip
    for pot, name, rate, now, released in pairs:
        was = rate.value
        if now == was or not (before.pots.held[pot].value or released.value):
            continue
        message = f"the rate of retainage on {name} is {now} percent, previously {was}"
        if now > was:
            hint = (
                "the difference on all work to date is held with this bill; a rate set "
                "only in one job reverts to the project's in the next"
            )
            yield Diagnostic(codes.RATE_RAISED.id, message, Severity.WARNING, place, hint=hint)
        elif released.value or any(event.of in {"all", pot} for event in new):
            message += ", and retainage was released: the same money is paid back twice"
            hint = f"leave the rate at {was} and record releases, or lower it and release nothing"
            yield Diagnostic(codes.BACK_TWICE.id, message, origin=place, hint=hint)
        else:
            hint = "the difference is paid back with this bill; a release would pay it back twice"
            yield Diagnostic(codes.RATE_LOWERED.id, message, Severity.WARNING, place, hint=hint)


def _policy(job: Job, state: ConstructionState, schedule: Schedule) -> Iterator[Diagnostic]:
    """Yield a policy of retainage, or a row's own rate, that changed while retainage is held."""
    contract = job.settings(Contract)
    if not state.summary.retained.value:
        return
    place = contract.origin or job.origin
    hint = "what is held follows the new terms from this bill on, for all work to date"
    if contract.retainage != state.retainage.policy:
        message = f"[construction.retainage] differs from application {state.application}"
        yield Diagnostic(codes.POLICY.id, message, Severity.WARNING, place, hint=hint)
    before = {row.item: row.rate and row.rate.value for row in state.rows}
    for item in schedule.items:
        rate = item.retainage and item.retainage.value
        if before.get(item.item, rate) != rate:
            message = f"item {item.item!r} has another rate of retainage than before"
            yield Diagnostic(codes.POLICY.id, message, Severity.WARNING, item.origin, hint=hint)


def _contradictions(job: Job) -> Iterator[Diagnostic]:
    """Yield what is contradictory in a policy of retainage."""
    contract = job.settings(Contract)
    policy = contract.retainage
    if policy is None:
        return
    places = [step.at for step in policy.steps]
    wrong = ""
    if policy.mode == "flat" and places:
        wrong = "mode is flat and there are steps"
    elif policy.mode != "flat" and not places:
        wrong = f"mode is {policy.mode} and there are no steps"
    elif places != sorted(set(places)):
        wrong = "the steps do not rise"
    elif policy.cap is not None and policy.cap_amount is not None:
        wrong = "there are cap and cap_amount"
    if wrong:
        place = contract.origin or job.origin
        hint = "give mode, steps in rising order, and at most one cap"
        yield Diagnostic(
            codes.POLICY_WRONG.id, wrong, origin=place, path="construction.retainage", hint=hint
        )


def _tax_base(job: Job, before: Baseline) -> Iterator[Diagnostic]:
    contract = job.settings(Contract)
    now, was = contract.tax_on or "gross", before.tax_base
    held = total(before.pots.held.values(), "construction.sum.retained")
    if held.value and now != was:
        message = (
            f"tax was charged {_BASES[was]} up to application {before.application}, now "
            f"{_BASES[now]}; {held.value} {held.unit} held were taxed the old way"
        )
        hint = "they are taxed once; leave tax_on as it was if nothing was to change"
        place = contract.origin or job.origin
        path = "construction.tax_on"
        yield Diagnostic(codes.TAX_BASE.id, message, Severity.WARNING, place, path, hint)


_BASES = {"gross": "on the gross amount", "net_of_retainage": "net of retainage"}
