"""Settings and records that a program made are refused for what a file is refused for."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from decimal import Decimal as D
from pathlib import Path
from typing import Annotated, Literal

import attrs
import pytest

from billhook import (
    Charge,
    Engine,
    Origin,
    PluginInfo,
    Rating,
    Record,
    at_least,
    given,
    hookimpl,
    times,
)
from billhook.builtin import tax_table
from billhook.kernel.characters import MULTILINE
from billhook.kernel.text import Period, Text
from billhook.model.object_check import FLOAT, check_object
from billhook.sources.source import object_source
from billhook.testing import Inline, sample_job


class Size(enum.StrEnum):
    SMALL = "small"


@attrs.frozen(kw_only=True)
class Price:
    per_hour: Annotated[D, at_least(0)] = D(10)
    scale: tuple[Annotated[D, at_least(1)], ...] = ()


@attrs.frozen(kw_only=True)
class Settings:
    prices: tuple[Price, ...] = ()
    by_name: Mapping[str, Price] = attrs.field(factory=dict)
    names: frozenset[str] = frozenset()
    pair: tuple[int, str] | None = None
    name: str = ""
    note: Annotated[str, MULTILINE] = ""
    label: Text = ""
    count: int = 0
    flag: bool = False
    day: dt.date | None = None
    moment: dt.datetime | None = None
    period: Period | None = None
    size: Size = Size.SMALL
    way: Literal["up", "down"] = "up"
    file: Path | None = None
    free: object = None


@attrs.frozen(kw_only=True)
class Work(Record):
    hours: Annotated[int, at_least(0)]


def faults(**values: object) -> list[tuple[str | None, str, str]]:
    """Return path, code and message of what is wrong with settings."""
    found = check_object(Settings(**values), "S", None)  # type: ignore[arg-type]
    return [(each.path, each.code, each.message) for each in found]


@pytest.mark.parametrize(
    ("values", "path", "code"),
    [
        ({"prices": (Price(per_hour=D(-480)),)}, "S.prices[0].per_hour", "BH115"),
        ({"prices": (Price(), Price(scale=(D(2), D("0.5"))))}, "S.prices[1].scale[1]", "BH115"),
        ({"prices": (Price(per_hour=1.1),)}, "S.prices[0].per_hour", "BH101"),  # type: ignore[arg-type]
        ({"prices": (Price(per_hour=D("NaN")),)}, "S.prices[0].per_hour", "BH106"),
        ({"prices": ({"per_hour": D(1)},)}, "S.prices[0]", "BH101"),
        ({"prices": "none"}, "S.prices", "BH101"),
        ({"by_name": {"a": Price(per_hour=D(-1))}}, "S.by_name.a.per_hour", "BH115"),
        ({"by_name": [Price()]}, "S.by_name", "BH101"),
        ({"names": frozenset({1})}, "S.names[0]", "BH101"),
        ({"pair": (1, 2)}, "S.pair[1]", "BH101"),
        ({"pair": (1,)}, "S.pair", "BH101"),
        ({"name": 7}, "S.name", "BH101"),
        ({"name": "bell \a"}, "S.name", "BH107"),
        ({"name": "two\nlines"}, "S.name", "BH107"),
        ({"name": "pay \u202e00.1"}, "S.name", "BH107"),
        ({"name": "e" + "\u0301" * 9}, "S.name", "BH107"),
        ({"name": "x" * 10_001}, "S.name", "BH108"),
        ({"note": "two\nlines\x00"}, "S.note", "BH107"),
        ({"note": 7}, "S.note", "BH101"),
        ({"names": frozenset({"tab\t"})}, "S.names[0]", "BH107"),
        ({"by_name": {"a\tb": Price()}}, "S.by_name", "BH107"),
        ({"label": "tab\t"}, "S.label", "BH107"),
        ({"label": 7}, "S.label", "BH101"),
        ({"count": True}, "S.count", "BH101"),
        ({"count": D(2)}, "S.count", "BH101"),
        ({"count": 2.0}, "S.count", "BH101"),
        ({"flag": 1}, "S.flag", "BH101"),
        ({"day": "2026-06-30"}, "S.day", "BH101"),
        ({"day": dt.datetime(2026, 6, 30, tzinfo=dt.UTC)}, "S.day", "BH101"),
        ({"moment": dt.date(2026, 6, 30)}, "S.moment", "BH101"),
        ({"size": "small"}, "S.size", "BH101"),
        ({"way": "left"}, "S.way", "BH116"),
        ({"file": "a.csv"}, "S.file", "BH101"),
    ],
)
def test_a_value_that_its_type_does_not_allow_is_found(values, path, code) -> None:
    assert [(each[0], each[1]) for each in faults(**values)] == [(path, code)]


def test_what_the_types_allow_is_allowed() -> None:
    assert (
        faults(
            prices=[Price(per_hour=480), Price(scale=(D(1),))],  # type: ignore[arg-type]
            by_name={"a": Price()},
            names={"a"},
            name="Müller, 佐藤",
            note="two\nlines",
            pair=(1, "a"),
            day=dt.date(2026, 6, 30),
            moment=dt.datetime(2026, 6, 30, tzinfo=dt.UTC),
            period=Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30)),
            way="down",
            file=Path("a.csv"),
            free=1.5,
        )
        == []
    )


def test_all_faults_are_told_at_once_with_what_a_programmer_can_do() -> None:
    settings = Settings(prices=(Price(per_hour=1.1),), name=3)  # type: ignore[arg-type]
    first, second = check_object(settings, "S", Origin("erp"))

    assert (first.message, first.hint) == ("expected a number, got 1.1 (float)", FLOAT)
    assert second.message == "expected a text, got 3 (int)"
    assert first.origin == Origin("erp")


# ── through the engine ───────────────────────────────────────────────────────


@hookimpl
def billhook_plugin() -> PluginInfo:
    return PluginInfo(name="hire", settings=Price, records={"hire.work": Work})


@hookimpl
def billhook_rate(job, records) -> Rating:
    price = given(job.settings(Price).per_hour, "USD/h", "hire.price")
    return Rating(
        charges=tuple(
            Charge(
                id=each.key,
                description="Work",
                amount=times(given(each.hours, "h", "hire.hours"), price, "hire.fee"),
                sources=(each.key,),
            )
            for each in records.of(Work)
        )
    )


ENGINE = Engine(
    [
        ("hire", Inline(billhook_plugin=billhook_plugin, billhook_rate=billhook_rate)),
        ("tax_table", tax_table),
    ]
)


def work(key: object, hours: int = 3) -> Work:
    return Work(key=key, hours=hours, origin=Origin("erp", path="row 1"))  # type: ignore[arg-type]


def test_a_negative_price_in_settings_is_refused_before_anything_is_rated() -> None:
    draft = ENGINE.draft(sample_job(pockets=(Price(per_hour=D(-480)),)), [work("a")])

    assert [str(each) for each in draft.findings] == [
        "error[BH115]: expected at least 0, got -480  (Price.per_hour)"
    ]
    assert draft.worked_out is None


def test_a_record_with_negative_hours_is_refused_at_its_place() -> None:
    draft = ENGINE.draft(sample_job(pockets=(Price(),)), [work("a"), work("b", -5)])

    assert [(each.code, each.path) for each in draft.findings] == [("BH115", "Work.hours")]
    assert draft.findings[0].origin == Origin("erp", path="row 1")


def test_a_whole_number_is_taken_as_a_key() -> None:
    draft = ENGINE.draft(sample_job(pockets=(Price(),)), [work(4101)])

    # 3 h × 10.00
    assert draft.invoice.totals.lines.value == D("30.00")
    assert [each.key for each in draft.invoice.records] == ["4101"]


@pytest.mark.parametrize("key", [True, 1.5, None])
def test_what_is_no_key_is_found(key: object) -> None:
    draft = ENGINE.draft(sample_job(pockets=(Price(),)), [work(key)])

    assert [(each.code, each.path) for each in draft.findings] == [("BH101", "Work.key")]


def rows(*mappings: Mapping[str, object]) -> list[tuple[str, str | None]]:
    """Return message and hint of what is wrong with rows."""
    source = object_source("erp", "hire.work", mappings)
    source.records(Work)
    return [(each.message, each.hint) for each in source.findings]


def test_rows_take_whole_numbers_as_keys_and_tell_repeated_ones() -> None:
    source = object_source("erp", "hire.work", [{"key": 7, "hours": 1}, {"key": "7", "hours": 2}])

    assert [each.key for each in source.records(Work)] == ["hire.work:7"]
    assert [each.code for each in source.findings] == ["BH109"]


def test_advice_on_rows_is_for_programmers() -> None:
    assert rows({"key": "1", "hours": 1.5}) == [
        ("expected a whole number, got a value of type float", "pass an int")
    ]
    assert rows({"key": "1", "hours": "2"}) == [
        ("expected a whole number, got the text '2'", "pass an int")
    ]
    assert rows({"key": D("1.5"), "hours": 2}) == [("expected a text, got 1.5", "pass a str")]
