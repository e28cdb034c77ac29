"""What memory, SQLite and PostgreSQL answer alike."""

from __future__ import annotations

import datetime as dt
import threading

import attrs
import pytest

from billhook.audit.verify import verify
from billhook.engine import Engine
from billhook.issue.history import REVERSED
from billhook.kernel.errors import ConflictError, StoreError
from billhook.store.digests import LOG_CHAIN
from billhook.store.protocol import Claim, DocumentLink, FileProof, FiscalSeal, Head, RunRow, Store
from store.entries import add, audit_entry, claim, entry, numbers
from store.office import DAY, bill

NEXT = DAY + dt.timedelta(days=1)


# ── what the store itself refuses and keeps ──────────────────────────────────


def test_an_entry_comes_back_as_it_was_added(store: Store) -> None:
    made = entry()
    with store.write() as writing:
        add(writing, made)
    with store.read() as reading:
        assert reading.entry("INV-1") == reading.entry_of_key("key-1") == made
        assert reading.entry("INV-2") is None
        assert reading.entry_of_key("key-2") is None
        assert reading.head("INV") == Head(1, made.digest)
        assert reading.head("CRN") == Head(0, "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"position": 3}, "chain INV has moved on"),
        ({"previous": "0" * 64}, "chain INV has moved on"),
        ({"payload": b"other"}, "the digest of INV-2 is not that of its payload"),
        ({"number": "INV-1"}, "number INV-1 or key key-2 is taken"),
        ({"key": "key-1"}, "number INV-2 or key key-1 is taken"),
        ({"sequence": 3}, "INV-2 is not the next of series INV"),
        ({"sequence": 1}, "INV-2 is not the next of series INV"),
        ({"date": DAY - dt.timedelta(days=1)}, "INV-2 is not the next of series INV"),
        (
            {
                "chain": "B",
                "position": 1,
                "previous": "",
                "payload": "payload 1 None ä\0".encode(),
                "digest": entry().digest,
            },
            "number INV-2 or key key-2 is taken",
        ),
        ({"chain": LOG_CHAIN}, "no chain may be named #log"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(
    store: Store, changes: dict[str, object], message: str
) -> None:
    with store.write() as writing:
        first = add(writing, entry())
    with pytest.raises(ConflictError, match=message), store.write() as writing:
        add(writing, entry(2, first.digest, **changes))

    assert numbers(store) == ["INV-1"]


def test_a_link_starts_at_the_document_it_is_added_with(store: Store) -> None:
    with pytest.raises(ConflictError, match="does not start there"), store.write() as writing:
        add(writing, entry(), DocumentLink("INV-7", "INV-1", REVERSED))


def test_links_are_found_from_both_ends(store: Store) -> None:
    with store.write() as writing:
        first = add(writing, entry())
        link = DocumentLink("INV-2", "INV-1", REVERSED)
        add(writing, entry(2, first.digest), link)
    with store.read() as reading:
        assert reading.links("INV-1") == reading.links("INV-2") == (link,)
        assert reading.links("INV-3") == ()


def test_entries_are_chosen_by_subject_customer_chain_and_day(store: Store) -> None:
    with store.write() as writing:
        first = add(writing, entry())
        add(writing, entry(2, first.digest, subject="B", date=NEXT))
        add(writing, entry(1, number="C", key="c", series="C", chain="C", customer="b"))

    assert numbers(store) == ["C", "INV-1", "INV-2"]
    assert numbers(store, subject="B") == ["INV-2"]
    assert numbers(store, customer="b") == ["C"]
    assert numbers(store, chain="INV") == ["INV-1", "INV-2"]
    assert numbers(store, until=DAY) == ["C", "INV-1"]


def test_a_claim_lives_until_it_is_released_once(store: Store) -> None:
    with store.write() as writing:
        first = add(writing, entry())
        writing.claim([claim("b"), claim("a"), claim("c")])
        assert writing.release("INV-1", "CRN-1", ["a", "x"]) == 1
        assert writing.release("INV-1", "CRN-2", ["a"]) == 0
    with store.write() as writing:
        add(writing, entry(2, first.digest))
        writing.claim([claim("a", "INV-2")])
    with store.read() as reading:
        assert reading.claims(["a", "b", "x"]) == {"a": claim("a", "INV-2"), "b": claim("b")}
        assert reading.claims_of("INV-1") == (
            attrs.evolve(claim("a"), released_by="CRN-1"),
            claim("b"),
            claim("c"),
        )
    with store.write() as writing:
        assert writing.release("INV-1", "CRN-3") == 2
    with store.read() as reading:
        assert reading.claims(["a", "b", "c"]) == {"a": claim("a", "INV-2")}


def test_more_claims_than_a_statement_can_name(store: Store) -> None:
    wanted = [f"record {n}" for n in range(1200)]
    with store.write() as writing:
        add(writing, entry())
        writing.claim([claim(key) for key in wanted])
    with store.read() as reading:
        assert reading.claims(wanted).keys() == set(wanted)
    with store.write() as writing:
        assert writing.release("INV-1", "CRN-1", wanted) == 1200


@pytest.mark.parametrize(
    "wrong",
    [
        [claim("a"), claim("a")],
        [claim("taken")],
        [claim("freed")],
        [claim("a", "INV-9")],
    ],
    ids=["twice at once", "living", "of the same document before", "of no document"],
)
def test_a_claim_that_cannot_be_is_refused(store: Store, wrong: list[Claim]) -> None:
    with store.write() as writing:
        add(writing, entry())
        writing.claim([claim("taken"), claim("freed")])
        writing.release("INV-1", "CRN-1", ["freed"])
    with pytest.raises(ConflictError), store.write() as writing:
        writing.claim(wrong)
    with store.read() as reading:
        assert [each.key for each in reading.claims_of("INV-1")] == ["freed", "taken"]


def test_audit_entries_are_placed_and_chained(store: Store) -> None:
    with store.write() as writing:
        first = writing.append(audit_entry(subject="work"))
        second = writing.append(audit_entry("voided", document="INV-1", payload='{"a":"ä"}'))

    assert [first.position, second.position] == [1, 2]
    assert second.previous == first.digest != second.digest
    with store.read() as reading:
        assert tuple(reading.audit_entries()) == (first, second)
        assert tuple(reading.audit_entries(subject="work")) == (first,)
        assert tuple(reading.audit_entries(document="INV-1")) == (second,)
        assert tuple(reading.audit_entries(kind="voided")) == (second,)
        assert reading.log_head() == reading.head(LOG_CHAIN) == Head(2, second.digest)


def test_a_file_is_noted_once_and_not_replaced(store: Store) -> None:
    proofs = [FileProof(document="INV-1", name=n, sha256="0" * 64, size=7) for n in ("b", "a")]
    with store.write() as writing:
        add(writing, entry())
        for proof in (*proofs, proofs[0]):
            writing.add_file(proof)
    for wrong in (attrs.evolve(proofs[0], size=8), attrs.evolve(proofs[0], document="INV-9")):
        with pytest.raises(ConflictError), store.write() as writing:
            writing.add_file(wrong)
    with store.read() as reading:
        assert reading.files("INV-1") == reading.files() == (proofs[1], proofs[0])
        assert reading.files("INV-9") == ()


def test_a_document_has_one_seal_of_a_scheme(store: Store) -> None:
    seal = FiscalSeal(document="INV-1", scheme="s", value="1")
    with store.write() as writing:
        add(writing, entry())
        writing.add_seal(seal)
    for wrong in (seal, attrs.evolve(seal, document="INV-9")):
        with pytest.raises(ConflictError), store.write() as writing:
            writing.add_seal(wrong)
    with store.read() as reading:
        assert reading.seals() == (seal,)


def test_a_run_is_changed_only_by_who_saw_its_last_version(store: Store) -> None:
    with store.write() as writing:
        head = writing.put_run(RunRow(run="june", state="draft"))
        job = writing.put_run(RunRow(run="june", job="a", state="draft", payload='{"a":1}'))
        changed = writing.put_run(attrs.evolve(job, state="approved"))
    for stale in (job, RunRow(run="june", state="draft"), attrs.evolve(job, job="b")):
        with pytest.raises(ConflictError, match="changed by somebody else"), store.write() as w:
            w.put_run(stale)

    assert [head.version, job.version, changed.version] == [1, 1, 2]
    with store.read() as reading:
        assert reading.runs() == (head,)
        assert reading.runs("june") == (head, changed)


def test_names_are_sorted_by_code_points(store: Store) -> None:
    keys = ["Z", "a", "B", "\u00e4", "-", "_", "\U0001f600", "\uff21", "ab", "A b"]
    with store.write() as writing:
        add(writing, entry())
        writing.claim([claim(key) for key in keys])
        for key in keys:
            writing.put_run(RunRow(run=key, state="draft"))
    with store.read() as reading:
        assert [each.key for each in reading.claims_of("INV-1")] == sorted(keys)
        assert [each.run for each in reading.runs()] == sorted(keys)


def test_stats_count_what_is_there(store: Store, sealing: Engine) -> None:
    for name in ("a", "b"):
        bill(sealing, store, name, lines=2)
    with store.write() as writing:
        writing.release("INV-2026-00001", "x", ["a-1"])
    with store.read() as reading:
        found = reading.stats()
        payload = sum(len(each.payload) for each in reading.entries())

    assert (found.documents, found.payload, found.claims, found.released) == (2, payload, 4, 1)
    assert (found.audit_entries, found.seals, found.files, found.runs, found.links) == (
        2,
        2,
        0,
        0,
        0,
    )


# ── transactions ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outer", ["read", "write"])
@pytest.mark.parametrize("inner", ["read", "write"])
def test_a_thread_has_one_transaction_at_a_time(store: Store, outer: str, inner: str) -> None:
    with getattr(store, outer)() as first:
        with pytest.raises(StoreError, match="end it first"), getattr(store, inner)():
            pass
        assert first.stats().documents == 0


def test_a_reader_sees_one_state(store: Store, engine: Engine) -> None:
    """A bill that another thread issues meanwhile is seen by the next reader."""
    bill(engine, store, "a")
    done = threading.Event()
    other = threading.Thread(target=lambda: (bill(engine, store, "b"), done.set()))
    with store.read() as reading:
        before = reading.stats()
        other.start()
        done.wait(0.3)
        assert reading.stats().documents == before.documents == 1
        assert [each.number for each in reading.entries()] == ["INV-2026-00001"]
    other.join()

    assert numbers(store) == ["INV-2026-00001", "INV-2026-00002"]


def test_threads_take_turns(store: Store, engine: Engine) -> None:
    def issue_some(name: str) -> None:
        for n in range(5):
            bill(engine, store, f"{name}{n}")

    threads = [threading.Thread(target=issue_some, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers(store) == [f"INV-2026-{n:05}" for n in range(1, 21)]
    assert verify(store, engine.plugins).findings == ()


def test_one_key_at_once_in_many_threads_issues_once(store: Store, engine: Engine) -> None:
    made: list[str | None] = []
    start = threading.Barrier(4)

    def issue_it() -> None:
        start.wait()
        made.append(bill(engine, store, "same").number)

    threads = [threading.Thread(target=issue_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == ["INV-2026-00001"] * 4
    assert numbers(store) == ["INV-2026-00001"]
