"""Numbers worked by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from billhook_construction.settings import Contract
from construction.site import Site, change, d, entry, row, state_of


def test_eight_steps_of_an_eighth_come_to_the_contract_sum() -> None:
    # 12,345.67 × 12.5 % = 1,543.20875.  To date, rounded half up:
    # 1,543.21  3,086.42  4,629.63  6,172.84 (6,172.835)  7,716.04  9,259.25  10,802.46  12,345.67
    site = Site(schedule=[row("1", "12345.67")])

    found = [site.apply(entry("1", percent=d("12.5") * n)) for n in range(1, 9)]

    to_date = "1543.21 3086.42 4629.63 6172.84 7716.04 9259.25 10802.46 12345.67"
    period = "1543.21 1543.21 1543.21 1543.21 1543.20 1543.21 1543.21 1543.21"
    assert [str(each.summary.to_date.value) for each in found] == to_date.split()
    assert [str(each.summary.due.value) for each in found] == period.split()
    assert [str(each.invoice.totals.payable.value) for each in site.documents] == period.split()
    assert sum(each.summary.due.value for each in found) == d("12345.67")


def test_eight_steps_under_retainage_follow_line_six() -> None:
    # 10 % of the sums above: 154.32 308.64 462.96 617.28 771.60 925.93 1,080.25 1,234.57
    site = Site(schedule=[row("1", "12345.67")], contract=Contract(retainage_work=d(10)))

    found = [site.apply(entry("1", percent=d("12.5") * n)).summary for n in range(1, 9)]

    held = "154.32 308.64 462.96 617.28 771.60 925.93 1080.25 1234.57"
    # Line 6: 1,388.89 2,777.78 4,166.67 5,555.56 6,944.44 8,333.32 9,722.21 11,111.10
    due = "1388.89 1388.89 1388.89 1388.89 1388.88 1388.88 1388.89 1388.89"
    assert [str(each.retained.value) for each in found] == held.split()
    assert [str(each.due.value) for each in found] == due.split()
    assert sum(each.due.value for each in found) == d("12345.67") - d("1234.57")


def test_previous_certificates_are_line_six_of_the_application_before() -> None:
    site = Site(schedule=[row("1", 3000)], contract=Contract(retainage_work=d(10)))

    found = [site.apply(entry("1", amount=n * 1000)).summary for n in (1, 2, 3)]

    # Not the sum of all earlier lines 6, which would be 900 + 1,800 in the third.
    assert [str(each.previous_certificates.value) for each in found] == [
        "0.00",
        "900.00",
        "1800.00",
    ]
    assert [each.due.value for each in found] == [900, 900, 900]


def test_material_that_is_built_in_moves_to_the_other_rate() -> None:
    # Stored 400 at 3 % holds 12.  Built in, it is work at 10 % and holds 40.
    site = Site(
        schedule=[row("1", 1000)],
        contract=Contract(retainage_work=d(10), retainage_stored=d(3)),
    )
    first = site.apply(entry("1", stored=400)).summary
    second = site.apply(entry("1", amount=400, stored=0))

    assert (first.retained_work.value, first.retained_stored.value) == (0, 12)
    assert first.due.value == 388
    assert (second.summary.retained_work.value, second.summary.retained_stored.value) == (40, 0)
    assert second.summary.due.value == -28
    assert second.rows[0].previous.value == 0, "stored material was never completed work"
    assert second.rows[0].current.value == 400

    invoice = site.documents[-1].invoice
    held = {each.id: each.amount.value for each in invoice.adjustments}
    assert held == {"retainage-work": 40, "retainage-stored": -12}
    assert invoice.totals.lines.value == 0
    assert invoice.totals.payable.value == -28


def test_rows_of_retainage_come_to_its_total() -> None:
    # 5 % of three thirds of 0.10: 0.005 each, 0.015 in all, held 0.02: two rows bear a cent.
    site = Site(
        schedule=[row(str(n), "0.10") for n in range(3)], contract=Contract(retainage_work=d(5))
    )

    state = site.apply(*(entry(str(n), percent=100) for n in range(3)))

    assert [str(each.retained.value) for each in state.rows] == ["0.01", "0.01", "0.00"]
    assert state.summary.retained.value == d("0.02")


def test_vat_is_taken_of_the_net_where_the_contract_says_so() -> None:
    # 1,000 less 5 % is 950; 20 % of that is 190.
    site = Site(
        schedule=[row("1", 1000)],
        contract=Contract(retainage_work=d(5), tax_on="net_of_retainage"),
        vat=d(20),
    )
    site.apply(entry("1", percent=100))
    totals = site.documents[0].invoice.totals

    assert (totals.net.value, totals.tax.value, totals.payable.value) == (950, 190, 1140)


def test_tax_is_taken_of_the_gross_where_the_contract_says_so() -> None:
    # 20 % of 1,000 is 200; 1,200 less 50 held is 1,150.
    site = Site(
        schedule=[row("1", 1000)],
        contract=Contract(retainage_work=d(5), tax_on="gross"),
        vat=d(20),
    )
    site.apply(entry("1", percent=100))
    totals = site.documents[0].invoice.totals

    assert (totals.net.value, totals.tax.value, totals.payable.value) == (1000, 200, 1150)


def test_retainage_falls_on_the_tax_classes_whose_work_it_is_held_of() -> None:
    site = Site(
        schedule=[row("1", 1000), row("2", 500, tax_class="other")],
        contract=Contract(retainage_work=d(5), tax_on="net_of_retainage"),
    )
    site.apply(entry("1", percent=100), entry("2", percent=100))
    invoice = site.documents[0].invoice

    assert {each.id: each.amount.value for each in invoice.adjustments} == {
        "retainage-work-other": 25,
        "retainage-work-standard": 50,
    }
    assert {tax.classes: tax.base.value for tax in invoice.taxes} == {("other", "standard"): 1425}


def test_whole_dollar_rows_still_come_to_the_contract_sum() -> None:
    # 33 % of 1,000.50 is 330.165, on whole dollars 330; all of it is 1,000.50.
    site = Site(schedule=[row("1", "1000.50")], contract=Contract(quantum=d(1)))

    found = [site.apply(entry("1", percent=n)).summary.due.value for n in (33, 100)]

    assert [str(each) for each in found] == ["330.00", "670.50"]


@pytest.mark.parametrize("value", ["999.60", "-999.60"])
def test_whole_dollars_never_go_beyond_the_item(value: str) -> None:
    # 99.99 % of 999.60 is 999.50, on whole dollars 1,000: more than there is, so 999.60.
    site = Site(schedule=[row("1", value), row("2", 5000)], contract=Contract(quantum=d(1)))

    assert site.apply(entry("1", percent="99.99")).rows[0].completed.value == d(value)


def test_yen_have_no_decimals_and_dinars_three() -> None:
    for currency, value, halves in (
        ("JPY", "1001", ["501", "500"]),
        ("KWD", "1.001", ["0.501", "0.500"]),
    ):
        site = Site(schedule=[row("1", value)], currency=currency)

        found = [site.apply(entry("1", percent=n)).summary.due.value for n in (50, 100)]

        assert [str(each) for each in found] == halves


def test_measured_work_is_quantity_to_date_at_the_unit_price() -> None:
    # 10.333 m3 × 87.125 = 900.262625; 20 × 87.125 = 1,742.50
    item = row("1", unit="m3", quantity=d(20), unit_price=d("87.125"))
    site = Site(schedule=[item])

    first = site.apply(entry("1", quantity="10.333"))
    site.apply(entry("1", quantity=20))

    assert first.summary.original.value == d("1742.50")
    assert [str(each.invoice.totals.payable.value) for each in site.documents] == [
        "900.26",
        "842.24",
    ]


def test_a_line_shows_its_quantity_only_where_it_explains_the_amount() -> None:
    item = row("1", unit="m3", quantity=d(20), unit_price=d("87.50"))
    site = Site(schedule=[item])
    for done in (4, 10):
        site.apply(entry("1", quantity=done))
    line = site.documents[-1].invoice.lines[0]

    assert line.quantity is not None
    assert line.unit_price is not None
    assert (line.quantity.value, line.quantity.unit) == (6, "m3")
    assert line.amount.value == 6 * d("87.50")


def test_work_of_the_period_adds_to_what_was_complete() -> None:
    site = Site(schedule=[row("1", 1000)])

    found = [site.apply(entry("1", this_period=n)).rows[0] for n in (100, 100, 300)]

    assert [each.completed.value for each in found] == [100, 200, 500]
    assert [each.current.value for each in found] == [100, 100, 300]


def test_an_item_without_progress_is_carried() -> None:
    site = Site(schedule=[row("1", 1000), row("2", 500)])
    site.apply(entry("1", percent=30), entry("2", percent=10))

    state = site.apply(entry("2", percent=20))

    assert [each.completed.value for each in state.rows] == [300, 100]
    assert [line.id for line in site.documents[-1].invoice.lines] == ["item-2"]


def test_a_correction_takes_work_back() -> None:
    site = Site(schedule=[row("1", 1000)], contract=Contract(retainage_work=d(10)))
    site.apply(entry("1", percent=50))

    state = site.apply(entry("1", percent=40, correction=True))

    # 400 less 40 is 360, 450 was certified.
    assert state.summary.due.value == -90
    assert site.documents[-1].invoice.lines[0].amount.value == -100


def test_work_that_was_really_stored_material_is_moved_back() -> None:
    site = Site(
        schedule=[row("1", 1000)],
        contract=Contract(retainage_work=d(10), retainage_stored=d(0)),
    )
    site.apply(entry("1", percent=50))

    state = site.apply(entry("1", percent=20, stored=300, correction=True))

    assert state.rows[0].current.value == -300
    assert state.rows[0].to_date.value == 500
    assert state.summary.due.value == 30, "30 of the 50 held is paid back"


def test_approved_change_orders_count_and_others_do_not() -> None:
    site = Site(
        schedule=[
            row("1", 1000),
            row("2", 80, change_order="CO-1"),
            row("3", 20, change_order="CO-1"),
        ],
        changes=[change("CO-1", 100), change("CO-2", 999, "pending"), change("CO-3", -40)],
    )
    state = site.apply(entry("1", percent=100), entry("2", percent=50), entry("CO-3", percent=100))

    assert state.summary.original.value == 1000
    assert state.summary.changes.value == 60
    assert state.summary.contract_sum.value == 1060
    assert [each.item for each in state.rows] == ["1", "2", "3", "CO-3"]
    assert state.summary.to_date.value == 1000 + 40 - 40
    assert state.rows[-1].percent is not None
    assert state.rows[-1].percent.value == 100
    assert [each.application for each in state.changes] == [1, 0, 1]


def test_a_change_order_counts_from_the_application_that_reaches_its_date() -> None:
    site = Site(schedule=[row("1", 1000)], changes=[change("CO-1", 100, date=dt.date(2026, 2, 10))])

    january = site.apply(entry("1", percent=10))
    february = site.apply(entry("1", percent=20), entry("CO-1", percent=100))

    assert january.summary.contract_sum.value == 1000
    assert february.summary.contract_sum.value == 1100
    assert [each.application for each in february.changes] == [2]


def test_a_hundred_percent_is_printed_only_for_all_of_it() -> None:
    site = Site(schedule=[row("1", "1000000.00")])

    state = site.apply(entry("1", amount="999999.99"))

    assert state.rows[0].percent is not None
    assert str(state.rows[0].percent.value) == "99.99"


def test_an_entry_that_changes_nothing_is_skipped_with_a_reason() -> None:
    site = Site(schedule=[row("1", 1000), row("2", 100)])
    site.apply(entry("1", percent=30))

    draft = site.draft(entry("1", percent=30), entry("2", percent=5))

    assert [(skip.key, str(skip.reason)) for skip in draft.skipped] == [
        ("2:1", "no change since the application before")
    ]
    assert state_of(draft).application == 2
