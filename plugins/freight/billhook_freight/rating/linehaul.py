"""The freight charge: each class at its rate, at the break that makes the shipment cheapest.

Each class is rated at its own rate for the weight of the whole shipment.  The weight from which
a heavier break holds may be paid for instead of the actual one, at the lowest rate of the
shipment's classes; all heavier breaks are looked at, not only the next.

Breaks are compared as plain numbers.  Figures are built for the shipment's own break and for the
one that is billed; the others stand beside them with what they would have come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import attrs

from billhook.kernel.figure import Figure, given, least, less, rounded, times, total
from billhook.kernel.money import EXACT
from billhook.kernel.origin import Origin
from billhook_freight.rating.ratebook import Ratebook, RateScale
from billhook_freight.rating.tariff import ClassRate


@attrs.frozen
class Goods:
    """The weight in one record of a shipment.

    Attributes:
        weight: The weight.
        key: Key of the record.
        origin: Where the record stands.
    """

    weight: Decimal
    key: str
    origin: Origin


@attrs.frozen
class Article:
    """The goods of one class in a shipment, of all its records together."""

    freight_class: str
    goods: tuple[Goods, ...]

    @property
    def weight(self) -> Decimal:
        """Their weight."""
        return _sum(each.weight for each in self.goods)


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


class Candidate(NamedTuple):
    """The shipment at one weight break, as plain numbers.

    Attributes:
        level: The weight that is paid for.
        positions: The break of each article's class.
        cheapest: The article with the lowest rate.
        amount: What it comes to.
    """

    level: Decimal
    positions: tuple[int, ...]
    cheapest: int
    amount: Decimal


class RatedWeights:
    """The weights of a shipment's articles as the tariff rates them, as plain numbers.

    Attributes:
        each: The weight of each article, without what a step of the whole shipment adds.
        whole: The weight that the shipment's own break goes by.
        surplus: What a step of the whole shipment adds.
    """

    def __init__(self, book: Ratebook, articles: Sequence[Article]) -> None:
        actual = [article.weight for article in articles]
        per_class = book.cover.weight_step_per == "class"
        self.each = [book.round_up(weight) for weight in actual] if per_class else actual
        carried = _sum(self.each)
        self.whole = book.round_up(carried)
        self.surplus = EXACT.subtract(self.whole, carried)


def rate_linehaul(
    book: Ratebook, articles: Sequence[Article], scales: Sequence[RateScale]
) -> Linehaul:
    """Return the freight charge of articles; ``scales`` are the rates of each one's class."""
    weights = RatedWeights(book, articles)
    own = _compute(book, scales, weights, weights.whole)
    best, heavier = own, []
    if book.cover.deficit_rating:
        for level in _levels(scales, weights.whole):
            heavier.append(_compute(book, scales, weights, level))
            if heavier[-1].amount < best.amount:
                best = heavier[-1]
    return _Linehauls(book, articles, scales, weights).build(own, heavier, best)


def _levels(scales: Sequence[RateScale], weight: Decimal) -> Sequence[Decimal]:
    """Return the first weights of all heavier breaks at which every class has a rate."""
    if len(scales) == 1:
        return scales[0].heavier(weight)
    levels = {start for scale in scales for start in scale.heavier(weight)}
    return [
        level
        for level in sorted(levels)
        if all(scale.position(level) is not None for scale in scales)
    ]


def _compute(
    book: Ratebook, scales: Sequence[RateScale], weights: RatedWeights, level: Decimal
) -> Candidate:
    positions = tuple(_position(scale, level) for scale in scales)
    prices = [scale.prices[at] for scale, at in zip(scales, positions, strict=True)]
    price = min(prices)
    cheapest = prices.index(price)
    missing = EXACT.subtract(level, weights.whole)
    amount = book.round(EXACT.multiply(missing, price)) if missing else Decimal(0)
    for at, (weight, each) in enumerate(zip(weights.each, prices, strict=True)):
        rated = EXACT.add(weight, weights.surplus) if at == cheapest else weight
        amount = EXACT.add(amount, book.round(EXACT.multiply(rated, each)))
    return Candidate(level, positions, cheapest, amount)


def _position(scale: RateScale, weight: Decimal) -> int:
    found = scale.position(weight)
    if found is None:
        raise LookupError(f"no weight break for {weight}")
    return found


@attrs.frozen
class _Linehauls:
    """The figures of one shipment's freight charge."""

    book: Ratebook
    articles: Sequence[Article]
    scales: Sequence[RateScale]
    plain: RatedWeights

    def build(self, own: Candidate, heavier: Sequence[Candidate], best: Candidate) -> Linehaul:
        actual = [self._weigh(article) for article in self.articles]
        book, per_class = self.book, self.book.cover.weight_step_per == "class"
        each = [book.rated(weight) for weight in actual] if per_class else actual
        whole = _whole(each) if per_class else book.rated(_whole(actual))
        extensions, deficit = self._extend(own, each, whole), None
        amounts = [total((x.amount for x in extensions), "freight.linehaul.own_break")]
        for candidate in heavier:
            if candidate is not best:
                amounts.append(self._note(candidate))
                continue
            extensions = self._extend(candidate, each, whole)
            deficit = self._fill_up(candidate, extensions, whole)
            parts = (*(x.amount for x in extensions), deficit.amount)
            amounts.append(total(parts, "freight.linehaul.heavier_break"))
        return Linehaul(
            _whole(actual),
            whole,
            extensions,
            deficit,
            least(amounts, "freight.linehaul.lowest"),
            self._start(own),
            self._start(best),
        )

    def _weigh(self, article: Article) -> Figure:
        unit = self.book.cover.unit
        return _whole(
            [given(x.weight, unit, "freight.weight.actual", x.origin) for x in article.goods]
        )

    def _extend(
        self, candidate: Candidate, weights: Sequence[Figure], whole: Figure
    ) -> tuple[Extension, ...]:
        found = []
        for number, (article, row) in enumerate(
            zip(self.articles, self._rows(candidate), strict=True)
        ):
            weight, price = weights[number], self.book.price(row)
            if self.plain.surplus and number == candidate.cheapest:
                rest = (*weights[:number], *weights[number + 1 :])
                weight = less(whole, *rest, rule="freight.weight.rest") if rest else whole
            found.append(Extension(article, row, weight, price, self._extend_price(weight, price)))
        return tuple(found)

    def _fill_up(
        self, candidate: Candidate, extensions: Sequence[Extension], whole: Figure
    ) -> Deficit:
        """Return the weight that is missing to a heavier break."""
        start = self._start(candidate)
        # Not every class must have the break: the row is one that begins there.
        row = next(x.row for x in extensions if x.row.break_from == start)
        begin = self.book.cite(row, start, self.book.cover.unit, "freight.break.from")
        missing = less(begin, whole, rule="freight.deficit.weight")
        cheapest = extensions[candidate.cheapest]
        price = cheapest.price
        if len(extensions) > 1:
            price = least((x.price for x in extensions), "freight.deficit.rate")
        return Deficit(cheapest.row, missing, price, self._extend_price(missing, price))

    def _note(self, candidate: Candidate) -> Figure:
        """Return what a break that is not billed would have come to."""
        cover, start = self.book.cover, self._start(candidate)
        row = next(row for row in self._rows(candidate) if row.break_from == start)
        rule, more = "freight.linehaul.other_break", f"{start} {cover.unit}"
        # All shipments share what the figure says of the row.
        cited = self.book.cite(row, Decimal(0), cover.currency, rule, break_from=more)
        return attrs.evolve(cited, value=candidate.amount)

    def _rows(self, candidate: Candidate) -> Iterator[ClassRate]:
        for scale, at in zip(self.scales, candidate.positions, strict=True):
            yield scale.bands[at].row

    def _start(self, candidate: Candidate) -> Decimal:
        return max(
            scale.starts[at] for scale, at in zip(self.scales, candidate.positions, strict=True)
        )

    def _extend_price(self, weight: Figure, price: Figure) -> Figure:
        exact = times(weight, price, "freight.linehaul.extension")
        return rounded(exact, self.book.step, "freight.linehaul.rounded", self.book.mode)


def _whole(weights: Sequence[Figure]) -> Figure:
    return weights[0] if len(weights) == 1 else total(weights, "freight.weight.total")


def _sum(weights: Iterable[Decimal]) -> Decimal:
    found = Decimal(0)
    for weight in weights:
        found = EXACT.add(found, weight)
    return found
