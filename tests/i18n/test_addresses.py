"""Addresses in their country's order, and no part of one is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.i18n.addresses import address_lines, address_orders, country_name
from billhook.model.party import Address
from i18n.load import load_script

ADDRESSES = load_script("addresses")

TEXT = st.text("abcÄøżЖ東京丸 -1", min_size=1, max_size=6).filter(lambda text: text.strip())
FIELD = st.one_of(st.just(""), TEXT)


@given(
    country=st.sampled_from(sorted({*address_orders().latin, *address_orders().own, "FJ"})),
    lines=st.lists(FIELD, max_size=3).map(tuple),
    city=FIELD,
    postcode=FIELD,
    region=FIELD,
    locale=st.sampled_from(("en", "de", "ja", "ar")),
)
@settings(max_examples=200, deadline=None)
def test_every_part_of_an_address_is_printed(country, lines, city, postcode, region, locale):
    address = Address(lines=lines, city=city, postcode=postcode, region=region, country=country)
    printed = address_lines(address, locale)
    rest = "\n".join(printed)

    for part in sorted(filter(None, (*lines, city, postcode, region)), key=len, reverse=True):
        assert part in rest
        rest = rest.replace(part, "\x00", 1)
    assert all(line.strip() for line in printed)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            Address(lines=("123 Main St",), city="Springfield", region="IL", postcode="62701",
                    country="US"),
            ["123 Main St", "Springfield, IL 62701"],
        ),
        (
            Address(lines=("1 Yonge St",), city="Toronto", region="ON", postcode="M5E 1W7",
                    country="CA"),
            ["1 Yonge St", "Toronto ON M5E 1W7"],
        ),
        (
            Address(lines=("10 Downing Street",), city="London", postcode="SW1A 2AA",
                    country="GB"),
            ["10 Downing Street", "London", "SW1A 2AA"],
        ),
        (
            Address(lines=("Weg 5",), city="Berlin", postcode="10115", country="DE"),
            ["Weg 5", "10115 Berlin"],
        ),
        (
            Address(lines=("Via Roma 1",), city="Torino", postcode="10121", region="TO",
                    country="IT"),
            ["Via Roma 1", "10121 Torino TO"],
        ),
        (
            Address(lines=("1 Martin Pl",), city="Sydney", region="NSW", postcode="2000",
                    country="AU"),
            ["1 Martin Pl", "Sydney NSW 2000"],
        ),
        (
            Address(lines=("Fő utca 1.",), city="Budapest", postcode="1011", country="HU"),
            ["Budapest", "Fő utca 1.", "1011"],
        ),
        (
            Address(lines=("Av. Paulista 1000",), city="São Paulo", region="SP",
                    postcode="01310-100", country="BR"),
            ["Av. Paulista 1000", "São Paulo-SP", "01310-100"],
        ),
        (
            Address(lines=("丸の内1-9-1",), city="千代田区", region="東京都", postcode="100-0005",
                    country="JP"),
            ["〒100-0005", "東京都千代田区", "丸の内1-9-1"],
        ),
        (
            Address(lines=("1-9-1 Marunouchi",), city="Chiyoda-ku", region="Tokyo",
                    postcode="100-0005", country="JP"),
            ["1-9-1 Marunouchi", "Chiyoda-ku, Tokyo", "100-0005"],
        ),
        (
            Address(lines=("세종대로 110",), city="중구", region="서울특별시", postcode="04524",
                    country="KR"),
            ["서울특별시 중구", "세종대로 110", "04524"],
        ),
        (
            Address(lines=("Çetin Emeç Cad. 1",), city="Çankaya", region="Ankara", postcode="06690",
                    country="TR"),
            ["Çetin Emeç Cad. 1", "06690 Çankaya/Ankara"],
        ),
        (
            Address(lines=("Calle Mayor 1",), city="Alcorcón", region="Madrid", postcode="28921",
                    country="ES"),
            ["Calle Mayor 1", "28921 Alcorcón Madrid"],
        ),
        (
            Address(lines=("High Street 1",), city="Dover", region="Kent", postcode="CT16 1AA",
                    country="GB"),
            ["High Street 1", "Dover", "Kent", "CT16 1AA"],
        ),
        (
            Address(lines=("Victoria Parade 1",), city="Suva", country="FJ"),
            ["Victoria Parade 1", "Suva"],
        ),
        (
            Address(lines=("1 Raffles Place",), city="Singapore", postcode="048616", country="SG"),
            ["1 Raffles Place", "Singapore 048616"],
        ),
        (
            Address(lines=("Bahnhofstrasse 1",), city="Zürich", postcode="8001", country="CH"),
            ["Bahnhofstrasse 1", "8001 Zürich"],
        ),
    ],
)  # fmt: skip
def test_an_address_is_printed_in_the_order_of_its_country(address, expected):
    assert address_lines(address, "en", home=address.country) == expected


def test_the_country_is_named_in_the_documents_language_and_only_abroad():
    vienna = Address(lines=("Weg 1",), city="Wien", postcode="1010", country="AT")

    assert address_lines(vienna, "de", home="AT") == ["Weg 1", "1010 Wien"]
    assert address_lines(vienna, "fr_CH", home="CH") == ["Weg 1", "1010 Wien", "Autriche"]
    assert address_lines(vienna, "ja")[-1] == "オーストリア"


def test_a_missing_part_leaves_no_stray_comma():
    assert address_lines(Address(region="IL", postcode="62701", country="US"), "en", "US") == [
        "IL 62701"
    ]
    assert address_lines(Address(city="Springfield", country="US"), "en", "US") == ["Springfield"]


def test_an_unknown_country_is_printed_as_its_code():
    assert country_name("QQ", "en") == "QQ"


def test_the_orders_are_those_of_the_address_data() -> None:
    expected = ADDRESSES.data()

    assert expected == ADDRESSES.TARGET.read_text(encoding="utf-8"), "run scripts/addresses.py"


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("%N%n%O%n%A%n%C, %S %Z", ("{lines}", "{city}, {region} {postcode}")),
        ("%O%n%N%n%A%nCH-%Z %C", ("{lines}", "{postcode} {city}", "{region}")),
        ("%N%n%O%n%A%nSINGAPORE %Z", ("{lines}", "{city} {postcode}", "{region}")),
        ("%N%n%O%n%A%n%C%nJERSEY%n%Z", ("{lines}", "{city}", "{region}", "{postcode}")),
        ("%N%n%O%n%A, %S%n%Z", ("{lines}", "{city}, {region}", "{postcode}")),
        ("%N%n%O%n%A%n%D, %C%n%S %Z", ("{lines}", "{city}", "{region} {postcode}")),
    ],
)
def test_a_format_of_the_data_becomes_rows_with_every_field(form, rows) -> None:
    assert ADDRESSES.rows(form) == rows
