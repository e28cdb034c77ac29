from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook.audit.verify import verify
from billhook.credit.note import Correction
from billhook.credit.service import credit, void
from billhook.issue.claims import claim_key, differences
from billhook.issue.delivery import mark_sent
from billhook.issue.lookup import find
from billhook.issue.request import IssueRequest, issue_requests, rehearse_requests
from billhook.kernel.errors import ConflictError, RefusedError
from billhook.kernel.figure import given
from billhook.model.adjustment import Share
from billhook.store.memory import memory_store
from billhook.testing.samples import sample_party
from issue.desk import Extras, actor, desk_engine, item, order

ENGINE = desk_engine()
DAY = dt.date(2026, 6, 30)


def numbers(outcomes) -> list[str | None]:
    return [document.number for each in outcomes for document in each.documents]


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_a_second_run_bills_nothing_and_says_where_the_work_is() -> None:
    store = memory_store()
    wanted = order(ENGINE, [item("x:a", "60.00"), item("x:b", "40.00")])
    assert numbers(issue_requests(store, [wanted], actor())) == ["INV-2026-00001"]

    [again] = issue_requests(store, [wanted], actor(minutes=1))

    assert again.documents == ()
    assert {str(skip.reason) for skip in again.drafts[0].skipped} == {"billed on INV-2026-00001"}
    assert [f.code for f in again.drafts[0].findings] == ["BH402"]
    assert "issued as INV-2026-00001" in again.drafts[0].findings[0].message
    assert verify(store, ENGINE.plugins).findings == ()


def test_late_work_of_an_issued_job_is_billed_by_itself() -> None:
    store = memory_store()
    issue_requests(store, [order(ENGINE, [item("x:a", "60.00")])], actor())

    late = order(ENGINE, [item("x:a", "60.00"), item("x:b", "40.00")])
    [outcome] = issue_requests(store, [late], actor(minutes=1))

    assert [line.id for line in outcome.documents[0].invoice.lines] == ["b"]


def test_a_changed_record_that_was_billed_is_reported_with_both_values() -> None:
    store = memory_store()
    issue_requests(store, [order(ENGINE, [item("x:a", "60.00")])], actor())

    [again] = rehearse_requests(store, [order(ENGINE, [item("x:a", "65.00")])], actor())

    finding = again.drafts[0].findings[0]
    assert finding.code == "BH503"
    assert "billed on INV-2026-00001 with other values: amount 60.00 → 65.00" in finding.message


def test_a_changed_record_without_a_key_of_its_own_is_recognised() -> None:
    store = memory_store()
    issue_requests(
        store, [order(ENGINE, [item("x:#0123456789abcdef", "60.00", text="crane")])], actor()
    )

    edited = order(ENGINE, [item("x:#fedcba9876543210", "65.00", text="crane")])
    with pytest.raises(RefusedError) as refused:
        rehearse_requests(store, [edited], actor())

    [finding] = refused.value.findings
    assert finding.code == "BH541"
    assert finding.message == (
        "this looks like a record that was billed on INV-2026-00001, changed: amount 60.00 → 65.00"
    )


def test_made_keys_are_unique_for_a_subject_only() -> None:
    store = memory_store()
    made = item("x:#0123456789abcdef", "60.00")

    issued = issue_requests(
        store,
        [
            order(ENGINE, [made], id="one", subject="one"),
            order(ENGINE, [made], id="two", subject="two"),
        ],
        actor(),
    )

    assert numbers(issued) == ["INV-2026-00001", "INV-2026-00002"]
    assert claim_key("one", made.key) == "one|x:#0123456789abcdef"
    assert verify(store, ENGINE.plugins).findings == ()


def test_an_explicit_key_is_unique_over_all_subjects() -> None:
    store = memory_store()
    issue_requests(store, [order(ENGINE, [item("x:a", "60.00")], id="one", subject="one")], actor())

    [other] = issue_requests(
        store, [order(ENGINE, [item("x:a", "60.00")], id="two", subject="two")], actor(minutes=1)
    )

    assert other.documents == ()


def test_all_jobs_are_issued_or_none() -> None:
    store = memory_store()
    good = order(ENGINE, [item("x:a", "60.00")])
    untaxed = order(ENGINE, [item("x:b", "60.00", "unheard-of")], id="bad", subject="bad")

    with pytest.raises(RefusedError) as refused:
        issue_requests(store, [good, untaxed], actor())

    assert codes(refused) == ["BH401"]
    with store.read() as reading:
        assert (list(reading.entries()), dict(reading.sequences())) == ([], {})


def test_a_rehearsal_shows_the_numbers_and_keeps_nothing() -> None:
    store = memory_store()
    wanted = [order(ENGINE, [item("x:a", "60.00")])]

    assert numbers(rehearse_requests(store, wanted, actor())) == ["INV-2026-00001"]
    assert numbers(rehearse_requests(store, wanted, actor())) == ["INV-2026-00001"]

    with store.read() as reading:
        assert list(reading.entries()) == []


def test_the_same_key_issues_once_and_gives_the_same_document() -> None:
    store = memory_store()
    wanted = order(ENGINE, [item("x:a", "60.00")], key="june")
    [first] = issue_requests(store, [wanted], actor())

    [again] = issue_requests(store, [wanted], actor(minutes=5))

    assert again.again
    assert again.documents == first.documents


def test_the_same_key_for_another_bill_is_refused() -> None:
    store = memory_store()
    issue_requests(store, [order(ENGINE, [item("x:a", "60.00")], key="june")], actor())

    with pytest.raises(RefusedError) as refused:
        issue_requests(store, [order(ENGINE, [item("x:b", "60.00")], key="june")], actor())

    assert codes(refused) == ["BH502"]


def test_a_split_bill_is_issued_for_all_payers_at_once() -> None:
    # 100.00 by 3 : 1 is 75.00 and 25.00, each taxed at 20 %.
    store = memory_store()
    wanted = order(ENGINE, [item("x:a", "100.00")], key="split", extras=Extras(shares=shares()))

    [outcome] = issue_requests(store, [wanted], actor())

    assert numbers([outcome]) == ["INV-2026-00001", "INV-2026-00002"]
    assert [Decimal("90.00"), Decimal("30.00")] == [
        document.invoice.totals.payable.value for document in outcome.documents
    ]
    with store.read() as reading:
        keys = [[claim.key for claim in reading.claims_of(n)] for n in numbers([outcome])]
        assert keys == [["x:a"], ["x:a@south"]]
        assert reading.entry_of_key("split@south") is not None
    assert verify(store, ENGINE.plugins).findings == ()


def shares() -> tuple[Share, ...]:
    return tuple(
        Share(sample_party(name), given(weight, "1", "test.weight"))
        for name, weight in (("north", 3), ("south", 1))
    )


def test_a_job_waits_for_the_one_that_it_follows() -> None:
    second = IssueRequest(
        engine=ENGINE,
        job=order(ENGINE, [], id="second", follows="first").job,
        records=(item("x:b", "40.00"),),
    )

    with pytest.raises(RefusedError) as refused:
        issue_requests(memory_store(), [second], actor())

    assert codes(refused) == ["BH510"]


def test_a_job_may_follow_one_that_is_issued_in_the_same_transaction() -> None:
    first = order(ENGINE, [item("x:a", "60.00")], id="first")
    second = order(ENGINE, [item("x:b", "40.00")], id="second", follows="first")

    issued = issue_requests(memory_store(), [first, second], actor())

    assert numbers(issued) == ["INV-2026-00001", "INV-2026-00002"]


@pytest.mark.parametrize("subject", ["sample", "other"])
def test_work_is_not_taken_for_billed_by_another_seller(subject) -> None:
    """Neither by its subject nor by the keys of its records."""
    store = memory_store()
    issue_requests(store, [order(ENGINE, [item("x:1", "60.00")])], actor())
    mine = order(ENGINE, [item("x:1", "60.00")], id="mine", subject=subject)
    seller = attrs.evolve(mine.job.seller, id="sister")
    mine = attrs.evolve(mine, job=attrs.evolve(mine.job, seller=seller))

    with pytest.raises(RefusedError) as refused:
        issue_requests(store, [mine], actor())

    assert [finding.code for finding in refused.value.findings] == ["BH531"]
    assert "INV-2026-00001" in refused.value.findings[0].message


def test_a_series_does_not_go_back_in_time() -> None:
    store = memory_store()
    issue_requests(store, [order(ENGINE, [item("x:a", "60.00")])], actor())

    with pytest.raises(ConflictError):
        issue_requests(
            store,
            [order(ENGINE, [item("x:b", "1.00")], id="old", date=dt.date(2026, 6, 1))],
            actor(),
        )


# ── voiding ──────────────────────────────────────────────────────────────────


def issued(store) -> str:
    [number] = numbers(issue_requests(store, [order(ENGINE, [item("x:a", "60.00")])], actor()))
    return number


def test_a_void_document_keeps_its_number_and_frees_its_records() -> None:
    store = memory_store()
    number = issued(store)

    void(ENGINE, store, number, actor(reason="wrong client"), release=True)
    [again] = issue_requests(store, [order(ENGINE, [item("x:a", "60.00")])], actor(minutes=9))

    assert numbers([again]) == ["INV-2026-00002"]
    with store.read() as reading:
        assert len(list(reading.entries())) == 2
    assert verify(store, ENGINE.plugins).findings == ()


def test_records_of_a_void_document_that_were_kept_are_not_billed_again() -> None:
    store = memory_store()
    void(ENGINE, store, issued(store), actor(reason="given away"), release=False)

    [again] = issue_requests(store, [order(ENGINE, [item("x:a", "60.00")])], actor(minutes=9))

    assert again.documents == ()


def test_a_sent_document_is_not_voided() -> None:
    store = memory_store()
    number = issued(store)
    mark_sent(store, number, actor(), how="mail")

    with pytest.raises(RefusedError) as refused:
        void(ENGINE, store, number, actor(reason="wrong"), release=True)

    assert codes(refused) == ["BH505"]


def test_nothing_is_taken_back_twice() -> None:
    store = memory_store()
    number = issued(store)
    void(ENGINE, store, number, actor(reason="wrong"), release=True)

    for correct in (
        lambda: void(ENGINE, store, number, actor(reason="again"), release=True),
        lambda: credit(ENGINE, store, number, Correction(release=True), actor(reason="again")),
        lambda: mark_sent(store, number, actor(), how="mail"),
    ):
        with pytest.raises(RefusedError) as refused:
            correct()
        assert codes(refused) == ["BH506"]


def test_a_credit_note_is_not_taken_back() -> None:
    store = memory_store()
    note = credit(ENGINE, store, issued(store), Correction(release=True), actor(reason="wrong"))

    with pytest.raises(RefusedError) as refused:
        credit(ENGINE, store, note.document.number, Correction(release=True), actor(reason="no"))

    assert codes(refused) == ["BH506"]


# ── finding ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["INV-2026-00002", "00002", "2", "inv-2026-00002"])
def test_any_unique_beginning_or_end_of_a_number_will_do(text) -> None:
    store = memory_store()
    for name in ("a", "b"):
        issue_requests(store, [order(ENGINE, [item(f"x:{name}", "1.00")], id=name)], actor())

    with store.read() as reading:
        assert find(reading, text).number == "INV-2026-00002"


@pytest.mark.parametrize("text", ["INV", "9", ""])
def test_a_number_that_means_no_document_or_several_is_refused(text) -> None:
    store = memory_store()
    for name in ("a", "b"):
        issue_requests(store, [order(ENGINE, [item(f"x:{name}", "1.00")], id=name)], actor())

    with store.read() as reading, pytest.raises(RefusedError) as refused:
        find(reading, text)

    assert codes(refused) == ["BH501"]


def test_an_empty_value_is_shown_as_nothing() -> None:
    found = list(differences('{"note": ""}', '{"note": "late"}'))

    assert found == ["note nothing → late"]
