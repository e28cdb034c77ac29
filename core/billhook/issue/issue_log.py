"""Issue entries of the audit log: the columns beside the sealed bytes, as they were issued.

The sealed bytes protect themselves.  Place in chain and series, idempotency key, claims, links and
fiscal seals stand in tables of their own; the log, which is chained too, has what they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

from billhook.issue.owed import Owed, to_facts
from billhook.store.protocol import Claim, DocumentLink, Entry, FiscalSeal

COLUMNS = ("chain", "digest", "key", "minor", "period", "position")
"""Columns of a document that its sealed bytes do not have."""


def receipt(
    entry: Entry,
    links: Iterable[DocumentLink],
    claims: Iterable[Claim],
    seals: Iterable[FiscalSeal],
    owed: Owed,
) -> str:
    """Return the facts of an issue as canonical JSON, with the receivable that it makes."""
    facts = {**_facts(entry, links, claims, seals), "owed": to_facts(owed)}
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def disagreeing(
    kept: str,
    entry: Entry,
    links: Iterable[DocumentLink],
    claims: Iterable[Claim],
    seals: Iterable[FiscalSeal],
) -> Iterator[tuple[str, object, object]]:
    """Yield each fact that is not what the receipt says: its name, what it is, what it was."""
    was = _table(kept)
    for name, value in _facts(entry, links, claims, seals).items():
        if was.get(name) != value:
            yield name, value, was.get(name)


def _facts(
    entry: Entry,
    links: Iterable[DocumentLink],
    claims: Iterable[Claim],
    seals: Iterable[FiscalSeal],
) -> dict[str, object]:
    own = sorted((link.target, link.kind) for link in links if link.source == entry.number)
    return {
        **{name: getattr(entry, name) for name in COLUMNS},
        "claims": _digest(claims),
        "links": [list(pair) for pair in own],
        "seals": {seal.scheme: seal.value for seal in seals},
    }


def _digest(claims: Iterable[Claim]) -> str:
    lines = sorted(json.dumps([claim.key, claim.content]) for claim in claims)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _table(text: str) -> Mapping[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
