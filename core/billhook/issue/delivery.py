"""Delivery: the log entry that a document was sent, after which it cannot be voided."""

from __future__ import annotations

import datetime as dt
import json

from billhook.issue import codes
from billhook.issue.actor import Actor, audit_entry
from billhook.issue.history import find_void
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.store.protocol import AuditEntry, Reading, Store

SENT = "sent"
"""Kind of the audit entry that records that a document was sent."""


def find_sending(reading: Reading, number: str) -> AuditEntry | None:
    """Return the line of the log that records the first sending, or ``None``."""
    return next(iter(reading.audit_entries(document=number, kind=SENT)), None)


def mark_sent(
    store: Store,
    number: str,
    actor: Actor,
    *,
    how: str,
    at: dt.date | None = None,
    roles: Roles = OPEN,
) -> AuditEntry:
    """Record that a document was sent.

    Args:
        store: Where documents are kept.
        number: Number of the document.
        actor: Who says so.
        how: The channel: ``mail``, ``post``, ``portal``.
        at: The day it was sent; ``None`` is the day of the act.
        roles: Who may do what.

    Raises:
        RefusedError: BH501 no such document, BH506 it is voided, BH508 not allowed.
    """
    roles.check(actor, "record")
    with store.write() as writing:
        entry = writing.entry(number)
        if entry is None:
            raise RefusedError(
                [Diagnostic(codes.NO_DOCUMENT.id, f"there is no document {number!r}")]
            )
        if find_void(writing, number) is not None:
            raise RefusedError(
                [Diagnostic(codes.ALREADY_CORRECTED.id, f"{number} is voided and cannot be sent")]
            )
        facts = json.dumps({"how": how})
        return writing.append(
            audit_entry(SENT, actor, document=number, subject=entry.subject, at=at, payload=facts)
        )
