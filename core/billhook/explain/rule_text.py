"""Rule texts: a rule's title and sentence with a figure's values filled in, localized.

A localizer knows the words and numbers of one language.  A rule without a full translation is
given in English as a whole: never half a sentence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Protocol

import attrs

from billhook.explain.rules import PLACE, Rule, called_by_id, rule_of
from billhook.kernel.figure import PURE, Figure
from billhook.kernel.money import Mode
from billhook.kernel.text import Text

DIGITS = 12
"""Digits shown of a number that does not end."""


def narrated(text: str) -> str:
    """Mark words of the narration for the catalogues, which have them in the context of rules."""
    return text


class Localizer(Protocol):
    """The words and numbers of one language."""

    def words(self, domain: str, text: str) -> str | None:
        """Return words of rules that a package has translated, or nothing."""
        ...

    def foreign(self, text: str) -> str:
        """Return English that stands among words of the language."""
        ...

    def own(self, text: str) -> str:
        """Return the user's own words, as they stand among words of the language."""
        ...

    def number(self, value: Decimal) -> str:
        """Return a number; one that does not end is cut."""
        ...

    def date(self, value: dt.date) -> str:
        """Return a day."""
        ...

    def quantity(self, value: Decimal, unit: str) -> str:
        """Return a value with its unit: an amount, a rate, a percentage."""
        ...

    def unit(self, unit: str) -> str:
        """Return a unit's name."""
        ...

    def label(self, text: Text) -> str:
        """Return a label of a bill, or the user's own words."""
        ...


class English:
    """The words of the sources, with numbers and days as they are written there."""

    def __repr__(self) -> str:
        return "ENGLISH"

    def words(self, domain: str, text: str) -> str | None:  # noqa: ARG002 -- part of the protocol
        """Return the text: it is English."""
        return text

    def foreign(self, text: str) -> str:
        """Return the text."""
        return text

    def own(self, text: str) -> str:
        """Return the text."""
        return text

    def number(self, value: Decimal) -> str:
        """Return a number with commas."""
        return show_number(value)

    def date(self, value: dt.date) -> str:
        """Return a day as ISO 8601 writes it."""
        return value.isoformat()

    def quantity(self, value: Decimal, unit: str) -> str:
        """Return value and unit: ``1,743.70 USD``, ``7.5 %``."""
        number = show_number(value)
        return number if unit == PURE else f"{number} {unit}"

    def unit(self, unit: str) -> str:
        """Return the unit's code."""
        return unit

    def label(self, text: Text) -> str:
        """Return a label's English, or the user's own words."""
        return str(text)


ENGLISH: Localizer = English()


def show(figure: Figure) -> str:
    """Return value and unit: ``1,743.70 USD``, ``7.5 %``."""
    return ENGLISH.quantity(figure.value, figure.unit)


def show_number(value: Decimal) -> str:
    """Return a number in plain digits with commas; one that does not end is cut."""
    text = f"{value:,f}"
    whole, point, digits = text.partition(".")
    return f"{whole}.{digits[:DIGITS]}…" if len(digits) > DIGITS else whole + point + digits


# ── words of the narration ───────────────────────────────────────────────────

CORE = "billhook"

# NOTE: What a step is called, and what was done in it.
_STEP = narrated("{title}: {words}")

MODES: Mapping[str, str] = {
    # NOTE: Fills {mode} in "rounded {mode} to {step}": from the middle on away from zero.
    Mode.HALF_UP: narrated("half up"),
    # NOTE: Fills {mode}: the middle goes to the even digit.
    Mode.HALF_EVEN: narrated("half even"),
    # NOTE: Fills {mode}: the middle goes towards zero.
    Mode.HALF_DOWN: narrated("half down"),
    # NOTE: Fills {mode}: always away from zero.
    Mode.UP: narrated("up"),
    # NOTE: Fills {mode}: always towards zero.
    Mode.DOWN: narrated("down"),
    # NOTE: Fills {mode}: always towards the greater number.
    Mode.CEILING: narrated("ceiling"),
    # NOTE: Fills {mode}: always towards the smaller number.
    Mode.FLOOR: narrated("floor"),
}


# ── telling ──────────────────────────────────────────────────────────────────


@attrs.frozen
class RuleText:
    """Text of a rule, filled in for a figure.

    Attributes:
        title: What the figure is.
        sentence: Why it is so; may be empty.
        line: Both.
    """

    title: str
    sentence: str
    line: str


@attrs.frozen
class RuleFormatter:
    """Formats rules' texts in a language.

    Attributes:
        rules: What the rules are called, see `billhook.explain.rules.catalogue`.
        localizer: The language to write in.
    """

    rules: Mapping[str, Rule]
    localizer: Localizer = ENGLISH

    def rule(self, figure: Figure) -> Rule:
        """Return the rule of a figure."""
        return rule_of(figure.rule, self.rules)

    def tell(self, figure: Figure) -> RuleText:
        """Return what a figure's rule says of it: all in the language, or all in English."""
        try:
            return self._write(figure, self.localizer.words)
        except _UntranslatedError:
            said = self._write(figure, ENGLISH.words)
        return RuleText(
            *(self.localizer.foreign(text) if text else "" for text in attrs.astuple(said))
        )

    def _write(self, figure: Figure, words: _Words) -> RuleText:
        rule, filling = self.rule(figure), _Filling(self.rules, self.localizer, figure, words)
        title = filling.whole(rule, rule.title) or called_by_id(rule.id)
        sentence = filling.whole(rule, rule.sentence)
        if not sentence:
            return RuleText(title, "", title)
        step = words(CORE, _STEP) or _STEP
        return RuleText(
            title, sentence, _fill_places(step, {"title": title, "words": sentence}.get)
        )

    def say(self, text: str, **values: str) -> str:
        """Return words of the narration with what is filled in."""
        words = self.localizer.words(CORE, text)
        said = _fill_places(text if words is None else words, values.get)
        return self.localizer.foreign(said) if words is None else said

    def show(self, figure: Figure) -> str:
        """Return a figure's value and unit."""
        return self.localizer.quantity(figure.value, figure.unit)

    def mode(self, figure: Figure) -> str:
        """Return how a figure was rounded."""
        return self.say(MODES[figure.param("mode")])


_Words = Callable[[str, str], str | None]


class UnfilledError(Exception):
    """A place of a text has nothing to be filled with."""


class _UntranslatedError(Exception):
    """A rule has words that the language does not have."""


@attrs.frozen
class _Filling:
    """Fills in what a rule says of one figure."""

    rules: Mapping[str, Rule]
    localizer: Localizer
    figure: Figure
    words: _Words

    def template(self, domain: str, text: str) -> str:
        """Return translated words; what has no words needs no translation."""
        if not any(char.isalpha() for char in PLACE.sub("", text)):
            return text
        found = self.words(domain, text)
        if found is None:
            raise _UntranslatedError
        return found

    def whole(self, rule: Rule, text: str) -> str:
        """Return a rule's title or sentence, filled in; nothing where a place stays empty.

        A rule may be asked for by two operations, of which one has the parameters: tax is rounded
        to a step, and the tax of several lines is a sum.  Braces never reach a page.
        """
        try:
            return self.rule(rule, text)
        except UnfilledError:
            return ""

    def rule(self, rule: Rule, text: str, depth: int = 0) -> str:
        """Return a rule's title or sentence, filled in."""
        return _fill_places(
            self.template(rule.domain, text), lambda name: self._value(rule, name, depth)
        )

    def _value(self, rule: Rule, name: str, depth: int) -> str | None:
        found = dict(self.figure.params).get(name)
        if found is None:
            return self._own_value(name)
        if name == "mode" and found in MODES:
            return self.template(CORE, MODES[found])
        if name in rule.phrases and found in self.rules and depth < _DEEPEST:
            phrase = self.rules[found]
            return self.rule(phrase, phrase.title, depth + 1)
        return self._format_parameter(rule, name, found)

    def _own_value(self, name: str) -> str | None:
        if name == "value":
            return self.localizer.number(self.figure.value)
        return self.localizer.unit(self.figure.unit) if name == "unit" else None

    def _format_parameter(self, rule: Rule, name: str, text: str) -> str:
        """Return a parameter as its kind is written; what is not of its kind stays as it is."""
        try:
            if name in rule.dates:
                return self.localizer.date(dt.date.fromisoformat(text))
            if name in rule.numbers or name in _NUMBERS.get(self.figure.op, ()):
                return self.localizer.number(Decimal(text))
            if name in rule.quantities:
                number, _, unit = text.partition(" ")
                return self.localizer.quantity(Decimal(number), unit or PURE)
        except (ValueError, InvalidOperation):
            pass
        return self.localizer.own(text)


def find_unfilled(figure: Figure, rules: Mapping[str, Rule]) -> str | None:
    """Return the place of a figure's rule that nothing fills, ``None`` if there is none."""
    rule = rule_of(figure.rule, rules)
    filling = _Filling(rules, ENGLISH, figure, ENGLISH.words)
    try:
        for text in (rule.title, rule.sentence):
            filling.rule(rule, text)
    except UnfilledError as error:
        return str(error)
    return None


_DEEPEST = 3
"""A phrase may hold phrases, but not itself without end."""

_NUMBERS = {"round": ("step",), "banded": ("low", "high"), "share": ("step",)}
"""Parameters that the calculus itself gives."""


def _fill_places(template: str, value: Callable[[str], str | None]) -> str:
    """Fill in the places once.

    Raises:
        UnfilledError: There is nothing for a place.
    """

    def one(place: re.Match[str]) -> str:
        found = value(place[1])
        if found is None:
            raise UnfilledError(place[1])
        return found

    return PLACE.sub(one, template)
