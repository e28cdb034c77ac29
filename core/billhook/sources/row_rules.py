"""The rules that a source declares for its rows: which are left out, and what their cells mean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

import attrs

from billhook.kernel.diagnostics import Findings, Severity
from billhook.sources import codes
from billhook.sources.bad_value import SHOWN, BadValueError, Unread, quote, suggestion
from billhook.sources.declaration import ALL, NAMELESS, Declaration
from billhook.sources.location import Location, report
from billhook.sources.parsing import FRACTION_DIGITS, parse_decimal
from billhook.sources.scalars import Grammar, Scalars

_WIDE = Context(prec=60)
_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
_CLOCK = re.compile(r"(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_SIGNED = re.compile(
    r"(?P<before>[^\d\s.,+-]{1,4})\s*[+-]?\d[\d., ']*"
    r"|[+-]?\d[\d., ']*?\s*(?P<after>[^\d\s.,+-]{1,4})"
)
_TOTAL = re.compile(
    r"(?:(?:net|gross|overall) )?totals?(?: (?:amount|due|hours|weight))?|summe|gesamt(?:betrag)?"
    r"|total g[ée]n[ée]ral|totale|suma|razem|totaal"
    r"|(?:sub[- ]?total|grand total|zwischensumme|gesamtsumme|endsumme|sous-total|subtotaal)\b.*",
    re.IGNORECASE,
)
_FIRST_LETTERS = frozenset("tTnNgGoOsSzZeErR")
SHOWN_ROWS = 3
"""Maximum number of left-out rows that are named."""

LABEL = 80
"""Characters of a text that is looked at for the label of a total."""

SHOWN_REASONS = 5
"""Maximum number of reasons listed one by one; more are summed up by column."""

FRACTION_LIMIT = 30
"""Decimals of a number in text that is to be rounded."""


class RoundedNumber(Decimal):
    """A number that was rounded while reading; ``held`` is what the file has."""

    held: Decimal

    @classmethod
    def of(cls, held: Decimal, places: int) -> Decimal:
        """Return a number with at most so many decimals, marked if that changes it."""
        exponent = held.as_tuple().exponent
        if isinstance(exponent, int) and exponent >= -places:
            return held
        step = Decimal(1).scaleb(-places, _WIDE)
        rounded = held.quantize(step, ROUND_HALF_UP, _WIDE)
        plain = rounded.normalize(_WIDE) if rounded else Decimal(0)
        plain = Decimal(f"{plain:f}")
        if plain == held:
            return plain
        marked = cls(plain)
        marked.held = held
        return marked


def fold(name: str) -> str:
    """Return a name on one line: a wrapped header reads like one that is not."""
    return " ".join(name.split())


def cell_text(value: object) -> str:
    """Return a cell's value as it is compared with the words of rules."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return fold(str(value)) if isinstance(value, str | int) else ""


@attrs.frozen
class _Filter:
    """One rule of ``only``, ``skip`` or ``rows_with``."""

    column: str
    words: tuple[re.Pattern[str], ...]
    wanted: bool

    def against(self, raw: Mapping[str, object]) -> str | None:
        """Return why a row is left out, or nothing."""
        value = raw.get(self.column)
        values = value if isinstance(value, list | tuple) else [value]
        texts = [cell_text(each) for each in values if each is not None and each != ""]
        if not texts:
            return f"{self.column!r} is empty" if self.wanted else None
        matches = any(word.fullmatch(text) for word in self.words for text in texts)
        if matches == self.wanted:
            return None
        return f"{self.column!r} is {quote(', '.join(texts))}"


class RowRules:
    """Leaves rows out and reads the cells of the others, as the source declares.

    Columns are called by their own names in rules and ``raw`` rows, and by attribute names in what
    comes out.
    """

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        own = declaration.attributes
        self._attributes = {**own, **{fold(column): name for column, name in own.items()}}
        self._filters = tuple(_filters(declaration))
        self._left_out: dict[str, list[Location]] = {}
        self._values = {
            attribute: {fold(word).casefold(): meaning for word, meaning in words.items()}
            for attribute, words in declaration.values.items()
        }
        self._numbers = {*declaration.units, *declaration.clock, *declaration.decimals}
        self._shaped = bool(
            self._values or declaration.constants or declaration.join or declaration.spans
        )

    @property
    def columns(self) -> Sequence[tuple[str, str]]:
        """The columns that rules name, each with its rule."""
        named = [("rows_with", name) for name in self.declaration.rows_with]
        named += [("only", name) for name in self.declaration.only]
        named += [("skip", name) for name in self.declaration.skip]
        named += [("join", name) for names in self.declaration.join.values() for name in names]
        named += [("spans", name) for names in self.declaration.spans.values() for name in names]
        return named

    @property
    def attributes(self) -> Sequence[tuple[str, str]]:
        """The attributes that rules name, each with its rule."""
        made = self.declaration
        rules: Mapping[str, Collection[str]] = {
            "columns": made.columns if ALL in made.ignore else (),
            "values": made.values,
            "constants": made.constants,
            "join": made.join,
            "spans": made.spans,
            "units": made.units,
            "clock": made.clock,
            "decimals": made.decimals,
        }
        return [(rule, name) for rule, named in rules.items() for name in named]

    @property
    def given(self) -> Collection[str]:
        """The attributes that rules make, whatever the columns are."""
        made = self.declaration
        return {*made.constants, *made.join, *made.spans}

    def check_columns(self, known: Collection[str], place: Location, findings: Findings) -> bool:
        """Report the rules whose columns the file does not have; return whether there are none."""
        good = True
        for rule, name in self.columns:
            column = _own_name(self.declaration, name)
            if column not in known:
                hint = suggestion(name, known)
                message = f"{rule} names the column {quote(name)}, which the file does not have"
                report(findings, BadValueError(codes.NO_COLUMN, message, hint), place)
                good = False
        return good

    def reason_against(self, raw: Mapping[str, object]) -> str | None:
        """Return why a row is left out, or nothing when it is read."""
        for rule in self._filters:
            reason = rule.against(raw)
            if reason is not None:
                return reason
        return None

    def wants(self, raw: Mapping[str, object], place: Location) -> bool:
        """Return whether a row is read; a row that is not is counted with its reason."""
        reason = self.reason_against(raw)
        if reason is not None:
            self.leave_out(reason, place)
        return reason is None

    def leave_out(self, reason: str, place: Location) -> None:
        """Count a row that is left out."""
        self._left_out.setdefault(reason, []).append(place)

    def report_left_out(self, findings: Findings) -> None:
        """Report the rows that were left out, once for each reason."""
        reasons = self._left_out.items()
        several = [(reason, places) for reason, places in reasons if len(reasons) > SHOWN_REASONS]
        if several:
            merged: dict[str, list[Location]] = {}
            for reason, places in several:
                merged.setdefault(reason.split(" is ")[0], []).extend(places)
            reasons = {f"of their {name}": places for name, places in merged.items()}.items()
        for reason, places in reasons:
            message = f"{_rows(places)} left out: {reason}"
            first = attrs.evolve(places[0], excerpt=None)
            report(findings, BadValueError(codes.LEFT_OUT, message), first, Severity.INFO)

    def shape(self, raw: Mapping[str, object]) -> Mapping[str, object]:
        """Return the values of a row by attribute name, as they are meant."""
        own = self._attributes
        values = {
            own.get(column, column): value
            for column, value in raw.items()
            if value is not None and column != NAMELESS
        }
        if self.declaration.fold_lines:
            values = {name: _fold_breaks(value) for name, value in values.items()}
        if self._shaped:
            self._make(raw, values)
            values = {
                name: meaning
                for name, value in values.items()
                if (meaning := self._meaning(name, value)) not in ("", None)
            }
        for name, value in values.items():
            if name in self._numbers or isinstance(value, Decimal):
                values[name] = self._read_number(name, value)
        return values

    def _make(self, raw: Mapping[str, object], values: dict[str, object]) -> None:
        """Add the values that are made of other columns, or are the same in every row."""
        declared = self.declaration
        values.update(declared.constants)
        for name, columns in declared.join.items():
            parts = [raw.get(_own_name(declared, column)) for column in columns]
            values[name] = " ".join(cell_text(part) for part in parts if part is not None)
        for name, (begin, end) in declared.spans.items():
            ends = [raw.get(_own_name(declared, column)) for column in (begin, end)]
            values[name] = _span(ends[0], ends[1], declared)

    def _meaning(self, name: str, value: object) -> object:
        words = self._values.get(name)
        if not words:
            return value
        if isinstance(value, list | tuple):
            return type(value)(words.get(cell_text(each).casefold(), each) for each in value)
        return words.get(cell_text(value).casefold(), value)

    def _read_number(self, name: str, value: object) -> object:
        declared = self.declaration
        if isinstance(value, str):
            unit = declared.units.get(name)
            if unit:
                value = value.removeprefix(unit).removesuffix(unit).strip()
            match = _CLOCK.fullmatch(value) if name in declared.clock else None
            if match:
                return _from_clock(match, declared.clock[name], declared.decimals.get(name))
            if name in declared.decimals:
                return _rounded_text(value, declared, declared.decimals[name])
            return value
        if isinstance(value, Decimal):
            return RoundedNumber.of(value, declared.decimals.get(name, FRACTION_DIGITS))
        return value


def rule_for(mistake: BadValueError, name: str, values: Mapping[str, object]) -> str | None:
    """Return the rule of a source that would read a value as it stands, if there is one.

    Args:
        mistake: What is wrong with the value.
        name: The attribute.
        values: The row.
    """
    value = values.get(name)
    if not isinstance(value, str):
        return None
    if mistake.code == codes.CHARACTER.id and _BREAKS.search(value):
        return "fold_lines = true in the source makes line breaks blanks"
    if mistake.code == codes.NUMBER.id and len(value) <= SHOWN:
        return _number_rule(name, value)
    word = "yes" if "expected yes or no" in mistake.message else None
    if word or (mistake.code == codes.CHOICE.id and mistake.hint is None):
        means = f'{{ "{value}" = "{word or "…"}" }}'
        return f"values = {{ {name} = {means} }} in the source says what it means"
    return None


def _number_rule(name: str, value: str) -> str | None:
    if _CLOCK.fullmatch(value):
        return f'clock = {{ {name} = "hours" }} in the source reads times as hours'
    found = _SIGNED.fullmatch(value)
    if found is None:
        return None
    unit = found["before"] or found["after"]
    if not unit.isprintable():
        return None
    return f'if "{unit}" is a unit, units = {{ {name} = "{unit}" }} in the source drops it'


def looks_like_total(values: Mapping[str, object]) -> str | None:
    """Return the attribute whose text reads like the label of a total."""
    for name, value in values.items():
        if not isinstance(value, str) or value[:1] not in _FIRST_LETTERS:
            continue
        if _TOTAL.fullmatch(fold(value[:LABEL]).rstrip(":")):
            return name
    return None


def _filters(declaration: Declaration) -> Iterator[_Filter]:
    anything = (re.compile(".*", re.DOTALL),)
    for name in declaration.rows_with:
        yield _Filter(_own_name(declaration, name), anything, wanted=True)
    for rules, wanted in ((declaration.only, True), (declaration.skip, False)):
        for name, words in rules.items():
            patterns = tuple(map(_pattern, words))
            yield _Filter(_own_name(declaration, name), patterns, wanted=wanted)


def _own_name(declaration: Declaration, name: str) -> str:
    """Return the file's own name of a column that a rule may call by its attribute."""
    return fold(declaration.columns.get(name, name))


def _pattern(words: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in fold(words).split(ALL)]
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)


def _rows(places: Sequence[Location]) -> str:
    lines = [str(place.origin.line) for place in places if place.origin.line is not None]
    if len(places) == 1:
        return f"row {lines[0]} is" if lines else "1 row is"
    more = ", …" if len(lines) > SHOWN_ROWS else ""
    where = f" ({', '.join(lines[:SHOWN_ROWS])}{more})" if lines else ""
    return f"{len(places):,} rows{where} are"


def _fold_breaks(value: object) -> object:
    return _BREAKS.sub(" ", value).strip() if isinstance(value, str) else value


def _from_clock(match: re.Match[str], unit: str, places: int | None) -> Decimal:
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    whole = hours * 3600 + minutes * 60 + seconds
    signed = -whole if match[1] else whole
    value = _WIDE.divide(Decimal(signed), Decimal(3600 if unit == "hours" else 60))
    return RoundedNumber.of(value, FRACTION_DIGITS if places is None else places)


def _rounded_text(text: str, declared: Declaration, places: int) -> object:
    try:
        value = parse_decimal(text, declared.decimal, declared.group, places=FRACTION_LIMIT)
    except BadValueError:
        return text
    return RoundedNumber.of(value, places)


def _span(begin: object, end: object, declared: Declaration) -> object:
    if begin is None or end is None:
        return None
    try:
        ends = [_moment(value, declared) for value in (begin, end)]
    except BadValueError as error:
        return Unread.of(error)
    seconds = (ends[1] - ends[0]) // dt.timedelta(seconds=1)
    if seconds < 0:
        return Unread(codes.CONFLICT, f"the end ({end}) is before the begin ({begin})")
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _moment(value: object, declared: Declaration) -> dt.datetime:
    grammar = Grammar(dates=declared.dates, quoted=True, bare=True, timezone=declared.timezone)
    return Scalars(grammar).moment(value)
