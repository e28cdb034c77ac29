"""What can be wrong with certificates and releases, and with rates that change."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.figure import less
from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.record import Event
from billhook_construction import codes
from billhook_construction.events import Certified, Released
from billhook_construction.rating.event_log import Happenings
from billhook_construction.rating.previous import Baseline, baseline
from billhook_construction.rating.releases import available, release
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.settings import Contract
from billhook_construction.state import ConstructionState

_ALL = Decimal(100)


def event_faults(
    job: Job, state: ConstructionState | None, happened: Happenings, grid: AmountGrid
) -> Iterator[Diagnostic]:
    """Yield what is wrong with what happened since the application before."""
    if state is None:
        yield from _releases(job, happened, baseline(None, happened, grid), grid)
        return
    if state.summary.original.unit != job.currency:
        return
    before = baseline(state, happened, grid)
    event = happened.certificate(state.application)
    if event is not None:
        yield from _certificate(job, event, state, before)
    yield from _releases(job, happened, before, grid)
    yield from _rates(job, state, before)


def _certificate(
    job: Job, event: Certified, state: ConstructionState, before: Baseline
) -> Iterator[Diagnostic]:
    known = {row.item for row in state.rows}
    for each in event.items:
        if each.item not in known:
            message = (
                f"the certificate of {event.at} ({event.by}) has item {each.item!r}, "
                "which is unknown"
            )
            hint = did_you_mean(each.item, known)
            yield Diagnostic(codes.CERTIFICATE.id, message, origin=job.origin, hint=hint)
    paid = state.summary.previous_certificates
    found = less(before.earned, paid, rule="construction.certified.due")
    if event.due is not None and event.due != found.value:
        message = (
            f"application {event.application} was certified at {event.due} {found.unit} "
            f"({event.by}), "
            f"its certified items come to {found.value}"
        )
        hint = "name the items that were certified otherwise than applied for, or correct due"
        yield Diagnostic(codes.CERTIFICATE.id, message, origin=job.origin, hint=hint)


def _releases(
    job: Job, happened: Happenings, before: Baseline, grid: AmountGrid
) -> Iterator[Diagnostic]:
    pots = before.pots
    for event in happened.since(before.honoured):
        fault = _release_fault(event, available(pots, event).value)
        if fault:
            message = f"the release of {event.at} ({event.by}) {fault}"
            hint = "correct the release, or its day"
            yield Diagnostic(codes.RELEASE.id, message, origin=job.origin, hint=hint)
        else:
            pots = release(pots, [event], grid)


def recording_faults(event: Event, history: History) -> Iterator[Diagnostic]:
    """Yield what is wrong with an event that is to be recorded now."""
    if isinstance(event, Released):
        fault = _release_fault(event, _held_for(event, history))
        if fault:
            hint = "correct the release; what is held stands on the last application"
            yield Diagnostic(codes.RELEASE.id, f"the release of {event.at} {fault}", hint=hint)
    elif isinstance(event, Certified):
        yield from _certificate_faults(event, history.state(ConstructionState))


def _held_for(event: Released, history: History) -> Decimal:
    """Return what a release can be taken of, after the releases that were recorded before."""
    state = history.state(ConstructionState)
    if state is None:
        return Decimal(0)
    policy = history.documents[-1].invoice.policy
    grid = AmountGrid(state.summary.original.unit, policy.line, None)
    happened = Happenings(
        tuple(each for each in history.events(Certified) if each.at <= event.at),
        tuple(each for each in history.events(Released) if each.at <= event.at),
    )
    before = baseline(state, happened, grid)
    pots = release(before.pots, happened.since(before.honoured), grid)
    return available(pots, event).value


def _certificate_faults(event: Certified, state: ConstructionState | None) -> Iterator[Diagnostic]:
    last = state.application if state else 0
    if not 1 <= event.application <= last:
        issued = f"the last one issued is {last}" if last else "none is issued"
        message = f"the certificate is of application {event.application}; {issued}"
        yield Diagnostic(codes.CERTIFICATE.id, message, hint="name an application that was issued")
    known = {row.item for row in state.rows} if state else set()
    for each in event.items if state else ():
        if each.item not in known:
            message = f"the certificate of {event.at} has item {each.item!r}, which is unknown"
            hint = did_you_mean(each.item, known)
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


def _rates(job: Job, state: ConstructionState, before: Baseline) -> Iterator[Diagnostic]:
    contract, terms = job.settings(Contract), state.retainage
    pairs = (
        ("work", "completed work", terms.rate_work.value, contract.retainage_work),
        ("stored", "stored material", terms.rate_stored.value, contract.stored_rate),
    )
    for pot, name, was, now in pairs:
        if now < was and before.pots.held[pot].value:
            message = f"the rate of retainage on {name} is {now} percent, it was {was}"
            place = contract.origin or job.origin
            hint = "the difference is paid back with this bill; a release as well pays it twice"
            yield Diagnostic(codes.RATE_LOWERED.id, message, Severity.INFO, place, hint=hint)
