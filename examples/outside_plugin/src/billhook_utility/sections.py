"""Sections: the table of reads, and the chart of the last twelve months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from billhook import Document, Figure, Label, Text, labels, total
from billhook.blocks import (
    Block,
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    RowStyle,
    Section,
    Slot,
    Table,
    TableRow,
)

from billhook_utility.records import ReadEvent, ReadKind
from billhook_utility.stands import Stand
from billhook_utility.state import Reading, Usage, UtilityState
from billhook_utility.wording import SIGNS

_ = labels("billhook_utility")

KINDS: dict[ReadKind, Label] = {
    # NOTE: A read of a meter, made by the supplier.
    "actual": _("read"),
    # NOTE: A read of a meter that was worked out.
    "estimated": _("estimated"),
    # NOTE: A read of a meter, told by the customer.
    "customer": _("your read"),
}
EVENTS: dict[ReadEvent, Label] = {
    # NOTE: A meter was put in.
    "installed": _("installed"),
    # NOTE: A meter was taken out.
    "removed": _("removed"),
}


def sections(document: Document) -> Iterator[Section]:
    """Yield what is shown of a utility bill; nothing of a bill without reads."""
    states = (state.value for state in document.invoice.states)
    state = next((value for value in states if isinstance(value, UtilityState)), None)
    if state is None or not state.readings:
        return
    blocks: list[Block] = [reads_table(state.readings)]
    if state.chart:
        blocks.extend(charts(state))
    yield Section(slot=Slot.AFTER_TOTALS, title=_("Your meters"), blocks=tuple(blocks))


def reads_table(readings: Sequence[Reading]) -> Table:
    """Return the reads, register by register, under their points if there are several."""
    columns = (
        Column(_("Meter"), width=1),
        Column(_("Date"), width=1),
        Column(_("Read"), align="right"),
        Column(_("Used"), align="right"),
    )
    names = dict.fromkeys(reading.name for reading in readings)
    rows: list[TableRow] = []
    for name in names:
        if len(names) > 1:
            rows.append(TableRow((name,), RowStyle.GROUP))
        rows.extend(_rows([reading for reading in readings if reading.name == name]))
    return Table(columns, tuple(rows))


def _rows(readings: Sequence[Reading]) -> Iterator[TableRow]:
    before: Stand | None = None
    for reading in readings:
        if reading.opened is not before:
            yield TableRow((_name(reading), *_told(reading.opened)))
        yield TableRow(("", *_told(reading.closed), reading.usage))
        before = reading.closed


def _name(reading: Reading) -> str:
    return f"{reading.closed.meter} {reading.closed.register}".rstrip()


def _told(stand: Stand) -> tuple[Label, Decimal]:
    kind = KINDS[stand.kind] if stand.event == "read" else EVENTS[stand.event]
    return _("{date}, {kind}", date=stand.date, kind=kind), stand.value.value


# ── charts ───────────────────────────────────────────────────────────────────


def charts(state: UtilityState) -> Iterator[Chart]:
    """Yield a chart for each point that has more than one bill to show."""
    billed = {reading.closed.point: reading.name for reading in state.readings}
    for point, name in billed.items():
        usage = [each for each in state.usage if each.point == point]
        ends = sorted({each.last for each in usage})
        if len(ends) > 1:
            yield _chart(name, usage, ends, named=len(billed) > 1)


def _chart(name: str, usage: Sequence[Usage], ends: Sequence[dt.date], *, named: bool) -> Chart:
    unit = usage[0].quantity.unit
    sign = SIGNS.get(unit, unit)
    found = dict.fromkeys((each.direction, each.band) for each in usage)
    bands = sorted(found, key=lambda band: band[0] == "export")
    title = _("Use in the last twelve months, {unit}", unit=sign)
    if named:
        title = _("{name}: use in the last twelve months, {unit}", name=name, unit=sign)
    return Chart(
        title=title,
        kind=ChartKind.BARS,
        categories=tuple(ends),
        series=tuple(
            ChartSeries(_series(*band), tuple(_sum(usage, band, end, unit) for end in ends))
            for band in bands
        ),
    )


def _series(direction: str, band: str) -> Text:
    if direction == "export":
        return _("Fed in")
    return band or _("Used")


def _sum(usage: Sequence[Usage], band: tuple[str, str], end: dt.date, unit: str) -> Figure:
    found = (
        each.quantity for each in usage if each.last == end and (each.direction, each.band) == band
    )
    return total(found, "utility.chart.usage", unit)
