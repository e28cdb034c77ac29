"""Conversion of scalar values: numbers, dates, texts and booleans of a source."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from billhook.kernel.diagnostics import did_you_mean
from billhook.kernel.text import Period
from billhook.model.object_check import FLOAT
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, Unread, quote, show_value
from billhook.sources.declaration import Declaration, find_zone
from billhook.sources.parsing import (
    DateForm,
    bounded_day,
    bounded_moment,
    check_bounds,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_local_moment,
    parse_moment,
    parse_period,
    parse_truth,
    place_in_zone,
)
from billhook.sources.text_rules import clean_text


@attrs.frozen(kw_only=True)
class Grammar:
    """Grammar of a source's values.

    TOML is the strictest, because it has all the types that are needed.

    Attributes:
        decimal: The decimal sign of numbers in text.
        group: The group sign of numbers in text.
        dates: The form of dates in text.
        quoted: A text may stand for a decimal or a date, as in JSON.
        bare: A text may stand for everything, as in CSV.
        loose: A number may stand for a text, as in a workbook.
        objects: The values are a program's own, so advice is given in its words.
        cut_times: A point in time may stand for its day.
        timezone: Where the clock stands that local times are read from.
    """

    decimal: str = "."
    group: str = ""
    dates: DateForm = "YYYY-MM-DD"
    quoted: bool = False
    bare: bool = False
    loose: bool = False
    objects: bool = False
    cut_times: bool = False
    timezone: str | None = None

    @classmethod
    def from_declaration(
        cls, source: Declaration, *, quoted: bool = True, **kinds: bool
    ) -> Grammar:
        """Return what the values of a declared source may look like."""
        return cls(
            decimal=source.decimal,
            group=source.group,
            dates=source.dates,
            quoted=quoted,
            cut_times=source.cut_times,
            timezone=source.timezone,
            **kinds,
        )


TOML = Grammar()
JSON = Grammar(quoted=True)
OBJECTS = Grammar(quoted=True, objects=True)
LIST_SIGN = "|"
"""Divides the items of a list in one cell of a table."""


def kind_error(wanted: str, value: object, hint: str | None = None) -> BadValueError:
    """Return the mistake of a value of the wrong kind; of an unread value, its own."""
    if isinstance(value, Unread):
        return value.mistake()
    return BadValueError(codes.KIND, f"expected {wanted}, got {show_value(value)}", hint)


@attrs.frozen
class Scalars:
    """The readings of scalar values under one grammar."""

    grammar: Grammar

    def text(self, value: object) -> str:
        """Return a text on one line."""
        if type(value) is str:
            return clean_text(value)
        return clean_text(self._text(value))

    def prose(self, value: object) -> str:
        """Return a text that may have line breaks."""
        return clean_text(self._text(value), multiline=True)

    def _text(self, value: object) -> str:
        if isinstance(value, str) and not isinstance(value, enum.Enum):
            return str(value)
        if self.grammar.loose and isinstance(value, int | Decimal) and not isinstance(value, bool):
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        raise kind_error("a text", value, self._quotes(value))

    def _quotes(self, value: object) -> str | None:
        scalar = isinstance(value, int | Decimal | dt.date)
        if self.grammar.objects:
            return "pass a str" if scalar else None
        return "write it in quotes" if scalar and not self.grammar.bare else None

    def path(self, value: object) -> Path:
        """Return a path as it is written; whoever knows the file makes it absolute."""
        return value if isinstance(value, Path) else Path(self.text(value))

    def number(self, value: object) -> Decimal:
        """Return a decimal number."""
        if isinstance(value, str) and self.grammar.quoted:
            return parse_decimal(value, self.grammar.decimal, self.grammar.group)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return check_bounds(value)
        raise kind_error("a number", value, self._no_quotes(value))

    def whole(self, value: object) -> int:
        """Return a whole number."""
        if isinstance(value, str) and self.grammar.bare:
            return parse_integer(value, self.grammar.decimal, self.grammar.group)
        if isinstance(value, int) and not isinstance(value, bool):
            return int(check_bounds(value))
        if self.grammar.loose and isinstance(value, Decimal) and value == value.to_integral_value():
            return int(check_bounds(value))
        hint = "pass an int" if isinstance(value, float) else self._no_quotes(value)
        raise kind_error("a whole number", value, hint)

    def _no_quotes(self, value: object) -> str | None:
        if isinstance(value, str) and any(char.isdecimal() for char in value):
            return "pass an int" if self.grammar.objects else "write it without quotes"
        return FLOAT if isinstance(value, float) else None

    def truth(self, value: object) -> bool:
        """Return a truth value."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and self.grammar.bare:
            return parse_truth(value)
        raise kind_error("true or false", value)

    def day(self, value: object) -> dt.date:
        """Return a date."""
        if isinstance(value, str) and self.grammar.quoted:
            moment = self._parse_moment(value)
            return parse_date(value, self.grammar.dates) if moment is None else self._day_of(moment)
        if isinstance(value, dt.datetime):
            return self._day_of(value)
        if isinstance(value, dt.date):
            return bounded_day(value)
        raise kind_error(f"a date ({self.grammar.dates})", value, self._no_quotes(value))

    def _parse_moment(self, text: str) -> dt.datetime | None:
        """Return the point in time that a text holds, if it is one; local times stay so."""
        if ":" not in text and "T" not in text:
            return None
        local = parse_local_moment(text, self.grammar.dates)
        if local is not None:
            return local
        try:
            return parse_moment(text)
        except BadValueError:
            return None

    def _day_of(self, moment: dt.datetime) -> dt.date:
        if not self.grammar.cut_times:
            raise BadValueError(
                codes.DATE,
                f"expected a date without a time of day, got {show_value(moment)}",
                "cut_times = true in the source takes the day",
            )
        if moment.tzinfo is not None:
            if self.grammar.timezone is None:
                raise BadValueError(
                    codes.DATE,
                    f"the day of {show_value(moment)} depends on the time zone",
                    'declare timezone = "Europe/Berlin", or another, in the source',
                )
            moment = moment.astimezone(find_zone(self.grammar.timezone))
        return bounded_day(moment.date())

    def moment(self, value: object) -> dt.datetime:
        """Return a point in time with its offset from UTC."""
        zone = self.grammar.timezone
        if isinstance(value, str) and self.grammar.quoted:
            local = parse_local_moment(value, self.grammar.dates) if zone else None
            value = parse_moment(value) if local is None else local
        if isinstance(value, dt.datetime):
            if zone and value.tzinfo is None:
                value = place_in_zone(value, find_zone(zone))
            return bounded_moment(value)
        raise kind_error("a point in time", value, self._no_quotes(value))

    def period(self, value: object) -> Period:
        """Return a period, which is always a text: ``2026-06`` or ``2026-06-01..2026-06-15``."""
        if isinstance(value, str):
            return parse_period(value, self.grammar.dates)
        raise kind_error("a period", value, "write it in quotes, like 2026-06")

    def choice(self, value: object, choices: Mapping[str, object]) -> object:
        """Return what one of a few words stands for."""
        word = self._word(value)
        if word in choices:
            return choices[word]
        names = list(choices)
        hint = did_you_mean(word, names)
        message = f"expected {_either(names)}, got {quote(word)}"
        raise BadValueError(
            codes.CHOICE, message, hint if hint and "did you mean" in hint else None
        )

    def _word(self, value: object) -> str:
        if isinstance(value, enum.Enum):
            value = value.value
        if isinstance(value, str):
            return str(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise kind_error("a word", value, self._quotes(value))

    def items(self, value: object) -> Sequence[object]:
        """Return the items of a list; in a table's cell they are divided by ``|``."""
        if isinstance(value, list | tuple | set | frozenset):
            return tuple(value)
        if isinstance(value, str) and self.grammar.bare:
            return tuple(part.strip() for part in value.split(LIST_SIGN) if part.strip())
        raise kind_error("an array", value)


def _either(names: Sequence[str], most: int = 12) -> str:
    words = [repr(name) for name in names[:most]]
    if len(names) > most:
        return f"one of {', '.join(words)} and {len(names) - most} others"
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
