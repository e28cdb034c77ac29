"""``billhook fund``: money held for clients, in trust or as a deposit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, acting, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import write_list
from billhook.cli.options import by, dry_run, listing, read_amount, read_date, reason
from billhook.cli.receivables import (
    F,
    as_of,
    day_option,
    item_named,
    ledger_of,
    money,
    require_client,
    store_for,
)
from billhook.ledger.events import shown
from billhook.ledger.funds import (
    KINDS,
    Fund,
    FundKind,
    Reconciliation,
    deposit,
    draw_down,
    fund_balances,
    fund_movements,
    reconcile,
    refund_deposit,
)

COMMANDS = {
    "deposit": Lazy(
        "billhook.cli.commands.fund:deposit_", "Record money received from a client to hold."
    ),
    "draw": Lazy("billhook.cli.commands.fund:draw", "Pay an issued bill from a fund."),
    "refund": Lazy("billhook.cli.commands.fund:refund_", "Record money returned to the client."),
    "list": Lazy("billhook.cli.commands.fund:list_", "List funds, or the movements of one client."),
    "reconcile": Lazy(
        "billhook.cli.commands.fund:reconcile_", "Reconcile bank, book and client ledgers."
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def fund() -> None:
    """Manage money held for clients, in trust or as a deposit."""


def _fund_options(command: F) -> F:
    for option in (
        click.option("--currency", help="Currency of the fund.  [default: the project's]"),
        click.option("--subject", default="", help="The subject it is held for."),
        click.option(
            "--kind",
            type=click.Choice(KINDS),
            default="trust",
            show_default=True,
            help="The client's money, or a deposit held on the firm's own account.",
        ),
    ):
        command = option(command)
    return command


def _fund(
    place: StoreContext, client: str, kind: FundKind, subject: str, currency: str | None
) -> Fund:
    unit = (currency or place.project.table.currency or "").upper()
    return Fund(kind=kind, customer=client, subject=subject, currency=unit)


@click.command("deposit", cls=Command)
@click.argument("client")
@click.argument("amount", callback=read_amount)
@_fund_options
@day_option("The day it was received.")
@click.option("--cleared", callback=read_date, help="The day it cleared.  [default: at once]")
@click.option("--reference", default="", help="The bank's reference.")
@click.option("--key", default="", help="Idempotency key: one key records one entry.")
@reason
@by
@dry_run
@click.pass_obj
def deposit_(
    console: Console,
    /,
    client: str,
    amount: Decimal,
    kind: FundKind,
    subject: str,
    currency: str | None,
    day: dt.date,
    cleared: dt.date | None,
    reference: str,
    key: str,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record AMOUNT received from CLIENT to hold."""
    actor = acting(by, reason)
    with open_store_context() as place:
        require_client(place, client)
        own = _fund(place, client, kind, subject, currency)
        made = deposit(
            store_for(place, rehearse=dry_run),
            own,
            amount,
            actor,
            day=day,
            cleared=cleared,
            reference=reference,
            key=key,
            roles=place.roles,
        )
        _tell(console, place, own, made, dry_run=dry_run)
    return Exit.OK


def _tell(console: Console, place: StoreContext, own: Fund, made: str, *, dry_run: bool) -> None:
    if dry_run:
        console.say("dry run: nothing was recorded")
        return
    units = fund_balances(ledger_of(place), dt.date.max).get(own, 0)
    of = f"{own.customer} {own.subject}".rstrip()
    console.say(f"{made}: {of} has {shown(units, own.currency)} in {own.kind}")


@click.command("draw", cls=Command)
@click.argument("client")
@click.argument("number")
@click.argument("amount", required=False, callback=read_amount)
@_fund_options
@day_option("The day it is posted.")
@click.option("--notice", type=click.IntRange(0), default=0, help="Days after the bill's date.")
@click.option("--reference", default="", help="The bank's reference.")
@click.option("--key", default="", help="Idempotency key: one key records one entry.")
@reason
@by
@dry_run
@click.pass_obj
def draw(
    console: Console,
    /,
    client: str,
    number: str,
    amount: Decimal | None,
    kind: FundKind,
    subject: str,
    currency: str | None,
    day: dt.date,
    notice: int,
    reference: str,
    key: str,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Pay AMOUNT of the issued bill NUMBER from a fund of CLIENT, or as much as it holds."""
    actor = acting(by, reason)
    with open_store_context() as place:
        with place.store.read() as reading:
            item = item_named(reading, number)
        own = _fund(place, client, kind, subject, currency)
        made = draw_down(
            store_for(place, rehearse=dry_run),
            own,
            item,
            actor,
            day=day,
            amount=amount,
            notice=notice,
            reference=reference,
            key=key,
            roles=place.roles,
        )
        _tell(console, place, own, made, dry_run=dry_run)
    return Exit.OK


@click.command("refund", cls=Command)
@click.argument("client")
@click.argument("amount", callback=read_amount)
@_fund_options
@day_option("The day it was paid out.")
@click.option("--reference", default="", help="The bank's reference.")
@click.option("--key", default="", help="Idempotency key: one key records one entry.")
@reason
@by
@dry_run
@click.pass_obj
def refund_(
    console: Console,
    /,
    client: str,
    amount: Decimal,
    kind: FundKind,
    subject: str,
    currency: str | None,
    day: dt.date,
    reference: str,
    key: str,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record that AMOUNT of a fund was returned to CLIENT."""
    actor = acting(by, reason)
    with open_store_context() as place:
        own = _fund(place, client, kind, subject, currency)
        made = refund_deposit(
            store_for(place, rehearse=dry_run),
            own,
            amount,
            actor,
            day=day,
            reference=reference,
            key=key,
            roles=place.roles,
        )
        _tell(console, place, own, made, dry_run=dry_run)
    return Exit.OK


@click.command("list", cls=Command)
@click.argument("client", required=False)
@as_of
@listing
@click.pass_obj
def list_(console: Console, /, client: str | None, day: dt.date, format_: str) -> Exit:
    """List what each fund holds; of CLIENT also the movements, each with the balance after it."""
    with open_store_context(dry=True) as place:
        ledger = ledger_of(place)
    if client is None:
        heads: tuple[str, ...] = ("kind", "client", "subject", "balance", "currency")
        rows: list[dict[str, object]] = [
            {
                "kind": own.kind,
                "client": own.customer,
                "subject": own.subject,
                "balance": money(units, own.currency),
                "currency": own.currency,
            }
            for own, units in fund_balances(ledger, day).items()
        ]
    else:
        heads = (
            "id", "date", "cleared", "kind", "subject", "bill", "amount", "balance", "currency",
            "reference",
        )  # fmt: skip
        rows, sums = [], dict[Fund, int]()
        for each in fund_movements(ledger, day):
            own = each.fund
            if own.customer == client:
                sums[own] = sums.get(own, 0) + each.units
                rows.append(
                    {
                        "id": each.id,
                        "date": each.day,
                        "cleared": each.cleared,
                        "kind": own.kind,
                        "subject": own.subject,
                        "bill": each.item,
                        "amount": money(each.units, own.currency),
                        "balance": money(sums[own], own.currency),
                        "currency": own.currency,
                        "reference": each.reference,
                    }
                )
    right = ("amount", "balance")
    write_list(console, rows, format_, schema="billhook.funds/1", heads=heads, right=right)
    if not rows:
        console.say("no money is held")
    return Exit.OK


@click.command("reconcile", cls=Command)
@click.argument("balance", callback=read_amount)
@click.option("--currency", help="Currency of the bank account.  [default: the project's]")
@click.option("--kind", type=click.Choice(KINDS), default="trust", show_default=True)
@as_of
@listing
@click.pass_obj
def reconcile_(
    console: Console,
    /,
    balance: Decimal,
    currency: str | None,
    kind: FundKind,
    day: dt.date,
    format_: str,
) -> Exit:
    """Reconcile the bank statement's BALANCE with the book and the client ledgers.

    Exit code 1: they differ.
    """
    with open_store_context(dry=True) as place:
        ledger = ledger_of(place)
        unit = (currency or place.project.table.currency or "").upper()
    found = reconcile(ledger, day, balance, unit, kind=kind)
    heads = ("what", "date", "amount", "currency")
    rows = [
        {"what": what, "date": when, "amount": money(units, unit), "currency": unit}
        for what, when, units in _reconciliation_rows(found)
    ]
    write_list(
        console, rows, format_, schema="billhook.reconciliation/1", heads=heads, right=("amount",)
    )
    if found.agrees:
        console.say("bank, book and ledgers agree")
        return Exit.OK
    console.warn(f"they differ by {shown(found.difference, unit)}")
    return Exit.FINDINGS


def _reconciliation_rows(found: Reconciliation) -> list[tuple[str, dt.date | None, int]]:
    """Return the rows of a reconciliation: bank, adjusted bank, book, ledgers."""
    rows: list[tuple[str, dt.date | None, int]] = [("bank", found.day, found.bank)]
    rows += [(f"in transit {each.id}", each.day, each.units) for each in found.in_transit]
    rows += [(f"outstanding {each.id}", each.day, each.units) for each in found.outstanding]
    rows += [("adjusted bank", found.day, found.adjusted), ("book", found.day, found.book)]
    rows += [
        (f"ledger {own.customer} {own.subject}".rstrip(), None, units)
        for own, units in found.ledgers
    ]
    rows.append(("sum of ledgers", found.day, sum(units for _, units in found.ledgers)))
    rows.append(("difference", found.day, found.difference))
    return rows
