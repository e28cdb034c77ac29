"""Whatever a file holds, reading it gives rows and findings, never an exception."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import attrs
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.kernel.characters import MULTILINE
from billhook.kernel.diagnostics import Severity
from billhook.kernel.text import Period
from billhook.model.record import Record
from billhook.sources.declaration import FORMATS, Declaration
from billhook.sources.ranges import at_least
from billhook.sources.source import TableSource, open_source


@attrs.frozen(kw_only=True)
class Part:
    n: int


@attrs.frozen(kw_only=True)
class Thing(Record):
    """A record with a field of every kind."""

    a: str
    b: Decimal | None = None
    c: Annotated[int, at_least(0)] = 0
    d: dt.date | None = None
    e: bool = False
    f: tuple[str, ...] = ()
    g: Mapping[str, Decimal] = attrs.field(factory=dict)
    h: Annotated[str, MULTILINE] = ""
    i: Period | None = None
    j: tuple[Part, ...] = ()
    k: dt.datetime | None = None


def read(data: bytes, **declared) -> TableSource:
    declaration = Declaration(**{"kind": "demo", "file": "-"} | declared)
    source = open_source(declaration, stdin=io.BytesIO(data))
    source.records(Thing)
    for finding in source.findings:
        assert finding.code.startswith("BH1")
        assert finding.message
        rendered = finding.render()
        assert not any(ord(char) < 32 and char != "\n" for char in rendered)
        assert "\u202e" not in rendered
        rendered.encode()
    return source


def book(rows) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


BOOK = book([["a", "b"], ["x", 1], ["y", "=1"]])
CORPUS = {
    "nothing": b"",
    "newline": b"\n",
    "nul": b"\0" * 100,
    "junk": bytes(range(256)) * 4,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "utf-16": 'a,b\nx,1\n[{"a": 1}]'.encode("utf-16"),
    "utf-16 without mark": "a,b\nx,1\n".encode("utf-16-le"),
    "utf-32": "a,b\nx,1\n".encode("utf-32"),
    "latin": "a,b\nMüller,1\n".encode("latin-1"),
    "half a letter": b"a,b\nM\xc3",
    "surrogates": b'[{"a": "\\ud800", "b": "\xed\xa0\x80"}]',
    "escaped surrogates": b'[{"a": "\\ud800\\u0000\\u202e", "\\ud800\\u001b[31m": 1}]',
    "quote": b'a,b\n"x,1\ny,2\n',
    "quotes": b'a,b\n"""""x"",1\n',
    "one column": b"a;b\nx;1\n",
    "carriage returns": b"a,b\rx,1\ry,2\r",
    "long line": b"a,b\n" + b"x" * 200_000 + b",1\n",
    "long text": b'[{"a": "' + b"x" * 20_000 + b'"}]',
    "many columns": b",".join(b"c%d" % n for n in range(1500)) + b"\n",
    "deep array": b"[" * 50_000,
    "deep object": b'{"a":' * 50_000,
    "deep list in TOML": b"a = " + b"[" * 50_000,
    "deep table in TOML": b"a = " + b"{a = " * 50_000,
    "deep header in TOML": b"[" + b"a." * 5_000 + b"a]",
    "nested a little": b'{"a": [[[[1]]]], "g": {"x": {"y": 1}}, "j": [{"n": [1]}]}',
    "huge number": b'[{"b": 1' + b"0" * 5_000 + b"}]",
    "huge number in TOML": b"b = 1" + b"0" * 5_000,
    "huge exponent": b'[{"a": "x", "b": 1e999999, "c": 1e9}]',
    "huge exponent in TOML": b"a = 'x'\nb = 1e999999\ni = inf\nc = 0xffffffffffffffffffff",
    "numbers in text": b"a,b,c\nx,1e999999,9\nx,NaN,9\nx,\xd9\xa1,9\n,1_0,9\n",
    "not a number": b'[{"b": NaN}, {"b": -Infinity}]',
    "twice": b'[{"a": 1, "a": 2}]',
    "lines": b'{"a": "x"}\n{"a": \n[1]\n"x"\nnull\n{"a": "x", "key": "1"}\n' * 2,
    "times in TOML": b"a = 'x'\nd = 1979-05-27T07:32:00\nk = 07:32:00\ni = 1979-05-27",
    "wild keys in TOML": b"'' = 1\n\"\\u0000\" = 2\n'a.b'.c = 3\n\"\\u202e\" = 4",
    "half a workbook": BOOK[: len(BOOK) // 2],
    "workbook with a hole": BOOK[:300] + bytes(300) + BOOK[600:],
    "workbook": BOOK,
    "wild workbook": book([["a", "b", "a"], [None, 1], [1, 2, 3, 4]]),
    "wild cells": book(
        [
            ["a", "b", "c", "d", "e"],
            [1.5, 1e300, -1e-7, dt.time(1, 2, 3), "maybe"],
            [True, "#N/A", 0.1 + 0.2, dt.timedelta(days=40), 1],
            [dt.date(2300, 1, 1), dt.datetime(2026, 1, 1, 1), 2.5, 45000, "=A1"],  # noqa: DTZ001
        ]
    ),
}


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("name", CORPUS)
def test_a_broken_file_gives_findings_and_no_exception(name: str, written: str) -> None:
    read(CORPUS[name], format=written)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("name", CORPUS)
def test_a_wrongly_declared_encoding_gives_findings_and_no_exception(
    name: str, encoding: str
) -> None:
    for written in ("csv", "json", "jsonl"):
        read(CORPUS[name], format=written, encoding=encoding)


def test_most_broken_files_are_told() -> None:
    """The corpus would prove nothing if it were quietly read."""
    quiet = {
        name
        for name, data in CORPUS.items()
        if not any(len(read(data, format=written).findings) for written in ("csv", "json"))
    }

    assert quiet == set()


SIGNS = "abx1é ,;.:=#[]{}\"'\\\t\n\r\0\u202e\ufeff"
WORDS = ("1.5", "2026-06-01", "yes", '"a"', '{"a": "x"', '"""', "'''", "null", "1e9", "inf")
LINES = ("a = 'x'\n", "a,b\n", "[[a]]\n", "a;b\n")
FRAGMENTS = st.lists(st.sampled_from([*SIGNS, *WORDS, *LINES]), max_size=30).map("".join)


# Each run tries others, on CI too; a failure prints how to reproduce it.
FUZZ = settings(max_examples=int(os.environ.get("BILLHOOK_FUZZ", "100")), derandomize=False)


@FUZZ
@given(st.binary(max_size=200) | FRAGMENTS.map(str.encode), st.sampled_from(FORMATS))
def test_any_bytes_give_findings_and_no_exception(data: bytes, written: str) -> None:
    read(data, format=written)


@FUZZ
@given(FRAGMENTS, st.sampled_from(["csv", "tsv", "json", "jsonl", "toml"]), st.data())
def test_any_declaration_gives_findings_and_no_exception(text: str, written: str, data) -> None:
    decimal, group = data.draw(st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'")]))
    read(
        text.encode(),
        format=written,
        decimal=decimal,
        group=group,
        delimiter=data.draw(st.sampled_from([None, ";", "|"])),
        dates=data.draw(st.sampled_from(["MM/DD/YYYY", "DD.MM.YYYY"])),
        columns=data.draw(st.sampled_from([{}, {"a": "b"}, {"b": "x", "q": "a"}])),
        ignore=data.draw(st.sampled_from([(), ("a",), ("*",)])),
        table=data.draw(st.sampled_from([None, "a", "b"])),
    )


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 1, 1)),
    st.text("ab=#\u202e é\n1.", max_size=5),
)


@FUZZ
@given(st.lists(st.lists(CELLS, max_size=4), max_size=4))
def test_any_cells_give_findings_and_no_exception(rows) -> None:
    read(book([["a", "b", "c", "d"], *rows]), format="xlsx")


@FUZZ
@given(st.data())
def test_any_damage_to_a_workbook_gives_findings_and_no_exception(data) -> None:
    """Change bytes inside the members, behind the archive's own checksums."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(members)))
    content = bytearray(members[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    members[name] = bytes(content)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member, inside in members.items():
            archive.writestr(member, inside)
    read(stream.getvalue(), format="xlsx")


def test_errors_stop_and_warnings_do_not() -> None:
    assert [f.severity for f in read(b"a,b\n", format="csv").findings] == [Severity.WARNING]
    assert len(read(CORPUS["junk"], format="csv").findings.errors) == 1
