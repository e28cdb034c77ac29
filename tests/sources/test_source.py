from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.model.record import Record
from billhook.sources.declaration import Declaration
from billhook.sources.location import Location
from billhook.sources.ranges import above
from billhook.sources.source import TableSource, object_source, open_source
from billhook.sources.structure import structure


@attrs.frozen(kw_only=True)
class Entry(Record):
    date: dt.date
    who: str
    hours: Annotated[Decimal, above(0)]
    billable: bool = True
    tags: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Price:
    item: str
    price: Decimal
    origin: Origin | None = attrs.field(default=None, eq=False)


def stdin_source(text: str, **declared) -> TableSource:
    declaration = Declaration(**{"kind": "demo.time", "file": "-", "format": "csv"} | declared)
    return open_source(declaration, stdin=io.BytesIO(text.encode()))


def messages(source: TableSource) -> list[str]:
    return [str(finding) for finding in source.findings]


CSV = "date,who,hours,tags\n2026-06-01,KB,1.25,a|b\n2026-06-02,LM,2,\n"


def test_rows_become_records_that_know_their_line() -> None:
    source = stdin_source(CSV, name="time.csv")
    first, second = source.records(Entry)

    assert messages(source) == []
    assert (first.date, first.who, first.hours) == (dt.date(2026, 6, 1), "KB", Decimal("1.25"))
    assert first.tags == ("a", "b")
    assert second.tags == ()
    assert str(second.origin) == "time.csv:3"


def test_one_table_in_five_formats_gives_the_same_records(tmp_path: Path) -> None:
    rows = [
        {"date": "2026-06-01", "who": "KB", "hours": "1.25"},
        {"date": "2026-06-02", "who": "LM", "hours": "2.00"},
    ]
    toml = "".join(
        f'[[e]]\ndate = {row["date"]}\nwho = "{row["who"]}"\nhours = {row["hours"]}\n'
        for row in rows
    )
    texts = {
        "t.csv": "date,who,hours\n2026-06-01,KB,1.25\n2026-06-02,LM,2\n",
        "t.tsv": "hours\twho\tdate\n1.250\tKB\t2026-06-01\n2\tLM\t2026-06-02\n",
        "t.json": json.dumps(rows, indent=1),
        "t.jsonl": "\n".join(map(json.dumps, rows)),
        "t.toml": toml,
    }
    found = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        source = open_source(Declaration(kind="demo.time", file=name), tmp_path)
        found.append(source.records(Entry))
        assert messages(source) == []

    assert len(found[0]) == 2
    assert all(records == found[0] for records in found)


def test_origins_in_documents_go_to_the_item(tmp_path: Path) -> None:
    data = {"note": "x", "entries": [{"date": "2026-06-01", "who": "KB", "hours": "0"}]}
    (tmp_path / "t.json").write_text(json.dumps(data, indent=1))
    source = open_source(Declaration(kind="d", file="t.json", table="entries"), tmp_path)
    [row] = source.rows()

    assert row.origin == Origin("t.json", 4, 3, "entries[0]")
    assert source.records(Entry) == ()
    assert messages(source) == [
        "t.json:7:4: error[BH115]: expected above 0, got 0  (entries[0].hours)"
    ]


def test_a_document_can_be_one_row() -> None:
    source = stdin_source('{"item": "A", "price": "1.50"}', format="json")

    assert source.items(Price) == (Price(item="A", price=Decimal("1.50")),)
    assert source.items(Price)[0].origin == Origin("standard input")


def test_declared_signs_names_and_forms_are_used() -> None:
    source = stdin_source(
        "Datum;Wer;Std.;Notiz\n1.6.2026;KB;1.234,5;x\n",
        delimiter=";",
        decimal=",",
        group=".",
        dates="DD.MM.YYYY",
        columns={"date": "Datum", "who": "Wer", "hours": "Std."},
        ignore=("Notiz",),
    )
    [entry] = source.records(Entry)

    assert messages(source) == []
    assert (entry.date, entry.hours) == (dt.date(2026, 6, 1), Decimal("1234.5"))


def test_a_column_that_means_nothing_is_told_once() -> None:
    source = stdin_source("date,who,hours,tag\n2026-06-01,KB,1,x\n2026-06-02,KB,1,y\n")

    assert len(source.records(Entry)) == 2
    assert messages(source) == ["standard input:1:16: error[BH103]: unknown column 'tag'  (tag)"]
    assert next(iter(source.findings)).hint == "did you mean 'tags'?"


def test_a_table_without_a_header_is_one_finding() -> None:
    source = stdin_source("2026-06-01,KB,1.5,x\n2026-06-02,KB,2,y\n")

    assert source.records(Entry) == ()
    wanted, got = "expected the names of columns", "got '2026-06-01', 'KB', '1.5', …"
    assert messages(source) == [f"standard input:1:1: error[BH111]: {wanted}, {got}"]


def test_columns_without_names_are_one_finding() -> None:
    source = stdin_source("date,who,,hours,\n2026-06-01,KB,a,1.5,\n2026-06-02,KB,b,1.5,\n")
    source.records(Entry)

    assert messages(source) == ["standard input:1:10: error[BH111]: 2 columns have no name"]


def test_columns_without_names_that_hold_nothing_are_none() -> None:
    source = stdin_source("date,who,,hours,,\n2026-06-01,KB,,1.5,,\n")

    assert [entry.hours for entry in source.records(Entry)] == [Decimal("1.5")]
    assert messages(source) == []


@pytest.mark.parametrize("sign", ["", "*"])
def test_columns_without_names_are_left_out_on_request(sign: str) -> None:
    source = stdin_source("date,who,,hours,\n2026-06-01,KB,a,1.5,b\n", ignore=(sign,))

    assert len(source.records(Entry)) == 1
    assert messages(source) == []


def test_a_delimiter_that_is_none_is_told_at_its_key() -> None:
    findings = Findings()
    values = {"kind": "work", "file": "x.csv", "delimiter": "ab"}

    structure(values, Declaration, _Keys(), findings)

    assert [finding.path for finding in findings] == ["delimiter"]


def test_an_address_is_no_file(tmp_path: Path) -> None:
    declared = Declaration(kind="work", file="http://example.com/x.csv")
    source = open_source(declared, tmp_path)

    assert source.records(Entry) == ()
    [finding] = source.findings
    assert finding.hint == "billhook reads files, not addresses: save it, and name the file"


def test_a_folder_is_no_file_whatever_its_format(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    source = open_source(Declaration(kind="work", file="records"), tmp_path)

    assert source.records(Entry) == ()
    assert messages(source) == ["records: error[BH100]: expected a file, found a folder"]


class _Keys:
    def place(self, path: tuple[str | int, ...]) -> Location:
        return Location(Origin("job.toml"), ".".join(map(str, path)))


def test_all_other_columns_can_be_left_out() -> None:
    source = stdin_source("date,who,hours,x,y\n2026-06-01,KB,1,x,y\n", ignore=("*",))

    assert len(source.records(Entry)) == 1
    assert messages(source) == []


def test_a_missing_column_is_told_once_and_an_empty_cell_each_time() -> None:
    without = stdin_source("date,who\n2026-06-01,KB\n2026-06-02,KB\n")
    with_gap = stdin_source("date,who,hours\n2026-06-01,,1\n2026-06-02,KB,\n")

    assert without.records(Entry) == with_gap.records(Entry) == ()
    assert messages(without) == ["standard input:1:1: error[BH102]: missing column 'hours'"]
    assert messages(with_gap) == [
        "standard input:2:12: error[BH102]: no value for 'who'  (who)",
        "standard input:3:15: error[BH102]: no value for 'hours'  (hours)",
    ]


def test_good_rows_are_records_and_bad_ones_are_findings_once() -> None:
    source = stdin_source("date,who,hours\n2026-06-01,KB,1\n2026-06-31,KB,-1\n")

    assert len(source.records(Entry)) == len(source.records(Entry)) == 1
    assert messages(source) == [
        "standard input:3:1: error[BH112]: there is no day '2026-06-31'  (date)",
        "standard input:3:15: error[BH115]: expected above 0, got -1  (hours)",
    ]


def test_nobody_forges_an_origin() -> None:
    table = stdin_source("date,who,hours,origin\n2026-06-01,KB,1,erp\n")
    lines = stdin_source('{"item": "A", "price": 1, "origin": {"file": "x"}}', format="jsonl")

    table.records(Entry)
    lines.items(Price)
    assert [f.code for f in table.findings] == [f.code for f in lines.findings] == ["BH103"]


def keys(text: str, **declared) -> list[str]:
    source = stdin_source(text, **declared)
    found = [record.key for record in source.records(Entry)]
    assert messages(source) == []
    return found


def test_a_made_key_does_not_depend_on_place_name_or_spelling() -> None:
    one, two = keys("date,who,hours\n2026-06-01,KB,1.5\n2026-06-02,KB,1.5\n")
    moved = keys("who,hours,date\nLM,9,2026-06-09\nKB,1.50,2026-06-02\nKB,+1.500,2026-06-01\n")

    assert [two, one] == moved[1:]
    assert one != two
    assert [one] == keys("date,who,hours\n6/1/2026,KB,1.5\n", dates="MM/DD/YYYY", name="x.csv")


def test_a_made_key_differs_by_kind() -> None:
    text = "date,who,hours\n2026-06-01,KB,1.5\n"

    assert keys(text) != keys(text, kind="demo.other")


def test_equal_rows_are_told_apart_by_their_count() -> None:
    row = "2026-06-01,KB,1.5\n"
    one, two, three = keys(f"date,who,hours\n{row}{row}{row}")

    assert (two, three) == (f"{one}-2", f"{one}-3")


@attrs.frozen(kw_only=True)
class LaterEntry(Entry):
    rate: Decimal = Decimal(0)


def test_a_plugins_new_attribute_changes_no_key() -> None:
    source = stdin_source(CSV)

    assert [e.key for e in source.records(Entry)] == [e.key for e in source.records(LaterEntry)]


def test_an_own_key_is_kept_and_may_not_stand_twice() -> None:
    source = stdin_source(
        "key,date,who,hours\nA1,2026-06-01,KB,1\nA1,2026-06-02,KB,2\n,2026-06-03,KB,3\n",
        name="t.csv",
    )
    first, third = source.records(Entry)

    assert first.key == "demo.time:A1"
    assert re.fullmatch(r"demo\.time:#[0-9a-f]{16}", third.key)
    assert messages(source) == [
        "t.csv:3:1: error[BH109]: key 'A1' is already that of t.csv:2  (key)"
    ]


def test_rows_of_an_erp_are_records_with_their_number() -> None:
    rows = [
        {"date": dt.date(2026, 6, 1), "who": "KB", "hours": Decimal("1.25"), "billable": False},
        {"date": "2026-06-02", "who": "KB", "hours": "2.00", "tags": None},
        {"date": dt.date(2026, 6, 3), "who": "KB", "hours": 1.25},
        {"date": dt.date(2026, 6, 4), "who": 7, "hours": 1, "key": "A"},
    ]
    source = object_source("erp", "demo.time", rows)
    first, second = source.records(Entry)

    assert first.origin == Origin("erp", path="row 1")
    assert second.hours == Decimal("2.00")
    assert messages(source) == [
        "erp: error[BH101]: expected a number, got a value of type float  (row 3: hours)",
        "erp: error[BH101]: expected a text, got 7  (row 4: who)",
    ]


@given(
    st.lists(st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(st.text(), st.text())))
)
def test_any_python_rows_give_findings_and_no_exception(rows) -> None:
    source = object_source("erp", "demo.time", rows)

    assert source.records(Entry) == ()
    # five of a kind are told, and the others as one
    assert len(source.findings) >= min(len(rows), 6)


@pytest.mark.parametrize(
    ("file", "code", "hint"),
    [
        ("time.cvs", "BH117", "known here"),
        ("time.xls", "BH117", "save it as .xlsx"),
        ("tme.csv", "BH100", "did you mean 'time.csv'?"),
        ("no/time.csv", "BH100", "there is no folder"),
        ("folder.csv", "BH100", ""),
        ("-", "BH117", "declare one of"),
        ("nul\0.csv", "BH100", ""),
    ],
)
def test_a_file_that_is_not_there_is_a_finding(
    tmp_path: Path, file: str, code: str, hint: str
) -> None:
    (tmp_path / "time.csv").write_text(CSV)
    (tmp_path / "folder.csv").mkdir()
    source = open_source(Declaration(kind="d", file=file), tmp_path)

    assert source.records(Entry) == ()
    [finding] = source.findings
    assert finding.code == code
    assert hint in (finding.hint or "")


def test_a_device_is_not_read() -> None:
    source = open_source(Declaration(kind="d", file="/dev/zero", format="csv"))

    assert source.rows() == ()
    assert messages(source) == ["/dev/zero: error[BH100]: expected a file, found a device"]


def test_a_source_without_rows_is_worth_a_look() -> None:
    for text in ("", "\n", "date,who,hours\n"):
        source = stdin_source(text)
        assert source.records(Entry) == ()
        assert [(f.code, f.severity) for f in source.findings] == [("BH119", "warning")]


@pytest.mark.parametrize(
    "declared",
    [
        {"decimal": ",", "group": ","},
        {"delimiter": "ab"},
        {"delimiter": '"'},
        {"delimiter": "1"},
        {"columns": {"a": "X", "b": "X"}},
    ],
)
def test_a_declaration_does_not_contradict_itself(declared: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"declared|delimit|both"):
        Declaration(kind="d", file="t.csv", **declared)


def test_no_file_is_read_before_its_rows_are_wanted(tmp_path: Path) -> None:
    source = open_source(Declaration(kind="d", file="t.csv"), tmp_path)
    (tmp_path / "t.csv").write_text(CSV)

    assert len(source.records(Entry)) == 2


def test_a_source_that_is_faulty_throughout_is_given_up() -> None:
    source = stdin_source("date,who,hours\n" + "2026-06-01,KB,x\n" * 1_500)

    assert source.records(Entry) == ()
    assert [f.code for f in source.findings] == ["BH106"] * 6 + ["BH108"]
    assert messages(source)[5] == (
        "standard input:7:15: error[BH106]: 995 more like this one, in rows 7 to 1001: "
        "expected a number, got 'x'  (hours)"
    )
    assert messages(source)[-1] == (
        "standard input:1001: error[BH108]: 1,000 rows have mistakes; the rest is not reported"
    )


def test_a_file_that_is_malformed_throughout_is_told_in_part() -> None:
    source = stdin_source("date,who,hours\n" + "x\n" * 1_500)

    assert source.records(Entry) == ()
    assert [f.code for f in source.findings] == ["BH110"] * 6 + ["BH108"]
    assert "995 more like this one" in messages(source)[5]


def test_many_unknown_keys_and_items_are_told_in_part() -> None:
    keys_ = ", ".join(f'"k{n}": 1' for n in range(500))
    items = ", ".join("1" for _ in range(500))
    source = stdin_source(f'[{{{keys_}, "tags": [{items}]}}]', format="json")

    assert source.records(Entry) == ()
    assert 7 <= len(source.findings) <= 15
    assert any("95 more like this one" in message for message in messages(source))


LIGHT = """
import sys
import billhook.sources.source, billhook.sources.structure, billhook.sources.file_reading
import billhook.sources.formats.toml, billhook.sources.formats.xlsx, billhook.sources.formats.csv
heavy = {"cattrs", "openpyxl", "tomli", "defusedxml"} & set(sys.modules)
assert not heavy, heavy
"""


def test_no_heavy_library_is_imported_before_it_is_needed() -> None:
    core = Path(__file__).parents[2] / "core"

    subprocess.run(
        [sys.executable, "-c", LIGHT], check=True, env={**os.environ, "PYTHONPATH": str(core)}
    )
