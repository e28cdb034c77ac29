"""Moving a store to another database, rule by rule and byte for byte.

Every row goes through the same doors as on the day it was made, in an order in which it could
have been made, so a store that breaks a rule cannot be copied, and the copy is guarded like any
other.  What the target computes anew, digests and places of the log, must come out the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

import attrs

from billhook.kernel.errors import ConflictError, StoreError
from billhook.store.protocol import AuditEntry, Claim, Entry, Reading, RunRow, Stats, Store, Writing


def transfer(source: Store, target: Store) -> Stats:
    """Copy a store into an empty one in one transaction, read both again, and compare.

    Returns:
        What the target holds.

    Raises:
        StoreError: The target is not empty, a row is refused there, or the two differ.
    """
    with source.read() as reading:
        with target.write() as writing:
            _require_empty(writing)
            _copy(reading, writing)
        with target.read() as copy:
            for difference in differences(reading, copy):
                raise StoreError(f"the copy differs: {difference}")
            return copy.stats()


def differences(one: Reading, other: Reading) -> Iterator[str]:
    """Yield what differs between two stores' rows; nothing when they hold the same."""
    yield from _unequal("document", one.entries(), other.entries())
    yield from _unequal("line of the log", one.audit_entries(), other.audit_entries())
    for entry in one.entries():
        yield from _unequal("link", one.links(entry.number), other.links(entry.number))
        yield from _unequal("claim", one.claims_of(entry.number), other.claims_of(entry.number))
    yield from _unequal("count", one.counts(), other.counts())
    yield from _unequal("fiscal seal", one.seals(), other.seals())
    yield from _unequal("file", one.files(), other.files())
    yield from _unequal("run", _runs(one), _runs(other))
    if one.sequences() != other.sequences():
        yield "series"
    if _counts(one) != _counts(other):
        yield "numbers of rows"


def _unequal(kind: str, ones: Iterable[object], others: Iterable[object]) -> Iterator[str]:
    for place, (one, other) in enumerate(zip_longest(ones, others), start=1):
        if one != other:
            yield f"{kind} {place}"


def _counts(reading: Reading) -> Stats:
    return attrs.evolve(reading.stats(), size=0)


def _require_empty(target: Writing) -> None:
    if any(attrs.astuple(_counts(target))):
        raise ConflictError("the store to copy into is not empty: name a new one")


def _copy(source: Reading, target: Writing) -> None:
    for entry in _as_issued(source):
        sequence = target.next_sequence(entry.series, entry.period, entry.date)
        if sequence != entry.sequence:
            raise ConflictError(f"{entry.number}: the number before it is missing")
        links = (link for link in source.links(entry.number) if link.source == entry.number)
        target.add(entry, links)
        _claim(target, entry.number, source.claims_of(entry.number))
    target.count(source.counts())
    for seal in source.seals():
        target.add_seal(seal)
    for proof in source.files():
        target.add_file(proof)
    for line in source.audit_entries():
        _append(target, line)
    for row in _runs(source):
        _put(target, row)


def _as_issued(source: Reading) -> Iterator[Entry]:
    """Yield documents in an order in which they can have been issued.

    Within a chain that is the chain's; across chains, a document comes when its series has come
    to its number.
    """
    ends: dict[tuple[str, str], int] = {}
    waiting = [source.entries(chain=chain) for chain in source.chains()]
    heads = [next(entries, None) for entries in waiting]
    while any(heads):
        moved = False
        for place, entries in enumerate(waiting):
            entry = heads[place]
            while entry is not None and _next(entry, ends):
                yield entry
                ends[entry.series, entry.period] = entry.sequence
                entry = next(entries, None)
                moved = True
            heads[place] = entry
        if not moved:
            stuck = next(entry for entry in heads if entry is not None)
            raise StoreError(f"{stuck.number} cannot be copied: a number before it is missing")


def _next(entry: Entry, ends: dict[tuple[str, str], int]) -> bool:
    return entry.sequence == ends.get((entry.series, entry.period), 0) + 1


def _claim(target: Writing, number: str, claims: tuple[Claim, ...]) -> None:
    """Claim, and release at once what was released: the next document may claim it again."""
    target.claim(claims)
    released = sorted((c for c in claims if c.released_by), key=lambda claim: claim.released_by)
    for by, group in groupby(released, key=lambda claim: claim.released_by):
        target.release(number, by, [claim.key for claim in group])


def _append(target: Writing, line: AuditEntry) -> None:
    if target.append(line) != line:
        raise StoreError(f"line {line.position} of the log was changed; it cannot be copied")


def _runs(reading: Reading) -> Iterator[RunRow]:
    for run in reading.runs():
        yield from reading.runs(run.run)


def _put(target: Writing, row: RunRow) -> None:
    """Write a run's row as often as it was changed, for its version counts that."""
    for version in range(row.version):
        target.put_run(attrs.evolve(row, version=version))
