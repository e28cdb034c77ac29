"""The appendix: how each amount of a bill came to be, step by step, down to its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from billhook.explain.narration import place_of
from billhook.explain.rule_text import RuleFormatter
from billhook.explain.rules import Rule
from billhook.i18n import captions
from billhook.i18n.direction import IsolateKind, has_rtl, isolate
from billhook.i18n.localizer import localizer_of
from billhook.kernel.figure import Figure
from billhook.kernel.text import NBSP, Label, Text, labels
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.model.section import Column, Note, RowStyle, Section, Slot, Table, TableRow
from billhook.render.document.localized_text import NEXT_LANGUAGE

_: Final = labels("billhook")

FEW = 4
"""So many inputs of a sum are named one by one."""

DEEPEST = 12
_INDENT = 2 * NBSP


def appendix(
    document: Document, rules: Mapping[str, Rule], languages: Sequence[str] = ()
) -> tuple[Section, ...]:
    """Return the explanation of every line, adjustment and tax, as a sheet.

    Args:
        document: The document.
        rules: What the rules are called.
        languages: Locales that they are told in, the document's first; none takes that alone.
    """
    locales = languages or (document.invoice.locale,)
    tellers = tuple(RuleFormatter(rules, localizer_of(locale)) for locale in locales)
    table = Table(_COLUMNS, tuple(_rows(document.invoice, tellers)))
    intro = Note(_("Each amount, the steps that led to it, and where its figures come from."))
    return (
        Section(
            slot=Slot.SHEET,
            title=captions.EXPLANATION_OF_CHARGES,
            blocks=(intro, table),
            order=1000,
        ),
    )


_COLUMNS = (
    # NOTE: A step of a calculation.
    Column(_("Step"), width=4),
    # NOTE: How a step was calculated: "1.3 h × $350.00/h".
    Column(_("Working"), width=3),
    Column(captions.AMOUNT, align="right"),
    Column(captions.SOURCE),
)


def _rows(invoice: Invoice, tellers: tuple[RuleFormatter, ...]) -> Iterator[TableRow]:
    explained = tuple(_list_figures(invoice))
    elsewhere = {id(figure): title for title, figure in explained}
    for title, figure in explained:
        yield TableRow((title,), RowStyle.GROUP)
        yield from _Walk(tellers, elsewhere, set()).rows(figure)


def _list_figures(invoice: Invoice) -> Iterator[tuple[Text, Figure]]:
    for line in invoice.lines:
        yield line.description, line.amount
    for applied in invoice.adjustments:
        if applied.amount.value:
            yield applied.label, applied.amount
    for tax in invoice.taxes:
        if tax.amount.value:
            yield tax.name, tax.amount
    yield captions.AMOUNT_DUE, invoice.totals.payable


@attrs.frozen
class _Walk:
    """One explanation; what has one of its own, or was explained above, is not opened again."""

    tellers: tuple[RuleFormatter, ...]
    elsewhere: Mapping[int, Text]
    seen: set[int]

    def rows(self, figure: Figure) -> Iterator[TableRow]:
        """Yield the steps, the result first."""
        stack = [(figure, 0)]
        while stack:
            step, depth = stack.pop()
            if depth and id(step) in self.elsewhere:
                yield self._pointer(step, depth)
            elif _passes_on(step):
                stack.append((_telling(step)[0], depth))
            elif not depth or self._tells(step):
                yield self._row(step, depth)
                stack.extend((each, depth + 1) for each in reversed(self._open_step(step)))

    def _tells(self, step: Figure) -> bool:
        """Return whether a step says more than the working that it went into."""
        return bool(step.inputs or step.origin or self.tellers[0].rule(step).sentence)

    def _open_step(self, step: Figure) -> tuple[Figure, ...]:
        if id(step) in self.seen or (step.op == "sum" and len(_telling(step)) > FEW):
            return ()
        self.seen.add(id(step))
        return _telling(step)

    def _pointer(self, step: Figure, depth: int) -> TableRow:
        title = self.elsewhere[id(step)]
        text = _("{indent}{text}", indent=_INDENT * min(depth, DEEPEST), text=title)
        return TableRow((text, _("explained separately"), step))

    def _row(self, step: Figure, depth: int) -> TableRow:
        indent = _INDENT * min(depth, DEEPEST)
        origin = "" if step.origin is None else place_of(step.origin)
        return TableRow((f"{indent}{self._words(step)}", working(step), step, origin))

    def _words(self, step: Figure) -> str:
        texts = tuple(dict.fromkeys(teller.tell(step).line for teller in self.tellers))
        if len(texts) > 1 and any(map(has_rtl, texts)):
            texts = tuple(isolate(text, IsolateKind.WORDS) for text in texts)
        return NEXT_LANGUAGE.join(texts)


def _telling(step: Figure) -> tuple[Figure, ...]:
    """Return the inputs that count.

    What adds or takes away nothing is left out, and of amounts that were compared all but the one
    that was taken.
    """
    if step.op in _COMPARED:
        return tuple(source for source in step.inputs if source.value == step.value)[:1]
    if step.op not in ("sum", "less"):
        return step.inputs
    return tuple(source for source in step.inputs if source.value) or step.inputs[:1]


def _passes_on(step: Figure) -> bool:
    """Return whether a step only hands on what went in: a sum of one, a rounding of nothing."""
    if step.op == "round":
        return step.inputs[0].value == step.value
    return step.op in ("sum", "less") and len(_telling(step)) == 1


def working(step: Figure) -> Text:
    """Return how a step was calculated from its inputs; nothing for a given figure."""
    inputs = step.inputs
    if step.op in _COMPARED:
        return _comparison(step)
    if step.op in _PAIRS:
        return filled(_PAIRS[step.op], first=inputs[0], second=inputs[1])
    if step.op == "sum":
        return _sum(_telling(step))
    if step.op == "less":
        first, *rest = _telling(step)
        return _join_terms((first, *map(_negate, rest)))
    if step.op in _SINGLES:
        return filled(_SINGLES[step.op], first=inputs[0])
    return ""


_PAIRS = {
    "times": _("{first} × {second}"),
    "ratio": _("{first} ÷ {second}"),
    # NOTE: A percentage of an amount: "19% of $175.00".
    "percent": _("{second} of {first}"),
    # NOTE: A row of a table for a value: "4.20 for 350 kg".
    "banded": _("{second} for {first}"),
}

_SINGLES = {
    # NOTE: What was rounded: "from 12.345".
    "round": _("from {first}"),
    "negative": _("− {first}"),
    # NOTE: What was divided: "of $100.00".
    "share": _("of {first}"),
}

_COMPARED = {
    "least": (_("the lower of {first} and {second}"), _("the lowest of {count} amounts")),
    "greatest": (_("the higher of {first} and {second}"), _("the highest of {count} amounts")),
}


def _comparison(step: Figure) -> Text:
    of_two, of_many = _COMPARED[step.op]
    inputs = step.inputs
    if len(inputs) == 1:
        return ""
    if len(inputs) == 2:  # noqa: PLR2004 -- two are named
        return filled(of_two, first=inputs[0], second=inputs[1])
    return labels(of_many.domain)(of_many.msgid, count=len(inputs))


def _sum(inputs: tuple[Figure, ...]) -> Text:
    if len(inputs) > FEW:
        return _("sum of {count} amounts", count=len(inputs))
    return _join_terms(inputs) if len(inputs) > 1 else ""


_PLUS, _MINUS = _("{first} + {second}"), _("{first} − {second}")


def _join_terms(terms: Iterable[Figure]) -> Text:
    """Return a sum as it is written: what is below nothing is taken off."""
    first, *rest = terms
    found: Figure | Label = first
    for term in rest:
        below = term.value < 0
        found = filled(
            _MINUS if below else _PLUS, first=found, second=_negate(term) if below else term
        )
    return found if isinstance(found, Label) else ""


def _negate(term: Figure) -> Figure:
    return attrs.evolve(term, value=term.value.copy_negate())


def filled(pattern: Label, **params: Figure | Label) -> Label:
    """Return a label with its parameters."""
    return labels(pattern.domain)(pattern.msgid, **params)
