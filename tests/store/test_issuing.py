"""What memory, SQLite and PostgreSQL answer alike to those who issue."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from billhook.audit.verify import verify
from billhook.engine import Engine
from billhook.issue.history import history
from billhook.issue.issue import issue
from billhook.issue.numbering import CREDITS, INVOICES
from billhook.kernel.errors import ConflictError, RefusedError
from billhook.store.protocol import FiscalSeal, Store, Writing
from store.entries import add, claim, entry, numbers
from store.office import ACT, DAY, bill, bill_in, draft, tasks

NEXT = DAY + dt.timedelta(days=1)


def test_bills_are_numbered_and_chained_in_the_order_of_their_issue(
    store: Store, engine: Engine
) -> None:
    made = [bill(engine, store, name, lines=3) for name in ("a", "b", "c")]

    assert [each.number for each in made] == [f"INV-2026-0000{n}" for n in (1, 2, 3)]
    assert [each.previous for each in made] == ["", made[0].digest, made[1].digest]
    assert numbers(store) == [each.number for each in made]
    assert verify(store, engine.plugins).findings == ()
    assert store.check() == ()


def test_a_key_issues_once(store: Store, engine: Engine) -> None:
    first = bill(engine, store, "a")

    assert bill(engine, store, "a") == first
    assert numbers(store) == ["INV-2026-00001"]
    with pytest.raises(RefusedError, match="BH502"):
        bill(engine, store, "a", lines=2)
    assert numbers(store) == ["INV-2026-00001"]


def test_what_is_billed_is_history(store: Store, engine: Engine) -> None:
    first = bill(engine, store, "a", lines=2)
    with store.read() as reading:
        past = history(reading, "work", tasks("a", 3), engine.plugins)

        assert past.documents == (first,)
    assert past.billed == {"a-1": "INV-2026-00001", "a-2": "INV-2026-00001"}


def test_a_record_is_on_one_living_bill(store: Store, engine: Engine) -> None:
    bill(engine, store, "a", lines=2)
    again = draft(engine, "a", lines=2)
    with pytest.raises(ConflictError, match="a-1 is already billed on INV-2026-00001"):
        issue(engine, store, again, series=INVOICES, actor=ACT, key="other")

    assert numbers(store) == ["INV-2026-00001"]
    with store.read() as reading:
        assert reading.sequences() == {("INV", "2026"): 1}


def test_an_exception_undoes_the_whole_transaction(store: Store, engine: Engine) -> None:
    def issue_and_fail() -> None:
        with store.write() as writing:
            bill_in(engine, writing, "a")
            bill_in(engine, writing, "b")
            raise RuntimeError

    bill(engine, store, "first")
    with pytest.raises(RuntimeError):
        issue_and_fail()

    assert numbers(store) == ["INV-2026-00001"]
    assert bill(engine, store, "b").number == "INV-2026-00002"
    assert verify(store, engine.plugins).findings == ()


def test_many_bills_may_be_one_transaction(store: Store, engine: Engine) -> None:
    with store.write() as writing:
        made = [bill_in(engine, writing, str(n)).number for n in range(1, 4)]

    assert numbers(store) == made == [f"INV-2026-0000{n}" for n in (1, 2, 3)]
    assert verify(store, engine.plugins).findings == ()


def test_an_attempt_is_undone_alone(store: Store, engine: Engine) -> None:
    def bill_twice(writing: Writing) -> None:
        with writing.attempt():
            bill_in(engine, writing, "c")
            writing.claim([claim("a-1", "INV-2026-00003")])

    bill(engine, store, "a")
    with store.write() as writing:
        bill_in(engine, writing, "b")
        with pytest.raises(ConflictError):
            bill_twice(writing)
        assert bill_in(engine, writing, "d").number == "INV-2026-00003"

    assert numbers(store) == [f"INV-2026-0000{n}" for n in (1, 2, 3)]
    assert verify(store, engine.plugins).findings == ()


def test_a_refusal_that_is_passed_over_keeps_nothing(store: Store, engine: Engine) -> None:
    def pass_over() -> None:
        with store.write() as writing:
            bill_in(engine, writing, "b")
            with pytest.raises(ConflictError):
                writing.claim([claim("a-1", "INV-2026-00002")])

    bill(engine, store, "a")
    with pytest.raises(ConflictError, match="a-1 is already billed on INV-2026-00001"):
        pass_over()

    assert numbers(store) == ["INV-2026-00001"]


def test_a_number_that_no_document_took_is_given_again(store: Store) -> None:
    with store.write() as writing:
        assert writing.next_sequence("INV", "", DAY) == 1
        assert writing.next_sequence("INV", "", DAY) == 1
    with store.write() as writing:
        first = add(writing, entry())
        assert writing.next_sequence("INV", "", DAY) == 2
        add(writing, entry(2, first.digest))
    with store.read() as reading:
        assert reading.sequences() == {("INV", ""): 2}


def test_series_count_apart_and_may_share_a_chain(store: Store, engine: Engine) -> None:
    both = [attrs.evolve(each, chain="all") for each in (INVOICES, CREDITS)]
    made = [bill(engine, store, f"{n}", series=both[n % 2]).number for n in range(4)]

    assert made == ["INV-2026-00001", "CRN-2026-00001", "INV-2026-00002", "CRN-2026-00002"]
    with store.read() as reading:
        assert [(e.number, e.position) for e in reading.entries()] == list(
            zip(made, range(1, 5), strict=True)
        )
        assert reading.chains() == ("all",)
        assert reading.sequences() == {("INV", "2026"): 2, ("CRN", "2026"): 2}


def test_a_series_does_not_go_back_in_time(store: Store, engine: Engine) -> None:
    bill(engine, store, "a", day=NEXT)
    with pytest.raises(ConflictError, match="has a document of 2026-07-01; one of 2026-06-30"):
        bill(engine, store, "b", day=DAY)

    assert bill(engine, store, "b", day=NEXT).number == "INV-2026-00002"


def test_fiscal_seals_follow_each_other(store: Store, sealing: Engine) -> None:
    made = [bill(sealing, store, name).number for name in ("a", "b")]
    with store.read() as reading:
        seals = [
            FiscalSeal(document=n, scheme="count", value=v) for n, v in zip(made, "12", strict=True)
        ]

        assert reading.seals() == tuple(seals)
        assert reading.seals(made[0]) == (seals[0],)
        assert reading.last_seal("count") == seals[1]
        assert reading.last_seal("none") is None
