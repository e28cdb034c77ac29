"""Whatever is done to them, memory and databases answer alike and hold the same afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billhook.kernel.errors import ConflictError
from billhook.store.database import open_store
from billhook.store.digests import document_digest
from billhook.store.memory import MemoryStore
from billhook.store.protocol import (
    AuditEntry,
    Claim,
    DocumentLink,
    FileProof,
    FiscalSeal,
    RunRow,
    Store,
    Writing,
)
from billhook.store.transfer import differences
from store.conftest import DATABASES
from store.entries import entry
from store.office import DAY, NOON
from store.scratch import memory

DOCUMENTS = st.sampled_from(["A1", "A1", "B1", "B1", "A2", "C9"])
RECORDS = st.lists(st.sampled_from(["r1", "r2", "r3"]), max_size=3)


@attrs.frozen
class Issue:
    """Add the next document of a series; ``wrong`` changes something about it."""

    series: str
    chain: str
    key: str
    records: list[str]
    wrong: dict[str, object]
    link: str

    def do(self, writing: Writing) -> object:
        number = writing.next_sequence(self.series, "", DAY)
        head = writing.head(self.chain)
        payload = f"{self.series}{number} in {self.chain}".encode()
        made = entry(
            number,
            head.digest,
            number=f"{self.series}{number}",
            series=self.series,
            chain=self.chain,
            position=head.position + 1,
            key=self.key,
            net=number,
            tax=0,
            gross=number,
            payable=number,
            payload=payload,
            digest=document_digest(head.digest, payload),
        )
        made = attrs.evolve(made, **self.wrong)
        writing.add(made, [DocumentLink(made.number, self.link, "follows")] if self.link else [])
        writing.claim(Claim(key=key, document=made.number, content="{}") for key in self.records)
        return made.number, number, writing.head(self.chain)


@attrs.frozen
class Release:
    document: str
    keys: list[str] | None

    def do(self, writing: Writing) -> object:
        return writing.release(self.document, "x", self.keys)


@attrs.frozen
class Append:
    kind: str

    def do(self, writing: Writing) -> object:
        return writing.append(AuditEntry(kind=self.kind, at=DAY, recorded_at=NOON, by="kim"))


@attrs.frozen
class Note:
    document: str
    name: str
    size: int

    def do(self, writing: Writing) -> object:
        proof = FileProof(document=self.document, name=self.name, sha256="0", size=self.size)
        return writing.add_file(proof)


@attrs.frozen
class Sealing:
    document: str
    scheme: str

    def do(self, writing: Writing) -> object:
        before = writing.last_seal(self.scheme)
        writing.add_seal(FiscalSeal(document=self.document, scheme=self.scheme, value="1"))
        return before


@attrs.frozen
class Put:
    job: str
    version: int

    def do(self, writing: Writing) -> object:
        return writing.put_run(RunRow(run="run", job=self.job, state="x", version=self.version))


Actor = Issue | Release | Append | Note | Sealing | Put

WRONG = st.sampled_from(
    [{}, {}, {}, {}, {"position": 7}, {"sequence": 7}, {"digest": "0"}, {"number": "A1"}]
)
ACTS = st.one_of(
    st.builds(
        Issue,
        st.sampled_from("AB"),
        st.sampled_from("yz"),
        st.sampled_from(["k1", "k2", "k3", "k4", "k5"]),
        RECORDS,
        WRONG,
        st.sampled_from(["", "A1"]),
    ),
    st.builds(Release, DOCUMENTS, st.none() | RECORDS),
    st.builds(Append, st.sampled_from(["noted", "voided"])),
    st.builds(Note, DOCUMENTS, st.sampled_from("ab"), st.integers(0, 1)),
    st.builds(Sealing, DOCUMENTS, st.sampled_from("st")),
    st.builds(Put, st.sampled_from(["", "j"]), st.integers(0, 2)),
)


@attrs.frozen
class Transaction:
    """Acts, each in an attempt of its own or not, and whether it ends in an exception."""

    acts: list[tuple[Actor, bool]]
    fails: bool


TRANSACTIONS = st.lists(
    st.builds(
        Transaction,
        st.lists(st.tuples(ACTS, st.booleans()), max_size=6),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=6,
)


BEGINNING = Transaction(
    [
        (Issue("A", "y", "k8", ["r1", "r2"], {}, ""), False),
        (Issue("B", "y", "k9", ["r3"], {}, "A1"), False),
        (Put("", 0), False),
        (Note("A1", "a", 0), False),
    ],
    fails=False,
)


class EndError(Exception):
    """A transaction of the test ends badly."""


def outcome(store: Store, transaction: Transaction) -> list[object]:
    """Return what each act of a transaction answered."""
    said: list[object] = []
    try:
        with store.write() as writing:
            for actor, bounded in transaction.acts:
                said.append(tried(writing, actor) if bounded else actor.do(writing))
            end(transaction)
    except (ConflictError, EndError) as error:
        said.append(type(error))
    return said


def end(transaction: Transaction) -> None:
    if transaction.fails:
        raise EndError


def tried(writing: Writing, actor: Actor) -> object:
    try:
        with writing.attempt():
            return actor.do(writing)
    except ConflictError:
        return "refused"


@contextmanager
def fresh(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(dir=memory()) as folder:
            yield f"{folder}/billhook.db"
    else:
        with request.getfixturevalue("postgresql").database() as url:
            yield url.render_as_string()


@pytest.mark.parametrize("kind", DATABASES)
def test_every_history_comes_out_alike(kind: str, request: pytest.FixtureRequest) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]

    @settings(max_examples=50 if kind == "sqlite" else 10, suppress_health_check=checks)
    @given(TRANSACTIONS)
    def alike(transactions: list[Transaction]) -> None:
        plain = MemoryStore()
        with fresh(kind, request) as where, closing(open_store(where, create=True)) as store:
            for each in (BEGINNING, *transactions):
                assert outcome(plain, each) == outcome(store, each)
            with plain.read() as one, store.read() as other:
                assert list(differences(one, other)) == []
            assert store.check() == ()

    alike()
