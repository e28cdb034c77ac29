"""Series: the reads of each register in order, sifted from those that this bill has no use for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import attrs
from billhook import Diagnostic, Findings, Label, Severity, Skip, did_you_mean, labels

from billhook_utility.account import Account, Place
from billhook_utility.records import Read
from billhook_utility.stands import Stand, stand_of
from billhook_utility.state import UtilityState

_ = labels("billhook_utility")

REAL = frozenset({"actual", "customer"})
"""The kinds of reads that somebody made."""


@attrs.frozen
class NumberSeries:
    """The stands of one register that this bill goes by, oldest first; the first one opens it."""

    place: Place
    stands: tuple[Stand, ...]


class Sifted:
    """What the reads came to.

    Attributes:
        series: One for each register of the points billed.
        skipped: The reads that are not billed, each with its reason.
        findings: What is wrong with them.
    """

    def __init__(self) -> None:
        self.series: list[NumberSeries] = []
        self.skipped: list[Skip] = []
        self.findings = Findings()

    def skip(self, read: Read, reason: Label) -> None:
        """Leave a read out."""
        self.skipped.append(Skip(read.key, reason, read.origin))


def sift(account: Account, reads: Iterable[Read], state: UtilityState | None) -> Sifted:
    """Return the reads of the registers billed, in order, and why the others are left out."""
    sifted = Sifted()
    groups: dict[tuple[str, str], list[Read]] = {
        key: [] for key, place in account.places.items() if place.point.id in account.billed
    }
    for read in reads:
        if _ours(read, account, sifted):
            groups[read.meter, read.register].append(read)
    last = {(stand.meter, stand.register): stand for stand in (state.stands if state else ())}
    for key, found in groups.items():
        stands = tuple(_stands(account, account.places[key], found, last.get(key), sifted))
        if stands:
            sifted.series.append(NumberSeries(account.places[key], stands))
    return sifted


def _ours(read: Read, account: Account, sifted: Sifted) -> bool:
    place = account.places.get((read.meter, read.register))
    if place is None:
        sifted.findings.add(_unknown(read, account))
        sifted.skip(read, _("meter {meter} is unknown", meter=read.meter))
    elif place.point.id not in account.billed:
        sifted.skip(read, _("meter {meter} is not billed here", meter=read.meter))
    elif read.date > account.last:
        sifted.skip(read, _("{date} is after the days billed", date=read.date))
    else:
        return True
    return False


def _unknown(read: Read, account: Account) -> Diagnostic:
    registers = [register for meter, register in account.places if meter == read.meter]
    if registers:
        message = f"meter {read.meter!r} has no register {read.register!r}"
        hint = did_you_mean(read.register, registers)
    else:
        message = f"no point has a meter {read.meter!r}"
        hint = did_you_mean(read.meter, {meter for meter, _register in account.places})
    return Diagnostic("UTL201", message, Severity.WARNING, read.origin, "meter", hint)


def _stands(
    account: Account, place: Place, reads: Sequence[Read], last: Stand | None, sifted: Sifted
) -> Iterator[Stand]:
    """Yield the opening stand, and those of this bill."""
    fresh = [read for read in _in_order(reads) if not _before(read, last, sifted)]
    fresh = list(_without_twins(fresh, sifted))
    fresh = list(_without_needless_estimates(fresh, sifted))
    if last is None:
        fresh = list(_from_opening(fresh, account.first, sifted))
    else:
        yield attrs.evolve(last, key="")
    removed: dt.date | None = last.date if last and last.event == "removed" else None
    for read in fresh:
        sifted.findings.extend(_misfits(read, place, removed))
        removed = read.date if read.event == "removed" else removed
        yield stand_of(read, place)


def _in_order(reads: Iterable[Read]) -> list[Read]:
    return sorted(reads, key=lambda read: (read.date, read.kind not in REAL, read.key))


def _before(read: Read, last: Stand | None, sifted: Sifted) -> bool:
    if last is None or read.date > last.date:
        return False
    reason = _("billed up to {date} before", date=last.date)
    sifted.skip(read, reason)
    return True


def _without_twins(reads: Iterable[Read], sifted: Sifted) -> Iterator[Read]:
    """Yield one read for each day; two that differ are a mistake, unless one was estimated."""
    kept: Read | None = None
    for read in reads:
        if kept is None or read.date != kept.date:
            kept = read
            yield read
            continue
        if read.value != kept.value and read.kind in REAL:
            message = (
                f"meter {read.meter!r} stood at {kept.value} on {read.date}, and here at "
                f"{read.value}, see {kept.origin}"
            )
            hint = "remove the wrong one"
            sifted.findings.error("UTL102", message, origin=read.origin, path="value", hint=hint)
        sifted.skip(read, _("there is another read of {date}", date=read.date))


def _without_needless_estimates(reads: Sequence[Read], sifted: Sifted) -> Iterator[Read]:
    """Yield the reads without the estimates that a real read follows."""
    newest = max((read.date for read in reads if read.kind in REAL), default=dt.date.min)
    for read in reads:
        if read.kind in REAL or read.date > newest:
            yield read
        else:
            sifted.skip(read, _("estimated, and a read of {date} follows", date=newest))


def _from_opening(reads: Sequence[Read], first: dt.date | None, sifted: Sifted) -> Iterator[Read]:
    """Yield the reads from the newest before the period on: that one opens the register."""
    opening = 0
    for place, read in enumerate(reads):
        if first is not None and read.date < first:
            opening = place
    for read in reads[:opening]:
        sifted.skip(read, _("{date} is before the days billed", date=read.date))
    yield from reads[opening:]


def _misfits(read: Read, place: Place, removed: dt.date | None) -> Iterator[Diagnostic]:
    dials = place.register.dials
    if dials is not None and read.value >= 10**dials:
        message = f"{read.value} has more figures than the {dials} dials of meter {read.meter!r}"
        yield Diagnostic("UTL103", message, origin=read.origin, path="value")
    if removed is not None:
        message = f"meter {read.meter!r} was removed on {removed} and has a read of {read.date}"
        yield Diagnostic("UTL104", message, origin=read.origin, path="date")
