"""``billhook run diff``: a run beside the bills before it, client by client, with causes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from billhook.archive.payload_types import Pockets
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import listing
from billhook.compare.invoices import Cause, Change
from billhook.explain.rule_text import show_number
from billhook.issue.history import newest_first
from billhook.model.document import Document
from billhook.runs.changes import Changed, change
from billhook.runs.run import bills_of, read_run
from billhook.store.protocol import Reading

HEADS = ("client", "subject", "last", "now", "change", "currency", "why")
LAST = "last"


@click.command("diff", cls=Command)
@click.argument("name")
@click.option(
    "--against", default=LAST, show_default=True, help="A run to compare with, or the last bills."
)
@click.option("--details", is_flag=True, help="Show every group of lines that changed.")
@listing
@click.pass_obj
def diff(
    console: Console,
    /,
    name: str,
    against: str,
    details: bool,  # noqa: FBT001 - click's signature
    format_: str,
) -> Exit:
    """Compare the drafts of run NAME with the subjects' last bills, and explain the differences.

    Lines are compared by group, so hours and rates are told apart though the entries are others.

    Exit code 1: something changed.
    """
    with open_store_context(dry=True) as place, place.store.read() as reading:
        pockets = Pockets(place.engine.plugins)
        found = [
            change(bill, _before(place, reading, bill, against, pockets))
            for job in read_run(reading, name)
            for bill in bills_of(job, pockets)
            if job.state not in {"dropped", "failed", "empty"}
        ]
        gone = list(_missing_rows(reading, name, against, pockets))
    rows = [*map(_row, found), *gone]
    write_list(
        console, rows, format_, schema="billhook.run-diff/1", heads=HEADS,
        right=("last", "now", "change"),
    )  # fmt: skip
    if details and format_ == "table":
        for each in found:
            for line in _details(each):
                console.say(line)
    changed = any(each.comparison is None or each.comparison.changes for each in found)
    return Exit.FINDINGS if changed or gone else Exit.OK


def _before(
    place: StoreContext, reading: Reading, bill: Document, against: str, pockets: Pockets
) -> Document | None:
    payer = _payer(bill)
    if against == LAST:
        past = newest_first(reading, bill.invoice.subject, place.engine.plugins)
        return next((each for each in past if _payer(each) == payer), None)
    for job in read_run(reading, against):
        for each in bills_of(job, pockets):
            if (each.invoice.subject, _payer(each)) == (bill.invoice.subject, payer):
                return each
    return None


def _payer(bill: Document) -> str:
    return (bill.invoice.payer or bill.invoice.buyer).id


def _missing_rows(reading: Reading, name: str, against: str, pockets: Pockets) -> Iterator[Row]:
    """Yield the bills of the other run whose subject has none in this."""
    if against == LAST:
        return
    here = {job.subject for job in read_run(reading, name) if job.bills}
    for job in read_run(reading, against):
        for bill in bills_of(job, pockets):
            if job.subject not in here:
                payable = bill.invoice.totals.payable
                yield {
                    "client": job.customer,
                    "subject": job.subject,
                    "last": str(payable.value),
                    "now": "0",
                    "change": str(-payable.value),
                    "currency": payable.unit,
                    "why": "not in this run",
                }


def _row(found: Changed) -> Row:
    payable = found.after.invoice.totals.payable
    comparison = found.comparison
    return {
        "client": found.customer,
        "subject": found.subject,
        "last": str(comparison.before) if comparison else "",
        "now": str(payable.value),
        "change": _format_signed(str(comparison.difference)) if comparison else "",
        "currency": payable.unit,
        "why": "; ".join(_why(comparison.changes)) if comparison else "first bill",
    }


def _why(changes: Sequence[Change]) -> list[str]:
    """Return the causes, the largest first."""
    causes = [(abs(e.amount), _cause(c, e.cause)) for c in changes for e in c.effects]
    return [text for _, text in sorted(causes, key=lambda pair: -pair[0])] or ["the same"]


def _cause(changed: Change, cause: Cause) -> str:
    effect = next(each for each in changed.effects if each.cause is cause)
    moved = _format_signed(show_number(effect.amount))
    name = str(changed.description)
    if effect.before is None or effect.after is None:
        return f"{name} {cause} {moved}"
    if cause is Cause.QUANTITY:
        more = _format_signed(show_number(effect.after - effect.before))
        return f"{name} {more} {effect.unit} = {moved}"
    if cause is Cause.RATE:
        rates = f"{show_number(effect.before)} → {show_number(effect.after)}"
        return f"{name} {rates} {effect.unit} = {moved}"
    return f"{cause} {moved}" if name in {"tax", "rounding"} else f"{name}: {cause} {moved}"


def _format_signed(text: str) -> str:
    return text if text.startswith(("-", "−")) else f"+{text}"


def _details(found: Changed) -> Iterator[str]:
    yield f"{found.customer} {found.subject}, against {found.before or 'nothing'}:"
    for each in found.comparison.changes if found.comparison else ():
        effects = json.dumps({str(e.cause): str(e.amount) for e in each.effects})
        yield f"  {each.description}: {each.before} → {each.after} {effects}"
