"""Numbers, money, quantities, percentages and dates in one locale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from billhook.i18n import units
from billhook.i18n.locales import babel_locale
from billhook.i18n.message_catalogs import template_of
from billhook.i18n.number_format import (
    EXACT,
    DecimalPlaces,
    NumberWriter,
    babel_writer,
    compile_format,
    currency_pattern,
    number_pattern,
    percent_pattern,
)
from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.figure import MOST_DECIMALS, PERCENT, PURE, Figure
from billhook.kernel.memo import BoundedMemo
from billhook.kernel.money import find_currency as iso_currency
from billhook.kernel.text import NBSP, Period

if TYPE_CHECKING:
    from babel import Locale

DateStyle = Literal["short", "medium", "long", "full"]

_ANY = DecimalPlaces(0, 60)


@lru_cache(maxsize=256)
def formatter(locale: str) -> Formatter:
    """Return the formatter of a locale; there is one for each.

    Raises:
        ValueError: The locale is unknown.
    """
    return Formatter(locale)


class Formatter:
    """Writes values as Babel does, without rounding any.

    A value with more decimals than can be printed is a programmer's mistake and raises
    `ValueError`: rounding is done by name, before, and leaves a trace.
    Digits are Latin in every locale.  Zero is written without a sign.
    """

    def __init__(self, locale: str) -> None:
        self.locale: Locale = babel_locale(locale)
        self._amounts: dict[tuple[str, bool, bool], NumberWriter] = {}
        self._prices: dict[str, NumberWriter] = {}
        self._quantities: dict[int, NumberWriter] = {}
        self._dates: dict[tuple[dt.date, DateStyle], str] = BoundedMemo(self._date)
        self._around: dict[tuple[Decimal, str], tuple[str, str]] = BoundedMemo(self._affixes)

    # ── money ────────────────────────────────────────────────────────────────

    def amount(
        self, value: Decimal, currency: str, *, accounting: bool = False, symbol: bool = True
    ) -> str:
        """Return an amount with the decimals of ISO 4217: ``$1,234.50``.

        Args:
            value: The amount, on the currency's grid.
            currency: ISO 4217 code.
            accounting: Show a negative amount as accountants of the locale do, often in brackets.
            symbol: Print the currency; columns under a heading that names it do without.

        Raises:
            ValueError: The amount is finer than the currency, or the currency is unknown.
        """
        write = self._amounts.get((currency, accounting, symbol))
        if write is None:
            write = self.amounts(currency, accounting=accounting, symbol=symbol)
        return write(value)

    def amounts(
        self, currency: str, *, accounting: bool = False, symbol: bool = True
    ) -> Callable[[Decimal], str]:
        """Return the function that writes amounts of one currency: `amount` for long columns."""
        minor = iso_currency(currency).minor
        pattern = currency_pattern(self.locale, accounting=accounting, symbol=symbol)
        decimals = DecimalPlaces(minor, minor)
        write = compile_format(babel_writer(pattern, self.locale, decimals, currency), decimals)
        return self._amounts.setdefault((currency, accounting, symbol), write)

    def price(self, value: Decimal, currency: str, unit: str | None = None) -> str:
        """Return a unit price, with the currency's decimals at least and eight at most.

        With a unit it is a rate: ``$250.00/h``.
        """
        write = self._prices.get(currency)
        if write is None:
            decimals = DecimalPlaces(iso_currency(currency).minor, MOST_DECIMALS)
            pattern = currency_pattern(self.locale, accounting=False, symbol=True)
            write = compile_format(babel_writer(pattern, self.locale, decimals, currency), decimals)
            self._prices[currency] = write
        return write(value) if unit is None else self.per(write(value), unit)

    def per(self, price: str, unit: str) -> str:
        """Return a written price as one of a unit: ``0.70/mi``."""
        known = units.UNITS.get(unit)
        if known is None:
            return f"{price}/{self.unit_name(unit)}"
        return units.per(self.locale, price, known)

    # ── numbers ──────────────────────────────────────────────────────────────

    def number(self, value: Decimal | int) -> str:
        """Return a bare number with all its decimals."""
        return self._number(Decimal(value))

    @cached_property
    def _number(self) -> NumberWriter:
        return compile_format(babel_writer(number_pattern(self.locale), self.locale, _ANY), _ANY)

    def quantity(self, value: Decimal, least: int = 0) -> str:
        """Return a quantity with ``least`` decimals at least and eight at most."""
        write = self._quantities.get(least)
        if write is None:
            decimals = DecimalPlaces(least, MOST_DECIMALS)
            write = compile_format(
                babel_writer(number_pattern(self.locale), self.locale, decimals), decimals
            )
            self._quantities[least] = write
        return write(value)

    def percent(self, value: Decimal) -> str:
        """Return a percentage; 7.5 means 7.5 per hundred and is written ``7.5%``."""
        return self._percent(value)

    @cached_property
    def _percent(self) -> NumberWriter:
        decimals = DecimalPlaces(0, MOST_DECIMALS)
        babel = babel_writer(percent_pattern(self.locale), self.locale, decimals)
        return compile_format(lambda value: babel(value.scaleb(-2, EXACT)), decimals)

    # ── units ────────────────────────────────────────────────────────────────

    def unit(self, value: Decimal, code: str, least: int = 0) -> str:
        """Return a quantity with its unit: ``2.5 hr``; of an unknown unit the code is printed.

        A rate of two known units is printed with both: ``60 min/h``.

        Args:
            value: The quantity.
            code: A code of billhook (``h``, ``kg``, ``m2``) or of UN/ECE Recommendation 20.
            least: Decimals to print at least.
        """
        number = self.quantity(value, least)
        known = units.UNITS.get(code)
        measured, _, per = code.partition("/")
        if measured in units.UNITS and per in units.UNITS:
            return self.per(self.unit(value, measured, least), per)
        if known is None:
            return f"{number}{NBSP}{self.unit_name(code)}"
        before, after = self._around[value, known]
        return f"{before}{number}{after}"

    def _affixes(self, quantity: tuple[Decimal, str]) -> tuple[str, str]:
        value, unit = quantity
        category = str(self.locale.plural_form(value.normalize(EXACT)))
        return units.affixes(self.locale, unit, category)

    def unit_name(self, code: str) -> str:
        """Return the short name of a unit for the head of a column: ``hours``, ``kg``."""
        known = units.UNITS.get(code)
        if known is not None:
            return units.name(self.locale, known)
        label = units.LABELS.get(code)
        if label is None:
            return units.SYMBOLS.get(code, code)
        return template_of(label.domain, label.msgid, str(self.locale), None)

    # ── dates ────────────────────────────────────────────────────────────────

    def date(self, value: dt.date, style: DateStyle = "medium") -> str:
        """Return a day in the Gregorian calendar."""
        return self._dates[value, style]

    def _date(self, written: tuple[dt.date, DateStyle]) -> str:
        from babel.dates import format_date

        day, style = written
        return format_date(day, style, locale=self.locale)

    def period(self, first: dt.date, last: dt.date) -> str:
        """Return a range of days, both included: ``Nov 1-30, 2026``."""
        from babel.dates import format_interval

        return format_interval(first, last, "yMMMd", locale=self.locale)

    # ── anything ─────────────────────────────────────────────────────────────

    def figure(self, figure: Figure, *, accounting: bool = False) -> str:
        """Return a figure by its unit: amount, rate, percentage, bare number or quantity."""
        value, unit = figure.value, figure.unit
        if unit in MINOR_UNITS:
            return self._money(value, unit, accounting=accounting)
        if unit in (PERCENT, PURE):
            return self.percent(value) if unit == PERCENT else self.number(value)
        currency, slash, per = unit.partition("/")
        if slash and currency in MINOR_UNITS:
            return self.price(value, currency, per)
        return self.unit(value, unit)

    def _money(self, value: Decimal, currency: str, *, accounting: bool) -> str:
        decimals = -int(value.normalize(EXACT).as_tuple().exponent)
        if decimals > MINOR_UNITS[currency]:
            return self.price(value, currency)
        return self.amount(value, currency, accounting=accounting)

    def value(self, value: str | int | Decimal | dt.date | Period | Figure) -> str:
        """Return a value of a label's parameter by its type; text is left as it is."""
        if isinstance(value, Figure):
            return self.figure(value)
        if isinstance(value, dt.date):
            return self.date(value)
        if isinstance(value, Period):
            return self.period(value.first, value.last)
        return value if isinstance(value, str) else self.number(value)
