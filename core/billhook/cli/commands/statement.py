"""``billhook statement``: statements of clients' accounts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import now, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.options import read_date
from billhook.cli.receivables import ledger_of, money, require_client
from billhook.cli.terminal_table import table
from billhook.ledger.clients import customers_of
from billhook.ledger.statement import AccountStatement, statements


@click.command("statement", cls=Command)
@click.argument("client", required=False)
@click.option(
    "--from", "first", callback=read_date, help="First day.  [default: the first of the month]"
)
@click.option("--to", "last", callback=read_date, help="Last day.  [default: today]")
@click.option("--all", "every", is_flag=True, help="One for every client who owes something.")
@click.option(
    "--style",
    type=click.Choice(["activity", "open-item"]),
    default="activity",
    show_default=True,
    help="Movements of the account, or open items.",
)
@click.option("-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def statement_command(
    console: Console,
    /,
    client: str | None,
    first: dt.date | None,
    last: dt.date | None,
    every: bool,  # noqa: FBT001 - click's signature
    style: str,
    format_: str,
) -> Exit:
    """Show statements of account: opening balance, movements, closing balance, ageing.

    One for each currency of the account of CLIENT, or of every client who owes something.
    """
    if (client is None) is not every:
        raise click.UsageError("name a client, or pass --all")
    last = last or now().date()
    first = first or last.replace(day=1)
    if last < first:
        raise click.UsageError(f"the period ends on {last}, before it begins on {first}")
    with open_store_context(dry=True) as place:
        if client is not None:
            require_client(place, client)
        ledger = ledger_of(place)
    found = [
        each
        for name in ([client] if client else customers_of(ledger))
        for each in statements(ledger, name, first, last)
        if not (every and not each.closing)
    ]
    if format_ == "json":
        tree = {"schema": "billhook.statements/1", "statements": [_facts(each) for each in found]}
        console.write(json.dumps(tree, ensure_ascii=False, indent=2))
        return Exit.OK
    if found:
        console.write("\n\n".join("\n".join(_lines(each, style)) for each in found))
    if not found:
        console.say(f"no movements up to {last}")
    return Exit.OK


def _lines(each: AccountStatement, style: str) -> Iterator[str]:
    unit = each.currency
    yield f"{each.customer}, {each.first} to {each.last}, {unit}"
    if style == "activity":
        heads = ("date", "what", "number", "amount", "balance")
        rows = [(str(each.first), "opening balance", "", "", money(each.opening, unit))]
        rows += [
            (
                str(line.day),
                line.kind,
                line.id if line.item in {"", line.id} else f"{line.id} of {line.item}",
                money(line.units, unit),
                money(line.balance, unit),
            )
            for line in each.lines
        ]
        rows.append((str(each.last), "closing balance", "", "", money(each.closing, unit)))
        yield table(heads, rows, (3, 4))
    else:
        heads = ("date", "number", "due", "amount", "open")
        rows = [
            (
                str(open_.item.day),
                open_.item.id,
                str(open_.due),
                money(open_.item.units, unit),
                money(open_.units, unit),
            )
            for open_ in each.items
        ]
        if each.unallocated:
            rows.append((str(each.last), "on account", "", "", money(-each.unallocated, unit)))
        rows.append((str(each.last), "closing balance", "", "", money(each.closing, unit)))
        yield table(heads, rows, (3, 4))
    yield table(*_strip(each))


def _strip(each: AccountStatement) -> tuple[list[str], list[list[str]], range]:
    """Return the ageing strip: heads, one row, and which columns are numbers."""
    found = each.ageing
    heads = [*found.buckets.names, "disputed", "unallocated", "total"]
    rows = [
        [
            money(units, row.currency)
            for units in (*row.amounts, row.disputed, row.unallocated, row.total)
        ]
        for row in found.totals
    ]
    return heads, rows, range(len(heads))


def _facts(each: AccountStatement) -> dict[str, object]:
    unit = each.currency
    heads, rows, _ = _strip(each)
    return {
        "client": each.customer,
        "currency": unit,
        "from": each.first.isoformat(),
        "to": each.last.isoformat(),
        "opening": money(each.opening, unit),
        "lines": [
            {
                "date": line.day.isoformat(),
                "kind": line.kind,
                "id": line.id,
                "item": line.item,
                "amount": money(line.units, unit),
                "balance": money(line.balance, unit),
            }
            for line in each.lines
        ],
        "closing": money(each.closing, unit),
        "open": [
            {
                "number": open_.item.id,
                "due": open_.due.isoformat(),
                "open": money(open_.units, unit),
            }
            for open_ in each.items
        ],
        "unallocated": money(each.unallocated, unit),
        "ageing": dict(zip(heads, rows[0], strict=True)) if rows else {},
    }
