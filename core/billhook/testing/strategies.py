"""Hypothesis strategies: money, charges and adjustments; jobs, records and histories."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from billhook.calculate.signs import check_policy
from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.figure import Figure, given
from billhook.kernel.money import POLICIES, Policy, find_currency
from billhook.model.adjustment import (
    Adjustment,
    AdjustmentKind,
    Excess,
    Percentage,
    PercentBase,
    Shortfall,
    Stage,
    UpTo,
)
from billhook.model.charge import Charge
from billhook.model.job import Job
from billhook.testing.generating import FIRST, LAST, histories, records
from billhook.testing.samples import sample_job

__all__ = [
    "DAYS",
    "adjustments",
    "amounts",
    "charges",
    "currencies",
    "figures",
    "histories",
    "jobs",
    "percents",
    "policies",
    "quantities",
    "records",
]

DAYS: st.SearchStrategy[dt.date] = st.dates(FIRST, LAST)
"""Days that a bill may be of."""


def currencies() -> st.SearchStrategy[str]:
    """Return any currency of ISO 4217, each number of decimals equally likely."""
    by_minor = {
        n: sorted(c for c, minor in MINOR_UNITS.items() if minor == n) for n in (0, 2, 3, 4)
    }
    return st.sampled_from((0, 2, 3, 4)).flatmap(lambda n: st.sampled_from(by_minor[n]))


def amounts(
    code: str, *, least: int = -10_000_000, most: int = 10_000_000
) -> st.SearchStrategy[Decimal]:
    """Return amounts on a currency's grid, in minor units from ``least`` to ``most``."""
    minor = find_currency(code).minor
    return st.integers(least, most).map(lambda units: Decimal(units).scaleb(-minor))


def quantities(places: int = 3, most: int = 1_000_000) -> st.SearchStrategy[Decimal]:
    """Return quantities from 0 with up to ``places`` decimals."""
    return st.integers(0, most).map(lambda units: Decimal(units).scaleb(-places))


def percents(places: int = 4) -> st.SearchStrategy[Decimal]:
    """Return percentages from 0 to 100."""
    return st.integers(0, 100 * 10**places).map(lambda units: Decimal(units).scaleb(-places))


def policies() -> st.SearchStrategy[Policy]:
    """Return any named rounding policy."""
    return st.sampled_from(sorted(POLICIES)).map(POLICIES.__getitem__)


@st.composite
def jobs(draw: st.DrawFn, /, **fields: Any) -> Job:
    """Return jobs of any currency, rounding policy and day, with the given fields.

    A policy goes with its currency: one that rounds finer than the currency would be refused.
    """
    drawn = {"currency": currencies(), "policy": policies(), "date": DAYS}
    values = {name: draw(each) for name, each in drawn.items() if name not in fields}
    job = sample_job(**values, **fields)
    assume("policy" in fields or not list(check_policy(job)))
    return job


def figures(code: str) -> st.SearchStrategy[Figure]:
    """Return given amounts of a currency, on its grid."""
    return amounts(code).map(lambda value: given(value, code, "sample.amount"))


@st.composite
def charges(draw: st.DrawFn, code: str, *, most: int = 12) -> tuple[Charge, ...]:
    """Return charges with unrounded amounts, of several tax classes and tags."""
    count = draw(st.integers(1, most))
    return tuple(draw(_charge(code, number)) for number in range(count))


@st.composite
def _charge(draw: st.DrawFn, code: str, number: int) -> Charge:
    extra = draw(st.integers(0, 999))
    value = draw(amounts(code)) + Decimal(extra).scaleb(-3 - find_currency(code).minor)
    return Charge(
        id=f"c{number}",
        description=f"charge {number}",
        amount=given(value, code, "sample.amount"),
        tax_class=draw(st.sampled_from(("standard", "reduced", "exempt"))),
        tags=frozenset(draw(st.sets(st.sampled_from(("fee", "expense", "labour"))))),
    )


@st.composite
def adjustments(draw: st.DrawFn, code: str, *, most: int = 5) -> tuple[Adjustment, ...]:
    """Return adjustments of every kind, stage and form, in no order."""
    count = draw(st.integers(0, most))
    return tuple(draw(_adjustment(code, number)) for number in range(count))


@st.composite
def _adjustment(draw: st.DrawFn, code: str, number: int) -> Adjustment:
    kind = draw(st.sampled_from(list(AdjustmentKind)))
    stage = Stage.AFTER_TAX
    if kind in {AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE}:
        stage = Stage.BEFORE_TAX
    elif kind is AdjustmentKind.WITHHELD:
        stage = draw(st.sampled_from(list(Stage)))
    return Adjustment(
        id=f"a{number}",
        label=f"adjustment {number}",
        stage=stage,
        kind=kind,
        amount=draw(_draw_amount(code)),
        at_most=draw(st.none() | figures(code)),
        order=draw(st.integers(1, 3)),
    )


@st.composite
def _draw_amount(draw: st.DrawFn, code: str) -> Figure | Percentage | Excess | Shortfall | UpTo:
    form = draw(st.integers(0, 4))
    if form == 0:
        return draw(figures(code))
    if form == 1:
        return UpTo(given(draw(amounts(code, least=0)), code, "sample.fund"))
    tags = frozenset(draw(st.sets(st.sampled_from(("fee", "expense")))))
    before = draw(st.none() | st.integers(1, 3))
    if form == 2:  # noqa: PLR2004 - one number for each form
        rate = given(draw(percents()), "%", "sample.rate")
        return Percentage(rate, draw(st.sampled_from(list(PercentBase))), tags, before)
    limit = given(draw(amounts(code)), code, "sample.limit")
    if form == 3:  # noqa: PLR2004 - as above
        return Excess(limit, tags, before)
    return Shortfall(limit, tags, before)
