"""``billhook audit export``, ``sign``, ``timestamp``: what outsiders can check."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import click

from billhook.audit.signatures import new_key, read_key
from billhook.audit.timestamps import REQUEST, RESPONSE, accept_timestamp, timestamp_request
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import acting, now, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.options import by
from billhook.cli.report import shown
from billhook.issue.archived_files import SIGNATURE_SUFFIX
from billhook.kernel.errors import StoreError
from billhook.kernel.text import counted
from billhook.project.store_identity import CLOSINGS
from billhook.sources.atomic_write import PRIVATE, write_whole

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(cls=Command)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@by
@click.pass_obj
def export(console: Console, /, folder: Path, by: str | None) -> Exit:
    """Write into FOLDER all that an auditor needs to check everything without billhook.

    Documents, log, links, claims and closing files with their signatures and timestamps, a
    description of every column, and verify.py, which needs Python alone: python -I -S verify.py.
    """
    from billhook.audit.audit_export import export_audit

    with open_store_context(dry=True) as place:
        place.require_store()
        closings = place.project.folder / CLOSINGS
        with place.store.read() as reading:
            done = export_audit(
                reading, folder, acting(by), closings=closings, access=place.keeping.access
            )
    console.write(shown(folder / "manifest.json"))
    counts = (
        counted(done.documents, "document"),
        counted(done.audit_entries, "line") + " of the log",
        counted(done.anchors, "closing file"),
    )
    console.say(f"exported {', '.join(counts)}; sign the manifest where the key is kept")
    return Exit.OK


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--key", type=FILES, help="Secret key, of minisign, without a password.")
@click.option(
    "--command",
    metavar="WORDS",
    help="Command that signs {file} into {signature}: a token, or minisign itself.",
)
@click.option("--comment", help="Words that are signed, too.  [default: the file and the time]")
@click.pass_obj
def sign(
    console: Console,
    /,
    files: tuple[Path, ...],
    key: Path | None,
    command: str | None,
    comment: str | None,
) -> Exit:
    """Sign files, closing files above all, by a key that is kept away from the store.

    The signature is put beside each file as NAME.minisig, in the format of minisign.  Do it where
    the key is, not where the store is: `billhook verify --public-key` then finds what the keeper
    of the store made again.
    """
    if (key is None) == (command is None):
        raise click.UsageError("say --key or --command")
    secret = read_key(key) if key else None
    for file in files:
        target = file.with_name(file.name + SIGNATURE_SUFFIX)
        words = comment or f"{file.name} signed at {now():%Y-%m-%dT%H:%M:%SZ}"
        if secret is not None:
            text = secret.sign(file.read_bytes(), words)
            write_whole(target, text.encode())
        else:
            _run(str(command), file, target, words)
        console.write(shown(target))
    return Exit.OK


def _run(command: str, file: Path, target: Path, comment: str) -> None:
    """Run a command for signing; it comes from whoever calls, never from a project."""
    places = {"{file}": str(file), "{signature}": str(target), "{comment}": comment}
    words = [places.get(word, word) for word in shlex.split(command)]
    try:
        done = subprocess.run(words, check=False)  # noqa: S603 - the caller's own command
    except OSError as error:
        raise StoreError(f"the command for signing cannot be run: {error.strerror}") from None
    if done.returncode or not target.is_file():
        raise StoreError(f"the command for signing failed for {file.name}: {done.returncode}")


@click.command("new-key", cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def make_key(console: Console, /, file: Path) -> Exit:
    """Make a key for signing in FILE, and its public key in FILE.pub.

    Keep FILE away from the store, and give FILE.pub to those who check.  minisign reads both.
    """
    key = new_key()
    write_whole(file, key.secret_text().encode(), replace=False, access=PRIVATE)
    public = file.with_name(f"{file.name}.pub")
    write_whole(public, key.public_text().encode(), replace=False)
    console.write(shown(file))
    console.write(shown(public))
    return Exit.OK


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--response", type=FILES, help="Response of the authority for the one FILE.")
@click.pass_obj
def timestamp(console: Console, /, files: tuple[Path, ...], response: Path | None) -> Exit:
    """Write a request for a timestamp (RFC 3161) beside each file, or take the response.

    The request is NAME.tsq; send it to an authority, and give the answer back with --response.
    It is kept as NAME.tsr; `billhook verify` compares its content with the file's, and
    `openssl ts -verify` checks the authority's signature.
    """
    if response is None:
        for file in files:
            target = file.with_name(file.name + REQUEST)
            write_whole(target, timestamp_request(file.read_bytes()))
            console.write(shown(target))
        return Exit.OK
    file, *others = files
    if others:
        raise click.UsageError("a response is of one file")
    request, answer = file.with_name(file.name + REQUEST), response.read_bytes()
    asked = request.read_bytes() if request.is_file() else None
    time = accept_timestamp(file.read_bytes(), answer, asked)
    target = file.with_name(file.name + RESPONSE)
    write_whole(target, answer)
    console.write(shown(target))
    console.say(f"the authority says {time}")
    return Exit.OK
