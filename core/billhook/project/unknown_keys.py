"""Keys and tables that mean nothing: refused, because they would be settings without effect."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from billhook.kernel.diagnostics import Findings, closest
from billhook.plugins.loading import find_installed
from billhook.project.tables import KEPT, PARTIES, SHARED
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError
from billhook.sources.document import LocatedDocument
from billhook.sources.location import report
from billhook.sources.structure import unknown

TABLES = frozenset(
    {"project", *SHARED, *PARTIES, *KEPT, "period", "references", "sources", "opening"}
)
"""The known keys that take tables."""


def report_unknown(
    document: LocatedDocument,
    known: Collection[str],
    plugins: Collection[str],
    findings: Findings,
    *,
    tolerated: Collection[str] = (),
    strict: bool = False,
) -> None:
    """Report each key at the root that is neither known nor a plugin's table.

    Args:
        document: The file.
        known: Keys of the file itself.
        plugins: The plugins in use.
        findings: Where to report.
        tolerated: Tables to say nothing about: of plugins that could not be loaded.
        strict: Tables of plugins that are installed but not in use are refused too.
    """
    for key, value in document.values.items():
        if key in known or key in plugins or key in tolerated:
            continue
        if not _is_table(value):
            report(findings, unknown(key, [*known]), document.place((key,)))
        elif strict or key not in find_installed():
            report(findings, _unknown_table(key, known, plugins), document.place((key,)))


def _is_table(value: object) -> bool:
    items = value if isinstance(value, list) and value else [value]
    return all(isinstance(item, Mapping) for item in items)


def _unknown_table(key: str, known: Collection[str], plugins: Collection[str]) -> BadValueError:
    in_use = f"plugins in use: {', '.join(plugins) or 'none'}"
    best = closest(key, (*(word for word in known if word in TABLES), *plugins, *find_installed()))
    if key in find_installed():
        hint = f"add {key!r} to plugins, or remove the table ({in_use})"
    elif best is not None:
        hint = f"did you mean {best!r}? ({in_use})"
    else:
        hint = in_use
    return BadValueError(codes.UNKNOWN_TABLE, f"unknown table {key!r}", hint)
