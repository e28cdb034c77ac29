"""``billhook aging``: what clients owe, by how long it is due."""

from __future__ import annotations

import datetime as dt

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import listing
from billhook.cli.receivables import amount_given, as_of, ledger_of, money
from billhook.ledger.ageing import AgeingRow, Basis, Buckets, By, ageing, convert
from billhook.ledger.journal import Ledger
from billhook.ledger.open_items import OpenItem, open_items
from billhook.model.exchange import ExchangeRate
from billhook.sources.bad_value import BadValueError


def _read_buckets(_: click.Context, parameter: click.Parameter, text: str) -> Buckets:
    try:
        return Buckets(tuple(int(word) for word in text.split(",")))
    except ValueError:
        message = f"expected ascending numbers of days, such as 0,30,60, got {text!r}"
        raise click.BadParameter(message, param=parameter) from None


def _read_rate(text: str, target: str) -> ExchangeRate:
    """Return the rate that ``USD=1.09@2026-06-30`` says."""
    from billhook.sources.parsing import parse_date

    unit, equals, rest = text.partition("=")
    rate, at, day = rest.partition("@")
    if not (equals and at):
        raise click.UsageError(f"expected CURRENCY=RATE@YYYY-MM-DD, got {text!r}")
    try:
        return ExchangeRate(
            currency=unit.upper(),
            into=target,
            rate=amount_given(rate),
            source="command line",
            since=parse_date(day, "YYYY-MM-DD"),
        )
    except (BadValueError, ValueError) as error:
        message = f"expected CURRENCY=RATE@YYYY-MM-DD, got {text!r}: {error}"
        raise click.UsageError(message) from None


@click.command("aging", cls=Command)
@as_of
@click.option("--client", help="Only this client.")
@click.option("--subject", help="Only this contract, case or account.")
@click.option("--currency", help="Only this currency.")
@click.option(
    "--by",
    type=click.Choice(["client", "subject", "currency"]),
    default="client",
    show_default=True,
    help="What each row stands for.",
)
@click.option(
    "--basis",
    type=click.Choice(["due", "invoice"]),
    default="due",
    show_default=True,
    help="Date from which the age is counted.",
)
@click.option(
    "--buckets",
    callback=_read_buckets,
    default="0,30,60,90",
    show_default=True,
    help="Upper limit of each column, in days.",
)
@click.option("--in", "target", metavar="CURRENCY", help="Convert to this currency, with --rate.")
@click.option("--rate", "rates", multiple=True, help="Such as USD=1.09@2026-06-30.")
@click.option("--items", is_flag=True, help="List the open items one by one.")
@listing
@click.pass_obj
def aging(
    console: Console,
    /,
    day: dt.date,
    client: str | None,
    subject: str | None,
    currency: str | None,
    by: str,
    basis: Basis,
    buckets: Buckets,
    target: str | None,
    rates: tuple[str, ...],
    items: bool,  # noqa: FBT001 - click's signature
    format_: str,
) -> Exit:
    """Show what is owed, by age.

    Disputed amounts and unallocated money have columns of their own; all columns up to the total
    add up to what clients owe at the end of that day.  Amounts withheld until later, such as
    the end of a job, are not part of the total.
    """
    with open_store_context(dry=True) as place:
        ledger = ledger_of(place)
    if items:
        _list_items(console, ledger, day, client, subject, currency, format_)
        return Exit.OK
    keys: dict[str, By] = {"client": "customer", "subject": "subject", "currency": "currency"}
    found = ageing(
        ledger,
        day,
        by=keys[by],
        basis=basis,
        buckets=buckets,
        customer=client,
        subject=subject,
        currency=currency,
    )
    if target is not None:
        into = target.upper()
        found = convert(found, into, [_read_rate(text, into) for text in rates])
    amounts = (*buckets.names, "disputed", "unallocated", "total", "withheld")
    rows = [_row(each, by, buckets, each.key) for each in found.rows if by != "currency"]
    rows += [_row(each, by, buckets, "total") for each in found.totals]
    heads = (by, "currency", *amounts) if by != "currency" else ("currency", *amounts)
    write_list(console, rows, format_, schema="billhook.ageing/1", heads=heads, right=amounts)
    if not rows:
        console.say(f"nothing is owed on {day}")
    return Exit.OK


def _row(row: AgeingRow, by: str, buckets: Buckets, key: str) -> Row:
    named = dict(zip(buckets.names, row.amounts, strict=True))
    named |= {"disputed": row.disputed, "unallocated": row.unallocated}
    named |= {"total": row.total, "withheld": row.withheld}
    amounts = {name: money(units, row.currency) for name, units in named.items()}
    return {by: key, **amounts, "currency": row.currency}


ITEM_HEADS = (
    "number", "client", "subject", "date", "due", "days", "open", "disputed", "withheld",
    "currency", "condition",
)  # fmt: skip


def _list_items(
    console: Console,
    ledger: Ledger,
    day: dt.date,
    client: str | None,
    subject: str | None,
    currency: str | None,
    format_: str,
) -> None:
    rows = [
        _item_row(each, day)
        for each in open_items(ledger, day, customer=client)
        if subject in {None, each.item.subject} and currency in {None, each.item.currency}
    ]
    right = ("days", "open", "disputed", "withheld")
    write_list(
        console, rows, format_, schema="billhook.open-items/1", heads=ITEM_HEADS, right=right
    )
    if not rows:
        console.say(f"nothing is open on {day}")


def _item_row(each: OpenItem, day: dt.date) -> Row:
    item = each.item
    return {
        "number": item.id,
        "client": item.customer,
        "subject": item.subject,
        "date": item.day,
        "due": each.due,
        "days": (day - each.due).days,
        "open": money(each.units, item.currency),
        "disputed": money(each.disputed, item.currency),
        "withheld": money(each.withheld, item.currency),
        "currency": item.currency,
        "condition": item.condition,
    }
