"""``billhook payment import`` and ``match``: bank statements, and what their money settles."""

from __future__ import annotations

from pathlib import Path

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import acting, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import by, dry_run, listing, reason
from billhook.cli.receivables import money, require_client, store_for
from billhook.ledger.bank.bank_lines import BankFile, import_lines
from billhook.ledger.bank.camt import read_camt
from billhook.ledger.bank.matching import THRESHOLD, Match, match_lines


@click.command("import", cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@reason
@by
@dry_run
@click.pass_obj
def import_(
    console: Console,
    /,
    files: tuple[str, ...],
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record the money that came in by bank statements, CAMT.053 or CAMT.054.

    A line that an earlier file brought is not recorded again.  `billhook payment match` says whose
    money it is.
    """
    actor = acting(by, reason)
    contents = [(name, read_camt(Path(name).read_bytes(), name)) for name in files]
    with open_store_context() as place:
        store = store_for(place, rehearse=dry_run)
        for name, file in contents:
            made = import_lines(store, file.lines, actor, roles=place.roles)
            dry = "dry run: " if dry_run else ""
            console.say(f"{dry}{name}: {_counts(file, len(made))}")
            for text in file.returned:
                console.say(f"  taken back by the bank, see billhook payment reverse: {text}")
    return Exit.OK


def _counts(file: BankFile, made: int) -> str:
    counts = (
        (made, "new"),
        (len(file.lines) - made, "known"),
        (file.outgoing, "going out"),
        (file.pending, "not booked yet"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count or what == "new")


HEADS = (
    "line", "date", "amount", "currency", "payer", "client", "settles", "confidence", "rule",
    "state", "reason",
)  # fmt: skip


@click.command("match", cls=Command)
@click.argument("lines", nargs=-1, metavar="[LINE]...")
@click.option("--client", default="", help="Whose money the lines are, whatever the rules say.")
@click.option(
    "--threshold",
    type=click.IntRange(1, 100),
    default=THRESHOLD,
    show_default=True,
    help="Confidence from which money is posted by itself.",
)
@reason
@by
@dry_run
@listing
@click.pass_obj
def match(
    console: Console,
    /,
    lines: tuple[str, ...],
    client: str,
    threshold: int,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
    format_: str,
) -> Exit:
    """Match imported bank lines to open items, and post those that are sure.

    The report says of each line what it was taken for and why.  A LINE that is named is posted
    whatever its confidence; `--client` posts it to a client, on account if nothing else is known.
    """
    actor = acting(by, reason)
    if client and not lines:
        raise click.UsageError("--client needs the lines that are the client's")
    with open_store_context() as place:
        if client:
            require_client(place, client)
        found = match_lines(
            store_for(place, rehearse=dry_run),
            actor,
            threshold=threshold,
            named=lines,
            customer=client,
            roles=place.roles,
        )
    rows = [_row(each) for each in found]
    write_list(console, rows, format_, schema="billhook.bank-matches/1", heads=HEADS, right=AMOUNTS)
    posted = sum(1 for each in found if each.receipt)
    dry = "dry run: " if dry_run else ""
    console.say(f"{dry}{posted} posted, {len(found) - posted} left")
    return Exit.OK


AMOUNTS = ("amount", "confidence")


def _row(match: Match) -> Row:
    line = match.line
    return {
        "line": line.id,
        "date": line.day,
        "amount": money(line.units, line.currency),
        "currency": line.currency,
        "payer": line.payer,
        "client": match.customer,
        "settles": [each.item for each in match.settlements],
        "confidence": match.confidence,
        "rule": match.rule,
        "state": "posted" if match.receipt else "proposed" if match.customer else "left",
        "reason": match.reason,
    }
