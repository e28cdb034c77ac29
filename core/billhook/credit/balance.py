"""What a document billed and its credit notes took back, cell by cell.

The cells of a bill are its lines, the base and each tax of every group of tax classes, its
adjustments after tax, its cash rounding and its gross total.  A credit note's cells bear the same
names, so what is left of a document is a subtraction, and that no credit exceeds it a comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import attrs

from billhook.calculate.adjustments import signed
from billhook.kernel.figure import Figure, less, total
from billhook.kernel.money import EXACT
from billhook.model.adjustment import Kind, Stage
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Line
from billhook.model.tax import TaxLine

Cell = tuple[str, ...]
"""The name of a cell: ``("tax", "standard", "0")``."""

ZERO = Decimal(0)


@attrs.frozen
class Group:
    """The tax classes that a bill taxes alike.

    Attributes:
        classes: The classes.
        rows: Their rows of the tax breakdown, one for each tax.
    """

    classes: tuple[str, ...]
    rows: tuple[TaxLine, ...]

    @property
    def name(self) -> str:
        """A name, the same on a bill and its credit notes."""
        return " ".join(self.classes)

    def base_parts(self, invoice: Invoice) -> list[Figure]:
        """Return what the base is made of: lines, and portions of adjustments."""
        lines = [line.amount for line in invoice.lines if line.tax_class in self.classes]
        portions = [
            signed(applied, portion.amount)
            for applied in invoice.adjustments
            for portion in applied.portions
            if portion.tax_class in self.classes
        ]
        return [*lines, *portions]


def groups(invoice: Invoice) -> list[Group]:
    """Return the groups of a bill."""
    rows: dict[tuple[str, ...], list[TaxLine]] = {}
    for row in invoice.taxes:
        rows.setdefault(row.classes, []).append(row)
    return [Group(classes, tuple(found)) for classes, found in rows.items()]


def cash(invoice: Invoice) -> Figure:
    """Return the cash rounding without what plugins asked for."""
    asked = [each.amount for each in invoice.adjustments if each.kind is Kind.ROUNDING]
    return less(invoice.totals.rounding, *asked, rule="core.credit.cash")


def cells(invoice: Invoice) -> dict[Cell, Decimal]:
    """Return the amounts of a bill's cells."""
    found = dict(_cells(invoice))
    for line in invoice.lines:
        found["line", line.id] = line.amount.value
    return found


def _cells(invoice: Invoice) -> Iterator[tuple[Cell, Decimal]]:
    for group in groups(invoice):
        parts = total(group.base_parts(invoice), "core.tax.base", invoice.currency)
        yield ("base", group.name), parts.value
        for place, row in enumerate(group.rows):
            yield ("tax", group.name, str(place)), row.amount.value
    for applied in invoice.adjustments:
        if applied.stage is Stage.AFTER_TAX:
            yield ("after", applied.id), applied.amount.value
    yield ("cash",), cash(invoice).value
    yield ("gross",), invoice.totals.gross.value


@attrs.frozen
class Billed:
    """A document with the credit notes that it has.

    Attributes:
        document: The document.
        credits: Its credit notes, in the order of issue.
    """

    document: Document
    credits: tuple[Document, ...] = ()

    @property
    def invoice(self) -> Invoice:
        """The bill."""
        return self.document.invoice

    @property
    def whole(self) -> Mapping[Cell, Decimal]:
        """What was billed, by cell."""
        return cells(self.invoice)

    @property
    def credited(self) -> Mapping[Cell, Decimal]:
        """What was taken back, by cell; only cells of the document, but for its lines."""
        sums: dict[Cell, Decimal] = {}
        for credit in self.credits:
            for name, amount in cells(credit.invoice).items():
                sums[name] = EXACT.add(sums.get(name, ZERO), amount)
        return sums

    @property
    def taken(self) -> frozenset[str]:
        """The lines that were taken back by name."""
        own = {line.id for line in self.invoice.lines}
        return frozenset(
            line.id for credit in self.credits for line in credit.invoice.lines if line.id in own
        )

    @property
    def left(self) -> tuple[Line, ...]:
        """The lines that were not taken back by name."""
        taken = self.taken
        return tuple(line for line in self.invoice.lines if line.id not in taken)

    @property
    def by_lines(self) -> bool:
        """Whether every credit note took lines back by name, none a mere amount."""
        own = {line.id for line in self.invoice.lines}
        return all(line.id in own for credit in self.credits for line in credit.invoice.lines)

    def with_credit(self, credit: Invoice) -> Billed:
        """Return the same with one credit note more."""
        return Billed(self.document, (*self.credits, Document(invoice=credit)))

    @property
    def gone(self) -> bool:
        """Whether nothing is left: every base and every tax was taken back."""
        credited = self.credited
        return bool(self.credits) and all(
            credited.get(name, ZERO) == amount
            for name, amount in self.whole.items()
            if name[0] in {"base", "tax"}
        )


def excess(billed: Billed) -> Iterator[str]:
    """Yield for each cell of which more was taken back than was billed, what and how much."""
    whole = billed.whole
    for name, amount in sorted(billed.credited.items()):
        most = whole.get(name, ZERO)
        if name[0] == "line" and name not in whole:
            continue  # a mere amount: its base and tax are looked at
        if not min(most, ZERO) <= amount <= max(most, ZERO):
            yield f"{_shown(name, billed.invoice)}: {amount} of {most}"


def _shown(name: Cell, invoice: Invoice) -> str:
    match name:
        case ("line", id_):
            return f"line {id_}"
        case ("base", classes):
            return f"net of {classes}"
        case ("tax", classes, place):
            rows = {" ".join(each.classes): each.rows for each in groups(invoice)}
            row = rows[classes][int(place)] if classes in rows else None
            return f"{row.name if row else ''} on {classes}".strip()
        case ("after", id_):
            return f"adjustment {id_}"
        case _:
            return {"cash": "cash rounding", "gross": "total"}[name[0]]


def lines_named(invoice: Invoice, ids: Iterable[str]) -> frozenset[str]:
    """Return ids of lines, given by id or by place from 1 where that is no id.

    Raises:
        KeyError: There is no such line.
    """
    known = [line.id for line in invoice.lines]
    return frozenset(_named(known, id_) for id_ in ids)


def _named(known: list[str], id_: str) -> str:
    if id_ in known:
        return id_
    if id_.isascii() and id_.isdigit() and 1 <= int(id_) <= len(known):
        return known[int(id_) - 1]
    raise KeyError(id_)
