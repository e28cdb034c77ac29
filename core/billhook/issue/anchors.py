"""Closing files: the heads of all chains, kept outside the store as anchors.

A chain shows that nothing inside it was changed; only something outside shows that its end was
not cut off.  A closing file is small, readable text; keep it, mail it, print it.
"""

from __future__ import annotations

import datetime as dt
import json

import attrs

from billhook.issue.actor import Actor, audit_entry
from billhook.issue.roles import OPEN, Roles
from billhook.store.digests import LOG_CHAIN
from billhook.store.protocol import Store

SCHEMA = "billhook.closing/1"
CLOSED = "closed"
"""Kind of the audit entry that records a closing."""


@attrs.frozen(kw_only=True)
class Anchor:
    """The head of one chain, as a closing file has it.

    Attributes:
        file: Name of the closing file.
        date: Day of the closing.
        chain: The chain; ``#log`` for the audit log.
        position: How many documents the chain had.
        digest: Digest of the last of them.
        store: Identity of the store; empty in a file that bears none.
    """

    file: str
    date: dt.date
    chain: str
    position: int
    digest: str
    store: str = ""


def close(store: Store, actor: Actor, *, roles: Roles = OPEN) -> bytes:
    """Record a closing, and return the closing file: the heads of all chains and of the log.

    Raises:
        RefusedError: The person may not close.
    """
    roles.check(actor, "close")
    with store.write() as writing:
        writing.append(audit_entry(CLOSED, actor))
        heads = {chain: writing.head(chain) for chain in (*writing.chains(), LOG_CHAIN)}
        store_id = writing.identity()
    table = {
        "schema": SCHEMA,
        "store": store_id,
        "date": actor.at.date().isoformat(),
        "closed_at": actor.at.isoformat(),
        "by": actor.by,
        "chains": {
            chain: {"position": head.position, "digest": head.digest}
            for chain, head in heads.items()
        },
    }
    return (json.dumps(table, sort_keys=True, ensure_ascii=False, indent=2) + "\n").encode()


def anchors(name: str, data: bytes) -> tuple[Anchor, ...]:
    """Return the anchors of a closing file.

    Raises:
        ValueError: It is no closing file.
    """
    try:
        table = json.loads(data)
        if table["schema"] != SCHEMA:
            raise ValueError(f"{name}: expected {SCHEMA}, found {table['schema']}")
        date = dt.date.fromisoformat(table["date"])
        return tuple(
            Anchor(
                file=name,
                date=date,
                chain=chain,
                position=int(head["position"]),
                digest=str(head["digest"]),
                store=str(table.get("store", "")),
            )
            for chain, head in table["chains"].items()
        )
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"{name} is not a closing file: {error}") from error
