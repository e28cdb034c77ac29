"""``billhook client show``: one client on one screen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import open_store_context
from billhook.cli.exits import Exit
from billhook.cli.options import text_or_json
from billhook.cli.receivables import as_of, ledger_of, money, require_client
from billhook.kernel.diagnostics import Findings
from billhook.ledger.clients import ClientCard, client_card
from billhook.ledger.events import shown
from billhook.ledger.open_items import OpenItem
from billhook.model.party import Party

COMMANDS = {
    "show": Lazy(
        "billhook.cli.commands.client:show", "Balance, open items, last bills, disputes, promises."
    )
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def client() -> None:
    """Show clients and their accounts."""


@click.command("show", cls=Command)
@click.argument("name")
@as_of
@text_or_json()
@click.pass_obj
def show(console: Console, /, name: str, day: dt.date, format_: str) -> Exit:
    """Show client NAME: balance, open items, payments, disputes and promises."""
    with open_store_context(dry=True) as place:
        require_client(place, name)
        card = client_card(ledger_of(place), name, day)
        party = None
        if name in place.project.customers.files:
            party = place.project.customers.get(name, Findings())
    if format_ == "json":
        console.write(json.dumps(_facts(card), ensure_ascii=False, indent=2))
        return Exit.OK
    for line in (*_head(name, party), *_lines(card)):
        console.write(line)
    return Exit.OK


def _head(name: str, party: Party | None) -> Iterator[str]:
    if party is None:
        yield name
        return
    yield f"{name}: {party.name}"
    contact = party.contact
    facts = (contact.name, contact.phone, contact.email) if contact else ()
    if words := [each for each in facts if each]:
        yield f"  {', '.join(words)}"


def _lines(card: ClientCard) -> Iterator[str]:
    sums = ", ".join(shown(units, unit) for unit, units in card.balances)
    yield f"balance on {card.day}: {sums or 'nothing'}"
    for each in card.items:
        yield f"  open      {_item(each, card.day)}"
    for status in card.unallocated:
        unit = status.receipt.currency
        yield f"  on account {shown(status.on_account, unit)} of receipt {status.receipt.id}"
    for bill in card.bills:
        yield f"  bill      {bill.id} of {bill.day}: {shown(bill.units, bill.currency)}"
    for status in card.receipts:
        receipt = status.receipt
        yield f"  receipt   {receipt.id} of {receipt.day}: {shown(status.amount, receipt.currency)}"
    for dispute in card.disputes:
        much = shown(dispute.units, dispute.currency)
        yield f"  dispute   {dispute.id}: {much} of {dispute.item}, {dispute.reason}"
    for promise in card.promises:
        much = shown(promise.units, promise.currency)
        until = f"by {promise.until}, {promise.state}"
        yield f"  promise   {promise.id}: {much} of {promise.item} {until}"
    for fund, units in card.funds:
        yield f"  {fund.kind:<9} {shown(units, fund.currency)} {fund.subject}".rstrip()


def _item(each: OpenItem, day: dt.date) -> str:
    unit = each.item.currency
    late = (day - each.due).days
    state = f"{late} days overdue" if late > 0 else f"due {each.due}"
    more = f", {shown(each.disputed, unit)} in dispute" if each.disputed else ""
    kept = f", {shown(each.withheld, unit)} withheld" if each.withheld else ""
    return f"{each.item.id}: {shown(each.units, unit)}, {state}{more}{kept}"


def _facts(card: ClientCard) -> dict[str, object]:
    return {
        "schema": "billhook.client/1",
        "client": card.customer,
        "day": card.day.isoformat(),
        "balances": {unit: money(units, unit) for unit, units in card.balances},
        "open": [
            {
                "number": each.item.id,
                "date": each.item.day.isoformat(),
                "due": each.due.isoformat(),
                "open": money(each.units, each.item.currency),
                "disputed": money(each.disputed, each.item.currency),
                "withheld": money(each.withheld, each.item.currency),
                "currency": each.item.currency,
            }
            for each in card.items
        ],
        "bills": [
            {
                "number": bill.id,
                "date": bill.day.isoformat(),
                "payable": money(bill.units, bill.currency),
                "currency": bill.currency,
            }
            for bill in card.bills
        ],
        "receipts": [
            {
                "id": status.receipt.id,
                "date": status.receipt.day.isoformat(),
                "amount": money(status.amount, status.receipt.currency),
                "on account": money(status.on_account, status.receipt.currency),
                "currency": status.receipt.currency,
            }
            for status in card.receipts
        ],
        "disputes": [
            {
                "id": each.id,
                "bill": each.item,
                "amount": money(each.units, each.currency),
                "currency": each.currency,
                "reason": each.reason,
            }
            for each in card.disputes
        ],
        "promises": [
            {
                "id": each.id,
                "bill": each.item,
                "amount": money(each.units, each.currency),
                "currency": each.currency,
                "until": each.until.isoformat(),
                "state": each.state,
            }
            for each in card.promises
        ],
        "funds": [
            {
                "kind": fund.kind,
                "subject": fund.subject,
                "balance": money(units, fund.currency),
                "currency": fund.currency,
            }
            for fund, units in card.funds
        ],
    }
