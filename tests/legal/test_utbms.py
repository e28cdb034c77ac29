from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from billhook_legal.rating.utbms import DATA, TABLE, TASKS, name_of
from billhook_legal.settings import Matter
from legal.office import bill, codes, draft, entry, expense


def test_the_table_is_the_one_that_was_checked() -> None:
    # Tables with invented meanings circulate: a changed row has to be meant.
    text = DATA.read_text(encoding="utf-8").replace("\r\n", "\n")

    assert len(TABLE) == 395
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "f75836a898e1da7e1cbadbd0a0d3c3fe363f85267b15bf472519bb563151395b"
    )


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("L120", "Analysis/Strategy"),
        ("L160", "Settlement/Non-Binding ADR"),
        ("L510", "Appellate Motions and Submissions"),
        ("A107", "Communicate (other outside counsel)"),
        ("E106", "Online research"),
        ("E112", "Court fees"),
        ("E120", "Private investigators"),
        ("P240", "Real and Personal Property"),
        ("B195", "Non-Working Travel"),
    ],
)
def test_codes_that_are_often_given_wrong_are_right(code, name) -> None:
    assert name_of(code) == name


def test_every_row_says_how_well_it_is_confirmed_and_where_it_was_read() -> None:
    assert all(code.verified and code.source for code in TABLE.values())
    # ABA: 34 tasks and phases of litigation, A100 to A111, E100 to E124
    official = Counter(code.set for code in TABLE.values() if code.verified == "official")
    assert official == {"litigation": 34, "activity": 12, "expense": 25}


def test_phases_are_headings_and_tasks_are_not() -> None:
    headings = {code.code for code in TABLE.values() if code.heading}

    assert {"L100", "L200", "L300", "L400", "L500", "P200", "B100", "A100", "E100"} <= headings
    assert {"L600", "L610", "L650", "PA100", "TR700"} <= headings
    assert not {"L110", "L680", "P100", "C100", "A110", "E110", "X200", "B110"} & headings


def findings(record, **settings) -> list[str]:
    return codes(draft([record], **settings).findings)


LITIGATION = {"matters": (Matter(id="sample", task_set="litigation"),)}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"task": "L120", "activity": "A103"}, []),
        ({"task": "L611"}, []),  # discovery of electronic documents, beside litigation
        ({}, ["LGL304"]),
        ({"task": "L100"}, ["LGL302"]),
        ({"task": "P240"}, ["LGL301"]),  # of another set
        ({"task": "L125"}, ["LGL301"]),
        ({"task": "l120"}, ["LGL301"]),
        ({"task": "A103"}, ["LGL301"]),
        ({"task": "L120", "activity": "E112"}, ["LGL301"]),
        ({"task": "L120", "activity": "A100"}, ["LGL302"]),
        ({"task": "L120", "activity": "A112"}, ["LGL305"]),
        ({"activity": "A103"}, ["LGL303"]),
    ],
)
def test_tasks_and_activities_of_a_coded_matter(facts, found) -> None:
    assert findings(entry(**facts), **LITIGATION) == found


def test_a_matter_without_a_set_takes_any_task_or_none() -> None:
    for set_ in TASKS.values():
        code = next(each.code for each in TABLE.values() if each.set in set_ and not each.heading)
        assert findings(entry(task=code)) == []
    assert findings(entry()) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [("E112", []), ("X115", []), ("", []), ("E100", ["LGL302"]), ("L120", ["LGL301"])],
)
def test_expenses_bear_expense_codes(code, found) -> None:
    assert findings(expense(code=code)) == found


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("L12O", "did you mean 'L120'?"),
        ("l120", "did you mean 'L120'?"),
        ("Ll20", "did you mean 'L120'?"),
        ("quite another", None),
    ],
)
def test_a_slip_of_the_pen_is_understood(written, hint) -> None:
    (finding,) = draft([entry(task=written)], **LITIGATION).findings

    assert finding.hint == hint


def test_codes_stand_with_the_line_for_exports() -> None:
    detail = bill(entry(task="L120", activity="A103")).lines[0].detail

    assert (detail.task, detail.activity, detail.timekeeper) == ("L120", "A103", "EH")
