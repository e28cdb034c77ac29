"""Caps, minimums and collars with discounts, to the cent; each with its arithmetic."""

from __future__ import annotations

from decimal import Decimal as D

import attrs
import pytest

from billhook import (
    Adjustment,
    AdjustmentKind,
    Excess,
    Percentage,
    PercentBase,
    Shortfall,
    Stage,
    given,
)
from billhook.archive.reader import load
from billhook.archive.writer import dump
from billhook.credit.balance import CreditedDocument
from billhook.credit.note import Correction, draft_credit
from billhook.explain.tree import figures_by_name
from billhook.kernel.figure import disagreements
from billhook.model.document import Document, History
from calculate.test_apportion import ask, bill, charge, drafts, halves, money, pct

ALLOWANCE, SURCHARGE = AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE
FEE = frozenset({"fee"})


def fee(id_: str, amount: str, **facts: object):
    return charge(id_, amount, tags=FEE, **facts)


def cap(limit: str, *tags: str, **facts: object) -> Adjustment:
    return ask("cap", ALLOWANCE, Excess(money(limit), frozenset(tags)), **{"order": 200, **facts})


def running(rate: str, *tags: str, before: int | None = None) -> Percentage:
    figure = given(D(rate), "%", "t.rate")
    return Percentage(figure, PercentBase.RUNNING, frozenset(tags), before)


def amounts(invoice) -> dict[str, D]:
    return {each.id: each.amount.value for each in invoice.adjustments}


def test_a_cap_with_a_discount_bills_the_cap() -> None:
    # 5,714.29 of fees less 10 % is 5,142.86; what exceeds 5,000.00 of that is 142.86
    invoice = bill([fee("a", "5714.29")], [ask("off", ALLOWANCE, pct("10", "fee")), cap("5000")])

    assert amounts(invoice) == {"off": D("571.43"), "cap": D("142.86")}
    assert invoice.totals.net.value == D("5000.00")
    assert list(disagreements(*figures_by_name(invoice).values())) == []


def test_a_cap_before_the_discount_is_taken_of_what_is_charged() -> None:
    # 6,000 above 5,000 by 1,000; then 10 % off what is left, 500: the bill is 4,500
    asked = [cap("5000", order=10), ask("off", ALLOWANCE, running("10"), order=20)]

    assert bill([fee("a", "6000")], asked).totals.net.value == D("4500.00")


def test_a_cap_says_which_adjustments_it_counts() -> None:
    # 6,000 less 10 % is 5,400, plus 5 % is 5,670.  Before the surcharge the cap takes 400 off;
    # the surcharge stays: 6,000 - 600 + 270 - 400 = 5,270
    off = ask("off", ALLOWANCE, pct("10"), order=10)
    on = ask("on", SURCHARGE, running("5"), order=20)
    before = ask("cap", ALLOWANCE, Excess(money("5000"), before=20), order=30)

    invoice = bill([fee("a", "6000")], [off, on, before])

    assert amounts(invoice) == {"off": D("600.00"), "on": D("270.00"), "cap": D("400.00")}


def test_a_cap_on_fees_leaves_expenses_alone() -> None:
    # fees 3,000 + 3,000 less 10 % are 5,400: 400 too much; the expense of 700 is not capped
    made = [fee("a", "3000"), charge("x", "700"), fee("b", "3000")]
    invoice = bill(made, [ask("off", ALLOWANCE, pct("10")), cap("5000", "fee")])
    by_line = {part.line: part.amount.value for part in invoice.adjustments[1].parts}

    assert amounts(invoice) == {"off": D("670.00"), "cap": D("400.00")}
    assert by_line == {"a": D(200), "b": D(200)}
    assert invoice.totals.net.value == D("5630.00")


def test_a_cap_counts_a_refund_among_its_lines() -> None:
    # 6,000 - 500 is 5,500, 500 too much: in proportion 545.45 of the fee, -45.45 of the refund
    invoice = bill([fee("a", "6000"), fee("b", "-500")], [cap("5000", "fee")])
    parts = [part.amount.value.quantize(D("0.01")) for part in invoice.adjustments[0].parts]

    assert amounts(invoice) == {"cap": D("500.00")}
    assert parts == [D("545.45"), D("-45.45")]


def test_a_cap_that_is_not_reached_takes_nothing() -> None:
    assert amounts(bill([fee("a", "4999.99")], [cap("5000")])) == {"cap": D("0.00")}


def test_a_cap_that_is_used_up_takes_everything_and_no_more() -> None:
    # 5,000 less 6,000 billed before is below nothing: the cap takes what there is, 800
    assert amounts(bill([fee("a", "800")], [cap("-1000")])) == {"cap": D("800.00")}


def test_a_minimum_is_made_up_to() -> None:
    # fees of 120 less 25 % are 90, 60 short of 150; the expense does not count
    asked = [
        ask("off", ALLOWANCE, pct("25", "fee")),
        ask("least", SURCHARGE, Shortfall(money("150"), FEE), order=200),
    ]
    invoice = bill([fee("a", "120"), charge("x", "500")], asked)

    assert amounts(invoice) == {"off": D("30.00"), "least": D("60.00")}
    assert invoice.totals.net.value == D("650.00")


def test_a_minimum_without_a_charge_of_its_tags_stands_on_the_bill() -> None:
    # no fee at all: 150 on a bill of 500, taxed at 20 %
    asked = [ask("least", SURCHARGE, Shortfall(money("150"), FEE))]
    invoice = bill([charge("x", "500")], asked)

    assert [part.line for part in invoice.adjustments[0].parts] == ["x"]
    assert invoice.totals.payable.value == D("780.00")


@pytest.mark.parametrize(
    ("charged", "surcharge"),
    [
        ("9", "25.00"),
        ("500", "25.00"),
        ("1000", "50.00"),
        ("2000", "100.00"),
        ("2000.20", "100.00"),
    ],
)
def test_a_collar_keeps_a_percentage_between_two_amounts(charged: str, surcharge: str) -> None:
    # 5 %, but at least 25 and at most 100
    asked = [ask("on", SURCHARGE, pct("5"), at_least=money("25"), at_most=money("100"))]
    invoice = bill([charge("a", charged)], asked)
    applied = invoice.adjustments[0]

    assert applied.amount.value == D(surcharge)
    # EN 16931: a rate stands with the base that it makes the amount of, or not at all
    assert applied.base is None or applied.base.value * 5 / 100 == applied.amount.value


def test_a_collar_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 100 is more than at most 25"):
        ask("on", SURCHARGE, pct("5"), at_least=money("100"), at_most=money("25"))


def test_a_percentage_of_the_running_sum_takes_tags() -> None:
    # fees 1,000 less 10 % are 900, and 2 % of them 18; the expense of 500 is outside
    asked = [
        ask("off", ALLOWANCE, pct("10", "fee"), order=10),
        ask("on", SURCHARGE, running("2", "fee"), order=20),
    ]
    invoice = bill([fee("a", "1000"), charge("x", "500")], asked)

    assert amounts(invoice) == {"off": D("100.00"), "on": D("18.00")}


def test_after_tax_a_running_percentage_of_tags_has_their_tax() -> None:
    # fees 1,000 at 20 % are 1,200, 5 % withheld of them 60; the expense of 500 is outside
    asked = [ask("kept", AdjustmentKind.WITHHELD, running("5", "fee"))]
    invoice = bill([fee("a", "1000"), charge("x", "500")], asked)

    assert amounts(invoice) == {"kept": D("60.00")}


def test_a_cap_in_another_currency_is_refused() -> None:
    foreign = ask("cap", ALLOWANCE, Excess(money("5000", "USD")))
    bounded = ask("on", SURCHARGE, pct("5"), at_most=money("5", "USD"))

    for asked in (foreign, bounded):
        (draft,) = drafts([fee("a", "100")], [asked])
        assert [each.code for each in draft.errors] == ["BH305"]


def test_a_cap_is_divided_among_payers_like_what_it_is_taken_of() -> None:
    made = [fee("a", "3000.01"), charge("x", "700"), fee("b", "3000")]
    asked = [ask("off", ALLOWANCE, pct("10")), cap("5000", "fee", counts=("cap:M-17",))]
    north, south = (draft.invoice for draft in drafts(made, asked, payers=halves()))
    whole = bill(made, asked)

    # 6,000.01 less 10 % is 5,400.01 (600.00 off fees): 400.01 too much
    assert [amounts(each)["cap"] for each in (whole, north, south)] == [
        D("400.01"),
        D("200.01"),
        D("200.00"),
    ]
    for each in (north, south):
        assert each.adjustments[1].counts["cap:M-17"].value == -amounts(each)["cap"]


def test_credits_by_line_take_the_cap_back_in_parts_that_add_up() -> None:
    # 1,000 each, 10 % off, capped at 2,500: 200 too much, 66.67 + 66.66 + 66.67 of each line
    made = [fee(name, "1000") for name in "abc"]
    invoice = bill(made, [ask("off", ALLOWANCE, pct("10")), cap("2500")])
    billed = CreditedDocument(Document(invoice=invoice, number="R1"))
    taken = []
    for name in "bca":
        credit = draft_credit(billed, Correction(lines=(name,), release=True))
        taken.append({each.id: each.amount.value for each in credit.adjustments})
        assert credit.totals.net.value in {D("833.33"), D("833.34")}
        billed = billed.with_credit(credit)

    assert [each["cap"] for each in taken] == [D("66.67"), D("66.66"), D("66.67")]
    assert billed.gone


def test_a_credit_note_states_a_cap_as_the_bill_did() -> None:
    # work of -6,000 with a minimum of -5,500 would be refunded as 6,000 - 0: nothing is added
    made = [fee("a", "-6000"), fee("b", "100")]
    asked = [
        cap("5000"),
        ask("on", SURCHARGE, pct("5"), at_least=money("-200"), at_most=money("25")),
    ]
    (draft,) = drafts(made, asked, type_code="381")

    # 5 % of -5,900 is -295, no less than -200; turned 200
    assert amounts(draft.invoice) == {"cap": D("0.00"), "on": D("200.00")}
    assert draft.invoice.totals.net.value == D("6100.00")


def test_a_minimum_that_classes_cannot_bear_is_refused() -> None:
    taxes = {"standard": [("VAT", "20", False, False)], "books": [("VAT", "5", False, False)]}
    made = [charge("a", "100"), charge("b", "-90", tax_class="books")]
    asked = ask("least", SURCHARGE, Shortfall(money("500")))

    assert [e.code for e in drafts(made, [asked], taxes)[0].errors] == ["BH407"]
    # with a class named it is borne by that class
    named_class = attrs.evolve(asked, tax_class="standard")
    assert drafts(made, [named_class], taxes)[0].invoice.totals.net.value == D("500.00")


# ── the next bill ────────────────────────────────────────────────────────────


def test_a_second_bill_has_what_the_first_left_of_the_cap() -> None:
    # 3,000 less 10 % are 2,700; then 5,000 - 2,700 = 2,300 are left of the second 2,700
    key = "cap:M-17"

    def month(history: History):
        left = money(str(5000 - history.count(key, "EUR").value))
        charged = fee("a", "3000", counts={key: money("3000")})
        asked = [
            ask("off", ALLOWANCE, pct("10"), counts=(key,)),
            ask("cap", ALLOWANCE, Excess(left), order=200, counts=(key,)),
        ]
        return bill([charged], asked)

    first = month(History())
    second = month(History([Document(invoice=first, number="R1")]))
    third = month(
        History([Document(invoice=b, number=f"R{i}") for i, b in enumerate([first, second])])
    )

    assert [each.totals.net.value for each in (first, second, third)] == [
        D("2700.00"),
        D("2300.00"),
        D("0.00"),
    ]


def test_what_an_adjustment_counts_is_archived_and_read_again() -> None:
    invoice = bill([fee("a", "6000")], [cap("5000", counts=("cap:M-17",))])
    again = load(dump(Document(invoice=invoice), []), []).invoice
    bare = dump(Document(invoice=bill([fee("a", "6000")], [cap("5000")])), [])

    assert again.adjustments[0].counts == {"cap:M-17": invoice.adjustments[0].counts["cap:M-17"]}
    assert b"counts" not in bare  # older documents keep their bytes


def test_money_is_not_counted_with_hours() -> None:
    made = [fee("a", "6000", counts={"cap:M-17": given(3, "h", "t.hours")})]
    (draft,) = drafts(made, [cap("5000", counts=("cap:M-17",))])

    assert [each.code for each in draft.errors] == ["BH314"]


def test_what_counts_has_a_name() -> None:
    with pytest.raises(ValueError, match="expected a key like"):
        cap("5000", counts=("cap",))
    assert Stage.BEFORE_TAX is cap("5000").stage
