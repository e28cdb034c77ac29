"""Worked numbers of credits, and credits of bills that were split or sealed without parts."""

from __future__ import annotations

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
    Charge,
    Engine,
    Percentage,
    Rating,
    RefusedError,
    Share,
    Stage,
    TaxComponent,
    TaxRule,
    given,
    hookimpl,
)
from billhook.credit.balance import CreditedDocument, cells
from billhook.credit.note import Correction, draft_credit
from billhook.kernel.money import POLICIES
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.testing import Inline, sample_job, sample_party

Tax = tuple[str, str, bool, bool]
STANDARD: tuple[Tax, ...] = (("VAT", "20", False, False),)


def bills(
    amounts: Sequence[str],
    asked: Sequence[Adjustment] = (),
    taxes: Sequence[Tax] = STANDARD,
    payers: Sequence[Share] = (),
    **job: object,
) -> list[Invoice]:
    """Work bills out; a tax is its name, percent, on tax, withheld."""
    code = str(job.setdefault("currency", "EUR"))

    @hookimpl
    def billhook_rate() -> Rating:
        return Rating(
            charges=tuple(
                Charge(
                    id=str(place),
                    description="x",
                    amount=given(D(amount), code, "t.price"),
                    tags=frozenset({"fee"} if place % 2 else ()),
                )
                for place, amount in enumerate(amounts, 1)
            )
        )

    @hookimpl
    def billhook_adjust() -> Sequence[Adjustment]:
        return asked

    @hookimpl
    def billhook_split() -> Sequence[Share] | None:
        return payers or None

    @hookimpl
    def billhook_tax() -> TaxRule:
        return TaxRule(
            components=tuple(
                TaxComponent(
                    name=name, rate=given(D(rate), "%", "t.rate"), compound=on, withheld=withheld
                )
                for name, rate, on, withheld in taxes
            )
        )

    hooks = {
        "billhook_rate": billhook_rate,
        "billhook_adjust": billhook_adjust,
        "billhook_split": billhook_split,
        "billhook_tax": billhook_tax,
    }
    drafts = Engine([("made", Inline(**hooks))]).drafts(sample_job(**job), [])
    return [draft.invoice for draft in drafts]


def ask(
    id_: str, kind: AdjustmentKind, amount: object, stage: Stage = Stage.BEFORE_TAX
) -> Adjustment:
    return Adjustment(id=id_, label=id_, stage=stage, kind=kind, amount=amount)  # type: ignore[arg-type]


def pct(rate: str, *tags: str) -> Percentage:
    return Percentage(given(D(rate), "%", "t.rate"), tags=frozenset(tags))


def credited(bill: Invoice, *asked: Correction) -> list[Invoice]:
    document, notes = Document(invoice=bill, number="INV-1"), []
    for correction in asked:
        invoice = draft_credit(CreditedDocument(document, tuple(notes)), correction)
        notes.append(Document(invoice=invoice, number=f"CRN-{len(notes)}"))
    return [note.invoice for note in notes]


def lines(*ids: str) -> Correction:
    return Correction(lines=ids, release=False)


def amount(value: str) -> Correction:
    return Correction(amount=D(value), release=False)


REST = Correction(release=False)


def payable(*notes: Invoice) -> list[str]:
    return [str(note.totals.payable.value) for note in notes]


def test_an_expense_is_credited_without_a_part_of_a_discount_on_fees() -> None:
    # line 1 is a fee of 1,000 less 10 %, line 2 an expense of 500: (500, 900) x 1.2
    (bill,) = bills(["1000.00", "500.00"], [ask("off", AdjustmentKind.ALLOWANCE, pct("10", "fee"))])

    assert payable(*credited(bill, lines("2"), lines("1"))) == ["600.00", "1080.00"]


def test_a_credit_beside_a_refund_is_taxed_at_the_rate() -> None:
    # 100 + 100 - 50 at 20 %: item 1 is 120.00, items 2 and 3 are 60.00
    (bill,) = bills(["100.00", "100.00", "-50.00"])

    assert payable(*credited(bill, lines("1"), lines("2", "3"))) == ["120.00", "60.00"]


def test_a_line_below_nothing_is_no_credit_by_itself() -> None:
    (bill,) = bills(["100.00", "-50.00"])

    with pytest.raises(
        RefusedError, match=r"the credit totals -60\.00 EUR, which would be a charge"
    ):
        credited(bill, lines("2"))


def test_any_hundred_of_many_small_lines_have_their_tax() -> None:
    # 100 lines of 0.10 at 5 %: 0.50; rounded line by line 1.00 or 0.00
    (bill,) = bills(["0.10"] * 200, (), [("VAT", "5", False, False)])
    odd = [str(place) for place in range(1, 201, 2)]
    even = [str(place) for place in range(2, 201, 2)]

    taxes = [note.totals.tax.value for note in credited(bill, lines(*odd), lines(*even))]
    assert taxes == [D("0.50"), D("0.50")]


def test_a_credit_of_a_sum_takes_its_part_of_a_tax_that_is_withheld() -> None:
    # 60.50 is 50.00 + 21 %; of 50.00 are 15 % withheld: 60.50 - 7.50 = 53.00
    taxes = [("IVA", "21", False, False), ("IRPF", "15", False, True)]
    (bill,) = bills(["100.00"], (), taxes)

    assert payable(*credited(bill, amount("60.50"), REST)) == ["53.00", "53.00"]


def test_a_credit_of_a_sum_leaves_what_is_withheld_after_tax_to_the_rest() -> None:
    # 120.00 less 10.00 withheld; a sum of 12.00 is 10.00 + 2.00, the rest 108.00 - 10.00
    held = ask("held", AdjustmentKind.WITHHELD, given(D("10.00"), "EUR", "t.held"), Stage.AFTER_TAX)
    (bill,) = bills(["100.00"], [held])

    assert payable(*credited(bill, amount("12.00"), REST)) == ["12.00", "98.00"]


def test_sums_and_lines_and_the_rest_keep_to_the_rate() -> None:
    # 33.33 x 3 = 99.99 at 19 %: 19.00 in all; 118.99 = 10.00 + line 2 + 10.01 + rest
    (bill,) = bills(["33.33"] * 3, (), [("VAT", "19", False, False)])
    notes = credited(bill, amount("10.00"), lines("2"), amount("10.01"), REST)

    assert sum(note.totals.gross.value for note in notes) == D("118.99")
    for note in notes:
        (row,) = note.taxes
        assert abs(row.amount.value - row.base.value * D("0.19")) <= D("0.01")


def test_credits_are_amounts_that_can_be_paid_in_cash() -> None:
    # gross 36.03, 84.04 and 96.06 to date: 36.05, 84.05 and 96.05 in cash
    (bill,) = bills(
        ["33.33", "44.41", "11.12"],
        (),
        [("MWST", "8.1", False, False)],
        currency="CHF",
        policy=POLICIES["swiss-cash"],
    )

    notes = credited(bill, lines("1"), lines("2"), lines("3"))
    assert payable(*notes) == ["36.05", "48.00", "12.00"]


def test_a_compound_tax_is_credited_on_its_own_base() -> None:
    # 40.00: GST 5 % = 2.00, PST 10 % of 42.00 = 4.20
    taxes = [("GST", "5", False, False), ("PST", "10", True, False)]
    (bill,) = bills(["60.00", "40.00"], (), taxes)
    (note,) = credited(bill, lines("2"))

    assert [(row.base.value, row.amount.value) for row in note.taxes] == [
        (D("40.00"), D("2.00")),
        (D("42.00"), D("4.20")),
    ]


def without_parts(bill: Invoice) -> Invoice:
    """A bill as it was sealed before there were parts."""
    return attrs.evolve(
        bill,
        adjustments=tuple(attrs.evolve(each, parts=()) for each in bill.adjustments),
        taxes=tuple(attrs.evolve(row, parts=(), upon=()) for row in bill.taxes),
    )


@settings(max_examples=60, deadline=None)
@examples(st.data())
def test_bills_that_were_split_or_sealed_without_parts_are_credited_to_the_cent(data) -> None:
    units = data.draw(st.lists(st.integers(0, 50_000), min_size=1, max_size=6))
    policy = POLICIES[data.draw(st.sampled_from(sorted(POLICIES)))]
    taxes = [("GST", "5", False, False), ("PST", "9.975", True, False), ("WH", "2", False, True)]
    asked = [
        ask("off", AdjustmentKind.ALLOWANCE, pct(str(data.draw(st.integers(0, 40))), "fee")),
        ask("held", AdjustmentKind.WITHHELD, pct("5"), Stage.AFTER_TAX),
    ]
    weights = data.draw(st.lists(st.integers(1, 5), min_size=2, max_size=3))
    payers = [Share(sample_party(f"p{i}"), given(D(w), "1", "t.w")) for i, w in enumerate(weights)]
    found = bills(
        [str(D(n) / 100) for n in units],
        asked,
        taxes,
        payers if data.draw(st.booleans()) else (),
        currency="CHF",
        policy=policy,
    )
    ids = data.draw(st.permutations([line.id for line in found[0].lines]))
    cut = data.draw(st.integers(0, len(ids)))
    for made in found:
        bill = without_parts(made) if data.draw(st.booleans()) else made
        notes = credited(bill, *(lines(*part) for part in (ids[:cut], ids[cut:]) if part))
        sums: dict[tuple[str, ...], D] = {}
        for note in notes:
            for name, value in cells(note, bill).items():
                sums[name] = sums.get(name, D(0)) + value
        whole = {name: value for name, value in cells(bill).items() if value}
        assert {name: value for name, value in sums.items() if value} == whole
