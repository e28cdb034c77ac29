"""Tax: the rule comes from a plugin, the arithmetic is the core's."""

from __future__ import annotations

import datetime as dt
import enum

import attrs

from billhook.kernel.figure import Figure
from billhook.kernel.text import Label, Text
from billhook.model.adjustment import LinePart
from billhook.model.party import Party
from billhook.model.validators import SPARSE, demand, demand_each, demand_percentage


class Category(enum.StrEnum):
    """VAT category codes of UNCL5305 as EN 16931 uses them (BT-151, BT-118)."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE = "O"
    CANARY_ISLANDS = "L"
    CEUTA_MELILLA = "M"


@attrs.frozen(kw_only=True)
class Taxable:
    """A class of charges that are taxed together.

    Attributes:
        tax_class: The class that charges bear.
        base: The class's net amount.
        date: The tax point (BT-7), else the invoice date: rates are dated.
        seller: Who bills.
        buyer: Who is billed.
    """

    tax_class: str
    base: Figure
    date: dt.date
    seller: Party
    buyer: Party


@attrs.frozen(kw_only=True)
class TaxComponent:
    """One tax of a rule.

    Attributes:
        name: As printed: ``VAT``, ``CGST``, ``State sales tax``.
        rate: Figure of unit ``%``, with the origin of the rate (BT-119).
        compound: The tax is charged on the base plus the components before it.
        withheld: The buyer keeps it and pays the authority: it reduces what is payable.
    """

    name: Text = attrs.field(validator=demand(str, Label))
    rate: Figure = attrs.field(validator=demand_percentage)
    compound: bool = False
    withheld: bool = False


@attrs.frozen(kw_only=True)
class TaxRule:
    """Tax rule of one tax class.

    Attributes:
        components: The taxes; none when nothing is charged.
        category: VAT category code (BT-118).
        reason: Why no tax is charged, for the reader (BT-120).
        reason_code: The same as a VATEX code (BT-121).
    """

    components: tuple[TaxComponent, ...] = attrs.field(
        default=(), validator=demand_each(TaxComponent)
    )
    category: Category = attrs.field(default=Category.STANDARD, validator=demand(Category))
    reason: Text = attrs.field(default="", validator=demand(str, Label))
    reason_code: str | None = attrs.field(default=None, validator=demand(str, type(None)))


@attrs.frozen(kw_only=True)
class TaxLine:
    """One row of the tax breakdown (BG-23): one category, name and rate.

    Attributes:
        classes: The classes of charges that bear this tax, whatever other taxes they bear.
        category: VAT category code (BT-118).
        name: Name of the tax; empty when none is charged.
        rate: The rate, unit ``%`` (BT-119); ``None`` outside the scope of tax.
        base: Taxable amount (BT-116).
        amount: Tax (BT-117).
        withheld: The buyer keeps it.
        reason: Exemption reason (BT-120).
        reason_code: VATEX code (BT-121).
        upon: Of a tax on tax: the places of the rows of the breakdown that it applies to too.
        parts: The exact tax by line; none where no tax is charged, or on documents sealed before
            there were parts.
        included: The prices included it: it was taken out of them, and its parts by line are on the
            currency's grid.
    """

    classes: tuple[str, ...]
    category: Category
    name: Text
    rate: Figure | None
    base: Figure
    amount: Figure
    withheld: bool = False
    reason: Text = ""
    reason_code: str | None = None
    upon: tuple[int, ...] = ()
    parts: tuple[LinePart, ...] = ()
    included: bool = attrs.field(default=False, metadata={SPARSE: True})
