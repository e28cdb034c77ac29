"""Hypothesis strategies for a plugin's records, and for what was billed before."""

from __future__ import annotations

import datetime as dt
import enum
import math
import types
import typing
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from billhook.engine import Engine
from billhook.kernel.origin import Origin
from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.record import Record
from billhook.sources.ranges import Range

R = TypeVar("R", bound=Record)
T = TypeVar("T", bound=attrs.AttrsInstance)

FIRST, LAST = dt.date(2020, 1, 1), dt.date(2030, 12, 31)
"""Days of an attribute without a range of its own, and of bills."""
MOST = 1_000_000
"""The largest number of an attribute without a range of its own."""
_HUNDREDTH = Decimal("0.01")
_LETTERS = st.characters(categories=("Lu", "Ll", "Nd"))


def records(
    kind: type[R], *, least: int = 0, most: int = 12, **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[tuple[R, ...]]:
    """Return records of a class, each with a key of its own; attributes keep their ranges.

    Args:
        kind: The class.
        least: The smallest number of records.
        most: The largest number of records.
        fields: Strategies for attributes whose type does not say enough: a name that must be
            among the settings'.
    """
    row = _object(kind, {**fields, "key": st.just(""), "origin": st.just(Origin("sample"))})
    return st.lists(row, min_size=least, max_size=most).map(_number_rows)


def _number_rows(rows: Sequence[R]) -> tuple[R, ...]:
    return tuple(
        attrs.evolve(row, key=f"sample:{number}", origin=Origin("sample", number))
        for number, row in enumerate(rows, 1)
    )


@st.composite
def histories(
    draw: st.DrawFn,
    engine: Engine,
    job: Job,
    rows: st.SearchStrategy[Sequence[Record]],
    *,
    most: int = 3,
) -> History:
    """Return what was billed before: drawn records in steps, each billed on top of the last.

    Args:
        draw: Hypothesis' own.
        engine: The plugins.
        job: The job of every step.
        rows: The records of one step.
        most: The largest number of steps.
    """
    history = History()
    for number in range(draw(st.integers(0, most))):
        step = [attrs.evolve(row, key=f"before-{number}/{row.key}") for row in draw(rows)]
        draft = engine.draft(job, step, history)
        if draft.ok and draft.worked_out is not None:
            history = History((*history.documents, draft.document))
    return history


# ── values of a type ─────────────────────────────────────────────────────────


def _object(kind: type[T], fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[T]:
    hints = typing.get_type_hints(kind, include_extras=True)
    names = [field.name for field in attrs.fields(kind)]
    drawn = {name: values(hints[name]) for name in names if name not in fields}
    return st.builds(kind, **drawn, **{name: fields[name] for name in names if name in fields})


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of an attribute's type, as a file could give them."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        ranges = [each for each in inner[1:] if isinstance(each, Range)]
        return _draw_within(inner[0], ranges[0]) if ranges else values(inner[0])
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*map(values, inner))
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    return _plain(hint)


def _plain(kind: Any) -> st.SearchStrategy[Any]:
    if kind in (int, Decimal, dt.date):
        return _draw_within(kind, Range())
    if kind is str:
        return st.text(_LETTERS, min_size=1, max_size=12)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and attrs.has(kind):
        return _object(kind, {"origin": st.none()})
    return st.from_type(kind)


def _draw_within(kind: Any, within: Range) -> st.SearchStrategy[Any]:
    if kind is dt.date:
        return st.dates(*_days(within))
    step = Decimal(1) if kind is int else _HUNDREDTH
    least, most = _steps(within, step)
    return st.integers(least, most).map(lambda count: kind(count * step))


def _days(within: Range) -> tuple[dt.date, dt.date]:
    day = dt.timedelta(days=1)
    least = _date(within.least) or (_date(within.above) or FIRST - day) + day
    most = _date(within.most) or (_date(within.below) or LAST + day) - day
    return least, most


def _date(end: object) -> dt.date | None:
    return end if isinstance(end, dt.date) else None


def _steps(within: Range, step: Decimal) -> tuple[int, int]:
    """Return the smallest and the largest whole number of steps in a range of numbers."""
    low, high = _lowest(within, step), _highest(within, step)
    if low is None:
        low = 0 if high is None or high >= 0 else high - MOST
    return low, max(low, math.floor(MOST / step)) if high is None else high


def _lowest(within: Range, step: Decimal) -> int | None:
    if isinstance(within.least, int | Decimal):
        return math.ceil(within.least / step)
    if isinstance(within.above, int | Decimal):
        return math.floor(within.above / step) + 1
    return None


def _highest(within: Range, step: Decimal) -> int | None:
    if isinstance(within.most, int | Decimal):
        return math.floor(within.most / step)
    if isinstance(within.below, int | Decimal):
        return math.ceil(within.below / step) - 1
    return None
