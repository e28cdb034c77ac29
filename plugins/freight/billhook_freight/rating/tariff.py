"""Tariffs: a cover and tables of rows, each row with its place.

A tariff package is a folder: ``tariff.toml`` is the cover, and the tables lie beside it as CSV.
"""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from typing import Annotated, Literal

import attrs

from billhook.kernel.money import Mode
from billhook.kernel.origin import Origin
from billhook.model.record import LookupRecord
from billhook.sources.ranges import above, at_least
from billhook_freight.settings import Day

Amount = Annotated[Decimal, at_least(0)]
Percentage = Annotated[Decimal, at_least(0)]


class PlaceKind(enum.StrEnum):
    """The kind of a lane's end, from the narrowest to the widest."""

    POSTCODE = "postcode"
    PREFIX = "prefix"
    REGION = "region"
    COUNTRY = "country"
    ANYWHERE = "anywhere"


class Basis(enum.StrEnum):
    """The unit that an accessorial's rate is for."""

    FLAT = "flat"
    PIECE = "piece"
    WEIGHT = "weight"
    DISTANCE = "distance"
    HOUR = "hour"
    DAY = "day"
    PERCENT = "percent"


@attrs.frozen(kw_only=True)
class Place:
    """A place as a lane says it.

    Attributes:
        kind: How it is said.
        first: The postcode, prefix, region or country; empty for anywhere.
        last: Last of a range of postcodes or prefixes, included; empty is ``first`` alone.
        country: Country of the postcodes, prefixes or region.
    """

    kind: PlaceKind
    first: str = ""
    last: str = ""
    country: str = ""

    def __str__(self) -> str:
        codes = self.first if self.last in {"", self.first} else f"{self.first}..{self.last}"
        where = f" in {self.country}" if self.country and self.kind is not PlaceKind.COUNTRY else ""
        return f"{self.kind} {codes}{where}" if codes else str(self.kind)


@attrs.frozen(kw_only=True)
class Lane:
    """A row of ``lanes.csv``: from where to where which rate base holds.

    Attributes:
        origin_kind: How the origin is said.
        origin_from: Postcode, prefix, region or country.
        origin_to: Last of a range, included.
        origin_country: Country of the postcodes; empty is the tariff's own.
        destination_kind: How the destination is said.
        destination_from: Postcode, prefix, region or country.
        destination_to: Last of a range, included.
        destination_country: Country of the postcodes; empty is the tariff's own.
        rate_base: Name of the set of rates.
        priority: Among equally specific lanes the higher one holds.
        both_ways: The lane holds in the other direction too.
        origin: Where the row stands.
    """

    origin_kind: PlaceKind = PlaceKind.ANYWHERE
    origin_from: str = ""
    origin_to: str = ""
    origin_country: str = ""
    destination_kind: PlaceKind = PlaceKind.ANYWHERE
    destination_from: str = ""
    destination_to: str = ""
    destination_country: str = ""
    rate_base: str
    priority: int = 0
    both_ways: bool = False
    origin: Origin | None = attrs.field(default=None, eq=False)

    @property
    def place_from(self) -> Place:
        """The origin as one value."""
        return Place(
            kind=self.origin_kind,
            first=self.origin_from,
            last=self.origin_to,
            country=self.origin_country,
        )

    @property
    def place_to(self) -> Place:
        """The destination as one value."""
        return Place(
            kind=self.destination_kind,
            first=self.destination_from,
            last=self.destination_to,
            country=self.destination_country,
        )

    def __str__(self) -> str:
        return f"{self.place_from} to {self.place_to}"


@attrs.frozen(kw_only=True)
class ClassRate:
    """A row of ``rates.csv``: the rate of a class from a weight on.

    Attributes:
        rate_base: Name of the set of rates.
        freight_class: Freight class, a text.
        break_from: First weight of the break, included.
        break_to: Its last weight as printed; only checked, for breaks are half-open.
        rate: For `TariffHeader.per` units of weight.
        code: What the break is called: ``M5C``.
        origin: Where the row stands.
    """

    rate_base: str
    freight_class: str
    break_from: Amount
    break_to: Amount | None = None
    rate: Amount
    code: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Minimum:
    """A row of ``minimums.csv``: the least that a rate base charges before discount."""

    rate_base: str = ""
    minimum: Amount
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class AccountDiscount:
    """A row of ``discounts.csv``: what is taken off the freight charge.

    Attributes:
        account: Only for this account; empty is every other.
        rate_base: Only for this rate base; empty is every other.
        break_from: From this weight of the shipment on.
        percent: Of the charge after the minimum.
        origin: Where the row stands.
    """

    account: str = ""
    rate_base: str = ""
    break_from: Amount = Decimal(0)
    percent: Percentage
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class FuelBand:
    """A row of ``fsc.csv``: the surcharge for a band of the fuel price.

    Attributes:
        low: First price of the band, included.
        high: Its last price as printed; bands are half-open, so it is needed only at the end.
        percent: The surcharge.
        origin: Where the row stands.
    """

    low: Amount
    high: Amount | None = None
    percent: Percentage
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class FuelPrice:
    """A row of ``prices.csv``: the index price from a day on."""

    effective: dt.date
    price: Amount
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Accessorial:
    """A row of ``accessorials.csv``: a service beside the carriage.

    Attributes:
        code: Its code, as shipments name it.
        title: Its name, as printed.
        basis: What the rate is for; ``weight`` is for `TariffHeader.per` units of weight,
            ``percent`` of the net freight charge.
        rate: The rate.
        minimum: The least that is charged, unless all of the quantity is free.
        maximum: The most that is charged.
        free: Quantity without charge.
        increment: A started unit of this size counts whole.
        fuel_bearing: The fuel surcharge applies to it too.
        always: It is charged on every shipment.
        origin: Where the row stands.
    """

    code: str
    title: str
    basis: Basis = Basis.FLAT
    rate: Amount
    minimum: Amount | None = None
    maximum: Amount | None = None
    free: Amount = Decimal(0)
    increment: Annotated[Decimal, above(0)] | None = None
    fuel_bearing: bool = False
    always: bool = False
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class TariffRounding:
    """The tariff's rounding of each extension, discount and surcharge.

    Attributes:
        mode: What happens between two steps.
        step: The grid; ``None`` is the currency's minor unit.
    """

    mode: Mode = Mode.HALF_UP
    step: Annotated[Decimal, above(0)] | None = None


@attrs.frozen(kw_only=True)
class FuelProgram:
    """The terms of the fuel surcharge: index, price date and base.

    Attributes:
        index: Name of the published index.
        unit: What the price is for: ``gal``, ``L``.
        day: The day whose price counts.
        basis: ``net`` after discount, ``gross`` before it; fuel-bearing services always count.
        days: A price is in force for so many days; then the next one is missing.
    """

    index: str = ""
    unit: str = ""
    day: Day = "pickup"
    basis: Literal["net", "gross"] = "net"
    days: Annotated[int, above(0)] = 7


@attrs.frozen(kw_only=True)
class TariffHeader:
    """The file ``tariff.toml``: what holds for the whole tariff.

    Attributes:
        id: Name of the tariff; its versions share it.
        version: Name of the version.
        title: As printed.
        issuer: Who issued it.
        currency: ISO 4217 code.
        country: Country of postcodes and shipments that name none.
        unit: Unit of all weights.
        per: Rates are for so many units of weight: 1, 10, 100 or 1000.
        weight_step: A started step of weight counts whole: 100 for rates per started 100 kg; left
            out, weights are rated as they are.
        weight_step_per: What the step is counted in: the weight of each ``class`` in a shipment,
            or of the whole ``shipment``, where what is missing to the step takes the lowest rate.
        distance_unit: Unit of distances.
        since: First day in force.
        until: First day no longer in force; empty is open.
        rating_date: The day of a shipment that decides which version holds.
        deficit_rating: Whether the rate of a heavier break may be bought with deficit weight.
        absolute_minimum: The least that is charged for a shipment after discount.
        discount_on_minimum: Whether a shipment at the minimum charge is discounted.
        discount_below_minimum: Whether a discount may take the charge below the minimum charge.
        rounding: How amounts are rounded.
        fuel: How the fuel surcharge is taken.
        origin: Where it stands.
    """

    id: str
    version: str
    title: str = ""
    issuer: str = ""
    currency: str
    country: str = ""
    unit: Literal["lb", "kg"]
    per: int = 100
    weight_step: Annotated[Decimal, above(0)] | None = None
    weight_step_per: Literal["class", "shipment"] = "class"
    distance_unit: Literal["mi", "km"] = "mi"
    since: dt.date
    until: dt.date | None = None
    rating_date: Day = "pickup"
    deficit_rating: bool = True
    absolute_minimum: Amount | None = None
    discount_on_minimum: bool = True
    discount_below_minimum: bool = True
    rounding: TariffRounding = attrs.field(factory=TariffRounding)
    fuel: FuelProgram = attrs.field(factory=FuelProgram)
    origin: Origin | None = attrs.field(default=None, eq=False)

    def covers(self, day: dt.date) -> bool:
        """Return whether the version is in force on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    @property
    def interval(self) -> str:
        """The days in force, for messages."""
        return f"{self.since} until {self.until or 'open'}"


@attrs.frozen(kw_only=True)
class Tariff(LookupRecord):
    """One version of a tariff: its cover and its tables."""

    cover: TariffHeader
    lanes: tuple[Lane, ...] = ()
    rates: tuple[ClassRate, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    discounts: tuple[AccountDiscount, ...] = ()
    fuel_bands: tuple[FuelBand, ...] = ()
    fuel_prices: tuple[FuelPrice, ...] = ()
    accessorials: tuple[Accessorial, ...] = ()


TariffRow = (
    Lane | ClassRate | Minimum | AccountDiscount | FuelBand | FuelPrice | Accessorial | TariffHeader
)


def row_name(row: TariffRow) -> str:
    """Return how to call a row: its file and line, or what it is."""
    if row.origin is None:
        return type(row).__name__.lower()
    file = row.origin.file.rpartition("/")[2]
    return file if row.origin.line is None else f"{file}:{row.origin.line}"
