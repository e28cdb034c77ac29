"""A car park, as written for the first hooks of billhook: every hook, and every kind of pocket.

This file is frozen.  It is what somebody's plugin looks like after the first release, and it must
go on loading and billing the same amounts as long as ``billhook.API`` is 1.  If a change of
billhook breaks it, the change breaks plugins.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import IO, Annotated, Literal

import attrs
import click

from billhook import (
    PERCENT,
    Adjustment,
    App,
    Break,
    Category,
    Charge,
    Chart,
    ChartKind,
    Code,
    Column,
    Diagnostic,
    Document,
    Event,
    Exporter,
    Figure,
    Given,
    History,
    Invoice,
    Job,
    Kind,
    Label,
    Mode,
    Note,
    Of,
    Orientation,
    Origin,
    Pairs,
    Party,
    Percent,
    PluginInfo,
    Rating,
    Record,
    Records,
    Rounding,
    Row,
    RowStyle,
    Seal,
    Section,
    Series,
    Severity,
    Share,
    Signature,
    Skip,
    Slot,
    Source,
    Stage,
    Table,
    Taxable,
    TaxComponent,
    TaxRule,
    UpTo,
    banded,
    given,
    greatest,
    hookimpl,
    labels,
    least,
    less,
    negative,
    ratio,
    rounded,
    rounded_money,
    times,
    total,
)
from billhook.sources.ranges import above, at_least, between

_ = labels("billhook")


# ── what is read ─────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Band:
    """A price per hour for stays of some length, from ``since_hours`` on."""

    since_hours: Annotated[Decimal, at_least(0)]
    per_hour: Annotated[Decimal, at_least(0)]
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Settings:
    """The table ``[parking]``.

    Attributes:
        bands: Prices by length of stay, shortest first.
        unit: What time is rounded up to, in minutes.
        most: The most that a stay costs.
        rebate: Percent off all stays.
        deposit: Paid before.
        vat: Rate of the tax.
        partner: Another payer, who bears a third.
        weekend: What is done with stays on weekends.
    """

    bands: tuple[Band, ...]
    unit: Annotated[int, above(0)] = 15
    most: Decimal = Decimal(20)
    rebate: Annotated[Decimal, between(0, 100)] = Decimal(0)
    deposit: Decimal = Decimal(0)
    vat: Decimal = Decimal(19)
    partner: Party | None = None
    weekend: Literal["bill", "free"] = "bill"


@attrs.frozen(kw_only=True)
class Stay(Record):
    """A car that stayed."""

    day: dt.date
    plate: str
    minutes: Annotated[Decimal, at_least(0)]


@attrs.frozen(kw_only=True)
class Permit(Given):
    """A plate that parks free of charge: known, not billed."""

    plate: str


@attrs.frozen(kw_only=True)
class Waived(Event):
    """Somebody let a stay off."""

    plate: str


# ── what is kept ─────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Standing:
    """What the next bill starts from."""

    bills: int
    hours: Figure


@attrs.frozen(kw_only=True)
class Ticket:
    """What a line keeps."""

    plate: str
    weekend: bool


# ── declare ──────────────────────────────────────────────────────────────────


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="parking",
        title="A car park",
        version="1.0",
        api=1,
        prefix="PRK",
        settings=Settings,
        records={"parking.stays": Stay},
        events=(Waived,),
        state=Standing,
        details=(Ticket,),
        seal_scheme="parking-1",
        codes=(Code("PRK101", "long stay", "A stay of more than a day is often a lost ticket."),),
    )


@hookimpl
def billhook_exporters() -> Iterable[Exporter]:
    """Offer a list of stays."""
    yield Exporter(
        key="stays",
        title="List of stays",
        media_type="text/plain",
        suffix=".lst",
        write=_write,
        accepts=_accepts,
    )


def _write(documents: Sequence[Document], stream: IO[bytes]) -> None:
    for document in documents:
        for line in document.invoice.lines:
            stream.write(f"{line.id} {line.amount.value}\n".encode())


def _accepts(document: Document) -> Iterator[Diagnostic]:
    if not document.invoice.lines:
        yield Diagnostic("PRK101", "there is no stay on the bill")


@hookimpl
def billhook_commands(cli: click.Group, app: App) -> None:
    """Add a command."""

    @cli.group("parking")
    def group() -> None:
        """A car park."""

    @group.command()
    def hello() -> None:
        """Say hello."""
        app.write("hello")


# ── compute ──────────────────────────────────────────────────────────────────


@hookimpl
def billhook_read(job: Job, source: Source) -> Iterable[Record] | None:
    """Read permits; stays are read by the core."""
    return source.records(Permit) if source.kind == "parking.permits" else None


@hookimpl
def billhook_rate(job: Job, records: Records, history: History) -> Rating | None:
    """Bill each stay that no permit and nobody's mercy lets off."""
    settings = job.settings(Settings)
    free = {permit.plate for permit in records.of(Permit)}
    free |= {event.plate for event in history.events(Waived)}
    charges, skipped = [], []
    for stay in records.of(Stay):
        if stay.plate in free or (settings.weekend == "free" and _on_weekend(stay)):
            skipped.append(Skip(stay.key, _("No charge"), stay.origin))
        else:
            charges.append(_charge(job, settings, stay))
    hours = [charge.quantity for charge in charges if charge.quantity is not None]
    before = history.state(Standing)
    state = Standing(
        bills=before.bills + 1 if before else 1,
        hours=total((*([before.hours] if before else ()), *hours), "parking.hours.total", "h"),
    )
    return Rating(charges=tuple(charges), skipped=tuple(skipped), state=state)


def _on_weekend(stay: Stay) -> bool:
    return stay.day.isoweekday() > 5


def _charge(job: Job, settings: Settings, stay: Stay) -> Charge:
    minutes = given(stay.minutes, "min", "parking.minutes", stay.origin)
    units = rounded(minutes, Decimal(settings.unit), "parking.minutes.unit", Mode.UP)
    hours = ratio(units, given(Decimal(60), "min/h", "parking.hour"), "parking.hours", "h")
    rate = _rate(job, settings.bands, hours)
    fee = times(hours, rate, "parking.fee")
    most = given(settings.most, job.currency, "parking.most")
    amount = greatest(
        (least((fee, most), "parking.capped"), job.zero("parking.nothing")), "parking.amount"
    )
    return Charge(
        id=f"stay-{stay.key.rpartition(':')[2]}",
        description=_("{number} of {date}", number=stay.plate, date=stay.day),
        amount=amount,
        quantity=hours,
        unit_price=rate,
        gross=fee,
        adjustment=negative(less(fee, amount, rule="parking.saved"), "parking.off"),
        adjustment_reason=_("Discount"),
        date=stay.day,
        tags=frozenset({"stay"}),
        sources=(stay.key,),
        detail=Ticket(plate=stay.plate, weekend=_on_weekend(stay)),
    )


def _rate(job: Job, bands: tuple[Band, ...], hours: Figure) -> Figure:
    lows = [band.since_hours for band in bands]
    index = max(i for i, low in enumerate(lows) if low <= hours.value)
    high = lows[index + 1] if index + 1 < len(lows) else None
    band = bands[index]
    row = given(band.per_hour, f"{job.currency}/h", "parking.rate", band.origin)
    return banded(hours, row, lows[index], high, "parking.band")


@hookimpl
def billhook_adjust(job: Job, charges: Sequence[Charge]) -> Iterable[Adjustment]:
    """Take the rebate off, round to five cents in favour of the customer, use the deposit."""
    settings = job.settings(Settings)
    if settings.rebate:
        yield Adjustment(
            id="rebate",
            label=_("Discount"),
            stage=Stage.BEFORE_TAX,
            kind=Kind.ALLOWANCE,
            amount=Percent(
                given(settings.rebate, PERCENT, "parking.rebate"), Of.CHARGES, frozenset({"stay"})
            ),
            order=10,
            code="95",
        )
    step = Rounding("parking", Mode.DOWN, Decimal("0.05"))
    entry = given(Decimal("1.23"), job.currency, "parking.entry")
    yield Adjustment(
        id="entry",
        label="Entry",
        stage=Stage.BEFORE_TAX,
        kind=Kind.SURCHARGE,
        amount=rounded_money(entry, step, "parking.entry.rounded"),
        tax_class="standard",
        order=20,
    )
    if settings.deposit:
        fund = given(settings.deposit, job.currency, "parking.deposit")
        yield Adjustment(
            id="deposit",
            label=_("Amount already paid"),
            stage=Stage.AFTER_TAX,
            kind=Kind.SETTLED,
            amount=UpTo(fund),
        )


@hookimpl
def billhook_split(job: Job) -> Sequence[Share] | None:
    """Let the partner bear a third."""
    partner = job.settings(Settings).partner
    if partner is None:
        return None
    weights = ((job.buyer, 2), (partner, 1))
    return [Share(who, given(Decimal(part), "1", "parking.part")) for who, part in weights]


@hookimpl
def billhook_tax(job: Job, taxable: Taxable) -> TaxRule | None:
    """Tax by the settings' rate."""
    rate = given(job.settings(Settings).vat, PERCENT, "parking.vat")
    return TaxRule(components=(TaxComponent(name="VAT", rate=rate),), category=Category.STANDARD)


@hookimpl
def billhook_check(job: Job, draft: Invoice, history: History) -> Iterable[Diagnostic]:
    """Find long stays."""
    for line in draft.lines:
        if line.quantity is not None and line.quantity.value > 24:
            yield Diagnostic(
                "PRK101", f"{line.id} is of more than a day", Severity.WARNING, job.origin
            )


# ── issue ────────────────────────────────────────────────────────────────────


@hookimpl
def billhook_number(job: Job, draft: Invoice, sequence: int) -> str | None:
    """Dress the number."""
    return f"P{draft.date:%y}-{sequence:04}"


@hookimpl
def billhook_seal(document: Document, previous: Mapping[str, str]) -> Seal | None:
    """Chain what is payable."""
    text = (
        f"{previous.get('parking-1', '')}|{document.number}|{document.invoice.totals.payable.value}"
    )
    return Seal("parking-1", hashlib.sha256(text.encode()).hexdigest())


HEARD: list[str | None] = []
"""Numbers of the documents that this plugin heard of."""


@hookimpl
def billhook_issued(document: Document) -> None:
    """Hear of it."""
    HEARD.append(document.number)


# ── show ─────────────────────────────────────────────────────────────────────


@hookimpl
def billhook_sections(document: Document) -> Iterable[Section]:
    """Show what the block language has."""
    lines = document.invoice.lines
    titles = (Column(_("Line"), width=2), Column(_("Hours")), Column(_("Amount"), carry=True))
    rows = [Row((line.id, line.quantity, line.amount)) for line in lines]
    rows.append(Row((_("Total"), None, document.invoice.totals.lines), RowStyle.TOTAL))
    chart = Chart(
        title=_("Hours"),
        kind=ChartKind.BARS,
        categories=tuple(line.id for line in lines),
        series=(Series(_("Hours"), tuple(_hours(line.quantity) for line in lines)),),
    )
    yield Section(
        slot=Slot.HEAD,
        blocks=(Pairs(((_("Period"), document.invoice.period), ("Cars", len(lines)))),),
    )
    yield Section(slot=Slot.AFTER_TOTALS, blocks=(Note("Drive safely."), chart), order=50)
    yield Section(
        slot=Slot.SHEET,
        title=Label("billhook", "Details"),
        orientation=Orientation.LANDSCAPE,
        blocks=(Table(titles, tuple(rows)), Break(), Signature((_("Signature"),))),
    )


def _hours(quantity: Figure | None) -> Figure:
    return quantity if quantity is not None else given(Decimal(0), "h", "parking.none")
