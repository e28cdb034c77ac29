"""The choice of a tariff version for a shipment, by its rating date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook_freight import codes
from billhook_freight.rating.ratebook import Ratebook
from billhook_freight.rating.tariff import Tariff
from billhook_freight.records import Shipment


class Versions:
    """The versions of the tariff that a job rates by."""

    def __init__(self, tariffs: Iterable[Tariff], wanted: str) -> None:
        self._all = tuple(tariffs)
        self._wanted = wanted
        self.books = [Ratebook(each) for each in self._all if wanted in {"", each.cover.id}]

    def find(self, shipment: Shipment) -> Ratebook | Diagnostic:
        """Return the version in force on the shipment's rating date, or why there is none."""
        fitting = [book for book in self.books if _holds(book, shipment)]
        if len(fitting) == 1:
            return fitting[0]
        return self._several(shipment, fitting) if fitting else self._none(shipment)

    def _none(self, shipment: Shipment) -> Diagnostic:
        days = " or ".join(sorted({_day(book, shipment) for book in self.books}))
        what = f"tariff {self._wanted!r}" if self._wanted else "tariff"
        message = f"shipment {shipment.number}: no {what} is in force on {days or shipment.pickup}"
        return Diagnostic(codes.NO_TARIFF.id, message, origin=shipment.origin, hint=self._hint())

    def _hint(self) -> str | None:
        if self.books:
            there = (f"{_name(book)} from {book.cover.interval}" for book in self.books)
            return f"there is {'; '.join(there)}"
        known = {tariff.cover.id for tariff in self._all}
        none = "add a source of kind 'freight.tariff'"
        return did_you_mean(self._wanted, known) if known else none

    def _several(self, shipment: Shipment, books: Sequence[Ratebook]) -> Diagnostic:
        names = " and ".join(_name(book) for book in books)
        days = " or ".join(sorted({_day(book, shipment) for book in books}))
        message = f"shipment {shipment.number}: {names} are both in force on {days}"
        hint = "end the earlier version with `until`, or name one tariff under [freight]"
        return Diagnostic(codes.TWO_TARIFFS.id, message, origin=shipment.origin, hint=hint)


def _holds(book: Ratebook, shipment: Shipment) -> bool:
    day = shipment.day(book.cover.rating_date)
    return day is not None and book.cover.covers(day)


def _day(book: Ratebook, shipment: Shipment) -> str:
    day = shipment.day(book.cover.rating_date)
    return str(day) if day else "the day of delivery, which is not known"


def _name(book: Ratebook) -> str:
    return f"{book.cover.id} {book.cover.version}"
