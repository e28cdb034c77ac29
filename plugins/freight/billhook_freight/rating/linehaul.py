"""The freight charge: each class at its rate, at the break that makes the shipment cheapest.

Each article is rated at its own rate for the weight of the whole shipment.  The weight from which
a heavier break holds may be paid for instead of the actual one, at the lowest rate of the
shipment's articles; all heavier breaks are looked at, not only the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs

from billhook.kernel.figure import Figure, given, least, less, rounded, times, total
from billhook.kernel.origin import Origin
from billhook_freight.rating.bands import Band, find
from billhook_freight.rating.ratebook import Breaks, Ratebook
from billhook_freight.rating.tariff import ClassRate


@attrs.frozen
class Article:
    """The goods of one class in a shipment.

    Attributes:
        freight_class: Their class.
        weight: Their weight.
        key: Key of the record that they come from.
        description: What they are.
        origin: Where the record stands.
    """

    freight_class: str
    weight: Decimal
    key: str
    description: str
    origin: Origin


@attrs.frozen
class Extension:
    """One article at one rate."""

    article: Article
    row: ClassRate
    weight: Figure
    price: Figure
    amount: Figure


@attrs.frozen
class Deficit:
    """The weight that is paid for without being carried."""

    row: ClassRate
    weight: Figure
    price: Figure
    amount: Figure


@attrs.frozen
class Linehaul:
    """The freight charge of a shipment before minimum and discount.

    Attributes:
        weight: Weight of the shipment.
        rated: Weight that its break goes by: with started steps counted whole, if the tariff says.
        extensions: Each article at the rate of the break that is billed.
        deficit: What was bought to reach that break; ``None`` at the shipment's own.
        charge: The least of all candidates.
        own_break: First weight of the shipment's own break.
        rated_break: First weight of the break that is billed.
    """

    weight: Figure
    rated: Figure
    extensions: tuple[Extension, ...]
    deficit: Deficit | None
    charge: Figure
    own_break: Decimal
    rated_break: Decimal


@attrs.frozen
class _Candidate:
    """The shipment at one break."""

    start: Decimal
    extensions: tuple[Extension, ...]
    deficit: Deficit | None
    amount: Figure


def rate_linehaul(
    book: Ratebook, articles: Sequence[Article], breaks: Sequence[Breaks]
) -> Linehaul:
    """Return the freight charge of articles; ``breaks`` are those of each one's class."""
    actual = [_weight(book, article) for article in articles]
    weights = [book.rated(weight) for weight in actual]
    rating = _Rating(book, articles, breaks, weights, _whole(weights))
    candidates = list(rating.candidates())
    best = min(candidates, key=lambda candidate: candidate.amount.value)
    charge = least((each.amount for each in candidates), "freight.linehaul.lowest")
    own = candidates[0].start
    return Linehaul(
        _whole(actual), rating.whole, best.extensions, best.deficit, charge, own, best.start
    )


def _whole(weights: Sequence[Figure]) -> Figure:
    return weights[0] if len(weights) == 1 else total(weights, "freight.weight.total")


def _weight(book: Ratebook, article: Article) -> Figure:
    return given(article.weight, book.cover.unit, "freight.weight.actual", article.origin)


@attrs.frozen
class _Rating:
    """The rating of one shipment, break by break."""

    book: Ratebook
    articles: Sequence[Article]
    breaks: Sequence[Breaks]
    weights: Sequence[Figure]
    whole: Figure

    def candidates(self) -> Iterator[_Candidate]:
        """Yield the shipment at its own break, then at each heavier one."""
        weight = self.whole.value
        own = self._extensions(weight)
        amount = total((each.amount for each in own), "freight.linehaul.own_break")
        yield _Candidate(_start(self.breaks, weight), own, None, amount)
        if self.book.cover.deficit_rating:
            yield from (self._heavier(start) for start in _heavier(self.breaks, weight))

    def _heavier(self, start: Decimal) -> _Candidate:
        extensions = self._extensions(start)
        deficit = self._deficit(start, extensions)
        parts = (*(each.amount for each in extensions), deficit.amount)
        amount = total(parts, "freight.linehaul.heavier_break")
        return _Candidate(start, extensions, deficit, amount)

    def _extensions(self, weight: Decimal) -> tuple[Extension, ...]:
        rows = [_row(breaks, weight) for breaks in self.breaks]
        return tuple(
            self._extension(article, row, carried)
            for article, row, carried in zip(self.articles, rows, self.weights, strict=True)
        )

    def _extension(self, article: Article, row: ClassRate, weight: Figure) -> Extension:
        price = self.book.price(row)
        return Extension(article, row, weight, price, self._extended(weight, price))

    def _deficit(self, start: Decimal, extensions: Sequence[Extension]) -> Deficit:
        cheapest = min(extensions, key=lambda each: each.row.rate)
        unit = self.book.cover.unit
        begin = self.book.cite(_starting(extensions, start), start, unit, "freight.break.from")
        missing = less(begin, self.whole, rule="freight.deficit.weight")
        price = cheapest.price
        if len(extensions) > 1:
            price = least((each.price for each in extensions), "freight.deficit.rate")
        return Deficit(cheapest.row, missing, price, self._extended(missing, price))

    def _extended(self, weight: Figure, price: Figure) -> Figure:
        exact = times(weight, price, "freight.linehaul.extension")
        return rounded(exact, self.book.step, "freight.linehaul.rounded", self.book.mode)


def _starting(extensions: Sequence[Extension], start: Decimal) -> ClassRate:
    """Return a row whose break begins at a weight; not every class must have that break."""
    return next(
        (each.row for each in extensions if each.row.break_from == start), extensions[0].row
    )


def _row(breaks: Breaks, weight: Decimal) -> ClassRate:
    return _band(breaks, weight).row


def _band(breaks: Breaks, weight: Decimal) -> Band[ClassRate]:
    band = find(breaks, weight)
    if band is None:
        raise LookupError(f"no weight break for {weight}")
    return band


def _start(breaks: Sequence[Breaks], weight: Decimal) -> Decimal:
    return max(_band(each, weight).low for each in breaks)


def _heavier(breaks: Sequence[Breaks], weight: Decimal) -> list[Decimal]:
    """Return the first weights of all heavier breaks at which every class has a rate."""
    starts = {band.low for each in breaks for band in each if band.low > weight}
    return sorted(start for start in starts if all(find(each, start) for each in breaks))
