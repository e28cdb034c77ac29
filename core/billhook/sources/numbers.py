"""Numbers and truth values in text: a small grammar in plain ASCII.

Python's own readers take more than a bill should: ``Decimal`` accepts ``NaN``, ``1e999999``,
``1_000`` and the digits of every script.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal

from billhook.sources import codes
from billhook.sources.mistake import MistakeError, quoted

INTEGER_DIGITS = 15
FRACTION_DIGITS = 9
LIMIT = 10**INTEGER_DIGITS

_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def parse_decimal(text: str, decimal: str = ".", group: str = "") -> Decimal:
    """Return the number that a text holds.

    Args:
        text: Optional sign, up to 15 digits, and up to 9 after the decimal sign.
        decimal: The decimal sign, ``.`` or ``,``.
        group: The sign between groups of digits; none unless it is declared.  Groups have three
            digits, as in 1,234,567, or two before the last three, as in 12,34,567.  A blank
            stands for the no-break blanks too.

    Raises:
        MistakeError: The text is no such number (BH106).
    """
    plain = text.translate(_BLANKS) if group == " " else text
    if not _pattern(decimal, group).fullmatch(plain):
        raise _refused(text, decimal, group)
    if group:
        plain = plain.replace(group, "")
    value = Decimal(plain.replace(decimal, "."))
    if value.adjusted() >= INTEGER_DIGITS:
        raise _too_long(text)
    return value or value.copy_abs()


@functools.lru_cache(maxsize=32)
def _pattern(decimal: str, group: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    whole = f"[0-9]{{1,{INTEGER_DIGITS}}}"
    if group:
        sign = re.escape(group)
        whole = f"(?:[0-9]{{1,3}}(?:{sign}[0-9]{{2,3}}){{0,7}}{sign}[0-9]{{3}}|{whole})"
    fraction = f"{point}[0-9]{{1,{FRACTION_DIGITS}}}"
    return re.compile(f"[+-]?(?:{whole}(?:{fraction})?|{fraction})", re.ASCII)


def _refused(text: str, decimal: str, group: str) -> MistakeError:
    digits = re.fullmatch(r"[+-]?([0-9]*)(?:[.,]([0-9]*))?", text, re.ASCII)
    if digits and len(digits[1]) > INTEGER_DIGITS:
        return _too_long(text)
    if digits and len(digits[2] or "") > FRACTION_DIGITS:
        return _too_long(text)
    hint = _hint(text, decimal, group)
    return MistakeError(codes.NUMBER, f"expected a number, got {quoted(text)}", hint)


def _too_long(text: str) -> MistakeError:
    return MistakeError(
        codes.NUMBER,
        f"expected at most {INTEGER_DIGITS} digits before and {FRACTION_DIGITS} after the decimal "
        f"sign, got {quoted(text)}",
    )


def _hint(text: str, decimal: str, group: str) -> str | None:
    if re.fullmatch(r"\(.+\)|.+-", text):
        return "write a negative number with the sign in front: -12.50"
    if re.search(r"[eE][+-]?[0-9]", text):
        return "write the number without an exponent"
    if any(char.isdecimal() and not char.isascii() for char in text):
        return "write the digits 0 to 9"
    signs = sorted(set(re.findall(r"[.,'’ \u00a0\u202f]", text)) - {decimal, group})
    if signs and re.search("[0-9]", text):
        return (
            f"numbers here have the decimal sign {decimal!r} and "
            f"{f'the group sign {group!r}' if group else 'no group sign'}; "
            "a source declares others with decimal and group"
        )
    if re.search(r"[0-9]", text):
        return "write the number alone, without sign of currency, unit or percent"
    return None


def parse_integer(text: str, decimal: str = ".", group: str = "") -> int:
    """Return the whole number that a text holds, of up to 15 digits.

    Raises:
        MistakeError: The text is no whole number (BH106).
    """
    value = parse_decimal(text, decimal, group)
    if value != value.to_integral_value():
        raise MistakeError(codes.NUMBER, f"expected a whole number, got {quoted(text)}")
    return int(value)


def bounded(value: int | Decimal) -> Decimal:
    """Return a number that is already one, if it is within the grammar.

    Raises:
        MistakeError: It is not finite or has too many digits (BH106).
    """
    if isinstance(value, int):
        if abs(value) >= LIMIT:
            raise MistakeError(
                codes.NUMBER, f"expected at most {INTEGER_DIGITS} digits in a number"
            )
        return Decimal(value)
    if not value.is_finite():
        raise MistakeError(codes.NUMBER, f"expected a number, got {value}")
    if value.adjusted() >= INTEGER_DIGITS or _decimals(value) > FRACTION_DIGITS:
        raise _too_long(str(value))
    return value or value.copy_abs()


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def parse_truth(text: str) -> bool:
    """Return the truth value of ``true``, ``yes``, ``false`` or ``no``, in any case.

    Raises:
        MistakeError: The text is another word (BH101).
    """
    value = _TRUTH.get(text.lower())
    if value is None:
        raise MistakeError(codes.KIND, f"expected yes or no, got {quoted(text)}")
    return value
