"""``billhook db`` and ``billhook backup``: the database itself."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import keeper, now, one_target, open_store_context, read_keeping, sure
from billhook.cli.exits import Exit
from billhook.cli.listing import write_list
from billhook.cli.options import by, listing, reason, yes
from billhook.cli.report import shown
from billhook.kernel.text import counted
from billhook.project.store_identity import IDENTITY_FILE
from billhook.store.protocol import Stats

COMMANDS = {
    "init": Lazy("billhook.cli.commands.db:init", "Create the project's store."),
    "restore": Lazy("billhook.cli.commands.db:restore", "Restore a backup in place of the store."),
    "stats": Lazy("billhook.cli.commands.db:stats", "Show how much the store holds."),
    "migrate": Lazy("billhook.cli.commands.db:migrate", "Migrate an older store to this version."),
    "copy": Lazy("billhook.cli.commands.db:copy", "Copy the store into another, empty database."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def db() -> None:
    """Create, migrate, copy and restore the store."""


@click.command("stats", cls=Command)
@listing
@click.pass_obj
def stats(console: Console, /, format_: str) -> Exit:
    """Show how much the store holds."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        found = reading.stats()
    rows = [{"what": name, "count": value} for name, value in attrs.asdict(found).items()]
    heads = ("what", "count")
    write_list(
        console, rows, format_, schema="billhook.store-stats/1", heads=heads, right=("count",)
    )
    return Exit.OK


@click.command("init", cls=Command)
@click.pass_obj
def init(console: Console, /) -> Exit:
    """Create the project's store, and the file that names it.

    Commit billhook-store.toml: a project that has it refuses any other store.  In a database of
    another program the tables are made beside its own.

    Exit code 4: the project had a store before, and it is gone.
    """
    own = keeper()
    own.open(absent="make", share=True).close()
    console.say(f"the store is {own.where}; commit {IDENTITY_FILE}")
    return Exit.OK


@click.command("restore", cls=Command)
@click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--accept-loss",
    is_flag=True,
    help="Accept that documents missing from the backup are lost; their numbers stay unused.",
)
@reason
@by
@yes
@click.pass_obj
def restore(
    console: Console,
    /,
    file: Path | None,
    accept_loss: bool,  # noqa: FBT001 - click's signature
    reason: str | None,
    by: str | None,
    yes: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Restore the backup FILE as the store, and record that in its log.

    The store that was there is set aside beside it.  A store that was put back by other means,
    as with pg_restore, is recorded by the same command without a FILE.

    Exit code 4: FILE is of another store; or it is older than what the project shows.
    """
    own = keeper(by, reason)
    if not sure(f"Use {file or own.where} as the store from now on?", yes=yes):
        console.warn("nothing was changed")
        return Exit.REFUSED
    lost = own.restore(file, accept_loss=accept_loss)
    console.say(f"the store {own.where} is in use; the audit log records the restore")
    for each in lost:
        console.warn(f"lost, and not assigned again: {each}")
    return Exit.OK


@click.command("migrate", cls=Command)
@click.pass_obj
def migrate(console: Console, /) -> Exit:
    """Upgrade an older store to this version, after making a verified copy."""
    from billhook.store.backup import migrate as lead

    done = lead(read_keeping(one_target(()).project).address)
    if done.before == done.after:
        console.say(f"the store already has schema {done.after}")
    else:
        console.say(f"the store was upgraded from schema {done.before} to {done.after}")
    if done.backup is not None:
        console.write(shown(done.backup))
    return Exit.OK


@click.command("copy", cls=Command)
@click.argument("target")
@click.pass_obj
def copy(console: Console, /, target: str) -> Exit:
    """Copy the store into TARGET, a path or URL of an empty database, and compare both."""
    from billhook.store.database import open_store
    from billhook.store.transfer import transfer

    with open_store_context() as place:
        with place.store.read() as reading:
            identity = reading.identity()
        other = open_store(target, create=True, identity=identity)
        try:
            found = transfer(place.store, other)
        finally:
            other.close()
    console.say(f"copied {_counts(found)}; name the copy in [store] to use it")
    return Exit.OK


def _counts(found: Stats) -> str:
    return (
        f"{counted(found.documents, 'document')}, {counted(found.audit_entries, 'line')} of the log"
    )


@click.command("backup", cls=Command)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def backup(console: Console, /, path: Path | None) -> Exit:
    """Copy the store to PATH and check the copy; others can go on working.

    Without a PATH it goes to the project's folder backups, under the moment's name.  Nothing is
    overwritten.
    """
    from billhook.kernel.errors import StoreError
    from billhook.store.backup import backup as make
    from billhook.store.backup import ending
    from billhook.store.sql.sql_store import SqlStore

    with open_store_context() as place:
        if not isinstance(place.store, SqlStore):
            raise StoreError("this store is in memory: there is nothing to back up")
        folder = place.project.folder / "backups"
        target = path or folder / f"billhook-{now():%Y-%m-%dT%H%M%SZ}{ending(place.store)}"
        os.makedirs(target.parent, mode=0o700, exist_ok=True)  # noqa: PTH103 - a mode for every folder
        make(place.store, target)
    console.write(shown(target))
    return Exit.OK
