"""``billhook explain``: how an amount came to be, down to the source's line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping

import click

from billhook.cli.bills import Bill, bill_of
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.options import history, read_date, read_period
from billhook.cli.shell_completion import complete_jobs
from billhook.explain.narration import Leaf, draw, narrate, place_of
from billhook.explain.rule_text import ENGLISH, Localizer, RuleFormatter, narrated
from billhook.explain.tree import Node, explain, figures_by_name, find
from billhook.i18n.direction import without_marks
from billhook.kernel.figure import Figure
from billhook.kernel.text import Period
from billhook.model.invoice import Invoice, Line

SCHEMA = "billhook.explanation/1"


def _read_language(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> Localizer:
    if value is None:
        return ENGLISH
    from billhook.i18n.locales import is_locale
    from billhook.i18n.localizer import localizer_of

    if not is_locale(value):
        raise click.BadParameter(f"there is no locale {value!r}; write it like de_DE")
    return localizer_of(value)


@click.command("explain", cls=Command)
@click.argument("job", type=click.Path(), shell_complete=complete_jobs)
@click.option("--line", help="Explain the amount of the line with this id.")
@click.option("--total", help="Name of a total: payable, net, tax, … [default: payable]")
@click.option("--figure", "name", help="Name of any figure: taxes.1, lines.ID.quantity, …")
@click.option(
    "--depth", type=click.IntRange(min=0), help="Levels of steps to show.  [default: all]"
)
@click.option("--payer", help="Id of the payer, when the job makes several bills.")
@click.option(
    "--language",
    "--locale",
    metavar="LOCALE",
    callback=_read_language,
    help="Language of the text, and format of the numbers.  [default: English]",
)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["tree", "json"]),
    default="tree",
    show_default=True,
    help="For people, or the whole trace for programs.",
)
@click.option("--date", callback=read_date, help="Invoice date, instead of the job's.")
@click.option("--period", callback=read_period, help="Days to bill: 2026-06 or FIRST..LAST.")
@history
@click.pass_obj
def explain_command(
    console: Console,
    /,
    job: str,
    line: str | None,
    total: str | None,
    name: str | None,
    depth: int | None,
    payer: str | None,
    language: Localizer,
    format_: str,
    date: dt.date | None,
    period: Period | None,
    store: bool | None,  # noqa: FBT001 - click's signature
) -> Exit:
    """Explain how an amount of a bill was calculated.

    JOB is a job, or a bill that was written as JSON; - is such a bill on standard input.  The
    story of a total tells each line in one line; `--line ID` tells one line to its sources.

    It is told in English, as all that commands say, whatever the language of the bill;
    `--language de_DE` tells it as the appendix of a German bill does.
    """
    wanted = _figure_name(line, total, name)
    bill = bill_of(job, console, payer, store=store, date=date, period=period)
    figure = _find(bill.document.invoice, wanted, "line" if line else "total" if total else "")
    teller = RuleFormatter(bill.rules(), language)
    if format_ == "json":
        console.write(_to_json(bill, wanted, explain(figure, teller.rules), teller))
    else:
        for text in _story(bill, wanted, figure, depth, teller):
            console.write(without_marks(text))
    return Exit.OK


def _figure_name(line: str | None, total: str | None, name: str | None) -> str:
    given = [f"lines.{line}" if line else "", f"totals.{total}" if total else "", name or ""]
    names = [each for each in given if each]
    if len(names) > 1:
        raise click.UsageError("pass only one of --line, --total and --figure")
    return names[0] if names else "totals.payable"


def _find(invoice: Invoice, name: str, kind: str) -> Figure:
    from billhook.kernel.diagnostics import did_you_mean

    try:
        return find(invoice, name)
    except KeyError:
        known = _list_choices(invoice, kind) if kind else [*figures_by_name(invoice)]
        word = name.removeprefix(f"{kind}s.") if kind else name
        hint = did_you_mean(word, known) or ""
        raise click.UsageError(f"the bill has no {kind or 'figure'} {word!r}; {hint}") from None


def _list_choices(invoice: Invoice, kind: str) -> list[str]:
    """Return the words that ``--line`` or ``--total`` takes."""
    if kind == "line":
        return [line.id for line in invoice.lines]
    return [
        name.removeprefix("totals.")
        for name in figures_by_name(invoice)
        if name.startswith("totals.")
    ]


# ── for people ───────────────────────────────────────────────────────────────


def _story(
    bill: Bill, name: str, figure: Figure, depth: int | None, teller: RuleFormatter
) -> Iterator[str]:
    invoice = bill.document.invoice
    line = next((each for each in invoice.lines if name == f"lines.{each.id}"), None)
    leaves = {} if line else _leaves(invoice, teller.localizer)
    step = narrate(figure, teller.rules, leaves, teller.localizer)
    if line is not None:
        yield click.style(_heading(invoice, line, teller.localizer), bold=True)
    yield from (_dim(text) for text in draw(step, depth))
    if line is not None and line.adjustment_reason:
        yield teller.say(_ADJUSTED, reason=teller.localizer.label(line.adjustment_reason))
    if name == "totals.tax":
        reasons = (teller.localizer.label(tax.reason) for tax in invoice.taxes if tax.reason)
        yield from (teller.say(_NOT_TAXED, reason=reason) for reason in reasons)
    if step.citation:
        yield click.style(teller.say(_AFTER, citation=step.citation), dim=True)


_ADJUSTED = narrated("adjusted: {reason}")
_NOT_TAXED = narrated("not taxed: {reason}")
# NOTE: {citation} is the standard or clause that a rule comes from.
_AFTER = narrated("after {citation}")


def _leaves(invoice: Invoice, localizer: Localizer) -> dict[int, Leaf]:
    origins = _origins(invoice)
    return {
        id(line.amount): Leaf(localizer.label(line.description), _places(origins, line))
        for line in invoice.lines
    }


def _heading(invoice: Invoice, line: Line, localizer: Localizer) -> str:
    places = _places(_origins(invoice), line)
    shown = f"  [{places}]" if places else ""
    date = f"{localizer.date(line.date)}  " if line.date else ""
    return f"{date}{localizer.label(line.description)}{shown}"


def _origins(invoice: Invoice) -> dict[str, tuple[int, str]]:
    """Return where records stand, and their order, by their keys: looked through once."""
    return {
        record.key: (index, place_of(record.origin))
        for index, record in enumerate(invoice.records)
        if record.origin
    }


def _places(origins: Mapping[str, tuple[int, str]], line: Line, most: int = 3) -> str:
    found = sorted({origins[key] for key in line.sources if key in origins})
    places = [place for _, place in found]
    return ", ".join([*places[:most], *(["…"] if len(places) > most else [])])


def _dim(text: str) -> str:
    head, bracket, place = text.rpartition("  [")
    return f"{head}{click.style(bracket + place, dim=True)}" if bracket else text


# ── for programs ─────────────────────────────────────────────────────────────


def _to_json(bill: Bill, name: str, node: Node, teller: RuleFormatter) -> str:
    told = _plain(node, teller)
    tree = {"schema": SCHEMA, "bill": bill.name, "name": name, "explanation": told}
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _plain(node: Node, teller: RuleFormatter) -> dict[str, object]:
    figure, rule = node.figure, node.rule
    told = teller.tell(figure)
    origin = figure.origin
    whole: dict[str, object] = {
        "value": str(figure.value),
        "unit": figure.unit,
        "operation": figure.op,
        "rule": rule.id,
        "title": without_marks(told.title),
        "sentence": without_marks(told.sentence),
        "citation": rule.citation,
        "params": dict(figure.params),
        "origin": origin
        and {
            "file": origin.file,
            "line": origin.line,
            "column": origin.column,
            "path": origin.path,
        },
        "seen": node.seen,
        "steps": [_plain(step, teller) for step in node.steps],
    }
    return {key: value for key, value in whole.items() if value or key in {"value", "unit"}}
