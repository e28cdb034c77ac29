"""``billhook event``: facts between documents: certificates, releases, deposits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

import attrs
import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import acting, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import write_list
from billhook.cli.options import by, dry_run, listing, read_date, reason
from billhook.cli.report import tell
from billhook.issue.actor import Actor
from billhook.issue.events import (
    GIVEN,
    add_event,
    attributes,
    kind_named,
    kinds,
    list_events,
    withdraw_event,
)
from billhook.issue.history import withdrawn
from billhook.kernel.diagnostics import Findings
from billhook.kernel.errors import InputError
from billhook.model.record import Event

COMMANDS = {
    "add": Lazy("billhook.cli.commands.event:add", "Record an event for a subject."),
    "withdraw": Lazy(
        "billhook.cli.commands.event:withdraw", "Withdraw an event recorded by mistake."
    ),
    "list": Lazy("billhook.cli.commands.event:list_", "List recorded events."),
    "kinds": Lazy(
        "billhook.cli.commands.event:kinds_", "List the kinds of events and their attributes."
    ),
}
NAME = "command line"


@click.group(cls=LazyGroup, lazy=COMMANDS)
def event() -> None:
    """Record events between bills, such as certificates and releases."""


@click.command("add", cls=Command)
@click.argument("subject")
@click.argument("kind")
@click.argument("facts", nargs=-1)
@click.option("--at", required=True, callback=read_date, help="The day it takes effect.")
@reason
@by
@dry_run
@click.pass_obj
def add(
    console: Console,
    /,
    subject: str,
    kind: str,
    facts: tuple[str, ...],
    at: dt.date,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Record an event for SUBJECT.

    KIND is declared by a plugin, such as construction.Released.  FACTS are its attributes, written
    name=value with the value as in TOML; a word needs no quotes: `percent=50 of=work`.
    `billhook event kinds` lists them.
    """
    actor = acting(by, reason)
    with open_store_context(dry=dry_run, make=not dry_run) as place:
        engine = place.sound_engine()
        type_ = kind_named(engine.plugins, kind)
        made = read_event(type_, facts, subject, at, actor)
        if dry_run:
            console.say(f"dry run: {made}")
            return Exit.OK
        known = place.project.subjects()
        done = add_event(place.store, engine, made, actor, subjects=known, roles=place.roles)
    tell(console, done.findings)
    line = done.line
    console.say(f"{line.kind} of {subject}, {line.at}: recorded as line {line.position} of the log")
    return Exit.OK


@click.command("withdraw", cls=Command)
@click.argument("line", type=int)
@reason
@by
@dry_run
@click.pass_obj
def withdraw(
    console: Console,
    /,
    line: int,
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Withdraw the event of LINE, as `billhook event list` counts them.

    The event stays in the log with who withdrew it and why; from now on no bill counts it.  An
    event that a document was worked out with is not withdrawn: take the document back first.
    """
    actor = acting(by, reason)
    with open_store_context(dry=dry_run) as place:
        if dry_run:
            console.say(f"dry run: line {line} would be withdrawn")
            return Exit.OK
        done = withdraw_event(place.store, place.sound_engine(), line, actor, roles=place.roles)
    console.say(f"line {line} of {done.subject}: withdrawn by {done.by}, {done.reason}")
    return Exit.OK


def read_event(
    kind: type[Event], facts: Sequence[str], subject: str, at: dt.date, actor: Actor
) -> Event:
    """Return an event from facts written as ``name=value``.

    Raises:
        InputError: A fact is unknown, missing, or of the wrong kind.
    """
    from billhook.sources.formats.toml import read_toml
    from billhook.sources.structure import structure

    findings = Findings()
    document = read_toml(_as_toml(facts).encode(), NAME, findings)
    if document is not None:
        own = {"subject": subject, "at": at, "by": actor.by, "reason": actor.reason}
        made = structure({**document.values, **own}, kind, document, findings)
        if made is not None:
            return made
    raise InputError(attrs.evolve(each, excerpt=None) for each in findings)


def _as_toml(facts: Sequence[str]) -> str:
    lines = []
    for fact in facts:
        name, equals, value = fact.partition("=")
        if not equals or not name.replace("_", "").isalnum() or name in GIVEN:
            raise click.UsageError(f"expected name=value, got {fact!r}")
        lines.append(f"{name} = {_value(value)}")
    return "\n".join(lines)


def _value(text: str) -> str:
    """Return a value as TOML; what is none is a text."""
    import tomli

    try:
        tomli.loads(f"value = {text}")
    except tomli.TOMLDecodeError:
        return json.dumps(text, ensure_ascii=False)
    return text


@click.command("list", cls=Command)
@click.argument("subject", required=False)
@listing
@click.pass_obj
def list_(console: Console, /, subject: str | None, format_: str) -> Exit:
    """List recorded events, for SUBJECT or for all."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        engine = place.engine
        gone = withdrawn(reading, subject)
        rows = [
            {
                "line": each.position,
                "at": each.at,
                "kind": each.kind,
                "subject": each.subject,
                "facts": _format_payload(each.payload),
                "by": each.by,
                "reason": each.reason,
                "withdrawn": gone[each.position].reason if each.position in gone else "",
            }
            for each in list_events(reading, engine.plugins, subject)
        ]
    heads = ("line", "at", "kind", "subject", "facts", "by", "reason", "withdrawn")
    write_list(console, rows, format_, schema="billhook.events/1", heads=heads)
    return Exit.OK


def _format_payload(payload: str) -> str:
    facts = {name: value for name, value in json.loads(payload).items() if name not in GIVEN}
    return ", ".join(f"{name}={_plain(value)}" for name, value in facts.items())


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@click.command("kinds", cls=Command)
@listing
@click.pass_obj
def kinds_(console: Console, /, format_: str) -> Exit:
    """List the kinds of events that the project's plugins declare."""
    from billhook.cli.context import one_target

    project = one_target(()).project
    known = kinds(project.engine(project.table.plugins).plugins)
    rows = [
        {"kind": name, "attribute": attribute, "type": type_}
        for name, kind in known.items()
        for attribute, type_ in attributes(kind).items()
    ]
    heads = ("kind", "attribute", "type")
    write_list(console, rows, format_, schema="billhook.event-kinds/1", heads=heads)
    return Exit.OK
