"""Allocation: money of a receipt settles bills and fees, and is taken back.

An allocation may also take off an early-payment discount that the bill's terms offer, and a
shortfall that is written off with a reason; both correct the tax class by class, and both come
back when the allocation is taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import attrs

from billhook.issue.actor import Actor, require_reason
from billhook.issue.roles import OPEN, Roles
from billhook.issue.seal import minor_units, unseal
from billhook.kernel.figure import given
from billhook.kernel.money import round_fraction
from billhook.ledger import codes, events
from billhook.ledger.events import amount_of, given_facts, record, refused, shown, units_of
from billhook.ledger.journal import (
    BILL,
    COSTS,
    INTEREST,
    Ledger,
    LedgerEntry,
    Receipt,
    Receivable,
    least_from,
    read_items,
    read_ledger,
)
from billhook.ledger.open_items import (
    OpenItem,
    item_of,
    items_by_age,
    open_from,
    open_items,
    require_day,
    require_open,
)
from billhook.ledger.receipts import (
    Incoming,
    add_receipt_in,
    facts_from,
    left_from,
    receipt_of,
    require_left,
)
from billhook.ledger.reduction import divide_reduction
from billhook.model.terms import Discount
from billhook.store.protocol import Reading, Store, Writing

Policy = Literal["oldest", "costs-interest-principal"]
"""Which items money settles first: the earliest due; or costs, then interest, then the rest."""


@attrs.frozen(kw_only=True)
class Settlement:
    """Money of one receipt that is allocated to one item.

    Attributes:
        item: Number of the bill, or id of the fee.
        amount: Money of the receipt; ``None`` is as much as is open and left.
        discount: Take off the early-payment discount; the receipt must be in time.
        shortfall: What is missing and is written off, in the item's currency.
        settles: What of the item the money settles, where its currency is another.
        rate: The exchange rate: units of the item's currency for one of the receipt's.
    """

    item: str
    amount: Decimal | None = None
    discount: bool = False
    shortfall: Decimal = Decimal(0)
    settles: Decimal | None = None
    rate: Decimal | None = None


def receive(
    store: Store,
    money: Incoming,
    actor: Actor,
    settlements: Iterable[Settlement] = (),
    *,
    policy: Policy | None = None,
    discount: bool = False,
    tolerance: Mapping[str, Decimal] | None = None,
    roles: Roles = OPEN,
) -> str:
    """Record money that came in with what it settles, all or nothing, and return the receipt's id.

    Args:
        store: Where documents are kept.
        money: The money; its key, if it has one, records the settlements once too.
        actor: Who records it.
        settlements: What it settles, in this order.
        policy: What the rest settles of the client's open items; ``None`` leaves it on account.
        discount: By the policy, take early-payment discounts off that the money is in time for.
        tolerance: See `allocate`.
        roles: Who may do what.

    Raises:
        RefusedError: What `add_receipt` and `allocate` refuse.
    """
    roles.check(actor, "record")
    with store.write() as writing:
        known = bool(money.key) and bool(read_items(writing, (), [money.key]).receipts)
        id_ = add_receipt_in(writing, money, actor)
        if not known:
            allocate_in(writing, id_, settlements, actor, tolerance=tolerance, roles=roles)
            if policy is not None:
                wanted = by_policy(writing, id_, policy, money.day, discount=discount)
                allocate_in(writing, id_, wanted, actor, roles=roles)
    return id_


def allocate(
    store: Store,
    receipt_id: str,
    settlements: Iterable[Settlement],
    actor: Actor,
    *,
    day: dt.date | None = None,
    policy: Policy | None = None,
    key: str = "",
    tolerance: Mapping[str, Decimal] | None = None,
    roles: Roles = OPEN,
) -> tuple[str, ...]:
    """Settle items from a receipt, all or none, and return the allocations' ids.

    Args:
        store: Where documents are kept.
        receipt_id: The receipt; or a bill in credit, whose credit settles another.
        settlements: What is settled, in this order.
        actor: Who does so and when; a shortfall needs a reason.
        day: The day it takes effect; ``None`` is the later one of the receipt's and the item's.
        policy: What the rest settles of the client's open items; ``None`` leaves it on account.
        key: The same key allocates once.
        tolerance: The shortfall by currency that everybody may write off; above it, it takes the
            right to correct.
        roles: Who may do what.

    Raises:
        RefusedError: BH701 no such receipt, BH703 more than is on account, BH704 more than is
            open, BH706 currencies differ, BH707 too early, BH709 no discount, BH710 no such item.
    """
    roles.check(actor, "record")
    with store.write() as writing:
        made = allocate_in(
            writing,
            receipt_id,
            settlements,
            actor,
            day=day,
            key=key,
            tolerance=tolerance,
            roles=roles,
        )
        if policy is None:
            return made
        wanted = by_policy(writing, receipt_id, policy, day or actor.at.date())
        return (*made, *allocate_in(writing, receipt_id, wanted, actor, day=day, roles=roles))


def allocate_in(
    writing: Writing,
    receipt_id: str,
    settlements: Iterable[Settlement],
    actor: Actor,
    *,
    day: dt.date | None = None,
    key: str = "",
    tolerance: Mapping[str, Decimal] | None = None,
    roles: Roles = OPEN,
) -> tuple[str, ...]:
    """Settle items inside a transaction of the caller's."""
    made = []
    for place, wanted in enumerate(settlements):
        own = f"{key}/{place}" if key else ""
        made.append(
            _Allocating(writing, receipt_id, wanted, actor, own, tolerance or {}, roles).run(day)
        )
    return tuple(made)


@attrs.define
class _Allocating:
    """One settlement, checked and recorded."""

    writing: Writing
    source: str
    wanted: Settlement
    actor: Actor
    key: str
    tolerance: Mapping[str, Decimal]
    roles: Roles

    def run(self, day: dt.date | None) -> str:
        ledger = read_items(self.writing, [self.wanted.item, self.source], [self.source])
        lines = [each.line for each in ledger.of_kind(events.ALLOCATION)]
        if done := events.recorded_before(lines, events.ALLOCATION, self.key):
            return done
        if self.source in ledger.items and self.source not in ledger.receipts:
            return self._set_off(ledger, day)
        receipt, item = receipt_of(ledger, self.source), item_of(ledger, self.wanted.item)
        day = day or max(receipt.day, item.day)
        require_day(day, f"receipt {receipt.id}", receipt.day)
        require_day(day, item.id, item.day)
        facts = self._facts(ledger, receipt, item, day)
        require_left(ledger, receipt, facts["units"], day)
        taken = facts["settles"] + facts.get("discount", 0) + facts.get("shortfall", 0)
        require_open(ledger, item, taken, day)
        thread = events.receipt_thread(receipt.id)
        return self._record(facts, item, day, thread)

    def _record(self, facts: dict[str, Any], item: Receivable, day: dt.date, thread: str) -> str:
        facts |= given_facts(key=self.key)
        if item.customer != facts["customer"]:
            facts["owed_by"] = item.customer
        return record(
            self.writing,
            events.ALLOCATION,
            self.actor,
            facts,
            day=day,
            document=item.id,
            subject=thread,
        )

    def _facts(
        self, ledger: Ledger, receipt: Receipt, item: Receivable, day: dt.date
    ) -> dict[str, Any]:
        wanted = self.wanted
        shortfall = units_of(wanted.shortfall, item.currency, "the shortfall", zero=True)
        if shortfall:
            self._check_shortfall(item, shortfall)
        if receipt.currency != item.currency:
            money = self._exchange_facts(receipt, item)
        else:
            money = self._same(ledger, receipt, item, shortfall, day)
        reduced = shortfall + money.get("discount", 0)
        parts = divide_reduction(self.writing, ledger, item, reduced) if reduced else []
        return {
            **facts_from(receipt, 0),
            "item_currency": item.currency,
            **money,
            **given_facts(shortfall=shortfall, parts=parts),
        }

    def _same(
        self, ledger: Ledger, receipt: Receipt, item: Receivable, shortfall: int, day: dt.date
    ) -> dict[str, Any]:
        """Return what is settled in the receipt's own currency."""
        open_ = open_from(ledger, item.id, day) - shortfall
        amount = self.wanted.amount
        if amount is not None:
            units = units_of(amount, receipt.currency, "the amount")
        else:
            units = min(open_, left_from(ledger, receipt.id, day))
        discount = 0
        if self.wanted.discount:
            offer = self._offer(receipt, item)
            if amount is None:
                units = min(units, open_ - _part(open_, offer.amount, _whole(offer)))
            taken = _part(units, offer.amount, minor_units(offer.payable))
            discount = max(0, min(taken, open_ - units))
        if units <= 0:
            message = f"nothing is left of {receipt.id}, or nothing is open of {item.id}"
            raise refused(
                codes.RECEIPT_EXCEEDED.id if open_ > 0 else codes.OPEN_EXCEEDED.id, message
            )
        return {"units": units, "settles": units, **given_facts(discount=discount)}

    def _offer(self, receipt: Receipt, item: Receivable) -> Discount:
        """Return the greatest discount that the money is in time for."""
        offers = discounts_of(self.writing, item)
        known = [each for each in offers if receipt.day <= each.until]
        if not known:
            last = "it offers none" if offers else "it has none"
            message = f"{item.id} offers no discount for money received on {receipt.day}: {last}"
            hint = "allocate without it, or write the rest off with a reason"
            raise refused(codes.NO_DISCOUNT.id, message, hint=hint)
        return max(known, key=lambda each: each.amount.value)

    def _exchange_facts(self, receipt: Receipt, item: Receivable) -> dict[str, Any]:
        """Return what is settled in another currency, and what the exchange gained or lost."""
        wanted = self.wanted
        if wanted.amount is None or wanted.settles is None or wanted.rate is None:
            message = f"{receipt.id} is in {receipt.currency}, {item.id} in {item.currency}"
            hint = "give the amount, how much of the bill it settles, and the exchange rate"
            raise refused(codes.EXCHANGE_RATE.id, message, hint=hint)
        if wanted.discount or wanted.rate <= 0:
            message = "an exchange has a rate above zero, and takes no discount"
            raise refused(codes.EXCHANGE_RATE.id, message, hint="write the rest off with a reason")
        units = units_of(wanted.amount, receipt.currency, "the amount")
        settles = units_of(wanted.settles, item.currency, "what is settled")
        worth = Fraction(amount_of(settles, item.currency)) / Fraction(wanted.rate)
        step = amount_of(1, receipt.currency)
        at_rate = units_of(round_fraction(worth, step), receipt.currency, "its worth", zero=True)
        rate = {"rate": str(wanted.rate)}
        return {
            "units": units,
            "settles": settles,
            **rate,
            **given_facts(difference=units - at_rate),
        }

    def _check_shortfall(self, item: Receivable, shortfall: int) -> None:
        require_reason(self.actor, "a shortfall")
        amount = amount_of(shortfall, item.currency)
        if amount > self.tolerance.get(item.currency, Decimal(0)):
            worth = given(amount, item.currency, "core.ledger.shortfall")
            self.roles.check(self.actor, "correct", [worth])

    def _set_off(self, ledger: Ledger, day: dt.date | None) -> str:
        """Settle an item from another that is in credit."""
        source, item = item_of(ledger, self.source), item_of(ledger, self.wanted.item)
        day = day or max(source.day, item.day, self.actor.at.date())
        require_day(day, source.id, source.day)
        require_day(day, item.id, item.day)
        credit = -_most_from(ledger, source.id, day)
        if source.currency != item.currency or self.wanted.discount or self.wanted.shortfall:
            raise refused(
                codes.EXCHANGE_RATE.id,
                f"a credit of {source.id} settles items in {source.currency}",
            )
        amount = self.wanted.amount
        units = (
            min(credit, open_from(ledger, item.id, day))
            if amount is None
            else units_of(amount, item.currency, "the amount")
        )
        if units > credit or units <= 0:
            left = shown(max(credit, 0), source.currency)
            raise refused(
                codes.RECEIPT_EXCEEDED.id, f"{source.id} is in credit by {left} from {day} on"
            )
        require_open(ledger, item, units, day)
        facts = {
            "source": source.id,
            "customer": source.customer,
            "currency": source.currency,
            "item_currency": item.currency,
            "units": units,
            "settles": units,
        }
        return self._record(facts, item, day, events.set_off_thread(source.id))


def _most_from(ledger: Ledger, item: str, day: dt.date) -> int:
    """Return the greatest balance of an item from a day on."""
    turned = [
        attrs.evolve(each, units=-each.units) for each in ledger.movements if each.item == item
    ]
    return -least_from(turned, day)


def discounts_of(reading: Reading, item: Receivable) -> tuple[Discount, ...]:
    """Return the early-payment discounts that a bill offers."""
    entry = reading.entry(item.id) if item.kind == BILL else None
    return unseal(entry, ()).invoice.terms.discounts if entry is not None else ()


def _whole(offer: Discount) -> int:
    return minor_units(offer.amount) + minor_units(offer.payable)


def _part(units: int, amount: Any, of: int) -> int:
    """Return the part of ``units`` that a discount is of the whole, half up."""
    return int(round_fraction(Fraction(units * minor_units(amount), of), Decimal(1)))


# ── which items first ────────────────────────────────────────────────────────


def distribute(
    units: int, items: Sequence[OpenItem], policy: Policy = "oldest"
) -> list[tuple[Receivable, int]]:
    """Return how money settles open items of its currency by a policy; what is left stays over.

    Args:
        units: The money, in minor units.
        items: Open items.
        policy: Which come first.
    """
    ranks = {COSTS: 0, INTEREST: 1} if policy == "costs-interest-principal" else {}
    ordered = sorted(items_by_age(items), key=lambda each: ranks.get(each.item.kind, 2))
    found = []
    for each in ordered:
        taken = min(units, each.units)
        if taken > 0:
            found.append((each.item, taken))
            units -= taken
    return found


def by_policy(
    reading: Reading, receipt_id: str, policy: Policy, day: dt.date, *, discount: bool = False
) -> list[Settlement]:
    """Return what is left of a receipt as settlements of its client's open items.

    Args:
        reading: The store.
        receipt_id: The receipt.
        policy: Which items come first.
        day: What is open from this day on: what later entries took is no longer there.
        discount: Take early-payment discounts off where the money is in time and enough for all.
    """
    ledger = read_ledger(reading)
    receipt = receipt_of(ledger, receipt_id)
    left = left_from(ledger, receipt_id, receipt.day)
    unit = receipt.currency
    found = open_items(ledger, max(day, receipt.day), customer=receipt.customer)
    items = [
        attrs.evolve(each, units=min(each.units, open_from(ledger, each.item.id, day)))
        for each in found
        if each.item.currency == unit
    ]
    wanted = []
    for item, units in distribute(left, items, policy):
        offers = [o for o in discounts_of(reading, item) if receipt.day <= o.until]
        if discount and offers:
            wanted.append(Settlement(item=item.id, discount=True))
        else:
            wanted.append(Settlement(item=item.id, amount=amount_of(units, unit)))
    return wanted


# ── taking back ──────────────────────────────────────────────────────────────


def unallocate(
    store: Store,
    source: str,
    actor: Actor,
    *,
    day: dt.date,
    item: str | None = None,
    roles: Roles = OPEN,
) -> tuple[str, ...]:
    """Take allocations of a receipt back, all or those to one item; the money is on account.

    Args:
        store: Where documents are kept.
        source: The receipt, or the bill in credit.
        actor: Who does so, when and why.
        day: The day it takes effect.
        item: The bill or fee; ``None`` is all.
        roles: Who may do what.

    Returns:
        The ids of the allocations that were taken back.

    Raises:
        RefusedError: BH701 no such receipt, BH707 before an allocation, BH713 there is none.
    """
    roles.check(actor, "record")
    require_reason(actor, "taking an allocation back")
    with store.write() as writing:
        ledger = read_items(writing, [source], [source])
        if source not in ledger.receipts and source not in ledger.items:
            raise refused(codes.NO_RECEIPT.id, f"there is no receipt {source!r}", hint=LIST)
        found = [e for e in living_allocations(ledger, source) if item in {None, e.line.document}]
        if not found:
            to = f" to {item}" if item else ""
            raise refused(codes.NO_ENTRY.id, f"{source} has no allocation{to} to take back")
        require_day(day, "the allocation", max(each.day for each in found))
        for each in found:
            take_back(writing, each, actor, day)
    return tuple(str(each.facts["id"]) for each in found)


LIST = "see billhook payment list"


def living_allocations(ledger: Ledger, source: str) -> list[LedgerEntry]:
    """Return the allocations of a receipt, or of a bill in credit, that were not taken back."""
    return [
        each
        for each in ledger.of_kind(events.ALLOCATION)
        if source in {each.facts.get("receipt"), each.facts.get("source")}
        if each.undone is None
    ]


def take_back(writing: Writing, entry: LedgerEntry, actor: Actor, day: dt.date) -> None:
    """Record that an allocation is taken back, on a day or on its own if that is later."""
    record(
        writing,
        events.UNALLOCATION,
        actor,
        {"of": entry.facts["id"]},
        day=max(day, entry.day),
        document=entry.line.document,
        subject=entry.line.subject,
    )
