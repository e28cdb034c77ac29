"""Releases of retainage: each is honoured once, by the first application after it."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from billhook.kernel.figure import PERCENT, Figure, given, least, less, percent_of, total
from billhook_construction.events import Released
from billhook_construction.rating.rounding import AmountGrid


@attrs.frozen
class Pots:
    """Retainage held, and released up to now.

    Attributes:
        held: Held, by ``work`` and ``stored``.
        released: Released all told, by the same names.
    """

    held: dict[str, Figure]
    released: dict[str, Figure]


def release(pots: Pots, events: Iterable[Released], grid: AmountGrid) -> Pots:
    """Return the pots after the releases, one after the other."""
    for event in events:
        for name, amount in _amounts(pots, event, grid).items():
            pots = _take(pots, name, amount)
    return pots


def available(pots: Pots, event: Released) -> Figure:
    """Return what a release can be taken of."""
    names = ("work", "stored") if event.of == "all" else (event.of,)
    return total((pots.held[name] for name in names), "construction.release.available")


def _amounts(pots: Pots, event: Released, grid: AmountGrid) -> dict[str, Figure]:
    names = ("work", "stored") if event.of == "all" else (event.of,)
    if event.amount is not None:
        return _sums(pots, names, given(event.amount, grid.currency, "construction.release.amount"))
    if event.percent is None:
        return {name: pots.held[name] for name in names}
    rate = given(event.percent, PERCENT, "construction.release.rate", at=event.at.isoformat())
    return {
        name: grid.money(
            percent_of(pots.held[name], rate, "construction.release.exact"),
            "construction.release.rounded",
        )
        for name in names
    }


def _sums(pots: Pots, names: Iterable[str], asked: Figure) -> dict[str, Figure]:
    parts: dict[str, Figure] = {}
    for name in names:
        parts[name] = least((asked, pots.held[name]), "construction.release.part")
        asked = less(asked, parts[name], rule="construction.release.rest")
    return parts


def _take(pots: Pots, name: str, amount: Figure) -> Pots:
    left = less(pots.held[name], amount, rule="construction.release.left")
    gone = total((pots.released[name], amount), "construction.release.all")
    return Pots(pots.held | {name: left}, pots.released | {name: gone})
