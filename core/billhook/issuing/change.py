"""What changed from one bill of a subject to the next, and why.

Lines have other ids each month, so the bills are compared by groups of lines: those of one group
label, or of one description where there is none, at one price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import attrs

from billhook.compare import Comparison, compare
from billhook.figure import Figure, ratio, rounded, total
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Line

RULE = "core.change.group"
STEP = Decimal("0.0001")


@attrs.frozen(kw_only=True)
class Changed:
    """A draft beside the bill before it.

    Attributes:
        subject: The subject.
        customer: Id of the buyer.
        before: Number or name of the bill before; empty when there is none.
        comparison: The differences by group; ``None`` when there is nothing to compare with.
        after: The draft.
    """

    subject: str
    customer: str
    before: str = ""
    comparison: Comparison | None = None
    after: Document


def change(after: Document, before: Document | None) -> Changed:
    """Return what changed from the bill before to a draft, by groups of lines."""
    invoice = after.invoice
    found = Changed(subject=invoice.subject, customer=invoice.buyer.id, after=after)
    if before is None or before.invoice.currency != invoice.currency:
        return found
    one, two = grouped(before.invoice, invoice), grouped(invoice, before.invoice)
    name = before.number or before.invoice.job
    return attrs.evolve(found, before=name, comparison=compare(one, two))


def grouped(invoice: Invoice, other: Invoice) -> Invoice:
    """Return a bill with one line for each group.

    Lines of a price that both bills have in the group stand by themselves, so that hours at an
    unchanged rate are told from a change of rate; the rest of a group is taken together at its
    average price.
    """
    shared = _prices(invoice) & _prices(other)
    groups: dict[str, list[Line]] = {}
    for line in invoice.lines:
        price = _price(line)
        name = f"{price[0]} @ {price[1]}" if price in shared and price[1] else price[0]
        groups.setdefault(name, []).append(line)
    lines = tuple(_together(name, lines) for name, lines in groups.items())
    return attrs.evolve(invoice, lines=lines)


def _prices(invoice: Invoice) -> set[tuple[str, str]]:
    return {_price(line) for line in invoice.lines}


def _price(line: Line) -> tuple[str, str]:
    name = str(line.group or line.description)
    if line.unit_price is None or line.quantity is None:
        return name, ""
    return name, f"{line.unit_price.value.normalize():f} {line.unit_price.unit}"


def _together(name: str, lines: Sequence[Line]) -> Line:
    amount = total((line.amount for line in lines), RULE)
    quantity = _sum(line.quantity for line in lines)
    return Line(
        id=name,
        description=lines[0].group or lines[0].description,
        amount=amount,
        quantity=quantity,
        unit_price=_average(lines, quantity),
        adjustment=_sum(line.adjustment for line in lines if line.adjustment is not None),
    )


def _sum(figures: Iterable[Figure | None]) -> Figure | None:
    found = list(figures)
    present = [each for each in found if each is not None]
    if not present or len(present) < len(found) or len({each.unit for each in present}) > 1:
        return None
    return total(present, RULE)


def _average(lines: Sequence[Line], quantity: Figure | None) -> Figure | None:
    prices = [line.unit_price for line in lines if line.unit_price is not None]
    if quantity is None or len(prices) < len(lines) or not quantity.value:
        return None
    if len({(price.value, price.unit) for price in prices}) == 1:
        return prices[0]
    if len({price.unit for price in prices}) > 1:
        return None
    gross = total((line.gross or line.amount for line in lines), RULE)
    average = ratio(gross, quantity, RULE, unit=prices[0].unit)
    return rounded(average, STEP, RULE)
