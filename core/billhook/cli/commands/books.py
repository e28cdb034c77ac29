"""``billhook books``: postings for bookkeeping programs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import attrs
import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, now, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import write_list
from billhook.cli.options import listing, read_date, read_period
from billhook.cli.receivables import money
from billhook.cli.report import located
from billhook.kernel.diagnostics import Findings
from billhook.kernel.errors import InputError
from billhook.kernel.text import Period
from billhook.ledger.books.export import (
    Basis,
    BooksFile,
    BooksFormat,
    BooksSettings,
    export_books,
)
from billhook.sources.atomic_write import write_whole

COMMANDS = {
    "export": Lazy(
        "billhook.cli.commands.books:export", "Write the file of a bookkeeping program."
    ),
    "list": Lazy("billhook.cli.commands.books:list_", "List debits and credits."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def books() -> None:
    """Post documents, payments and trust money to the books.

    Accounts are named in [books.accounts] of billhook.toml.
    """


_basis = click.option(
    "--basis",
    type=click.Choice(get_args(Basis)),
    help="Post revenue as it is billed, or as it is paid.  [default: as [books] says, or accrual]",
)
_period = click.option("--period", callback=read_period, help="Days: 2026-06 or FIRST..LAST.")
_first = click.option("--from", "first", callback=read_date, help="First day.")
_last = click.option("--to", "last", callback=read_date, help="Last day.  [default: today]")


@click.command("export", cls=Command)
@click.argument("program", type=click.Choice(get_args(BooksFormat)))
@_period
@_first
@_last
@_basis
@click.option(
    "--open/--no-open",
    "opens",
    default=True,
    help="Open the accounts, in a journal of beancount.  [default: open]",
)
@click.option("--currency", help="The currency of programs that have one in a file.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file.  [default: standard output]"
)
@click.pass_obj
def export(
    console: Console,
    /,
    program: BooksFormat,
    period: Period | None,
    first: dt.date | None,
    last: dt.date | None,
    basis: Basis | None,
    opens: bool,  # noqa: FBT001 - click's signature
    currency: str | None,
    output: Path | None,
) -> Exit:
    """Write the postings of a period as PROGRAM imports them.

    Every entry balances; what was undone is posted back on the day it was undone, so that the
    same period gives the same file again.
    """
    days = _days(period, first, last)
    with open_store_context(dry=True) as place:
        settings = attrs.evolve(_settings(place, basis), opens=opens)
        if currency is not None:
            settings = attrs.evolve(settings, currency=currency.upper())
        found = _export(place, settings, program, days)
    if output is None:
        console.write_bytes(found.data)
        return Exit.OK
    write_whole(output, found.data)
    count = len(found.entries)
    console.say(f"{output}: {count} {'entry' if count == 1 else 'entries'}")
    return Exit.OK


@click.command("list", cls=Command)
@_period
@_first
@_last
@_basis
@listing
@click.pass_obj
def list_(
    console: Console,
    /,
    period: Period | None,
    first: dt.date | None,
    last: dt.date | None,
    basis: Basis | None,
    format_: str,
) -> Exit:
    """List the postings of a period: each debit and credit with its account."""
    days = _days(period, first, last)
    with open_store_context(dry=True) as place:
        found = _export(place, _settings(place, basis), "hledger", days)
    rows = [
        {
            "date": entry.day,
            "what": entry.kind,
            "number": entry.id,
            "client": entry.client,
            "account": each.account,
            "debit": money(each.units, each.currency) if each.units > 0 else "",
            "credit": money(-each.units, each.currency) if each.units < 0 else "",
            "currency": each.currency,
        }
        for entry in found.entries
        for each in entry.amounts
    ]
    heads = ("date", "what", "number", "client", "account", "debit", "credit", "currency")
    write_list(console, rows, format_, schema="billhook.postings/1", heads=heads, right=heads[5:7])
    if not rows:
        console.say("nothing was posted in these days")
    return Exit.OK


Days = tuple[dt.date | None, dt.date]


def _days(period: Period | None, first: dt.date | None, last: dt.date | None) -> Days:
    """Return the days that are asked for.

    Raises:
        click.UsageError: They are given twice, or end before they begin.
    """
    if period is not None:
        if first is not None or last is not None:
            raise click.UsageError("give --period, or --from and --to, not both")
        return period.first, period.last
    last = last or now().date()
    if first is not None and last < first:
        raise click.UsageError(f"the period ends on {last}, before it begins on {first}")
    return first, last


def _settings(place: StoreContext, basis: Basis | None) -> BooksSettings:
    findings = Findings()
    settings = place.project.books(findings)
    if settings is None or findings.errors:
        raise InputError(located(findings, place.project.folder))
    return settings if basis is None else attrs.evolve(settings, basis=basis)


def _export(
    place: StoreContext, settings: BooksSettings, program: BooksFormat, days: Days
) -> BooksFile:
    first, last = days
    with place.store.read() as reading:
        return export_books(reading, settings, program, first=first, last=last)
