"""Printed sections: shipments, the fuel index, and every line with its tariff row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from billhook.kernel.figure import Figure, given, total
from billhook.kernel.text import NBSP, Label, Text, labels
from billhook.model.document import Document
from billhook.model.invoice import Line
from billhook.model.section import (
    Block,
    Cell,
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    Note,
    RowStyle,
    Section,
    Slot,
    Table,
    TableRow,
)
from billhook_freight.details import Carriage, Component
from billhook_freight.rating.charges import ACCESSORIAL, FUEL, LINEHAUL

_ = labels("billhook_freight")
_KINDS = (LINEHAUL, FUEL, ACCESSORIAL)
_DAYS_OF_A_CHART = 2


@attrs.frozen
class Shown:
    """A shipment's lines with what its first line says of it."""

    number: str
    carriage: Carriage
    lines: tuple[Line, ...]

    def sum(self, tag: str, currency: str) -> Figure:
        """Return what the lines of one kind come to."""
        amounts = (line.amount for line in self.lines if tag in line.tags)
        return total(amounts, f"freight.shipment.{tag}", currency)

    def total(self) -> Figure:
        """Return what the shipment comes to."""
        return total((line.amount for line in self.lines), "freight.shipment.total")


def sections(document: Document) -> list[Section]:
    """Return the sections of a document; none when it has no shipments."""
    shown = _shipments(document.invoice.lines)
    if not shown:
        return []
    currency = document.invoice.currency
    blocks: tuple[Block, ...] = (*_fuel(shown, currency), *_days(shown, currency))
    found = [_overview(document, shown)]
    if blocks:
        found.append(
            Section(slot=Slot.AFTER_TOTALS, title=_("Fuel and days"), blocks=blocks, order=60)
        )
    return [*found, _particulars(shown)]


def _shipments(lines: Iterable[Line]) -> list[Shown]:
    groups: dict[str, list[Line]] = {}
    carriages: dict[str, Carriage] = {}
    for line in lines:
        if isinstance(line.detail, Component):
            groups.setdefault(line.detail.shipment, []).append(line)
            if line.detail.carriage is not None:
                carriages[line.detail.shipment] = line.detail.carriage
    return [
        Shown(number, carriages[number], tuple(theirs))
        for number, theirs in groups.items()
        if number in carriages
    ]


def _overview(document: Document, shown: list[Shown]) -> Section:
    """Return the table of shipments, and of lines that are none of a shipment's."""
    currency = document.invoice.currency
    columns = (
        Column(_("Shipment")),
        Column(_("Date"), align="left"),
        Column(_("Route")),
        Column(_("Class")),
        Column(_("Weight")),
        Column(_("Freight"), carry=True),
        Column(_("Fuel"), carry=True),
        Column(_("Services"), carry=True),
        Column(_("Total"), carry=True),
    )
    rows = [_overview_row(each, currency) for each in shown]
    rows.extend(_other_rows(document.invoice.lines))
    rows.append(_overview_total(document, shown, currency))
    table = Table(columns, tuple(rows))
    return Section(slot=Slot.LINES, title=_("Shipments"), blocks=(table,))


def _overview_row(each: Shown, currency: str) -> TableRow:
    carriage = each.carriage
    classes = ", ".join(carriage.classes)
    cells: tuple[Cell, ...] = (
        each.number,
        carriage.pickup,
        f"{bind_postcode(carriage.place_from)} – {bind_postcode(carriage.place_to)}",
        classes,
        given(carriage.weight, carriage.unit, "freight.weight.total"),
        *(each.sum(tag, currency) for tag in _KINDS),
        each.total(),
    )
    return TableRow(cells)


def bind_postcode(place: str) -> str:
    """Return a place whose postcode is not parted from the town at a line's end."""
    code, blank, town = place.partition(" ")
    return f"{code}{NBSP}{town}" if blank and code.isdigit() else place


def _other_rows(lines: Iterable[Line]) -> Iterator[TableRow]:
    for line in lines:
        if not isinstance(line.detail, Component):
            yield TableRow((line.id, line.date, line.description, *(None,) * 5, line.amount))


def _overview_total(document: Document, shown: list[Shown], currency: str) -> TableRow:
    sums = (
        total((each.sum(tag, currency) for each in shown), f"freight.bill.{tag}", currency)
        for tag in _KINDS
    )
    units = {each.carriage.unit for each in shown}
    weight = None
    if len(units) == 1:
        weights = (
            given(each.carriage.weight, each.carriage.unit, "freight.weight.total")
            for each in shown
        )
        weight = total(weights, "freight.bill.weight")
    # PLURAL by the number of shipments.
    count = _("{count} shipments", count=len(shown))
    cells: tuple[Cell, ...] = (
        _("Total"), None, count, None, weight, *sums, document.invoice.totals.lines,
    )  # fmt: skip
    return TableRow(cells, RowStyle.TOTAL)


def _fuel(shown: list[Shown], currency: str) -> Iterator[Table]:
    """Yield the note on the fuel prices that the bill goes by."""
    found: dict[tuple[dt.date, str], list[Line]] = {}
    for line in (line for each in shown for line in each.lines):
        if isinstance(line.detail, Component) and line.detail.fuel is not None:
            fuel = line.detail.fuel
            found.setdefault((fuel.effective, line.detail.tariff), []).append(line)
    if found:
        columns = (
            Column(_("Price in force from"), align="left"),
            Column(_("Index")),
            Column(_("Price")),
            Column(_("Surcharge")),
            Column(_("Shipments")),
            Column(_("Amount")),
        )
        rows = tuple(_fuel_row(found[key], currency) for key in sorted(found))
        yield Table(columns, rows, _("Fuel index"))


def _fuel_row(lines: list[Line], currency: str) -> TableRow:
    detail = lines[0].detail
    if not isinstance(detail, Component) or detail.fuel is None:
        raise TypeError(f"line {lines[0].id!r} has no fuel index")
    fuel = detail.fuel
    unit = f"{currency}/{fuel.unit}" if fuel.unit else currency
    return TableRow(
        (
            fuel.effective,
            fuel.index,
            given(fuel.price, unit, "freight.fuel.price"),
            given(fuel.percent, "%", "freight.fuel.row"),
            len(lines),
            total((line.amount for line in lines), "freight.bill.fuel"),
        )
    )


def _days(shown: list[Shown], currency: str) -> Iterator[Chart]:
    """Yield the chart of freight, fuel and services by day of pickup."""
    days = sorted({each.carriage.pickup for each in shown})
    if len(days) < _DAYS_OF_A_CHART:
        return
    names = (_("Freight"), _("Fuel"), _("Services"))
    series = tuple(
        ChartSeries(
            name,
            tuple(
                total(
                    (e.sum(tag, currency) for e in shown if e.carriage.pickup == day),
                    f"freight.bill.{tag}",
                    currency,
                )
                for day in days
            ),
        )
        for name, tag in zip(names, _KINDS, strict=True)
    )
    yield Chart(
        title=_("Charges by day of pickup"),
        kind=ChartKind.STACKED,
        categories=tuple(days),
        series=series,
    )


def _particulars(shown: list[Shown]) -> Section:
    """Return the sheet of all lines, each with its row of the tariff."""
    tariffs = {
        (line.detail.tariff, line.detail.version)
        for each in shown
        for line in each.lines
        if isinstance(line.detail, Component)
    }
    columns = (
        Column(_("Charge")),
        Column(_("Quantity")),
        Column(_("Rate")),
        Column(_("Tariff row")),
        Column(_("Amount"), carry=True),
    )
    alone = len(tariffs) == 1
    rows = tuple(row for each in shown for row in _particular_rows(each, alone=alone))
    table = Table(columns, rows)
    title = _("Particulars of the shipments")
    notes = [Note(_by(*tariff)) for tariff in tariffs] if alone else []
    notes.extend(Note(_("Rates by weight are for {per}.", per=per)) for per in _pers(shown))
    notes.extend(Note(_started_step_note(*each)) for each in _steps(shown))
    return Section(slot=Slot.SHEET, title=title, blocks=(*notes, table))


def _by(tariff: str, version: str) -> Label:
    return _("By tariff {tariff}, version {version}.", tariff=tariff, version=version)


def _pers(shown: list[Shown]) -> list[str]:
    """Return the weights that rates are for; one unit of weight needs no words."""
    pers = {(each.carriage.per, each.carriage.unit) for each in shown}
    return [f"{per} {unit}" for per, unit in sorted(pers) if per > 1]


def _steps(shown: list[Shown]) -> list[tuple[Decimal, str]]:
    """Return the steps that weights are rounded up to, with their units."""
    steps = {(each.carriage.weight_step, each.carriage.unit) for each in shown}
    return sorted((step, unit) for step, unit in steps if step is not None)


def _started_step_note(step: Decimal, unit: str) -> Label:
    return _("Each started {step} {unit} counts whole.", step=step, unit=unit)


def _rate(detail: Component) -> Figure:
    """Return the rate as a column of rates shows it: the quantity beside it has the unit."""
    return given(detail.rate, detail.rate_unit.partition("/")[0], "freight.rate.tariff")


def _particular_rows(each: Shown, *, alone: bool) -> Iterator[TableRow]:
    """Yield the rows of a shipment; ``alone`` leaves out the name of the only tariff."""
    carriage = each.carriage
    head = f"{each.number} · {carriage.place_from} – {carriage.place_to}"
    yield TableRow((head,), RowStyle.GROUP)
    if carriage.reference:
        yield TableRow(
            (_("Your reference: {reference}", reference=carriage.reference),), RowStyle.NOTE
        )
    for line in each.lines:
        detail = line.detail
        if isinstance(detail, Component):
            where = detail.row if alone else f"{detail.tariff} {detail.version}, {detail.row}"
            yield TableRow(
                (_what(line.description), line.quantity, _rate(detail), where, line.amount)
            )
    yield TableRow((_("Shipment total"), None, None, None, each.total()), RowStyle.SUBTOTAL)


def _what(description: Text) -> Cell:
    """Return a line's description without its source, which has a column of its own."""
    return description if isinstance(description, str) else dict(description.params)["what"]
