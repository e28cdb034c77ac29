"""Postal addresses in the order of their country.

Sources: the Universal Postal Union's addressing sheets and the posts' own guides.  No part of an
address is ever left out: what a country's form has no place for is printed on a line of its own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from billhook.i18n.address_forms import DEFAULT, FORMS, LOCAL_FORMS
from billhook.i18n.locales import babel_locale
from billhook.model.party import Address

_PIECE = re.compile(r"([^{}]*)\{(\w+)\}", re.ASCII)
_PARTS = ("city", "region", "postcode")
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def address_lines(address: Address, locale: str, home: str | None = None) -> list[str]:
    """Return the lines of an address, top down.

    Args:
        address: The address.
        locale: The document's locale, for the country's name.
        home: The sender's country; the country's name is printed for other countries only.
            Without it the name is always printed.
    """
    form = _form(address)
    lines = [line for row in form for line in _row(row, address)]
    lines += _left_out(form, address)
    if address.country and address.country != home:
        lines.append(country_name(address.country, locale))
    return lines


@lru_cache(maxsize=2048)
def country_name(country: str, locale: str) -> str:
    """Return a country's name in a language, or its code where CLDR has none."""
    return str(babel_locale(locale).territories.get(country, country))


def _form(address: Address) -> tuple[str, ...]:
    local = LOCAL_FORMS.get(address.country)
    if local is not None and _east_asian(address):
        return local
    return FORMS.get(address.country, DEFAULT)


def _east_asian(address: Address) -> bool:
    text = "".join((*address.lines, address.city, address.region))
    return any(unicodedata.name(char, "").startswith(_EAST_ASIAN) for char in text)


def _row(row: str, address: Address) -> list[str]:
    if row == "{lines}":
        return [line for line in address.lines if line]
    text = ""
    for place, (before, field) in enumerate(_PIECE.findall(row)):
        value: str = getattr(address, field)
        if value:
            text += (before if place == 0 or text else "") + value
    return [text] if text else []


def _left_out(form: tuple[str, ...], address: Address) -> list[str]:
    text = "\n".join(form)
    values = [getattr(address, part) for part in _PARTS if f"{{{part}}}" not in text]
    return [value for value in values if value]
