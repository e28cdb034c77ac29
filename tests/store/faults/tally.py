"""What a fault run came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs


@attrs.frozen(kw_only=True)
class Tally:
    """Counts of a run; all of those after ``refusals`` are 0 when the store keeps its promises.

    Attributes:
        bills: Bills in the store at the end.
        acknowledged: Bills that a writer was told of.
        kills: Writers that were killed.
        checks: How often the store was looked at, the last time included.
        stops: How often the server was stopped as by a crash.
        refusals: How often a writer was told to come back later.
        gaps: Numbers without a bill.
        duplicates: Numbers with more than one bill, and keys with more than one.
        lost: Acknowledged bills that are gone or changed.
        surplus: Bills that nobody was told of, though every writer had finished.
        damage: What the database or ``verify`` found.
    """

    bills: int = 0
    acknowledged: int = 0
    kills: int = 0
    checks: int = 0
    stops: int = 0
    refusals: int = 0
    gaps: int = 0
    duplicates: int = 0
    lost: int = 0
    surplus: int = 0
    damage: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, missing, doubled or damaged."""
        return not (self.gaps or self.duplicates or self.lost or self.surplus or self.damage)


SUMMED = ("checks", "stops", "gaps", "duplicates", "lost", "surplus", "damage")

Bill = tuple[str, int, str]
"""Key, sequence and digest of a bill."""


def judge(bills: Sequence[Bill], acknowledged: Iterable[Bill], *, final: bool) -> Tally:
    """Return what is wrong with the bills in a store, given those that writers were told of."""
    told = list(acknowledged)
    numbers = [sequence for _, sequence, _ in bills]
    keys: Mapping[str, Bill] = {bill[0]: bill for bill in bills}
    return Tally(
        bills=len(bills),
        acknowledged=len(told),
        checks=1,
        gaps=max(numbers, default=0) - len(set(numbers)),
        duplicates=2 * len(bills) - len(set(numbers)) - len(keys),
        lost=sum(1 for bill in told if keys.get(bill[0]) != bill),
        surplus=len(keys) - len({key for key, _, _ in told}) if final else 0,
    )


def together(one: Tally, other: Tally) -> Tally:
    """Return the sum of two looks at a store: faults add up, bills are those of the later one."""
    summed = {name: getattr(one, name) + getattr(other, name) for name in SUMMED}
    return attrs.evolve(other, **summed)
