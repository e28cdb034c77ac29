from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

import attrs
import pytest

from billhook.kernel.characters import MULTILINE
from billhook.kernel.diagnostics import Findings
from billhook.kernel.text import Dated, Period, Text
from billhook.sources.bad_value import BadValueError
from billhook.sources.codes import CONFLICT
from billhook.sources.formats.toml import read_toml
from billhook.sources.ranges import above, at_least, at_most, below, between
from billhook.sources.scalars import JSON, TOML, Grammar
from billhook.sources.structure import structure

TABLE = Grammar(quoted=True, bare=True)
SHEET = Grammar(quoted=True, bare=True, loose=True)


class Colour(enum.StrEnum):
    RED = "red"
    GREEN = "green"


@attrs.frozen(kw_only=True)
class Rate:
    who: str
    per_hour: Annotated[Decimal, above(0)]
    since: dt.date
    until: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        if self.until and self.until <= self.since:
            raise ValueError(f"until ({self.until}) is not after since ({self.since})")


@attrs.frozen(kw_only=True)
class Settings:
    currency: str
    percent: Annotated[Decimal, between(0, 100)] = Decimal(0)
    mode: Literal["fixed", "hourly"] = "hourly"
    colour: Colour = Colour.RED
    rates: tuple[Rate, ...] = ()
    limits: Mapping[str, Annotated[int, at_least(1)]] = attrs.field(factory=dict)
    words: Annotated[str, MULTILINE] = ""
    period: Period | None = None
    active: bool = True
    title: Text = ""
    steps: tuple[Dated[Decimal], ...] = ()


def read(text: str) -> tuple[Settings | None, list[str]]:
    findings = Findings()
    document = read_toml(text.encode(), "job.toml", findings)
    assert document is not None
    settings = structure(document.values, Settings, document, findings)
    return settings, [f.render() for f in findings]


def test_a_document_becomes_a_typed_value() -> None:
    settings, findings = read(
        """
        currency = "USD"
        percent = 7.5
        mode = "fixed"
        colour = "green"
        limits = { a = 3 }
        words = '''
one
two'''
        period = "2026-06"
        title = "Work"
        steps = [{ value = 1.5, since = 2026-01-01 }]
        [[rates]]
        who = "KB"
        per_hour = 380
        since = 2026-01-01
        """
    )

    assert findings == []
    assert settings == Settings(
        currency="USD",
        percent=Decimal("7.5"),
        mode="fixed",
        colour=Colour.GREEN,
        limits={"a": 3},
        words="one\ntwo",
        period=Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30)),
        title="Work",
        steps=(Dated(Decimal("1.5"), dt.date(2026, 1, 1)),),
        rates=(Rate(who="KB", per_hour=Decimal(380), since=dt.date(2026, 1, 1)),),
    )


def test_every_mistake_of_a_file_is_told_at_once_with_its_place() -> None:
    settings, findings = read(
        """\
curency = "USD"
percent = "ten"
mode = "horly"
limits = { a = 0, "b c" = "3" }
[[rates]]
who = "KB"
per_hour = 0
since = "2026-01-01"
[[rates]]
who = "x\\u202ey"
since = 2026-01-01
"""
    )

    assert settings is None
    assert findings == [
        "job.toml: error[BH102]: missing key 'currency'\n      hint: required here: currency",
        (
            "job.toml:1:1: error[BH103]: unknown key 'curency'  (curency)\n"
            '    1 | curency = "USD"\n'
            "      | ^^^^^^^\n"
            "      hint: did you mean 'currency'?"
        ),
        (
            "job.toml:2:1: error[BH101]: expected a number, got the text 'ten'  (percent)\n"
            '    2 | percent = "ten"\n'
            "      | ^^^^^^^"
        ),
        (
            "job.toml:3:1: error[BH116]: expected 'fixed' or 'hourly', got 'horly'  (mode)\n"
            '    3 | mode = "horly"\n'
            "      | ^^^^\n"
            "      hint: did you mean 'hourly'?"
        ),
        (
            "job.toml:4:12: error[BH115]: expected at least 1, got 0  (limits.a)\n"
            '    4 | limits = { a = 0, "b c" = "3" }\n'
            "      |            ^"
        ),
        (
            "job.toml:4:19: error[BH101]: expected a whole number, got the text '3'"
            "  (limits.'b c')\n"
            '    4 | limits = { a = 0, "b c" = "3" }\n'
            "      |                   ^^^\n"
            "      hint: write it without quotes"
        ),
        (
            "job.toml:7:1: error[BH115]: expected above 0, got 0  (rates[0].per_hour)\n"
            "    7 | per_hour = 0\n"
            "      | ^^^^^^^^"
        ),
        (
            "job.toml:8:1: error[BH101]: expected a date (YYYY-MM-DD), got the text '2026-01-01'"
            "  (rates[0].since)\n"
            '    8 | since = "2026-01-01"\n'
            "      | ^^^^^\n"
            "      hint: write it without quotes"
        ),
        (
            "job.toml:9:1: error[BH102]: missing key 'per_hour'  (rates[1])\n"
            "    9 | [[rates]]\n"
            "      | ^\n"
            "      hint: required here: who, per_hour, since"
        ),
        (
            "job.toml:10:1: error[BH107]: the character U+202E (a change of direction) at "
            "position 2 is not allowed in 'x\\u202ey'  (rates[1].who)\n"
            '   10 | who = "x\\u202ey"\n'
            "      | ^^^\n"
            "      hint: remove it"
        ),
    ]


def test_a_contradiction_stands_at_the_table_that_holds_it() -> None:
    _, findings = read(
        """\
currency = "USD"
[[rates]]
who = "KB"
per_hour = 1
since = 2026-01-01
until = 2025-01-01
"""
    )

    assert findings[0].splitlines()[0] == (
        "job.toml:2:1: error[BH114]: until (2025-01-01) is not after since (2026-01-01)  (rates[0])"
    )


def test_a_validator_may_name_its_own_code_and_attribute() -> None:
    @attrs.frozen
    class Pair:
        one: int
        two: int

        def __attrs_post_init__(self) -> None:
            raise BadValueError(attrs.evolve(CONFLICT, id="XYZ104"), "no pair", name="two")

    findings = Findings()
    document = read_toml(b"one = 1\ntwo = 2\n", "x.toml", findings)
    assert document is not None
    structure(document.values, Pair, document, findings)

    assert [str(f) for f in findings] == ["x.toml:2:1: error[XYZ104]: no pair  (two)"]


def test_a_broken_validator_is_its_authors_mistake() -> None:
    @attrs.frozen
    class Broken:
        one: int

        def __attrs_post_init__(self) -> None:
            raise AttributeError("oops")

    document = read_toml(b"one = 1\n", "x.toml", Findings())
    assert document is not None
    with pytest.raises(AttributeError, match="oops"):
        structure(document.values, Broken, document, Findings())


HUGE = 10**5000
DAY = dt.date(2026, 6, 1)
MOMENT = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("grammar", "kind", "value", "result"),
    [
        (TOML, Decimal, 7, Decimal(7)),
        (JSON, Decimal, "1234.50", Decimal("1234.50")),
        (JSON, dt.date, "2026-06-01", DAY),
        (JSON, dt.datetime, "2026-06-01T12:00Z", MOMENT),
        (TABLE, int, "7", 7),
        (TABLE, bool, "yes", True),
        (TABLE, tuple[str, ...], "a| b |", ("a", "b")),
        (TABLE, tuple[Decimal, ...], "1|2.5", (Decimal(1), Decimal("2.5"))),
        (SHEET, str, 1001, "1001"),
        (SHEET, str, Decimal("1E+3"), "1000"),
        (SHEET, int, Decimal(3), 3),
        (TOML, tuple[int, str], [1, "a"], (1, "a")),
        (TOML, frozenset[int], [1, 1], frozenset({1})),
        (TOML, list[int], [1, 2], [1, 2]),
        (TOML, Literal[1, 2], 2, 2),
        (TOML, int | None, None, None),
        (TOML, Annotated[dt.date, at_least(DAY)], DAY, DAY),
        (TOML, Annotated[Decimal, above(0), at_most(1)], 1, Decimal(1)),
    ],
)
def test_what_each_grammar_takes(grammar: Grammar, kind, value: object, result: object) -> None:
    findings = Findings()

    assert result == structure(value, kind, NOWHERE, findings, grammar=grammar)
    assert not findings


@pytest.mark.parametrize(
    ("grammar", "kind", "value", "message"),
    [
        (TOML, str, 7, "expected a text, got 7"),
        (TOML, int, True, "expected a whole number, got true"),
        (TOML, int, Decimal("1.0"), "expected a whole number, got 1.0"),
        (TOML, int, 10**15, "expected at most 15 digits in a number"),
        pytest.param(TOML, int, HUGE, "expected at most 15 digits in a number", id="huge int"),
        pytest.param(TOML, str, HUGE, "expected a text, got a huge number", id="huge text"),
        (TOML, Decimal, "7", "expected a number, got the text '7'"),
        (TOML, Decimal, False, "expected a number, got false"),
        (TOML, bool, 1, "expected true or false, got 1"),
        (TOML, bool, "yes", "expected true or false, got the text 'yes'"),
        (JSON, int, "7", "expected a whole number, got the text '7'"),
        (JSON, Decimal, 0.1, "expected a number, got a value of type float"),
        (JSON, dt.date, MOMENT, "expected a date without a time of day, got 2026-06-01T12:00:00"),
        (JSON, Decimal, None, "expected a number, got nothing"),
        (TOML, tuple[str, ...], "abc", "expected an array, got the text 'abc'"),
        (TOML, tuple[str, ...], {"a": 1}, "expected an array, got a table"),
        (TOML, tuple[int, str], [1], "expected an array of 2 items, got an array"),
        (TOML, Mapping[str, int], [1], "expected a table, got an array"),
        (TOML, Rate, [1], "expected a table, got an array"),
        (TOML, Colour, "blue", "expected 'red' or 'green', got 'blue'"),
        (TOML, Colour, 1.5, "expected a word, got a value of type float"),
        (TOML, Annotated[Decimal, below(1)], 1, "expected below 1, got 1"),
        (TOML, Annotated[int, between(1, 3)], 4, "expected at least 1 and at most 3, got 4"),
        (TOML, Annotated[dt.date, at_least(DAY)], dt.date(2026, 5, 31), "expected at least 2026-"),
    ],
)
def test_what_each_grammar_refuses(grammar: Grammar, kind, value: object, message: str) -> None:
    findings = Findings()

    assert structure(value, kind, NOWHERE, findings, grammar=grammar) is None
    [finding] = findings
    assert finding.message.startswith(message)


class Nowhere:
    def place(self, path):
        from billhook.kernel.origin import Origin
        from billhook.sources.location import Location, show_path

        return Location(Origin("x"), show_path(path))


NOWHERE = Nowhere()
