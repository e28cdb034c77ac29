"""Worked numbers of apportionment, rounding and signs; each with its arithmetic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal as D

import attrs
import pytest

from billhook import (
    Adjustment,
    AdjustmentKind,
    Agreement,
    Charge,
    Draft,
    EarlyPayment,
    Engine,
    LineAdjustment,
    LinePart,
    Percentage,
    Portioning,
    Rating,
    Share,
    Stage,
    TaxComponent,
    TaxRule,
    UpTo,
    given,
    hookimpl,
)
from billhook.kernel.money import POLICIES, Policy, Rounding
from billhook.model.tax import Taxable
from billhook.render.document.lines_table import adjustment_notes, lines_table
from billhook.testing import Inline, sample_job, sample_party

Tax = tuple[str, str, bool, bool]
VAT_20: dict[str, list[Tax]] = {"standard": [("VAT", "20", False, False)]}


def charge(id_: str, amount: str, code: str = "EUR", **facts: object) -> Charge:
    return Charge(id=id_, description=id_, amount=given(D(amount), code, "t.price"), **facts)  # type: ignore[arg-type]


def ask(id_: str, kind: AdjustmentKind, amount: object, **facts: object) -> Adjustment:
    stage = (
        Stage.BEFORE_TAX
        if kind in {AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE}
        else Stage.AFTER_TAX
    )
    values: dict[str, object] = {"stage": stage, **facts}
    return Adjustment(id=id_, label=id_, kind=kind, amount=amount, **values)  # type: ignore[arg-type]


def money(amount: str, code: str = "EUR"):
    return given(D(amount), code, "t.amount")


def pct(rate: str, *tags: str) -> Percentage:
    return Percentage(given(D(rate), "%", "t.rate"), tags=frozenset(tags))


def drafts(
    made: Sequence[Charge],
    asked: Sequence[Adjustment] = (),
    taxes: dict[str, list[Tax]] | None = None,
    payers: Sequence[Share] = (),
    **job: object,
) -> tuple[Draft, ...]:
    """Work a bill out; a tax is its name, percent, on tax, withheld."""

    @hookimpl
    def billhook_rate() -> Rating:
        return Rating(charges=tuple(made))

    @hookimpl
    def billhook_adjust() -> Sequence[Adjustment]:
        return asked

    @hookimpl
    def billhook_split() -> Sequence[Share] | None:
        return payers or None

    @hookimpl
    def billhook_tax(taxable: Taxable) -> TaxRule:
        return TaxRule(
            components=tuple(
                TaxComponent(
                    name=name, rate=given(D(rate), "%", "t.rate"), compound=on, withheld=withheld
                )
                for name, rate, on, withheld in (taxes or VAT_20)[taxable.tax_class]
            )
        )

    hooks = {
        "billhook_rate": billhook_rate,
        "billhook_adjust": billhook_adjust,
        "billhook_split": billhook_split,
        "billhook_tax": billhook_tax,
    }
    engine = Engine([("made", Inline(**hooks))])
    return engine.drafts(sample_job(**{"currency": "EUR", **job}), [])


def bill(*arguments: object, **facts: object):
    (draft,) = drafts(*arguments, **facts)  # type: ignore[arg-type]
    return draft.invoice


def halves() -> list[Share]:
    return [Share(sample_party(name), given(D(1), "1", "t.w")) for name in ("north", "south")]


# ── adjustments ──────────────────────────────────────────────────────────────


def test_a_line_below_nothing_bears_a_negative_part_of_a_discount() -> None:
    # 200 at 20 % and -50 at 5 %, less 10 %: 180 and -45, taxed 36.00 - 2.25 = 33.75
    taxes = {"standard": [("VAT", "20", False, False)], "books": [("VAT", "5", False, False)]}
    made = [charge("a", "200.00"), charge("b", "-50.00", tax_class="books")]
    invoice = bill(made, [ask("off", AdjustmentKind.ALLOWANCE, pct("10"))], taxes)

    (off,) = invoice.adjustments
    assert [(p.line, p.amount.value) for p in off.parts] == [("a", D("20.00")), ("b", D("-5.00"))]
    assert {p.tax_class: p.amount.value for p in off.portions} == {
        "standard": D("20.00"),
        "books": D("-5.00"),
    }
    assert (invoice.totals.tax.value, invoice.totals.payable.value) == (D("33.75"), D("168.75"))


def test_a_sum_is_divided_over_the_lines_that_are_named_in_proportion_to_their_signs() -> None:
    # 12.00 over 100 and -40 (60 in all): 20.00 and -8.00; the third line has none
    made = [charge("a", "100.00"), charge("b", "-40.00"), charge("c", "500.00")]
    off = ask("off", AdjustmentKind.ALLOWANCE, money("12.00"), lines=("a", "b"))
    (found,) = bill(made, [off]).adjustments

    assert [(p.line, p.amount.value) for p in found.parts] == [("a", D(20)), ("b", D(-8))]


def test_a_percentage_of_a_part_of_each_line_is_taken_of_these_parts() -> None:
    # 10 % of 300 of the first line and of none of the second: 30.00
    made = [charge("a", "400.00"), charge("b", "100.00")]
    held = ask(
        "held",
        AdjustmentKind.WITHHELD,
        pct("10"),
        stage=Stage.BEFORE_TAX,
        bases=(LinePart("a", money("300.00")),),
    )
    (found,) = bill(made, [held]).adjustments

    assert (found.amount.value, found.base.value) == (D("30.00"), D("300.00"))
    assert [part.line for part in found.parts] == ["a"]


def test_what_is_withheld_after_tax_is_taken_of_charges_after_their_discounts() -> None:
    # 15 % of 1,000 less 10 % = 135.00; (900 + 50) x 1.21 - 135 = 1,014.50
    made = [charge("fee", "1000.00", tags=frozenset({"fee"})), charge("courier", "50.00")]
    asked = [
        ask("off", AdjustmentKind.ALLOWANCE, pct("10", "fee")),
        ask("irpf", AdjustmentKind.WITHHELD, pct("15", "fee")),
    ]
    invoice = bill(made, asked, {"standard": [("VAT", "21", False, False)]})

    assert invoice.adjustments[1].amount.value == D("135.00")
    assert invoice.totals.payable.value == D("1014.50")


def test_a_fund_takes_nothing_of_a_bill_below_nothing() -> None:
    # -50.00 + 19 % = -59.50: there is nothing that a fund could pay
    fund = ask("fund", AdjustmentKind.SETTLED, UpTo(money("100.00")))
    (draft,) = drafts([charge("a", "-50.00")], [fund], {"standard": [("VAT", "19", False, False)]})

    assert draft.invoice.adjustments[0].amount.value == 0
    assert draft.invoice.totals.payable.value == D("-59.50")
    assert [finding.code for finding in draft.errors] == ["BH403"]


def test_a_fund_is_divided_among_payers() -> None:
    # 200.00 + 20 % = 240.00, of which 100.00 are paid: 120 - 50 = 70.00 for each
    fund = ask("fund", AdjustmentKind.SETTLED, UpTo(money("100.00")))
    found = drafts([charge("a", "200.00")], [fund], payers=halves())

    assert [d.invoice.totals.settled.value for d in found] == [D("50.00")] * 2
    assert [d.invoice.totals.payable.value for d in found] == [D("70.00")] * 2


def test_who_bears_no_fees_has_no_part_of_a_discount_on_fees() -> None:
    # north: 1,000 - 100 = 900 x 1.2 = 1,080.00; south: 500 x 1.2 = 600.00
    made = [charge("fee", "1000.00", tags=frozenset({"fee"})), charge("cost", "500.00")]
    one, none = given(D(1), "1", "t.w"), given(D(0), "1", "t.w")
    payers = [
        Share(sample_party("north"), one, (("cost", none),)),
        Share(sample_party("south"), one, (("fee", none),)),
    ]
    found = drafts(made, [ask("off", AdjustmentKind.ALLOWANCE, pct("10", "fee"))], payers=payers)

    assert [d.invoice.totals.payable.value for d in found] == [D("1080.00"), D("600.00")]


def test_a_sum_on_classes_that_nearly_cancel_each_other_is_refused() -> None:
    taxes = {"standard": [("VAT", "20", False, False)], "books": [("VAT", "5", False, False)]}
    made = [charge("a", "100.00"), charge("b", "-99.00", tax_class="books")]
    delivery = ask("delivery", AdjustmentKind.SURCHARGE, money("5.00"))

    (refused,) = drafts(made, [delivery], taxes)
    (named,) = drafts(made, [attrs.evolve(delivery, tax_class="standard")], taxes)

    assert [finding.code for finding in refused.errors] == ["BH407"]
    assert named.errors == ()


# ── tax ──────────────────────────────────────────────────────────────────────


def test_one_rate_is_one_row_whatever_other_taxes_its_classes_bear() -> None:
    # GST 5 % of 20.20 = 1.01, not 0.51 + 0.51; PST 7 % of 10.10 = 0.71
    taxes = {
        "labour": [("GST", "5", False, False)],
        "goods": [("GST", "5", False, False), ("PST", "7", False, False)],
    }
    made = [charge("a", "10.10", tax_class="labour"), charge("b", "10.10", tax_class="goods")]
    rows = bill(made, (), taxes).taxes

    assert [(row.name, row.base.value, row.amount.value) for row in rows] == [
        ("GST", D("20.20"), D("1.01")),
        ("PST", D("10.10"), D("0.71")),
    ]


def test_tax_on_tax_is_taken_of_the_part_of_the_tax_before_on_its_own_classes() -> None:
    # GST 5 % of 300.00 = 15.00, of which 5.00 are on the 100.00 that bear PST: 10 % of 105.00
    taxes = {
        "labour": [("GST", "5", False, False)],
        "goods": [("GST", "5", False, False), ("PST", "10", True, False)],
    }
    made = [charge("a", "200.00", tax_class="labour"), charge("b", "100.00", tax_class="goods")]
    gst, pst = sorted(bill(made, (), taxes).taxes, key=lambda row: str(row.name))

    assert (gst.amount.value, pst.base.value, pst.amount.value) == (D(15), D(105), D("10.50"))


def test_tax_on_tax_is_levied_line_by_line_too() -> None:
    # GST 5 % of 100.00 = 5.00; PST 10 % of 100.00 and of 5.00 = 10.00 + 0.50
    taxes = {"standard": [("GST", "5", False, False), ("PST", "10", True, False)]}
    rows = bill([charge("a", "100.00")], (), taxes, policy=POLICIES["tax-per-line"]).taxes

    assert [row.amount.value for row in rows] == [D("5.00"), D("10.50")]


@pytest.mark.parametrize(
    ("policy", "code", "price", "rate", "tax"),
    [
        # 10 % of 199 JPY = 19.9, of which nothing is rounded up
        ("jp-invoice", "JPY", "199", "10", "19"),
        # 15 % of 0.63 NZD = 0.0945 -> 0.09; of 0.10 = 0.015, and half a cent is dropped
        ("nz-gst", "NZD", "0.63", "15", "0.09"),
        ("nz-gst", "NZD", "0.10", "15", "0.01"),
        ("standard", "NZD", "0.10", "15", "0.02"),
    ],
)
def test_tax_is_rounded_as_the_policy_says(
    policy: str, code: str, price: str, rate: str, tax: str
) -> None:
    taxes = {"standard": [("Tax", rate, False, False)]}
    made = [charge("a", price, code)]
    invoice = bill(made, (), taxes, policy=POLICIES[policy], currency=code)

    assert invoice.totals.tax.value == D(tax)


def test_tax_is_that_of_the_tax_point() -> None:
    asked: list[dt.date] = []

    @hookimpl
    def billhook_rate() -> Rating:
        return Rating(charges=(charge("a", "100.00"),))

    @hookimpl
    def billhook_tax(taxable: Taxable) -> TaxRule:
        asked.append(taxable.date)
        rate = "16" if taxable.date >= dt.date(2020, 7, 1) else "19"
        return TaxRule(components=(TaxComponent(name="VAT", rate=given(D(rate), "%", "t.r")),))

    engine = Engine([("x", Inline(billhook_rate=billhook_rate, billhook_tax=billhook_tax))])
    job = sample_job(currency="EUR", date=dt.date(2020, 6, 30), tax_point=dt.date(2020, 7, 1))

    # Germany, second half of 2020: 16 %
    assert engine.draft(job, []).invoice.totals.tax.value == D("16.00")
    assert set(asked) == {dt.date(2020, 7, 1)}


def test_a_withheld_rate_is_printed_with_its_sign() -> None:
    taxes = {
        "standard": [("IVA", "21", False, False), ("IRPF", "15", False, True)],
        "other": [("IVA", "21", False, False)],
    }
    made = [charge("a", "100.00"), charge("b", "10.00", tax_class="other")]
    rows = lines_table(bill(made, (), taxes)).rows
    shown = [cell for row in rows for cell in row.cells if getattr(cell, "msgid", "")]

    assert [cell.msgid for cell in shown if "first" in cell.msgid] == ["{first} − {second}"]


# ── what can be paid ─────────────────────────────────────────────────────────


def test_instalments_and_early_payment_are_amounts_that_can_be_paid_in_cash() -> None:
    # 803.28 + 8.1 % = 868.35 (868.3457 -> 868.35); 10 % less is 781.515 -> 781.50
    terms = Agreement(
        discounts=(EarlyPayment(percent=D(10), days=10),),
        instalments=(
            Portioning(percent=D("33.33"), days=10),
            Portioning(percent=D("33.33"), days=20),
            Portioning(days=30),
        ),
    )
    invoice = bill(
        [charge("a", "803.28", "CHF")],
        (),
        {"standard": [("MWST", "8.1", False, False)]},
        currency="CHF",
        policy=POLICIES["swiss-cash"],
        terms=terms,
    )
    parts = [part.amount.value for part in invoice.terms.instalments]

    assert sum(parts) == D("868.35")
    assert all(part % D("0.05") == 0 for part in parts)
    (early,) = invoice.terms.discounts
    assert (early.payable.value, early.amount.value) == (D("781.50"), D("86.85"))


def test_a_policy_finer_than_the_currency_is_refused() -> None:
    fine = Policy("fine", Rounding("mills", step=D("0.001")), Rounding("half-up"))
    (own,) = drafts([charge("a", "1.2345")], policy=fine)
    (yen,) = drafts([charge("a", "10", "JPY")], currency="JPY", policy=POLICIES["swiss-cash"])

    assert [finding.code for finding in own.errors] == ["BH408"]
    assert [finding.code for finding in yen.errors] == ["BH408"]


# ── signs ────────────────────────────────────────────────────────────────────


def test_a_credit_note_states_what_it_gives_back_as_positive_amounts() -> None:
    # 100 - 250 = -150, less 10 % -15 = -135, + 20 % = -162: the credit note says 162.00
    made = [charge("a", "100.00"), charge("b", "-250.00")]
    (draft,) = drafts(made, [ask("off", AdjustmentKind.ALLOWANCE, pct("10"))], type_code="381")
    invoice = draft.invoice

    assert [line.amount.value for line in invoice.lines] == [D("-100.00"), D("250.00")]
    assert (invoice.totals.net.value, invoice.totals.payable.value) == (D(135), D(162))
    assert [finding.code for finding in draft.findings] == ["BH406"]
    assert draft.ok


def test_more_paid_than_billed_is_said() -> None:
    (draft,) = drafts(
        [charge("a", "100.00")], [ask("paid", AdjustmentKind.SETTLED, money("200.00"))]
    )

    assert [finding.code for finding in draft.findings] == ["BH405"]


# ── lines ────────────────────────────────────────────────────────────────────


def test_a_line_bears_several_adjustments_each_with_reason_and_code() -> None:
    line = charge(
        "a",
        "95.00",
        gross=money("100.00"),
        adjustments=(
            LineAdjustment(amount=money("-10.00"), reason="agreed", code="95"),
            LineAdjustment(amount=money("5.00"), reason="express", code="AAT"),
        ),
    )
    (found,) = bill([line]).lines

    assert found.adjustment.value == D("-5.00")
    assert [(each.reason, each.code) for each in found.adjustments] == [
        ("agreed", "95"),
        ("express", "AAT"),
    ]
    assert len(list(adjustment_notes(found))) == 2


def test_adjustments_that_are_not_their_sum_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"adjustment is -3\.00, but its adjustments add up to -2\.00"
    ):
        charge(
            "a",
            "7.00",
            adjustment=money("-3.00"),
            adjustments=(LineAdjustment(amount=money("-2.00")),),
        )
