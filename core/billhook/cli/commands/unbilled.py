"""``billhook unbilled``: work that is not billed yet, by subject, client and age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import (
    StoreContext,
    acting,
    history_store,
    now,
    one_target,
    open_store_context,
)
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import by, dry_run, listing, reason
from billhook.cli.report import located, tell
from billhook.issue import codes
from billhook.issue.put_aside import put_aside, take_up
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.text import counted
from billhook.project.unbilled import (
    WorkItem,
    draft_all,
    find_forgotten,
    find_work,
    sum_values,
    work_age,
)

COMMANDS = {
    "aside": Lazy("billhook.cli.commands.unbilled:aside", "Put work aside, with a reason."),
    "take-up": Lazy("billhook.cli.commands.unbilled:take_up_command", "Take it up again."),
}
RECORD_HEADS = (
    "record", "origin", "kind", "subject", "customer", "day", "age", "state", "value",
    "currency", "job", "run", "document", "reason",
)  # fmt: skip
GROUP_HEADS = ("records", "oldest", "age", "value", "currency", "unvalued")
AGES = ((30, "0 to 30 days"), (60, "31 to 60 days"), (90, "61 to 90 days"))


@click.group(cls=LazyGroup, lazy=COMMANDS, invoke_without_command=True)
@click.option(
    "-g",
    "--group",
    type=click.Choice(["subject", "client", "age", "record"]),
    default="subject",
    show_default=True,
    help="What each row stands for.",
)
@click.option("--subject", help="Only work of this subject: an account, a contract.")
@click.option("--client", help="Only work of this customer.")
@click.option("--older", type=int, metavar="DAYS", help="Only work older than this.")
@click.option("--all", "everything", is_flag=True, help="Include work that is billed or put aside.")
@listing
@click.pass_context
def unbilled(
    context: click.Context,
    /,
    group: str,
    subject: str | None,
    client: str | None,
    older: int | None,
    everything: bool,  # noqa: FBT001 - click's signature
    format_: str,
) -> Exit:
    """List unbilled work: the records in the sources of the project's jobs.

    The value is what the jobs would bill today.  Work that no job would ever bill is listed too,
    and said below the list.
    """
    if context.invoked_subcommand is not None:
        return Exit.OK
    console = context.ensure_object(Console)
    today = now().date()
    found, findings = _work(everything=everything)
    items = [
        each
        for each in found
        if (everything or each.open)
        and subject in {None, each.subject, each.account}
        and client in {None, each.customer}
        and (older is None or (work_age(each, today) or 0) > older)
    ]
    _write(console, items, group, format_, today)
    tell(console, findings)
    open_ = [each for each in items if each.open]
    sums = ", ".join(f"{value:,} {unit}" for unit, value in sum_values(open_).items())
    console.say(f"{counted(len(open_), 'record')} unbilled{f', worth {sums}' if sums else ''}")
    return Exit.OK


def _work(*, everything: bool) -> tuple[tuple[WorkItem, ...], tuple[Diagnostic, ...]]:
    project = one_target(()).project
    project.assumed_date = now().date()
    with history_store(project, None) as store:
        if store is None:
            items = find_work(project, draft_all(project))
        else:
            with store.read() as reading:
                drafts = draft_all(project, reading)
                items = find_work(project, drafts, reading, consumed=everything)
    unloaded = project.engine(project.table.plugins).findings
    return items, located((*unloaded, *find_forgotten(project, items)), project.folder)


def _write(
    console: Console, items: Sequence[WorkItem], group: str, format_: str, today: dt.date
) -> None:
    right = ("value", "records", "age", "unvalued")
    if group == "record":
        rows = [_record(each, today) for each in items]
        heads: tuple[str, ...] = RECORD_HEADS
    else:
        keys: dict[str, Callable[[WorkItem], tuple[str, ...]]] = {
            "subject": lambda each: (each.subject, each.customer, each.state),
            "client": lambda each: (each.customer, each.state),
            "age": lambda each: (_bracket(work_age(each, today)), each.state),
        }
        names = {
            "subject": ("subject", "customer", "state"),
            "client": ("customer", "state"),
            "age": ("bracket", "state"),
        }[group]
        rows = _group_rows(items, keys[group], names, today)
        heads = (*names, *GROUP_HEADS)
    write_list(console, rows, format_, schema="billhook.unbilled/1", heads=heads, right=right)


def _record(item: WorkItem, today: dt.date) -> Row:
    return {
        "record": item.record.key,
        "origin": str(item.record.origin),
        "kind": item.kind,
        "subject": item.subject,
        "customer": item.customer,
        "day": item.day,
        "age": work_age(item, today),
        "state": item.state,
        "value": item.value,
        "currency": item.currency if item.value is not None else "",
        "job": item.job,
        "run": item.run,
        "document": item.document,
        "reason": item.reason,
    }


def _bracket(age: int | None) -> str:
    if age is None:
        return "no day yet"
    return next((name for days, name in AGES if age <= days), "over 90 days")


def _group_rows(
    items: Iterable[WorkItem],
    key: Callable[[WorkItem], tuple[str, ...]],
    names: Sequence[str],
    today: dt.date,
) -> list[Row]:
    """Return a row for each group and currency, the groups in order."""
    groups: dict[tuple[str, ...], list[WorkItem]] = {}
    for item in items:
        groups.setdefault((*key(item), item.currency), []).append(item)
    rows: list[Row] = []
    for (*words, currency), members in sorted(groups.items()):
        days = [each.day for each in members if each.day is not None]
        values = [each.value for each in members if each.value is not None]
        rows.append(
            {
                **dict(zip(names, words, strict=True)),
                "records": len(members),
                "oldest": min(days, default=None),
                "age": max((work_age(each, today) or 0 for each in members), default=0),
                "value": sum(values, Decimal(0)) if values else None,
                "currency": currency if values else "",
                "unvalued": len(members) - len(values),
            }
        )
    return rows


# ── putting aside ────────────────────────────────────────────────────────────


@click.command("aside", cls=Command)
@click.argument("keys", nargs=-1)
@click.option("--subject", help="All unbilled work of this subject.")
@reason
@by
@dry_run
@click.pass_obj
def aside(
    console: Console,
    /,
    keys: tuple[str, ...],
    subject: str | None,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Put records aside: no job bills them until you take them up again.

    KEYS are records as `billhook unbilled --group record` names them.  Who did it, when and why
    stands in the log.
    """
    with open_store_context(dry=dry_run, make=not dry_run) as place:
        chosen = _select_work(place, keys, subject, {"unbilled", "draft"})
        if not dry_run:
            works = [each.work for each in chosen]
            put_aside(place.store, works, acting(by, reason), roles=place.roles)
    _say(console, chosen, "put aside", dry_run=dry_run)
    return Exit.OK


@click.command("take-up", cls=Command)
@click.argument("keys", nargs=-1)
@click.option("--subject", help="All work of this subject that was put aside.")
@reason
@by
@dry_run
@click.pass_obj
def take_up_command(
    console: Console,
    /,
    keys: tuple[str, ...],
    subject: str | None,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Take up records that were put aside: the next bill includes them."""
    with open_store_context(dry=dry_run) if dry_run else open_store_context() as place:
        chosen = _select_work(place, keys, subject, {"aside"})
        if not dry_run:
            works = [each.work for each in chosen]
            take_up(place.store, works, acting(by, reason), roles=place.roles)
    _say(console, chosen, "taken up", dry_run=dry_run)
    return Exit.OK


def _select_work(
    place: StoreContext, keys: Sequence[str], subject: str | None, states: set[str]
) -> list[WorkItem]:
    """Return the records that are meant.

    Raises:
        click.UsageError: None is named.
        RefusedError: BH560: there is no such record.
    """
    if not keys and subject is None:
        raise click.UsageError("name records, or all of a subject: --subject")
    place.project.assumed_date = now().date()
    with place.store.read() as reading:
        items = find_work(place.project, draft_all(place.project, reading), reading)
    known = {each.record.key for each in items}
    wrong = [f"no source has a record {key!r}" for key in keys if key not in known]
    chosen = [each for each in items if each.record.key in keys]
    if subject is not None:
        of_it = [each for each in items if subject in {each.subject, each.account}]
        mine = [each for each in of_it if each.state in states]
        chosen.extend(each for each in mine if each not in chosen)
        if not mine:
            wrong.append(f"there is no such work for {subject!r}")
    if wrong:
        hint = "billhook unbilled --group record shows the keys; --all what is billed or aside"
        raise RefusedError([Diagnostic(codes.PUT_ASIDE.id, each, hint=hint) for each in wrong])
    return chosen


def _say(console: Console, items: Sequence[WorkItem], done: str, *, dry_run: bool) -> None:
    sums = ", ".join(f"{value:,} {unit}" for unit, value in sum_values(items).items())
    what = f"{counted(len(items), 'record')}{f', worth {sums}' if sums else ''}"
    console.say(f"dry run: {what} would be {done}" if dry_run else f"{what}: {done}")
