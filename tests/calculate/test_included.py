"""Prices with tax included, to the cent: the gross amount is what was agreed."""

from __future__ import annotations

import itertools
from decimal import Decimal as D

import attrs
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from billhook import AdjustmentKind, Document, find_currency
from billhook.credit.balance import CreditedDocument
from billhook.credit.note import Correction, draft_credit
from billhook.explain.tree import figures_by_name
from billhook.kernel.figure import disagreements
from billhook.kernel.money import POLICIES, TaxLevel
from billhook.render.document.totals_block import totals_block
from billhook.testing.strategies import amounts, currencies, policies
from calculate.test_apportion import ask, bill, charge, drafts, halves, money, pct

VAT_19 = {"standard": [("VAT", "19", False, False)], "food": [("VAT", "7", False, False)]}


def included(*arguments: object, **facts: object):
    return bill(*arguments, prices_include_tax=True, **facts)


def sums(invoice) -> tuple[D, D, D]:
    totals = invoice.totals
    return totals.net.value, totals.tax.value, totals.gross.value


def near(row, step: D, taxes: int) -> bool:
    """Whether a tax is base x rate within the unit that was rounded away, and the tax on it.

    Each tax taken out of a price leaves what was rounded of it in the base: 729 with 7 % and 1.5 %
    on tax, both rounded down, is 673 + 46 + 10, and 7 % of 673 is 47.11.
    """
    rate = row.rate.value / 100 if row.rate else D(0)
    return abs(row.amount.value - row.base.value * rate) <= step * (1 + taxes * rate)


def ties(invoice) -> bool:
    """EN 16931: BR-CO-10 to BR-CO-16, and BR-CO-17 within what is rounded."""
    totals, step = invoice.totals, find_currency(invoice.currency).step
    lines = sum((line.amount.value for line in invoice.lines), D(0))
    rows = [row for row in invoice.taxes if not row.withheld]
    close = invoice.policy.tax_level is TaxLevel.LINE or all(
        near(row, step, len(rows)) for row in rows
    )
    return (
        lines == totals.lines.value
        and totals.net.value
        == lines - totals.allowances.value + totals.surcharges.value - totals.held.value
        and totals.tax.value == sum((row.amount.value for row in rows), D(0))
        and totals.gross.value == totals.net.value + totals.tax.value
        and close
    )


def test_two_prices_come_to_what_they_come_to() -> None:
    # 353.90 x 19 / 119 = 56.5050..., net 297.39.  Rounded line by line, net 285.71 + 11.68 taxed
    # at 19 % would be 353.89
    invoice = included([charge("a", "340.00"), charge("b", "13.90")], taxes=VAT_19)

    assert sums(invoice) == (D("297.39"), D("56.51"), D("353.90"))
    assert [line.amount.value for line in invoice.lines] == [D("285.71"), D("11.68")]
    assert ties(invoice)
    assert list(disagreements(*figures_by_name(invoice).values())) == []


@pytest.mark.parametrize("gross", [f"{n // 100}.{n % 100:02}" for n in range(1, 400)])
def test_every_gross_total_at_21_percent_can_be_billed(gross: str) -> None:
    # 17 of a hundred cannot be reached from a rounded net: 0.03 is 0.02 + 0.00 or 0.03 + 0.01
    taxes = {"standard": [("BTW", "21", False, False)]}
    invoice = included([charge("a", gross)], taxes=taxes)

    assert invoice.totals.payable.value == D(gross)
    assert ties(invoice)


def test_each_class_has_its_own_tax() -> None:
    # 119.00 is 100.00 + 19.00, 10.00 at 7 % is 9.35 + 0.65 (0.6542)
    made = [charge("a", "119.00"), charge("b", "10.00", tax_class="food")]
    invoice = included(made, taxes=VAT_19)

    assert sums(invoice) == (D("109.35"), D("19.65"), D("129.00"))


def test_a_discount_on_a_price_includes_tax_too() -> None:
    # 353.90 less 10 % is 318.51; tax 318.51 x 19 / 119 = 50.8545
    off = ask("off", AdjustmentKind.ALLOWANCE, pct("10"))
    invoice = included([charge("a", "340.00"), charge("b", "13.90")], [off], VAT_19)

    assert sums(invoice) == (D("267.66"), D("50.85"), D("318.51"))
    assert ties(invoice)


def test_a_sum_withheld_after_tax_is_taken_of_the_gross() -> None:
    kept = ask("kept", AdjustmentKind.SETTLED, money("53.90"))
    invoice = included([charge("a", "340.00"), charge("b", "13.90")], [kept], VAT_19)

    assert invoice.totals.payable.value == D("300.00")


def test_tax_on_tax_and_two_taxes_are_taken_out_of_one_price() -> None:
    # 100 + 5 % + 9.975 % of 105 is 115.47375 a hundred: of 115.47, 99.9968, 4.9998, 10.4742
    taxes = {"standard": [("GST", "5", False, False), ("QST", "9.975", True, False)]}
    invoice = included([charge("a", "115.47")], taxes=taxes)

    assert [row.amount.value for row in invoice.taxes] == [D("5.00"), D("10.47")]
    assert sums(invoice) == (D("100.00"), D("15.47"), D("115.47"))


def test_a_tax_that_the_buyer_keeps_is_no_part_of_the_price() -> None:
    # 121.00 is 100.00 + 21.00; IRPF 15 % of 100.00 is kept
    taxes = {"standard": [("IVA", "21", False, False), ("IRPF", "15", False, True)]}
    invoice = included([charge("a", "121.00")], taxes=taxes)

    assert invoice.totals.payable.value == D("106.00")


def test_a_price_without_tax_stays() -> None:
    # a unit price of 11.90 is 10.00; one of 10.00 at 19 % is 8.403361 in six decimals
    made = [
        charge("a", "23.80", unit_price=money("11.90"), gross=money("35.70"),
               adjustment=money("-11.90")),
        charge("b", "10.00", unit_price=money("10.00")),
    ]  # fmt: skip
    a, b = included(made, taxes=VAT_19).lines

    assert (a.amount.value, a.gross.value, a.adjustment.value) == (D(20), D(30), D(-10))
    assert (a.unit_price.value, b.unit_price.value) == (D(10), D("8.403361"))


def test_a_credit_of_a_line_gives_back_its_price_in_any_order() -> None:
    prices = {"a": "340.00", "b": "13.90", "c": "0.03", "e": "19.99"}
    made = [charge(name, price) for name, price in prices.items()]
    invoice = included(made, taxes=VAT_19)
    for order in itertools.permutations("abce"):
        billed = CreditedDocument(Document(invoice=invoice, number="R1"))
        for name in order:
            credit = draft_credit(billed, Correction(lines=(name,), release=True))
            assert credit.totals.gross.value == D(prices[name])
            billed = billed.with_credit(credit)


def test_a_credit_by_amount_comes_to_the_amount() -> None:
    invoice = included([charge("a", "340.00"), charge("b", "13.90")], taxes=VAT_19)
    billed = CreditedDocument(Document(invoice=invoice, number="R1"))
    for amount in ("0.03", "100.00", "53.87"):
        credit = draft_credit(billed, Correction(amount=D(amount), release=False))
        assert credit.totals.gross.value == D(amount)
        billed = billed.with_credit(credit)
    rest = draft_credit(billed, Correction(release=False))

    assert rest.totals.gross.value == D("200.00")
    assert billed.with_credit(rest).gone


def test_payers_bills_come_to_the_price() -> None:
    made = [charge("a", "340.00"), charge("b", "13.90")]
    parts = drafts(made, taxes=VAT_19, payers=halves(), prices_include_tax=True)
    gross = [draft.invoice.totals.gross.value for draft in parts]

    assert sum(gross) == D("353.90")
    assert max(gross) - min(gross) <= D("0.02")


def test_the_bill_says_what_it_comes_to_including_tax() -> None:
    block = totals_block(included([charge("a", "340.00"), charge("b", "13.90")], taxes=VAT_19))
    printed = {str(label): cell for label, cell in block.items}

    assert printed["Total including tax"].value == D("353.90")


def test_a_credit_note_of_prices_with_tax_is_positive() -> None:
    (draft,) = drafts([charge("a", "-119")], taxes=VAT_19, prices_include_tax=True, type_code="381")

    assert sums(draft.invoice) == (D("100.00"), D("19.00"), D("119.00"))


@settings(max_examples=80, deadline=None)
@examples(st.data())
def test_the_gross_total_is_the_sum_of_the_prices(data: st.DataObject) -> None:
    code, policy = data.draw(currencies()), data.draw(policies())
    policy = attrs.evolve(policy, cash=None)
    prices = data.draw(
        st.lists(amounts(code, least=-100_000, most=100_000), min_size=1, max_size=9)
    )
    classes = data.draw(
        st.lists(st.sampled_from(("standard", "food", "none")), min_size=9, max_size=9)
    )
    made = [
        charge(f"c{i}", str(price), code, tax_class=name)
        for i, (price, name) in enumerate(zip(prices, classes, strict=False))
    ]
    rate = data.draw(st.integers(1, 3000))
    taxes = {
        "standard": [("VAT", str(D(rate).scaleb(-2)), False, False)],
        "food": [("VAT", "7", False, False), ("Levy", "1.5", True, False)],
        "none": [],
    }
    off = [ask("off", AdjustmentKind.ALLOWANCE, pct("12.5"))] if data.draw(st.booleans()) else []
    plain = bill(made, off, taxes, currency=code, policy=policy)
    # a credit note or a bill below nothing has its sign turned; here only the sums matter
    invoice = included(made, off, taxes, currency=code, policy=policy)

    assert invoice.totals.gross.value == plain.totals.net.value
    assert ties(invoice)
    for row in invoice.taxes:
        parts = sum((part.amount.value for part in row.parts), D(0))
        assert abs(parts - row.amount.value) < D("1e-20")
    assert list(disagreements(*figures_by_name(invoice).values())) == []


def test_no_policy_of_the_house_loses_a_cent() -> None:
    for policy in POLICIES.values():
        if policy.cash is None:
            prices = [charge(f"c{i}", "33.33") for i in range(7)]
            invoice = included(prices, taxes=VAT_19, policy=policy)
            assert invoice.totals.gross.value == D("233.31")
