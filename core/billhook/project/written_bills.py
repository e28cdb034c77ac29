"""Bills that billhook wrote as JSON, read back for history, comparison and explanation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from billhook.archive.payload_types import ArchiveError, Pockets
from billhook.archive.reader import from_tree, parse
from billhook.engine import Engine
from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.model.document import Document
from billhook.plugins.loading import find_installed
from billhook.project import codes
from billhook.project.folder import ProjectFolder
from billhook.sources.bad_value import BadValueError
from billhook.sources.file_reading import read_bytes
from billhook.sources.formats.json import alike
from billhook.sources.location import Lines, Location, point, report

SUFFIX = ".json"


def read_bill(project: ProjectFolder, path: Path, findings: Findings) -> Document | None:
    """Return a bill from its JSON, or nothing, after having said why.

    Plugins that are not installed are no hindrance: what they keep for themselves stays sealed.
    """
    name = project.name(path)
    data = read_bytes(path, name, findings)
    return None if data is None else parse_bill(project, data, name, findings)


def parse_bill(
    project: ProjectFolder, data: bytes, name: str, findings: Findings
) -> Document | None:
    """Return the bill of a JSON's bytes, or nothing, after having said why.

    Args:
        project: Whose local plugin may be needed.
        data: The bytes.
        name: What findings call them.
        findings: Where to report.
    """
    try:
        tree = parse(data)
        engine = _engine(_plugins(tree), project)
        return from_tree(tree, Pockets(engine.plugins))
    except ArchiveError as error:
        broken = error.__cause__
        why, place = str(error), Location(Origin(name))
        if isinstance(broken, json.JSONDecodeError):
            broken = alike(broken)
            why = f"it is not JSON: {broken.msg[0].lower()}{broken.msg[1:]}"
            place = point(name, Lines(broken.doc), broken.lineno, broken.colno)
        report(findings, BadValueError(codes.NOT_A_BILL, f"the file is not a bill: {why}"), place)
        return None


def engine_of(bill: Document, project: ProjectFolder) -> Engine:
    """Return the engine of the plugins that a bill was made with, as far as they are installed."""
    return _engine((use.name for use in bill.invoice.plugins), project)


def _engine(names: Iterable[str], project: ProjectFolder) -> Engine:
    local = project.table.local
    known = {*find_installed(), *([local.stem] if local else [])}
    return project.engine(tuple(name for name in names if name in known))


def _plugins(tree: object) -> list[str]:
    """Return the names of the plugins that took part; damage is found later."""
    for key in ("document", "invoice", "plugins"):
        tree = tree.get(key) if isinstance(tree, dict) else None
    uses = tree if isinstance(tree, list) else []
    return [str(use["name"]) for use in uses if isinstance(use, dict) and "name" in use]
