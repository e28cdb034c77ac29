"""Plugins: whether each that is installed can be loaded, and those of the project above all."""

from __future__ import annotations

from collections.abc import Iterator

from billhook.plugins.loading import find_installed, load_named
from billhook.project import Project
from billhook.tools.doctor.finding import Finding, HealthState

TOPIC = "plugins"


def examine(project: Project) -> Iterator[Finding]:
    """Yield every installed plugin, and what is wrong with the project's choice of them."""
    own = project.table.plugins
    for name in sorted(find_installed()):
        yield from _plugin(name, own=name in own)
    for each in project.engine(own).findings:
        yield Finding(TOPIC, each.message, HealthState.WRONG, each.hint or "")


def _plugin(name: str, *, own: bool) -> Iterator[Finding]:
    """Yield how a plugin is; what is wrong with the project's own, its engine says."""
    loaded = load_named([name])
    for plugin in loaded.plugins:
        yield Finding(TOPIC, f"{name} {plugin.info.version}, {plugin.info.title}".rstrip(", "))
    for each in () if own else loaded.findings:
        yield Finding(TOPIC, each.message, HealthState.NOTE, each.hint or "")
