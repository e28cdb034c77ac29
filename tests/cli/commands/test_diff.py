from __future__ import annotations

import json

import pytest


@pytest.fixture
def changed(firm):
    """A second job: another rate, more hours on one line, one line gone, one new."""
    text = (firm / "jobs" / "first.toml").read_text().replace("hours.csv", "july.csv")
    (firm / "jobs" / "second.toml").write_text(text)
    (firm / "records" / "july.csv").write_text(
        "key,date,hours,text\n1,2026-06-02,2,Planning\n2,2026-06-03,4,Workshop\n4,2026-07-01,1,Report\n"
    )
    return firm


def test_bills_that_are_equal_say_so_and_succeed(billhook) -> None:
    billhook("bill", "-f", "json")

    ran = billhook("diff", "jobs/first.toml", "out/first.json")

    assert (ran.code, ran.out, ran.err) == (0, "", "the bills are equal\n")


def test_bills_that_differ_say_why(billhook, changed) -> None:
    ran = billhook("diff", "jobs/first.toml", "jobs/second.toml")

    assert ran.code == 1
    rows = [" ".join(line.split()) for line in ran.out.splitlines()]
    # 0.5 h more at 120 USD/h; 1 h new; 0.25 h gone.
    assert rows == [
        "what before after change why",
        "lines.work-hours:1 Planning 180.00 240.00 +60.00 quantity 1.5 → 2 h (+60.00)",
        "lines.work-hours:4 Report 0.00 120.00 +120.00 new",
        "lines.work-hours:3 Questions by telephone 30.00 0.00 -30.00 gone",
        "amount due, USD 690.00 840.00 +150.00",
    ]
    assert ran.err == "amount due changes by +150.00: quantity +60.00, new +120.00, gone -30.00\n"


def test_the_difference_as_json_has_a_schema_and_causes_that_add_up(billhook, changed) -> None:
    tree = json.loads(billhook("diff", "jobs/first.toml", "jobs/second.toml", "-f", "json").out)

    assert tree["schema"] == "billhook.comparison/1"
    assert tree["difference"] == "150.00"
    assert tree["causes"] == {"quantity": "60.00", "new": "120.00", "gone": "-30.00"}
    assert [change["id"] for change in tree["changes"]] == [
        "lines.work-hours:1",
        "lines.work-hours:4",
        "lines.work-hours:3",
    ]


def test_bills_in_different_currencies_cannot_be_compared(billhook, firm) -> None:
    text = (firm / "jobs" / "first.toml").read_text()
    (firm / "jobs" / "euro.toml").write_text(f'currency = "EUR"\nprices_in = "EUR"\n{text}')

    ran = billhook("diff", "jobs/first.toml", "jobs/euro.toml")

    assert (ran.code, "cannot compare USD with EUR" in ran.err) == (2, True)


def test_a_bill_that_is_not_there_is_a_usage_error(billhook) -> None:
    assert billhook("diff", "jobs/first.toml", "out/none.json").code == 2


def test_bills_of_two_months_are_compared_by_kind_and_line_by_line_on_request(
    billhook, firm
) -> None:
    text = (firm / "jobs" / "first.toml").read_text().replace("hours.csv", "july.csv")
    (firm / "jobs" / "second.toml").write_text(text)
    (firm / "records" / "july.csv").write_text(
        "key,date,hours,text\n7,2026-07-02,2,Planning\n8,2026-07-03,3,Planning\n"
    )

    kinds = billhook("diff", "jobs/first.toml", "jobs/second.toml")
    lines = billhook("diff", "jobs/first.toml", "jobs/second.toml", "--lines")

    rows = [" ".join(line.split()) for line in kinds.out.splitlines()]
    # 1.5 h of planning became 5 h at 120 USD/h, two lines instead of one.
    assert (
        "lines.Planning @ 120 USD/h, 1 → 2 lines 180.00 600.00 +420.00 quantity 1.5 → 5 h (+420.00)"
        in rows
    )
    assert "lines.work-hours:7 Planning 0.00 240.00 +240.00 new" in [
        " ".join(line.split()) for line in lines.out.splitlines()
    ]


def test_the_json_of_a_comparison_says_how_many_lines_a_change_stands_for(
    billhook, changed
) -> None:
    tree = json.loads(billhook("diff", "jobs/first.toml", "jobs/second.toml", "-f", "json").out)

    assert [(each["lines_before"], each["lines_after"]) for each in tree["changes"]] == [
        (1, 1),
        (0, 1),
        (1, 0),
    ]


def test_a_bill_that_is_no_json_is_found_at_its_line(billhook, firm) -> None:
    (firm / "cut.json").write_text('{\n  "schema": \n}\n')

    ran = billhook("diff", "cut.json", "jobs/first.toml")

    assert ran.code == 3
    assert (
        "cut.json:3:1: error[BH128]: the file is not a bill: it is not JSON: expecting value"
        in ran.err
    )
