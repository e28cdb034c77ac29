"""Postcodes of countries that number them: their lengths, and the zeros that spreadsheets drop.

A cell with ``02139`` that a spreadsheet took for a number comes back as ``2139``, which begins like
a place in another state.  Such a code is a finding and is never rated: 2139 may also be a code
that lost its last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Countries by the number of digits.  Sources: the address data of Google's libaddressinput, where
# a country's pattern is digits alone or digits with a blank or hyphen (a test compares), and the
# Universal Postal Union's addressing sheets, https://www.upu.int/en/postal-solutions/
# programmes-services/addressing-solutions, for countries whose patterns name single codes.
_COUNTRIES: dict[int, str] = {
    3: "FO GN IS LS MG PG",
    4: "AF AL AT AU AZ BD BE BG CC CH CV CX CY DK ET GE GL GW HM HT HU LI LR LU LV MD MK MZ NE NF "
    "NO NZ PH PY SI SJ TN ZA",
    5: "AS AX BA BL BT CU CZ DE DO DZ EE EG EH ES FI FM FR GF GP GR GT GU HN HR ID IQ IT JO KE KR "
    "KW LA LK LT MA MC ME MF MH MM MN MP MQ MV MX MY NA NC NI NP PF PK PL PM PR PW RE SD SE SK SM "
    "SN TH TR UA UM US UY VA VI WF XK YT ZM",
    6: "BY CN CO EC IN KG KZ NG RO RU SG TJ TM UZ",
    7: "CL JP",
    8: "BR",
    10: "IR",
}
POSTCODE_DIGITS: Mapping[str, int] = MappingProxyType(
    {country: digits for digits, names in _COUNTRIES.items() for country in names.split()}
)
"""Digits of a country's postcodes; those of other countries have letters or several lengths."""

_ZIP_COUNTRIES = frozenset({"AS", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "US", "VI"})
_ZIP_PLUS_4 = 9
_SIGNS = {
    "AT": "A", "BE": "B", "DE": "D", "ES": "E", "FI": "FIN", "FR": "F", "HU": "H", "IT": "I",
    "LI": "FL", "LU": "L", "NO": "N", "SE": "S", "SI": "SLO",
}  # fmt: skip


def normalize_code(code: str) -> str:
    """Return a postcode in capitals without blanks and hyphens: ``H2X 1Y4`` is ``H2X1Y4``."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def normalize_postcode(postcode: str, country: str) -> str:
    """Return the postcode of a shipment as lanes are compared with it.

    Where postcodes are numbers, the country's sign before them is dropped (``D-01067``), and of a
    ZIP+4 code the first five digits count.
    """
    code = normalize_code(postcode)
    digits = POSTCODE_DIGITS.get(country)
    if digits is None:
        return code
    for sign in (country, _SIGNS.get(country, country)):
        if code.startswith(sign) and code[len(sign) :].isdigit():
            code = code[len(sign) :]
    whole = country in _ZIP_COUNTRIES and len(code) == _ZIP_PLUS_4
    return code[:digits] if whole else code


def postcode_fault(code: str, country: str) -> str | None:
    """Return what is wrong with a normalized postcode, or nothing; an empty one is none."""
    digits = POSTCODE_DIGITS.get(country)
    if digits is None or not code or (len(code) == digits and code.isdecimal()):
        return None
    wrong = f"{code!r} is not a postcode of {country}, where they have {digits} digits"
    if not code.isdecimal() or not code.isascii():
        return wrong
    plus = country in _ZIP_COUNTRIES and len(code) > digits
    length = _ZIP_PLUS_4 if plus else digits
    lost = len(code) < length
    return (
        (f"{wrong}; a spreadsheet may have dropped leading zeros of {code.zfill(length)}")
        if lost
        else wrong
    )


def prefix_fault(code: str, country: str) -> str | None:
    """Return what is wrong with the first signs of a postcode, or nothing."""
    digits = POSTCODE_DIGITS.get(country)
    if digits is None or (len(code) <= digits and code.isdecimal()):
        return None
    return f"no postcode of {country} begins with {code!r}; they have {digits} digits"
