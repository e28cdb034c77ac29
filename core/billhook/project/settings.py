"""The typed tables of a job: its plugins' settings and the tables that every job may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from billhook.engine import Engine
from billhook.kernel.diagnostics import Diagnostic, Findings
from billhook.plugins.loading import Plugin
from billhook.project import codes
from billhook.project.defaults import fill
from billhook.project.layers import Layers
from billhook.sources import codes as source_codes
from billhook.sources.bad_value import BadValueError
from billhook.sources.document import LocatedDocument
from billhook.sources.location import report
from billhook.sources.structure import required_names, structure

T = TypeVar("T")


class SettingsMemo:
    """Tables that were structured, by the files that they are of.

    A table of which the project's own file alone has something is the same for every job, and so
    is that of a job for many and all its subjects.

    Args:
        kept: The files whose tables are kept; they live as long as the project.
    """

    def __init__(self, kept: Iterable[LocatedDocument]) -> None:
        self._kept = {id(each): each for each in kept}
        self._made: dict[tuple[object, ...], tuple[object, tuple[Diagnostic, ...]]] = {}

    def keep(self, document: LocatedDocument) -> None:
        """Keep the tables of one more file."""
        self._kept[id(document)] = document

    def read(self, layers: Layers, key: str, kind: type[T], findings: Findings) -> T | None:
        """Return a table, structured once for the files that have it; see `read_table`."""
        files = tuple(id(layer.document) for layer in layers.having(key))
        if not files or not self._kept.keys() >= {*files}:
            return read_table(layers, key, kind, findings)
        place = (key, kind, files)
        if place not in self._made:
            found = Findings()
            self._made[place] = (read_table(layers, key, kind, found), tuple(found))
        made, said = self._made[place]
        findings.extend(said)
        return cast("T | None", made)


def read_table(layers: Layers, key: str, kind: type[T], findings: Findings) -> T | None:
    """Return a table of the job, laid over the project's, or nothing, after having said why.

    A table that is not there is one with all defaults, if its class has no required keys.
    """
    value = layers.value(key)
    if value is None:
        if not required_names(kind):
            return kind()
        hint = f"required in [{key}]: {', '.join(required_names(kind))}"
        mistake = BadValueError(source_codes.MISSING, f"missing table [{key}]", hint)
        report(findings, mistake, layers.place(()))
        return None
    filled = fill(value, kind, layers, (key,))
    return structure(filled, kind, layers, findings, path=(key,))


def read_pockets(
    layers: Layers, engine: Engine, findings: Findings, memo: SettingsMemo
) -> Iterator[object]:
    """Yield the settings of each plugin that has some."""
    for plugin in engine.plugins:
        settings = plugin.info.settings
        if settings is None:
            _refuse(layers, plugin, findings)
            continue
        pocket = memo.read(layers, plugin.name, settings, findings)
        if pocket is not None:
            yield pocket


def _refuse(layers: Layers, plugin: Plugin, findings: Findings) -> None:
    if layers.value(plugin.name) is not None:
        mistake = BadValueError(codes.NO_SETTINGS, f"plugin {plugin.name!r} takes no settings")
        report(findings, mistake, layers.place((plugin.name,)))
