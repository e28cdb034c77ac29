"""Values for classes that files are read into: mostly good, sometimes of the wrong kind."""

from __future__ import annotations

import datetime as dt
import enum
import types
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Union, get_args, get_origin

import attrs
from hypothesis import strategies as st

from billhook.kernel.text import Label, Period
from billhook.sources.structure import fields
from billhook.tools.schema.types import attribute_types, is_origin

LISTS = (tuple, list, set, frozenset, Sequence, Collection, Iterable)
TABLES = (dict, Mapping, MutableMapping)
WORDS = st.text("abcz_. -ß", max_size=6)
NUMBERS = st.integers(-20, 200) | st.decimals(-20, 200, places=2)
DAYS = st.dates(dt.date(1960, 1, 1), dt.date(2030, 1, 1))
JUNK = st.one_of(WORDS, NUMBERS, DAYS, st.booleans(), st.just([]), st.just({}))

SCALARS = {
    str: WORDS,
    int: st.integers(-3, 200),
    bool: st.booleans(),
    Decimal: NUMBERS,
    dt.date: DAYS,
    dt.datetime: DAYS.map(lambda day: dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)),
    Path: WORDS,
    Period: st.sampled_from(["2026-06", "2026-06-01..2026-06-30", "June"]),
}


def values(kind: object) -> st.SearchStrategy[object]:
    """Values as TOML gives them, one in thirty of the wrong kind."""
    return st.integers(0, 29).flatmap(lambda dice: JUNK if dice == 0 else good(kind))


def good(kind: object) -> st.SearchStrategy[object]:
    """Values of the right kind; whether they are in range is another matter."""
    plain = get_origin(kind) or kind
    if kind in SCALARS:
        return SCALARS[kind]
    if plain is Literal:
        return st.sampled_from([str(word) for word in get_args(kind)])
    if isinstance(plain, type) and issubclass(plain, enum.Enum):
        return st.sampled_from([str(member.value) for member in plain])
    if isinstance(plain, type) and attrs.has(plain):
        return table(kind)
    return composed(kind, plain)


def composed(kind: object, plain: object) -> st.SearchStrategy[object]:
    if plain is Annotated:
        return good(get_args(kind)[0])
    if plain in (Union, types.UnionType):
        choices = [each for each in get_args(kind) if each not in (type(None), Label)]
        return st.one_of([good(each) for each in choices])
    if plain in LISTS:
        return st.lists(values(get_args(kind)[0]), max_size=2)
    if plain in TABLES:
        return st.dictionaries(WORDS, values(get_args(kind)[1]), max_size=2)
    return JUNK


@st.composite
def table(draw: st.DrawFn, cls: type) -> dict[str, object]:
    """A table for a class: the required keys mostly there, some of the others."""
    kinds = {name: kind for name, kind in attribute_types(cls).items() if not is_origin(kind)}
    chosen = {}
    for field in fields(cls):
        needed = field.default is attrs.NOTHING
        if field.name in kinds and draw(st.integers(0, 19)) < (19 if needed else 6):
            chosen[field.name] = draw(values(kinds[field.name]))
    if draw(st.integers(0, 19)) == 0:
        chosen["surplus"] = draw(JUNK)
    return chosen
