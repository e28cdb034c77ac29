"""The schedule of values as it stands for one application: approved changes are rows of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property

import attrs

from billhook.kernel.figure import PERCENT, Figure, given, times, total
from billhook.kernel.origin import Origin
from billhook.model.job import Job
from billhook.model.record import Records
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.records import ChangeOrder, ScheduleItem
from billhook_construction.settings import Contract
from billhook_construction.state import ChangeRow, ConstructionState

SHOWN = frozenset({"approved", "pending"})
"""Change orders on the document: a draft is the contractor's own, a rejected one is past."""


@attrs.frozen(kw_only=True)
class ContractItem:
    """A row of the schedule that can be billed.

    Attributes:
        item: Item number.
        description: The work.
        group: Trade or section.
        change_order: The approved change order that it belongs to.
        tax_class: The class that the tax is looked up by.
        tags: Further tags of its charges.
        value: Scheduled value.
        unit: Unit of quantities.
        unit_price: Price of one unit, if the item is measured.
        retainage: Percent held of the row, if it has a rate of its own.
        origin: Where it stands.
    """

    item: str
    description: str
    group: str
    change_order: str
    tax_class: str
    tags: frozenset[str]
    value: Figure
    unit: str = ""
    unit_price: Figure | None = None
    retainage: Figure | None = None
    origin: Origin


@attrs.frozen(slots=False)
class Schedule:
    """The schedule of one application.

    Attributes:
        items: The rows that count, in order; rows of change orders last.
        changes: The change orders that both parties know: approved, or still talked about.
        waiting: Item numbers whose change order does not count, with that order's number.
        currency: ISO 4217 code.
    """

    items: tuple[ContractItem, ...]
    changes: tuple[ChangeRow, ...]
    waiting: dict[str, str]
    currency: str

    @cached_property
    def original(self) -> Figure:
        """The contract sum before changes."""
        values = (item.value for item in self.items if not item.change_order)
        return total(values, "construction.sum.original", self.currency)

    @cached_property
    def net_change(self) -> Figure:
        """The sum of the approved change orders."""
        amounts = (change.amount for change in self.changes if change.application)
        return total(amounts, "construction.sum.changes", self.currency)

    @cached_property
    def contract_sum(self) -> Figure:
        """The contract sum with changes."""
        return total((self.original, self.net_change), "construction.sum.contract")


def cutoff(job: Job) -> dt.date:
    """Return the day up to which approvals count: the period's last, else the job's."""
    return job.period.last if job.period else job.date


def counts(order: ChangeOrder, day: dt.date) -> bool:
    """Return whether a change order is approved on a day."""
    return order.status == "approved" and (order.date is None or order.date <= day)


def make_schedule(
    job: Job, records: Records, contract: Contract, earlier: ConstructionState | None
) -> Schedule:
    """Return the schedule of a job's records."""
    grid = AmountGrid.of(job, contract)
    rows, orders = records.of(ScheduleItem), records.of(ChangeOrder)
    approved = {order.number: order for order in orders if counts(order, cutoff(job))}
    own = [_item(row, grid) for row in rows if not row.change_order]
    changed = [_item(row, grid) for row in rows if row.change_order in approved]
    filled = {row.change_order for row in rows}
    added = [_order_item(order, grid) for order in approved.values() if order.number not in filled]
    changes = tuple(
        _change(order, grid, earlier, counted=order.number in approved)
        for order in orders
        if order.status in SHOWN
    )
    return Schedule(
        (*own, *_by_order([*changed, *added], approved)),
        changes,
        _waiting(rows, orders, approved),
        job.currency,
    )


def _by_order(items: list[ContractItem], approved: Iterable[str]) -> list[ContractItem]:
    place = {number: index for index, number in enumerate(approved)}
    return sorted(items, key=lambda item: place[item.change_order])


def _waiting(
    rows: Iterable[ScheduleItem], orders: Iterable[ChangeOrder], approved: Iterable[str]
) -> dict[str, str]:
    counted = set(approved)
    waiting = {order.number: order.number for order in orders if order.number not in counted}
    for row in rows:
        if row.change_order and row.change_order not in counted:
            waiting[row.item] = row.change_order
    return waiting


def _item(row: ScheduleItem, grid: AmountGrid) -> ContractItem:
    price = _unit_price(row, grid)
    return ContractItem(
        item=row.item,
        description=row.description,
        group=row.group,
        change_order=row.change_order,
        tax_class=row.tax_class,
        tags=frozenset({"work", *row.tags}),
        value=_value(row, grid, price),
        unit=row.unit or "ea",
        unit_price=price,
        retainage=_rate(row),
        origin=row.origin,
    )


def _rate(row: ScheduleItem) -> Figure | None:
    if row.retainage is None:
        return None
    return given(row.retainage, PERCENT, "construction.retainage.row-rate", row.origin)


def _unit_price(row: ScheduleItem, grid: AmountGrid) -> Figure | None:
    if row.unit_price is None:
        return None
    unit = f"{grid.currency}/{row.unit or 'ea'}"
    return given(row.unit_price, unit, "construction.item.price", row.origin)


def _value(row: ScheduleItem, grid: AmountGrid, price: Figure | None) -> Figure:
    if row.value is not None:
        value = given(row.value, grid.currency, "construction.item.value", row.origin)
        return grid.money(value, "construction.item.value-rounded")
    if price is None or row.quantity is None:
        return grid.zero("construction.item.value")
    quantity = given(row.quantity, row.unit or "ea", "construction.item.quantity", row.origin)
    product = times(quantity, price, "construction.item.measured")
    return grid.money(product, "construction.item.value-rounded")


def _order_item(order: ChangeOrder, grid: AmountGrid) -> ContractItem:
    return ContractItem(
        item=order.number,
        description=order.description or order.number,
        group="",
        change_order=order.number,
        tax_class=order.tax_class,
        tags=frozenset({"work"}),
        value=_amount(order, grid),
        origin=order.origin,
    )


def _amount(order: ChangeOrder, grid: AmountGrid) -> Figure:
    amount = given(order.amount, grid.currency, "construction.change.amount", order.origin)
    return grid.money(amount, "construction.change.amount-rounded")


def _change(
    order: ChangeOrder, grid: AmountGrid, earlier: ConstructionState | None, *, counted: bool
) -> ChangeRow:
    before = {} if earlier is None else {row.number: row for row in earlier.changes}
    this = 1 if earlier is None else earlier.application + 1
    known = before[order.number].application if order.number in before else 0
    return ChangeRow(
        number=order.number,
        amount=_amount(order, grid),
        date=order.date,
        description=order.description,
        application=(known or this) if counted else 0,
    )
