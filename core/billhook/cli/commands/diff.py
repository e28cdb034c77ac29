"""``billhook diff``: two bills side by side, and why they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import attrs
import click

from billhook.cli.bills import bill_of
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.options import history
from billhook.cli.shell_completion import complete_jobs
from billhook.compare.invoices import Cause, Change, Comparison, Effect, compare
from billhook.compare.periods import compare_successive
from billhook.explain.rule_text import show_number
from billhook.kernel.text import counted

SCHEMA = "billhook.comparison/1"


@click.command(cls=Command)
@click.argument("before", type=click.Path(), shell_complete=complete_jobs)
@click.argument("after", type=click.Path(), shell_complete=complete_jobs)
@click.option("--payer", help="Id of the payer, when the jobs make several bills.")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people or for programs.",
)
@history
@click.option(
    "--lines", is_flag=True, help="Show every line, including those that only one bill has."
)
@click.pass_obj
def diff(
    console: Console,
    /,
    before: str,
    after: str,
    payer: str | None,
    format_: str,
    store: bool | None,  # noqa: FBT001 - click's signature
    lines: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Compare two bills and explain the differences: rate, quantity, new, gone, tax.

    BEFORE and AFTER are jobs, or bills that were written as JSON; - is such a bill on standard
    input.

    What both bills have is compared line by line.  Bills of two months have other lines: those are
    compared by the group that they are printed in, or by their kind, at a price.

    Exit code 0: they are equal.  1: they differ.
    """
    one, two = (bill_of(each, console, payer, store=store) for each in (before, after))
    try:
        found = (compare if lines else compare_successive)(
            one.document.invoice, two.document.invoice
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if format_ == "json":
        console.write(_to_json(found))
    else:
        show_changes(found, console)
    return Exit.FINDINGS if found.changes else Exit.OK


def show_changes(found: Comparison, console: Console) -> None:
    """Write a comparison as a table, and say what caused the difference."""
    from billhook.cli.terminal_table import table

    if found.changes:
        heads = ("what", "before", "after", "change", "why")
        console.write(table(heads, _rows(found), right=(1, 2, 3)))
        causes = (f"{cause} {_format_signed(moved)}" for cause, moved in found.causes().items())
        console.say(
            f"amount due changes by {_format_signed(found.difference)}: {', '.join(causes)}"
        )
    else:
        console.say("the bills are equal")


def _rows(found: Comparison) -> Iterator[tuple[str, ...]]:
    for change in found.changes:
        amounts = (show_number(change.before), show_number(change.after))
        why = "; ".join(_why(effect, change) for effect in change.effects)
        yield (_what(change), *amounts, _format_signed(change.difference), why)
    amounts = (show_number(found.before), show_number(found.after))
    yield (f"amount due, {found.currency}", *amounts, _format_signed(found.difference), "")


def _what(change: Change) -> str:
    text = str(change.description)
    named = f"{change.id}  {text}" if text not in change.id else change.id
    most = max(change.lines_before, change.lines_after)
    if most <= 1:
        return named
    return f"{named}, {change.lines_before} → {counted(change.lines_after, 'line')}"


def _why(effect: Effect, change: Change) -> str:
    before, after = effect.before, effect.after
    if before is None or after is None or (before, after) == (change.before, change.after):
        return str(effect.cause)
    if effect.cause in {Cause.TAX, Cause.ADJUSTMENT, Cause.ROUNDING}:
        return str(effect.cause)
    moved = f"{show_number(before)} → {show_number(after)} {effect.unit}".rstrip()
    return f"{effect.cause} {moved} ({_format_signed(effect.amount)})"


def _format_signed(amount: Decimal) -> str:
    sign = "-" if amount < 0 else "+"
    return f"{sign}{show_number(abs(amount))}"


def _to_json(found: Comparison) -> str:
    tree = {
        "schema": SCHEMA,
        "currency": found.currency,
        "before": str(found.before),
        "after": str(found.after),
        "difference": str(found.difference),
        "causes": {str(cause): str(moved) for cause, moved in found.causes().items()},
        "changes": [_plain(change) for change in found.changes],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _plain(change: Change) -> dict[str, object]:
    return {
        "id": change.id,
        "description": str(change.description),
        "before": str(change.before),
        "after": str(change.after),
        "difference": str(change.difference),
        "lines_before": change.lines_before,
        "lines_after": change.lines_after,
        "effects": [_effect(effect) for effect in change.effects],
    }


def _effect(effect: Effect) -> dict[str, str]:
    facts = attrs.asdict(effect)
    return {name: str(value) for name, value in facts.items() if value not in (None, "")}
