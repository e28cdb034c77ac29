"""Opening a project's store: the one that the project shows, or a new one where it shows none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs

from billhook.issue import codes
from billhook.issue.actor import Actor, require_reason
from billhook.issue.restore import LostNumbers, record_restore
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import NoStoreError, RefusedError, StoreError
from billhook.project.store_identity import (
    StoreIdentity,
    Testimony,
    differences,
    lost_by,
    mark_archive,
    missing,
    read_identity,
    testimonies,
    write_identity,
)
from billhook.project.store_settings import Keeping
from billhook.store.address import redact, require_path
from billhook.store.memory import MemoryStore, memory_store
from billhook.store.protocol import Reading, Store

if TYPE_CHECKING:  # SQLAlchemy is loaded when a store is there to be opened
    from billhook.store.sql.sql_store import SqlStore

Absent = Literal["refused", "empty", "make"]
"""What to do about a store that is not there: refuse, answer from an empty one, make it."""


@attrs.frozen(slots=False)
class StoreKeeper:
    """Opens the store of a project, and looks that it is the project's own.

    Attributes:
        folder: The project's folder.
        keeping: Where the store is.
        actor: Tells who opens it, and when.
    """

    folder: Path
    keeping: Keeping
    actor: Callable[[], Actor]

    @cached_property
    def identity(self) -> StoreIdentity | None:
        """The identity in the committed file.

        Raises:
            RefusedError: BH570: it cannot be read.
        """
        try:
            return read_identity(self.folder)
        except ValueError as error:
            hint = "restore the file from your version control"
            raise RefusedError([Diagnostic(codes.STORE_GONE.id, str(error), hint=hint)]) from None

    @cached_property
    def known(self) -> tuple[Testimony, ...]:
        """Evidence of the project's store that is kept outside of it."""
        return testimonies(self.identity, self.folder, self.keeping.archive)

    @property
    def where(self) -> str:
        """The store's place, without a password."""
        where = self.keeping.where
        if "://" in where:
            return redact(where)
        path = Path(where)
        return str(path.relative_to(self.folder) if path.is_relative_to(self.folder) else path)

    def open(
        self, *, dry: bool = False, absent: Absent = "refused", share: bool = False
    ) -> SqlStore | MemoryStore:
        """Open the store.

        Args:
            dry: Open it for reading only.
            absent: What to do where there is none and the project shows none.
            share: Make the tables in a database of another program, too.

        Raises:
            RefusedError: BH570: the project shows a store, and it is gone.  BH573: there is none.
                BH574: the database is another program's.
            StoreError: The address is neither a path nor a URL.
        """
        keeping = self.keeping
        if "://" not in keeping.where:
            require_path(keeping.where)
        if self._has_no_file:
            self._refuse_absent(absent, foreign=False, share=share)
            return memory_store() if absent == "empty" else self._make_store()
        from billhook.store.database import open_store

        try:
            return open_store(
                keeping.address, readonly=dry, wait=keeping.wait, journal=keeping.journal
            )
        except NoStoreError as error:
            self._refuse_absent(absent, foreign=error.foreign, share=share)
        return memory_store() if absent == "empty" else self._make_store()

    @property
    def _has_no_file(self) -> bool:
        """Return whether the store would be a SQLite file that does not exist.

        Looking first saves loading SQLAlchemy, half of the time that ``billhook status`` takes.
        """
        where = self.keeping.where
        return "://" not in where and not Path(where).exists()

    def _refuse_absent(self, absent: Absent, *, foreign: bool, share: bool) -> None:
        if self.known:
            raise RefusedError([missing(self.known, self.where)]) from None
        if foreign and not share:
            message = f"{self.where} holds tables of another program and none of billhook's"
            hint = "name a separate database in [store]; to share this one, run billhook db init"
            raise RefusedError([Diagnostic(codes.OTHER_DATABASE.id, message, hint=hint)]) from None
        if absent == "refused":
            message = f"there is no store at {self.where}: nothing was issued in this project"
            hint = "billhook db init makes one, and so does the first billhook issue"
            raise RefusedError([Diagnostic(codes.NO_STORE.id, message, hint=hint)]) from None

    def _make_store(self) -> SqlStore:
        from billhook.store.database import open_store

        keeping = self.keeping
        store = open_store(keeping.address, create=True, wait=keeping.wait, journal=keeping.journal)
        with store.read() as reading:
            self.adopt(reading.identity())
        return store

    def require(self, store: Store) -> None:
        """Refuse a store that is not the one that the project shows.

        Raises:
            RefusedError: BH571: it is another one.  BH572: it is an older copy.
        """
        if found := self.differences(store):
            raise RefusedError(found)

    def differences(self, store: Store) -> list[Diagnostic]:
        """Return why a store is not the one that the project shows; nothing if it is."""
        with store.read() as reading:
            return list(differences(reading, self.known, self.where))

    @contextmanager
    def remembering(self, store: Store) -> Iterator[None]:
        """Keep what shows the store up to date while a command writes."""
        with store.read() as reading:
            before = reading.log_head()
        try:
            yield
        finally:
            # the store is what counts; a full disk must not hide what became of the command
            with suppress(OSError, StoreError), store.read() as reading:
                if reading.log_head() != before:
                    if self.identity is None:
                        self.adopt(reading.identity())
                    self._mark(reading)

    def restore(self, source: Path | None, *, accept_loss: bool) -> tuple[LostNumbers, ...]:
        """Put a backup in the store's place, and record that in its log.

        Args:
            source: The backup; without one, what is in the store's place was put there.
            accept_loss: Whether documents that the project shows and the backup has not are given
                up, with their numbers.

        Returns:
            The numbers that are lost.

        Raises:
            RefusedError: BH571: it is of another store.  BH572: it lacks documents.
            StoreError: It is damaged, or the store is on a server.
        """
        from billhook.store.backup import put_back
        from billhook.store.database import open_store

        require_reason(self.actor(), "putting a backup back")
        with closing(open_store(source or self.keeping.address, readonly=True)) as backup:
            for fault in backup.check():
                raise StoreError(f"the backup is damaged: {fault}")
            with backup.read() as reading:
                found = list(differences(reading, self.known, str(source or self.where)))
                lost = lost_by(reading, self.known)
        if any(each.code == codes.OTHER_PROJECT.id for each in found) or (
            found and not accept_loss
        ):
            raise RefusedError(found)
        if source is not None:
            put_back(source, self.keeping.address, self.keeping.wait)
        with closing(open_store(self.keeping.address, wait=self.keeping.wait)) as store:
            name = source.name if source else ""
            record_restore(store, self.actor(), source=name, lost=lost)
            with store.read() as reading:
                if self.identity is None:
                    self.adopt(reading.identity())
                self._mark(reading)
        return lost

    def _mark(self, reading: Reading) -> None:
        keeping, today = self.keeping, self.actor().at.date()
        mark_archive(reading, keeping.archive, today, keeping.access)

    def adopt(self, store: str) -> None:
        """Write the identity file of a store that is the project's from now on."""
        actor = self.actor()
        write_identity(self.folder, StoreIdentity(store=store, made_at=actor.at, made_by=actor.by))
