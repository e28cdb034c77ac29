"""Words: what the lines of a bill are called."""

from __future__ import annotations

from decimal import Decimal

from billhook import Label, Text, labels

from billhook_utility.settings import Service
from billhook_utility.tariffs import Direction, Price

_ = labels("billhook_utility")

USED: dict[Service, Label] = {
    "water": _("Water"),
    "gas": _("Gas"),
    "electricity": _("Electricity"),
    "heat": _("Heat"),
}
FED_IN: dict[Service, Label] = {
    "water": _("Water returned"),
    "gas": _("Gas fed in"),
    "electricity": _("Electricity fed in"),
    "heat": _("Heat fed in"),
}
STANDING = _("Standing charge")
MINIMUM = _("Up to the minimum charge")
SIGNS = {"m3": "m³", "ft3": "ft³"}


def supplied(service: Service, price: Price) -> Text:
    """Return what a price is for: ``Electricity, night``."""
    words: dict[Direction, dict[Service, Label]] = {"import": USED, "export": FED_IN}
    what = words[price.direction][service]
    return _("{what}, {band}", what=what, band=price.band) if price.band else what


def in_block(what: Text, low: Decimal | None, high: Decimal | None, unit: str) -> Text:
    """Return what a block is for: ``Water, first 30 m³``."""
    sign = SIGNS.get(unit, unit)
    if low is None and high is None:
        return what
    if low is None:
        return _("{what}, first {high} {unit}", what=what, high=high, unit=sign)
    if high is None:
        return _("{what}, above {low} {unit}", what=what, low=low, unit=sign)
    return _("{what}, {low} to {high} {unit}", what=what, low=low, high=high, unit=sign)
