"""Estimates: a read for a register that nobody read, from what it moved by before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs
from billhook import Figure, History, Job, Mode, Records, given, less, ratio, rounded, times, total

from billhook_utility.account import Account, Place, day_count
from billhook_utility.metering import advance
from billhook_utility.records import Read
from billhook_utility.series import sift
from billhook_utility.settings import UtilitySettings
from billhook_utility.stands import Stand
from billhook_utility.state import UtilityState


@attrs.frozen
class Estimate:
    """What a register would stand at on a day; nothing where nothing is known of its use."""

    place: Place
    last: Stand
    value: Figure | None


def estimates(job: Job, records: Records, history: History, on: dt.date) -> Iterator[Estimate]:
    """Yield an estimate for each register of the job that has no read on ``on`` or later.

    A register goes on as it moved from the first to the last of its reads on this bill, or else on
    the last one.
    """
    account = Account(job, job.settings(UtilitySettings))
    earlier = history.state(UtilityState)
    fresh = [read for read in records.of(Read) if read.key not in history.billed]
    for series in sift(account, fresh, earlier).series:
        last = series.stands[-1]
        if last.date < on and last.event != "removed":
            stands = [*_billed(last, earlier), *series.stands]
            yield Estimate(series.place, last, _value(series.place, stands, on))


def _billed(last: Stand, earlier: UtilityState | None) -> Iterator[Stand]:
    for reading in earlier.readings if earlier else ():
        if (reading.closed.meter, reading.closed.register) == (last.meter, last.register):
            yield reading.opened


def _value(place: Place, stands: Iterable[Stand], on: dt.date) -> Figure | None:
    first, *others = sorted(stands, key=lambda stand: stand.date)
    if not others or others[-1].date == first.date:
        return None
    last = others[-1]
    moved = advance(first, last, place.register.dials)
    if not isinstance(moved, Figure):
        return None
    ahead = times(moved, day_count((on - last.date).days), "utility.estimate")
    days = day_count((last.date - first.date).days)
    grown = ratio(ahead, days, "utility.estimate", last.value.unit)
    value = total(
        (last.value, rounded(grown, Decimal(1), "utility.estimate", Mode.DOWN)), "utility.estimate"
    )
    return _on_dials(value, place.register.dials)


def _on_dials(value: Figure, dials: int | None) -> Figure:
    """Return what the dials show of a value."""
    if dials is None or value.value < 10**dials:
        return value
    size = given(10**dials, value.unit, "utility.advance.range", dials=str(dials))
    return less(value, size, rule="utility.estimate")
