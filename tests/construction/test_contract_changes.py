"""Settings that change between applications: the rate of retainage, the tax base, the sum."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billhook_construction.events import Released
from billhook_construction.settings import Contract
from construction.site import Site, change, codes_of, d, day, entry, row


def site(vat: int | None = None, **settings: object) -> Site:
    rate = None if vat is None else Decimal(vat)
    return Site(schedule=[row("1", 100000)], contract=Contract(**settings), vat=rate)


def release(contract: Site, **facts: object) -> None:
    at = day(len(contract.documents) + 1)
    contract.events.append(Released(subject="sample", at=at, by="owner", **facts))


def payable(contract: Site) -> Decimal:
    return sum((each.invoice.totals.payable.value for each in contract.documents), Decimal(0))


def test_a_rate_that_rises_again_is_told() -> None:
    contract = site(retainage_work=d(10))
    contract.apply(entry("1", amount=40000))
    contract.set(retainage_work=d(5))
    contract.apply(entry("1", amount=80000))
    contract.set(retainage_work=d(10))

    assert codes_of(contract.draft(entry("1", amount=100000))) == ["CON130"]


@pytest.mark.parametrize("earlier", [False, True])
def test_a_lower_rate_beside_a_release_is_refused(earlier: bool) -> None:
    contract = site(retainage_work=d(3))
    contract.apply(entry("1", percent=90))
    release(contract, percent=d(50))
    if earlier:
        contract.apply(entry("1", percent=100))
    contract.set(retainage_work=d("1.5"))

    assert "CON131" in codes_of(contract.draft(entry("1", percent=100)))


@pytest.mark.parametrize(
    ("first", "then"), [("gross", "net_of_retainage"), ("net_of_retainage", "gross")]
)
@pytest.mark.parametrize("steps", [(100,), (60, 100)])
def test_a_changed_tax_base_taxes_every_amount_once(
    first: str, then: str, steps: tuple[int, ...]
) -> None:
    # 100,000 at 20 %: 120,000 when all is released, whenever the base changed.
    contract = site(20, retainage_work=d(10), tax_on=first)
    contract.apply(entry("1", percent=30))
    contract.set(tax_on=then)
    for percent in steps:
        contract.apply(entry("1", percent=percent))
    release(contract)
    contract.apply()

    assert payable(contract) == 120000
    assert sum(each.invoice.totals.tax.value for each in contract.documents) == 20000


def test_a_changed_tax_base_taxes_each_class_once() -> None:
    contract = site(20, retainage_work=d(10), tax_on="net_of_retainage")
    contract.schedule = [row("1", "333.33"), row("2", "666.67", tax_class="other")]
    contract.apply(entry("1", percent=50), entry("2", percent=50))
    contract.set(tax_on="gross")
    contract.apply(entry("1", percent=100), entry("2", percent=100))
    release(contract)
    contract.apply()

    assert payable(contract) == 1200


def test_a_final_bill_taxed_in_full_makes_good_the_tax_of_the_security() -> None:
    # 19 % of 101,234.56 is 19,234.5664.
    contract = site(19, retainage_work=d(5), tax_on="net_of_retainage")
    contract.schedule = [row("1", "101234.56")]
    contract.apply(entry("1", amount=30000))
    contract.apply(entry("1", amount=70000))
    contract.set(tax_on="gross")
    draft = contract.draft(entry("1", percent=100))
    contract.apply(entry("1", percent=100))

    assert codes_of(draft) == ["CON133"]
    assert sum(each.invoice.totals.tax.value for each in contract.documents) == d("19234.57")


def test_a_deduction_without_progress_is_told_when_the_bill_goes_beyond_the_sum() -> None:
    contract = site()
    contract.changes.append(change("CO-1", -20000))

    assert codes_of(contract.draft(entry("1", percent=90))) == ["CON132"]
    assert codes_of(contract.draft(entry("1", percent=80))) == []
    assert codes_of(contract.draft(entry("1", percent=100), entry("CO-1", percent=100))) == []
