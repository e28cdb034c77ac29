"""The identity of a project's store: a committed file, and what else shows an earlier store.

A store file can be deleted, emptied, swapped, or put back from an old copy; each of them would
begin again at numbers that were given before.  So the project remembers its store outside of it:
``billhook-store.toml`` names it, the archive and the closing files bear its name and the ends of
its chains.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs
import tomli

from billhook.issue import codes
from billhook.issue.anchors import Anchor, anchors
from billhook.issue.restore import LostNumbers, kept_heads
from billhook.kernel.diagnostics import Diagnostic
from billhook.sources.atomic_write import PRIVATE, Access, make_folder, write_whole
from billhook.store.digests import LOG_CHAIN
from billhook.store.protocol import Reading

IDENTITY_FILE = "billhook-store.toml"
CLOSINGS = "closings"
ARCHIVE_FILE = "store.json"
"""The file in the archive that tells which store its files are of, and how far that had come."""

ARCHIVE_SCHEMA = "billhook.archive-of/1"


@attrs.frozen(kw_only=True)
class StoreIdentity:
    """The store's identity, as the committed file records it.

    Attributes:
        store: The store's identity.
        made_at: When it was made, or first seen.
        made_by: Who made it.
    """

    store: str
    made_at: dt.datetime
    made_by: str


@attrs.frozen(kw_only=True)
class Testimony:
    """Something outside the store that shows a store which was there.

    Attributes:
        name: The file, relative to the project.
        store: The identity that it bears; empty if it bears none.
        anchors: Ends of chains that the store had reached.
        sequences: Last numbers that it had given, by series and period.
    """

    name: str
    store: str = ""
    anchors: tuple[Anchor, ...] = ()
    sequences: Mapping[tuple[str, str], int] = attrs.field(factory=dict)


# ── the committed file ───────────────────────────────────────────────────────


def read_identity(folder: Path) -> StoreIdentity | None:
    """Return what a project's identity file says, or nothing if there is none.

    Raises:
        ValueError: It is there and cannot be read.
    """
    path = folder / IDENTITY_FILE
    try:
        table = tomli.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise ValueError(f"{IDENTITY_FILE} cannot be read: {error}") from error
    try:
        return StoreIdentity(
            store=str(table["store"]),
            made_at=table["made_at"],
            made_by=str(table["made_by"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{IDENTITY_FILE} does not say which store it names") from error


def write_identity(folder: Path, identity: StoreIdentity) -> None:
    """Write a project's identity file."""
    lines = [
        "# The store of this project.  Commit this file: billhook refuses any other store,",
        "# so that no number is given twice.",
        f"store = {_quote(identity.store)}",
        f"made_at = {identity.made_at.isoformat()}",
        f"made_by = {_quote(identity.made_by)}",
    ]
    write_whole(folder / IDENTITY_FILE, ("\n".join(lines) + "\n").encode())


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# ── testimonies ──────────────────────────────────────────────────────────────


def testimonies(
    identity: StoreIdentity | None, folder: Path, archive: Path
) -> tuple[Testimony, ...]:
    """Return what shows an earlier store of a project: three places are looked at.

    Args:
        identity: What the identity file says.
        folder: The project's folder.
        archive: The archive's folder.
    """
    return tuple(_testimonies(identity, folder, archive))


def _testimonies(
    identity: StoreIdentity | None, folder: Path, archive: Path
) -> Iterator[Testimony]:
    if identity is not None:
        yield Testimony(name=IDENTITY_FILE, store=identity.store)
    if archive.is_dir() and (seen := _read_archive(archive)) is not None:
        yield seen
    elif any(archive.glob("[0-9][0-9][0-9][0-9]/*")):
        yield Testimony(name=f"files in {archive.name}/")
    newest = max((folder / CLOSINGS).glob("*.json"), default=None)
    if newest is not None:
        name = f"{CLOSINGS}/{newest.name}"
        try:
            ends = anchors(name, newest.read_bytes())
        except (ValueError, OSError):
            yield Testimony(name=name)
        else:
            yield Testimony(name=name, store=ends[0].store if ends else "", anchors=ends)


def _read_archive(archive: Path) -> Testimony | None:
    name = f"{archive.name}/{ARCHIVE_FILE}"
    try:
        table = json.loads((archive / ARCHIVE_FILE).read_bytes())
        date = dt.date.fromisoformat(table["date"])
        ends = tuple(
            Anchor(
                file=name,
                date=date,
                chain=chain,
                position=int(head["position"]),
                digest=str(head["digest"]),
                store=str(table["store"]),
            )
            for chain, head in table["chains"].items()
        )
        given = {(str(s), str(p)): int(last) for s, p, last in table["series"]}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Testimony(name=name)
    return Testimony(name=name, store=str(table["store"]), anchors=ends, sequences=given)


def mark_archive(reading: Reading, archive: Path, today: dt.date, access: Access = PRIVATE) -> None:
    """Note in the archive which store it belongs to and how far that has come.

    A crash before this leaves the note behind the store, which does no harm.

    Raises:
        OSError: The archive cannot be written.
    """
    heads = {chain: reading.head(chain) for chain in (*reading.chains(), LOG_CHAIN)}
    if not any(head.position for head in heads.values()):
        return
    table = {
        "schema": ARCHIVE_SCHEMA,
        "store": reading.identity(),
        "date": today.isoformat(),
        "chains": {name: attrs.asdict(head) for name, head in heads.items()},
        "series": [[*place, last] for place, last in sorted(reading.sequences().items())],
    }
    before = _read_archive(archive)
    ends = {each.chain: (each.position, each.digest) for each in before.anchors} if before else {}
    if ends != {name: (head.position, head.digest) for name, head in heads.items()}:
        make_folder(archive, access)
        data = json.dumps(table, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
        write_whole(archive / ARCHIVE_FILE, data.encode(), durable=False, access=access)


# ── comparing ────────────────────────────────────────────────────────────────


def differences(reading: Reading, known: Iterable[Testimony], where: str) -> Iterator[Diagnostic]:
    """Yield why a store is not the one that a project shows: another one, or an older copy.

    Args:
        reading: The store.
        known: What shows the project's store.
        where: The store's place, for messages.
    """
    mine = reading.identity()
    kept = kept_heads(reading)
    for each in known:
        if each.store and each.store != mine:
            message = f"{each.name} names another store than {where} is"
            hint = "name the project's own store in [store], or restore its backup"
            yield Diagnostic(codes.OTHER_PROJECT.id, message, hint=hint)
            continue
        for end in sorted(each.anchors, key=lambda end: (end.chain == LOG_CHAIN, end.chain)):
            found = reading.digest_at(end.chain, end.position) if end.position else end.digest
            if found == end.digest or _is_lost(end, kept):
                continue
            name = "the log" if end.chain == LOG_CHAIN else f"chain {end.chain}"
            if found is None:
                ends = reading.head(end.chain).position
                message = f"{each.name} knows {name} up to {end.position}, {where} ends at {ends}"
            else:
                message = f"{each.name} and {where} differ at {end.position} of {name}"
            hint = "it is an older copy: restore the newest one (billhook db restore)"
            yield Diagnostic(codes.OLDER_COPY.id, message, hint=hint)
            break


def _is_lost(end: Anchor, kept: Mapping[str, int]) -> bool:
    """Return whether an end lies after what a backup kept when it was put back."""
    return bool(kept) and end.position > kept.get(end.chain, 0)


def missing(known: Iterable[Testimony], where: str) -> Diagnostic:
    """Return the finding that a project shows a store that is not there."""
    found = ", ".join(each.name for each in known)
    message = f"there is no store at {where}, and this project had one: {found}"
    hint = (
        "restore it, or its backup: billhook db restore FILE; to start anew on purpose, "
        "move what was found out of the project"
    )
    return Diagnostic(codes.STORE_GONE.id, message, hint=hint)


def lost_by(reading: Reading, known: Iterable[Testimony]) -> tuple[LostNumbers, ...]:
    """Return the numbers that testimonies know and a store does not."""
    given = reading.sequences()
    ends: dict[tuple[str, str], int] = {}
    for each in known:
        for place, last in each.sequences.items():
            ends[place] = max(ends.get(place, 0), last)
    return tuple(
        LostNumbers(series=place[0], period=place[1], first=given.get(place, 0) + 1, last=last)
        for place, last in sorted(ends.items())
        if last > given.get(place, 0)
    )
