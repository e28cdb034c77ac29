"""Structured payment references, and the bill numbers that they stand for.

A reference without letters stands for the digits of a bill's number, an RF reference for its
letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STEPS = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
_OGM = re.compile(r"(\+\+\+|\*\*\*) ?(\d{3})/?(\d{4})/?(\d{5}) ?\1")
_DIGITS = re.compile(r"\d(?:[ ]?\d){26}(?!\d)")
_RF = re.compile(r"RF(?=\d\d)")
LONGEST_BODY = 21
QR_LENGTH, OGM_LENGTH = 27, 12
KID_LENGTHS = range(2, 26)
TEN = 10


def compress(text: str) -> str:
    """Return the letters and digits of a text, in capitals: ``INV202600001``."""
    return "".join(each for each in text.upper() if each.isalnum())


def digits(text: str) -> str:
    """Return the digits of a text without leading zeros."""
    return "".join(each for each in text if each.isascii() and each.isdigit()).lstrip("0")


def rf_reference(number: str) -> str:
    """Return the creditor reference of a bill's number (ISO 11649).

    Raises:
        ValueError: It has no letters and digits, more than 21, or others than A to Z.
    """
    body = compress(number)
    if not body or len(body) > LONGEST_BODY or not body.isascii():
        raise ValueError(f"expected 1 to 21 letters and digits of A to Z, got {number!r}")
    return f"RF{98 - _mod97(body + 'RF00'):02}{body}"


def _mod97(text: str) -> int:
    return int("".join(str(int(each, 36)) for each in text)) % 97


def rf_bodies(text: str) -> Iterator[str]:
    """Yield what may follow RF and right check digits in a text, the longest first."""
    packed = "".join(each for each in text.upper() if each.isascii() and each.isalnum())
    for found in _RF.finditer(packed):
        check, rest = packed[found.end() : found.end() + 2], packed[found.end() + 2 :]
        for length in range(min(LONGEST_BODY, len(rest)), 0, -1):
            body = rest[:length]
            if _mod97(f"{body}RF{check}") == 1:
                yield body


def numeric_bodies(reference: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds whose check digits a reference of digits passes, with the digits before."""
    packed = compress(reference)
    if not (packed.isascii() and packed.isdigit()):
        return
    if len(packed) == QR_LENGTH and _recursive(packed[:-1]) == int(packed[-1]):
        yield "QR reference", digits(packed[:-1])
    if len(packed) == OGM_LENGTH and (int(packed[:10]) % 97 or 97) == int(packed[10:]):
        yield "structured communication (OGM)", digits(packed[:10])
    if len(packed) in KID_LENGTHS and packed[-1] in {_luhn(packed[:-1]), _mod11(packed[:-1])}:
        yield "KID", digits(packed[:-1])


def written_references(text: str) -> Iterator[str]:
    """Yield QR references and structured communications that stand in a text."""
    for found in _OGM.finditer(text):
        yield "".join(found.groups()[1:])
    for long in _DIGITS.finditer(text):
        yield compress(long.group())


def _recursive(text: str) -> int:
    """Return the check digit of a QR reference: modulo 10, recursive."""
    carry = 0
    for each in text:
        carry = _STEPS[(carry + int(each)) % 10]
    return (10 - carry) % 10


def _luhn(text: str) -> str:
    total = 0
    for place, each in enumerate(reversed(text)):
        doubled = int(each) * (1 if place % 2 else 2)
        total += doubled // TEN + doubled % TEN
    return str(-total % 10)


def _mod11(text: str) -> str:
    """Return the check digit by modulo 11, weights 2 to 7 from the right; ten has none."""
    total = sum(int(each) * (2 + place % 6) for place, each in enumerate(reversed(text)))
    check = -total % 11
    return "" if check == TEN else str(check)
