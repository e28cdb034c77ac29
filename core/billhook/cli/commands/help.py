"""``billhook help``: what a finding's code means, or how a command is used."""

from __future__ import annotations

import importlib
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

import billhook
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.kernel.diagnostics import Code

_CODE = re.compile(r"[A-Za-z]+\d+")


@click.command("help", cls=Command)
@click.argument("words", nargs=-1)
@click.pass_obj
def help_(console: Console, /, words: tuple[str, ...]) -> Exit:
    """Explain a finding code (BH103), or a command.

    Codes of installed plugins are explained too.
    """
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        console.write(_explain_code(words[0].upper()))
    else:
        console.write(_usage(words))
    return Exit.OK


def _usage(words: tuple[str, ...]) -> str:
    from billhook.cli.app import root

    context = click.Context(
        root, info_name="billhook", obj=Console(), help_option_names=["-h", "--help"]
    )
    command: click.Command = root
    for word in words:
        found = command.get_command(context, word) if isinstance(command, click.Group) else None
        if found is None:
            raise click.UsageError(f"{word!r} is neither a command nor a finding code")
        command, context = found, click.Context(found, parent=context, info_name=word)
    return command.get_help(context)


def _explain_code(id_: str) -> str:
    code = next((each for each in known_codes(id_) if each.id == id_), None)
    if code is None:
        raise click.UsageError(f"there is no finding {id_}, in billhook or an installed plugin")
    head = click.style(f"{code.id}: {code.title}", bold=True)
    return f"{head}\n\n{textwrap.fill(' '.join(code.help.split()), 80)}"


def known_codes(id_: str) -> Iterator[Code]:
    """Yield the core's codes, and for another prefix those of the installed plugins."""
    if id_.startswith("BH"):
        yield from _core_codes()
    else:
        yield from _plugin_codes()


def _core_codes() -> Iterator[Code]:
    root = Path(billhook.__file__).parent
    for path in sorted(root.rglob("codes.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        yield from importlib.import_module(".".join(parts)).CODES


def _plugin_codes() -> Iterator[Code]:
    from billhook.plugins.loading import find_installed, load_named

    for plugin in load_named(sorted(find_installed())).plugins:
        yield from plugin.info.codes
