"""An office that issues bills and keeps the ledger, with days in June 2026 written as numbers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook.issue.request import issue_requests
from billhook.ledger.ageing import ageing
from billhook.ledger.allocation import Settlement, allocate
from billhook.ledger.events import amount_of
from billhook.ledger.journal import Ledger, control_totals, read_ledger
from billhook.ledger.open_items import open_items
from billhook.ledger.receipts import Incoming, add_receipt, receipt_statuses
from billhook.model.terms import Agreement, EarlyPayment
from billhook.store.protocol import Store
from billhook.testing.samples import sample_party
from issue.desk import actor, desk_engine, item, order

ENGINE = desk_engine()
TWO_PERCENT = Agreement(net_days=30, discounts=(EarlyPayment(percent=Decimal(2), days=10),))


def june(day: int) -> dt.date:
    """A day counted from 1 June 2026; 31 is 1 July."""
    return dt.date(2026, 6, 1) + dt.timedelta(days=day - 1)


@attrs.define
class Office:
    """Acts as kim on a store; amounts are texts."""

    store: Store
    count: int = 0

    def act(self, reason: str = "because"):
        self.count += 1
        return actor("kim", reason, self.count)

    def bill(self, *amounts: str, day: int = 1, client: str = "acme", **changes: object) -> str:
        """Issue a bill of items without tax, or of pairs of amount and tax class."""
        self.count += 1
        pairs = [each.split() if " " in each else [each, "exempt"] for each in amounts]
        items = [item(f"x:{self.count}-{n}", *pair) for n, pair in enumerate(pairs)]
        subject = str(changes.pop("subject", client))
        wanted = order(
            ENGINE,
            items,
            id=f"job{self.count}",
            subject=subject,
            buyer=sample_party(client),
            date=june(day),
            **changes,
        )
        [outcome] = issue_requests(self.store, [wanted], self.act())
        return outcome.documents[0].number

    def receive(self, amount: str, day: int = 5, client: str = "acme", **more: object) -> str:
        money = Incoming(
            customer=client,
            amount=Decimal(amount),
            currency=str(more.pop("currency", "USD")),
            day=june(day),
            **more,
        )
        return add_receipt(self.store, money, self.act())

    def settle(self, receipt: str, bill: str, amount: str | None = None, **more: object):
        wanted = Settlement(item=bill, amount=None if amount is None else Decimal(amount), **more)
        return allocate(self.store, receipt, [wanted], self.act())

    @property
    def ledger(self) -> Ledger:
        with self.store.read() as reading:
            return read_ledger(reading)

    def open(self, day: int = 90) -> dict[str, str]:
        return {
            each.item.id: str(amount_of(each.units, each.item.currency))
            for each in open_items(self.ledger, june(day))
        }

    def receipt(self, id_: str, day: int = 90) -> dict[str, str]:
        """What became of a receipt, without what is nothing."""
        [found] = [s for s in receipt_statuses(self.ledger, june(day)) if s.receipt.id == id_]
        assert found.explained
        names = ("amount", "allocated", "on_account", "refunded", "written_off", "difference")
        unit = found.receipt.currency
        return {n: str(amount_of(getattr(found, n), unit)) for n in names if getattr(found, n)}

    def total(self, day: int = 90, currency: str = "USD") -> str:
        """The control total, which the ageing must equal."""
        ledger = self.ledger
        [control] = [control_totals(ledger, june(day)).get(currency, 0)]
        aged = {row.currency: row.total for row in ageing(ledger, june(day)).totals}
        assert aged.get(currency, 0) == control
        return str(amount_of(control, currency))
