"""Power cuts: what a database file can look like afterwards, and whether a bill is lost then.

A killed process loses nothing that it gave to the system; a power cut does.  Bills are issued by
the real service, and the very statements are run again on a SQLite whose file system layer writes
down every write, truncation, sync and deletion.  From that, files are made as a cut at a random
moment could leave them: what was synced is there; of what was not, each write may have arrived,
or not, or in part, or as garbage, and a deletion may not have happened.  It is a model, harsher
than most disks; it says what is promised and not what is usual.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import apsw
import attrs
from sqlalchemy import event

from billhook.engine import Engine
from billhook.kernel.errors import StoreError
from billhook.store.database import WAIT, open_store
from billhook.store.protocol import Store
from billhook.store.sql import sqlite
from store.office import bill, office
from store.scratch import memory

BILLS = 30
SECTOR = 512
NAME = "billhook.db"

Statement = tuple[str, object, bool]
"""SQL, its parameters, and whether there are many sets of them."""


@attrs.frozen
class Way:
    """A way of keeping a journal.

    Attributes:
        name: The journal and how it is synced.
        promises: Whether nothing may be lost.
        pragmas: Its settings; empty are those of the store itself.
    """

    name: str
    promises: bool
    pragmas: tuple[str, ...] = ()


def _naive(journal: str, synchronous: str) -> Way:
    pragmas = (f"journal_mode = {journal}", f"synchronous = {synchronous}")
    return Way(f"{journal}/{synchronous}", promises=False, pragmas=pragmas)


WAYS = (
    Way("the store's own", promises=True),
    _naive("delete", "full"),  # Python's default
    _naive("truncate", "normal"),
    _naive("truncate", "off"),
)


@attrs.frozen(kw_only=True)
class Found:
    """How many crash states were sound, had lost an acknowledged bill, or were no database."""

    states: int
    sound: int
    lost: int
    broken: int


def run(way: Way, *, states: int, seed: int) -> Found:
    """Make crash states and look at each."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        engine = office()
        recording = record(way, Path(folder))
        verdicts = [
            judge(files, acknowledged, Path(folder) / "crashed", engine)
            for files, acknowledged in crashes(recording, states, chance)
        ]
    return Found(
        states=states,
        sound=verdicts.count("sound"),
        lost=verdicts.count("lost"),
        broken=verdicts.count("broken"),
    )


# ── recording ────────────────────────────────────────────────────────────────


@attrs.frozen
class Op:
    """One act on a file, or an acknowledged bill (kind ``told``)."""

    kind: str
    file: str = ""
    place: int = 0
    data: bytes = b""


@attrs.define
class Recording:
    """A store as it was, and every act on its files since."""

    before: Mapping[str, bytes]
    ops: list[Op] = attrs.field(factory=list)


def record(way: Way, folder: Path) -> Recording:
    """Issue bills, and run the statements again on a recording file system."""
    start = folder / "start"
    with closing(open_store(start / NAME, create=True)) as store:
        bill(office(), store, "before")
        base = folder / "base"
        shutil.copytree(start, base)
        script = list(_script(store))
    recording = Recording({path.name: path.read_bytes() for path in base.iterdir()})
    _replay(script, way, base, recording)
    return recording


def _script(store: Store) -> Iterator[Statement]:
    """Yield the statements of some bills, ``COMMIT`` and the bill's number after each."""
    said: list[Statement] = []
    engine = office()

    @event.listens_for(store.engine, "before_cursor_execute")
    def _said(
        _: object, __: object, statement: str, given: object, ___: object, many: bool
    ) -> None:
        said.append((statement, given, many))

    for n in range(BILLS):
        said.clear()
        made = bill(engine, store, f"bill {n}", lines=3)
        yield from said
        yield ("COMMIT", (), False)
        yield ("told", made.digest, False)


def _replay(script: Sequence[Statement], way: Way, base: Path, recording: Recording) -> None:
    system = _System(f"recording-{id(recording)}", recording)
    connection = None
    for statement, given, many in script:
        if statement == "told":
            recording.ops.append(Op("told", str(given)))
            continue
        if connection is None:  # the store too has a connection for each transaction
            connection = _connected(base / NAME, system.name, way)
        if many:
            connection.executemany(statement, given)
        else:
            connection.execute(statement, given)
        if statement == "COMMIT":
            connection.close()
            connection = None
    system.unregister()


def _connected(path: Path, system: str, way: Way) -> apsw.Connection:
    connection = apsw.Connection(str(path), vfs=system)
    if not way.pragmas:
        sqlite.set_up(_AsModule(connection), WAIT, "truncate")
    for pragma in way.pragmas:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class _AsModule:
    """An apsw connection that looks like one of Python's own module, as far as settings go."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.isolation_level: str | None = ""

    def cursor(self) -> apsw.Cursor:
        return self._connection.cursor()


class _System(apsw.VFS):
    """SQLite's own file system layer, with every act written down."""

    def __init__(self, name: str, recording: Recording) -> None:
        super().__init__(name, "")
        self.name = name
        self._recording = recording

    def xOpen(self, name: object, flags: list[int]) -> _File:  # noqa: N802 - apsw's name
        return _File(name, flags, self._recording)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(name, syncdir)
        self._recording.ops.append(Op("delete", Path(name).name, int(syncdir)))


class _File(apsw.VFSFile):
    """A file whose acts are written down."""

    def __init__(self, name: object, flags: list[int], recording: Recording) -> None:
        super().__init__("", name, flags)
        text = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._name = Path(text).name
        self._ops = recording.ops

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._ops.append(Op("write", self._name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._ops.append(Op("truncate", self._name, size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._ops.append(Op("sync", self._name))


# ── crashing ─────────────────────────────────────────────────────────────────


def crashes(
    recording: Recording, states: int, chance: random.Random
) -> Iterator[tuple[dict[str, bytes], tuple[str, ...]]]:
    """Yield files as a cut could leave them, and the digests of the bills told of by then."""
    cuts = sorted(chance.randrange(len(recording.ops) + 1) for _ in range(states))
    disk = _Disk(recording.before)
    told: tuple[str, ...] = ()
    done = 0
    for cut in cuts:
        for op in recording.ops[done:cut]:
            if op.kind == "told":
                told += (op.file,)
            else:
                disk.take(op)
        done = cut
        yield disk.crashed(chance), told


class _Disk:
    """What is surely on the disk, and what was given to the system since."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = [_Content(bytearray(data)) for data in files.values()]
        self._safe = {name: place for place, name in enumerate(files)}
        self._names = dict(self._safe)
        self._renamed: list[tuple[str, int | None]] = []

    def take(self, op: Op) -> None:
        """Take one act."""
        if op.kind == "delete":
            self._name(op.file, None)
            if op.place:
                self._sync_folder()
            return
        if op.file not in self._names:
            self._files.append(_Content(bytearray()))
            self._name(op.file, len(self._files) - 1)
        content = self._files[self._names[op.file]]
        if op.kind != "sync":
            content.loose.append(op)
            return
        content.sync()
        if (op.file, self._names[op.file]) in self._renamed:  # SQLite then syncs the folder too
            self._sync_folder()

    def _name(self, name: str, place: int | None) -> None:
        self._renamed.append((name, place))
        self._names = _named(self._names, [(name, place)])

    def _sync_folder(self) -> None:
        self._safe = dict(self._names)
        self._renamed.clear()

    def crashed(self, chance: random.Random) -> dict[str, bytes]:
        """Return the files as a cut now could leave them."""
        arrived = self._renamed[: chance.randrange(len(self._renamed) + 1)]
        names = _named(self._safe, arrived)
        return {name: self._files[place].crashed(chance) for name, place in names.items()}


def _named(names: Mapping[str, int], acts: Iterable[tuple[str, int | None]]) -> dict[str, int]:
    after = {**names, **dict(acts)}
    return {name: place for name, place in after.items() if place is not None}


@attrs.define
class _Content:
    """What of a file is surely on the disk, and the acts on it since."""

    safe: bytearray
    loose: list[Op] = attrs.field(factory=list)

    def sync(self) -> None:
        """Make sure of every act so far."""
        for op in self.loose:
            _apply(self.safe, op)
        self.loose.clear()

    def crashed(self, chance: random.Random) -> bytes:
        """Return the content as a cut now could leave it."""
        content = bytearray(self.safe)
        for op in self.loose:
            _maybe(content, op, chance)
        return bytes(content)


def _apply(content: bytearray, op: Op) -> None:
    if op.kind == "truncate":
        del content[op.place :]
        content.extend(bytes(op.place - len(content)))
        return
    end = op.place + len(op.data)
    content.extend(bytes(max(0, end - len(content))))
    content[op.place : end] = op.data


def _maybe(content: bytearray, op: Op, chance: random.Random) -> None:
    """Apply an act whole, not at all, in part, or as garbage."""
    fate = chance.random()
    if fate < 0.4:
        _apply(content, op)
    elif fate < 0.8 or op.kind == "truncate":
        return
    else:
        for start in range(0, len(op.data), SECTOR):
            part = op.data[start : start + SECTOR]
            if chance.random() < 0.5:
                data = part if fate < 0.9 else chance.randbytes(len(part))
                _apply(content, Op("write", op.file, op.place + start, data))


# ── judging ──────────────────────────────────────────────────────────────────


def judge(files: Mapping[str, bytes], told: Sequence[str], folder: Path, engine: Engine) -> str:
    """Open what a cut left, as the next start would, and say what became of the bills."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    try:
        with closing(open_store(folder / NAME, create=False)) as store:
            if store.check():
                return "broken"
            with store.read() as reading:
                found = {entry.digest for entry in reading.entries()}
            if not found.issuperset(told):
                return "lost"
            # and the next bill takes the next number
            made = bill(engine, store, "after the cut")
            return "sound" if made.sequence == len(found) + 1 else "broken"
    except (StoreError, sqlite3.Error):
        return "broken"
