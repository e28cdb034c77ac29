"""The identity of records: their own key, or one made of their content."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from decimal import Decimal

import attrs

from billhook.kernel.money import EXACT

DIGITS = 16
"""Hexadecimal digits of a made key: among a million records, two meet once in 30 million cases."""


class RecordKeys:
    """Makes the keys of one source's records.

    A made key depends on the kind and on the values that the source gave, as they are understood:
    not on the file's name, the row's place, the format, or how a number is written.  Defaults of
    the record's class don't count, so a plugin's new attribute changes no key.  The same content
    again gets ``-2``, ``-3`` and so on.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._seen: Counter[str] = Counter()

    def make(self, record: object, names: Collection[str]) -> str:
        """Return the key of a record, made of the attributes named."""
        content = {name: _plain(getattr(record, name)) for name in names}
        text = json.dumps([self._kind, content], sort_keys=True, ensure_ascii=False)
        key = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
        self._seen[key] += 1
        count = self._seen[key]
        return key if count == 1 else f"{key}-{count}"


def joined_key(record: object, names: Collection[str]) -> str:
    """Return the key that the values of some attributes make; empty when all are empty."""
    values = [_plain(getattr(record, name)) for name in names]
    texts = ["" if value is None else str(value) for value in values]
    return "/".join(texts) if any(texts) else ""


def _plain(value: object) -> object:
    if isinstance(value, enum.Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal):
        return f"{EXACT.create_decimal(value).normalize(EXACT):f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return _plain_container(value)


def _plain_container(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted(json.dumps(_plain(item), sort_keys=True) for item in value)
        case _:
            return _members(value)


def _members(value: object) -> object:
    cls = type(value)
    if not attrs.has(cls):
        raise TypeError(f"a record cannot hold a {cls.__name__}")
    return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(cls)}
