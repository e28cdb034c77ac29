"""Parsing shared by the receivables commands: clients, items, amounts, and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import click

from billhook.cli.context import StoreContext, now
from billhook.cli.options import read_date
from billhook.issue.lookup import find
from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.errors import RefusedError
from billhook.ledger import codes, events
from billhook.ledger.clients import customers_of
from billhook.ledger.events import amount_of
from billhook.ledger.journal import Ledger, read_ledger
from billhook.store.protocol import Reading, Store
from billhook.store.rehearsal import Rehearsal

F = TypeVar("F", bound=Callable[..., object])


def day_option(meaning: str) -> Callable[[F], F]:
    """Return the option ``--date``, today when it is left out."""
    return click.option("--date", "day", callback=_or_today, help=f"{meaning}  [default: today]")


def as_of(command: F) -> F:
    """Add ``--as-of``, today when it is left out."""
    words = "As it was at the end of this day.  [default: today]"
    return click.option("--as-of", "day", callback=_or_today, help=words)(command)


def _or_today(context: click.Context, parameter: click.Parameter, text: str | None) -> dt.date:
    return read_date(context, parameter, text) or now().date()


def ledger_of(place: StoreContext) -> Ledger:
    """Return the ledger of a project."""
    with place.store.read() as reading:
        return read_ledger(reading)


def item_named(reading: Reading, text: str) -> str:
    """Return the id of a bill or fee; the number of a bill may be shortened.

    Raises:
        RefusedError: BH501: no document, or several.
    """
    fee = next(iter(reading.audit_entries(document=text, kind=events.FEE)), None)
    return text if fee is not None else find(reading, text).number


def source_named(reading: Reading, text: str) -> str:
    """Return the id of a receipt, or the number of a bill in credit."""
    thread = events.receipt_thread(text)
    known = next(iter(reading.audit_entries(subject=thread, kind=events.RECEIPT)), None)
    if known is not None:
        return text
    try:
        return item_named(reading, text)
    except RefusedError:
        return text  # the ledger says that there is no such receipt


def require_client(place: StoreContext, client: str) -> None:
    """Refuse a client whom neither the project nor the store knows.

    Raises:
        RefusedError: BH711.
    """
    known = set(place.project.customers.files)
    if client in known:
        return
    with place.store.read() as reading:
        if next(iter(reading.entries(customer=client)), None) is not None:
            return
        known.update(customers_of(read_ledger(reading)))
    if client not in known:
        hint = did_you_mean(client, sorted(known))
        raise RefusedError(
            [Diagnostic(codes.NO_CLIENT.id, f"there is no client {client!r}", hint=hint)]
        )


def money(units: int, currency: str) -> str:
    """Return minor units as programs and tables have them: ``1200.00``."""
    return str(amount_of(units, currency))


def store_for(place: StoreContext, *, rehearse: bool) -> Store:
    """Return the store to write to, or one that keeps nothing."""
    return Rehearsal(place.store) if rehearse else place.store


def amount_given(text: str) -> Decimal:
    """Return an amount that stands in an argument.

    Raises:
        click.UsageError: It is none.
    """
    from billhook.sources.parsing import parse_decimal

    try:
        return parse_decimal(text, ".", ",")
    except (ValueError, InvalidOperation) as error:
        raise click.UsageError(f"{text!r}: {error}") from None
