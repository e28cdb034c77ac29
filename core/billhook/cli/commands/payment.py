"""``billhook payment``: money that came in, and what it settles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import acting, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import by, dry_run, listing, read_amount, read_date, reason
from billhook.cli.receivables import (
    F,
    amount_given,
    as_of,
    day_option,
    item_named,
    ledger_of,
    money,
    require_client,
    source_named,
    store_for,
)
from billhook.ledger.allocation import Policy, Settlement, allocate, receive, unallocate
from billhook.ledger.events import ALLOCATION, shown
from billhook.ledger.journal import Ledger
from billhook.ledger.open_items import open_items
from billhook.ledger.receipts import Incoming, ReceiptStatus, receipt_statuses, refund
from billhook.ledger.write_offs import reverse, write_off
from billhook.store.protocol import Reading

COMMANDS = {
    "add": Lazy("billhook.cli.commands.payment:add", "Record a payment received."),
    "import": Lazy("billhook.cli.commands.payment_bank:import_", "Import bank statements."),
    "match": Lazy("billhook.cli.commands.payment_bank:match", "Match bank lines to open items."),
    "allocate": Lazy("billhook.cli.commands.payment:allocate_", "Allocate a receipt to bills."),
    "unallocate": Lazy("billhook.cli.commands.payment:unallocate_", "Take allocations back."),
    "refund": Lazy("billhook.cli.commands.payment:refund_", "Record a refund."),
    "writeoff": Lazy(
        "billhook.cli.commands.payment:writeoff", "Write off an open or overpaid amount."
    ),
    "reverse": Lazy("billhook.cli.commands.payment:reverse_", "Undo a receipt that bounced."),
    "list": Lazy("billhook.cli.commands.payment:list_", "List receipts and how they were used."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def payment() -> None:
    """Record payments, allocations, refunds and write-offs."""


def _settling(command: F) -> F:
    """Add the options that say how bills are settled."""
    words = "Settle the client's open items with the rest, in this order."
    for option in (
        click.option("--rate", callback=read_amount, help="Exchange rate: the bill's per unit."),
        click.option("--settles", callback=read_amount, help="What of a bill in another currency."),
        click.option("--shortfall", callback=read_amount, help="Missing; written off, --reason."),
        click.option("--discount", is_flag=True, help="Take the early-payment discount off."),
        click.option(
            "--auto",
            "policy",
            type=click.Choice(["oldest", "costs-interest-principal"]),
            help=words,
        ),
    ):
        command = option(command)
    return command


def _settlements(
    reading: Reading,
    texts: tuple[str, ...],
    *,
    discount: bool,
    shortfall: Decimal | None,
    settles: Decimal | None,
    rate: Decimal | None,
) -> list[Settlement]:
    """Return what ``NUMBER`` and ``NUMBER=AMOUNT`` mean."""
    found = []
    for text in texts:
        number, _, amount = text.partition("=")
        found.append(
            Settlement(
                item=item_named(reading, number),
                amount=amount_given(amount) if amount else None,
                discount=discount,
                shortfall=shortfall or Decimal(0),
                settles=settles,
                rate=rate,
            )
        )
    return found


@click.command("add", cls=Command)
@click.argument("client")
@click.argument("amount", callback=read_amount)
@click.argument("currency", required=False)
@day_option("The day it was received.")
@click.option("--for", "items", multiple=True, metavar="NUMBER[=AMOUNT]", help="What it settles.")
@_settling
@click.option("--method", default="", help="transfer, card, cheque, cash.")
@click.option("--reference", default="", help="The payer's or the bank's reference.")
@click.option("--fee", callback=read_amount, help="Fee kept by the bank or processor.")
@click.option(
    "--key", default="", help="Id of the receipt, and idempotency key: one id records one receipt."
)
@reason
@by
@dry_run
@click.pass_obj
def add(
    console: Console,
    /,
    client: str,
    amount: Decimal,
    currency: str | None,
    day: dt.date,
    items: tuple[str, ...],
    policy: Policy | None,
    discount: bool,  # noqa: FBT001 - click's signature
    shortfall: Decimal | None,
    settles: Decimal | None,
    rate: Decimal | None,
    method: str,
    reference: str,
    fee: Decimal | None,
    key: str,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record AMOUNT that CLIENT paid, and what it settles; the rest stays on account.

    The currency is the project's unless it is given.  `--for NUMBER` settles as much of a bill as
    is open, `--for NUMBER=AMOUNT` a part; `--auto oldest` settles what is due first.
    """
    actor = acting(by, reason)
    with open_store_context() as place:
        require_client(place, client)
        with place.store.read() as reading:
            wanted = _settlements(
                reading, items, discount=discount, shortfall=shortfall, settles=settles, rate=rate
            )
        unit = currency or place.project.table.currency or ""
        came = Incoming(
            customer=client,
            amount=amount,
            currency=unit.upper(),
            day=day,
            method=method,
            reference=reference,
            fee=fee or Decimal(0),
            key=key,
        )
        store = store_for(place, rehearse=dry_run)
        id_ = receive(
            store, came, actor, wanted, policy=policy, discount=discount, roles=place.roles
        )
        if dry_run:
            console.say(f"dry run: {amount} {came.currency} of {client}: nothing was recorded")
        else:
            _tell(console, ledger_of(place), id_)
    return Exit.OK


def _tell(console: Console, ledger: Ledger, id_: str) -> None:
    """Say what became of a receipt, and of the bills that it settled."""
    receipt, last = ledger.receipts[id_], dt.date.max
    [status] = [each for each in receipt_statuses(ledger, last) if each.receipt.id == id_]
    console.write(id_)
    console.say(
        f"{id_}: {shown(status.amount, receipt.currency)} of {receipt.customer}, {receipt.day}"
    )
    left = {each.item.id: each for each in open_items(ledger, last)}
    for entry in ledger.of_kind(ALLOCATION):
        if entry.facts.get("receipt") == id_ and entry.undone is None:
            item = ledger.items.get(entry.line.document)
            unit = entry.facts["item_currency"]
            rest = left[item.id].units if item and item.id in left else 0
            settled = shown(entry.facts["settles"], unit)
            off = entry.facts.get("discount", 0)
            more = f", discount {shown(off, unit)}" if off else ""
            console.say(f"  {entry.line.document}: {settled}{more}; {shown(rest, unit)} open")
    if status.on_account:
        console.say(f"  on account: {shown(status.on_account, receipt.currency)}")


@click.command("allocate", cls=Command)
@click.argument("receipt")
@click.argument("items", nargs=-1, metavar="[NUMBER[=AMOUNT]]...")
@click.option("--date", "day", callback=read_date, help="The day.  [default: as early as it can]")
@_settling
@click.option("--key", default="", help="Idempotency key: one key allocates once.")
@reason
@by
@dry_run
@click.pass_obj
def allocate_(
    console: Console,
    /,
    receipt: str,
    items: tuple[str, ...],
    day: dt.date | None,
    policy: Policy | None,
    discount: bool,  # noqa: FBT001 - click's signature
    shortfall: Decimal | None,
    settles: Decimal | None,
    rate: Decimal | None,
    key: str,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Allocate money on account of RECEIPT to bills.

    RECEIPT may also be a bill in credit, whose credit then settles another.
    """
    actor = acting(by, reason)
    with open_store_context() as place:
        with place.store.read() as reading:
            source = source_named(reading, receipt)
            wanted = _settlements(
                reading, items, discount=discount, shortfall=shortfall, settles=settles, rate=rate
            )
        made = allocate(
            store_for(place, rehearse=dry_run),
            source,
            wanted,
            actor,
            day=day,
            policy=policy,
            key=key,
            roles=place.roles,
        )
        if dry_run:
            console.say(f"dry run: {len(made)} allocations of {source}: nothing was recorded")
            return Exit.OK
        ledger = ledger_of(place)
    if source in ledger.receipts:
        _tell(console, ledger, source)
    else:
        console.say(f"{source} settles {', '.join(wanted_.item for wanted_ in wanted)}")
    return Exit.OK


@click.command("unallocate", cls=Command)
@click.argument("receipt")
@click.argument("item", required=False, metavar="[NUMBER]")
@day_option("The day it takes effect.")
@reason
@by
@dry_run
@click.pass_obj
def unallocate_(
    console: Console,
    /,
    receipt: str,
    item: str | None,
    day: dt.date,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Take allocations of RECEIPT back, all or those to bill NUMBER."""
    actor = acting(by, reason)
    with open_store_context() as place:
        with place.store.read() as reading:
            source = source_named(reading, receipt)
            target = item_named(reading, item) if item else None
        store = store_for(place, rehearse=dry_run)
        made = unallocate(store, source, actor, day=day, item=target, roles=place.roles)
    console.say(f"{_dry(dry_run)}{source}: {', '.join(made)} taken back")
    return Exit.OK


def _dry(dry_run: bool) -> str:  # noqa: FBT001 - a switch of the command
    return "dry run: " if dry_run else ""


@click.command("refund", cls=Command)
@click.argument("receipt")
@click.argument("amount", callback=read_amount)
@day_option("The day it was paid out.")
@click.option("--method", default="", help="transfer, card, cheque, cash.")
@click.option("--reference", default="", help="The bank's reference.")
@click.option("--key", default="", help="Idempotency key: one key records one entry.")
@reason
@by
@dry_run
@click.pass_obj
def refund_(
    console: Console,
    /,
    receipt: str,
    amount: Decimal,
    day: dt.date,
    method: str,
    reference: str,
    key: str,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record that AMOUNT on account of RECEIPT was refunded to the client."""
    actor = acting(by, reason)
    with open_store_context() as place:
        made = refund(
            store_for(place, rehearse=dry_run),
            receipt,
            amount,
            actor,
            day=day,
            method=method,
            reference=reference,
            key=key,
            roles=place.roles,
        )
        entry = None if dry_run else ledger_of(place).entries[made]
    much = shown(entry.facts["units"], entry.facts["currency"]) if entry else f"{amount:,}"
    console.say(f"{_dry(dry_run)}{made}: {much} of {receipt} refunded on {day}")
    return Exit.OK


@click.command("writeoff", cls=Command)
@click.argument("item")
@click.argument("amount", required=False, callback=read_amount)
@day_option("The day it takes effect.")
@click.option(
    "--keep-tax", is_flag=True, help="Do not correct the tax: the whole amount is a loss."
)
@click.option("--key", default="", help="Idempotency key: one key records one entry.")
@reason
@by
@dry_run
@click.pass_obj
def writeoff(
    console: Console,
    /,
    item: str,
    amount: Decimal | None,
    day: dt.date,
    keep_tax: bool,  # noqa: FBT001 - click's signature
    key: str,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Write off AMOUNT of a bill, a fee or a receipt's money on account; or all of it.

    The tax of a bill is corrected class by class.
    """
    actor = acting(by, reason)
    with open_store_context() as place:
        with place.store.read() as reading:
            id_ = source_named(reading, item)
        made = write_off(
            store_for(place, rehearse=dry_run),
            id_,
            actor,
            day=day,
            amount=amount,
            keep_tax=keep_tax,
            key=key,
            roles=place.roles,
        )
        entry = None if dry_run else ledger_of(place).entries[made]
    much = shown(entry.facts["units"], entry.facts["currency"]) if entry else "nothing"
    console.say(f"{_dry(dry_run)}{made}: {much} of {id_} written off")
    return Exit.OK


@click.command("reverse", cls=Command)
@click.argument("entry")
@day_option("The day it takes effect.")
@reason
@by
@dry_run
@click.pass_obj
def reverse_(
    console: Console,
    /,
    entry: str,
    day: dt.date,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Reverse ENTRY: a bounced receipt, a returned refund, a write-off or a fee.

    What a bounced receipt settled is open again, with the discounts that went with it.
    """
    actor = acting(by, reason)
    with open_store_context() as place:
        store = store_for(place, rehearse=dry_run)
        made = reverse(store, entry, actor, day=day, roles=place.roles)
    console.say(f"{_dry(dry_run)}{made}: {entry} reversed on {day}")
    return Exit.OK


HEADS = (
    "id", "date", "client", "amount", "allocated", "on account", "refunded", "written off",
    "difference", "currency", "method", "reference", "state",
)  # fmt: skip
AMOUNTS = ("amount", "allocated", "on account", "refunded", "written off", "difference")


@click.command("list", cls=Command)
@click.option("--client", help="Only this client.")
@click.option("--unallocated", is_flag=True, help="Only receipts with money on account.")
@as_of
@listing
@click.pass_obj
def list_(
    console: Console,
    /,
    client: str | None,
    unallocated: bool,  # noqa: FBT001 - click's signature
    day: dt.date,
    format_: str,
) -> Exit:
    """List receipts and how they were used."""
    with open_store_context(dry=True) as place:
        statuses = list(receipt_statuses(ledger_of(place), day))
    rows = [
        _row(each)
        for each in statuses
        if client in {None, each.receipt.customer} and (each.on_account or not unallocated)
    ]
    write_list(console, rows, format_, schema="billhook.receipts/1", heads=HEADS, right=AMOUNTS)
    if not rows:
        console.say(f"no payments like these until {day}; billhook payment add records one")
    return Exit.OK


def _row(status: ReceiptStatus) -> Row:
    receipt = status.receipt
    amounts = ((name, getattr(status, name.replace(" ", "_"))) for name in AMOUNTS)
    return {
        "id": receipt.id,
        "date": receipt.day,
        "client": receipt.customer,
        **{name: money(units, receipt.currency) for name, units in amounts},
        "currency": receipt.currency,
        "method": receipt.method,
        "reference": receipt.reference,
        "state": f"reversed {status.reversed_on}" if status.reversed_on else "",
    }
