"""A second rating of the same rules, written with fractions and loops over all rows."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.explain.tree import figures_by_name
from billhook.kernel.figure import graph
from billhook.testing import assert_replays
from billhook_freight.rating.tariff import AccountDiscount, FuelBand, FuelPrice, Minimum, Tariff
from freight.samples import DAY, draft, items, one, shipment, tariff

CLASSES = ("50", "77.5", "100")
MONEY = st.decimals("0.01", "400", places=2)


@st.composite
def tariffs(draw):
    """A tariff with random rates, some rising; random minimum, discount, floor and fuel."""
    starts = [0, *sorted(draw(st.sets(st.integers(1, 20_000), max_size=5)))]
    breaks = {name: [(start, str(draw(MONEY))) for start in starts] for name in CLASSES}
    step = draw(st.sampled_from([None, None, Decimal("0.5"), Decimal(1), Decimal(100)]))
    made = tariff(breaks, absolute_minimum=draw(st.none() | MONEY), weight_step=step)
    percents = st.decimals(0, 60, places=1)
    return attrs.evolve(
        made,
        minimums=tuple(Minimum(minimum=m) for m in draw(st.lists(MONEY, max_size=1))),
        discounts=(AccountDiscount(account="ACME", percent=draw(percents)),),
        fuel_bands=(FuelBand(low=Decimal(0), percent=draw(percents)),),
        fuel_prices=(FuelPrice(effective=DAY, price=Decimal("3.899")),),
    )


WEIGHTS = st.decimals("0.1", "19999", places=1)
GOODS = st.lists(st.tuples(st.sampled_from(CLASSES), WEIGHTS), min_size=1, max_size=4)


def lines(rated_by: Tariff, goods) -> list[Decimal]:
    pairs = [(name, str(weight)) for name, weight in goods]
    worked = draft(rated_by, shipment(), *items(*pairs))
    return [line.amount.value for line in worked.invoice.lines]


# ── the oracle ───────────────────────────────────────────────────────────────


def cents(value: Fraction) -> Fraction:
    """Half-up to cents; the values here are not negative."""
    return Fraction((value * 200 + 1) // 2, 100)


def rate_at(rated_by: Tariff, name: str, weight: Fraction) -> Fraction:
    rows = [row for row in rated_by.rates if row.freight_class == name and row.break_from <= weight]
    return Fraction(max(rows, key=lambda row: row.break_from).rate)


def started(rated_by: Tariff, goods) -> list[tuple[str, Fraction]]:
    """Add the rows of each class up, and count the last step of its weight whole."""
    step = Fraction(rated_by.cover.weight_step or 0)
    exact: dict[str, Fraction] = {}
    for name, weight in goods:
        exact[name] = exact.get(name, Fraction(0)) + Fraction(weight)
    if not step:
        return list(exact.items())
    return [(name, -(-weight // step) * step) for name, weight in exact.items()]


def candidates(rated_by: Tariff, goods) -> list[Fraction]:
    goods = started(rated_by, goods)
    whole = sum(Fraction(weight) for _, weight in goods)
    found = []
    for start in sorted({Fraction(row.break_from) for row in rated_by.rates} | {whole}):
        if start >= whole:
            rates = [rate_at(rated_by, name, start) for name, _ in goods]
            carried = sum(
                cents(Fraction(weight) * rate / 100)
                for (_, weight), rate in zip(goods, rates, strict=True)
            )
            found.append(carried + cents((start - whole) * min(rates) / 100))
    return found


def expected(rated_by: Tariff, goods) -> Fraction:
    gross = min(candidates(rated_by, goods))
    gross = max([gross, *(Fraction(row.minimum) for row in rated_by.minimums)])
    net = gross - cents(gross * Fraction(rated_by.discounts[0].percent) / 100)
    net = max(net, Fraction(rated_by.cover.absolute_minimum or 0))
    return net + cents(net * Fraction(rated_by.fuel_bands[0].percent) / 100)


# ── the properties ───────────────────────────────────────────────────────────


@given(tariffs(), GOODS)
@settings(max_examples=200, deadline=None)
def test_a_shipment_costs_what_the_second_rating_says(rated_by, goods):
    assert Fraction(sum(lines(rated_by, goods))) == expected(rated_by, goods)


@given(tariffs(), GOODS)
@settings(max_examples=100, deadline=None)
def test_no_candidate_is_cheaper_than_the_freight_charge(rated_by, goods):
    pairs = [(name, str(weight)) for name, weight in goods]
    bare = attrs.evolve(rated_by, minimums=(), discounts=(), fuel_bands=())
    bare = attrs.evolve(bare, cover=attrs.evolve(bare.cover, absolute_minimum=None))
    worked = draft(bare, shipment(), *items(*pairs))

    assert Fraction(worked.invoice.totals.lines.value) == min(candidates(bare, goods))


@given(tariffs(), GOODS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_items_changes_no_amount(rated_by, goods, random):
    mixed = random.sample(goods, len(goods))

    assert sorted(lines(rated_by, mixed)) == sorted(lines(rated_by, goods))


@given(tariffs(), st.lists(st.tuples(st.sampled_from(CLASSES), WEIGHTS), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_order_of_shipments_changes_no_amount_and_each_costs_what_it_costs_alone(
    rated_by, goods
):
    several = [one(name, str(weight), str(n)) for n, (name, weight) in enumerate(goods, 1)]
    together = _by_id(draft(rated_by, *several))
    alone = [_by_id(draft(rated_by, each)) for each in several]

    assert _by_id(draft(rated_by, *reversed(several))) == together
    assert dict(itertools.chain.from_iterable(each.items() for each in alone)) == together


def _by_id(worked):
    return {line.id: line.amount.value for line in worked.invoice.lines}


@given(tariffs(), GOODS)
@settings(max_examples=50, deadline=None)
def test_every_amount_follows_from_its_leaves_and_every_leaf_has_a_place(rated_by, goods):
    pairs = [(name, str(weight)) for name, weight in goods]
    worked = draft(rated_by, shipment(), *items(*pairs))
    leaves = [
        node
        for node in graph(*figures_by_name(worked.invoice).values())
        if node.op == "given" and node.rule.startswith("freight.")
    ]

    assert_replays(worked.invoice)
    known = {"tariff", "version", "row"}
    assert [
        node
        for node in leaves
        if node.origin is None
        and not known <= dict(node.params).keys()
        and node.rule != "freight.rate.base"
    ] == []


@given(tariffs(), st.sampled_from(CLASSES), WEIGHTS, WEIGHTS)
@settings(max_examples=60, deadline=None)
def test_with_deficit_rating_and_falling_rates_more_weight_never_costs_less(
    rated_by, name, one_weight, other_weight
):
    falling = sorted({row.rate for row in rated_by.rates}, reverse=True)
    starts = sorted({row.break_from for row in rated_by.rates})
    rows = [(str(s), str(r)) for s, r in zip(starts, falling, strict=False)]
    steps = tariff({name: rows})
    light, heavy = sorted((one_weight, other_weight))

    # Goods and deficit are rounded by themselves: each sum is within a cent of its exact value.
    slack = Decimal("0.02")
    assert sum(lines(steps, [(name, light)])) <= sum(lines(steps, [(name, heavy)])) + slack


@given(tariffs(), GOODS, st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_dividing_a_row_into_two_of_its_class_changes_no_amount(rated_by, goods, number):
    at = number % len(goods)
    name, weight = goods[at]
    half = (weight / 2).quantize(Decimal("0.01"))
    divided = [*goods[:at], (name, half), (name, weight - half), *goods[at + 1 :]]

    assert lines(rated_by, divided) == lines(rated_by, goods)
