"""Files of a new plugin: an installable project, or one file for a project of bills."""

from __future__ import annotations

import keyword
import re
import unicodedata
from pathlib import Path

from billhook.project.tables import PARTIES, SHARED, JobTable
from billhook.sources.structure import names
from billhook.tools.scaffold import Files, read_folder

TEMPLATE = "acme"
"""The name in the template, which is a plugin that works: it is replaced by the new one's."""

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
LONGEST = 40

_TAKEN = frozenset({"core", "billhook", "project", "job", "customer", TEMPLATE, *PARTIES, *SHARED})
"""Words that mean something else: tables, the core's rules, schemas, the template itself."""


def wrong_name(name: str) -> str | None:
    """Return why a plugin cannot be called so, and what would do; ``None`` if it can.

    The name is a word of Python, of TOML and of the command line at once.
    """
    if not _NAME.fullmatch(name):
        better = _suggest_name(name)
        hint = f"; {better!r} would do" if better else ""
        return (
            f"{name!r} is not a valid name: small letters, digits, and single underscores "
            f"between{hint}"
        )
    if len(name) > LONGEST:
        return f"{name!r} is longer than {LONGEST} letters"
    if name in _TAKEN or name in names(JobTable) or keyword.iskeyword(name):
        return f"{name!r} means something else already; {f'{name}_billing'!r} would do"
    return None


def _suggest_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = _NAME.search(re.sub(r"[^a-z0-9]+", "_", plain).strip("_"))
    return found[0][:LONGEST] if found else ""


def plugin_project(name: str) -> Files:
    """Return an installable project with a plugin that bills hours, an example and its tests."""
    return {
        Path(path.as_posix().replace(TEMPLATE, name)): data.replace(
            TEMPLATE.encode(), name.encode()
        )
        for path, data in read_folder(Path(__file__).parent / "_plugin").items()
    }


def plugin_file(name: str) -> bytes:
    """Return the same plugin as one file."""
    return plugin_project(name)[Path(f"billhook_{name}.py")]


SETTINGS = "per_hour = 120"
"""What the plugin's table must have."""
