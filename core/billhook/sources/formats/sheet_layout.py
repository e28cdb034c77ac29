"""Hidden rows and merged cells of a worksheet, read from its XML."""

from __future__ import annotations

import functools
import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import attrs

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<(?:\w{1,20}:)?row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_MERGED = re.compile(rb'<(?:\w{1,20}:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')


@attrs.frozen
class SheetLayout:
    """The layout of one sheet.

    Attributes:
        hidden: Numbers of the hidden rows.
        merged: First and last column, from 0, of cells that are one across columns, by the number
            of their first row.
    """

    hidden: frozenset[int] = frozenset()
    merged: Mapping[int, Sequence[tuple[int, int]]] = MappingProxyType({})


def read_layout(data: bytes, title: str) -> SheetLayout:
    """Return the layout of a sheet of a workbook that was found harmless.

    Args:
        data: The workbook's bytes.
        title: The sheet's name.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part(archive, title)
        if part is None:
            return SheetLayout()
        xml = archive.read(part)
    return SheetLayout(_hidden(xml), _parse_merged(xml))


def _part(archive: zipfile.ZipFile, title: str) -> str | None:
    """Return the name of the part that holds a sheet; the workbook may lie anywhere."""
    from defusedxml.ElementTree import fromstring

    names = set(archive.namelist())
    book = next((name for name in sorted(names) if name.endswith("workbook.xml")), None)
    if book is None:
        return None
    folder, file = posixpath.split(book)
    relations = f"{folder}/_rels/{file}.rels".removeprefix("/")
    if relations not in names:
        return None
    targets = {each.get("Id"): each.get("Target") for each in fromstring(archive.read(relations))}
    for element in fromstring(archive.read(book)).iter():
        if element.tag.endswith("}sheet") and element.get("name") == title:
            target = targets.get(element.get(_RELATION)) or ""
            path = posixpath.normpath(posixpath.join("/", folder, target)).removeprefix("/")
            return path if path in names else None
    return None


def _hidden(xml: bytes) -> frozenset[int]:
    if b"hidden=" not in xml:
        return frozenset()
    found, number = set(), 0
    for row in _ROW.finditer(xml):
        written = _NUMBER.search(row[1])
        number = int(written[1]) if written else number + 1
        if _HIDDEN.search(row[1]):
            found.add(number)
    return frozenset(found)


def _parse_merged(xml: bytes) -> Mapping[int, Sequence[tuple[int, int]]]:
    from openpyxl.utils import column_index_from_string

    found: dict[int, list[tuple[int, int]]] = {}
    for first, row, last, _ in _MERGED.findall(xml):
        if first != last:
            ends = [column_index_from_string(each.decode()) - 1 for each in (first, last)]
            found.setdefault(int(row), []).append((ends[0], ends[1]))
    return found


@functools.lru_cache(maxsize=256)
def shows_percent(number_format: str) -> bool:
    """Return whether a number format shows a number as a percentage: 0.5 as 50 %."""
    return "%" in _QUOTED.sub("", number_format).split(";")[0]
