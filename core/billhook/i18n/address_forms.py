"""The forms of postal addresses by country: rows, top down."""

from __future__ import annotations

_LINES = "{lines}"
_POSTCODE_CITY = (_LINES, "{postcode} {city}")
_POSTCODE_CITY_REGION = (_LINES, "{postcode} {city}", "{region}")
_CITY_POSTCODE = (_LINES, "{city} {postcode}")
_CITY_POSTCODE_REGION = (_LINES, "{city} {postcode}", "{region}")
_CITY_REGION_POSTCODE = (_LINES, "{city} {region} {postcode}")

DEFAULT = _POSTCODE_CITY_REGION
"""The form of countries that are not in the table; the commonest one of the world."""

_SHARED = {
    # Postcode before the city; no region in the form.
    _POSTCODE_CITY: "AT BE BG CH CZ DE DK EE FI FR GR HR IS LI LU MC NL NO PL PT RS SE SI SK TN",
    # Postcode before the city, the province on the next line.
    _POSTCODE_CITY_REGION: "AR CL ES MY RO VE",
    # Postcode behind the city; no region in the form.
    _CITY_POSTCODE: "BD IL JO KE LV NP NZ PK SA SG",
    # Postcode behind the city, the province on the next line.
    _CITY_POSTCODE_REGION: "ID IN KW",
    # All on one line, postcode last.
    _CITY_REGION_POSTCODE: "AU CA PR",
}

FORMS: dict[str, tuple[str, ...]] = {
    country: form for form, countries in _SHARED.items() for country in countries.split()
} | {
    "AE": (_LINES, "{city}", "{region}", "{postcode}"),
    "BR": (_LINES, "{city} - {region}", "{postcode}"),
    "CN": (_LINES, "{city}", "{region} {postcode}"),
    "CO": (_LINES, "{city}, {region}, {postcode}"),
    "EG": (_LINES, "{city}", "{region}", "{postcode}"),
    "GB": (_LINES, "{city}", "{region}", "{postcode}"),
    "HK": (_LINES, "{city}", "{region}", "{postcode}"),
    "HU": ("{city}", _LINES, "{postcode}", "{region}"),
    "IE": (_LINES, "{city}", "{region}", "{postcode}"),
    "IT": (_LINES, "{postcode} {city} {region}"),
    "JP": (_LINES, "{city}, {region} {postcode}"),
    "KR": (_LINES, "{city}, {region} {postcode}"),
    "LT": (_LINES, "{postcode} {city}"),
    "MX": (_LINES, "{postcode} {city}, {region}"),
    "PH": (_LINES, "{postcode} {city}", "{region}"),
    "TH": (_LINES, "{city}", "{region} {postcode}"),
    "TR": (_LINES, "{postcode} {city}/{region}"),
    "TW": (_LINES, "{city}, {region} {postcode}"),
    "UA": (_LINES, "{city}", "{region}", "{postcode}"),
    "US": (_LINES, "{city}, {region} {postcode}"),
    "VN": (_LINES, "{city}", "{region} {postcode}"),
    "ZA": (_LINES, "{city}", "{region}", "{postcode}"),
}
"""Rows by country (ISO 3166-1 alpha-2), for addresses in Latin or the country's alphabet."""

LOCAL_FORMS: dict[str, tuple[str, ...]] = {
    "CN": ("{postcode}", "{region}{city}", _LINES),
    "JP": ("〒{postcode}", "{region}{city}", _LINES),
    "KR": ("{region} {city}", _LINES, "{postcode}"),
    "TW": ("{postcode}", "{region}{city}", _LINES),
    "HK": ("{region}", "{city}", _LINES, "{postcode}"),
}
"""Rows for addresses in Chinese, Japanese or Korean script: from the large to the small."""
