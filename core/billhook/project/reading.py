"""Reading the project's own TOML files."""

from __future__ import annotations

import os
from pathlib import Path

from billhook.kernel.diagnostics import Findings
from billhook.sources.document import LocatedDocument
from billhook.sources.file_reading import read_bytes
from billhook.sources.formats.toml import read_toml
from billhook.sources.limits import DOCUMENT_BYTES


def read_document(path: Path, name: str, findings: Findings) -> LocatedDocument | None:
    """Return a TOML file, or nothing, after having said why."""
    data = read_bytes(path, name, findings, DOCUMENT_BYTES)
    return None if data is None else read_toml(data, name, findings)


def nothing(name: str) -> LocatedDocument:
    """Return a document with nothing in it."""
    return LocatedDocument(name, {}, "", lambda _: {})


def relative(path: Path, folder: Path) -> str:
    """Return how findings and traces call a file: relative to the project, the same anywhere."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
