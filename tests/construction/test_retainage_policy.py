"""Policies of retainage: steps, caps, rows of their own; certificates and releases under them."""

from __future__ import annotations

import pytest

from billhook import replay
from billhook_construction.events import Certified, CertifiedItem, Released
from billhook_construction.settings import Contract, RetainagePolicy, RetainageStep
from construction.site import Site, codes_of, d, day, entry, row

HALF = (RetainageStep(at=d(50), work=d(5)),)
STOP = (RetainageStep(at=d(50), work=d(0)),)


def site(policy: RetainagePolicy | None, **settings: object) -> Site:
    contract = Contract(retainage_work=d(10), retainage=policy, **settings)
    return Site(schedule=[row("1", 600000), row("2", 400000)], contract=contract)


@pytest.mark.parametrize(
    ("policy", "held"),
    [
        (None, 65000),  # 10 % of 650,000
        (RetainagePolicy(mode="flat"), 65000),
        (RetainagePolicy(mode="prospective", steps=HALF), 57500),  # 50,000 + 5 % of 150,000
        (RetainagePolicy(mode="recompute", steps=HALF), 32500),  # 5 % of 650,000
        (RetainagePolicy(mode="prospective", steps=STOP), 50000),
        (RetainagePolicy(mode="flat", cap=d(5)), 50000),
        (RetainagePolicy(mode="flat", cap_amount=d("12345.67")), d("12345.67")),
    ],
)
def test_retainage_at_65_percent_of_a_million(policy: RetainagePolicy | None, held: int) -> None:
    contract = site(policy)
    contract.apply(entry("1", percent=65), entry("2", percent=20))
    state = contract.apply(entry("1", percent=65), entry("2", percent=65))

    assert state.summary.retained.value == held
    assert sum(each.retained.value for each in state.rows) == held
    assert sum(each.invoice.totals.payable.value for each in contract.documents) == 650000 - held
    assert replay(state.summary.retained) == state.summary.retained.value


def test_a_step_that_pays_back_bills_what_it_pays_back() -> None:
    contract = site(RetainagePolicy(mode="recompute", steps=HALF))
    contract.apply(entry("1", amount=490000))
    summary = contract.apply(entry("1", amount=510000)).summary

    # 49,000 were held of 490,000; 5 % of 510,000 is 25,500.
    assert summary.due.value == 20000 + 49000 - 25500


def test_stored_material_fills_the_bands_after_the_work() -> None:
    policy = RetainagePolicy(mode="prospective", steps=STOP, reached_by="work_and_stored")
    contract = site(policy, retainage_stored=d(10))
    summary = contract.apply(entry("1", amount=450000, stored=100000)).summary

    # 450,000 of work at 10 %, stored material up to 500,000 at 10 % and beyond at nothing.
    assert summary.retained_work.value == 45000
    assert summary.retained_stored.value == 5000


def test_what_is_held_under_a_policy_is_called_what_it_is_held_of() -> None:
    policy = RetainagePolicy(mode="prospective", steps=STOP, reached_by="work_and_stored")
    contract = site(policy, retainage_stored=d(10))
    contract.apply(entry("1", amount=450000, stored=100000))
    labels = {each.id: str(each.label) for each in contract.documents[-1].invoice.adjustments}

    assert "stored" in labels["retainage-stored"]
    assert "stored" not in labels["retainage-work"]


@pytest.mark.parametrize(("work", "held"), [(450000, 45000), (550000, 50000)])
def test_steps_that_work_reaches_are_not_reached_by_stored_material(work: int, held: int) -> None:
    # 450,000 of work and 100,000 stored: the work alone has not reached 500,000
    contract = site(RetainagePolicy(mode="prospective", steps=STOP), retainage_stored=d(10))
    summary = contract.apply(entry("1", amount=work, stored=0), entry("2", amount=0)).summary

    assert summary.retained_work.value == held


def test_two_equal_releases_of_one_day_are_two() -> None:
    contract = site(None)
    contract.apply(entry("1", percent=100))
    once = Released(subject="sample", at=day(1), by="owner", amount=d(1000))
    contract.events.append(once)
    first = contract.apply(entry("1", percent=100)).summary
    contract.events.append(once)
    second = contract.apply(entry("1", percent=100)).summary

    # 60,000 held, and 1,000 paid out twice
    assert (first.due.value, second.due.value) == (1000, 1000)
    assert second.retained.value == 58000


def test_a_row_is_free_of_retainage_and_another_has_its_own_rate() -> None:
    contract = site(None)
    contract.schedule = [
        row("1", 1000),
        row("2", 1000, retainage=d(0)),
        row("3", 1000, retainage=d(5)),
    ]
    state = contract.apply(*(entry(number, percent=100) for number in "123"))

    assert [each.retained.value for each in state.rows] == [100, 0, 50]
    assert contract.documents[-1].invoice.totals.payable.value == 2850


def test_a_certificate_cuts_under_the_same_policy() -> None:
    contract = site(RetainagePolicy(mode="prospective", steps=STOP))
    contract.apply(entry("1", amount=600000))
    cut = CertifiedItem(item="1", completed=d(400000))
    contract.events.append(
        Certified(subject="sample", at=day(1), by="architect", application=1, items=(cut,))
    )

    summary = contract.apply(entry("1", amount=600000)).summary

    assert summary.previous_certificates.value == 360000
    assert summary.due.value == 550000 - 360000


def test_a_release_under_a_cap_is_not_held_again() -> None:
    contract = site(RetainagePolicy(mode="flat", cap=d(3)))
    contract.apply(entry("1", percent=100))
    contract.events.append(Released(subject="sample", at=day(1), by="owner", percent=d(50)))

    assert contract.apply(entry("2", percent=50)).summary.retained.value == 15000
    assert contract.apply(entry("2", percent=100)).summary.retained.value == 15000
    contract.events.append(Released(subject="sample", at=day(3), by="owner"))
    contract.apply()

    assert sum(each.invoice.totals.payable.value for each in contract.documents) == 1000000


@pytest.mark.parametrize(
    "policy",
    [
        RetainagePolicy(mode="flat", steps=HALF),
        RetainagePolicy(mode="recompute"),
        RetainagePolicy(mode="prospective", steps=(*STOP, *HALF)),
        RetainagePolicy(mode="flat", cap=d(5), cap_amount=d(5)),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(policy: RetainagePolicy) -> None:
    assert codes_of(site(policy).draft(entry("1", percent=10))) == ["CON135"]


def test_terms_that_change_are_told() -> None:
    contract = site(None)
    contract.apply(entry("1", percent=10))
    contract.set(retainage=RetainagePolicy(mode="flat", cap=d(5)))
    contract.schedule[1] = row("2", 400000, retainage=d(0))

    assert codes_of(contract.draft(entry("1", percent=20))) == ["CON134", "CON134"]


def test_a_final_application_comes_to_the_contract_sum() -> None:
    contract = site(None, final=True)

    assert codes_of(contract.draft(entry("1", percent=100))) == ["CON136"]
    assert codes_of(contract.draft(entry("1", percent=100), entry("2", percent=100))) == []
