from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.kernel.diagnostics import Findings
from billhook.sources.document import paths
from billhook.sources.formats.json import read_json, read_json_lines
from billhook.sources.formats.json_positions import positions

TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@given(TREES, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_the_scanner_finds_exactly_the_paths_that_json_finds(tree, indent, ascii_only) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=ascii_only)
    found = positions(text)

    assert set(paths(tree)) == set(found)
    lines = text.split("\n")
    for path, (line, column) in found.items():
        if isinstance(path[-1], str):
            key, _ = json.JSONDecoder().raw_decode(lines[line - 1][column - 1 :])
            assert path[-1] == key


def test_places_of_a_small_document() -> None:
    text = '{"a": [1, {"b": "}]"}],\n "c": {}}'

    assert positions(text) == {
        ("a",): (1, 2),
        ("a", 0): (1, 8),
        ("a", 1): (1, 11),
        ("a", 1, "b"): (1, 12),
        ("c",): (2, 2),
    }


def test_numbers_are_decimals_and_never_doubles() -> None:
    document = read_json(b'{"a": 0.1, "b": 7, "c": -0.0}', "x.json", Findings())

    assert document is not None
    assert document.values == {"a": Decimal("0.1"), "b": 7, "c": Decimal("0.0")}
    assert not any(isinstance(value, float) for value in document.values.values())


def test_a_key_that_stands_twice_is_found_at_its_second_place() -> None:
    findings = Findings()
    data = b'[{"a": 1},\n {"b": 1, "b": 2},\n {"c": {"d": 1,\n  "d": 2}}]'

    assert read_json(data, "x.json", findings) is None
    assert [str(finding) for finding in findings] == [
        "x.json:2:11: error[BH109]: key 'b' appears twice in one object  ([1].b)",
        "x.json:4:3: error[BH109]: key 'd' appears twice in one object  ([2].c.d)",
    ]


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "BH105", "x.json:1:1"),
        (b'{"a": 1,}', "BH105", "x.json:1:8"),
        (b'{"a": 1}\n{"b": 2}', "BH105", "x.json:2:1"),
        (b'"\xff"', "BH113", "x.json:1:2"),
        (b"[" * 100_000, "BH108", "x.json"),
        (b"[" * 40 + b"]" * 40, "BH108", "x.json"),
        (b"[" + b" " * (10 * 1024 * 1024) + b"]", "BH108", "x.json"),
    ],
    ids=["empty", "comma", "two", "bytes", "open", "deep", "size"],
)
def test_a_document_that_cannot_be_read_is_one_finding(data: bytes, code: str, place: str) -> None:
    findings = Findings()

    assert read_json(data, "x.json", findings) is None
    assert [(code, place)] == [(f.code, str(f.origin)) for f in findings]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"a": 1 ,\n}', "x.json:1:9", "illegal trailing comma before end of object"),
        ("[1, 2,]", "x.json:1:6", "illegal trailing comma before end of array"),
        ("[1,,]", "x.json:1:4", "expecting value"),
        ('{"a": 1,]', "x.json:1:9", "expecting property name enclosed in double quotes"),
        ("[1,}", "x.json:1:4", "expecting value"),
    ],
)
def test_every_python_says_the_same_of_a_comma(text: str, place: str, message: str) -> None:
    findings = Findings()
    read_json(text.encode(), "x.json", findings)

    assert [(place, message)] == [(str(f.origin), f.message) for f in findings]


def test_bad_lines_are_left_out_and_the_others_keep_their_places() -> None:
    findings = Findings()
    data = b'{"a": 1}\n\n{"a": }\r\n  {"a": 1, "a": 2}\n{"a": [1,\n{"a": {"b": 3}}\n'
    document = read_json_lines(data, "x.jsonl", findings)

    assert document is not None
    assert document.root == [{"a": 1}, {"a": {"b": 3}}]
    assert str(document.origin((1,))) == "x.jsonl:6:1"
    assert str(document.origin((1, "a", "b"))) == "x.jsonl:6:8"
    assert [(f.code, f.origin and f.origin.line) for f in findings] == [
        ("BH105", 3),
        ("BH109", 4),
        ("BH105", 5),
    ]
