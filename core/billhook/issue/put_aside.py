"""Work put aside: a record that somebody keeps from being billed, until it is taken up again.

Both are lines of the audit log, with who and why; nothing else remembers them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from billhook.issue import codes
from billhook.issue.actor import Actor, audit_entry, require_reason
from billhook.issue.claims import claim_key
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.text import Label, labels
from billhook.model.record import Record
from billhook.store.protocol import AuditEntry, Reading, Store

_: Final = labels("billhook")

ASIDE = "work.aside"
"""Kind of the audit entry that puts a record aside."""

TAKEN_UP = "work.taken-up"
"""Kind of the audit entry that takes it up again."""


@attrs.frozen
class WorkRecord:
    """A record that is put aside or taken up: its key, and the subject that it belongs to."""

    key: str
    subject: str

    @property
    def claim(self) -> str:
        """The key under which it is put aside: that of the claim a bill would have on it."""
        return claim_key(self.subject, self.key)


def put_aside(
    store: Store, works: Iterable[WorkRecord], actor: Actor, *, roles: Roles = OPEN
) -> tuple[AuditEntry, ...]:
    """Put records aside: no job bills them until they are taken up again.

    Args:
        store: Where documents are kept.
        works: The records.
        actor: Who puts them aside, when and why.
        roles: Who may do what.

    Raises:
        RefusedError: BH507 no reason, BH508 not allowed, BH560 billed, or aside already; nothing
            was put aside.
    """
    return _record(store, ASIDE, tuple(works), actor, roles)


def take_up(
    store: Store, works: Iterable[WorkRecord], actor: Actor, *, roles: Roles = OPEN
) -> tuple[AuditEntry, ...]:
    """Take records up again that were put aside; see `put_aside`."""
    return _record(store, TAKEN_UP, tuple(works), actor, roles)


def _record(
    store: Store, kind: str, works: tuple[WorkRecord, ...], actor: Actor, roles: Roles
) -> tuple[AuditEntry, ...]:
    require_reason(actor, "putting work aside" if kind == ASIDE else "taking work up")
    roles.check(actor, "record")
    with store.write() as writing:
        known = entries_aside(writing)
        billed = writing.claims(work.claim for work in works)
        wrong: list[str] = []
        for work in works:
            if work.claim in billed:
                wrong.append(f"{work.key!r} is billed on {billed[work.claim].document}")
            elif kind == ASIDE and work.claim in known:
                wrong.append(f"{work.key!r} is already put aside, by {known[work.claim].by}")
            elif kind == TAKEN_UP and work.claim not in known:
                wrong.append(f"{work.key!r} is not put aside")
        if wrong:
            hint = "billhook unbilled --group record shows the keys; --all what is billed or aside"
            raise RefusedError([Diagnostic(codes.PUT_ASIDE.id, each, hint=hint) for each in wrong])
        return tuple(writing.append(_line(kind, work, actor)) for work in works)


def _line(kind: str, work: WorkRecord, actor: Actor) -> AuditEntry:
    payload = json.dumps({"claim": work.claim, "record": work.key}, sort_keys=True)
    return audit_entry(kind, actor, subject=work.subject, payload=payload)


def entries_aside(reading: Reading, until: int | None = None) -> dict[str, AuditEntry]:
    """Return the lines that put records aside which nobody took up since, by their claims.

    Args:
        reading: The store.
        until: Only what was before this place in the log.
    """
    put = list(reading.audit_entries(kind=ASIDE))
    lines = [*put, *(reading.audit_entries(kind=TAKEN_UP) if put else ())]
    known: dict[str, AuditEntry] = {}
    for line in sorted(lines, key=lambda each: each.position):
        if until is not None and line.position >= until:
            break
        claim = str(json.loads(line.payload)["claim"])
        if line.kind == ASIDE:
            known[claim] = line
        else:
            known.pop(claim, None)
    return known


def reasons_aside(
    reading: Reading, subject: str, records: Iterable[Record], until: int | None = None
) -> Mapping[str, Label]:
    """Return why records of a job are put aside, by their keys."""
    known = entries_aside(reading, until)
    if not known:
        return {}
    claims = {record.key: claim_key(subject, record.key) for record in records}
    return {
        key: _("put aside by {by}: {reason}", by=known[claim].by, reason=known[claim].reason)
        for key, claim in claims.items()
        if claim in known
    }
