"""Commands: the options that all of them share, and groups whose commands load when called."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import click

from billhook.cli.console import Console

CONTEXT: dict[str, object] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Command(click.Command):
    """A command that knows ``--quiet``, ``--debug`` and ``--no-local``."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings.setdefault("context_settings", CONTEXT)
        super().__init__(*arguments, **settings)
        self.params.extend(_switches())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse arguments; texts among them obey the rules for texts in files."""
        rest = super().parse_args(ctx, args)
        for parameter in self.params:
            if parameter.type is click.STRING and parameter.name in ctx.params:
                ctx.params[parameter.name] = _clean(ctx.params[parameter.name], parameter, ctx)
        return rest


def _clean(value: object, parameter: click.Parameter, context: click.Context) -> object:
    """Return a text, or several, in normal form; a line break could forge a line of the log."""
    from billhook.sources.bad_value import BadValueError
    from billhook.sources.text_rules import clean_text

    if isinstance(value, tuple):
        return tuple(_clean(each, parameter, context) for each in value)
    if not isinstance(value, str):
        return value
    try:
        return clean_text(value)
    except BadValueError as error:
        raise click.BadParameter(str(error), ctx=context, param=parameter) from None


def _switches() -> Iterator[click.Option]:
    """Yield the options of every command."""
    yield _switch("--quiet", "-q", help="Print only data, warnings and errors.")
    yield _switch("--debug", help="Show tracebacks.")
    yield _switch("--no-local", help="Do not run the project's own plugin file.")


def _switch(*names: str, help: str) -> click.Option:  # noqa: A002 - click's word
    return click.Option(names, is_flag=True, expose_value=False, callback=_set, help=help)


def _set(context: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    console = context.ensure_object(Console)
    if value and parameter.name:
        setattr(console, parameter.name, True)
        if console.debug:
            _show_log()


def _show_log() -> None:
    """Show what the library logs: the tracebacks of plugins whose errors became findings."""
    import logging

    logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")


@attrs.frozen
class Lazy:
    """A command that is imported when it is called.

    Attributes:
        place: ``module:name``.
        help: Its short help, known without importing it.
        everyday: It stands in the short help.
    """

    place: str
    help: str
    everyday: bool = True

    def load(self) -> click.Command:
        """Import the command."""
        module, _, name = self.place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called."""

    def __init__(self, *arguments: Any, lazy: Mapping[str, Lazy], **settings: Any) -> None:
        settings.setdefault("context_settings", CONTEXT)
        super().__init__(*arguments, **settings)
        self.lazy = lazy
        self.params.extend(_switches())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help."""
        del ctx
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing it."""
        del ctx
        return self.lazy[cmd_name].load() if cmd_name in self.lazy else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, the everyday ones first, without importing any."""
        del ctx
        for title, everyday in (("Every day", True), ("More", False)):
            rows = [(name, c.help) for name, c in self.lazy.items() if c.everyday is everyday]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a misspelt one, say what was probably meant."""
        from billhook.kernel.diagnostics import closest

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            best = closest(args[0], self.list_commands(ctx)) if args else None
            if best is not None:
                message = f"{error.message} Did you mean {best!r}?"
                raise click.UsageError(message, ctx) from None
            raise
