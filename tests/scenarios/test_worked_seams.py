"""Rare pairings and edges that are hit exactly, each with numbers worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import attrs
import pytest

from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.calculate.due import due_date
from billhook.credit.note import Correction
from billhook.credit.service import credit
from billhook.engine import Engine
from billhook.issue.issue import issue
from billhook.issue.numbering import INVOICES
from billhook.kernel.figure import given
from billhook.model.adjustment import Adjustment, AdjustmentKind, Share, Stage, UpTo
from billhook.model.invoice import Invoice
from billhook.model.terms import Agreement
from billhook.store.memory import memory_store
from billhook.testing import sample_job, sample_party
from billhook_construction.settings import Contract
from construction.site import Site, d, day, entry, row
from construction.test_between_applications import released
from freight.samples import amounts, draft, key500, one, plain
from issue.desk import Extras, actor, item, job, priced
from legal.office import bill as legal_bill
from legal.office import entry as entry_of
from legal.office import expense

WITHHELD = TaxTable(
    rates=(
        TaxRate(tax_class="standard", name="IVA", percent=D(21)),
        TaxRate(tax_class="standard", name="IRPF", percent=D(15), withheld=True),
    )
)
THIRDS = (("one", "1"), ("two", "2"))
ENGINE = Engine([("priced", priced()), ("tax_table", tax_table)])


def issued(store, records, extras: Extras | None = None, taxes: TaxTable | None = None) -> str:
    """Issue a bill and return its number."""
    extras = extras or Extras()
    made = (
        job(extras=extras)
        if taxes is None
        else sample_job(pockets=(extras, taxes), plugins=("priced", "tax_table"))
    )
    drafted = ENGINE.draft(made, records)
    assert drafted.errors == ()
    return issue(ENGINE, store, drafted, series=INVOICES, actor=actor()).document.number


def credited(store, number: str, **wanted: object) -> Invoice:
    correction = Correction(release=False, **wanted)
    return credit(ENGINE, store, number, correction, actor(reason="agreed")).document.invoice


# ── credits beside what is withheld ──────────────────────────────────────────


def test_a_credit_by_amount_gives_back_its_part_of_a_withheld_tax() -> None:
    # 100.00 + 21.00, less 15.00 that the buyer keeps. 60.50 with tax is 50.00 + 10.50;
    # of the 50.00 the buyer kept 7.50, so 53.00 go back.
    store = memory_store()
    number = issued(store, [item("a", "100.00")], taxes=WITHHELD)

    half = credited(store, number, amount=D("60.50"))
    assert [row.amount.value for row in half.taxes] == [D("10.50"), D("7.50")]
    assert half.totals.payable.value == D("53.00")
    rest = credited(store, number, amount=D("60.50"))
    assert [row.amount.value for row in rest.taxes] == [D("10.50"), D("7.50")]


def test_a_credit_by_amount_leaves_alone_what_is_withheld_after_tax() -> None:
    # 100.00 + 20.00 - 10.00 = 110.00; 12.00 is 10.00 + 2.00, and the 10.00 stay withheld;
    # the last credit, 108.00, takes them: 98.00 go back, 110.00 in all.
    store = memory_store()
    kept = Adjustment(
        id="kept",
        label="Kept back",
        stage=Stage.AFTER_TAX,
        kind=AdjustmentKind.WITHHELD,
        amount=given(D("10.00"), "USD", "t.kept"),
    )
    number = issued(store, [item("a", "100.00")], Extras(adjustments=(kept,)))

    assert credited(store, number, amount=D("12.00")).totals.payable.value == D("12.00")
    assert credited(store, number, amount=D("108.00")).totals.payable.value == D("98.00")


def test_each_payer_pays_the_part_that_the_fund_leaves() -> None:
    # 60.00 + 20 % = 72.00, of which a fund of 30.00 pays: 42.00, that is 14.00 and 28.00.
    fund = Adjustment(
        id="fund",
        label="Fund",
        stage=Stage.AFTER_TAX,
        kind=AdjustmentKind.SETTLED,
        amount=UpTo(given(D("30.00"), "USD", "t.fund")),
    )
    payers = tuple(Share(sample_party(name), given(D(w), "1", "t.w")) for name, w in THIRDS)
    wanted = job(extras=Extras(adjustments=(fund,), shares=payers))
    bills = [each.invoice for each in ENGINE.drafts(wanted, [item("a", "60.00")])]

    assert [each.totals.tax.value for each in bills] == [D("4.00"), D("8.00")]
    assert [each.totals.payable.value for each in bills] == [D("14.00"), D("28.00")]


# ── days ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("date", "days", "of_month", "due"),
    [
        ("2026-05-15", 31, 15, "2026-06-15"),  # exactly on the agreed day
        ("2026-05-15", 32, 15, "2026-07-15"),  # a day later: the next month
        ("2026-02-10", 0, 30, "2026-02-28"),  # February has no 30th: its last day
        ("2028-02-10", 0, 30, "2028-02-29"),
        ("2026-01-31", 0, 30, "2026-02-28"),  # past the 30th, and February has none
        ("2026-12-31", 0, 30, "2027-01-30"),
        ("2026-04-30", 0, 31, "2026-04-30"),
    ],
)
def test_a_bill_is_due_on_the_agreed_day_of_the_month(
    date: str, days: int, of_month: int, due: str
) -> None:
    agreement = Agreement(net_days=days, day_of_month=of_month)

    assert due_date(agreement, dt.date.fromisoformat(date)) == dt.date.fromisoformat(due)


# ── freight ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("used", "amount"),
    # 80.00 an hour beyond two, in started quarters; at most 400.00
    [("1", "0.00"), ("2", "0.00"), ("2.25", "20.00"), ("7", "400.00"), ("7.01", "400.00")],
)
def test_what_is_free_is_never_paid_back(used: str, amount: str) -> None:
    services = tuple(attrs.evolve(each, minimum=None) for each in key500().accessorials)
    worked = draft(plain(accessorials=services), one("70", "1500", accessorials=(f"DET:{used}",)))

    assert amounts(worked)["4711-acc-DET"] == D(amount)


@pytest.mark.parametrize(
    ("weight", "discount"),
    # from 500 lb: 25 % of 5 cwt x 98.00 = 490.00 is 122.50
    [("100", None), ("500", "-122.50")],
)
def test_a_discount_from_a_weight_on_is_for_no_shipment_below_it(
    weight: str, discount: str | None
) -> None:
    rows = tuple(each for each in key500().discounts if each.break_from == 500)
    worked = draft(plain(discounts=rows), one("70", weight))

    assert amounts(worked).get("4711-discount") == (None if discount is None else D(discount))


# ── construction ─────────────────────────────────────────────────────────────


def test_a_release_is_paid_in_one_application_of_four() -> None:
    # 10 % held. 1,000 done: 900, 100 held; all of it is released before the second. Then 200 of
    # work each month: 180, and the 100 once.
    site = Site(schedule=[row("1", 2000)], contract=Contract(retainage_work=d(10)))
    due = []
    for percent in (50, 60, 70, 80):
        due.append(site.apply(entry("1", percent=percent)).summary.due.value)
        if percent == 50:
            site.events.append(released(day(1)))

    assert due == [900, 280, 180, 180]
    assert [each.invoice.totals.payable.value for each in site.documents] == due


# ── legal ────────────────────────────────────────────────────────────────────


def test_lines_by_matter_stand_matter_by_matter_fees_before_expenses() -> None:
    records = [
        entry_of("1", matter="M1", on=3),
        entry_of("2", matter="M2", on=2),
        expense("x1", matter="M1", on=1),
        entry_of("3", matter="M1", on=4),
    ]
    invoice = legal_bill(*records, group="matter", bill=("M2", "M1"))

    assert [line.id for line in invoice.lines] == ["time-2", "time-1", "time-3", "expense-x1"]


def test_a_bill_keeps_the_people_who_worked_on_it_and_no_other() -> None:
    invoice = legal_bill(entry_of("1", by="PN"))

    assert [person.id for person in invoice.states[0].value.timekeepers] == ["PN"]
