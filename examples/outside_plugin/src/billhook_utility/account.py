"""The account: a job with its points, and which register of which meter belongs to them."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

import attrs
from billhook import Figure, Job, Text, given, labels

from billhook_utility.settings import Meter, Point, Register, UtilitySettings

_ = labels("billhook_utility")


@attrs.frozen
class Place:
    """A register, with the meter and the point that it belongs to."""

    point: Point
    meter: Meter
    register: Register

    @property
    def band(self) -> tuple[str, str, str]:
        """What use is added up by: point, direction and time of use."""
        return self.point.id, self.register.direction, self.register.band

    def __str__(self) -> str:
        return f"{self.meter.id} {self.register.id}".rstrip()


@attrs.define(frozen=True, slots=False)
class Account:
    """A job with its settings."""

    job: Job
    settings: UtilitySettings

    @cached_property
    def points(self) -> dict[str, Point]:
        """All points, by id."""
        return {point.id: point for point in self.settings.points}

    @cached_property
    def billed(self) -> tuple[str, ...]:
        """Ids of the points of this bill."""
        return self.settings.bill or (self.job.subject,)

    @cached_property
    def places(self) -> dict[tuple[str, str], Place]:
        """All registers, by the ids of meter and register."""
        return {
            (meter.id, register.id): Place(point, meter, register)
            for point in self.settings.points
            for meter in point.meters
            for register in meter.registers
        }

    @property
    def first(self) -> dt.date | None:
        """First day of the period."""
        return self.job.period.first if self.job.period else None

    @property
    def last(self) -> dt.date:
        """Last day that is billed: of the period, or the bill's own."""
        return self.job.period.last if self.job.period else self.job.date

    def name_of(self, point: Point) -> Text:
        """Return a point's name, if the bill has several."""
        return (point.name or point.id) if len(self.billed) > 1 else ""


def count_of_days(first: dt.date, last: dt.date) -> int:
    """Return how many days there are from the first to the last, both included."""
    return (last - first).days + 1


def day_count(count: int, rule: str = "utility.days") -> Figure:
    """Return a number of days as a bare number, to multiply and divide by."""
    return given(count, "1", rule)
