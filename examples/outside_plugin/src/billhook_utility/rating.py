"""Rating: from reads to charges, point by point, and the state for the next bill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import attrs
from billhook import (
    Charge,
    Diagnostic,
    Figure,
    Findings,
    History,
    Job,
    Period,
    Rating,
    Records,
    Skip,
    did_you_mean,
    labels,
    total,
)

from billhook_utility.account import Account, count_of_days
from billhook_utility.charges import Band, Metered, charges
from billhook_utility.metering import DAY, Span, spans
from billhook_utility.records import Read
from billhook_utility.series import NumberSeries, Sifted, sift
from billhook_utility.settings import Point, UtilitySettings
from billhook_utility.state import Reading, Usage, UtilityState, year_of
from billhook_utility.versions import Stretch, divided, stretches

_ = labels("billhook_utility")


def rate(job: Job, records: Records, history: History) -> Rating | None:
    """Return the charges of a job's reads; nothing when it has none."""
    reads = records.of(Read)
    if not reads:
        return None
    account = Account(job, job.settings(UtilitySettings))
    earlier = history.state(UtilityState)
    sifted = sift(account, reads, earlier)
    findings = Findings((*_unknown_points(account), *sifted.findings))
    points = [_Point(account, account.points[id_], sifted, earlier) for id_ in _known(account)]
    found: list[Charge] = []
    for point in points:
        for each in point.charges():
            if isinstance(each, Diagnostic):
                findings.add(each)
            else:
                found.append(each)
    return Rating(
        charges=tuple(found),
        skipped=(*sifted.skipped, *_opening_only(sifted, reads)),
        state=_state(points, sifted, earlier, account),
        findings=tuple(findings),
    )


def _known(account: Account) -> list[str]:
    return [id_ for id_ in account.billed if id_ in account.points]


def _unknown_points(account: Account) -> Iterator[Diagnostic]:
    origin = account.settings.origin if account.settings.bill else account.job.origin
    for id_ in account.billed:
        if id_ not in account.points:
            message = f"the job bills point {id_!r}, which the settings do not list"
            yield Diagnostic(
                "UTL110", message, origin=origin, hint=did_you_mean(id_, account.points)
            )


def _opening_only(sifted: Sifted, reads: Iterable[Read]) -> Iterator[Skip]:
    """Yield the reads that open a register and have nothing after them yet."""
    lone = {series.stands[0].key for series in sifted.series if len(series.stands) == 1}
    for read in reads:
        if read.key in lone:
            yield Skip(read.key, _("opens meter {meter}", meter=read.meter), read.origin)


def _state(
    points: Sequence[_Point], sifted: Sifted, earlier: UtilityState | None, account: Account
) -> UtilityState:
    stands = {(s.meter, s.register): s for s in (earlier.stands if earlier else ())}
    stands |= {(s.meter, s.register): s for s in (series.stands[-1] for series in sifted.series)}
    used = (usage for point in points for usage in point.used())
    return UtilityState(
        stands=tuple(attrs.evolve(stands[key], key="") for key in sorted(stands)),
        usage=year_of((*(earlier.usage if earlier else ()), *used)),
        readings=tuple(reading for point in points for reading in point.readings()),
        chart=account.settings.chart,
    )


class _Point:
    """One point of supply on its way to charges."""

    def __init__(
        self, account: Account, point: Point, sifted: Sifted, earlier: UtilityState | None
    ) -> None:
        self.account = account
        self.point = point
        self.series = [series for series in sifted.series if series.place.point is point]
        self.through = _through(point, earlier)
        self.faults: list[Diagnostic] = []
        self.spans: list[Span] = []
        unit = next((t.unit for t in account.settings.tariffs if t.name == point.tariff), "")
        for found in (each for series in self.series for each in spans(series, unit, account)):
            if isinstance(found, Diagnostic):
                self.faults.append(found)
            else:
                self.spans.append(found)

    def charges(self) -> Iterator[Charge | Diagnostic]:
        """Yield the point's lines, or what is wrong."""
        yield from _unread(self)
        if self.faults or not self.spans:
            yield from self.faults
            return
        first, last = self.days.first, self.days.last
        found, faults = stretches(self.point, self.account.settings.tariffs, first, last)
        yield from faults
        for stretch in found if not faults else ():
            yield from charges(self._metered(stretch, found), self.account)

    @property
    def days(self) -> Period:
        """From the first to the last day of the use."""
        return Period(min(span.first for span in self.spans), max(s.last for s in self.spans))

    def _metered(self, stretch: Stretch, found: Sequence[Stretch]) -> Metered:
        uses: dict[Band, list[Figure]] = {}
        keys: dict[Band, list[str]] = {}
        for span in self.spans:
            band: Band = (span.place.register.direction, span.place.register.band)
            for each, usage in divided(span.usage, Period(span.first, span.last), found):
                if each is stretch:
                    uses.setdefault(band, []).append(usage)
                    keys.setdefault(band, []).extend(span.keys)
        standing = self._standing(stretch.first, stretch.last)
        return Metered(
            point=self.point,
            stretch=stretch,
            uses={band: together(each) for band, each in uses.items()},
            keys={band: tuple(dict.fromkeys(each)) for band, each in keys.items()},
            standing=standing,
            whole=self._whole(),
            suffix=f"-{stretch.first}" if len(found) > 1 else "",
        )

    def _standing(self, first: dt.date, last: dt.date) -> Period | None:
        begin = max(first, self.through + DAY) if self.through else first
        return Period(begin, last) if begin <= last else None

    def _whole(self) -> int:
        days = self._standing(self.days.first, self.days.last)
        return count_of_days(days.first, days.last) if days else 0

    def readings(self) -> Iterator[Reading]:
        """Yield the rows of the table of reads."""
        for span in self.spans:
            yield Reading(
                name=self.point.name or self.point.id,
                opened=span.opened,
                closed=span.closed,
                advance=span.advance,
                usage=span.usage,
                rolled=span.rolled,
            )

    def used(self) -> Iterator[Usage]:
        """Yield the use of the bill by direction and time of use."""
        groups: dict[Band, list[Span]] = {}
        for span in self.spans:
            register = span.place.register
            groups.setdefault((register.direction, register.band), []).append(span)
        for (direction, band), found in groups.items():
            yield Usage(
                point=self.point.id,
                band=band,
                direction=direction,
                first=min(span.first for span in found),
                last=max(span.last for span in found),
                quantity=together([span.usage for span in found]),
            )


def together(usage: Sequence[Figure]) -> Figure:
    """Return the sum of uses; a single one is itself."""
    return usage[0] if len(usage) == 1 else total(usage, "utility.usage.together")


def _through(point: Point, earlier: UtilityState | None) -> dt.date | None:
    """Return the last day that an earlier bill charged for."""
    dates = [usage.last for usage in (earlier.usage if earlier else ()) if usage.point == point.id]
    return max(dates, default=None)


def _unread(point: _Point) -> Iterator[Diagnostic]:
    """Yield an error for each register in use without a read on this bill."""
    for series in point.series:
        if len(series.stands) == 1 and series.stands[0].key == "" and not _ended(series):
            last = series.stands[0]
            message = f"meter {series.place} has no read after {last.date}"
            hint = "read it, or run: billhook utility estimate JOB"
            yield Diagnostic("UTL109", message, origin=point.account.job.origin, hint=hint)


def _ended(series: NumberSeries) -> bool:
    return series.stands[-1].event == "removed"
