"""Utility billing: hooks only; the work is done elsewhere.

What prints or talks is imported when something is printed or said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from billhook import (
    App,
    Diagnostic,
    Document,
    History,
    Invoice,
    Job,
    PluginInfo,
    Rating,
    Records,
    hookimpl,
)
from billhook.blocks import Section

from billhook_utility.codes import CODES
from billhook_utility.plausible import check
from billhook_utility.rating import rate
from billhook_utility.records import READ, Read
from billhook_utility.settings import UtilitySettings
from billhook_utility.state import UtilityState

if TYPE_CHECKING:
    import click


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="utility",
        title="Water, gas and electricity from meter reads",
        version="1",
        prefix="UTL",
        package="billhook_utility",
        settings=UtilitySettings,
        records={READ: Read},
        state=UtilityState,
        codes=CODES,
    )


@hookimpl
def billhook_rate(job: Job, records: Records, history: History) -> Rating | None:
    """Turn reads into charges."""
    return rate(job, records, history)


@hookimpl
def billhook_check(job: Job, draft: Invoice, history: History) -> Iterable[Diagnostic]:
    """Say which reads should be looked at again."""
    return check(job, draft, history)


@hookimpl
def billhook_sections(document: Document) -> Iterable[Section]:
    """Show the reads and the chart of use."""
    from billhook_utility.sections import sections

    return sections(document)


@hookimpl
def billhook_commands(cli: click.Group, app: App) -> None:
    """Add the commands for reads and estimates."""
    from billhook_utility.cli import add_commands

    add_commands(cli, app)
