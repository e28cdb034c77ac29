"""What the next bill follows from: where each register stood, and the use of the last year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs
from billhook import Figure, given

from billhook_utility.stands import Stand

YEAR = dt.timedelta(days=365)


@attrs.frozen(kw_only=True)
class Usage:
    """What was used in one bill, in one time of use.

    Attributes:
        point: Id of the point.
        band: The time of use.
        direction: ``import`` or ``export``.
        first: First day.
        last: Last day.
        quantity: The use, in the tariff's unit.
    """

    point: str
    band: str = ""
    direction: str = "import"
    first: dt.date
    last: dt.date
    quantity: Figure


@attrs.frozen(kw_only=True)
class Reading:
    """A row of the table of reads: two stands of one register and what lies between.

    Attributes:
        name: The point's name in print.
        opened: The stand before.
        closed: The stand now.
        advance: What the register moved by, before any multiplier.
        usage: The use that it comes to.
        rolled: The register passed its highest figure.
    """

    name: str
    opened: Stand
    closed: Stand
    advance: Figure
    usage: Figure
    rolled: bool = False


@attrs.frozen(kw_only=True)
class UtilityState:
    """What a bill keeps.

    Attributes:
        stands: The last stand of each register; an estimated one is put right by the next read.
        usage: The use of the last twelve months, this bill's included.
        readings: The rows of this bill's table.
        chart: Print the chart.
    """

    stands: tuple[Stand, ...] = ()
    usage: tuple[Usage, ...] = ()
    readings: tuple[Reading, ...] = ()
    chart: bool = True


def year_of(usage: Iterable[Usage]) -> tuple[Usage, ...]:
    """Return the use of the twelve months up to the newest day, oldest first.

    What was used is kept as a plain figure: how it came about is told by the bill it was on.
    """
    found = sorted(usage, key=lambda each: (each.last, each.point, each.direction, each.band))
    newest = found[-1].last if found else dt.date.min
    return tuple(_plain(each) for each in found if newest - each.last < YEAR)


def _plain(usage: Usage) -> Usage:
    billed = given(
        usage.quantity.value,
        usage.quantity.unit,
        "utility.usage.billed",
        first=str(usage.first),
        last=str(usage.last),
    )
    return attrs.evolve(usage, quantity=billed)
