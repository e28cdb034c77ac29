"""Certificates: what they name, what they leave out, lump sums, and those that come late."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook import Opening, replay
from billhook_construction.events import Certified, CertifiedItem, Released
from billhook_construction.settings import Contract, RetainagePolicy, RetainageStep
from billhook_construction.state import ConstructionState
from construction.site import ENGINE, Site, codes_of, d, day, entry, row, state_of


def site(**terms: object) -> Site:
    contract = Contract(retainage_work=d(10), **terms)
    return Site(schedule=[row("1", 100000), row("2", 50000)], contract=contract)


def certified(application: int, at: dt.date, *items: CertifiedItem, **facts: object) -> Certified:
    return Certified(
        subject="sample", at=at, by="architect", application=application, items=items, **facts
    )


def amounts_of(state: ConstructionState) -> list[tuple[int, Decimal, Decimal]]:
    assert state.certificates is not None
    return [
        (each.application, each.applied.value, each.certified.value)
        for each in state.certificates.amounts
    ]


def applied_once() -> Site:
    """Item 1: 40,000 of work and 20,000 stored; item 2: 10,000; 10 % held."""
    contract = site()
    contract.apply(entry("1", amount=40000, stored=20000), entry("2", amount=10000))
    return contract


def test_stored_material_that_is_not_named_is_certified_as_applied_for() -> None:
    contract = applied_once()
    cut = CertifiedItem(item="1", completed=d(35000))
    contract.events.append(certified(1, day(1), cut))

    summary = contract.apply(
        entry("1", amount=60000, stored=20000), entry("2", amount=20000)
    ).summary

    # 35,000 + 20,000 + 10,000 less 10 %: 58,500 certified; 100,000 x 0.9 - 58,500 is due.
    assert summary.previous_certificates.value == 58500
    assert summary.due.value == 31500


def test_work_that_is_not_named_is_certified_as_applied_for() -> None:
    contract = applied_once()
    contract.events.append(certified(1, day(1), CertifiedItem(item="1", stored=d(5000))))

    summary = contract.apply(
        entry("1", amount=60000, stored=20000), entry("2", amount=20000)
    ).summary

    # 40,000 + 5,000 + 10,000 less 10 %: 49,500.
    assert summary.previous_certificates.value == 49500
    assert summary.due.value == 40500


def test_a_row_that_names_no_amount_is_refused() -> None:
    contract = applied_once()
    contract.events.append(certified(1, day(1), CertifiedItem(item="1")))

    assert codes_of(contract.draft(entry("2", amount=20000))) == ["CON123"]


def test_a_lump_sum_is_spread_over_what_was_billed() -> None:
    contract = applied_once()
    # Applied for: 70,000 less 10 % is 63,000.  Cut by 3,000: a 21st of everything.
    contract.events.append(certified(1, day(1), due=d(60000)))

    state = contract.apply(entry("1", amount=60000, stored=20000), entry("2", amount=20000))

    assert state.summary.previous_certificates.value == 60000
    assert state.summary.due.value == 90000 - 60000
    # 40,000 / 21 is 1,904.76; 10,000 / 21 is 476.19.
    assert [each.previous.value for each in state.rows] == [d("38095.24"), d("9523.81")]
    assert contract.documents[-1].invoice.totals.payable.value == 30000


def test_a_lump_sum_of_nothing_certifies_nothing_of_the_application() -> None:
    contract = applied_once()
    contract.events.append(certified(1, day(1), due=d(0)))

    summary = contract.apply(
        entry("1", amount=60000, stored=20000), entry("2", amount=20000)
    ).summary

    assert summary.previous_certificates.value == 0
    assert summary.due.value == 90000


def test_a_lump_sum_above_the_application_is_refused() -> None:
    contract = applied_once()
    contract.events.append(certified(1, day(1), due=d(63001)))

    assert "CON123" in codes_of(contract.draft(entry("2", amount=20000)))


def test_lump_sums_in_every_month_come_to_the_contract_sum() -> None:
    contract = site()
    certificates = [d("12000.01"), d("33333.33"), d(0), d("777.77")]
    billed = d(0)
    for number, (done, due) in enumerate(zip((13, 47, 71, 83), certificates, strict=True), 1):
        entries = (entry("1", percent=done), entry("2", percent=done + 5, stored=100))
        assert contract.apply(*entries).summary.due.value >= due
        billed += due
        contract.events.append(certified(number, day(number), due=due))

    last = contract.apply(entry("1", percent=100), entry("2", percent=100, stored=0))

    assert [certified for _number, _applied, certified in amounts_of(last)] == certificates
    assert billed + last.summary.due.value == 150000 - 15000
    assert last.summary.retained.value == 15000
    assert replay(last.summary.due) == last.summary.due.value


def late(at: dt.date) -> Site:
    """40 % and 60 % of 100,000 are billed; then application 1 is certified at 30,000."""
    contract = site()
    contract.apply(entry("1", amount=40000))
    contract.apply(entry("1", amount=60000))
    contract.events.append(certified(1, at, CertifiedItem(item="1", completed=d(30000))))
    return contract


def test_a_certificate_of_the_application_before_the_last_is_taken_into_account() -> None:
    state = late(dt.date(2026, 3, 5)).apply(entry("1", amount=80000))

    # 27,000 and 18,000 were certified: 72,000 less 45,000.
    assert amounts_of(state) == [(1, 36000, 27000), (2, 18000, 18000)]
    assert state.rows[0].previous.value == 50000
    assert state.summary.previous_certificates.value == 45000
    assert state.summary.due.value == 27000


def test_a_certificate_is_late_too_when_only_its_recording_was() -> None:
    """Its day is before the second application, which was issued without it."""
    assert late(dt.date(2026, 2, 5)).apply(entry("1", amount=80000)).summary.due.value == 27000


def test_a_late_certificate_counts_once() -> None:
    contract = late(dt.date(2026, 3, 5))
    contract.apply(entry("1", amount=80000))

    assert contract.apply(entry("1", amount=90000)).summary.due.value == 9000


def test_a_certificate_of_a_later_application_that_names_the_part_prevails() -> None:
    contract = late(dt.date(2026, 3, 5))
    row_two = CertifiedItem(item="1", completed=d(58000))
    contract.events.append(certified(2, dt.date(2026, 3, 4), row_two))

    state = contract.apply(entry("1", amount=80000))

    assert state.rows[0].previous.value == 58000
    assert state.summary.previous_certificates.value == 52200


def test_a_late_cut_of_material_that_was_built_in_is_a_cut_of_work() -> None:
    contract = site()
    contract.apply(entry("1", amount=0, stored=20000))
    contract.apply(entry("1", amount=20000, stored=0), entry("2", amount=10000))
    cut = CertifiedItem(item="1", stored=d(5000))
    contract.events.append(certified(1, dt.date(2026, 3, 5), cut))

    state = contract.apply(entry("1", amount=20000), entry("2", amount=10000))

    # Paid: 4,500 and 9,000.  Due: 27,000 less 13,500.
    assert state.rows[0].previous.value == 5000
    assert state.summary.due.value == 13500


def test_a_late_cut_keeps_what_was_held_at_the_rates_of_its_application() -> None:
    contract = site()
    contract.apply(entry("1", amount=40000))
    contract.set(retainage_work=d(5))
    contract.apply(entry("1", amount=60000))
    contract.events.append(
        certified(1, dt.date(2026, 3, 5), CertifiedItem(item="1", completed=d(30000)))
    )

    # Paid: 27,000, and 57,000 - 36,000 = 21,000.  Due: 76,000 less 48,000.
    assert contract.apply(entry("1", amount=80000)).summary.due.value == 28000


def test_a_certificate_of_a_later_day_waits_and_is_told() -> None:
    contract = applied_once()
    contract.events.append(certified(1, dt.date(2026, 3, 1), CertifiedItem(item="1", stored=d(0))))
    draft = contract.draft(entry("1", amount=60000, stored=20000), entry("2", amount=20000))

    assert codes_of(draft) == ["CON128"]
    assert state_of(draft).summary.previous_certificates.value == 63000


def test_a_certificate_of_an_application_that_is_not_there_is_told() -> None:
    contract = applied_once()
    contract.events.append(certified(4, day(1), due=d(1)))

    assert "CON129" in codes_of(contract.draft(entry("2", amount=20000)))


def test_an_account_that_opens_in_mid_contract_goes_on_from_what_was_certified() -> None:
    contract = site()
    opening = Opening(bills=6, net=d(54000))
    job = attrs.evolve(contract.job(), opening=opening)
    draft = ENGINE.draft(job, contract.records([entry("1", amount=60000)]), contract.history())
    contract.documents.append(draft.document)
    contract.events.append(certified(6, day(1), due=d(50000)))
    contract.events.append(certified(3, day(1), due=d(1)))

    found = contract.draft(entry("1", amount=80000))

    # What was certified of application 3 belongs to the opening: it is told and left out.
    assert codes_of(found) == ["CON129"]
    assert state_of(found).application == 7
    assert state_of(found).summary.due.value == 72000 - 50000


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_certificates_come_to_the_contract_sum_whatever_is_cut_and_when(
    data: st.DataObject,
) -> None:
    policy = data.draw(
        st.sampled_from(
            [
                None,
                RetainagePolicy(mode="flat", cap=d(4)),
                RetainagePolicy(
                    mode="recompute", steps=(RetainageStep(at=d(50), work=d(5)),), of="original_sum"
                ),
            ]
        )
    )
    contract = site(retainage_stored=d(3), retainage=policy)
    for percent in (20, 45, 70, 90):
        stored = data.draw(st.integers(0, 4000), label="stored")
        contract.apply(
            entry("1", percent=percent, stored=stored, correction=True),
            entry("2", percent=percent, stored=0, correction=True),
        )
        number = data.draw(st.integers(1, len(contract.documents)), label="certified")
        cut = CertifiedItem(
            item=data.draw(st.sampled_from(["1", "2"])),
            completed=data.draw(st.none() | st.integers(0, 10000).map(Decimal)),
            stored=data.draw(st.none() | st.integers(0, 3000).map(Decimal)),
        )
        if cut.completed is not None or cut.stored is not None:
            contract.events.append(certified(number, day(len(contract.documents) + 1), cut))
    contract.apply(
        entry("1", percent=100, stored=0, correction=True),
        entry("2", percent=100, stored=0, correction=True),
    )
    contract.events.append(
        Released(subject="sample", at=day(len(contract.documents) + 1), by="owner")
    )
    draft = contract.draft()
    if draft.worked_out is None:
        return
    last = state_of(draft)

    assert last.summary.retained.value == 0
    paid = sum(certified for _number, _applied, certified in amounts_of(last))
    assert paid + last.summary.due.value == 150000
    assert replay(last.summary.due) == last.summary.due.value
