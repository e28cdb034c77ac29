"""Postal addresses in the order of their country.

The orders are in ``addresses.json``, made by ``scripts/addresses.py`` of Google's address data.
Each has a place for every field, so no part of an address is ever left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import attrs

from billhook.i18n.locales import babel_locale
from billhook.model.party import Address

_PIECE = re.compile(r"([^{}]*)\{(\w+)\}", re.ASCII)
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")

_Rows = tuple[str, ...]


@attrs.frozen
class AddressOrders:
    """The rows of addresses by country (ISO 3166-1 alpha-2), top down."""

    default: _Rows
    latin: Mapping[str, _Rows]
    """Addresses in any script, if the country has no other order for its own."""
    own: Mapping[str, _Rows]
    """Addresses in Chinese, Japanese or Korean script."""


@lru_cache(maxsize=1)
def address_orders() -> AddressOrders:
    """Return the orders of ``addresses.json``."""
    text = Path(__file__).with_name("addresses.json").read_text(encoding="utf-8")
    data = json.loads(text)
    latin, own = (
        {country: tuple(rows) for country, rows in data[script].items()}
        for script in ("latin", "own")
    )
    return AddressOrders(tuple(data["default"]), latin, own)


def address_lines(address: Address, locale: str, home: str | None = None) -> list[str]:
    """Return the lines of an address, top down.

    Args:
        address: The address.
        locale: The document's locale, for the country's name.
        home: The sender's country; the country's name is printed for other countries only.
            Without it the name is always printed.
    """
    lines = [line for row in _order(address) for line in _row(row, address)]
    if address.country and address.country != home:
        lines.append(country_name(address.country, locale))
    return lines


@lru_cache(maxsize=2048)
def country_name(country: str, locale: str) -> str:
    """Return a country's name in a language, or its code where CLDR has none."""
    return str(babel_locale(locale).territories.get(country, country))


def _order(address: Address) -> _Rows:
    orders = address_orders()
    own = orders.own.get(address.country)
    if own is not None and _east_asian(address):
        return own
    return orders.latin.get(address.country, orders.default)


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
