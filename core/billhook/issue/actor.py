"""Actors: the person, time and reason of an action, and its entry in the audit log."""

from __future__ import annotations

import datetime as dt

import attrs

from billhook.issue import codes
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.store.protocol import AuditEntry


@attrs.frozen(kw_only=True)
class Actor:
    """Person, time and reason of an action.

    Attributes:
        by: The person.
        at: The moment, UTC; only the caller reads the clock.
        reason: Why, where a reason is asked for.
    """

    by: str
    at: dt.datetime
    reason: str = ""


def audit_entry(
    kind: str,
    actor: Actor,
    *,
    document: str = "",
    subject: str = "",
    at: dt.date | None = None,
    payload: str = "{}",
) -> AuditEntry:
    """Return a line of the audit log for an act."""
    return AuditEntry(
        kind=kind,
        subject=subject,
        document=document,
        at=at or actor.at.date(),
        recorded_at=actor.at,
        by=actor.by,
        reason=actor.reason,
        payload=payload,
    )


def require_reason(actor: Actor, what: str) -> None:
    """Refuse an act that is recorded with a reason and has none.

    Raises:
        RefusedError: BH507.
    """
    if not actor.reason.strip():
        message = f"{what} needs a reason, and none is given"
        raise RefusedError([Diagnostic(codes.NO_REASON.id, message, hint="give one: --reason …")])
