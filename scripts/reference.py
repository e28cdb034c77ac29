"""Make the pages of the reference that follow from the code, ``docs/reference/*.md``.

Usage: ``python scripts/reference.py``

Each page is a function in `PAGES` that returns Markdown.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import attrs

SCRIPTS = Path(__file__).resolve().parent
ROOT = SCRIPTS.parent
SOURCES = ("core", "plugins/legal", "plugins/construction", "plugins/freight")
sys.path[:0] = [str(SCRIPTS), *(str(ROOT / source) for source in SOURCES)]

import docstring  # noqa: E402 - found through the path above
from entries import (  # noqa: E402
    class_entry,
    function_entry,
    keys,
    keys_entry,
    page,
    summary,
    table,
    theme_table,
)
from plugin_pages import PLUGINS, hooks, plugin  # noqa: E402

TARGET = ROOT / "docs" / "reference"

# ── the model ────────────────────────────────────────────────────────────────

MODEL = {
    "billhook.model.job": "Jobs",
    "billhook.model.record": "Records and events",
    "billhook.model.source": "Sources",
    "billhook.model.charge": "Charges",
    "billhook.model.adjustment": "Adjustments and shares",
    "billhook.model.tax": "Tax",
    "billhook.model.terms": "Terms of payment",
    "billhook.model.invoice": "Invoices",
    "billhook.model.document": "Documents and history",
    "billhook.model.party": "Parties",
    "billhook.model.section": "Sections and blocks",
    "billhook.calculate.draft": "Drafts",
    "billhook.kernel.figure": "Figures",
    "billhook.kernel.money": "Money",
    "billhook.kernel.text": "Words and dates",
    "billhook.kernel.origin": "Origins",
    "billhook.kernel.diagnostics": "Findings",
    "billhook.plugins.info": "Plugins",
    "billhook.kernel.errors": "Exceptions",
}


def model() -> str:
    """Return the page of the model's classes."""
    parts = [
        "The classes that plugins and callers meet, by module.",
        "All data is frozen: a change makes a new object, by `attrs.evolve`.\n",
    ]
    for name, title in MODEL.items():
        module = importlib.import_module(name)
        parts.append(f"## {title}\n\nModule `{name}`.\n")
        parts.extend(class_entry(each) for each in public_classes(module))
    return page("Model", *parts)


def public_classes(module: ModuleType) -> Iterator[type]:
    """Yield a module's own public classes in the order of the file."""
    for name, thing in vars(module).items():
        if inspect.isclass(thing) and thing.__module__ == module.__name__ and name[0] != "_":
            yield thing


# ── functions ────────────────────────────────────────────────────────────────

FUNCTIONS = {
    "billhook.engine": "Working jobs out",
    "billhook.project": "Projects in folders",
    "billhook.sources.source": "Reading records",
    "billhook.sources.ranges": "Ranges of values",
    "billhook.kernel.figure": "The calculus",
    "billhook.kernel.money": "Money",
    "billhook.kernel.text": "Words and dates",
    "billhook.explain.tree": "Explaining",
    "billhook.explain.narration": "Telling a whole amount",
    "billhook.explain.rules": "Rules",
    "billhook.compare.invoices": "Comparing bills",
    "billhook.archive.writer": "Bills as JSON",
    "billhook.render": "Printing",
    "billhook.issue.actor": "Acts",
    "billhook.issue.numbering": "NumberSeries",
    "billhook.issue.issue": "Issuing",
    "billhook.credit.service": "Correcting",
    "billhook.issue.events": "Events",
    "billhook.audit.verify": "Verifying",
    "billhook.store.database": "Opening a store",
    "billhook.store.protocol": "Stores",
    "billhook.testing": "The author's kit",
}


def functions() -> str:
    """Return the page of the functions for Python programs."""
    parts = [
        "What Python programs call, by module.",
        "Names in `billhook.__all__` are imported from `billhook` itself.\n",
    ]
    for name, title in FUNCTIONS.items():
        module = importlib.import_module(name)
        parts.append(f"## {title}\n\nModule `{name}`.\n")
        parts.extend(_callables(module))
    return page("Functions", *parts)


def _callables(module: ModuleType) -> Iterator[str]:
    for name, thing in vars(module).items():
        if name.startswith("_") or not _belongs(module, name, thing):
            continue
        if inspect.isfunction(thing):
            yield function_entry(name, thing)
        elif inspect.isclass(thing) and module.__name__ not in MODEL:
            yield class_entry(thing)


def _belongs(module: ModuleType, name: str, thing: object) -> bool:
    named = getattr(module, "__all__", None)
    return name in named if named else getattr(thing, "__module__", "") == module.__name__


# ── embedding ────────────────────────────────────────────────────────────────

EMBEDDING = {
    "A job from your own data": "Job Party Address object_source",
    "Jobs of a project's files": "load_project Project draft_job JobDraft request_issue",
    "Drafting": "Engine Draft Diagnostic",
    "Explaining": "explain_amount",
    "Issuing": (
        "Actor IssueRequest read_request rehearse_requests issue_requests IssueOutcome Document"
    ),
    "Stores": "open_store joined memory_store",
    "Files": "format_document",
}
"""What a program needs that drafts, issues and writes bills, by task."""

RETRIED = {
    "ConflictError": "yes: roll back, draft again, issue again",
    "BusyError": "yes: roll back, do the same again after a pause",
    "RefusedError": "no: show `findings`; the job, the records or the person must change",
    "InputError": "no: show `findings`; the files or rows must change",
    "PluginError": "no: the plugin named in the message is broken",
    "UnknownNameError": "no: the program asked for a format or a series that there is not",
    "StoreError": "no: roll back, and tell whoever looks after the database",
    "BillhookError": "no: all others are its subclasses",
}


def embedding() -> str:
    """Return the page for programs that draft, issue and write bills."""
    import billhook

    rows = [(f"`{name}`", summary(getattr(billhook, name)), do) for name, do in RETRIED.items()]
    parts = [
        (
            "What a program needs to draft, issue and write bills; "
            "[Embed it](../howto/embed.md) shows it at work."
        ),
        (
            "All names are imported from `billhook` itself, and all keep the "
            "[promise of stability](compatibility.md#plugins): "
            "names, arguments and attributes stay, and what is to go is announced first."
        ),
        (
            "The settings of a bundled plugin are in its module `settings`, "
            "such as `billhook_legal.settings`, under the same promise as the keys of its files.\n"
        ),
        "## Errors, and when to try again\n",
        table(("error", "what it is", "try again?"), rows),
        (
            "All of them are subclasses of `BillhookError`; catch the more specific ones first, "
            "since `ConflictError` and `BusyError` are also `StoreError`s.\n"
        ),
    ]
    for title, names in EMBEDDING.items():
        parts.append(f"## {title}\n")
        parts.extend(_embedded(name, getattr(billhook, name)) for name in names.split())
    return page("Embedding", *parts)


def _embedded(name: str, thing: object) -> str:
    if inspect.isfunction(thing):
        return function_entry(name, thing)
    assert inspect.isclass(thing)  # noqa: S101 - what is no function is a class
    if thing.__module__ in MODEL:
        more = f"All of it is in the [model](model.md#{name.lower()})."
        return f"### {name}\n\n{summary(thing)}\n{more}\n"
    return class_entry(thing)


# ── tables of files ──────────────────────────────────────────────────────────


def files() -> str:
    """Return the page of the files of a project."""
    from billhook.project import customers, tables
    from billhook.project.print_settings import PrintSettings

    module = importlib.import_module
    parts = [
        "Keys are spelled as here; a key that is not known is a finding, with a proposal.",
        "Tables of a job lie over those of `billhook.toml`, key by key; arrays are replaced.\n",
        "## The table `[project]` of `billhook.toml`\n",
        keys(tables.ProjectTable),
        "## A job\n",
        keys(tables.JobTable),
        "`buyer`, `payer` and `deliver_to` take the id of a customer, or a [Party](#party).\n",
        "## `[[sources]]`\n",
        keys(module("billhook.sources.declaration").Declaration),
        "## `[print]`\n",
        keys(PrintSettings),
        *_theme(module("billhook.render.theme")),
        "## `[terms]`\n",
        keys(module("billhook.model.terms").Agreement),
        "## `[exchange]`\n",
        keys(module("billhook.model.exchange").Exchange),
        "### ExchangeRate\n",
        keys(module("billhook.model.exchange").ExchangeRate),
        *_keeping(module("billhook.project.store_settings")),
        "## A customer, `[seller]`, `[buyer]`\n",
        "One file each in `customers/`; the file's name is the id.\n"
        "The terms of the customer may stand beside it: {}, and the tables of plugins.\n".format(
            ", ".join(f"`{key}`" for key in sorted(customers.TERMS))
        ),
    ]
    owned = ("Party", "Address", "Identifier", "Contact", "Account")
    parties = module("billhook.model.party")
    terms = module("billhook.model.terms")
    kinds = [*(getattr(parties, name) for name in owned), terms.EarlyPayment, terms.Portioning]
    invoices = module("billhook.model.invoice")
    kinds += [
        tables.PayerShare,
        invoices.Opening,
        invoices.Reference,
        module("billhook.kernel.text").Period,
    ]
    parts.extend(keys_entry(kind) for kind in kinds)
    return page("Files of a project", *parts)


def _theme(module: ModuleType) -> Iterator[str]:
    """Yield what a theme file may say, with what the theme ``classic`` says."""
    classic = module.theme_of("classic")
    yield "## A theme file\n\nA file named by `theme_file`; what it leaves out is as in `theme`.\n"
    yield theme_table(classic)
    for field in attrs.fields(module.Theme):
        part = getattr(classic, field.name)
        if attrs.has(type(part)):
            words = docstring.read(type(part)).text
            yield f"### `[{field.name}]`\n\n{words}\n\n{theme_table(part)}"


def _keeping(module: ModuleType) -> Iterator[str]:
    """Yield the tables that say where issued documents are, and who may do what."""
    from billhook.issue.numbering import NumberSeries
    from billhook.issue.roles import Roles

    kinds = {
        "[store]": (module.StoreTable, object),
        "[series.ID]": (module.SeriesTable, NumberSeries),
        "[roles]": (module.RolesTable, Roles),
        "[approval]": (module.ApprovalTable, object),
        "[archive]": (module.ArchiveTable, object),
    }
    for name, (kind, told_by) in kinds.items():
        yield f"## `{name}`\n\n{keys(kind, told_by=told_by)}"


# ── rules, rounding, currencies ──────────────────────────────────────────────


def rules() -> str:
    """Return the page of the rules: what figures are called, why, and after which source."""
    from billhook.explain.rules import catalogue

    told = "../howto/translate.md#translate-why-the-amounts-are-so"
    parts = [
        "A rule's id stands in every trace; `billhook explain` says its words.",
        "`{value}`, `{unit}` and a figure's parameters are filled in.",
        f"A bill tells them [in its language]({told}), or wholly in English.\n",
    ]
    known: set[str] = set()
    for package in (
        "billhook",
        *(module.split(".")[0] for name, module in PLUGINS.items() if name != "tax_table"),
    ):
        found = {id_: rule for id_, rule in catalogue(package).items() if id_ not in known}
        known |= found.keys()
        rows = [(f"`{r.id}`", r.title, r.sentence, r.citation) for r in found.values()]
        parts.append(f"## Package `{package}`\n")
        parts.append(table(("rule", "title", "sentence", "after"), rows))
    return page("Rules", *parts)


def rounding() -> str:
    """Return the page of rounding policies and modes."""
    from billhook.kernel.money import POLICIES, Mode

    rows = [
        (
            f"`{p.id}`",
            _way(p.line),
            _way(p.tax),
            f"per {p.tax_level.value}",
            _way(p.cash) if p.cash else "–",
        )
        for p in POLICIES.values()
    ]
    modes = ", ".join(f"`{mode.value}`" for mode in Mode)
    return page(
        "Rounding policies",
        'A project or a job names one: `policy = "standard"`.',
        "See [rounding](../explanation/rounding.md) for what they are for.\n",
        table(("policy", "lines", "tax", "tax is rounded", "payable amount"), rows),
        f"Modes of rounding: {modes}.",
        docstring.markdown(inspect.getdoc(Mode) or "") + "\n",
    )


def _way(rounding_: object) -> str:
    step = getattr(rounding_, "step", None)
    mode = getattr(rounding_, "mode", "")
    return f"{mode} to {step}" if step is not None else f"{mode} to the minor unit"


def currencies() -> str:
    """Return the page of currencies."""
    from billhook.kernel.currencies import MINOR_UNITS

    by_minor: dict[int, list[str]] = {}
    for code, minor in sorted(MINOR_UNITS.items()):
        by_minor.setdefault(minor, []).append(f"`{code}`")
    rows = [(str(minor), ", ".join(codes)) for minor, codes in sorted(by_minor.items())]
    return page(
        "Currencies",
        f"The {len(MINOR_UNITS)} currencies of ISO 4217 with a minor unit, by its decimals.\n",
        table(("decimals", "currencies"), rows),
    )


# ── the command line ─────────────────────────────────────────────────────────


def command_line() -> str:
    """Return the page of the commands, as their own help says it, and of the exit codes."""
    import click

    from billhook.cli.app import root
    from billhook.cli.console import Console

    context = click.Context(
        root,
        info_name="billhook",
        obj=Console(),
        terminal_width=80,
        help_option_names=["-h", "--help"],
    )
    parts = ["Data goes to standard output, talk to standard error.\n", _exit_codes()]
    parts.extend(_commands(root, context))
    return page("Command line", *parts)


def _commands(command: typing.Any, context: typing.Any) -> Iterator[str]:
    import click

    yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                below = click.Context(inner, parent=context, info_name=name, terminal_width=80)
                yield from _commands(inner, below)


def _exit_codes() -> str:
    from billhook.cli import exits

    body = ast.parse(inspect.getsource(exits.Exit)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - the source of a class is a class
    words: dict[str, str] = {}
    name = ""
    for node in body.body[1:]:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            words[name] = str(node.value.value)
    rows = [(str(int(e)), e.name.lower(), words.get(e.name, "")) for e in exits.Exit]
    return "## Exit codes\n\n" + table(("code", "name", "meaning"), rows)


PAGES: dict[str, Callable[[], str]] = {
    "hooks.md": hooks,
    "model.md": model,
    "functions.md": functions,
    "embedding.md": embedding,
    "files.md": files,
    **{f"plugin-{name}.md": functools.partial(plugin, name) for name in PLUGINS},
    "rules.md": rules,
    "rounding.md": rounding,
    "currencies.md": currencies,
    "cli.md": command_line,
}


if __name__ == "__main__":
    for file, make in PAGES.items():
        (TARGET / file).write_text(make(), encoding="utf-8", newline="\n")
