"""The context of commands with a store: project, settings, store, and who acts when.

Only here is the clock read and the person named: ``--by``, else ``BILLHOOK_USER``, else the login
name.  ``BILLHOOK_NOW`` stands in for the clock, so that a session can be
shown again.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import attrs
import click

from billhook.cli.report import located
from billhook.cli.targets import Target, targets
from billhook.engine import Engine
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.issue.numbering import NumberSeries
from billhook.issue.roles import Roles
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.errors import InputError
from billhook.model.document import Document
from billhook.project import Project
from billhook.project.store_keeper import StoreKeeper
from billhook.project.store_settings import Keeping
from billhook.project.written_bills import engine_of
from billhook.store.memory import MemoryStore
from billhook.store.protocol import Entry, Store


@attrs.frozen
class StoreContext:
    """A project and what it keeps.

    Attributes:
        project: The project.
        keeping: How it keeps what it issues.
        store: The store; an empty one in memory where there is none yet.
        new: There is none yet.
    """

    project: Project
    keeping: Keeping
    store: Store
    new: bool = False

    @property
    def roles(self) -> Roles:
        """The roles that the project assigns."""
        return self.keeping.roles

    @property
    def where(self) -> str:
        """The store's place, without a password."""
        return StoreKeeper(self.project.folder, self.keeping, acting).where

    @property
    def engine(self) -> Engine:
        """The engine of the project's plugins, as far as they can be loaded."""
        return self.project.engine(self.project.table.plugins)

    def differences(self) -> list[Diagnostic]:
        """Return why the store is not the one that the project shows; nothing if it is."""
        own = StoreKeeper(self.project.folder, self.keeping, acting)
        return own.differences(self.store)

    def require_store(self) -> None:
        """Refuse to answer from a store that is not there.

        Raises:
            RefusedError: BH573.
        """
        if self.new:
            StoreKeeper(self.project.folder, self.keeping, acting).open(dry=True)

    def sound_engine(self) -> Engine:
        """Return the engine of all the project's plugins.

        Raises:
            InputError: One of them cannot be loaded.
        """
        if self.engine.findings:
            raise InputError(located(self.engine.findings, self.project.folder))
        return self.engine

    def series(self, type_code: str, id_: str | None = None) -> NumberSeries:
        """Return a series by id, or that of a type of documents.

        Raises:
            click.UsageError: There is no such series.
        """
        try:
            return self.keeping.series_of(type_code, id_)
        except KeyError:
            known = ", ".join(self.keeping.series)
            raise click.UsageError(f"there is no series {id_!r}; there are {known}") from None

    def document(self, entry: Entry) -> tuple[Document, Engine]:
        """Return a document, and the engine of its plugins as far as they are installed."""
        from billhook.issue.seal import unseal

        engine = engine_of(unseal(entry, ()), self.project)
        return unseal(entry, engine.plugins), engine


def one_target(paths: Sequence[str]) -> Target:
    """Return the project and jobs that paths mean; all are of one project.

    Raises:
        click.UsageError: A path means nothing, or there are several projects.
    """
    found = targets(paths)
    if len(found) != 1:
        names = ", ".join(str(each.project.folder) for each in found)
        raise click.UsageError(
            f"these jobs belong to several projects, each with its own store: {names}"
        )
    return found[0]


@contextmanager
def open_store_context(
    project: Project | None = None,
    *,
    dry: bool = False,
    first: bool = False,
    make: bool = False,
    any_store: bool = False,
) -> Iterator[StoreContext]:
    """Open the store of a project, or of the one around the working directory.

    Args:
        project: The project.
        dry: Only read: the database is opened for reading, and one that is not there is empty.
        first: The command may be a project's first: a store that is not there is empty for now.
        make: Make a store that is not there, if nothing shows that the project had one.
        any_store: Open a store that is not the project's, too, for the command looks into that.

    Raises:
        InputError: The project's settings are wrong.
        RefusedError: There is no store, or it is not the project's own.
    """
    project = project or one_target(()).project
    keeping = read_keeping(project)
    own = StoreKeeper(project.folder, keeping, acting)
    store = own.open(dry=dry, absent="make" if make else "empty" if dry or first else "refused")
    new = isinstance(store, MemoryStore)
    try:
        if new:
            yield StoreContext(project, keeping, store, new=True)
        elif dry:
            if not any_store:
                own.require(store)
            yield StoreContext(project, keeping, store)
        else:
            own.require(store)
            with own.remembering(store):
                yield StoreContext(project, keeping, store)
    finally:
        store.close()


def keeper(by: str | None = None, reason: str | None = None) -> StoreKeeper:
    """Return who opens, makes and puts back the store of the project around here."""
    project = one_target(()).project
    return StoreKeeper(project.folder, read_keeping(project), lambda: acting(by, reason))


def read_keeping(project: Project) -> Keeping:
    """Return how a project keeps what it issues; ``BILLHOOK_STORE`` names another store.

    Raises:
        InputError: The project's settings are wrong.
    """
    findings = Findings(project.findings)
    keeping = project.keeping(findings)
    if keeping is None or findings.errors:
        raise InputError(located(findings, project.folder))
    where = os.environ.get("BILLHOOK_STORE")
    return attrs.evolve(keeping, where=where, password=None) if where else keeping


@contextmanager
def history_store(project: Project, asked: bool | None) -> Iterator[Store | None]:  # noqa: FBT001 - an option's three values
    """Open the store that a draft goes on from, for reading; ``None`` leaves history to the jobs.

    Args:
        project: The project.
        asked: Take the store, do not, or ``None``: take it if there is one.

    Raises:
        InputError: The project's settings are wrong.
        RefusedError: The project's store is gone, or is another's.
    """
    here = project.exists or "BILLHOOK_STORE" in os.environ or asked
    broken = any(each.severity is Severity.ERROR for each in project.findings)
    if asked is False or not here or broken:  # each job has the findings of a broken project
        yield None
        return
    own = StoreKeeper(project.folder, read_keeping(project), acting)
    store = own.open(dry=True, absent="empty", share=True)
    try:
        if isinstance(store, MemoryStore):
            yield store if asked else None
        else:
            own.require(store)
            yield store
    finally:
        store.close()


def acting(by: str | None = None, reason: str | None = None) -> Actor:
    """Return the act of a command: who, now, and why."""
    return Actor(by=by or person(), at=now(), reason=(reason or "").strip())


def person() -> str:
    """Return who sits at the keyboard."""
    import getpass

    from billhook.sources.bad_value import BadValueError
    from billhook.sources.text_rules import clean_text

    try:
        return clean_text(os.environ.get("BILLHOOK_USER") or getpass.getuser())
    except (OSError, KeyError):
        raise click.UsageError(
            "no name for the audit log: pass --by NAME, or set BILLHOOK_USER"
        ) from None
    except BadValueError as error:
        raise click.UsageError(f"BILLHOOK_USER: {error}") from None


def now() -> dt.datetime:
    """Return the moment, UTC, to the second."""
    given = os.environ.get("BILLHOOK_NOW")
    if given is None:
        moment = dt.datetime.now(dt.UTC)  # noqa: TID251 - the edge reads the clock
    else:
        try:
            moment = dt.datetime.fromisoformat(given)
        except ValueError:
            message = f"BILLHOOK_NOW is {given!r}, expected a moment like 2026-06-30T12:00:00Z"
            raise click.UsageError(message) from None
        moment = moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return moment.replace(microsecond=0)


def sums(documents: Iterable[Document]) -> str:
    """Return what documents come to, by currency: ``1,200.00 EUR, 85.00 USD``."""
    from billhook.kernel.figure import total

    by_currency: dict[str, list[Document]] = {}
    for document in documents:
        by_currency.setdefault(document.invoice.currency, []).append(document)
    amounts = (
        total((each.invoice.totals.payable for each in found), "cli.sum", unit).value
        for unit, found in sorted(by_currency.items())
    )
    return ", ".join(f"{v:,} {u}" for v, u in zip(amounts, sorted(by_currency), strict=True))


def sure(question: str, *, yes: bool) -> bool:
    """Ask on a terminal; elsewhere only ``--yes`` will do.

    Raises:
        RefusedError: There is nobody to ask.
    """
    import sys

    from billhook.kernel.diagnostics import Diagnostic
    from billhook.kernel.errors import RefusedError

    if yes:
        return True
    if not sys.stdin.isatty():
        message = f"confirmation is required, but standard input is not a terminal: {question}"
        raise RefusedError(
            [
                Diagnostic(
                    codes.NOT_CONFIRMED.id,
                    message,
                    hint="try it with --dry-run first, then pass --yes",
                )
            ]
        )
    return click.confirm(question, err=True)
