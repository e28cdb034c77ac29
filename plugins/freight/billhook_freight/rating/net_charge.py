"""From the freight charge to its net: minimum charge, discount, absolute minimum, in this order."""

from __future__ import annotations

import attrs

from billhook.kernel.figure import PERCENT, Figure, greatest, less, percent_of, rounded
from billhook_freight.rating.ratebook import Ratebook
from billhook_freight.rating.tariff import AccountDiscount, Minimum, TariffHeader


@attrs.frozen
class Raise:
    """An amount that lifts the charge to a minimum."""

    row: Minimum | TariffHeader
    floor: Figure
    amount: Figure


@attrs.frozen
class Reduction:
    """An amount taken off the charge."""

    row: AccountDiscount
    rate: Figure
    amount: Figure


@attrs.frozen
class Net:
    """The steps from the freight charge to its net.

    Attributes:
        minimum: The lift to the minimum charge, if it was needed.
        gross: The charge after it.
        discount: What was taken off.
        floor: The lift after discount to the absolute or the minimum charge, if it was needed.
        charge: The net freight charge.
    """

    minimum: Raise | None
    gross: Figure
    discount: Reduction | None
    floor: Raise | None
    charge: Figure


def net(book: Ratebook, charge: Figure, rate_base: str, account: str, weight: Figure) -> Net:
    """Return the net of a freight charge."""
    minimum = _minimum(book, charge, rate_base)
    gross = charge
    if minimum is not None:
        gross = greatest((charge, minimum.floor), "freight.minimum.applied")
    discount = None
    if minimum is None or book.cover.discount_on_minimum:
        discount = _discount(book, gross, book.discount(account, rate_base, weight.value))
    reduced = gross
    if discount is not None:
        reduced = less(gross, discount.amount, rule="freight.discount.reduced")
    floor = _floor(book, reduced, rate_base)
    final = reduced
    if floor is not None:
        lowest = isinstance(floor.row, TariffHeader)
        rule = "freight.floor.applied" if lowest else "freight.minimum.applied"
        final = greatest((reduced, floor.floor), rule)
    return Net(minimum, gross, discount, floor, final)


def _minimum(book: Ratebook, charge: Figure, rate_base: str) -> Raise | None:
    row = book.minimum(rate_base)
    if row is None or row.minimum <= charge.value:
        return None
    floor = book.cite(row, row.minimum, charge.unit, "freight.minimum.charge")
    lifted = greatest((charge, floor), "freight.minimum.applied")
    return Raise(row, floor, less(lifted, charge, rule="freight.minimum.lift"))


def _discount(book: Ratebook, gross: Figure, row: AccountDiscount | None) -> Reduction | None:
    if row is None or not row.percent:
        return None
    rate = book.cite(row, row.percent, PERCENT, "freight.discount.rate")
    exact = percent_of(gross, rate, "freight.discount.exact")
    amount = rounded(exact, book.step, "freight.discount.amount", book.mode)
    return Reduction(row, rate, amount)


def _floor(book: Ratebook, reduced: Figure, rate_base: str) -> Raise | None:
    """Return the lift after discount: to the absolute minimum, or to a minimum charge above it."""
    amount = book.cover.absolute_minimum
    minimum = None if book.cover.discount_below_minimum else book.minimum(rate_base)
    if minimum is not None and (amount is None or minimum.minimum > amount):
        return _minimum(book, reduced, rate_base)
    if amount is None or amount <= reduced.value:
        return None
    floor = book.cite(book.cover, amount, reduced.unit, "freight.floor.charge")
    lifted = greatest((reduced, floor), "freight.floor.applied")
    return Raise(book.cover, floor, less(lifted, reduced, rule="freight.floor.lift"))
