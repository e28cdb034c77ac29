"""``billhook doctor`` and ``billhook fonts``: is everything there, and where are fonts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.options import text_or_json
from billhook.kernel.text import counted
from billhook.tools.doctor.finding import Finding, HealthState

SCHEMA = "billhook.doctor/1"
FONTS_SCHEMA = "billhook.fonts/1"

COMMANDS = {
    "find": Lazy(
        "billhook.cli.commands.doctor:find", "Find fonts on this computer for more scripts."
    ),
}

_COLOUR = {HealthState.OK: "green", HealthState.NOTE: "blue", HealthState.WRONG: "red"}


@click.command(cls=Command)
@click.argument("path", default=".", type=click.Path(exists=True))
@text_or_json()
@click.pass_obj
def doctor(console: Console, /, path: str, format_: str) -> Exit:
    """Check that everything billhook needs is installed, and say how to fix what is not.

    PATH is a project, or anything in it: Python and packages, fonts, languages, plugins and the
    store are looked at, and nothing is changed.

    Exit code 1: something is wrong.
    """
    from billhook.cli.local_plugins import open_project
    from billhook.tools.doctor import examine

    found = tuple(examine(open_project(Path(path))))
    wrong = sum(each.state is HealthState.WRONG for each in found)
    if format_ == "json":
        checks = [{**attrs.asdict(each), "state": str(each.state)} for each in found]
        tree = {"schema": SCHEMA, "wrong": wrong, "checks": checks}
        console.write(json.dumps(tree, ensure_ascii=False, indent=2))
    else:
        console.write("\n".join(_lines(found)))
    console.say(f"{counted(wrong, 'thing')} wrong" if wrong else "all is well")
    return Exit.FINDINGS if wrong else Exit.OK


def _lines(found: Sequence[Finding]) -> Iterable[str]:
    topic = ""
    for each in found:
        if each.topic != topic:
            topic = each.topic
            yield click.style(topic, bold=True)
        state = click.style(f"{each.state:5}", fg=_COLOUR[each.state])
        yield f"  {state}  {each.title}"
        if each.hint and each.state is not HealthState.OK:
            yield f"         hint: {each.hint}"


@click.group(cls=LazyGroup, lazy=COMMANDS)
def fonts() -> None:
    """Find fonts for characters that the bundled ones lack."""


@click.command("find", cls=Command)
@click.argument("text", required=False, type=click.UNPROCESSED)
@text_or_json()
@click.pass_obj
def find(console: Console, /, text: str | None, format_: str) -> Exit:
    """Find fonts on this computer for `[print] fonts`.

    TEXT is what shall be printed; without it, fonts are looked for that have any script which the
    project's fonts lack.  The folders of the system and of the user are searched.

    Exit code 1: there is none.
    """
    from billhook.cli.local_plugins import open_project
    from billhook.render.pdf.writer.scripts import Script
    from billhook.tools.doctor import fonts as seek

    wanted = (Script(text, text),) if text else seek.lacking(open_project(Path()))
    found = sorted(seek.find(wanted, seek.folders()), key=lambda each: (each.bold, each.path))
    if format_ == "json":
        rows = [{**attrs.asdict(each), "path": str(each.path)} for each in found]
        tree = {"schema": FONTS_SCHEMA, "fonts": rows}
        console.write(json.dumps(tree, ensure_ascii=False, indent=2))
    else:
        for each in found:
            weight = "bold" if each.bold else "regular"
            console.write(f"{each.path}  {weight}  {', '.join(each.scripts)}")
    if not found:
        console.say(
            "no font on this computer has them; on Debian, install fonts-noto-core and "
            "fonts-noto-cjk"
        )
        return Exit.FINDINGS
    console.say(f'name the ones you want in billhook.toml: [print] fonts = ["{found[0].path}"]')
    return Exit.OK
