"""Balance left to credit: amounts billed less amounts credited, cell by cell.

The cells of a bill are its lines, the base of every group of tax classes, each tax, the portions
of its adjustments, its net and gross totals and what is payable.  A credit note's cells bear the
same names, so what is left of a document is a subtraction, and that no credit exceeds it a
comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import attrs

from billhook.calculate.tax import class_parts
from billhook.kernel.figure import Figure, total
from billhook.kernel.money import EXACT
from billhook.model.adjustment import Stage
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Line
from billhook.model.tax import TaxLine

Cell = tuple[str, ...]
"""The name of a cell: ``("tax", "standard", "0")``."""

ZERO = Decimal(0)


@attrs.frozen
class Group:
    """The tax classes that bear the same rows of the tax breakdown.

    Attributes:
        classes: The classes.
        rows: The places of their rows, one for each tax; other classes may share them.
    """

    classes: tuple[str, ...]
    rows: tuple[int, ...]

    @property
    def name(self) -> str:
        """A name, the same on a bill and its credit notes."""
        return " ".join(self.classes)

    def base(self, invoice: Invoice) -> Figure:
        """Return the taxable amount of the classes on a bill or credit note."""
        parts = class_parts(invoice.lines, invoice.adjustments)
        found = (figure for name in self.classes for figure in parts.get(name, ()))
        return total(found, "core.tax.base", invoice.currency)


def groups(invoice: Invoice) -> list[Group]:
    """Return the groups of a bill."""
    rows: dict[str, list[int]] = {}
    for place, row in enumerate(invoice.taxes):
        for name in row.classes:
            rows.setdefault(name, []).append(place)
    classes: dict[tuple[int, ...], list[str]] = {}
    for name, places in rows.items():
        classes.setdefault(tuple(places), []).append(name)
    return [Group(tuple(names), places) for places, names in classes.items()]


def tax_cell(row: TaxLine) -> Cell:
    """Return the cell of a row of the tax breakdown, the same on a bill and its credit notes."""
    rate = "" if row.rate is None else str(row.rate.value)
    kept = "withheld" if row.withheld else ""
    return ("tax", " ".join(row.classes), row.category, str(row.name), rate, kept)


def cells(invoice: Invoice, of: Invoice | None = None) -> dict[Cell, Decimal]:
    """Return the amounts of a bill's cells.

    Args:
        invoice: The bill, or a credit note.
        of: The bill that a credit note takes back, whose groups of classes count.
    """
    found = dict(_cells(invoice, groups(of or invoice)))
    for line in invoice.lines:
        found["line", line.id] = line.amount.value
    return found


def _cells(invoice: Invoice, grouped: Iterable[Group]) -> Iterator[tuple[Cell, Decimal]]:
    for group in grouped:
        yield ("base", group.name), group.base(invoice).value
    for row in invoice.taxes:
        yield tax_cell(row), row.amount.value
    for applied in invoice.adjustments:
        if applied.stage is Stage.AFTER_TAX:
            yield ("after", applied.id), applied.amount.value
        for portion in applied.portions:
            yield ("portion", applied.id, portion.tax_class), portion.amount.value
    yield ("net",), invoice.totals.net.value
    yield ("gross",), invoice.totals.gross.value
    yield ("payable",), invoice.totals.payable.value


@attrs.frozen
class CreditedDocument:
    """A document with its credit notes.

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
        """Amounts billed, by cell."""
        return cells(self.invoice)

    @property
    def credited(self) -> Mapping[Cell, Decimal]:
        """Amounts credited, by cell; only cells of the document, except for its lines."""
        sums: dict[Cell, Decimal] = {}
        for credit in self.credits:
            for name, amount in cells(credit.invoice, self.invoice).items():
                sums[name] = EXACT.add(sums.get(name, ZERO), amount)
        return sums

    @property
    def taken(self) -> frozenset[str]:
        """Ids of the lines that were credited by name."""
        own = {line.id for line in self.invoice.lines}
        return frozenset(
            line.id for credit in self.credits for line in credit.invoice.lines if line.id in own
        )

    @property
    def left(self) -> tuple[Line, ...]:
        """Lines that were not credited by name."""
        taken = self.taken
        return tuple(line for line in self.invoice.lines if line.id not in taken)

    @property
    def by_lines(self) -> bool:
        """True if every credit note credited named lines, none a mere amount."""
        own = {line.id for line in self.invoice.lines}
        return all(line.id in own for credit in self.credits for line in credit.invoice.lines)

    def with_credit(self, credit: Invoice) -> CreditedDocument:
        """Return the same with one credit note more."""
        return CreditedDocument(self.document, (*self.credits, Document(invoice=credit)))

    @property
    def gone(self) -> bool:
        """True if nothing is left: every base and every tax was credited."""
        credited = self.credited
        return bool(self.credits) and all(
            credited.get(name, ZERO) == amount
            for name, amount in self.whole.items()
            if name[0] in {"base", "tax"}
        )


def excess(billed: CreditedDocument) -> Iterator[str]:
    """Yield for each cell of which more was taken back than was billed, what and how much."""
    whole = billed.whole
    for name, amount in sorted(billed.credited.items()):
        if name[0] in {"portion", "payable"} or (name[0] == "line" and name not in whole):
            continue  # their bases, taxes and totals are looked at
        if name[0] == "after" and _of_both_signs(name[1], billed.invoice):
            continue
        most = whole.get(name, ZERO)
        if not min(most, ZERO) <= amount <= max(most, ZERO):
            yield f"{_format_cell(name)}: {amount} of {most}"


def _of_both_signs(id_: str, invoice: Invoice) -> bool:
    """Return whether some lines add to an adjustment and others take from it."""
    signs = {
        part.amount.value > 0
        for applied in invoice.adjustments
        if applied.id == id_
        for part in applied.parts
        if part.amount.value
    }
    return len(signs) > 1


def _format_cell(name: Cell) -> str:
    match name:
        case ("line", id_):
            return f"line {id_}"
        case ("base", classes):
            return f"net of {classes}"
        case ("tax", classes, _, tax, *_):
            return f"{tax} on {classes}".strip()
        case ("net",):
            return "net total"
        case ("after", id_):
            return f"adjustment {id_}"
        case _:
            return "total"


def find_lines(invoice: Invoice, ids: Iterable[str]) -> frozenset[str]:
    """Return ids of lines, given by id or by place from 1 where that is no id.

    Raises:
        KeyError: There is no such line.
    """
    known = [line.id for line in invoice.lines]
    return frozenset(_find_line(known, id_) for id_ in ids)


def _find_line(known: list[str], id_: str) -> str:
    if id_ in known:
        return id_
    if id_.isascii() and id_.isdigit() and 1 <= int(id_) <= len(known):
        return known[int(id_) - 1]
    raise KeyError(id_)
