"""Rates, expenses and prices in another currency come into the bill's by a dated rate."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from billhook.explain.narration import draw, narrate
from billhook.explain.rules import catalogue
from billhook.kernel.money import POLICIES
from billhook.model.exchange import ExchangeRate
from billhook.model.record import content, fingerprint
from billhook.testing import assert_replays
from legal.office import ENGINE, RATES, D, entry, expense, job

JUNE = dt.date(2026, 6, 1)
JULY = dt.date(2026, 7, 1)


def rate(value: str, currency: str = "EUR", into: str = "USD", **days: dt.date) -> ExchangeRate:
    return ExchangeRate(currency=currency, into=into, rate=D(value), source="central bank", **days)


def drafted(*records, exchange=(), prices_in: str = "", currency: str = "USD", **settings):
    made = job(**settings)
    changed = attrs.evolve(made, currency=currency, exchange=exchange, prices_in=prices_in)
    return ENGINE.draft(changed, list(records))


def amounts(draft) -> dict[str, str]:
    return {line.id: f"{line.amount.value} {line.amount.unit}" for line in draft.invoice.lines}


def test_an_expense_in_euros_is_converted_on_the_day_it_was_made() -> None:
    rates = (rate("1.10", until=JUNE), rate("1.20", since=JUNE))
    draft = drafted(expense("1", "100.00", currency="EUR"), exchange=rates)

    # 100.00 EUR of June × 1.20
    assert amounts(draft) == {"expense-1": "120.00 USD"}
    assert_replays(draft.invoice)


def test_the_rate_stands_in_the_explanation_with_day_and_source() -> None:
    draft = drafted(expense("1", "100.00", currency="EUR"), exchange=(rate("1.20"),))
    figure = draft.figure("lines.expense-1")
    story = "\n".join(map(str, draw(narrate(figure, catalogue("billhook_legal")))))

    assert "100.00 EUR × 1.20 USD/EUR" in story
    assert "exchange rate: in force on 2026-06-" in story
    assert "central bank" in story


@pytest.mark.parametrize(
    "exchange",
    [
        (),
        (rate("1.20", since=JULY),),  # not in force yet
        (rate("0.83", "USD", "EUR"),),  # the other way around: an inverse would be a guess
        (rate("1.20"), rate("1.21")),  # two on one day
    ],
)
def test_without_one_rate_of_the_day_the_bill_is_refused(exchange) -> None:
    draft = drafted(expense("1", "100.00", currency="EUR"), exchange=exchange)

    assert [finding.code for finding in draft.errors] == ["BH305"]
    assert "[[exchange.rates]]" in (draft.errors[0].hint or "")
    assert draft.worked_out is None


def test_prices_in_dollars_are_never_billed_as_euros() -> None:
    draft = drafted(entry("1", 60), prices_in="USD", currency="EUR")

    assert [finding.code for finding in draft.errors] == ["BH305"]


def test_fees_are_converted_with_their_rates_and_write_downs() -> None:
    written = entry("2", 60, write_down=D("50.00"), reason="courtesy")
    draft = drafted(
        entry("1", 60),
        written,
        prices_in="USD",
        currency="EUR",
        exchange=(rate("0.9", "USD", "EUR"),),
    )
    first, second = draft.invoice.lines

    # 350.00 USD × 0.9 = 315.00 EUR; less 50.00 USD, which are 45.00 EUR
    assert amounts(draft) == {"time-1": "315.00 EUR", "time-2": "270.00 EUR"}
    assert (first.unit_price.value, first.unit_price.unit) == (D("315.000"), "EUR/h")
    assert (second.gross.value, second.adjustment.value) == (D("315.00"), D("-45.00"))
    assert_replays(draft.invoice)


def test_a_rate_may_be_agreed_in_another_currency() -> None:
    rates = (attrs.evolve(RATES[0], currency="EUR"), *RATES[1:])
    draft = drafted(entry("1", 60), rates=rates, exchange=(rate("1.1"),))

    # an hour of the first timekeeper at 350.00 EUR × 1.1
    assert amounts(draft) == {"time-1": "385.00 USD"}


def test_a_converted_price_that_does_not_fit_print_is_rounded_and_the_amount_is_not() -> None:
    draft = drafted(
        entry("1", 60, rate=D("350.25"), rate_reason="agreed"),
        prices_in="USD",
        currency="JPY",
        exchange=(rate("147.123456789", "USD", "JPY"),),
    )

    # 350.25 × 147.123456789 = 51,529.99074034725, in whole yen 51,530
    assert amounts(draft) == {"time-1": "51530 JPY"}
    assert draft.invoice.lines[0].unit_price.value == D("51529.990740")


def test_every_policy_converts_to_its_own_grid() -> None:
    for policy in POLICIES.values():
        made = attrs.evolve(job(), policy=policy, exchange=(rate("1.23457"),))
        (draft,) = ENGINE.drafts(made, [expense("1", "10.00", currency="EUR")])

        # 12.3457 in cents
        assert draft.invoice.totals.lines.value == D("12.35"), policy.id


def test_an_expense_without_a_currency_is_the_work_that_was_billed_before() -> None:
    plain, dear = expense("1", "10.00"), expense("1", "10.00", currency="EUR")

    assert '"currency"' not in content(plain)
    assert fingerprint(plain) != fingerprint(dear)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"currency": "EUR", "into": "EUR"}, "needs no rate into itself"),
        ({"rate": D(0)}, "above 0"),
        ({"source": ""}, "who says the rate"),
        ({"currency": "XYZ"}, "not an ISO 4217"),
        ({"since": JULY, "until": JUNE}, "before it begins"),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(changes, message) -> None:
    with pytest.raises(ValueError, match=message):
        attrs.evolve(rate("1.2"), **changes)
