"""Release: the records that a correction gives back to be billed again.

Of a bill that is split among payers, the first payer's document claims the records themselves.
They stay claimed until every payer's document has given them back: billed earlier, they would be
billed a second time to the payers whose documents still stand.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

import attrs

from billhook.issue.claims import claim_key, payer_id
from billhook.issue.seal import unseal
from billhook.model.document import Document, claimed_by
from billhook.plugins.loading import Plugin
from billhook.store.protocol import Reading, Writing


@attrs.frozen(kw_only=True)
class FreedClaims:
    """Claims that a correction has released.

    Attributes:
        records: How many records can be billed again.
        claims: How many claims of the corrected document were released.
        elsewhere: How many were of the first payer's document, by its number: it was corrected
            before, and only this one was in the way.
        held: The claims that wait for the other payers' documents.
        waits: Numbers of those documents.
    """

    records: int = 0
    claims: int = 0
    elsewhere: Mapping[str, int] = attrs.field(factory=dict)
    held: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """Facts for the audit log."""
        own: dict[str, object] = {"released": self.claims}
        if self.elsewhere:
            own["elsewhere"] = dict(self.elsewhere)
        if self.held:
            own["held"] = list(self.held)
        return own


def release_records(
    writing: Writing,
    document: Document,
    by: str,
    plugins: Iterable[Plugin],
    keys: Collection[str] | None = None,
) -> FreedClaims:
    """Release what a correction gives back, as far as no other payer's document holds it.

    Args:
        writing: The transaction.
        document: The document that is corrected.
        by: The credit note, or what stands for the voiding.
        plugins: The plugins whose pockets are in the documents.
        keys: Keys of what is given back; ``None`` is all.
    """
    number, subject = document.number or "", document.invoice.subject
    payers = _other_payers(writing, document, plugins)
    if not payers and keys is None:
        count = writing.release(number, by)
        return FreedClaims(records=count, claims=count)
    wanted = claimed_by(document.invoice) if keys is None else keys
    own = writing.release(
        number, by, [claim_key(subject, key, payer_id(document)) for key in wanted]
    )
    living = {other: _living(writing, other) for other in payers}
    holders = {
        claim_key(subject, key): {
            other
            for other, payer in payers.items()
            if claim_key(subject, key, payer) in living[other]
        }
        for key in wanted
    }
    free = {name for name, others in holders.items() if not others}
    before = writing.claims(holders)
    mine = {name for name, claim in before.items() if claim.document == number}
    own += writing.release(number, by, free & mine)
    elsewhere = {
        other: writing.release(other, by, free & _find_held_claims(writing, other))
        for other in payers
    }
    after = writing.claims(holders)
    waits = {claim.document for claim in after.values()} - {number}
    return FreedClaims(
        records=len(before.keys() - after.keys()),
        claims=own,
        elsewhere={other: count for other, count in elsewhere.items() if count},
        held=tuple(sorted(mine - free)),
        waits=tuple(sorted(waits.union(*(holders[name] for name in after)))),
    )


def _other_payers(
    reading: Reading, document: Document, plugins: Iterable[Plugin]
) -> dict[str, str]:
    """Return the payers of the other documents of a split bill, by the documents' numbers."""
    own = reading.entry(document.number or "")
    if own is None or document.invoice.payer is None:
        return {}
    plugins = tuple(plugins)
    return {
        entry.number: payer_id(unseal(entry, plugins))
        for entry in reading.entries(subject=own.subject, job=own.job, date=own.date)
        if entry.issued_at == own.issued_at and entry.number != own.number
    }


def _living(reading: Reading, number: str) -> frozenset[str]:
    return frozenset(each.key for each in reading.claims_of(number) if not each.released_by)


def _find_held_claims(reading: Reading, number: str) -> frozenset[str]:
    """Return the claims of a document that were given back while another payer's held them."""
    found: set[str] = set()
    for kind in ("credited", "voided"):
        for line in reading.audit_entries(document=number, kind=kind):
            found.update(json.loads(line.payload).get("held", ()))
    return frozenset(found)
