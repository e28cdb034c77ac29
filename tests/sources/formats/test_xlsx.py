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
from billhook.sources.declaration import Declaration
from billhook.sources.errors import Unread
from billhook.sources.formats.xlsx import XlsxTable, read_xlsx
from billhook.sources.source import open_source


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


def read(data: bytes, **declared) -> tuple[XlsxTable | None, list[str]]:
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
