"""Plausibility: what a careful meter reader would look at again before the bill goes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from billhook import (
    Diagnostic,
    Figure,
    History,
    Invoice,
    Job,
    Severity,
    given,
    ratio,
    rounded,
    times,
    total,
)

from billhook_utility.account import Account, count_of_days, day_count
from billhook_utility.settings import UtilitySettings
from billhook_utility.state import Reading, Usage, UtilityState

SHOWN = Decimal("0.01")


def check(job: Job, draft: Invoice, history: History) -> Iterator[Diagnostic]:
    """Yield what looks wrong with the reads of a bill.

    What is fed in goes with the sun and is not compared with what it was.
    """
    state = next((s.value for s in draft.states if isinstance(s.value, UtilityState)), None)
    if state is None or not state.readings:
        return
    account = Account(job, job.settings(UtilitySettings))
    for reading in state.readings:
        yield from _read(reading, account)
    yield from _exchanges(state.readings, account)
    yield from _ends(state.readings, account)
    earlier = history.state(UtilityState)
    billed = frozenset(reading.closed.point for reading in state.readings)
    for usage in _new(state, earlier, billed):
        yield from _compared(usage, earlier, state, account)


def _new(state: UtilityState, earlier: UtilityState | None, billed: frozenset[str]) -> list[Usage]:
    known = earlier.usage if earlier else ()
    return [
        usage
        for usage in state.usage
        if usage not in known and usage.point in billed and usage.direction == "import"
    ]


def _say(
    code: str,
    message: str,
    reading: Reading,
    hint: str | None = None,
    severity: Severity = Severity.WARNING,
) -> Diagnostic:
    return Diagnostic(code, message, severity, reading.closed.value.origin, hint=hint)


# ── one read ─────────────────────────────────────────────────────────────────


def _read(reading: Reading, account: Account) -> Iterator[Diagnostic]:
    opened, closed, moved = reading.opened, reading.closed, reading.advance
    days = (closed.date - opened.date).days
    if moved.value < 0:
        message = (
            f"the estimate of {opened.date} was {moved.value.copy_abs()} {moved.unit} too high for "
            f"meter {closed.meter!r}, which stood at {closed.value.value} on {closed.date}"
        )
        hint = "it goes back at the prices of this bill; look whether the read is right"
        yield _say("UTL205", message, reading, hint)
    if days > account.settings.longest:
        message = f"meter {closed.meter!r} was not read for {days} days, since {opened.date}"
        yield _say("UTL206", message, reading, "long spans are divided by days, not by use")
    if opened.kind == "estimated" == closed.kind:
        message = f"meter {closed.meter!r} is estimated again, after {opened.date}"
        yield _say("UTL208", message, reading, "ask the customer for a read")
    if reading.rolled:
        message = (
            f"meter {closed.meter!r} passed its highest figure: {opened.value.value} on "
            f"{opened.date}, {closed.value.value} on {closed.date}"
        )
        yield _say("UTL301", message, reading, severity=Severity.INFO)


def _ends(readings: Sequence[Reading], account: Account) -> Iterator[Diagnostic]:
    """Yield a finding where the last read is not near the end of the period."""
    if account.job.period is None:
        return
    newest = {reading.closed.meter: reading for reading in readings}
    for reading in newest.values():
        days = (account.last - reading.closed.date).days
        if reading.closed.event != "removed" and days > account.settings.late:
            message = (
                f"meter {reading.closed.meter!r} was last read on {reading.closed.date}, "
                f"{days} days before the last day billed"
            )
            hint = "the bill ends with the read; the days after it are on the next bill"
            yield _say("UTL207", message, reading, hint)


# ── one meter for another ────────────────────────────────────────────────────


def _exchanges(readings: Sequence[Reading], account: Account) -> Iterator[Diagnostic]:
    """Yield a finding where a meter was removed and the next was not installed on that day."""
    for old in readings:
        if old.closed.event != "removed":
            continue
        band = _band(old, account)
        later = [
            new
            for new in readings
            if new.opened.event == "installed" and _band(new, account) == band
        ]
        for new in later[:1]:
            yield from _exchange(old, new)


def _band(reading: Reading, account: Account) -> tuple[str, str, str]:
    return account.places[reading.closed.meter, reading.closed.register].band


def _exchange(old: Reading, new: Reading) -> Iterator[Diagnostic]:
    days = (new.opened.date - old.closed.date).days
    if not days:
        return
    what = f"meter {new.opened.meter!r} was installed on {new.opened.date}"
    other = f"meter {old.closed.meter!r} was removed on {old.closed.date}"
    if days > 0:
        hint = "the use of the days between is not billed; estimate the old meter to that day"
        yield _say("UTL203", f"{what}, {days} days after {other}", new, hint)
    else:
        hint = "if they were in place together, is one a part of the other?"
        yield _say("UTL204", f"{what}, {-days} days before {other}", new, hint)


# ── use compared with what it was ────────────────────────────────────────────


def _compared(
    usage: Usage, earlier: UtilityState | None, state: UtilityState, account: Account
) -> Iterator[Diagnostic]:
    before = [
        each
        for each in (earlier.usage if earlier else ())
        if (each.point, each.direction, each.band) == (usage.point, usage.direction, usage.band)
    ]
    if not before:
        return
    reading = next(each for each in reversed(state.readings) if each.closed.point == usage.point)
    usual, now = daily(before), daily([usage])
    limit = times(usual, given(account.settings.spike, "1", "utility.check.spike"), "utility.check")
    if now.value > limit.value > 0:
        message = f"point {usage.point!r} used {_shown(now)} a day, before it was {_shown(usual)}"
        hint = "a leak, a wrong read, or a figure too many"
        yield _say("UTL202", f"{message}{_in(usage)}", reading, hint)
    if usage.quantity.value == 0 and usual.value > 0:
        message = f"point {usage.point!r} used nothing, before it was {_shown(usual)} a day"
        yield _say("UTL209", f"{message}{_in(usage)}", reading, "does the meter stand still?")


def daily(usages: Iterable[Usage]) -> Figure:
    """Return the use of a day, on average."""
    found = list(usages)
    whole = total((usage.quantity for usage in found), "utility.check.usage")
    days = sum(count_of_days(usage.first, usage.last) for usage in found)
    return ratio(whole, day_count(days), "utility.check.daily", whole.unit)


def _shown(figure: Figure) -> str:
    return f"{rounded(figure, SHOWN, 'utility.check.shown').value} {figure.unit}"


def _in(usage: Usage) -> str:
    return f" in the time of use {usage.band!r}" if usage.band else ""
