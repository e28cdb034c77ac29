"""``billhook dispute`` and ``billhook promise``: what clients contest, and what they promise."""

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
from billhook.cli.receivables import as_of, day_option, item_named, ledger_of, money, store_for
from billhook.ledger.disputes import (
    OUTCOMES,
    Contested,
    DisputeStatus,
    Outcome,
    Promised,
    dispute_statuses,
    open_dispute,
    promise_statuses,
    record_promise,
    resolve_dispute,
)

COMMANDS = {
    "open": Lazy("billhook.cli.commands.dispute:open_", "Record that a client disputes a bill."),
    "resolve": Lazy("billhook.cli.commands.dispute:resolve", "Record how a dispute ended."),
    "list": Lazy("billhook.cli.commands.dispute:list_", "List disputes."),
}
PROMISES = {
    "add": Lazy("billhook.cli.commands.dispute:promise_add", "Record a promise to pay."),
    "list": Lazy(
        "billhook.cli.commands.dispute:promise_list", "List promises, and whether they were kept."
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def dispute() -> None:
    """Record and resolve disputes; only the disputed part is shown apart."""


@click.group(cls=LazyGroup, lazy=PROMISES)
def promise() -> None:
    """Record what clients have promised to pay."""


@click.command("open", cls=Command)
@click.argument("number")
@click.argument("amount", required=False, callback=read_amount)
@click.option("--lines", default="", help="Ids of the disputed lines, separated by commas.")
@click.option("--code", default="", help="Your own reason code: rate, hours, quality.")
@click.option("--owner", default="", help="Who handles the dispute.")
@click.option("--evidence", default="", help="Where the client's letter or the evidence is filed.")
@click.option("--due", callback=read_date, help="When it should be settled.")
@click.option("--key", default="", help="Idempotency key: one key opens one dispute.")
@day_option("The day the client disputed it.")
@reason
@by
@dry_run
@click.pass_obj
def open_(
    console: Console,
    /,
    number: str,
    amount: Decimal | None,
    lines: str,
    code: str,
    owner: str,
    evidence: str,
    due: dt.date | None,
    key: str,
    day: dt.date,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record that the client disputes AMOUNT of bill NUMBER, or all that is open on it."""
    actor = acting(by, reason)
    with open_store_context() as place:
        with place.store.read() as reading:
            item = item_named(reading, number)
        contested = Contested(
            item=item,
            amount=amount,
            lines=tuple(word.strip() for word in lines.split(",") if word.strip()),
            code=code,
            owner=owner,
            evidence=evidence,
            due=due,
            key=key,
        )
        store = store_for(place, rehearse=dry_run)
        made = open_dispute(store, contested, actor, day=day, roles=place.roles)
        if dry_run:
            console.say(f"dry run: a dispute of {item}: nothing was recorded")
            return Exit.OK
        facts = ledger_of(place).entries[made].facts
    console.write(made)
    console.say(f"{made}: {money(facts['units'], facts['currency'])} of {item} in dispute")
    return Exit.OK


@click.command("resolve", cls=Command)
@click.argument("id_", metavar="DISPUTE")
@click.argument("outcome", type=click.Choice(OUTCOMES))
@click.option(
    "--upheld",
    callback=read_amount,
    help="For the outcome split: the amount on which the client is right.",
)
@click.option("--credit", default="", help="Number of the credit note issued for it.")
@day_option("The day the dispute ended.")
@reason
@by
@dry_run
@click.pass_obj
def resolve(
    console: Console,
    /,
    id_: str,
    outcome: Outcome,
    upheld: Decimal | None,
    credit: str,
    day: dt.date,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record how DISPUTE ended: upheld, rejected, or split.

    The bill itself does not change; if the client is right, credit it: `billhook credit NUMBER`.
    """
    actor = acting(by, reason)
    with open_store_context() as place:
        store = store_for(place, rehearse=dry_run)
        resolve_dispute(
            store, id_, outcome, actor, day=day, upheld=upheld, credit=credit, roles=place.roles
        )
        if dry_run:
            console.say(f"dry run: {id_} {outcome}: nothing was recorded")
            return Exit.OK
        ledger = ledger_of(place)
    item = ledger.entries[id_].line.document
    console.say(f"{id_}: {outcome}")
    if outcome != "rejected" and not credit:
        console.say(f"next: billhook credit {item} --amount … --reason …")
    return Exit.OK


HEADS = (
    "id", "bill", "client", "amount", "currency", "date", "code", "reason", "lines", "owner",
    "due", "evidence", "by", "outcome", "upheld", "credit",
)  # fmt: skip


@click.command("list", cls=Command)
@click.option("--client", help="Only this client.")
@click.option("--all", "every", is_flag=True, help="Include settled disputes.")
@as_of
@listing
@click.pass_obj
def list_(
    console: Console,
    /,
    client: str | None,
    every: bool,  # noqa: FBT001 - click's signature
    day: dt.date,
    format_: str,
) -> Exit:
    """List disputes, with who opened them and how they ended."""
    with open_store_context(dry=True) as place:
        found = dispute_statuses(ledger_of(place), day, customer=client)
    rows = [_row(each) for each in found if every or not each.outcome]
    right = ("amount", "upheld")
    write_list(console, rows, format_, schema="billhook.disputes/1", heads=HEADS, right=right)
    if not rows:
        console.say("nothing is in dispute")
    return Exit.OK


def _row(each: DisputeStatus) -> Row:
    return {
        "id": each.id,
        "bill": each.item,
        "client": each.customer,
        "amount": money(each.units, each.currency),
        "currency": each.currency,
        "date": each.day,
        "code": each.code,
        "reason": each.reason,
        "lines": list(each.lines),
        "owner": each.owner,
        "due": each.due,
        "evidence": each.evidence,
        "by": each.by,
        "outcome": each.outcome,
        "upheld": money(each.upheld, each.currency) if each.outcome else "",
        "credit": each.credit,
    }


# ── promises ─────────────────────────────────────────────────────────────────


@click.command("add", cls=Command)
@click.argument("number")
@click.argument("amount", required=False, callback=read_amount)
@click.option("--until", required=True, callback=read_date, help="By when it will be paid.")
@click.option("--who", default="", help="Who promised.")
@day_option("The day of the promise.")
@reason
@by
@dry_run
@click.pass_obj
def promise_add(
    console: Console,
    /,
    number: str,
    amount: Decimal | None,
    until: dt.date,
    who: str,
    day: dt.date,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record that AMOUNT of bill NUMBER, or all that is open, was promised."""
    actor = acting(by, reason)
    with open_store_context() as place:
        with place.store.read() as reading:
            item = item_named(reading, number)
        promised = Promised(item=item, amount=amount, until=until, who=who)
        store = store_for(place, rehearse=dry_run)
        made = record_promise(store, promised, actor, day=day, roles=place.roles)
    console.say(f"{'dry run: ' if dry_run else ''}{made}: {item} promised by {until}")
    return Exit.OK


PROMISE_HEADS = (
    "id", "bill", "client", "amount", "paid", "currency", "date", "until", "who", "state",
)  # fmt: skip


@click.command("list", cls=Command)
@click.option("--client", help="Only this client.")
@as_of
@listing
@click.pass_obj
def promise_list(console: Console, /, client: str | None, day: dt.date, format_: str) -> Exit:
    """List promises: active, kept or broken."""
    with open_store_context(dry=True) as place:
        found = list(promise_statuses(ledger_of(place), day, customer=client))
    rows = [
        {
            "id": each.id,
            "bill": each.item,
            "client": each.customer,
            "amount": money(each.units, each.currency),
            "paid": money(each.paid, each.currency),
            "currency": each.currency,
            "date": each.day,
            "until": each.until,
            "who": each.who,
            "state": each.state,
        }
        for each in found
    ]
    write_list(
        console,
        rows,
        format_,
        schema="billhook.promises/1",
        heads=PROMISE_HEADS,
        right=("amount", "paid"),
    )
    if not rows:
        console.say("nothing was promised")
    return Exit.OK
