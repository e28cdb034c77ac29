from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook.model.record import Record
from billhook.sources.presets import PRESETS, recognize
from sources.books import said, source


@attrs.frozen(kw_only=True)
class Worked(Record):
    """Time as the legal plugin has it."""

    date: dt.date
    timekeeper: str
    narrative: str
    matter: str = ""
    minutes: Decimal | None = None
    hours: Decimal | None = None
    duration: str = ""
    billable: str = "yes"


@attrs.frozen(kw_only=True)
class Hours(Record):
    """Hours as the project that `billhook init` lays out has them; no word on who is billable."""

    date: dt.date
    hours: Decimal
    text: str


TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,"
    "Duration,Tags,Amount (EUR)\n"
    "Ada King,ada@example.org,Acme,Harbour,,Site visit,Yes,2026-06-01,09:00:00,2026-06-01,10:20:00,"
    "01:20:00,,\n"
    "Ada King,ada@example.org,Acme,Harbour,,Filing,No,2026-06-02,09:00:00,2026-06-02,09:30:00,"
    "00:30:00,,\n"
)
CLOCKIFY = (
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,"
    "End Time,Duration (h),Duration (decimal),Billable Rate (USD),Billable Amount (USD)\n"
    "Harbour,Acme,Site visit,,Ada King,,ada@example.org,,Yes,06/01/2026,09:00:00 AM,06/01/2026,"
    "10:20:00 AM,01:20:00,1.33,100.00,133.00\n"
)
HARVEST = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Hours Rounded,Billable?,Invoiced?,Approved?,"
    "First Name,Last Name,Roles,Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,"
    "Currency,External Reference URL\n"
    '2026-06-01,Acme,Harbour,H1,Law,"Site visit\nand notes",1.33,1.5,Yes,No,No,Ada,King,,Yes,'
    "100,133,,,USD,\n"
    "2026-05-30,Acme,Harbour,H1,Law,Old work,2,2,Yes,Yes,No,Ada,King,,Yes,100,200,,,USD,\n"
)
KIMAI = (
    "Date,From,To,Duration,Currency,Price,User,Email,Customer,Project,Activity,Description,"
    "Billable,Tags\n"
    "2026-06-01,09:00,10:20,1:20,EUR,133,Ada King,ada@example.org,Acme,Harbour,Law,Site visit,1,\n"
)
CLIO = (
    "ID,Type,Date,Hours,Description,Matter number,Flat rate,Rate ($),Billable ($),"
    "Non-billable ($),User,Bill state,Bill number,Expense category\n"
    "811,TimeEntry,06/01/2026,1.33,Site visit,Harbour,false,100,133,0,Ada King,Unbilled,,\n"
    "812,TimeEntry,05/30/2026,2,Old work,Harbour,false,100,200,0,Ada King,Billed,7,\n"
    "813,ExpenseEntry,06/01/2026,,Ferry,Harbour,false,,12,0,Ada King,Unbilled,,Travel\n"
)
TIMEWARRIOR = """[
{"id":2,"start":"20260531T223000Z","end":"20260531T235000Z",
 "tags":["acme"],"annotation":"Site visit"}
]"""
US = {"dates": "MM/DD/YYYY"}
WARRIOR = {
    "format": "json",
    "timezone": "Europe/Berlin",
    "constants": {"timekeeper": "Ada King", "matter": "Harbour"},
}


@pytest.mark.parametrize(
    ("preset", "text", "declared", "time"),
    [
        ("toggl", TOGGL, {}, {"duration": "01:20:00"}),
        ("clockify", CLOCKIFY, US, {"duration": "01:20:00"}),
        ("harvest", HARVEST, {}, {"hours": Decimal("1.33")}),
        ("kimai", KIMAI, {}, {"hours": Decimal("1.333333333")}),
        ("clio", CLIO, US, {"hours": Decimal("1.33")}),
        ("timewarrior", TIMEWARRIOR, WARRIOR, {"duration": "1:20:00"}),
    ],
)
def test_an_export_is_read_with_its_preset(preset, text, declared, time) -> None:
    found = source(text, preset=preset, **declared)
    entry = found.records(Worked)[0]

    assert not found.findings.errors
    assert (entry.date, entry.timekeeper, entry.matter) == (
        dt.date(2026, 6, 1),
        "Ada King",
        "Harbour",
    )
    assert entry.narrative.startswith("Site visit")
    assert {name: getattr(entry, name) for name in time} == time
    assert entry.billable == "yes"


def test_what_the_program_has_billed_is_left_out_with_its_reason() -> None:
    harvest = source(HARVEST, preset="harvest")
    clio = source(CLIO, preset="clio", **US)

    assert len(harvest.records(Worked)) == 1
    assert said(harvest) == ["t:4: info[BH151]: row 4 is left out: 'Invoiced?' is 'Yes'"]
    assert [entry.key for entry in clio.records(Worked)] == ["demo.time:811"]
    assert said(clio) == [
        "t:3: info[BH151]: row 3 is left out: 'Bill number' is '7'",
        "t:4: info[BH151]: row 4 is left out: 'Type' is 'ExpenseEntry'",
    ]


def test_time_that_is_not_billable_is_marked_or_left_out() -> None:
    marked, left_out = source(TOGGL, preset="toggl"), source(TOGGL, preset="toggl")

    assert [entry.billable for entry in marked.records(Worked)] == ["yes", "no"]
    # 1:20 is 1.333… hours
    assert [entry.hours for entry in left_out.records(Hours)] == [Decimal("1.333333333")]
    assert said(left_out)[0] == "t:3: info[BH151]: row 3 is left out: 'Billable' is 'No'"


def test_what_the_source_declares_wins_over_its_preset() -> None:
    found = source(
        TOGGL,
        preset="toggl",
        columns={"matter": "Client"},
        values={"timekeeper": {"Ada King": "AK"}, "matter": {"Acme": "M-1"}},
    )
    entry = found.records(Worked)[0]

    assert (entry.matter, entry.timekeeper) == ("M-1", "AK")


def test_a_preset_of_another_program_is_refused() -> None:
    found = source(TOGGL, preset="kimai")

    assert found.records(Worked) == ()
    assert [finding.code for finding in found.findings] == ["BH155"]
    assert 'preset = "toggl"' in str(found.findings.errors[0].hint)


def test_an_unknown_preset_is_refused() -> None:
    found = source(TOGGL, preset="togl")

    assert found.records(Worked) == ()
    assert [finding.hint for finding in found.findings] == ["did you mean 'toggl'?"]


@pytest.mark.parametrize("text", [TOGGL, CLOCKIFY, HARVEST, KIMAI, CLIO])
def test_without_a_preset_the_refusal_names_it(text: str) -> None:
    found = source(text)
    program = recognize(text.splitlines()[0].split(","))

    assert found.records(Worked) == ()
    assert program is not None
    assert [finding.hint for finding in found.findings.errors] == [
        f'declare preset = "{program.name}"'
    ]


def test_each_export_is_recognized_as_that_of_one_program() -> None:
    texts = [TOGGL, CLOCKIFY, HARVEST, KIMAI, CLIO]
    found = [recognize(text.splitlines()[0].split(",")) for text in texts]

    assert [each.name for each in found if each] == [
        "toggl",
        "clockify",
        "harvest",
        "kimai",
        "clio",
    ]
    assert len({each.name for each in PRESETS}) == 6
