from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
import tomli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billhook.kernel.diagnostics import Findings
from billhook.sources.document import paths
from billhook.sources.formats.toml import read_toml
from billhook.sources.formats.toml_positions import positions

NASTY = '''\
# a page of nasty cases
title = "a # no comment [no.table]"
'quoted key' = 1
"esc\\u0041ped" = 2
a.b . c = 3
a."b".d = [ 1, [ 2, # a comment with ] and "
  3 ], ]
long = """
x = 1 \\""" still ""two quotes"" here"""
literal = \'\'\'[[no]]
''\'\'\'
empty = {}
nothing = []
when = 1979-05-27 07:32:00
point = { x = 1, y.z = [ {q = 1}, {} ] }

[table]
  indented = true
[table.sub."dotted.key"]
k = "=]}"
[[list]]
n = 1
[list.inner]
v = 1
[[list.deep]]
w = 1
[[list.deep]]
w = 2
[[list]]
n = 2
[ spaced . header ] # comment
x = -0.5
'''


def test_a_page_of_nasty_cases() -> None:
    found = positions(NASTY)

    assert set(paths(tomli.loads(NASTY))) == set(found)
    assert {
        ("title",): (2, 1),
        ("quoted key",): (3, 1),
        ("escAped",): (4, 1),
        ("a",): (5, 1),
        ("a", "b", "c"): (5, 7),
        ("a", "b", "d"): (6, 7),
        ("a", "b", "d", 1): (6, 16),
        ("a", "b", "d", 1, 1): (7, 3),
        ("long",): (8, 1),
        ("point", "y", "z", 0, "q"): (15, 27),
        ("table", "indented"): (18, 3),
        ("table", "sub", "dotted.key"): (19, 1),
        ("table", "sub", "dotted.key", "k"): (20, 1),
        ("list",): (21, 1),
        ("list", 0): (21, 1),
        ("list", 0, "inner", "v"): (24, 1),
        ("list", 0, "deep", 1, "w"): (28, 1),
        ("list", 1): (29, 1),
        ("list", 1, "n"): (30, 1),
        ("spaced", "header", "x"): (32, 1),
    }.items() <= found.items()


KEYS = st.text("ab-_ .\"'\\#é\n", min_size=0, max_size=4)
SCALARS = st.one_of(
    st.integers(-99, 99),
    st.booleans(),
    st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31)),
    st.decimals(-9, 9, places=2),
    st.text("ab \"'\\#=[]{},\n\té", max_size=6),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


class Writer:
    """Writes a tree as TOML, each part in a style of Hypothesis' choice."""

    def __init__(self, draw) -> None:
        self.draw = draw

    def yes(self) -> bool:
        return self.draw(st.booleans())

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def blank(self) -> str:
        return self.pick("", "", " ", "\t ")

    def gap(self) -> str:
        return self.pick("", " ", "\n", " # ] } \"'\n ", "\n\n\t")

    def table(self, table: dict[str, object], path: tuple[str, ...] = ()) -> str:
        lines, later = [], []
        for key, value in table.items():
            if isinstance(value, dict) and self.yes():
                later.append(self.header(value, (*path, key)))
            elif isinstance(value, list) and value and all(isinstance(i, dict) for i in value):
                later.append(self.repeated(value, (*path, key)))
            elif isinstance(value, dict) and value and self.yes():
                lines += [self.line((key, inner), item) for inner, item in value.items()]
            else:
                lines.append(self.line((key,), value))
        return "".join([*lines, *later])

    def header(self, table: dict[str, object], path: tuple[str, ...]) -> str:
        return f"{self.gap()}[{self.key(path)}]{self.end()}{self.table(table, path)}"

    def repeated(self, tables: list[dict[str, object]], path: tuple[str, ...]) -> str:
        return "".join(
            f"{self.gap()}[[{self.key(path)}]]{self.end()}{self.table(table, path)}"
            for table in tables
        )

    def line(self, path: tuple[str, ...], value: object) -> str:
        gap = self.pick("", "\n", "# x = 1\n", "  ")
        return f"{gap}{self.key(path)}={self.blank()}{self.value(value)}{self.end()}"

    def end(self) -> str:
        return self.pick("\n", " # 'comment\n", "\t\n\n")

    def key(self, path: tuple[str, ...]) -> str:
        return ".".join(f"{self.blank()}{self.part(part)}{self.blank()}" for part in path)

    def part(self, key: str) -> str:
        if key and all(char in "ab-_" for char in key) and self.yes():
            return key
        if "'" not in key and "\n" not in key and self.yes():
            return f"'{key}'"
        return json.dumps(key, ensure_ascii=self.yes())

    def value(self, value: object) -> str:
        match value:
            case bool():
                return str(value).lower()
            case str():
                return self.text(value)
            case list():
                comma = self.pick("", ",") if value else ""
                return f"[{self.gap()}{self.items(map(self.value, value))}{comma}{self.gap()}]"
            case dict():
                pairs = (f"{self.key((key,))}={self.value(item)}" for key, item in value.items())
                return f"{{ {', '.join(pairs)} }}"
            case _:
                return str(value)

    def items(self, items) -> str:
        return ",".join(f"{self.gap()}{item}{self.gap()}" for item in items)

    def text(self, value: str) -> str:
        plain = "\\" not in value and '"' not in value
        if plain and self.yes():
            return f'"""{value}"""'
        if "'" not in value and self.yes():
            return f"'''{value}'''"
        return json.dumps(value, ensure_ascii=self.yes())


@st.composite
def documents(draw) -> str:
    return Writer(draw).table(draw(DOCUMENTS))


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_the_scanner_finds_exactly_the_paths_that_tomli_finds(text: str) -> None:
    found = positions(text)

    assert set(paths(tomli.loads(text))) == set(found)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_a_key_stands_where_the_scanner_says(text: str) -> None:
    lines = text.split("\n")
    for path, (line, column) in positions(text).items():
        rest = lines[line - 1][column - 1 :]
        if isinstance(path[-1], str) and not rest.startswith("["):
            assert tomli.loads("".join(_key_of(rest)) + " = 1") == {path[-1]: 1}


def _key_of(rest: str) -> str:
    """Return the shortest beginning of a line that is a whole key."""
    for end in range(1, len(rest) + 1):
        after = rest[end:].lstrip()[:1]
        try:
            if len(tomli.loads(f"{rest[:end]} = 1")) == 1 and after in {".", "=", "]"}:
                return rest[:end]
        except tomli.TOMLDecodeError:
            pass
    raise AssertionError(rest)


def test_windows_line_ends_change_no_place() -> None:
    findings = Findings()
    document = read_toml(NASTY.replace("\n", "\r\n").encode(), "x.toml", findings)

    assert document is not None
    assert positions(NASTY) == document.positions
    assert not findings


def test_a_scanner_that_disagrees_gives_no_places_rather_than_wrong_ones() -> None:
    document = read_toml(b"a = 1\nb = 2", "x.toml", Findings())
    assert document is not None
    document.root = {"a": 1}

    assert document.positions == {}
    assert str(document.place(("a",)).origin) == "x.toml"


def test_numbers_with_a_point_are_decimals() -> None:
    document = read_toml(b"a = 1_234.50\nb = +0.1\nc = 7", "x.toml", Findings())

    assert document is not None
    assert document.values == {"a": Decimal("1234.50"), "b": Decimal("0.1"), "c": 7}


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"a = \n", "BH105", "x.toml:1:5"),
        (b"a = 1\na = 2\n", "BH105", "x.toml:2:1"),
        (b"a = 1\nb = \xe4\n", "BH113", "x.toml:2:5"),
        (b"a = " + b"[" * 500 + b"]" * 500, "BH108", "x.toml"),
        (b"a = " + b"[" * 40 + b"]" * 40, "BH108", "x.toml"),
        (b"a" + b".a" * 100 + b" = 1", "BH108", "x.toml"),
        (b"a" + b".a" * 5000 + b" = 1", "BH108", "x.toml"),
        (b"a = " + b"1" * 5000, "BH106", "x.toml"),
        (b"#" * (10 * 1024 * 1024 + 1), "BH108", "x.toml"),
    ],
    ids=["syntax", "twice", "bytes", "arrays", "deep", "dotted", "dotted far", "digits", "size"],
)
def test_a_document_that_cannot_be_read_is_one_finding(data: bytes, code: str, place: str) -> None:
    findings = Findings()

    assert read_toml(data, "x.toml", findings) is None
    assert [(code, place)] == [(f.code, str(f.origin)) for f in findings]
