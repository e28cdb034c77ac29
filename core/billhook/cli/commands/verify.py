"""``billhook verify`` and ``billhook seal``: is everything as it was issued?"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs
import click

from billhook.audit.verify import Verified, verify
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, acting, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.options import by, read_date, text_or_json
from billhook.cli.report import several, shown, to_json, to_text
from billhook.issue.anchors import Anchor, anchors, close
from billhook.issue.archived_files import SIGNATURE_SUFFIX, find_unfiled
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.text import counted
from billhook.project.store_identity import CLOSINGS
from billhook.sources.atomic_write import make_folder, write_whole
from billhook.sources.filename import safe_name
from billhook.store.protocol import Entry

SHOWN = 20


@click.command("verify", cls=Command)
@click.option("--as-of", callback=read_date, help="Check only documents up to this date.")
@click.option(
    "--anchor",
    "files",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help=(
        "A closing file, or a folder of them, in addition to the project's own; may be repeated."
    ),
)
@click.option(
    "--public-key",
    metavar="KEY",
    help="Public key of minisign, as text or a file: closing files must be signed by it.",
)
@text_or_json()
@click.pass_obj
def verify_command(
    console: Console,
    /,
    as_of: dt.date | None,
    files: tuple[Path, ...],
    public_key: str | None,
    format_: str,
) -> Exit:
    """Check issued documents for errors and tampering: recalculate and compare.

    Digests and chains, columns beside the sealed bytes, every figure from its parts, numbers
    without gaps, claims, credits, the log, archived files, and the database's own check.  Only a
    closing file that was kept elsewhere (`billhook seal`) shows that nothing was cut off at the
    end; those in the project's folder closings are read too.  With --public-key they must be
    signed by a key that the keeper of the store does not have.

    Exit code 1: something does not hold; the first is named first.
    """
    with open_store_context(dry=True, any_store=True) as place:
        place.require_store()
        own = place.project.folder / CLOSINGS
        folders = dict.fromkeys(file.absolute() for file in (*files, own) if file.exists())
        closings = [each for file in folders for each in _closing_files(file)]
        given = dict.fromkeys(anchor for file in closings for anchor in _anchors(file))
        # verifying as of a day looks at the closings of that day and before only
        known = tuple(each for each in given if as_of is None or each.date <= as_of)
        other = place.differences()
        found = _verify(console, place, as_of, known)
        proofs = _check_proofs(place, closings, public_key)
        found = attrs.evolve(found, findings=(*other, *found.findings, *proofs))
        with place.store.read() as reading:
            bare = find_unfiled(reading)
        damage = found.findings
    if format_ == "json":
        console.write(_to_json(found))
    else:
        if damage:
            console.warn(to_text(damage[:SHOWN]))
            more = len(damage) - SHOWN
            if more > 0:
                console.warn(f"and {counted(more, 'finding')} more: --format json has them all")
        console.say(_counts(found, known))
        if bare:
            console.say(f"without files: {several(bare)}; billhook invoice files --missing")
    return Exit.FINDINGS if damage else Exit.OK


def _verify(
    console: Console, place: StoreContext, as_of: dt.date | None, known: tuple[Anchor, ...]
) -> Verified:
    with place.store.read() as reading:
        count = reading.stats().documents
    tick = iter(console.progress(range(count), "verifying"))

    def step(_: Entry) -> None:
        next(tick, None)

    found = verify(
        place.store,
        place.engine.plugins,
        anchors=known,
        as_of=as_of,
        archive=place.keeping.archive,
        step=step,
    )
    next(tick, None)
    return found


def _closing_files(path: Path) -> list[Path]:
    return sorted(path.glob("*.json")) if path.is_dir() else [path]


def _anchors(file: Path) -> Iterable[Anchor]:
    try:
        yield from anchors(file.name, file.read_bytes())
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _check_proofs(
    place: StoreContext, closings: Sequence[Path], public_key: str | None
) -> Iterator[Diagnostic]:
    """Yield the signatures and timestamps of closing files and of the archive that do not hold."""
    from billhook.audit.signatures import check_proofs, read_public_key

    key = read_public_key(public_key) if public_key else ""
    yield from check_proofs(closings, key, required=True)
    signed = sorted(place.keeping.archive.rglob(f"*{SIGNATURE_SUFFIX}")) if key else []
    files = [each.with_suffix("") for each in signed]
    yield from check_proofs([each for each in files if each.is_file()], key, required=False)


def _counts(found: Verified, known: tuple[Anchor, ...]) -> str:
    parts = [
        counted(found.documents, "document"),
        counted(found.audit_entries, "line") + " of the log",
        counted(found.figures, "figure"),
        counted(found.files, "file"),
        counted(len({anchor.file for anchor in known}), "closing file"),
    ]
    verdict = "all sound" if not found.findings else counted(len(found.findings), "finding")
    return f"{', '.join(parts)}: {verdict}"


def _to_json(found: Verified) -> str:
    tree = json.loads(to_json(found.findings))
    counts = {
        "documents": found.documents,
        "audit_entries": found.audit_entries,
        "figures": found.figures,
        "files": found.files,
    }
    return json.dumps({**tree, "schema": "billhook.verified/1", **counts}, indent=2)


@click.command(cls=Command)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the closing file.  [default: closings, in the project]",
)
@by
@click.pass_obj
def seal(console: Console, /, output: Path | None, by: str | None) -> Exit:
    """Write a closing file: the ends of all chains, to be kept outside the store.

    Mail it, print it, commit it: `billhook verify --anchor` compares the store with it later, and
    shows if the newest documents were cut off.
    """
    actor = acting(by)
    with open_store_context() as place:
        data = close(place.store, actor, roles=place.roles)
        folder = output or place.project.folder / CLOSINGS
    make_folder(folder, place.keeping.access)
    path = folder / safe_name(f"closing-{actor.at:%Y-%m-%dT%H%M%SZ}", ".json")
    write_whole(path, data, replace=False, access=place.keeping.access)
    console.write(shown(path))
    console.say("keep it where nobody who can change the store can change it")
    return Exit.OK
