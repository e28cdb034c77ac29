"""Tariff packages: a folder with ``tariff.toml`` and its tables as CSV beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar, runtime_checkable

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.model.source import Source
from billhook_freight.rating.tariff import (
    Accessorial,
    AccountDiscount,
    ClassRate,
    FuelBand,
    FuelPrice,
    Lane,
    Minimum,
    Tariff,
    TariffHeader,
)
from billhook_freight.validation.tariff import examine

KIND = "freight.tariff"
T = TypeVar("T")


@runtime_checkable
class Folder(Protocol):
    """A source that is a file: it can give items, and open the files beside it."""

    findings: Findings

    def items(self, item_type: type[T]) -> tuple[T, ...]:
        """Return every good row as an attrs class; the bad ones are reported."""
        ...

    def beside(self, file: str, kind: str, *, optional: bool = False) -> Folder | None:
        """Return a file of the same folder; ``None`` when it is optional and not there."""
        ...


def read(source: Source) -> Iterator[Tariff] | None:
    """Return the tariff of a package; what is wrong with it goes to the source's findings.

    A source that is no file is not read: programs hand over `Tariff` objects as records.
    """
    return _read(source) if source.kind == KIND and isinstance(source, Folder) else None


def _read(folder: Folder) -> Iterator[Tariff]:
    for cover in folder.items(TariffHeader):
        tariff = _tariff(folder, cover)
        if not folder.findings.errors:
            folder.findings.extend(examine(tariff))
        yield tariff


def _tariff(folder: Folder, cover: TariffHeader) -> Tariff:
    return Tariff(
        key=f"{KIND}:{cover.id}/{cover.version}",
        origin=_origin(cover),
        cover=cover,
        lanes=_rows(folder, "lanes.csv", Lane),
        rates=_rows(folder, "rates.csv", ClassRate),
        minimums=_rows(folder, "minimums.csv", Minimum, optional=True),
        discounts=_rows(folder, "discounts.csv", AccountDiscount, optional=True),
        fuel_bands=_rows(folder, "fsc.csv", FuelBand, optional=True),
        fuel_prices=_rows(folder, "prices.csv", FuelPrice, optional=True),
        accessorials=_rows(folder, "accessorials.csv", Accessorial, optional=True),
    )


def _rows(folder: Folder, file: str, kind: type[T], *, optional: bool = False) -> tuple[T, ...]:
    table = folder.beside(file, f"{KIND}.{file.removesuffix('.csv')}", optional=optional)
    if table is None:
        return ()
    rows = table.items(kind)
    folder.findings.extend(table.findings)
    return rows


def _origin(cover: TariffHeader) -> Origin:
    return cover.origin or Origin(KIND)
