"""The typed tables of a job: its plugins' settings and the tables that every job may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from billhook.engine import Engine
from billhook.kernel.diagnostics import Findings
from billhook.plugins.loading import Plugin
from billhook.project import codes
from billhook.project.defaults import fill
from billhook.project.layers import Layers
from billhook.sources import codes as source_codes
from billhook.sources.bad_value import BadValueError
from billhook.sources.location import report
from billhook.sources.structure import required_names, structure

T = TypeVar("T")


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


def read_pockets(layers: Layers, engine: Engine, findings: Findings) -> Iterator[object]:
    """Yield the settings of each plugin that has some."""
    for plugin in engine.plugins:
        settings = plugin.info.settings
        if settings is None:
            _refuse(layers, plugin, findings)
            continue
        pocket = read_table(layers, plugin.name, settings, findings)
        if pocket is not None:
            yield pocket


def _refuse(layers: Layers, plugin: Plugin, findings: Findings) -> None:
    if layers.value(plugin.name) is not None:
        mistake = BadValueError(codes.NO_SETTINGS, f"plugin {plugin.name!r} takes no settings")
        report(findings, mistake, layers.place((plugin.name,)))
