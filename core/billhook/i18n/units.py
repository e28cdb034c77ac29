"""Units of measure: billhook's short codes and UN/ECE Recommendation 20, as CLDR knows them."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from billhook.kernel.text import NBSP, Label, labels

if TYPE_CHECKING:
    from babel import Locale

_: Final = labels("billhook")

_CLDR = {
    "duration-minute": "min MIN",
    "duration-hour": "h hr HUR LH OT",
    "duration-day": "d day DAY E49",
    "duration-week": "wk week WEE",
    "duration-month": "mo month MON",
    "duration-year": "yr year ANN",
    "mass-gram": "g GRM",
    "mass-kilogram": "kg KGM",
    "mass-tonne": "t TNE",
    "mass-pound": "lb LBR",
    "mass-ounce": "oz ONZ",
    "mass-ton": "ton STN",
    "length-millimeter": "mm MMT",
    "length-centimeter": "cm CMT",
    "length-meter": "m MTR LM",
    "length-kilometer": "km KMT",
    "length-inch": "in INH",
    "length-foot": "ft FOT",
    "length-yard": "yd YRD",
    "length-mile": "mi SMI",
    "length-nautical-mile": "nmi NMI",
    "area-square-meter": "m2 MTK",
    "area-square-foot": "ft2 FTK",
    "area-square-yard": "yd2 YDK",
    "area-hectare": "ha HAR",
    "area-acre": "ac ACR",
    "volume-cubic-meter": "m3 MTQ",
    "volume-cubic-foot": "ft3 FTQ",
    "volume-cubic-yard": "yd3 YDQ",
    "volume-liter": "L l LTR",
    "volume-gallon": "gal GLL",
    "volume-gallon-imperial": "impgal GLI",
    "energy-kilowatt-hour": "kWh KWH",
}

UNITS = {code: unit for unit, codes in _CLDR.items() for code in codes.split()}
"""CLDR's unit by code.  ``ton`` is the short ton of 2,000 lb, ``t`` the tonne of 1,000 kg."""

LABELS: dict[str, Label] = {
    # NOTE: Abbreviation of "pieces", after a number.
    **dict.fromkeys(("ea", "pcs", "pc", "C62", "H87", "EA"), _("pcs")),
    # NOTE: Unit of an all-inclusive price.
    **dict.fromkeys(("ls", "LS"), _("lump sum")),
    # NOTE: Abbreviation of "pallets", after a number.
    **dict.fromkeys(("plt", "XPX", "PF"), _("plt")),
}
"""Units that CLDR does not have, as labels of the core's catalogue."""

SYMBOLS = {
    **dict.fromkeys(("cwt", "CWA"), "cwt"),
    "CWI": "cwt (imp.)",
    "LTN": "LT",
    **dict.fromkeys(("tkm", "TKM"), "t·km"),
    **dict.fromkeys(("%", "P1"), "%"),
}
"""Units that CLDR does not have and that are written alike in every language."""


@cache
def affixes(locale: Locale, unit: str, category: str) -> tuple[str, str]:
    """Return the text before and after a number of a plural category (``one``, ``few``, …).

    Where CLDR has no pattern for the category, or one without a number in it ("two hours" in one
    Hebrew word), the pattern of ``other`` is taken: a bill says how many.
    """
    patterns = _patterns(locale, unit)
    pattern = patterns.get(category, "")
    if "{0}" not in pattern:
        pattern = patterns.get("other", "{0}" + NBSP + unit)
    before, _place, after = pattern.partition("{0}")
    return before, after


def _patterns(locale: Locale, unit: str) -> Mapping[str, str]:
    # Babel's format_unit writes "1 horas" where Spanish has no pattern for "one", so CLDR is read.
    from babel.localedata import LocaleDataDict, load

    data = LocaleDataDict(cast("MutableMapping[str | int | None, Any]", load(str(locale))))
    found: Mapping[str, str] = data["unit_patterns"].get(unit, {}).get("short", {})
    return found


@cache
def name(locale: Locale, unit: str) -> str:
    """Return the short name of a unit for the head of a column: ``hours``, ``Std.``."""
    from babel.units import get_unit_name

    return get_unit_name(unit, length="short", locale=locale) or unit


def per(locale: Locale, price: str, unit: str) -> str:
    """Return a price per unit: ``$250.00/h``."""
    from babel.units import format_compound_unit

    text = format_compound_unit(price, denominator_unit=unit, length="short", locale=locale)
    return text or f"{price}/{unit}"
