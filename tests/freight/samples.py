"""Tariffs, shipments and jobs for the freight tests."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

import attrs

from billhook import Draft, Engine, Job, Origin, Record
from billhook.builtin import tax_table
from billhook.sources.declaration import Declaration
from billhook.sources.source import open_source
from billhook.testing import sample_job
from billhook_freight import plugin
from billhook_freight.rating.tariff import Accessorial, ClassRate, Lane, Tariff, TariffHeader
from billhook_freight.records import Shipment, ShipmentItem
from billhook_freight.settings import FreightSettings
from billhook_freight.validation.tariff_package import read

TARIFFS = Path(__file__).parent / "tariffs"
ORIGIN = Origin("shipments.csv", 2)
DAY = dt.date(2026, 6, 2)


def engine() -> Engine:
    return Engine([("freight", plugin), ("tax_table", tax_table)])


@functools.cache
def key500() -> Tariff:
    """The tariff of tests/freight/tariffs/key500, read from its files."""
    declaration = Declaration(kind="freight.tariff", file="key500/tariff.toml")
    source = open_source(declaration, TARIFFS)
    (tariff,) = read(source)
    assert list(source.findings) == []
    return tariff


def plain(**tables: tuple[object, ...]) -> Tariff:
    """KEY-500 without fuel, minimum, discounts and floor: the freight charge alone."""
    cover = attrs.evolve(key500().cover, absolute_minimum=None)
    bare = attrs.evolve(
        key500(), cover=cover, minimums=(), discounts=(), fuel_bands=(), fuel_prices=()
    )
    return attrs.evolve(bare, **tables)


def tariff(
    breaks: Mapping[str, Iterable[tuple[int | str, str]]],
    *,
    accessorials: tuple[Accessorial, ...] = (),
    **cover: object,
) -> Tariff:
    """A tariff of one lane everywhere: ``{"70": [(0, "110.00"), (500, "98.00")]}``."""
    facts = {
        "id": "T",
        "version": "1",
        "currency": "USD",
        "country": "US",
        "unit": "lb",
        "since": dt.date(2026, 1, 1),
    }
    rates = tuple(
        ClassRate(rate_base="A", freight_class=name, break_from=Decimal(start), rate=Decimal(rate))
        for name, rows in breaks.items()
        for start, rate in rows
    )
    return Tariff(
        key="freight.tariff:T/1",
        origin=Origin("tariff.toml"),
        cover=TariffHeader(**(facts | cover)),
        lanes=(Lane(rate_base="A"),),
        rates=rates,
        accessorials=accessorials,
    )


def shipment(number: str = "4711", **changes: object) -> Shipment:
    """A delivered shipment of account ACME from Boston to Chicago on the 2nd of June."""
    facts: dict[str, object] = {
        "key": f"freight.shipments:{number}",
        "origin": ORIGIN,
        "account": "ACME",
        "pickup": DAY,
        "delivered": DAY + dt.timedelta(days=2),
        "origin_postcode": "02134",
        "origin_city": "Boston",
        "origin_region": "MA",
        "destination_postcode": "60601",
        "destination_city": "Chicago",
        "destination_region": "IL",
    }
    return Shipment(**(facts | changes))


def one(freight_class: str, weight: str, number: str = "4711", **changes: object) -> Shipment:
    """A shipment of one class."""
    return shipment(number, freight_class=freight_class, weight=Decimal(weight), **changes)


def items(*classes: tuple[str, str], number: str = "4711") -> tuple[ShipmentItem, ...]:
    """The items of a shipment, as pairs of class and weight."""
    return tuple(
        ShipmentItem(
            key=f"freight.items:{number}-{row}",
            origin=Origin("items.csv", row + 1),
            shipment=number,
            freight_class=name,
            weight=Decimal(weight),
        )
        for row, (name, weight) in enumerate(classes, 1)
    )


def job(settings: FreightSettings | None = None, **changes: object) -> Job:
    return sample_job(
        plugins=("freight", "tax_table"),
        pockets=(settings or FreightSettings(account="ACME"),),
        **changes,
    )


def draft(*records: Record, settings: FreightSettings | None = None, **changes: object) -> Draft:
    return engine().draft(job(settings, **changes), records)


def amounts(worked: Draft) -> dict[str, Decimal]:
    """The lines of a bill by id, or a failure with what speaks against the bill."""
    assert worked.errors == ()
    return {line.id: line.amount.value for line in worked.invoice.lines}


def codes(worked: Draft) -> list[str]:
    return [finding.code for finding in worked.findings]
