"""Completing in shells: plugins, jobs and formats by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem


def complete_plugins(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of an installed plugin, or the path of a local one."""
    from billhook.plugins.loading import find_installed

    del context, parameter
    return _or_files(_beginning(find_installed(), incomplete), incomplete)


def complete_trades(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of an installed plugin."""
    from billhook.plugins.loading import find_installed

    del context, parameter
    return _beginning(find_installed(), incomplete)


def complete_schemas(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of a schema."""
    from billhook.plugins.loading import find_installed

    del context, parameter
    return _beginning(("project", "job", "customer", "subject", *find_installed()), incomplete)


def complete_jobs(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the jobs of the project around the working directory, and other paths."""
    from billhook.project.folder import JOBS, find_project

    del context, parameter
    marker = find_project(Path())
    if marker is None or marker.parent != Path.cwd():
        return _or_files([], incomplete)
    jobs = (path.relative_to(marker.parent) for path in (marker.parent / JOBS).glob("*.toml"))
    return _or_files(_beginning(map(Path.as_posix, jobs), incomplete), incomplete)


def complete_formats(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the last of several formats with commas between; plugins' formats included."""
    del context, parameter
    before, comma, last = incomplete.rpartition(",")
    taken = before.split(",")
    free = (name for name in _formats() if name not in taken)
    return [CompletionItem(before + comma + item.value) for item in _beginning(free, last)]


def _formats() -> list[str]:
    from billhook.engine import Engine
    from billhook.kernel.errors import PluginError
    from billhook.plugins.loading import find_installed
    from billhook.render.formats import BUILT_IN

    try:
        offered = Engine.discover(*find_installed()).hooks.exporters()
    except PluginError:  # said when the format is asked for, not between two keys
        offered = []
    return [*(each.name for each in BUILT_IN), *(each.key for each in offered)]


def _beginning(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in sorted(words) if word.startswith(incomplete)]


def _or_files(items: list[CompletionItem], incomplete: str) -> list[CompletionItem]:
    """Return the items, or else let the shell complete paths."""
    return items or [CompletionItem(incomplete, type="file")]
