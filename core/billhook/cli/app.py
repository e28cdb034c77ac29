"""The command ``billhook`` itself, and the one place where errors become exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from billhook.cli.command import Lazy, LazyGroup
from billhook.cli.console import Console, lenient, open_closed
from billhook.cli.exits import Exit, exit_code
from billhook.kernel.errors import BillhookError, InputError

COMMANDS = {
    "init": Lazy("billhook.cli.commands.init:init", "Create a project."),
    "check": Lazy("billhook.cli.commands.check:check", "Find mistakes in projects, jobs and data."),
    "bill": Lazy("billhook.cli.commands.bill:bill", "Make bills: PDF, HTML, text, JSON, …"),
    "issue": Lazy(
        "billhook.cli.commands.issue:issue", "Issue final bills: numbered, sealed, archived."
    ),
    "run": Lazy("billhook.cli.commands.run:run", "Bill many jobs: draft, review, approve, issue."),
    "invoice": Lazy(
        "billhook.cli.commands.invoice:invoice", "List and show issued documents; make their files."
    ),
    "credit": Lazy(
        "billhook.cli.commands.credit:credit_command",
        "Issue a credit note for a bill, or part of it.",
    ),
    "void": Lazy("billhook.cli.commands.credit:void_command", "Void a bill that was not sent yet."),
    "verify": Lazy(
        "billhook.cli.commands.verify:verify_command",
        "Check issued documents for errors and tampering.",
    ),
    "event": Lazy("billhook.cli.commands.event:event", "Record events between bills."),
    "payment": Lazy(
        "billhook.cli.commands.payment:payment", "Record money that came in, and what it settles."
    ),
    "aging": Lazy("billhook.cli.commands.aging:aging", "What is owed, by how long it is due."),
    "statement": Lazy(
        "billhook.cli.commands.statement:statement_command", "Statements of clients' accounts."
    ),
    "client": Lazy("billhook.cli.commands.client:client", "All that is known of a client."),
    "dispute": Lazy("billhook.cli.commands.dispute:dispute", "Record what clients contest."),
    "status": Lazy(
        "billhook.cli.commands.status:status", "Show what is unbilled, and what to do next."
    ),
    "unbilled": Lazy(
        "billhook.cli.commands.unbilled:unbilled", "List work that is not billed yet."
    ),
    "explain": Lazy(
        "billhook.cli.commands.explain:explain_command", "Explain how an amount was calculated."
    ),
    "diff": Lazy(
        "billhook.cli.commands.diff:diff", "Compare two bills and explain the differences."
    ),
    "promise": Lazy(
        "billhook.cli.commands.dispute:promise",
        "Record what clients promise to pay.",
        everyday=False,
    ),
    "fund": Lazy(
        "billhook.cli.commands.fund:fund",
        "Money held for clients: trust, deposits.",
        everyday=False,
    ),
    "books": Lazy(
        "billhook.cli.commands.books:books",
        "Postings for bookkeeping programs.",
        everyday=False,
    ),
    "replay": Lazy(
        "billhook.cli.commands.replay:replay_command",
        "Recalculate issued bills and compare.",
        everyday=False,
    ),
    "seal": Lazy(
        "billhook.cli.commands.verify:seal",
        "Write a closing file, proof of what was issued.",
        everyday=False,
    ),
    "audit": Lazy(
        "billhook.cli.commands.audit:audit", "Show who did what, when and why.", everyday=False
    ),
    "backup": Lazy(
        "billhook.cli.commands.db:backup", "Make a verified backup of the store.", everyday=False
    ),
    "db": Lazy(
        "billhook.cli.commands.db:db",
        "Create, migrate, copy and restore the store.",
        everyday=False,
    ),
    "plugin": Lazy(
        "billhook.cli.commands.plugin:plugin",
        "Create, list, describe, test, trace and translate plugins.",
        everyday=False,
    ),
    "trust": Lazy(
        "billhook.cli.commands.trust:trust",
        "Let the local plugins of projects run.",
        everyday=False,
    ),
    "doctor": Lazy(
        "billhook.cli.commands.doctor:doctor",
        "Check that everything billhook needs is installed.",
        everyday=False,
    ),
    "fonts": Lazy(
        "billhook.cli.commands.doctor:fonts", "Find fonts for more scripts.", everyday=False
    ),
    "template": Lazy(
        "billhook.cli.commands.template:template", "List, copy and preview themes.", everyday=False
    ),
    "schema": Lazy(
        "billhook.cli.commands.schema:schema", "Print JSON Schemas for editors.", everyday=False
    ),
    "help": Lazy(
        "billhook.cli.commands.help:help_",
        "Explain an error code or a command.",
        everyday=False,
    ),
    "completion": Lazy(
        "billhook.cli.commands.completion:completion", "Print shell completion.", everyday=False
    ),
}


class Root(LazyGroup):
    """The root command; it has a command for each installed plugin that offers some."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of billhook's commands, and of plugins with commands of their own."""
        return [*super().list_commands(ctx), *plugins_with_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of billhook, or of the installed plugin of that name."""
        command = super().get_command(ctx, cmd_name)
        return command or plugin_command(cmd_name, ctx.ensure_object(Console))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List billhook's commands, and those of installed plugins."""
        super().format_commands(ctx, formatter)
        rows = [(name, _short_help(name, ctx)) for name in plugins_with_commands()]
        if rows:
            with formatter.section("Plugins"):
                formatter.write_dl(rows)


def plugins_with_commands() -> list[str]:
    """Return the installed plugins that have commands.

    Whether a plugin has some is read from its source, since importing all plugins for a help text
    would take longer than the help.
    """
    from billhook.plugins.loading import find_installed, source_of

    named = b"billhook_commands"
    return sorted(name for name, point in find_installed().items() if named in source_of(point))


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


def _short_help(name: str, context: click.Context) -> str:
    """Return the first line of a plugin's help; a broken plugin must not break the help of all."""
    try:
        command = plugin_command(name, context.ensure_object(Console))
    except BillhookError:
        return f"Cannot be loaded; see billhook plugin info {name}."
    return command.get_short_help_str(limit=80) if command is not None else ""


@click.group(
    cls=Root,
    lazy=COMMANDS,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
)
@click.version_option(package_name="billhook", prog_name="billhook", message="%(prog)s %(version)s")
@click.pass_context
def root(context: click.Context) -> None:
    """Bills that are right to the cent and explain themselves.

    Start with `billhook init`, then `billhook check` and `billhook bill`.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    open_closed()
    lenient((sys.stdout, sys.stderr))
    console = Console()
    try:
        result = root.main(
            args=None if arguments is None else list(arguments),
            prog_name="billhook",
            standalone_mode=False,
            obj=console,
        )
        sys.stdout.flush()
    except SystemExit as end:
        # click ends so when a shell asks for completion, and with 1 when nobody reads any more.
        return Exit.PIPE if end.code == 1 else Exit.OK
    except (Exception, KeyboardInterrupt) as error:
        if console.debug and not isinstance(error, click.ClickException | click.Abort):
            raise
        return _report_failure(error, console)
    return int(result or _report_findings(console))


def _report_findings(console: Console) -> Exit:
    """Show what a plugin's command found, and say whether it was grave."""
    if not console.findings:
        return Exit.OK
    from billhook.cli.report import tell, unique

    tell(console, unique(console.findings))
    return Exit.FINDINGS if console.findings.errors else Exit.OK


def _report_failure(error: BaseException, console: Console) -> Exit:
    match error:
        case click.ClickException():
            error.show()
            return Exit.USAGE
        case click.Abort() | KeyboardInterrupt():
            console.warn("interrupted")
            return Exit.INTERRUPTED
        case BillhookError() | OSError():
            from billhook.cli.report import error_text

            console.warn(error_text(error))
        case _:
            kind = type(error).__name__
            console.warn(f"internal error: {kind}: {error}  (--debug shows the traceback)")
    return exit_code(error)
