from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.kernel.diagnostics import Findings
from billhook.sources.declaration import Declaration
from billhook.sources.formats.csv import read_csv
from billhook.sources.tabular import TabularTable

TEXTS = st.text("ab ,;\"'\n=é", max_size=6).map(str.strip)
FILLED = TEXTS.filter(bool)


def read(text: str | bytes, **declared) -> tuple[TabularTable | None, Findings]:
    findings = Findings()
    data = text if isinstance(text, bytes) else text.encode()
    table = read_csv(data, Declaration(kind="demo", file="t.csv", **declared), findings)
    return table, findings


def written(rows, **options) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, **options).writerows(rows)
    return stream.getvalue()


@given(
    st.lists(st.tuples(FILLED, TEXTS, TEXTS), max_size=5),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_was_written_is_read_back_and_found(rows, delimiter, end, quoting) -> None:
    text = written(
        [("a", "b", "c"), *rows], delimiter=delimiter, lineterminator=end, quoting=quoting
    )
    table, findings = read(text, delimiter=delimiter)

    assert table is not None
    assert not findings
    expected = [{key: cell for key, cell in zip("abc", row, strict=True) if cell} for row in rows]
    assert expected == [row.values for row in table.rows]
    for row in table.rows:
        for name, cell in row.values.items():
            origin = row.at(name)
            line = list(io.StringIO(text, newline=""))[origin.line - 1]
            begin = line[origin.column - 1 :].lstrip('" ')
            first_line = cell.lstrip('" ').splitlines()[:1]
            assert begin.startswith("".join(first_line).split('"')[0])


def test_the_line_of_a_record_is_its_first() -> None:
    table, findings = read('a,b\n"one\ntwo",1\n\n"x ""y""",2\n')

    assert table is not None
    assert not findings
    assert [row.origin.line for row in table.rows] == [2, 5]
    assert str(table.rows[0].at("b")) == "t.csv:3:6"
    assert str(table.rows[1].at("b")) == "t.csv:5:11"


def test_a_quote_inside_an_unquoted_field_is_itself() -> None:
    table, findings = read('a,b\n5" pipe,1\n')

    assert table is not None
    assert not findings
    assert table.rows[0].values == {"a": '5" pipe', "b": "1"}
    assert str(table.rows[0].at("b")) == "t.csv:2:9"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("a\né\n".encode("utf-8-sig"), "utf-8"),
        ("a\né\n".encode("utf-16"), "utf-16"),
        ("a\né\n".encode("cp1252"), "cp1252"),
        ("a\né\n".encode("latin-1"), "latin-1"),
    ],
)
def test_the_declared_encoding_is_read(data: bytes, encoding: str) -> None:
    table, findings = read(data, encoding=encoding)

    assert table is not None
    assert not findings
    assert table.rows[0].values == {"a": "é"}


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a,a\n1,2\n", "t.csv:1:3: error[BH111]: column 'a' appears twice in the header"),
        (
            "a\tb\n1\t2\n",
            "t.csv:1:1: error[BH111]: the header has one column, but tabs in it",
        ),
        (
            "a,b\n1,2\n1,2,3\n",
            "t.csv:3:1: error[BH110]: expected 2 fields, as in the header, got 3",
        ),
        ("a,b\n1\n", "t.csv:2:1: error[BH110]: expected 2 fields, as in the header, got 1"),
        (
            'a,b\n1,2\n"1,2\n3,4\n',
            "t.csv:3:1: error[BH105]: a quoted field of this record is never closed",
        ),
        (
            'a,b\n"1"x,2\n',
            (
                "t.csv:2:1: error[BH105]: "
                "a quoted field of this record goes on after its closing quote"
            ),
        ),
        ("a,b\n1,\0\n", "t.csv:2:3: error[BH107]: the character U+0000 is not allowed"),
        (b"a,b\n1,\xe4\n", "t.csv:2:3: error[BH113]: byte 0xE4 is not text in utf-8"),
    ],
)
def test_a_faulty_table_says_where(text: str | bytes, finding: str) -> None:
    _, findings = read(text)

    assert [finding] == [str(found) for found in findings]


def test_a_missing_declared_column_is_a_faulty_header() -> None:
    _, findings = read("Work Date,b\n1,2\n", columns={"date": "Work date"})

    assert [finding.hint for finding in findings] == ["did you mean 'Work Date'?"]


def test_a_hint_shows_no_name_that_is_unfit_to_be_shown() -> None:
    _, findings = read("\u202ex,b\n1,2\n", columns={"date": "Work date"})

    assert [finding.code for finding in findings] == ["BH111", "BH107"]
    assert not any("\u202e" in finding.render() for finding in findings)


def test_good_rows_are_kept_beside_ragged_ones() -> None:
    table, findings = read("a,b\n1,2\n3\n4,5\n,,\n , \n")

    assert table is not None
    assert [row.values for row in table.rows] == [{"a": "1", "b": "2"}, {"a": "4", "b": "5"}]
    assert [finding.origin.line for finding in findings if finding.origin] == [3]
