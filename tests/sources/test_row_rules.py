from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook.sources.bad_value import BadValueError
from billhook.sources.declaration import Declaration
from billhook.sources.source import open_source
from sources.books import Entry, said, source

DAY = dt.date(2026, 6, 1)


def test_rows_that_were_invoiced_are_left_out_and_the_reason_is_said() -> None:
    text = (
        "date,hours,Invoiced?\n2026-06-01,1,No\n2026-06-02,2,Yes\n2026-06-03,4,\n2026-06-04,8,YES\n"
    )
    found = source(text, skip={"Invoiced?": ("Yes",)}, ignore=("Invoiced?",))

    # 1 + 4: the empty cell is no Yes
    assert [entry.hours for entry in found.records(Entry)] == [Decimal(1), Decimal(4)]
    assert said(found) == [
        "t:3: info[BH151]: row 3 is left out: 'Invoiced?' is 'Yes'",
        "t:5: info[BH151]: row 5 is left out: 'Invoiced?' is 'YES'",
    ]


def test_only_takes_the_rows_with_one_of_the_words_and_no_empty_ones() -> None:
    text = "date,hours,Art\n2026-06-01,1,Bau\n2026-06-02,2,Bauleitung\n2026-06-03,4,\n"
    exact = source(text, only={"Art": ("Bau",)}, ignore=("*",))
    begins = source(text, only={"Art": ("bau*",)}, ignore=("*",))

    assert [entry.hours for entry in exact.records(Entry)] == [Decimal(1)]
    assert [entry.hours for entry in begins.records(Entry)] == [Decimal(1), Decimal(2)]
    assert said(begins) == ["t:4: info[BH151]: row 4 is left out: 'Art' is empty"]


def test_many_rows_left_out_for_one_reason_are_one_remark() -> None:
    rows = "".join(f"2026-06-01,{number},Yes\n" for number in range(1, 50))
    found = source(f"date,hours,Done\n{rows}", skip={"Done": ("yes",)}, ignore=("Done",))

    assert found.records(Entry) == ()
    assert said(found) == [
        "t:2: info[BH151]: 49 rows (2, 3, 4, …) are left out: 'Done' is 'Yes'",
    ]


def test_a_rule_for_a_column_that_is_not_there_is_refused() -> None:
    # billing what the rule was to leave out is worse than not billing
    found = source("date,hours,Invoiced?\n2026-06-01,1,Yes\n", skip={"Invoiced": ("Yes",)})

    assert found.records(Entry) == ()
    assert said(found) == [
        "t:1:1: error[BH153]: skip names the column 'Invoiced', which the file does not have"
    ]
    assert [finding.hint for finding in found.findings] == ["did you mean 'Invoiced?'?"]


def test_rules_of_a_json_source_are_checked_too() -> None:
    text = '[{"date": "2026-06-01", "hours": 1, "tags": ["a", "b"]}, {"date": "2026-06-02"}]'
    good = source(text, format="json", only={"tags": ("b",)}, ignore=("tags",))
    bad = source(text, format="json", only={"tag": ("b",)}, ignore=("tags",))

    assert [entry.date for entry in good.records(Entry)] == [DAY]
    assert bad.records(Entry) == ()
    assert [finding.code for finding in bad.findings] == ["BH153"]


@pytest.mark.parametrize(("word", "truth"), [("Ja", True), ("TRUE", True), ("nein", False)])
def test_words_of_the_file_stand_for_values(word: str, truth: bool) -> None:
    found = source(
        f"date,billable\n2026-06-01,{word}\n",
        values={"billable": {"ja": "yes", "Nein": "no", "leer": ""}},
    )

    assert [entry.billable for entry in found.records(Entry)] == [truth]


def test_a_word_may_stand_for_an_empty_cell() -> None:
    found = source("date,hours\n2026-06-01,-\n", values={"hours": {"-": ""}})

    assert [entry.hours for entry in found.records(Entry)] == [None]


def test_columns_are_joined_and_constants_added() -> None:
    found = source(
        "date,First,Last\n2026-06-01,Ada,King\n",
        join={"who": ("First", "Last")},
        constants={"hours": "1.5"},
        ignore=("First", "Last"),
    )

    assert [(entry.who, entry.hours) for entry in found.records(Entry)] == [
        ("Ada King", Decimal("1.5"))
    ]


def test_an_attribute_that_records_do_not_have_is_refused_in_rules() -> None:
    found = source("date\n2026-06-01\n", values={"billible": {"Ja": "yes"}})
    found.records(Entry)

    assert said(found) == [
        (
            "t:1:1: error[BH103]: "
            "values names the attribute 'billible', which these records do not have"
        )
    ]


def test_line_breaks_in_texts_are_folded_on_request_only() -> None:
    text = 'date,note\n2026-06-01,"call with\r\n  the court"\n'
    plain, folded = source(text), source(text, fold_lines=True)

    assert plain.records(Entry) == ()
    assert [finding.code for finding in plain.findings] == ["BH107"]
    assert "fold_lines" in str([finding.hint for finding in plain.findings])
    assert [entry.note for entry in folded.records(Entry)] == ["call with the court"]


def test_signs_at_numbers_are_dropped_when_they_are_declared() -> None:
    text = 'date,amount,percent\n2026-06-01,"$1,234.56",50 %\n'
    found = source(text, group=",", units={"amount": "$", "percent": "%"})
    bare = source(text, group=",")

    assert [(e.amount, e.percent) for e in found.records(Entry)] == [
        (Decimal("1234.56"), Decimal(50))
    ]
    assert bare.records(Entry) == ()
    assert 'units = { amount = "$" }' in str(bare.findings.errors[0].hint)


def test_times_are_hours_or_minutes_when_the_source_says_so() -> None:
    # 1:20 is 80 minutes, 1.333… hours
    text = "date,hours\n2026-06-01,1:20\n2026-06-02,0:30:00\n2026-06-03,2.5\n"
    found = source(text, clock={"hours": "hours"})

    assert [entry.hours for entry in found.records(Entry)] == [
        Decimal("1.333333333"),
        Decimal("0.5"),
        Decimal("2.5"),
    ]
    assert [finding.code for finding in found.findings] == ["BH150"]


def test_numbers_are_rounded_half_up_to_the_declared_decimals() -> None:
    text = "date,hours\n2026-06-01,0.33333333333333\n2026-06-02,0.125\n2026-06-03,2\n"
    found = source(text, decimals={"hours": 2})

    assert [entry.hours for entry in found.records(Entry)] == [
        Decimal("0.33"),
        Decimal("0.13"),
        Decimal(2),
    ]
    assert said(found) == [
        (
            "t:2:12: info[BH150]: 2 numbers of 'hours' are rounded: "
            "0.33333333333333 is read as 0.33  (hours)"
        )
    ]


# ── days and points in time ──────────────────────────────────────────────────


def test_a_time_of_day_is_cut_on_request_only() -> None:
    text = "date\n2026-06-01 23:30\n"
    plain, cut = source(text), source(text, cut_times=True)

    assert plain.records(Entry) == ()
    assert "cut_times = true" in str(plain.findings.errors[0].hint)
    assert [entry.date for entry in cut.records(Entry)] == [DAY]


def test_the_day_of_a_point_in_time_is_that_of_the_zone() -> None:
    # 22:30 UTC on the first is half past midnight on the second in Berlin, in summer
    text = "date\n2026-06-01T22:30:00Z\n"
    berlin = source(text, cut_times=True, timezone="Europe/Berlin")
    nowhere = source(text, cut_times=True)

    assert [entry.date for entry in berlin.records(Entry)] == [dt.date(2026, 6, 2)]
    assert nowhere.records(Entry) == ()
    assert "timezone" in str(nowhere.findings.errors[0].hint)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-06-01 13:30", "2026-06-01T11:30:00+00:00"),  # summer: UTC+2
        ("2026-12-01 13:30:15", "2026-12-01T12:30:15+00:00"),  # winter: UTC+1
        ("2026-06-01T13:30+05:00", "2026-06-01T08:30:00+00:00"),  # its own offset counts
    ],
)
def test_local_times_are_read_in_the_zone_of_the_source(written: str, utc: str) -> None:
    found = source(f"date,at\n2026-06-01,{written}\n", timezone="Europe/Berlin")
    (entry,) = found.records(Entry)

    assert entry.at is not None
    assert entry.at.astimezone(dt.UTC).isoformat() == utc


def test_twelve_hour_clocks_are_read_with_the_declared_dates() -> None:
    text = "date,at\n06/01/2026,06/01/2026 12:15 AM\n06/01/2026,06/01/2026 1:30 PM\n"
    found = source(text, dates="MM/DD/YYYY", timezone="America/New_York")

    assert [entry.at.hour for entry in found.records(Entry)] == [0, 13]


@pytest.mark.parametrize("moment", ["2026-10-25 02:30", "2026-03-29 02:30"])
def test_a_time_that_is_on_the_clock_twice_or_never_is_refused(moment: str) -> None:
    # the clocks of Berlin are set on 29 March and on 25 October 2026
    found = source(f"date,at\n2026-06-01,{moment}\n", timezone="Europe/Berlin")

    assert found.records(Entry) == ()
    assert [finding.code for finding in found.findings] == ["BH112"]


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(BadValueError, match="no time zone 'Europe/Berln'") as caught:
        Declaration(kind="d", file="t.csv", timezone="Europe/Berln")

    assert caught.value.hint == "did you mean 'Europe/Berlin'?"


def test_time_between_begin_and_end_is_a_duration() -> None:
    @attrs.frozen(kw_only=True)
    class Timed(Entry):
        duration: str = ""

    text = (
        "date,from,to\n"
        "2026-06-01,2026-06-01 09:00,2026-06-01 10:20:30\n"
        "2026-06-02,2026-06-02 10:00,2026-06-02 09:00\n"
    )
    found = source(
        text, spans={"duration": ("from", "to")}, timezone="Europe/Berlin", ignore=("from", "to")
    )

    assert [entry.duration for entry in found.records(Timed)] == ["1:20:30"]
    assert [finding.code for finding in found.findings] == ["BH114"]


def test_names_that_are_given_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="'who' is declared twice"):
        Declaration(kind="d", file="t.csv", columns={"who": "A"}, constants={"who": "B"})


# ── many findings ────────────────────────────────────────────────────────────


def test_a_wrong_column_is_told_five_times_and_summed_up() -> None:
    rows = "".join(f"2026-06-01,x{number}\n" for number in range(200))
    found = source(f"date,hours\n{rows}")
    found.records(Entry)

    assert len(found.findings) == 6
    assert said(found)[-1] == (
        "t:7:12: error[BH106]: 195 more like this one, in rows 7 to 201: "
        "expected a number, got 'x5'  (hours)"
    )


def test_findings_of_other_columns_are_counted_by_themselves() -> None:
    rows = "".join(f"day {number},x{number}\n" for number in range(7))
    found = source(f"date,hours\n{rows}")
    found.records(Entry)

    assert [finding.code for finding in found.findings].count("BH112") == 6
    assert [finding.code for finding in found.findings].count("BH106") == 6


def test_six_findings_are_told_one_by_one() -> None:
    rows = "".join(f"2026-06-01,x{number}\n" for number in range(6))
    found = source(f"date,hours\n{rows}")
    found.records(Entry)

    assert not any("more like this" in line for line in said(found))
    assert len(said(found)) == 6


# ── header and totals ────────────────────────────────────────────────────────

SHEET = """Alder & Co,,
Time sheet June,,
,,
Work Date,Time  spent,Note
2026-06-01,1,a
Subtotal,1,
2026-06-02,2,b
Total,3,
"""


def test_the_header_is_the_first_row_with_all_declared_columns() -> None:
    found = source(
        SHEET,
        columns={"date": "Work Date", "hours": "Time spent", "note": "Note"},
        skip={"Work Date": ("*total",)},
    )

    assert [entry.hours for entry in found.records(Entry)] == [Decimal(1), Decimal(2)]
    assert found.records(Entry)[0].origin.line == 5


def test_a_header_further_down_without_declared_columns_is_named_in_the_refusal() -> None:
    found = source("Alder & Co,,\n,,\ndate,hours,note\n2026-06-01,1,a\n")

    assert found.records(Entry) == ()
    assert [finding.hint for finding in found.findings] == ["declare header_row = 3"]
    again = source("Alder & Co,,\n,,\ndate,hours,note\n2026-06-01,1,a\n", header_row=3)
    assert len(again.records(Entry)) == 1


def test_a_declared_header_row_that_is_empty_is_refused() -> None:
    found = source("date\n2026-06-01\n", header_row=7)

    assert found.records(Entry) == ()
    assert [finding.code for finding in found.findings] == ["BH111"]


def test_rows_without_a_required_column_are_left_out_by_a_rule_of_their_own() -> None:
    text = "date,hours,note\n,,Division 3\n2026-06-01,1,a\n,1,Subtotal\n"
    plain, ruled = source(text), source(text, rows_with=("date",))

    assert len(plain.records(Entry)) == 1
    assert 'rows_with = ["date"]' in str(plain.findings.errors[0].hint)
    assert len(ruled.records(Entry)) == 1
    assert said(ruled) == [
        "t:2: info[BH151]: 2 rows (2, 4) are left out: 'date' is empty",
    ]


def test_a_row_that_reads_like_a_total_is_reported() -> None:
    found = source("date,hours,note\n2026-06-01,1,a\n2026-06-30,1,Grand Total:\n")

    assert len(found.records(Entry)) == 2
    assert said(found) == [
        "t:3:14: warning[BH154]: the row reads like a total: 'Grand Total:'  (note)"
    ]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Total", True),
        ("Subtotal concrete", True),
        ("Zwischensumme Freitag", True),
        ("Total station survey", False),
        ("Summary of the hearing", False),
        ("Gesamtschule, Rohbau", False),
    ],
)
def test_only_labels_of_totals_read_like_one(text: str, total: bool) -> None:
    found = source(f'date,hours,note\n2026-06-01,1,"{text}"\n')
    found.records(Entry)

    assert bool(said(found)) == total


def test_a_file_has_the_same_rules_as_standard_input(tmp_path) -> None:
    (tmp_path / "t.csv").write_text(SHEET)
    declared = Declaration(
        kind="demo.time",
        file="t.csv",
        columns={"date": "Work Date", "hours": "Time spent"},
        rows_with=("Note",),
        ignore=("Note",),
    )

    assert len(open_source(declared, tmp_path).records(Entry)) == 2
