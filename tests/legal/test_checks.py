from __future__ import annotations

import pytest

from billhook.kernel.diagnostics import Severity
from billhook.model.record import Record
from billhook_legal.codes import CODES
from billhook_legal.settings import HourlyRate, Matter, Timekeeper
from legal.office import D, codes, day, draft, entry, expense


def findings(*records: Record, **settings) -> list[str]:
    return codes(draft(records, **settings).findings)


def test_an_ordinary_bill_says_nothing() -> None:
    assert findings(entry(), expense()) == []


# ── names ────────────────────────────────────────────────────────────────────

MATTERS = (Matter(id="sample"), Matter(id="other"))


def test_a_misspelt_timekeeper_is_an_error_where_there_is_a_list() -> None:
    rates = (HourlyRate(per_hour=D(100)),)

    assert findings(entry(by="EM"), rates=rates) == ["LGL107"]
    assert findings(entry(by="EM"), rates=rates, timekeepers=()) == []


def test_a_misspelt_timekeeper_on_another_matter_is_not_this_bills_concern() -> None:
    other = entry("2", by="EM", matter="other")

    assert findings(entry(), other, matters=MATTERS) == []


def test_a_record_of_a_matter_that_nobody_knows_is_a_warning() -> None:
    made = draft([entry(), expense(matter="smaple")], matters=MATTERS)

    assert codes(made.findings) == ["LGL105"]
    assert made.findings[0].hint == "did you mean 'sample'?"
    assert made.ok


def test_a_name_that_is_listed_twice_is_an_error() -> None:
    twice = (*MATTERS, Matter(id="other", name="Another"))
    people = (Timekeeper(id="EH", name="Eleanor Hale"), Timekeeper(id="EH", name="Edward Hart"))

    assert findings(entry(), matters=twice) == ["LGL110"]
    assert "LGL110" in findings(entry(), timekeepers=people)


def test_the_job_cannot_bill_a_matter_that_nobody_knows() -> None:
    assert findings(entry(), matters=(Matter(id="another"),)) == ["LGL104"]


def test_a_record_needs_a_matter_when_there_are_several() -> None:
    two = {"bill": ("A", "B")}

    assert findings(entry(matter="A"), entry("2"), **two) == ["LGL106", "LGL202"]


@pytest.mark.parametrize(
    "facts", [{"timekeeper": "EM"}, {"classification": "PARTNER"}, {"matter": "smaple"}]
)
def test_a_rate_for_a_name_that_nobody_knows_is_an_error(facts) -> None:
    rates = (HourlyRate(per_hour=D(100)), HourlyRate(per_hour=D(90), **facts))

    assert findings(entry(), rates=rates, matters=MATTERS) == ["LGL108"]


# ── the timesheet ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("minutes", "found"),
    [(16 * 60, []), (16 * 60 + 1, ["LGL201"]), (24 * 60, ["LGL201"]), (24 * 60 + 1, ["LGL109"])],
)
def test_long_days_are_seen_over_all_matters(minutes, found) -> None:
    half = D(minutes) / 2
    other = entry("2", half, matter="other", narrative="Work on another matter of the client")

    assert findings(entry("1", half), other) == found


def test_long_days_are_each_persons_own() -> None:
    assert findings(entry("1", 900), entry("2", 900, by="PN"), entry("3", 900, on=4)) == []


def test_the_length_of_a_long_day_can_be_set() -> None:
    assert findings(entry("1", 601), long_day=D(10)) == ["LGL201"]


def test_the_same_words_twice_on_a_day_are_doubtful() -> None:
    again = entry("2", 30, narrative="draft reply,  to the HARBOR master's notice!")

    assert findings(entry("1"), again) == ["LGL202"]


@pytest.mark.parametrize(
    "other",
    [{"on": 4}, {"by": "PN"}, {"billable": "no"}, {"narrative": "Quite another piece of work"}],
)
def test_the_same_words_are_right_for_another_day_person_or_work(other) -> None:
    assert findings(entry("1"), entry("2", **other)) == []


def test_work_billed_to_two_matters_at_once_is_doubtful() -> None:
    assert findings(entry("1"), entry("2", matter="other")) == ["LGL202"]


# ── lines ────────────────────────────────────────────────────────────────────


def test_work_after_the_bills_date_is_doubtful() -> None:
    late = entry().__class__(
        key="2",
        origin=entry().origin,
        date=day(30).replace(month=7),
        timekeeper="EH",
        narrative="Work that was not yet done",
        minutes=D(6),
    )

    assert findings(late) == ["LGL203"]


@pytest.mark.parametrize(
    ("narrative", "found"),
    [
        ("Attention to file", ["LGL204"]),
        ("Telephone conference with opposing counsel", []),
        ("相手方代理人との電話会議および答弁書の検討", []),  # words are not divided by spaces
    ],
)
def test_short_narratives_are_remarked_on(narrative, found) -> None:
    assert findings(entry(narrative=narrative)) == found


@pytest.mark.parametrize(
    ("minutes", "narrative", "found"),
    [
        (75, "Review berth lease; telephone call with client on it", ["LGL205"]),
        (60, "Review berth lease; telephone call with client on it", []),
        (75, "Review berth lease and permit of the harbor master;", []),
        (30, "Review berth lease (0.2) and call with client (.3)", ["LGL205"]),
        (30, "Review exhibit (12) and the berth lease of 2019", []),
    ],
)
def test_several_tasks_under_one_time_are_remarked_on(minutes, narrative, found) -> None:
    assert findings(entry(minutes=minutes, narrative=narrative)) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"amount": "75.00"}, ["LGL206"]),
        ({"amount": "74.99"}, []),
        ({"amount": "75.00", "receipt": "R-1"}, []),
        ({"amount": "75.00", "kind": "soft"}, []),
        ({"amount": "75.00", "billable": "no-charge"}, ["LGL206"]),
    ],
)
def test_a_third_party_expense_needs_a_receipt_from_the_amount_set(facts, found) -> None:
    assert findings(expense(**facts), receipt_from=D(75)) == found
    assert findings(expense(**facts)) == []


def test_remarks_and_warnings_do_not_keep_a_bill_back() -> None:
    made = draft([entry(narrative="Attention to file"), entry("2", 1000, on=4)])

    assert {finding.severity for finding in made.findings} == {Severity.INFO, Severity.WARNING}
    assert made.ok


def test_every_code_has_words_for_the_reference() -> None:
    assert all(code.title and code.help.endswith(".") for code in CODES)
    assert len({code.id for code in CODES}) == len(CODES)
