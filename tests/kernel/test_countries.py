from __future__ import annotations

import pytest

from billhook import Address
from billhook.builtin.tax_table import TaxRate
from billhook.kernel.countries import COUNTRIES


def test_there_are_the_countries_of_iso_3166_and_two_more() -> None:
    assert len(COUNTRIES) == 249 + 2
    assert {"US", "DE", "GB", "XK", "XI"} <= COUNTRIES


@pytest.mark.parametrize("code", ["USA", "us", "UK", "EU", "ZZ", ""])
def test_an_address_is_in_a_country_that_there_is(code: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 3166 country code"):
        Address(country=code)


def test_a_tax_rate_for_a_country_that_is_none_would_never_hold() -> None:
    with pytest.raises(ValueError, match="'GER' is not an ISO 3166"):
        TaxRate(country="GER")
