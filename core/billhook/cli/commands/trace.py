"""``billhook plugin trace``: every hook call of a bill, with its arguments and its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.options import text_or_json
from billhook.cli.report import located, tell, unique
from billhook.cli.shell_completion import complete_jobs
from billhook.cli.summaries import brief, plain
from billhook.cli.targets import Target, targets
from billhook.kernel.errors import InputError
from billhook.tools.trace import Call, Trace

SCHEMA = "billhook.trace/1"


@click.command(cls=Command)
@click.argument("job", type=click.Path(), shell_complete=complete_jobs)
@click.option("--hook", help="Only calls of this hook: rate, billhook_rate.")
@text_or_json("For people, or with every value for programs.")
@click.pass_obj
def trace(console: Console, /, job: str, hook: str | None, format_: str) -> Exit:
    """Show every hook call of a bill, in order: plugin, arguments and answer.

    The bill is worked out and its sections are asked for, as for print; nothing is written.

    Exit code 1: the bill has errors; the calls up to there are shown.
    """
    name = _hook(hook) if hook else None
    wanted = [(target, path) for target in targets([job]) for path in target.jobs]
    if len(wanted) != 1:
        raise click.UsageError(f"{job!r} has {len(wanted)} jobs; name one")
    target, path = wanted[0]
    watched, failed = _worked_out(target, str(path), console)
    calls = [call for call in watched.calls if name in (None, call.hook)]
    if format_ == "json":
        tree = {"schema": SCHEMA, "job": path.stem, "calls": [_tree(call) for call in calls]}
        console.write(json.dumps(tree, ensure_ascii=False, indent=2))
    else:
        for number, call in enumerate(calls, 1):
            console.write("\n".join(_lines(number, call)))
        if not calls:
            console.say(f"no plugin of the job has {name or 'a hook'}, or none was called")
    return Exit.FINDINGS if failed else Exit.OK


def _hook(word: str) -> str:
    """Return a hook's whole name."""
    from billhook.kernel.diagnostics import did_you_mean
    from billhook.plugins import hookspecs

    known = [name for name in vars(hookspecs) if name.startswith("billhook_")]
    name = f"billhook_{word.removeprefix('billhook_')}"
    if name not in known:
        raise click.UsageError(f"there is no hook {word!r}; {did_you_mean(name, known)}")
    return name


def _worked_out(target: Target, path: str, console: Console) -> tuple[Trace, bool]:
    """Work a job out under watch; return the trace, and whether there are errors."""
    from pathlib import Path

    loaded = target.project.job(Path(path))
    if loaded.job is None:
        raise InputError(located(loaded.findings, target.project.folder))
    watched = Trace(loaded.engine)
    drafts = attrs.evolve(loaded, engine=watched.engine).drafts()
    for document in loaded.documents([draft for draft in drafts if draft.ok]):
        watched.engine.sections(document)
    findings = unique([finding for draft in drafts for finding in draft.findings])
    tell(console, located(findings, target.project.folder))
    return watched, not all(draft.ok for draft in drafts)


def _lines(number: int, call: Call) -> Iterator[str]:
    wrapper = " (wrapper)" if call.wrapper else ""
    head = click.style(f"{call.plugin}.{call.hook}", bold=True)
    yield f"{number:>3}  {head}{wrapper}"
    for name, value in call.arguments.items():
        yield f"       {name} = {brief(value)}"
    if call.wrapper:
        yield f"       inside: {brief(call.inner)}"
    if call.error:
        yield click.style(f"     ! {call.error}", fg="red")
    else:
        yield from _answer(call.result)


def _answer(result: object, most: int = 8) -> Iterator[str]:
    """Yield an answer, the items of a list one by one."""
    if not isinstance(result, list | tuple) or not result:
        yield f"     → {brief(result)}"
        return
    for item in result[:most]:
        yield f"     → {brief(item)}"
    if len(result) > most:
        yield f"     → … {len(result) - most} more"


def _tree(call: Call) -> dict[str, object]:
    tree: dict[str, object] = {
        "hook": call.hook,
        "plugin": call.plugin,
        "arguments": {name: plain(value) for name, value in call.arguments.items()},
        "result": plain(call.result),
    }
    if call.wrapper:
        tree["inner"] = plain(call.inner)
    if call.error:
        tree["error"] = call.error
    return tree
