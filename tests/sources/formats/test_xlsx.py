from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import attrs
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.kernel.diagnostics import Findings
from billhook.sources.bad_value import Unread
from billhook.sources.declaration import Declaration
from billhook.sources.formats.xlsx import read_xlsx
from billhook.sources.source import open_source
from billhook.sources.tabular import TabularTable
from sources.books import Entry, book, said, source

DAY = dt.date(2026, 6, 1)


def workbook(*rows, sheet: str = "Work") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.create_sheet("Other").append(["x"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, name: str, change) -> bytes:
    """Return a workbook with one member's content changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content) if member == name else content)
    return stream.getvalue()


def read(data: bytes, **declared) -> tuple[TabularTable | None, list[str]]:
    findings = Findings()
    table = read_xlsx(data, Declaration(kind="d", file="b.xlsx", **declared), findings)
    return table, [str(finding) for finding in findings]


def test_cells_keep_their_kinds() -> None:
    moment = dt.datetime(2026, 6, 1, 13, 30)  # noqa: DTZ001 -- a workbook knows no zones
    data = workbook(
        ["a", "b", "c", "d", "e", "f", "g"],
        [" x ", 7, 12.35, dt.date(2026, 6, 1), True, dt.time(1, 15), moment],
    )
    table, findings = read(data)

    assert findings == []
    assert table is not None
    assert table.rows[0].values == {
        "a": "x",
        "b": 7,
        "c": Decimal("12.35"),
        "d": dt.date(2026, 6, 1),
        "e": True,
        "f": "1:15",
        "g": moment,
    }
    assert not any(isinstance(value, float) for value in table.rows[0].values.values())


def test_a_duration_of_more_than_a_day_keeps_its_hours() -> None:
    spans = (dt.timedelta(hours=25, minutes=30), dt.timedelta(days=2, seconds=5))
    table, _ = read(workbook(["a", "b"], spans))

    assert table is not None
    assert table.rows[0].values == {"a": "25:30", "b": "48:00:05"}


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=4))
def test_a_typed_decimal_is_the_decimal_that_was_typed(value: Decimal) -> None:
    # The shortest text of the nearest double is what was typed, up to 15 digits (IEEE 754).
    sheet = "xl/worksheets/sheet1.xml"
    typed = f"<v>{value:f}</v>".encode()
    data = changed(WITH_A_NUMBER, sheet, lambda xml: xml.replace(b"<v>0.5</v>", typed))
    table, findings = read(data)

    assert findings == []
    assert table is not None
    assert table.rows[0].values == {"a": value}


WITH_A_NUMBER = workbook(["a"], [0.5])


def test_threads_that_read_workbooks_leave_the_warnings_of_the_process_alone() -> None:
    data = workbook(("a",), *((number,) for number in range(50)))
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as threads:
        tables = list(threads.map(lambda _: read(data)[0], range(100)))

    assert all(tables)
    assert warnings.filters == before


def test_what_openpyxl_remarks_on_is_the_hosts_to_hear() -> None:
    # A workbook without any cell style, as some programs write it; openpyxl warns of it.
    data = changed(workbook(["a"], [1]), "xl/styles.xml", lambda xml: _CELL_STYLES.sub(b"", xml))
    with pytest.warns(UserWarning, match="no default style"):
        table, findings = read(data)

    assert findings == []
    assert table is not None
    assert table.rows[0].values == {"a": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table, (finding,) = read(data)

    assert table is None
    assert finding.startswith("b.xlsx: error[BH105]: openpyxl warns of the workbook: Workbook cont")


_CELL_STYLES = re.compile(rb"<cellStyles.*</cellStyles>", re.DOTALL)


def test_places_are_cells() -> None:
    data = workbook([None], ["who", "hours"], [None, None], ["KB", "ten"], ["KB", 1, "more"])
    table, findings = read(data)

    assert table is not None
    assert [row.values for row in table.rows] == [{"who": "KB", "hours": "ten"}]
    row = table.rows[0]
    assert (row.origin.line, row.origin.path) == (4, "Work!A4")
    place = row.place(("hours",))
    assert (str(place.origin), place.origin.path, place.path) == (
        "b.xlsx:4:2",
        "Work!B4",
        "Work!B4: hours",
    )
    assert findings == [
        "b.xlsx:5:3: error[BH110]: expected 2 cells, as in the header, got 3  (Work!C5)"
    ]


def test_the_sheet_is_the_first_or_the_declared_one() -> None:
    data = workbook(["a"])

    assert [table and table.header for table in (read(data)[0], read(data, sheet="Other")[0])] == [
        ["a"],
        ["x"],
    ]
    assert read(data, sheet="Othr") == (
        None,
        ["b.xlsx: error[BH110]: the workbook has no sheet 'Othr'"],
    )


@attrs.frozen
class Item:
    name: str
    price: Decimal


def test_a_formula_that_was_never_calculated_is_no_empty_cell() -> None:
    source = open_source(
        Declaration(kind="d", file="-", format="xlsx", name="b.xlsx"),
        stdin=io.BytesIO(workbook(["name", "price"], ["A", "=1+1"], ["=A2", None])),
    )

    assert source.items(Item) == ()
    assert [str(finding) for finding in source.findings] == [
        (
            "b.xlsx:2:2: error[BH118]: the cell holds a formula that was never calculated"
            "  (Work!B2: price)"
        ),
        (
            "b.xlsx:3:1: error[BH118]: the cell holds a formula that was never calculated"
            "  (Work!A3: name)"
        ),
        "b.xlsx:3:2: error[BH102]: no value for 'price'  (Work!B3: price)",
    ]


def test_a_formula_counts_by_its_saved_value_and_an_empty_text_is_empty() -> None:
    def calculated(xml: bytes) -> bytes:
        xml = re.sub(rb"<c r=\"A2\"[^>]*>.*?</c>", b'<c r="A2"><f>1+1</f><v>2</v></c>', xml)
        return re.sub(rb"<c r=\"B2\"[^>]*>.*?</c>", b'<c r="B2" t="str"><f>""</f><v></v></c>', xml)

    data = changed(workbook(["a", "b"], ["=1+1", '=""']), "xl/worksheets/sheet1.xml", calculated)
    table, findings = read(data)

    assert findings == []
    assert table is not None
    assert table.rows[0].values == {"a": 2}


def test_an_error_in_a_cell_is_not_a_text() -> None:
    table, _ = read(workbook(["a"], ["#DIV/0!"]))

    assert table is not None
    value = table.rows[0].values["a"]
    assert isinstance(value, Unread)
    assert value.message == "the cell holds the error #DIV/0!"


def bomb(size: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(size // 3))
    return stream.getvalue()


def many_members() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


def with_member(name: str) -> bytes:
    stream = io.BytesIO(workbook(["a"], [1]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, b"x")
    return stream.getvalue()


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BOOK = workbook(["a"], [1])
HOSTILE = {
    "no archive": (b"junk", "BH105"),
    "empty": (b"", "BH105"),
    "half": (BOOK[: len(BOOK) // 2], "BH105"),
    "no workbook": (with_member("x")[:0] + bomb(3), "BH105"),
    "ratio": (bomb(3 * 1024**2), "BH108"),
    "unpacked": (bomb(66 * 1024**2), "BH108"),
    "members": (many_members(), "BH108"),
    "macros": (with_member("xl/vbaProject.bin"), "BH117"),
    "entity": (
        changed(BOOK, "xl/workbook.xml", lambda xml: DOCTYPE + xml),
        "BH117",
    ),
    "wide": (
        changed(BOOK, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="A2"', b'r="XFD2"')),
        "BH108",
    ),
    "far": (
        changed(
            BOOK,
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b'<row r="2"', b'<row r="1048576"').replace(
                b'r="A2"', b'r="A1048576"'
            ),
        ),
        "BH108",
    ),
    "no number": (
        changed(
            BOOK, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>1</v>", b"<v>NaN</v>")
        ),
        "BH105",
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_one_finding(name: str) -> None:
    data, code = HOSTILE[name]
    findings = Findings()
    table = read_xlsx(data, Declaration(kind="d", file="b.xlsx"), findings)

    assert table is None
    assert [finding.code for finding in findings] == [code]


# ── workbooks as people keep them ────────────────────────────────────────────


def formatted(**formats: str):
    """Give cells a number format."""

    def change(made) -> None:
        for cell, number_format in formats.items():
            made.active[cell].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("held", "number_format", "read_as"),
    [
        (0.5, "0%", "50"),
        (1, "0%", "100"),
        (0.285, "0.0%", "28.5"),  # 0.285 × 100 is 28.499999999999996 in binary
        (0.07, "0.00%;[Red]-0.00%", "7"),
        (-0.125, "0.0%", "-12.5"),
        (0.5, "General", "0.5"),
        (50, '0" %"', "50"),  # the sign is only text here
        (50, r"0\%", "50"),
        (0.5, "[$-409]0%", "50"),
    ],
)
def test_a_cell_is_the_percentage_that_it_shows(held, number_format: str, read_as: str) -> None:
    data = book(["date", "percent"], [DAY, held], change=formatted(B2=number_format))
    (entry,) = source(data).records(Entry)

    assert entry.percent == Decimal(read_as)


@pytest.mark.parametrize(
    ("held", "read_as"),
    [
        (0.1 + 0.2, "0.3"),  # 0.30000000000000004
        (1.1 * 3, "3.3"),  # 3.3000000000000003
        (sum([0.1] * 10), "1"),  # 0.9999999999999999
        (1234.56 + 0.07, "1234.63"),
        (20 / 60, "0.333333333"),  # 0.333333333333333, rounded half up to 9 decimals
        (40 / 60, "0.666666667"),
    ],
)
def test_computed_numbers_count_by_fifteen_digits_and_nine_decimals(held, read_as: str) -> None:
    (entry,) = source(book(["date", "hours"], [DAY, held])).records(Entry)

    assert entry.hours == Decimal(read_as)
    assert type(entry.hours) is Decimal


def test_rounding_is_said_where_it_changes_the_number() -> None:
    found = source(book(["date", "hours"], [DAY, 20 / 60], [DAY, 0.1 + 0.2], [DAY, 40 / 60]))
    found.records(Entry)

    assert said(found) == [
        (
            "t:2:2: info[BH150]: 2 numbers of 'hours' are rounded: "
            "0.333333333333333 is read as 0.333333333  (Work!B2: hours)"
        )
    ]


def test_the_source_may_state_how_a_column_is_rounded() -> None:
    found = source(book(["date", "hours"], [DAY, 20 / 60], [DAY, 0.125]), decimals={"hours": 2})

    assert [entry.hours for entry in found.records(Entry)] == [Decimal("0.33"), Decimal("0.13")]


def test_columns_that_are_left_out_are_rounded_in_silence() -> None:
    found = source(book(["date", "Ratio"], [DAY, 1 / 3]), ignore=("Ratio",))
    found.records(Entry)

    assert said(found) == []


def test_wrapped_headers_of_two_rows_are_joined_under_merged_cells() -> None:
    def merge(made) -> None:
        made.active.merge_cells("B4:C4")

    data = book(
        ["Riverside School"],
        ["Schedule of June"],
        [],
        ["Work\nDate", "Time", None, "Remarks"],
        [None, "of whom", "spent\nhere", None],
        [DAY, "KB", 1.5, "a"],
        change=merge,
    )
    found = source(
        data,
        header_rows=2,
        columns={"date": "Work Date", "who": "Time of whom", "hours": "Time spent here"},
        ignore=("Remarks",),
    )
    (entry,) = found.records(Entry)

    assert (entry.date, entry.who, entry.hours) == (DAY, "KB", Decimal("1.5"))
    assert said(found) == []


def hide_row(number: int):
    def change(made) -> None:
        made.active.row_dimensions[number].hidden = True

    return change


def test_hidden_rows_are_read_and_said() -> None:
    data = book(["date", "hours"], [DAY, 1], [DAY, 2], [DAY, 4], change=hide_row(3))
    aloud, silent, without = source(data), source(data, hidden="read"), source(data, hidden="skip")

    assert len(aloud.records(Entry)) == 3
    assert said(aloud) == ["t:3: warning[BH152]: row 3 is hidden, and is read"]
    assert len(silent.records(Entry)) == 3
    assert said(silent) == []
    assert [entry.hours for entry in without.records(Entry)] == [1, 4]
    assert said(without) == ["t:3: info[BH151]: row 3 is left out: hidden in the workbook"]


def test_a_hidden_sheet_is_read_only_if_it_is_named() -> None:
    def hide(made) -> None:
        second = made.create_sheet("Rates", 0)
        second.append(["date", "hours"])
        second.append([DAY, 9])
        second.sheet_state = "hidden"

    data = book(["date", "hours"], [DAY, 1], change=hide)
    first, named = source(data), source(data, sheet="Rates")

    assert [entry.hours for entry in first.records(Entry)] == [1]
    assert said(first) == [
        "t: info[BH152]: the workbook has hidden sheets that are not read: 'Rates'"
    ]
    assert [entry.hours for entry in named.records(Entry)] == [9]
    assert said(named) == ["t: warning[BH152]: the sheet 'Rates', which is read, is hidden"]


def test_a_date_with_a_time_counts_as_its_day_on_request() -> None:
    moment = dt.datetime(2026, 6, 1, 13, 30)  # noqa: DTZ001 -- a workbook knows no zones
    data = book(["date", "hours"], [moment, 1])

    assert source(data).records(Entry) == ()
    assert [entry.date for entry in source(data, cut_times=True).records(Entry)] == [DAY]


def test_a_moment_of_a_cell_is_in_the_zone_of_the_source() -> None:
    moment = dt.datetime(2026, 6, 1, 13, 30)  # noqa: DTZ001 -- a workbook knows no zones
    (entry,) = source(book(["date", "at"], [DAY, moment]), timezone="Europe/Berlin").records(Entry)

    assert entry.at.isoformat() == "2026-06-01T13:30:00+02:00"


def test_notes_to_the_right_of_the_table_are_left_out_on_request() -> None:
    data = book(["date", "hours", None], [DAY, 1, None, "see mail"])

    assert source(data).records(Entry) == ()
    assert len(source(data, ignore=("",)).records(Entry)) == 1


def test_a_note_beside_a_row_that_is_left_out_does_not_matter() -> None:
    data = book(["date", "hours"], [None, "Concrete", "see mail"], [DAY, 1])
    found = source(data, rows_with=("date",))

    assert len(found.records(Entry)) == 1
    assert [finding.code for finding in found.findings] == ["BH151"]
