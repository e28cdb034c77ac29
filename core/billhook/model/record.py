"""Records of work: what a bill is made of, each with a key of its own and its place."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

import attrs

from billhook.kernel.origin import Origin

R = TypeVar("R", bound="Record")

ADDED = "billhook_added"
"""Key of the metadata of an attribute that a record's class got after records of it were billed.

It counts as content only where it is given, so that what was billed before is still the same.
"""


@attrs.frozen(kw_only=True)
class Record:
    """The base of every plugin's records: a time entry, a progress line, a shipment.

    Attributes:
        key: Identity of the record within its source's kind; the same work has the same key on
            every run, which is what keeps it from being billed twice.
        origin: Where it was read.
    """

    key: str
    origin: Origin = attrs.field(eq=False)

    @property
    def part_of(self) -> str:
        """Key of the record that this one is a part of; empty for one that stands alone.

        Where the whole is billed already, so is the part, also on the bill of another subject.
        """
        return ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts in which bills of different subjects claim the record; none: it is one whole.

        A meter's read closes one account and opens another: ``("closing", "opening")``.
        """
        return ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys that a charge may bill: the record's own, or those of its parts."""
        return tuple(part_key(self.key, part) for part in self.parts) or (self.key,)


def part_key(key: str, part: str) -> str:
    """Return the key of a part of a record: ``meter:88~closing``."""
    return f"{key}~{part}"


def with_text_key(record: R) -> R:
    """Return a record whose key is a text; a database's whole numbers are taken as they are."""
    key: object = record.key
    if isinstance(key, int) and not isinstance(key, bool):
        return attrs.evolve(record, key=str(key))
    return record


@attrs.frozen(kw_only=True)
class LookupRecord(Record):
    """A record that is looked up and not billed: a price list, a roster.

    The core does not ask for it to be billed or skipped.
    """


@attrs.frozen
class BilledRecord(Generic[R]):
    """A record of the job that a bill claims already.

    Attributes:
        record: The record, as its source has it now.
        document: Number of the document; empty for a draft.
    """

    record: R
    document: str


class Records:
    """The records of a job that are to be billed, in the order of its sources.

    Args:
        records: The records.
        billed: Those of the job that were billed before.
    """

    def __init__(
        self, records: Iterable[Record] = (), billed: Iterable[BilledRecord[Record]] = ()
    ) -> None:
        self._records = tuple(records)
        self._billed = tuple(billed)

    def billed(self, kind: type[R]) -> tuple[BilledRecord[R], ...]:
        """Return the job's records of one class that were billed before, with their documents.

        They are not to be billed or skipped: a rule over a day or a month has the whole by them.
        """
        return tuple(
            BilledRecord(each.record, each.document)
            for each in self._billed
            if isinstance(each.record, kind)
        )

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the records of one class."""
        return tuple(record for record in self._records if isinstance(record, kind))

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


@attrs.frozen(kw_only=True)
class Event:
    """The base of facts that arrive between documents: certified amounts, releases, deposits.

    Attributes:
        subject: What the event belongs to, see `Job.subject`.
        at: The day it takes effect.
        by: Who recorded it.
        reason: Why.
    """

    subject: str
    at: dt.date
    by: str
    reason: str = ""


def content(record: Record) -> str:
    """Return a record's values as canonical JSON, without its place.

    Two records with the same content are the same work; what was billed is compared by it.
    """
    table = _values(record)
    return json.dumps(table, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(record: Record) -> str:
    """Return the SHA-256 of a record's content, hexadecimal."""
    return hashlib.sha256(content(record).encode()).hexdigest()


def _is_absent(value: object, field: attrs.Attribute[object]) -> bool:
    """Return whether an attribute is newer than its class and not given."""
    return ADDED in field.metadata and getattr(value, field.name) == field.default


def _values(value: object) -> object:  # noqa: PLR0911 - one line for each kind of value
    if isinstance(value, enum.Enum):
        return str(value.value)
    if value is None or isinstance(value, str | bool | int):
        return value
    kind = type(value)
    if attrs.has(kind):
        return {
            field.name: _values(getattr(value, field.name))
            for field in attrs.fields(kind)
            if field.eq and not _is_absent(value, field)
        }
    if isinstance(value, Mapping):
        return {str(key): _values(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_values(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    return str(value)
