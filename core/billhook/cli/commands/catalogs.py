"""``billhook plugin catalogs``: a plugin's words in other languages."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.report import located, shown
from billhook.cli.shell_completion import complete_plugins
from billhook.kernel.errors import InputError

P = ParamSpec("P")
R = TypeVar("R")

COMMANDS = {
    "extract": Lazy("billhook.cli.commands.catalogs:extract", "List the texts to translate."),
    "update": Lazy("billhook.cli.commands.catalogs:update", "Update catalogues, or start one."),
    "check": Lazy(
        "billhook.cli.commands.catalogs:check", "Report missing and faulty translations."
    ),
    "compile": Lazy(
        "billhook.cli.commands.catalogs:compile_", "Write the compiled file beside each catalogue."
    ),
}

_plugin = click.argument("plugin", shell_complete=complete_plugins)


@click.group("catalogs", cls=LazyGroup, lazy=COMMANDS)
def catalogs() -> None:
    """Maintain a plugin's translations: its catalogues.

    PLUGIN is the folder of an import package, or the name of an installed plugin.
    """


def _locate_findings(function: Callable[P, R]) -> Callable[P, R]:
    """Let findings name files as seen from the working directory."""

    @functools.wraps(function)
    def wrapped(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return function(*arguments, **options)
        except InputError as error:
            raise InputError(located(error.findings, Path())) from None

    return wrapped


@click.command("extract", cls=Command)
@_plugin
@click.pass_obj
@_locate_findings
def extract(console: Console, /, plugin: str) -> Exit:
    """List a plugin's translatable texts: those in `_("…")`, and its rules'."""
    from billhook.tools import catalog_tools

    labels = [
        catalog_tools.key(label) for label in catalog_tools.template(package_of(plugin)) if label.id
    ]
    if labels:
        console.write("\n".join(labels))
    else:
        console.say('there are no texts in _("…")')
    return Exit.OK


@click.command("update", cls=Command)
@_plugin
@click.argument("languages", nargs=-1, metavar="[LANGUAGE]...")
@click.pass_obj
@_locate_findings
def update(console: Console, /, plugin: str, languages: tuple[str, ...]) -> Exit:
    """Add a plugin's new texts to its catalogues, and drop those no longer in use.

    A LANGUAGE that there is no catalogue of is begun: sv, pt_BR.  Without any, all catalogues that
    are there are brought up to date.
    """
    from billhook.tools import catalog_tools

    package = _own(plugin)
    for name in languages:
        if not catalog_tools.is_language(name):
            raise click.UsageError(f"{name!r} is not a language code; write it like sv or pt_BR")
    written = catalog_tools.update(package, languages)
    _tell(console, written, "there is no .po file; name a language to start one")
    return Exit.OK


@click.command("check", cls=Command)
@_plugin
@click.pass_obj
@_locate_findings
def check(console: Console, /, plugin: str) -> Exit:
    """Report missing translations, placeholders that differ, and wrong plural forms.

    Exit code 1: something is missing or wrong.
    """
    from billhook.tools import catalog_tools

    package = package_of(plugin)
    faults = list(catalog_tools.check(package))
    for fault in faults:
        console.write(fault)
    if not faults:
        spoken = " ".join(catalog_tools.languages(package))
        console.say(f"complete: {spoken}" if spoken else "there is no .po file")
    return Exit.FINDINGS if faults else Exit.OK


@click.command("compile", cls=Command)
@_plugin
@click.pass_obj
@_locate_findings
def compile_(console: Console, /, plugin: str) -> Exit:
    """Compile each catalogue to gettext's binary form beside its source.

    It loads faster; where there is a source beside it, billhook reads the source.
    """
    from billhook.tools import catalog_tools

    _tell(console, catalog_tools.compile_catalogues(_own(plugin)), "there is no .po file")
    return Exit.OK


def _tell(console: Console, written: list[Path], otherwise: str) -> None:
    for path in written:
        console.write(shown(path))
    if not written:
        console.say(otherwise)


def package_of(plugin: str) -> Path:
    """Return the folder of a plugin's import package.

    Raises:
        click.UsageError: It has none, or is not there.
    """
    folder = Path(plugin)
    if (folder / "__init__.py").is_file():
        return folder.resolve()
    if folder.is_dir():
        raise click.UsageError(f"{plugin!r} is not an import package: it has no __init__.py")
    return _find_package(plugin)


def _find_package(name: str) -> Path:
    from billhook.cli.commands.plugin import one_plugin

    package = one_plugin(name).info.package
    if package is None:
        raise click.UsageError(
            f"plugin {name!r} names no package: set PluginInfo.package to the package of "
            "its translations"
        )
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise click.UsageError(f"{package!r} is a single file, not a package: make it a folder")
    return Path(next(iter(spec.submodule_search_locations)))


def _own(plugin: str) -> Path:
    """Return the folder of a package whose files may be written: not what a wheel laid down."""
    package = package_of(plugin)
    if package.parent.name in {"site-packages", "dist-packages"}:
        raise click.UsageError(
            f"{shown(package)} was installed from a wheel; name the folder of its sources"
        )
    return package
