from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook.archive.payload_types import Pockets
from billhook.audit.verify import verify
from billhook.compare.invoices import Cause
from billhook.explain.tree import figures_by_name
from billhook.issue.request import issue_requests
from billhook.issue.roles import Roles
from billhook.kernel.errors import RefusedError, StoreError
from billhook.kernel.figure import disagreements
from billhook.model.document import Document
from billhook.runs.changes import change
from billhook.runs.issue import issue_run
from billhook.runs.review import adjust, approve, drop, hold, release
from billhook.runs.run import Member, bills_of, draft_run, read_job, read_run, states
from issue.desk import actor, desk_engine, item, order

ENGINE = desk_engine()
ROLES = Roles(
    biller=frozenset({"kim"}),
    reviewer=frozenset({"ruth"}),
    approver=frozenset({"lee", "kim", "ann"}),
    auditor=frozenset({"otto"}),
    limits={"ann": {"USD": Decimal(50)}},
    approval={"USD": Decimal(100)},
)


def member(name: str, *amounts: str, **changes: object) -> Member:
    items = [item(f"x:{name}{place}", amount) for place, amount in enumerate(amounts, 1)]
    made = order(ENGINE, items, id=name, subject=name, **changes)
    return Member(request=made, job=name, path=f"jobs/{name}.toml")


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def issued(store, run, members, who="kim", roles=ROLES):
    return list(issue_run(store, run, members, actor(who), roles=roles))


def test_the_same_run_twice_gives_the_same_drafts(store) -> None:
    members = [member("a", "60.00"), member("b", "40.00")]
    first = draft_run(store, "june", members, actor())

    assert draft_run(store, "june", members, actor(minutes=9)) == first
    assert [job.payable for job in first] == ["72.00", "48.00"]


def test_a_run_is_issued_once_however_often_it_is_asked_for(store) -> None:
    members = [member("a", "60.00"), member("b", "40.00")]
    draft_run(store, "june", members, actor())

    first = issued(store, "june", members)
    again = issued(store, "june", members)

    assert [turn.documents[0].number for turn in first] == ["INV-2026-00001", "INV-2026-00002"]
    assert [turn.again for turn in again] == [True, True]
    assert [turn.documents for turn in again] == [turn.documents for turn in first]
    assert verify(store, ENGINE.plugins).findings == ()


def test_a_run_that_was_interrupted_is_gone_on_with(store) -> None:
    members = [member(name, "60.00") for name in "abc"]
    draft_run(store, "june", members, actor())
    turns = issue_run(store, "june", members, actor(), roles=ROLES)
    next(turns)
    del turns

    issued(store, "june", members)

    with store.read() as reading:
        assert [entry.key for entry in reading.entries()] == ["june/a", "june/b", "june/c"]
        assert states(read_run(reading, "june")) == {"issued": 3}


def test_a_job_that_fails_is_named_and_the_others_go_on(store) -> None:
    members = [member("a", "60.00"), member("b", "40.00")]
    draft_run(store, "june", members, actor())
    edited = attrs.evolve(members[0], request=member("a", "61.00").request)

    turns = issued(store, "june", [edited, members[1]])

    assert [finding.code for finding in turns[0].findings] == ["BH515"]
    assert turns[1].documents[0].number == "INV-2026-00001"
    with store.read() as reading:
        assert read_job(reading, "june", "a").state == "failed"


def test_what_was_held_or_dropped_is_not_issued(store) -> None:
    members = [member("a", "60.00"), member("b", "40.00")]
    draft_run(store, "june", members, actor())
    hold(store, "june", "a", actor("ruth", "client asks for a call"), roles=ROLES)
    drop(store, "june", "b", actor("ruth", "pro bono"), roles=ROLES)

    turns = issued(store, "june", members)

    assert [turn.job.state for turn in turns] == ["held", "dropped"]
    assert [f.code for turn in turns for f in turn.findings] == ["BH509", "BH509"]
    release(store, "june", "a", actor("ruth"), roles=ROLES)
    assert issued(store, "june", members)[0].job.state == "issued"


def test_what_a_reviewer_did_stands_in_the_log_with_who_and_why(store) -> None:
    draft_run(store, "june", [member("a", "60.00"), member("b", "40.00")], actor())
    hold(store, "june", "a", actor("ruth", "client asks for a call"), roles=ROLES)
    release(store, "june", "a", actor("ruth"), roles=ROLES)
    adjust(store, "june", member("a", "60.00"), "1", Decimal(5), actor("ruth", "too long"))
    drop(store, "june", "b", actor("ruth", "pro bono"), roles=ROLES)

    with store.read() as reading:
        lines = [
            (line.kind, line.by, line.reason, line.payload) for line in reading.audit_entries()
        ]

    assert lines == [
        ("run.held", "ruth", "client asks for a call", '{"job": "a"}'),
        ("run.released", "ruth", "", '{"job": "a"}'),
        ("run.written-down", "ruth", "too long", '{"amount": "5", "job": "a", "line": "a1"}'),
        ("run.dropped", "ruth", "pro bono", '{"job": "b"}'),
    ]
    assert verify(store, ENGINE.plugins).findings == ()


@pytest.mark.parametrize("payload", ['{"x', "[]", '{"surplus": 1}', '{"history": [{"x": 1}]}'])
def test_a_row_that_was_damaged_is_said_and_named(store, payload) -> None:
    draft_run(store, "june", [member("a", "60.00")], actor())
    with store.write() as writing:
        [_, row] = writing.runs("june")
        writing.put_run(attrs.evolve(row, payload=payload))

    with store.read() as reading, pytest.raises(StoreError, match="job a of run june cannot be"):
        read_run(reading, "june")
    [finding] = verify(store, ENGINE.plugins).findings
    assert (finding.code, finding.message[:20]) == ("BH528", "job a of run june ca")


def test_a_run_that_names_documents_which_are_not_there_is_found(store) -> None:
    draft_run(store, "june", [member("a", "60.00")], actor())
    issued(store, "june", [member("a", "60.00")])
    with store.write() as writing:
        [_, row] = writing.runs("june")
        payload = row.payload.replace("INV-2026-00001", "INV-2026-00009")
        writing.put_run(attrs.evolve(row, payload=payload))

    [finding] = verify(store, ENGINE.plugins).findings

    assert finding.message == "job a of run june became INV-2026-00009, which is not there"


def test_a_write_down_is_a_line_adjustment_with_its_reason(store) -> None:
    # 60.00 less 15.00 is 45.00, with 20 % tax 54.00.
    members = [member("a", "60.00")]
    draft_run(store, "june", members, actor())

    job = adjust(
        store,
        "june",
        members[0],
        "a1",
        Decimal("15.00"),
        actor("ruth", "duplicate research"),
        roles=ROLES,
    )
    issued(store, "june", members)

    assert job.payable == "54.00"
    with store.read() as reading:
        [bill] = bills_of(read_job(reading, "june", "a"), Pockets(ENGINE.plugins))
    [line] = bill.invoice.lines
    assert (Decimal("60.00"), Decimal("-15.00"), Decimal("45.00")) == (
        line.gross.value,
        line.adjustment.value,
        line.amount.value,
    )
    assert line.adjustment_reason == "duplicate research"
    assert list(disagreements(*figures_by_name(bill.invoice).values())) == []
    rules = {node.rule for node in line.amount.inputs}
    assert "core.review.write-down" in rules
    assert verify(store, ENGINE.plugins).findings == ()


@pytest.mark.parametrize(("line", "amount"), [("a1", "60.01"), ("a1", "0.001"), ("zz", "1.00")])
def test_a_write_down_that_the_line_does_not_take_is_refused(store, line, amount) -> None:
    members = [member("a", "60.00")]
    before = draft_run(store, "june", members, actor())

    with pytest.raises(RefusedError) as refused:
        adjust(store, "june", members[0], line, Decimal(amount), actor("ruth", "why"), roles=ROLES)

    assert codes(refused) == ["BH517"]
    with store.read() as reading:
        assert read_run(reading, "june") == before


def test_a_review_survives_a_new_look_at_the_files(store) -> None:
    members = [member("a", "60.00")]
    draft_run(store, "june", members, actor())
    adjust(store, "june", members[0], "a1", Decimal(15), actor("ruth", "why"), roles=ROLES)

    [again] = draft_run(store, "june", [member("a", "60.00", "10.00")], actor())

    assert again.payable == "66.00"  # (60 − 15 + 10) × 1.2


# ── approval ─────────────────────────────────────────────────────────────────


def test_above_the_limit_a_second_person_approves(store) -> None:
    members = [member("a", "100.00")]
    draft_run(store, "june", members, actor("kim"))

    assert [f.code for f in issued(store, "june", members)[0].findings] == ["BH508"]
    with pytest.raises(RefusedError) as refused:
        approve(store, "june", actor("kim"), roles=ROLES)
    assert codes(refused) == ["BH508"]
    approve(store, "june", actor("lee"), roles=ROLES)
    assert issued(store, "june", members)[0].job.state == "issued"
    with store.read() as reading:
        [line] = reading.audit_entries(kind="run.approved")
        assert line.by == "lee"


def test_an_approval_falls_with_the_draft_that_it_was_of(store) -> None:
    draft_run(store, "june", [member("a", "100.00")], actor("kim"))
    approve(store, "june", actor("lee"), roles=ROLES)
    edited = member("a", "900.00")

    assert [f.code for f in issued(store, "june", [edited])[0].findings] == ["BH515"]
    [again] = draft_run(store, "june", [edited], actor("kim"))
    assert (again.state, again.approved) == ("draft", False)
    assert [f.code for f in issued(store, "june", [edited])[0].findings] == ["BH508"]


def test_who_wrote_down_does_not_approve(store) -> None:
    members = [member("a", "200.00")]
    draft_run(store, "june", members, actor("kim"))
    adjust(store, "june", members[0], "a1", Decimal(10), actor("lee", "why"), roles=ROLES)

    with pytest.raises(RefusedError) as refused:
        approve(store, "june", actor("lee"), roles=ROLES)

    assert codes(refused) == ["BH508"]


def test_an_approver_has_a_limit(store) -> None:
    draft_run(store, "june", [member("a", "100.00")], actor("kim"))

    with pytest.raises(RefusedError) as refused:
        approve(store, "june", actor("ann"), roles=ROLES)

    assert "up to 50 USD, this is 120.00" in str(refused.value)


def test_an_amount_above_the_limit_is_not_issued_around_the_run(store) -> None:
    with pytest.raises(RefusedError) as refused:
        issue_requests(store, [member("a", "100.00").request], actor("kim"), roles=ROLES)

    assert codes(refused) == ["BH508"]
    with store.read() as reading:
        assert list(reading.entries()) == []


@pytest.mark.parametrize(
    ("who", "right"),
    [("otto", "issue"), ("kim", "review"), ("ruth", "approve"), ("otto", "record"), ("x", "draft")],
)
def test_a_person_without_the_role_is_refused(who, right) -> None:
    roles = attrs.evolve(ROLES, approver=frozenset({"lee"}))

    with pytest.raises(RefusedError) as refused:
        roles.check(actor(who), right)

    assert codes(refused) == ["BH508"]
    assert f"{who} may not {right}" in str(refused.value)


def test_without_roles_everybody_may_do_everything() -> None:
    for right in ("draft", "issue", "review", "approve", "correct", "record", "close"):
        Roles().check(actor("anybody"), right)


# ── causes ───────────────────────────────────────────────────────────────────


def hours(day: int, *entries: tuple[str, str, str]) -> Document:
    """A bill of hours: person, hours, rate; with ids that no other month has."""
    from billhook.kernel.figure import given, times, total
    from billhook.model.invoice import Line

    base = ENGINE.draft(order(ENGINE, [], date=dt.date(2026, 6, day)).job, [item("x", "1.00")])
    lines = tuple(
        Line(
            id=f"time-{day}-{place}",
            description=f"work {day} {place}",
            amount=times(
                given(Decimal(quantity), "h", "test"), given(Decimal(rate), "USD/h", "test"), "test"
            ),
            quantity=given(Decimal(quantity), "h", "test"),
            unit_price=given(Decimal(rate), "USD/h", "test"),
            group=person,
        )
        for place, (person, quantity, rate) in enumerate(entries)
    )
    net = total((line.amount for line in lines), "test")
    totals = attrs.evolve(base.invoice.totals, payable=net)
    return Document(invoice=attrs.evolve(base.invoice, lines=lines, totals=totals))


def test_months_are_compared_by_hours_and_rate_though_their_lines_have_other_ids() -> None:
    # Hale: 3 h to 4.5 h at 400: +600.  Nair: 10 h, 300 to 320: +200.  Ortega is new: +165.
    may = hours(1, ("Hale", "1", "400"), ("Hale", "2", "400"), ("Nair", "10", "300"))
    june = hours(
        2,
        ("Hale", "4.5", "400"),
        ("Nair", "4", "320"),
        ("Nair", "6", "320"),
        ("Ortega", "1", "165"),
    )

    found = change(june, may).comparison

    causes = {
        (str(each.description), effect.cause): effect.amount
        for each in found.changes
        for effect in each.effects
        if each.id.startswith("lines.")
    }
    assert causes == {
        ("Hale", Cause.QUANTITY): Decimal("600.00"),
        ("Nair", Cause.RATE): Decimal("200.00"),
        ("Ortega", Cause.NEW): Decimal(165),
    }


def test_the_first_bill_of_a_subject_has_nothing_to_be_compared_with() -> None:
    assert change(hours(1, ("Hale", "1", "400")), None).comparison is None
