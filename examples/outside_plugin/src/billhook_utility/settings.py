"""Settings: the points of supply with their meters, how use is checked, and the tariffs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

import attrs
from billhook import Origin, above, at_least

from billhook_utility.tariffs import Direction, Tariff

Service = Literal["water", "gas", "electricity", "heat"]


@attrs.frozen(kw_only=True)
class Register:
    """One row of figures on a meter.

    Attributes:
        unit: What the figures count: ``m3``, ``kWh``.
        id: Its id in the reads; the only register of a meter needs none.
        dials: Figures before the decimal point; after the last nine the register begins at
            nought again.  Left out: it never does.
        multiplier: What the figures are multiplied by: the ratio of current transformers, or 2.83
            for hundreds of cubic feet read as cubic metres.
        band: The time of use that it counts, as the tariff calls it: ``day``, ``night``.
        direction: ``export`` counts what the customer feeds in.
        origin: Where it is set.
    """

    unit: str
    id: str = ""
    dials: Annotated[int, above(0)] | None = None
    multiplier: Annotated[Decimal, above(0)] = Decimal(1)
    band: str = ""
    direction: Direction = "import"
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Meter:
    """A meter.

    Attributes:
        id: Its number.
        registers: Its registers.
        origin: Where it is set.

    Raises:
        ValueError: It has no register, or two of one id.
    """

    id: str
    registers: tuple[Register, ...]
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        ids = {register.id for register in self.registers}
        if not ids or len(ids) < len(self.registers):
            raise ValueError(f"meter {self.id!r} needs registers, each with an id of its own")


@attrs.frozen(kw_only=True)
class Point:
    """A point of supply: what one tariff bills together.

    Attributes:
        id: Its id, unique in the project.
        service: What is supplied.
        tariff: Name of its tariff.
        meters: Its meters, former ones included.
        name: How it is called in print: an address, ``Garden tap``.
        origin: Where it is set.
    """

    id: str
    service: Service
    tariff: str
    meters: tuple[Meter, ...]
    name: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Energy:
    """How a volume of gas becomes kilowatt-hours: volume × correction × calorific value ÷ 3.6.

    Attributes:
        calorific: Calorific value in MJ/m3, averaged over the period.
        correction: Factor for temperature and pressure.
        step: Grid of the kilowatt-hours billed.
        origin: Where it is set.
    """

    calorific: Annotated[Decimal, above(0)]
    correction: Annotated[Decimal, above(0)]
    step: Annotated[Decimal, above(0)] = Decimal("0.01")
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class UtilitySettings:
    """The table ``[utility]``.

    Attributes:
        bill: The points of this bill; empty takes the job's subject.
        points: The points there are.
        tariffs: The tariffs, each version with its days in force.
        energy: How gas becomes kilowatt-hours.
        spike: Warn when the daily use is more than so many times what it was before.
        longest: Days between two reads from which to warn.
        late: Days that the last read may stand before the end of the period.
        chart: Print a chart of the last twelve months.
        origin: Where the table is.

    Raises:
        ValueError: Two points have one id, or two meters one number.
    """

    bill: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    energy: Energy | None = None
    spike: Annotated[Decimal, above(1)] = Decimal(5)
    longest: Annotated[int, above(0)] = 190
    late: Annotated[int, at_least(0)] = 7
    chart: bool = True
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        _unique("point", [point.id for point in self.points])
        _unique("meter", [meter.id for point in self.points for meter in point.meters])


def _unique(what: str, ids: Sequence[str]) -> None:
    for id_, count in Counter(ids).items():
        if count > 1:
            raise ValueError(f"there are {count} {what}s {id_!r}")
