"""A plugin for water meters: it reads a binary file of readings and a text file of them, and writes
bills into one stream that it reads back.

The binary file is made up: ``WMR1``, the number of records, and for each of them its key, the day,
cubic metres in thousandths, and a mark.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO

import attrs

from billhook import (
    Charge,
    Diagnostic,
    Document,
    Exporter,
    Origin,
    ParsedRow,
    PluginInfo,
    Rating,
    Record,
    Records,
    Source,
    SourceContent,
    given,
    hookimpl,
    times,
)
from billhook.archive.reader import load
from billhook.archive.writer import dump

MAGIC = b"WMR1"
RECORD = struct.Struct(">8sIQB")
BINARY, TEXT = "meters.binary", "meters.text"
EPOCH = dt.date(2000, 1, 1)


@attrs.frozen(kw_only=True)
class Reading(Record):
    """Water used at one meter."""

    date: dt.date
    cubic_metres: Decimal
    note: str = ""


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(name="meters", prefix="WMR")


@hookimpl
def billhook_read(source: Source) -> Iterable[Record] | None:
    """Read the plugin's own two formats."""
    parsers = {BINARY: parse_binary, TEXT: parse_text}
    if source.kind not in parsers:
        return None
    content = source.content()
    return () if content is None else source.records_of(parsers[source.kind](content), Reading)


def parse_binary(content: SourceContent) -> Iterator[ParsedRow]:
    """Yield the records of a binary file; what is cut short is reported."""
    data = content.data
    if not data.startswith(MAGIC) or len(data) < len(MAGIC) + 4:
        content.report("WMR101", "the file is no file of readings", hint="export it anew")
        return
    (count,) = struct.unpack_from(">I", data, len(MAGIC))
    for number in range(1, count + 1):
        offset = len(MAGIC) + 4 + (number - 1) * RECORD.size
        origin = Origin(content.name, path=f"record {number}")
        if offset + RECORD.size > len(data):
            content.report("WMR102", f"expected {count} records, got {number - 1}", origin)
            return
        key, days, thousandths, _ = RECORD.unpack_from(data, offset)
        yield ParsedRow(
            values={
                "key": key.rstrip(b"\0").decode("ascii", "replace"),
                "date": EPOCH + dt.timedelta(days=days),
                "cubic_metres": Decimal(thousandths).scaleb(-3),
            },
            origin=origin,
        )


def parse_text(content: SourceContent) -> Iterator[ParsedRow]:
    """Yield the records of lines like ``A1/2026-06-01/12.5``, with the place of each value."""
    text, offset = content.text() or "", 0
    for line in text.splitlines(keepends=True):
        places, start, values = {}, offset, line.strip().split("/")
        names = ("key", "date", "cubic_metres", "note")
        for name, value in zip(names, values, strict=False):
            places[name] = content.origin(start, name)
            start += len(value) + 1
        row = {name: value or None for name, value in zip(names, values, strict=False)}
        yield ParsedRow(values=row, origin=content.origin(offset), places=places)
        offset += len(line)


@hookimpl
def billhook_rate(records: Records) -> Rating:
    """Bill each reading at 2.00 a cubic metre."""
    charges = []
    for record in records.of(Reading):
        quantity = given(record.cubic_metres, "m3", "meters.read", record.origin)
        price = given(Decimal("2.00"), "USD/m3", "meters.price")
        charges.append(
            Charge(
                id=record.key,
                description=record.key,
                quantity=quantity,
                unit_price=price,
                amount=times(quantity, price, "meters.amount"),
                sources=(record.key,),
            )
        )
    return Rating(charges=tuple(charges))


# ── many documents in one stream, and back ───────────────────────────────────


def write(documents: Sequence[Document], stream: IO[bytes]) -> None:
    """Write each document with its length in front."""
    for document in documents:
        data = dump(document, ())
        stream.write(len(data).to_bytes(4, "big") + data)


def read(content: SourceContent) -> Iterator[Document]:
    """Read the documents back; a part that is cut short is reported with its number."""
    offset, number = 0, 0
    while offset < len(content.data):
        number += 1
        length = int.from_bytes(content.data[offset : offset + 4], "big")
        data = content.data[offset + 4 : offset + 4 + length]
        if len(data) < length:
            where = Origin(content.name, path=f"document {number}")
            content.report("WMR103", f"expected {length} bytes, got {len(data)}", where)
            return
        yield load(data, ())
        offset += 4 + length


def accepts(document: Document) -> Iterator[Diagnostic]:
    """Refuse a document without lines."""
    if not document.invoice.lines:
        yield Diagnostic("WMR104", "the bill has no lines")


@hookimpl
def billhook_exporters() -> Iterable[Exporter]:
    """Offer a bundle of bills, and one bill alone."""
    yield Exporter(
        key="bundle",
        title="A bundle of bills",
        media_type="application/octet-stream",
        suffix=".bundle",
        accepts=accepts,
        write=write,
        many=True,
        read=read,
    )
    yield Exporter(
        key="alone",
        title="One bill",
        media_type="application/octet-stream",
        suffix=".bill",
        write=write,
    )
