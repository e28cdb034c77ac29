"""The parts of amounts on the whole bill, compared with the amounts."""

from __future__ import annotations

from decimal import Decimal as D

import attrs
import pytest

from billhook.audit.document_check import check_parts
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.credit.balance import CreditedDocument
from billhook.credit.note import Correction, draft_credit
from billhook.engine import Engine
from billhook.kernel.figure import given
from billhook.kernel.money import POLICIES
from billhook.model.adjustment import Adjustment, AdjustmentKind, LinePart, Percentage, Stage
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.testing import sample_job
from issue.desk import Extras, item, priced

TAXES = TaxTable(rates=(TaxRate(name="VAT", percent=D(20)),))
DISCOUNT = Adjustment(
    id="discount",
    label="Discount",
    stage=Stage.BEFORE_TAX,
    kind=AdjustmentKind.ALLOWANCE,
    amount=Percentage(given(D(10), "%", "test.discount")),
)


def bill(policy: str = "standard") -> Invoice:
    """Return 0.33 + 0.33 + 0.33 - 0.10 less 10 %, with 20 % tax."""
    amounts = {"a": "0.33", "b": "0.33", "c": "0.33", "d": "-0.10"}
    job = sample_job(
        pockets=(Extras(adjustments=(DISCOUNT,)), TAXES),
        plugins=("priced", "tax_table"),
        policy=POLICIES[policy],
    )
    records = [item(key, amount) for key, amount in amounts.items()]
    return Engine([("priced", priced()), ("tax_table", tax_table)]).draft(job, records).invoice


def change_parts(invoice: Invoice, parts: tuple[LinePart, ...]) -> Invoice:
    return attrs.evolve(invoice, taxes=(attrs.evolve(invoice.taxes[0], parts=parts),))


@pytest.mark.parametrize("policy", ["standard", "tax-per-line", "half-even", "nz-gst"])
def test_the_parts_of_a_bill_and_of_its_credit_agree_with_their_amounts(policy) -> None:
    invoice = bill(policy)
    document = CreditedDocument(Document(invoice=invoice, number="INV-1"))
    note = draft_credit(document, Correction(lines=("a",), release=False))

    assert list(check_parts("INV-1", invoice)) == []
    assert list(check_parts("CN-1", note)) == []


def test_a_part_that_says_more_than_rounding_explains_is_found() -> None:
    invoice = bill()
    first, *others = invoice.taxes[0].parts
    # four parts may differ by 0.04 in all; this one says 0.05 and some more
    more = LinePart(first.line, given(first.amount.value + D("0.06"), "USD", "test.part"))
    found = list(check_parts("INV-1", change_parts(invoice, (more, *others))))

    assert [each.code for each in found] == ["BH522"]
    assert "tax 1 is 0.16" in found[0].message


def test_a_part_on_a_line_that_the_bill_does_not_have_is_found() -> None:
    invoice = bill()
    first, *others = invoice.taxes[0].parts
    moved = change_parts(invoice, (attrs.evolve(first, line="nowhere"), *others))

    assert [each.code for each in check_parts("INV-1", moved)] == ["BH522"]


def test_a_part_that_does_not_follow_from_what_it_was_made_of_is_found() -> None:
    invoice = bill()
    first, *others = invoice.taxes[0].parts
    wrong = attrs.evolve(first.amount, value=first.amount.value + D("0.01"))
    changed = change_parts(invoice, (LinePart(first.line, wrong), *others))

    assert [each.code for each in check_parts("INV-1", changed)] == ["BH522"]
