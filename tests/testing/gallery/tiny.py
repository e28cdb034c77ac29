"""Hours at a price: the plugin that each broken one is made of by changing a line or two."""

from __future__ import annotations

from decimal import Decimal

import attrs

from billhook import (
    Charge,
    Code,
    Document,
    Figure,
    History,
    Invoice,
    Job,
    PluginInfo,
    Rating,
    Record,
    Records,
    Skip,
    given,
    hookimpl,
    times,
)
from billhook.blocks import Column, Section, Slot, Table, TableRow


@attrs.frozen(kw_only=True)
class Work(Record):
    """Hours of one piece of work."""

    hours: Decimal
    note: str = ""


@attrs.frozen(kw_only=True)
class Detail:
    """What a line keeps."""

    names: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Tally:
    """What the next bill starts from."""

    bills: int = 0


CODES = (Code("TNY101", "never found", "It is never found."),)


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="tiny",
        title="Hours at a price",
        version="1",
        prefix="TNY",
        package=__name__,
        state=Tally,
        details=(Detail,),
        codes=CODES,
    )


@hookimpl
def billhook_rate(job: Job, records: Records, history: History) -> Rating:
    """Bill the hours; what has none is skipped."""
    works = records.of(Work)
    before = history.state(Tally)
    return Rating(
        charges=tuple(_charge(job, work) for work in works if work.hours),
        skipped=tuple(Skip(work.key, "no hours", work.origin) for work in works if not work.hours),
        state=Tally(bills=before.bills + 1 if before else 1),
    )


def _charge(job: Job, work: Work) -> Charge:
    hours = given(work.hours, "h", "tiny.hours", work.origin)
    price = given(Decimal("99.99"), f"{job.currency}/h", "tiny.price", what="tiny.fee")
    return Charge(
        id=work.key,
        description=f"Work {work.note}",
        quantity=hours,
        unit_price=price,
        amount=_fee(hours, price),
        sources=(work.key,),
        detail=Detail(names=("a", "b")),
    )


def _standing(job: Job) -> tuple[Charge, ...]:
    """A charge that no record asks for: the sound plugin makes none."""
    amount = given(Decimal("7.00"), job.currency, "tiny.fee")
    return (Charge(id="standing", description="Standing charge", amount=amount, recurs=True),)


def _opening(job: Job, works: tuple[Work, ...]) -> tuple[Charge, ...]:
    """A charge for each bill with work on it: the sound plugin makes none."""
    return _standing(job) if any(work.hours for work in works) else ()


def _fee(hours: Figure, price: Figure) -> Figure:
    return times(hours, price, "tiny.fee")


@hookimpl
def billhook_check(draft: Invoice) -> None:
    """Find no fault."""


@hookimpl
def billhook_sections(document: Document) -> list[Section]:
    """Show the hours."""
    rows = tuple(TableRow((line.id, line.quantity)) for line in document.invoice.lines)
    table = Table((Column("Work"), Column("Hours")), rows)
    return [Section(slot=Slot.AFTER_TOTALS, blocks=(table,))]
