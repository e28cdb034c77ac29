"""The fixtures of the author's kit, as a plugin's tests use them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from billhook import InputError, Origin, RefusedError
from billhook.issue.actor import Actor
from billhook.issue.issue import issue
from billhook.issue.numbering import NumberSeries
from billhook.testing import sample_engine
from billhook.tools.scaffold.author import plugin_file
from billhook_legal.records import TimeEntry
from billhook_legal.settings import HourlyRate, LegalSettings, Matter, Timekeeper


@pytest.fixture
def matter(make_job):
    """A job of a law firm."""
    settings = LegalSettings(
        matters=(Matter(id="M-1"),),
        timekeepers=(Timekeeper(id="AB", name="A. Bell"),),
        rates=(HourlyRate(timekeeper="AB", per_hour=Decimal(400)),),
    )
    return make_job(subject="M-1", pockets=(settings,))


def entry(key, minutes=60, timekeeper="AB"):
    return TimeEntry(
        key=key,
        origin=Origin("time.csv", 2),
        date=dt.date(2026, 6, 2),
        timekeeper=timekeeper,
        minutes=Decimal(minutes),
        narrative="Draft the lease",
    )


def test_an_engine_has_the_plugin_and_the_tax_table(make_engine, matter):
    engine = make_engine("legal")

    assert [plugin.name for plugin in engine.plugins] == ["legal", "tax_table"]
    assert str(engine.draft(matter, [entry("a")]).invoice.totals.payable.value) == "400.00"


def test_an_engine_takes_a_file_too(make_engine, tmp_path):
    path = tmp_path / "lessons.py"
    path.write_bytes(plugin_file("lessons"))

    assert make_engine(path).plugins[0].name == "lessons"


def test_a_plugin_that_is_not_there_is_said(make_engine):
    with pytest.raises(InputError, match="'leagl' is not installed"):
        make_engine("leagl")


def test_a_history_knows_what_was_billed_in_each_step(make_engine, make_history, matter):
    engine = make_engine("legal")
    history = make_history(engine, matter, [entry("a")], [entry("b"), entry("c")])
    again = engine.draft(matter, [entry("a"), entry("d", 30)], history)

    assert [len(each.invoice.records) for each in history.documents] == [1, 2]
    assert [record.key for record in again.invoice.records] == ["d"]


def test_a_history_of_a_step_with_errors_is_refused(make_engine, make_history, matter):
    with pytest.raises(RefusedError, match="ZZ"):
        make_history(make_engine("legal"), matter, [entry("a", timekeeper="ZZ")])


def test_a_draft_is_issued_into_the_store(store, make_engine, matter):
    engine = make_engine("legal")
    draft = engine.draft(matter, [entry("a")])
    actor = Actor(by="kim", at=dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC))

    issued = issue(engine, store, draft, series=NumberSeries(id="INV"), actor=actor)

    assert issued.document.number == "INV-2026-00001"


def test_without_plugins_there_is_the_tax_table_alone():
    assert [plugin.name for plugin in sample_engine().plugins] == ["tax_table"]
