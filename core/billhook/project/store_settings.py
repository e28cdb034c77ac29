"""Keeping: where issued documents are, how they are numbered, who may do what.

```toml
[store]
path = "billhook.db"                 # or url = "postgresql+psycopg://…"

[series.INV]
template = "{series}-{year}-{seq:05}"

[roles]
biller = ["kim"]
approver = ["lee"]
limits.lee = { USD = 50000 }

[approval]
limit = { USD = 10000 }              # above it, a second person approves

[archive]
path = "archive"
```
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import attrs

from billhook.issue.numbering import CREDITS, INVOICES, OPENINGS, NumberSeries, Reset
from billhook.issue.roles import Roles
from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.diagnostics import Findings, Severity
from billhook.project import codes
from billhook.project.layers import Layer, Layers
from billhook.project.settings import read_table
from billhook.project.store_password import StorePassword, is_exposed
from billhook.sources.atomic_write import GROUP, PRIVATE, Access
from billhook.sources.bad_value import BadValueError
from billhook.sources.document import LocatedDocument
from billhook.sources.location import KeyPath, report
from billhook.sources.structure import structure
from billhook.store.address import has_password, redact, user_of, with_password

DATABASE = "billhook.db"
PROJECT_FILE = "billhook.toml"


@attrs.frozen(kw_only=True)
class StoreTable:
    """The table ``[store]``.

    Attributes:
        url: Of a PostgreSQL database, or of a SQLite file.
        path: The SQLite file, relative to the project; left out, ``billhook.db``.
        journal: SQLite's journal.
        wait: Seconds that a writer waits for others.
        password_env: Environment variable with the password of the ``url``.
        password_file: File with it, that only its owner may read.
        password_keyring: Name under which the system's keyring has it, for the user of the
            ``url``; wants the extra ``billhook[keyring]``.
    """

    url: str | None = None
    path: Path | None = None
    journal: Literal["truncate", "wal"] = "truncate"
    wait: int = 60
    password_env: str | None = None
    password_file: Path | None = None
    password_keyring: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.password is not None:
            self._require_user()
        if self.url is not None and self.path is not None:
            raise ValueError("a store has a url or a path, not both")
        if self.wait < 0:
            raise ValueError(f"wait must not be negative, got {self.wait} seconds")

    @property
    def password(self) -> StorePassword | None:
        """The source of the password, if one is named."""
        found = StorePassword(
            env=self.password_env, file=self.password_file, keyring=self.password_keyring
        )
        return found if found.places else None

    def _require_user(self) -> None:
        if self.password is not None and len(self.password.places) > 1:
            raise ValueError(f"a password is in one place, not in {len(self.password.places)}")
        if not user_of(self.url or ""):
            raise ValueError("a password needs a url that names its user, without a password")


@attrs.frozen(kw_only=True)
class SeriesTable:
    """A number series, ``[series.ID]``; see `billhook.issue.numbering.NumberSeries`.

    Attributes:
        template: ``{series}``, ``{year}``, ``{yy}``, ``{month}`` and ``{seq}``, the last three
            with a width as in ``{seq:05}``; between them ASCII letters, digits and ``. / _ -``;
            at most 64 characters.
        reset: When counting starts again at 1.
        chain: The chain of digests that its documents belong to; empty is a chain of its own.
        begin: The first number, when documents were numbered elsewhere before.
        begin_in: The year, ``2026``, or month, ``2026-05``, whose first number that is.
    """

    template: str = "{series}-{year}-{seq:05}"
    reset: Reset = "year"
    chain: str = ""
    begin: int = 1
    begin_in: str = ""


@attrs.frozen(kw_only=True)
class RolesTable:
    """The table ``[roles]``; see `billhook.issue.roles.Roles`.

    Attributes:
        biller: Who drafts and issues.
        reviewer: Who reviews drafts: holds them and writes them down.
        approver: Who approves, credits and voids.
        auditor: Who reads, verifies and closes.
        limits: The most that an approver may approve or credit, by name and currency.
    """

    biller: tuple[str, ...] = ()
    reviewer: tuple[str, ...] = ()
    approver: tuple[str, ...] = ()
    auditor: tuple[str, ...] = ()
    limits: Mapping[str, Mapping[str, Decimal]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class ApprovalTable:
    """The table ``[approval]``.

    Attributes:
        limit: Amounts above which a second person approves, by currency.
    """

    limit: Mapping[str, Decimal]


@attrs.frozen(kw_only=True)
class ArchiveTable:
    """The table ``[archive]``.

    Attributes:
        path: The folder of the output files of issued documents.
        group: Whether the owner's group may read the archive and the closing files; else the
            owner alone may, as with the store.
    """

    path: Path | None = None
    group: bool = False


@attrs.frozen(kw_only=True)
class Keeping:
    """A project's store, number series, roles and other rules of issuing.

    Attributes:
        where: The store: a path or a URL.
        password: Where the password of the URL is, if not in it.
        journal: SQLite's journal.
        wait: How long a writer waits for others.
        series: The series by id; invoices and credit notes are always among them.
        roles: Who may do what.
        archive: The folder of output files.
        access: Who may open the output and closing files.
    """

    where: str = attrs.field(repr=redact)
    password: StorePassword | None = None
    journal: Literal["truncate", "wal"] = "truncate"
    wait: timedelta = timedelta(seconds=60)
    series: Mapping[str, NumberSeries]
    roles: Roles
    archive: Path
    access: Access = PRIVATE

    @property
    def address(self) -> str:
        """The store's address with its password, to open it: never to be shown.

        Raises:
            RefusedError: BH593: the password is not where it should be.
        """
        if self.password is None:
            return self.where
        return with_password(self.where, self.password.read(user_of(self.where)))

    def series_of(self, type_code: str, id_: str | None = None) -> NumberSeries:
        """Return the series by id, or else that of a type of documents.

        Raises:
            KeyError: There is no such series.
        """
        return self.series[id_ or (CREDITS.id if type_code == "381" else INVOICES.id)]


def read_keeping(document: LocatedDocument, folder: Path, findings: Findings) -> Keeping | None:
    """Return how a project keeps what it issues, or nothing, after having said why.

    Args:
        document: The project's file.
        folder: The project's folder.
        findings: Where to report.
    """
    layers = Layers((Layer(document, folder),))
    store = read_table(layers, "store", StoreTable, findings)
    archive = read_table(layers, "archive", ArchiveTable, findings)
    roles = _roles(layers, findings)
    series = _series(document, findings)
    if store is None or archive is None or roles is None or series is None:
        return None
    if store.url is not None and has_password(store.url) and is_exposed(folder / PROJECT_FILE):
        message = "the store's url bears its password, in a file that is versioned or readable"
        hint = "take it from password_env, password_file, password_keyring or ~/.pgpass"
        mistake = BadValueError(codes.PASSWORD, message, hint)
        place = attrs.evolve(layers.place(("store", "url")), excerpt=None)
        report(findings, mistake, place, Severity.WARNING)
    return Keeping(
        where=store.url or str(store.path or folder / DATABASE),
        password=store.password,
        journal=store.journal,
        wait=timedelta(seconds=store.wait),
        series=series,
        roles=roles,
        archive=archive.path or folder / "archive",
        access=GROUP if archive.group else PRIVATE,
    )


def _series(document: LocatedDocument, findings: Findings) -> dict[str, NumberSeries] | None:
    given = document.values.get("series", {})
    found: dict[str, NumberSeries] = {each.id: each for each in (INVOICES, CREDITS, OPENINGS)}
    before = len(findings.errors)
    for id_, value in given.items() if isinstance(given, Mapping) else ():
        table = structure(value, SeriesTable, document, findings, path=("series", id_))
        if table is not None:
            try:
                found[id_] = NumberSeries(id=id_, **attrs.asdict(table))
            except ValueError as error:
                _unsound(document, ("series", id_), str(error), findings)
    _told_apart(found, document, findings)
    return found if len(findings.errors) == before else None


def _told_apart(
    series: Mapping[str, NumberSeries], document: LocatedDocument, findings: Findings
) -> None:
    """Report the series that would give their documents the numbers of another one."""
    seen: dict[str, str] = {}
    for id_, each in series.items():
        first = seen.setdefault(each.template.replace("{series}", id_), id_)
        if first != id_:
            message = f"series {first} and {id_} would give their documents the same numbers"
            _unsound(document, ("series", id_), message, findings)


def _roles(layers: Layers, findings: Findings) -> Roles | None:
    table = read_table(layers, "roles", RolesTable, findings)
    asked = layers.value("approval") is not None
    approval = read_table(layers, "approval", ApprovalTable, findings) if asked else None
    if table is None or (asked and approval is None):
        return None
    before = len(findings.errors)
    for place, currencies in _named_currencies(table, approval):
        for currency in currencies:
            if currency not in MINOR_UNITS:
                message = f"{currency!r} is not an ISO 4217 currency code"
                report(
                    findings,
                    BadValueError(codes.CURRENCY, message, "three capital letters, such as USD"),
                    layers.place((*place, currency)),
                )
    if len(findings.errors) > before:
        return None
    return Roles(
        biller=frozenset(table.biller),
        reviewer=frozenset(table.reviewer),
        approver=frozenset(table.approver),
        auditor=frozenset(table.auditor),
        limits=table.limits,
        approval=approval.limit if approval else None,
    )


def _named_currencies(
    table: RolesTable, approval: ApprovalTable | None
) -> list[tuple[KeyPath, Mapping[str, Decimal]]]:
    named: list[tuple[KeyPath, Mapping[str, Decimal]]] = [
        (("roles", "limits", name), limits) for name, limits in table.limits.items()
    ]
    if approval is not None:
        named.append((("approval", "limit"), approval.limit))
    return named


def _unsound(document: LocatedDocument, path: KeyPath, message: str, findings: Findings) -> None:
    hint = 'for example template = "{series}-{year}-{seq:05}"'
    report(findings, BadValueError(codes.SERIES, message, hint), document.place(path))
