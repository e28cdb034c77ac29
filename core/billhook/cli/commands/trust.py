"""``billhook trust``: let the local plugins of projects run."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import now
from billhook.cli.exits import Exit
from billhook.cli.local_plugins import open_project, trusted_plugins
from billhook.cli.options import dry_run, text_or_json
from billhook.cli.report import shown
from billhook.project import MARKER
from billhook.project.trusted_plugins import TrustedFile, changes

SCHEMA = "billhook.trusted-plugins/1"


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@dry_run
@click.option("--list", "list_", is_flag=True, help="List what is trusted.")
@click.option("--revoke", is_flag=True, help="Trust the plugins of PATHS no longer.")
@text_or_json("Of --list: output for people or for programs.")
@click.pass_obj
def trust(
    console: Console,
    /,
    paths: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - click's signature
    list_: bool,  # noqa: FBT001
    revoke: bool,  # noqa: FBT001
    format_: str,
) -> Exit:
    """Allow the local plugins of projects to run, because they are code.

    PATHS are projects, or local plugin files; by default the project around here.  A plugin is
    trusted where it lies and as it is: when its file has changed, billhook shows what changed and
    wants to be told again.  BILLHOOK_TRUST=1 in the environment trusts all, for CI and scripts.
    """
    if list_ and (revoke or dry_run or paths):
        raise click.UsageError("--list takes neither paths nor other options")
    if list_:
        _list(console, format_)
        return Exit.OK
    files = tuple(_local_plugins(paths or (".",)))
    if not files:
        console.say("no local plugin here: there is nothing to trust")
    for file in files:
        if revoke:
            _revoke(console, file, dry=dry_run)
        else:
            _trust(console, file, dry=dry_run)
    return Exit.OK


def _local_plugins(paths: Sequence[str]) -> Iterator[Path]:
    """Yield the local plugin files of paths, without running any."""
    for path in map(Path, paths):
        if path.suffix == ".py":
            yield path
            continue
        below = sorted(path.glob(f"*/{MARKER}")) if path.is_dir() else []
        here = not below or (path / MARKER).is_file()
        for place in (path,) if here else below:
            project = open_project(place)
            if project.table.local is not None:
                yield project.table.local


def _trust(console: Console, file: Path, *, dry: bool) -> None:
    content, trusted = file.read_bytes(), trusted_plugins()
    known, before = trusted.trusts(file, content), trusted.latest(file)
    if not known and (before or dry):
        console.write("\n".join(changes(before, Path(shown(file)), content)))
    if dry:
        words = "is trusted" if known else "would be trusted"
    else:
        trusted.add(file, content, now())
        words = "is trusted"
    digest = hashlib.sha256(content).hexdigest()[:16]
    console.say(f"{shown(file)} {words}: {len(content.splitlines())} lines, sha256 {digest}…")


def _revoke(console: Console, file: Path, *, dry: bool) -> None:
    trusted = trusted_plugins()
    there = trusted.latest(file) is not None
    if there and not dry:
        trusted.revoke(file)
    words = ("would not be" if dry else "is not") if there else "was not"
    console.say(f"{shown(file)} {words} trusted{' any more' if there else ''}")


def _list(console: Console, format_: str) -> None:
    from billhook.cli.terminal_table import table

    rows = [_row(each) for each in trusted_plugins().files()]
    if format_ == "json":
        tree = {"schema": SCHEMA, "plugins": [dict(zip(_HEADS, row, strict=True)) for row in rows]}
        console.write(json.dumps(tree, ensure_ascii=False, indent=2))
    elif rows:
        console.write(table(_HEADS, rows))
    else:
        console.say("no local plugin is trusted")


_HEADS = ("path", "state", "trusted", "sha256")


def _row(each: TrustedFile) -> tuple[str, ...]:
    try:
        same = hashlib.sha256(each.path.read_bytes()).hexdigest() == each.digest
    except OSError:
        state = "gone"
    else:
        state = "as it is" if same else "changed since"
    return (os.fspath(each.path), state, each.at.date().isoformat(), each.digest[:16])


def trust_written(console: Console, root: Path, files: Iterable[Path]) -> None:
    """Trust the local plugins that a command has just written itself."""
    trusted = trusted_plugins()
    for path in files:
        try:
            trusted.add(root / path, (root / path).read_bytes(), now())
        except OSError:
            console.warn(f"{shown(root / path)} could not be trusted; say billhook trust")
