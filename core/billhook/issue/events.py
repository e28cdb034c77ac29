"""Events: facts between documents that a plugin declares, recorded with who, when and why."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

import attrs

from billhook.archive.payload_types import Pockets
from billhook.archive.writer import event_to_bytes
from billhook.engine import Engine
from billhook.issue import codes
from billhook.issue.actor import Actor, audit_entry, require_reason
from billhook.issue.history import ISSUED, WITHDRAWN, counts, history, withdrawn
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.errors import RefusedError
from billhook.model.record import Event
from billhook.plugins.loading import Plugin
from billhook.store.protocol import AuditEntry, Reading, Store

GIVEN = frozenset({"subject", "at", "by", "reason"})
"""Attributes of an event that come from the actor, not from its facts."""


def kinds(plugins: Iterable[Plugin]) -> dict[str, type[Event]]:
    """Return the kinds of events that plugins declare: ``construction.Certified``."""
    return {
        f"{plugin.name}.{kind.__name__}": kind for plugin in plugins for kind in plugin.info.events
    }


def kind_named(plugins: Iterable[Plugin], name: str) -> type[Event]:
    """Return a kind of event by its name, which may leave out the plugin and mind no case.

    Raises:
        RefusedError: BH512: no kind, or several.
    """
    known = kinds(plugins)
    if name in known:
        return known[name]
    folded = name.casefold()
    found = [
        each for each in known if folded in {each.casefold(), each.casefold().partition(".")[2]}
    ]
    if len(found) == 1:
        return known[found[0]]
    short = {each.partition(".")[2]: each for each in known}
    hint = ", ".join(found) if found else did_you_mean(name, (*known, *short))
    if hint is None:
        hint = "no plugin of the project declares events"
    raise RefusedError(
        [Diagnostic(codes.EVENT_KIND.id, f"there is no kind of event {name!r}", hint=hint)]
    )


@attrs.frozen
class Recorded:
    """An event that was recorded: its line of the log, and what needs eyes."""

    line: AuditEntry
    findings: tuple[Diagnostic, ...] = ()


def add_event(
    store: Store,
    engine: Engine,
    event: Event,
    actor: Actor,
    *,
    subjects: Collection[str] | None = None,
    roles: Roles = OPEN,
) -> Recorded:
    """Check an event and record it; the next bill of its subject takes it into account.

    Args:
        store: Where documents are kept.
        engine: The plugins; one of them declares the event's class, all of them may find fault.
        event: The event, with its own ``by`` and ``reason``.
        actor: Who records it, and when.
        subjects: The subjects that there are beside those of the store; ``None`` takes any.
        roles: Who may do what.

    Raises:
        RefusedError: BH507 no reason, BH508 not allowed, BH555 no such subject, or what a plugin
            finds.
    """
    require_reason(actor, "an event")
    roles.check(actor, "record")
    pockets = Pockets(engine.plugins)
    line = audit_entry(
        pockets.name(event),
        actor,
        subject=event.subject,
        at=event.at,
        payload=event_to_bytes(event, pockets).decode(),
    )
    with store.write() as writing:
        found = list(_unknown_subject(writing, event, subjects))
        if not found:
            known = history(writing, event.subject, (), engine.plugins)
            found = engine.hooks.check_event(event, known)
        if any(each.severity is Severity.ERROR for each in found):
            raise RefusedError(found)
        return Recorded(writing.append(line), tuple(found))


def _unknown_subject(
    reading: Reading, event: Event, subjects: Collection[str] | None
) -> Iterator[Diagnostic]:
    """Refuse an event of a subject that no job, document or event has: nobody would bill it."""
    subject = event.subject
    if subjects is None or subject in subjects:
        return
    if next(iter(reading.audit_entries(subject=subject)), None) is None:
        message = f"no job and no document is of the subject {subject!r}"
        hint = did_you_mean(subject, subjects) or "write its job first, or its opening"
        yield Diagnostic(codes.EVENT_SUBJECT.id, message, hint=hint)


def withdraw_event(
    store: Store, engine: Engine, line: int, actor: Actor, *, roles: Roles = OPEN
) -> AuditEntry:
    """Withdraw an event that was recorded by mistake: it stays in the log and no longer counts.

    Args:
        store: Where documents are kept.
        engine: The plugins that declare the events.
        line: The line of the log that recorded it.
        actor: Who withdraws it, when and why.
        roles: Who may do what.

    Raises:
        RefusedError: BH507 no reason, BH508 not allowed, BH556 no such event or withdrawn
            already, BH557 a document that counts was issued with it.
    """
    require_reason(actor, "withdrawing an event")
    roles.check(actor, "record")
    with store.write() as writing:
        event = next(
            (each for each in list_events(writing, engine.plugins) if each.position == line), None
        )
        if event is None or line in withdrawn(writing, event.subject):
            why = "is not an event" if event is None else "was already withdrawn"
            hint = "billhook event list shows the lines of all events"
            raise RefusedError(
                [Diagnostic(codes.NO_EVENT.id, f"line {line} of the log {why}", hint=hint)]
            )
        if number := _find_counting(writing, event):
            message = f"{number} counts the event of line {line} and is still in force"
            hint = (
                f"credit it first: billhook credit {number}; or record an event that "
                "corrects this one"
            )
            raise RefusedError([Diagnostic(codes.EVENT_COUNTED.id, message, hint=hint)])
        facts = json.dumps({"line": line, "kind": event.kind}, sort_keys=True)
        return writing.append(
            audit_entry(WITHDRAWN, actor, subject=event.subject, at=event.at, payload=facts)
        )


def _find_counting(reading: Reading, event: AuditEntry) -> str:
    """Return a document that was issued after an event took effect and was recorded, if any."""
    for issue in reading.audit_entries(subject=event.subject, kind=ISSUED):
        later = issue.position > event.position and issue.at >= event.at
        if later and counts(reading, issue.document):
            return issue.document
    return ""


def attributes(kind: type[Event]) -> dict[str, str]:
    """Return the attributes of an event that its facts say, with their types as written."""
    return {field.name: str(field.type) for field in attrs.fields(kind) if field.name not in GIVEN}


def list_events(
    reading: Reading, plugins: Iterable[Plugin], subject: str | None = None
) -> list[AuditEntry]:
    """Return the events of a subject, or of all, in the order they were recorded."""
    known = kinds(plugins)
    return [each for each in reading.audit_entries(subject=subject) if each.kind in known]
