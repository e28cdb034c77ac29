"""Customers: the files of the folder ``customers``, one party each."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings
from billhook.model.party import Party
from billhook.project import codes
from billhook.project.defaults import fill
from billhook.project.layers import Layer, Layers
from billhook.project.reading import read_document, relative
from billhook.project.tables import AGREED, AGREED_TABLES
from billhook.sources.bad_value import BadValueError, show_value
from billhook.sources.document import LocatedDocument
from billhook.sources.location import report
from billhook.sources.structure import structure

FOLDER = "customers"

TERMS = frozenset({*AGREED, *AGREED_TABLES, "payer", "deliver_to"} - {"locale"})
"""Keys of a customer's file that are terms, beside its plugins' tables; all else is the party."""


class Customers:
    """The customers of a project; each file is read once, when somebody asks for it."""

    def __init__(self, root: Path, plugins: Collection[str] = ()) -> None:
        self._root = root
        self._tables = {*TERMS, *plugins}
        self._documents: dict[str, LocatedDocument] = {}
        self._read: dict[str, tuple[Party | None, tuple[Diagnostic, ...]]] = {}

    @cached_property
    def files(self) -> dict[str, Path]:
        """The files by the customers' ids."""
        return {path.stem: path for path in sorted((self._root / FOLDER).glob("*.toml"))}

    def get(self, id_: str, findings: Findings) -> Party | None:
        """Return a customer whose file is there, or nothing, after having said why."""
        if id_ not in self._read:
            found = Findings()
            party = self._customer(id_, self.files[id_], found)
            self._read[id_] = (party, tuple(found))
        party, said = self._read[id_]
        findings.extend(said)
        return party

    def layer(self, id_: str) -> Layer | None:
        """Return the terms that a customer's file lays over the project's; ``None`` without any.

        They were agreed with the customer, whatever the job: payment, print, payers, the settings
        of a trade.
        """
        if id_ in self.files:
            self.get(id_, Findings())
        document = self._documents.get(id_)
        if document is None or not self._tables & document.values.keys():
            return None
        return Layer(document, (self._root / FOLDER), frozenset(self._tables))

    def _customer(self, id_: str, path: Path, findings: Findings) -> Party | None:
        document = read_document(path, relative(path, self._root), findings)
        if document is None:
            return None
        self._documents[id_] = document
        layers = Layers((Layer(document, path.parent),))
        given = document.values.get("id", id_)
        if given != id_:
            message = f"expected the id {id_!r}, as the file is named, got {show_value(given)}"
            hint = "leave id out, or rename the file"
            mistake = BadValueError(codes.CUSTOMER_ID, message, hint)
            report(findings, mistake, document.place(("id",)))
        own = {key: each for key, each in document.values.items() if key not in self._tables}
        values = fill({**own, "id": id_}, Party, layers, ())
        found = Findings()
        party = structure(values, Party, document, found)
        findings.extend(map(_without_id, found))
        return party


def _without_id(finding: Diagnostic) -> Diagnostic:
    """Return a finding that does not ask for the id, which is the file's name."""
    if finding.hint is None:
        return finding
    return attrs.evolve(finding, hint=finding.hint.replace("here: id, ", "here: "))
