from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal as D

import attrs
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from billhook import (
    Adjustment,
    AdjustmentKind,
    Agreement,
    Charge,
    Draft,
    EarlyPayment,
    Engine,
    Job,
    Percentage,
    PercentBase,
    Portioning,
    Rating,
    Share,
    Stage,
    TaxComponent,
    TaxRule,
    UpTo,
    find_currency,
    given,
    hookimpl,
)
from billhook.calculate.due import due_date, to_terms
from billhook.kernel.money import POLICIES, round_to
from billhook.model.tax import Category, Taxable
from billhook.testing import Inline, assert_replays, sample_job, sample_party
from billhook.testing.strategies import adjustments, charges, currencies, policies

RATES = {"standard": "19", "reduced": "7.25", "exempt": None}


def plugin(
    made: Sequence[Charge], asked: Sequence[Adjustment] = (), payers: Sequence[Share] = ()
) -> Inline:
    """A plugin that answers with what it is given."""

    @hookimpl
    def billhook_rate() -> Rating:
        return Rating(charges=tuple(made))

    @hookimpl
    def billhook_adjust() -> Sequence[Adjustment]:
        return asked

    @hookimpl
    def billhook_split() -> Sequence[Share] | None:
        return payers or None

    return Inline(
        billhook_rate=billhook_rate, billhook_adjust=billhook_adjust, billhook_split=billhook_split
    )


def taxes() -> Inline:
    @hookimpl
    def billhook_tax(taxable: Taxable) -> TaxRule:
        rate = RATES[taxable.tax_class]
        if rate is None:
            return TaxRule(category=Category.EXEMPT, reason="exempt")
        return TaxRule(
            components=(TaxComponent(name="VAT", rate=given(D(rate), "%", "core.tax.rate")),)
        )

    return Inline(billhook_tax=billhook_tax)


def bill(job: Job, *arguments: Sequence[object]) -> Draft:
    return Engine([("made", plugin(*arguments)), ("taxes", taxes())]).draft(job, [])  # type: ignore[arg-type]


def charge(id_: str, amount: str, code: str = "EUR", **facts: object) -> Charge:
    return Charge(id=id_, description=id_, amount=given(D(amount), code, "t.amount"), **facts)  # type: ignore[arg-type]


def ask(
    id_: str,
    kind: AdjustmentKind,
    amount: object,
    stage: Stage = Stage.BEFORE_TAX,
    order: int = 100,
) -> Adjustment:
    return Adjustment(id=id_, label=id_, kind=kind, stage=stage, amount=amount, order=order)  # type: ignore[arg-type]


def pct(value: str, **how: object) -> Percentage:
    return Percentage(given(D(value), "%", "t.rate"), **how)  # type: ignore[arg-type]


@settings(max_examples=150)
@examples(st.data())
def test_lines_adjustments_and_tax_are_the_total_in_every_currency(data: st.DataObject) -> None:
    code, policy = data.draw(currencies()), data.draw(policies())
    made, asked = data.draw(charges(code)), data.draw(adjustments(code))
    draft = bill(sample_job(currency=code, policy=policy), made, asked)
    invoice = draft.invoice
    t = invoice.totals
    sign = {
        AdjustmentKind.ALLOWANCE: -1,
        AdjustmentKind.SURCHARGE: 1,
        AdjustmentKind.WITHHELD: -1,
        AdjustmentKind.SETTLED: -1,
        AdjustmentKind.ROUNDING: 1,
    }
    adjusted = sum(sign[a.kind] * a.amount.value for a in invoice.adjustments)
    asked_rounding = sum(
        a.amount.value for a in invoice.adjustments if a.kind is AdjustmentKind.ROUNDING
    )
    cash = t.rounding.value - asked_rounding

    assert (
        sum(x.amount.value for x in invoice.lines) + adjusted + t.tax.value + cash
        == t.payable.value
    )
    assert sum(tax.base.value for tax in invoice.taxes) == t.net.value
    assert all(
        sum(p.amount.value for p in a.portions) == a.amount.value
        for a in invoice.adjustments
        if a.stage is Stage.BEFORE_TAX
    )
    step = find_currency(code).step
    assert all(round_to(f.value, step) == f.value for f in attrs.asdict(t, recurse=False).values())
    assert_replays(invoice)


@settings(max_examples=60)
@examples(st.data())
def test_the_order_of_adjustments_and_plugins_changes_no_amount(data: st.DataObject) -> None:
    code = data.draw(currencies())
    made, asked = data.draw(charges(code)), data.draw(adjustments(code))
    job = sample_job(currency=code)
    one = bill(job, made, asked)
    other = Engine([("taxes", taxes()), ("made", plugin(made, tuple(reversed(asked))))]).draft(
        job, []
    )

    assert attrs.evolve(one.invoice, plugins=()) == attrs.evolve(other.invoice, plugins=())


def test_discount_surcharge_and_trust_are_worked_out_by_order_not_by_position() -> None:
    asked = [
        ask(
            "trust",
            AdjustmentKind.SETTLED,
            UpTo(given(D("100.00"), "EUR", "t.trust")),
            Stage.AFTER_TAX,
        ),
        ask("surcharge", AdjustmentKind.SURCHARGE, pct("2", of=PercentBase.RUNNING), order=20),
        ask("discount", AdjustmentKind.ALLOWANCE, pct("10", tags=frozenset({"fee"})), order=10),
    ]
    made = [
        charge("a", "1000.00", tags=frozenset({"fee"})),
        charge("b", "50.00", tags=frozenset({"expense"})),
    ]
    t = bill(sample_job(currency="EUR"), made, asked).invoice.totals

    # 1,050.00 - 10 % of 1,000.00 = 950.00; + 2 % of 950.00 = 969.00; 19 % = 184.11; - 100.00
    assert (t.allowances.value, t.surcharges.value, t.net.value) == (
        D("100.00"),
        D("19.00"),
        D("969.00"),
    )
    assert (t.tax.value, t.settled.value, t.payable.value) == (
        D("184.11"),
        D("100.00"),
        D("1053.11"),
    )


def test_a_fund_larger_than_the_bill_pays_the_bill_and_no_more() -> None:
    asked = [
        ask(
            "fund",
            AdjustmentKind.SETTLED,
            UpTo(given(D("5000.00"), "EUR", "t.fund")),
            Stage.AFTER_TAX,
        )
    ]
    t = bill(sample_job(currency="EUR"), [charge("a", "100.00")], asked).invoice.totals

    assert (t.settled.value, t.payable.value) == (D("119.00"), D("0.00"))


def test_retention_before_tax_moves_the_tax_base_and_after_tax_it_does_not() -> None:
    early = [ask("held", AdjustmentKind.WITHHELD, pct("5"))]
    late = [ask("held", AdjustmentKind.WITHHELD, pct("5"), Stage.AFTER_TAX)]
    made = [charge("work", "1000.00")]
    before = bill(sample_job(currency="EUR"), made, early).invoice.totals
    after = bill(sample_job(currency="EUR"), made, late).invoice.totals

    # 950.00 + 19 % = 1,130.50; 1,000.00 + 190.00 - 50.00 = 1,140.00
    assert (before.tax.value, before.payable.value) == (D("180.50"), D("1130.50"))
    assert (after.tax.value, after.payable.value) == (D("190.00"), D("1140.00"))


def test_tax_by_line_and_by_group_differ_and_each_is_named() -> None:
    made = [charge(f"c{i}", "0.03") for i in range(3)]
    group = bill(sample_job(currency="EUR"), made).invoice
    line = bill(sample_job(currency="EUR", policy=POLICIES["tax-per-line"]), made).invoice

    # 19 % of 0.09 = 0.0171 -> 0.02; three times 19 % of 0.03 = 0.0057 -> 0.01 each
    assert (group.totals.tax.value, line.totals.tax.value) == (D("0.02"), D("0.03"))
    assert (group.policy.id, line.policy.id) == ("standard", "tax-per-line")


def test_swiss_cash_rounding_stands_in_its_own_field() -> None:
    t = bill(
        sample_job(currency="CHF", policy=POLICIES["swiss-cash"]), [charge("a", "9.08", "CHF")]
    ).invoice.totals

    # 9.08 + 19 % = 1.7252 -> 1.73 = 10.81; to five cents 10.80
    assert (t.gross.value, t.rounding.value, t.payable.value) == (
        D("10.81"),
        D("-0.01"),
        D("10.80"),
    )


def test_tax_on_tax_is_taken_of_the_base_and_the_tax_before() -> None:
    @hookimpl
    def billhook_tax() -> TaxRule:
        gst, pst = (given(D(v), "%", "core.tax.rate") for v in ("5", "10"))
        return TaxRule(
            components=(
                TaxComponent(name="GST", rate=gst),
                TaxComponent(name="PST", rate=pst, compound=True),
            )
        )

    engine = Engine(
        [
            ("made", plugin([charge("a", "100.00")])),
            ("t", Inline(billhook_tax=billhook_tax)),
        ]
    )
    rows = engine.draft(sample_job(currency="EUR"), []).invoice.taxes

    assert [(str(r.name), r.base.value, r.amount.value) for r in rows] == [
        ("GST", D("100.00"), D("5.00")),
        ("PST", D("105.00"), D("10.50")),
    ]


def test_withheld_tax_reduces_what_is_payable_but_not_the_gross() -> None:
    @hookimpl
    def billhook_tax() -> TaxRule:
        vat, irpf = (given(D(v), "%", "core.tax.rate") for v in ("21", "15"))
        return TaxRule(
            components=(
                TaxComponent(name="IVA", rate=vat),
                TaxComponent(name="IRPF", rate=irpf, withheld=True),
            )
        )

    engine = Engine(
        [
            ("made", plugin([charge("a", "1000.00")])),
            ("t", Inline(billhook_tax=billhook_tax)),
        ]
    )
    t = engine.draft(sample_job(currency="EUR"), []).invoice.totals

    assert (t.gross.value, t.tax_withheld.value, t.payable.value) == (
        D("1210.00"),
        D("150.00"),
        D("1060.00"),
    )


def test_classes_with_the_same_rule_are_one_row_of_the_breakdown() -> None:
    @hookimpl
    def billhook_tax() -> TaxRule:
        return TaxRule(
            components=(TaxComponent(name="VAT", rate=given(D(19), "%", "core.tax.rate")),)
        )

    made = [charge("a", "10.00", tax_class="fees"), charge("b", "20.00", tax_class="costs")]
    engine = Engine([("made", plugin(made)), ("t", Inline(billhook_tax=billhook_tax))])
    rows = engine.draft(sample_job(currency="EUR"), []).invoice.taxes

    assert [(row.classes, row.base.value) for row in rows] == [(("costs", "fees"), D("30.00"))]


@settings(max_examples=60)
@examples(st.data())
def test_the_bills_of_all_payers_add_up_to_the_whole(data: st.DataObject) -> None:
    code = data.draw(currencies())
    made, asked = data.draw(charges(code)), data.draw(adjustments(code))
    asked = tuple(
        a for a in asked if not isinstance(a.amount, Percentage) and a.stage is Stage.BEFORE_TAX
    )
    weights = data.draw(st.lists(st.integers(1, 100), min_size=2, max_size=4))
    payers = [Share(sample_party(f"p{i}"), given(D(w), "1", "t.w")) for i, w in enumerate(weights)]
    job = sample_job(currency=code)
    whole = bill(job, made, asked).invoice.totals
    parts = Engine([("made", plugin(made, asked, payers)), ("taxes", taxes())]).drafts(job, [])

    assert sum(p.invoice.totals.lines.value for p in parts) == whole.lines.value
    assert sum(p.invoice.totals.net.value for p in parts) == whole.net.value
    for part in parts:
        assert_replays(part.invoice)


def test_a_bill_of_nothing_is_divided_too() -> None:
    made = [charge("a", "10.00"), charge("b", "-10.00")]
    off = ask("off", AdjustmentKind.ALLOWANCE, given(D("3.00"), "EUR", "t.off"))
    payers = [Share(sample_party(name), given(D(1), "1", "t.w")) for name in ("p", "q")]

    parts = Engine([("made", plugin(made, [off], payers)), ("taxes", taxes())]).drafts(
        sample_job(currency="EUR"), []
    )

    # nobody bears more than the other of 0.00, so 3.00 is divided by the weights
    assert [part.invoice.totals.net.value for part in parts] == [D("-1.50"), D("-1.50")]


def test_a_charge_that_nobody_bears_is_the_plugins_fault() -> None:
    payers = [Share(sample_party("p"), given(D(0), "1", "t.w"))]

    (draft,) = Engine([("made", plugin([charge("a", "10.00")], [], payers))]).drafts(
        sample_job(currency="EUR"), []
    )

    assert [finding.message for finding in draft.errors] == [
        "plugin 'made' failed in billhook_split: charge 'a' has no payer"
    ]


def test_a_weight_is_not_below_nothing() -> None:
    with pytest.raises(ValueError, match="p: a weight is negative"):
        Share(sample_party("p"), given(D(-1), "1", "t.w"))


def test_a_price_change_after_tax_is_refused() -> None:
    with pytest.raises(ValueError, match="allowance cannot stand after-tax"):
        ask("x", AdjustmentKind.ALLOWANCE, pct("1"), Stage.AFTER_TAX)


@pytest.mark.parametrize(
    ("agreement", "expected"),
    [
        (Agreement(net_days=30), "2026-03-01"),
        (Agreement(net_days=0), "2026-01-30"),
        (Agreement(net_days=30, end_of_month=True), "2026-03-02"),
        (Agreement(net_days=0, day_of_month=15), "2026-02-15"),
        (Agreement(net_days=10, day_of_month=31), "2026-02-28"),
    ],
)
def test_the_due_date_follows_from_the_terms(agreement: Agreement, expected: str) -> None:
    assert due_date(agreement, dt.date(2026, 1, 30)) == dt.date.fromisoformat(expected)


def test_instalments_end_in_the_rest_and_a_discount_says_what_to_pay() -> None:
    agreement = Agreement(
        discounts=(EarlyPayment(percent=D(2), days=10),),
        instalments=(
            Portioning(percent=D("33.33"), days=10),
            Portioning(percent=D("33.33"), days=20),
            Portioning(days=30),
        ),
    )
    payable = given(D("100.01"), "EUR", "t.payable")
    terms = to_terms(agreement, dt.date(2026, 6, 30), payable, POLICIES["standard"])

    assert [i.amount.value for i in terms.instalments] == [D("33.33"), D("33.33"), D("33.35")]
    # 2 % of 100.01 = 2.0002 -> 2.00
    assert (terms.discounts[0].amount.value, terms.discounts[0].payable.value) == (
        D("2.00"),
        D("98.01"),
    )
    assert (terms.due, terms.discounts[0].until) == (dt.date(2026, 7, 30), dt.date(2026, 7, 10))


@pytest.mark.parametrize("parts", [["50", "50"], [None, "50"], ["60", "40", None], ["100", None]])
def test_instalments_that_do_not_end_in_a_rest_are_refused(parts: list[str | None]) -> None:
    with pytest.raises(ValueError, match="instalment"):
        Agreement(instalments=tuple(Portioning(percent=D(p) if p else None, days=1) for p in parts))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"net_days": -3}, "expected net_days from 0 to 3650, got -3"),
        ({"net_days": 99999999999}, "expected net_days from 0 to 3650"),
        ({"day_of_month": 0}, "expected day_of_month from 1 to 31, got 0"),
        ({"day_of_month": 32}, "expected day_of_month from 1 to 31, got 32"),
    ],
)
def test_days_that_nobody_agrees_are_refused(terms: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Agreement(**terms)


@pytest.mark.parametrize("percent", ["0", "-2", "100"])
def test_a_discount_for_paying_early_is_a_part_of_the_whole(percent: str) -> None:
    with pytest.raises(ValueError, match="above 0 and below 100"):
        EarlyPayment(percent=D(percent), days=10)
