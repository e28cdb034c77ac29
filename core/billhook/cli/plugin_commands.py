"""Plugins' own commands: ``billhook NAME …`` loads the plugin of that name, and no other."""

from __future__ import annotations

import click

from billhook.cli.console import Console
from billhook.kernel.errors import InputError


def plugin_command(name: str, console: Console) -> click.Command | None:
    """Return the command group of an installed plugin, or ``None``.

    Raises:
        InputError: The plugin cannot be loaded.
    """
    from billhook.engine import Engine
    from billhook.plugins.loading import find_installed

    if name not in find_installed():
        return None
    engine = Engine.discover(name)
    if engine.findings:
        raise InputError(engine.findings)
    offered = click.Group()
    engine.hooks.commands(offered, console)
    return offered.commands.get(name)
