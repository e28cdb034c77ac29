from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook.audit.replay import replay
from billhook.audit.verify import verify
from billhook.builtin import tax_table
from billhook.engine import Engine
from billhook.issue.events import add_event, kind_named, list_events
from billhook.issue.history import events
from billhook.issue.request import IssueRequest, issue_requests, work_out
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import given
from billhook.model.charge import Charge, Rating
from billhook.model.record import Event
from billhook.plugins.info import PluginInfo, hookimpl
from billhook.testing.samples import Inline
from issue.desk import Item, actor, item, job

DAY = dt.date(2026, 6, 15)


@attrs.frozen(kw_only=True)
class Agreed(Event):
    """A percentage that was agreed between two bills."""

    percent: Decimal


@hookimpl
def billhook_plugin():
    return PluginInfo(name="agreed", records={"agreed.item": Item}, events=(Agreed,))


@hookimpl
def billhook_rate(job, records, history):
    """Bill each item at the percentage agreed last."""
    found = history.events(Agreed)
    percent = found[-1].percent if found else Decimal(100)
    return Rating(
        charges=tuple(
            Charge(
                id=record.key,
                description=record.key,
                amount=given(record.amount * percent / 100, job.currency, "test.price"),
                sources=(record.key,),
            )
            for record in records.of(Item)
        )
    )


PLUGIN = Inline(billhook_plugin=billhook_plugin, billhook_rate=billhook_rate)
ENGINE = Engine([("agreed", PLUGIN), ("tax_table", tax_table)])


def agreed(percent: int, day: dt.date = DAY) -> Agreed:
    return Agreed(subject="sample", at=day, by="kim", reason="by phone", percent=Decimal(percent))


def wanted(key: str, amount: str = "100.00", **changes: object) -> IssueRequest:
    return IssueRequest(engine=ENGINE, job=job(plugins=(), **changes), records=(item(key, amount),))


def test_an_event_reaches_the_next_bill_of_its_subject(store) -> None:
    add_event(store, ENGINE, agreed(80), actor(reason="by phone"))

    [outcome] = issue_requests(store, [wanted("a")], actor())

    assert Decimal("80.00") == outcome.documents[0].invoice.totals.net.value
    with store.read() as reading:
        assert events(reading, "sample", ENGINE.plugins) == (agreed(80),)
        assert [line.kind for line in list_events(reading, ENGINE.plugins)] == ["agreed.Agreed"]
    assert verify(store, ENGINE.plugins).findings == ()


def test_an_event_needs_a_reason(store) -> None:
    with pytest.raises(RefusedError) as refused:
        add_event(store, ENGINE, agreed(80), actor())

    assert [finding.code for finding in refused.value.findings] == ["BH507"]


@pytest.mark.parametrize("name", ["agreed.Agreed", "Agreed", "agreed", "AGREED.AGREED"])
def test_a_kind_of_event_may_be_named_in_short(name) -> None:
    assert kind_named(ENGINE.plugins, name) is Agreed


def test_an_unknown_kind_of_event_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        kind_named(ENGINE.plugins, "agred.Agreed")

    assert [finding.code for finding in refused.value.findings] == ["BH512"]
    assert "did you mean 'agreed.Agreed'?" in str(refused.value.findings[0].hint)


def test_a_document_is_replayed_with_what_was_known_when_it_was_issued(store) -> None:
    issue_requests(store, [wanted("a", id="first")], actor())
    add_event(store, ENGINE, agreed(80), actor(reason="by phone", minutes=1))
    issue_requests(store, [wanted("b", id="second")], actor(minutes=2))

    with store.read() as reading:
        first, second = list(reading.entries())
        found = [
            replay(reading, first, wanted("a", id="first")),
            replay(reading, second, wanted("b", id="second")),
        ]

    assert [each.same for each in found] == [True, True]


def test_a_replay_tells_what_an_edited_record_would_have_made(store) -> None:
    issue_requests(store, [wanted("a")], actor())

    with store.read() as reading:
        [entry] = list(reading.entries())
        found = replay(reading, entry, wanted("a", "110.00"))

    # 10.00 more, and 20 % tax on it.
    assert found.comparison.difference == Decimal("12.00")


def test_a_replay_leaves_out_what_later_documents_bill(store) -> None:
    issue_requests(store, [wanted("a")], actor())
    both = IssueRequest(
        engine=ENGINE, job=job(plugins=()), records=(item("a", "100.00"), item("b", "5.00"))
    )
    issue_requests(store, [both], actor(minutes=1))

    with store.read() as reading:
        first, second = list(reading.entries())
        assert replay(reading, first, both).same
        assert replay(reading, second, both).same
        assert work_out(reading, both)[0].worked_out is None
