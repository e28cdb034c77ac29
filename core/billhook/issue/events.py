"""Events: facts between documents that a plugin declares, recorded with who, when and why."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from billhook.archive.payload_types import Pockets
from billhook.archive.writer import event_to_bytes
from billhook.issue.actor import Act, audit_entry, reasoned
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.errors import RefusedError
from billhook.model.record import Event
from billhook.plugins.loading import Plugin
from billhook.store.protocol import AuditEntry, Reading, Store

GIVEN = frozenset({"subject", "at", "by", "reason"})
"""What the act says of an event, and its facts do not."""


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
    raise RefusedError([Diagnostic("BH512", f"there is no kind of event {name!r}", hint=hint)])


def add_event(
    store: Store,
    plugins: Iterable[Plugin],
    event: Event,
    act: Act,
    *,
    roles: Roles = OPEN,
) -> AuditEntry:
    """Record an event; the next bill of its subject takes it into account.

    Args:
        store: Where documents are kept.
        plugins: The plugins; one of them declares the event's class.
        event: The event, with its own ``by`` and ``reason``.
        act: Who records it, and when.
        roles: Who may do what.

    Raises:
        RefusedError: BH507 no reason, BH508 not allowed.
    """
    reasoned(act, "an event")
    roles.check(act, "record")
    pockets = Pockets(plugins)
    line = audit_entry(
        pockets.name(event),
        act,
        subject=event.subject,
        at=event.at,
        payload=event_to_bytes(event, pockets).decode(),
    )
    with store.write() as writing:
        return writing.append(line)


def attributes(kind: type[Event]) -> dict[str, str]:
    """Return the attributes of an event that its facts say, with their types as written."""
    return {field.name: str(field.type) for field in attrs.fields(kind) if field.name not in GIVEN}


def listed(
    reading: Reading, plugins: Iterable[Plugin], subject: str | None = None
) -> list[AuditEntry]:
    """Return the events of a subject, or of all, in the order they were recorded."""
    known = kinds(plugins)
    return [each for each in reading.audit_entries(subject=subject) if each.kind in known]
