"""The retainage of a contract: its rates, steps and cap, and rows with a rate of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from billhook.kernel.figure import (
    PERCENT,
    Figure,
    given,
    greatest,
    least,
    less,
    percent_of,
    ratio,
    times,
    total,
)
from billhook_construction.rating.retainage import ROW, divide_exact, less_released
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.settings import RetainagePolicy, RetainageStep

POTS = ("work", "stored")


@attrs.frozen(kw_only=True)
class RetainageBasis:
    """The amounts and terms that retainage follows from.

    Attributes:
        bases: Completed work and stored material of each row, by ``work`` and ``stored``.
        own: The rate of each row that has one of its own.
        sums: The sums of all rows, by the same names.
        rates: Percent held, by the same names.
        policy: Steps and cap, if the contract has any.
        original: Contract sum before changes.
        contract_sum: Contract sum with changes.
    """

    bases: Mapping[str, Sequence[Figure]]
    own: Sequence[Figure | None]
    sums: Mapping[str, Figure]
    rates: Mapping[str, Figure]
    policy: RetainagePolicy | None
    original: Figure
    contract_sum: Figure

    def sum_for(self, policy: RetainagePolicy) -> Figure:
        """Return the contract sum that steps and cap are taken of."""
        return self.original if policy.of == "original_sum" else self.contract_sum


def hold(
    basis: RetainageBasis, released: Mapping[str, Figure], grid: AmountGrid
) -> dict[str, Figure]:
    """Return what is held of work and of stored material, less what was released."""
    required = {}
    for pot in POTS:
        rule = f"construction.retainage.{pot}"
        own = [
            percent_of(base, rate, ROW)
            for base, rate in zip(basis.bases[pot], basis.own, strict=True)
            if rate is not None
        ]
        exact = _exact(basis, pot)
        if own:
            exact = total((exact, *own), "construction.retainage.rows-exact")
        required[pot] = grid.money(exact, f"{rule}-required")
    if basis.policy is not None:
        required = _cap(required, basis, basis.policy, grid)
    return {
        pot: less_released(required[pot], released[pot], grid, f"construction.retainage.{pot}")
        for pot in POTS
    }


def divide_among_rows(basis: RetainageBasis, held: Mapping[str, Figure]) -> dict[str, list[Figure]]:
    """Return each row's part of what is held; column by column they add up to it."""
    found = {}
    for pot in POTS:
        rate, factor = basis.rates[pot], _factor(basis, pot)
        exact = {}
        for place, (base, own) in enumerate(zip(basis.bases[pot], basis.own, strict=True)):
            if not base.value:
                continue
            if own is None and factor is not None:
                exact[place] = times(base, factor, ROW)
            else:
                exact[place] = percent_of(base, rate if own is None else own, ROW)
        found[pot] = divide_exact(exact, held[pot], len(basis.own))
    return found


def _steps(basis: RetainageBasis) -> RetainagePolicy | None:
    """Return the policy if it has steps; a contract that only deducts reaches none."""
    policy = basis.policy
    if policy is None or not policy.steps or basis.sum_for(policy).value <= 0:
        return None
    return policy


def _factor(basis: RetainageBasis, pot: str) -> Figure | None:
    """Return the part of a row's base that steps hold on the average."""
    base = _base(basis, pot)
    if _steps(basis) is None or not base.value:
        return None
    return ratio(_exact(basis, pot), base, "construction.retainage.average")


def _base(basis: RetainageBasis, pot: str) -> Figure:
    """Return the sum of the rows without a rate of their own."""
    if all(rate is None for rate in basis.own):
        return basis.sums[pot]
    bases = zip(basis.bases[pot], basis.own, strict=True)
    plain = (base for base, rate in bases if rate is None)
    return total(plain, f"construction.sum.{pot}", basis.sums[pot].unit)


def _exact(basis: RetainageBasis, pot: str) -> Figure:
    """Return what is to be held of the rows without a rate of their own, unrounded."""
    policy, base, rule = _steps(basis), _base(basis, pot), f"construction.retainage.{pot}-exact"
    if policy is None:
        return percent_of(base, basis.rates[pot], rule)
    by_bands = policy.mode == "prospective"
    if by_bands and pot == "work":
        return _retain_by_band(basis, policy, base, pot)
    if by_bands and policy.reached_by == "work_and_stored":
        work = _base(basis, "work")
        both = total((work, base), "construction.sum.to-date")
        upper, lower = (_retain_by_band(basis, policy, each, pot) for each in (both, work))
        return less(upper, lower, rule=rule)
    return percent_of(base, _rate_reached(basis, policy, pot), rule)


def _thresholds(basis: RetainageBasis, policy: RetainagePolicy) -> list[Figure]:
    whole = basis.sum_for(policy)
    return [
        percent_of(
            whole,
            given(step.at, PERCENT, "construction.retainage.step"),
            "construction.retainage.threshold",
        )
        for step in policy.steps
    ]


def _step_rate(step: RetainageStep, pot: str) -> Figure:
    value = step.work if pot == "work" or step.stored is None else step.stored
    return given(value, PERCENT, "construction.retainage.step-rate", at=str(step.at))


def _retain_by_band(
    basis: RetainageBasis, policy: RetainagePolicy, base: Figure, pot: str
) -> Figure:
    """Return what is held when each band of the work has a rate of its own."""
    rates = [basis.rates[pot], *(_step_rate(step, pot) for step in policy.steps)]
    thresholds = _thresholds(basis, policy)
    nothing = given(base.value * 0, base.unit, "construction.nothing")
    parts = []
    for place, rate in enumerate(rates):
        part = base
        if place < len(thresholds):
            part = least((part, thresholds[place]), "construction.retainage.band-top")
        if place:
            beyond = less(part, thresholds[place - 1], rule="construction.retainage.band-part")
            part = greatest((beyond, nothing), "construction.retainage.band")
        parts.append(percent_of(part, rate, "construction.retainage.band-held"))
    return total(parts, f"construction.retainage.{pot}-exact")


def _rate_reached(basis: RetainageBasis, policy: RetainagePolicy, pot: str) -> Figure:
    """Return the rate of the step that the contract has reached."""
    progress = basis.sums["work"]
    if policy.reached_by == "work_and_stored":
        progress = total(basis.sums.values(), "construction.sum.to-date")
    rate = basis.rates[pot]
    for step, threshold in zip(policy.steps, _thresholds(basis, policy), strict=True):
        if progress.value >= threshold.value:
            rate = _step_rate(step, pot)
    return rate


def _cap(
    required: Mapping[str, Figure], basis: RetainageBasis, policy: RetainagePolicy, grid: AmountGrid
) -> dict[str, Figure]:
    """Return what is to be held up to the cap, on work first."""
    if policy.cap_amount is not None:
        amount = given(policy.cap_amount, grid.currency, "construction.retainage.cap-amount")
        left = grid.money(amount, "construction.retainage.cap")
    elif policy.cap is not None:
        rate = given(policy.cap, PERCENT, "construction.retainage.cap-rate")
        exact = percent_of(basis.sum_for(policy), rate, "construction.retainage.cap-exact")
        left = grid.money(exact, "construction.retainage.cap")
    else:
        return dict(required)
    left = greatest((left, grid.zero("construction.nothing")), "construction.retainage.cap")
    capped = {}
    for pot in POTS:
        capped[pot] = least((required[pot], left), "construction.retainage.capped")
        left = less(left, capped[pot], rule="construction.retainage.cap-left")
    return capped
