"""Typefaces beyond the bundled ones: files that a project names, and packages that bring some.

A distribution brings fonts by an entry point in the group ``billhook.fonts`` that names a package;
the font files in its folder are used, without running anything of it but the package itself:

```toml
[project.entry-points."billhook.fonts"]
cjk = "acme_fonts_cjk"
```
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import re
import struct
from collections.abc import Iterator
from pathlib import Path

from billhook.render.pdf.writer.font_face import FontFile
from billhook.render.pdf.writer.sfnt import FontFileError, Sfnt

GROUP = "billhook.fonts"
"""The entry-point group of packages with fonts."""

SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})

HAN = frozenset({"ja", "ko", "zh", "zh-hant"})
"""Languages that draw the same characters differently, each with fonts of its own."""

# What East Asian faces are called after: "NotoSansCJKjp", "SourceHanSansTC", "PingFangSC".
_REGION = re.compile(r"(?:jp|kr|sc|tc|hk|JP|KR|SC|TC|HK|GB|CN)(?![a-z])")
_LANGUAGES = {"jp": "ja", "kr": "ko", "sc": "zh", "gb": "zh", "cn": "zh", "tc": "zh-hant"}
# Bits of OS/2's ulCodePageRange1: what a font that says nothing by its name was made for.
_CODE_PAGES = {17: "ja", 18: "zh", 19: "ko", 20: "zh-hant", 21: "ko"}
_BOLD = 600
_MONO = re.compile("mono|typewriter|console", re.IGNORECASE)


def language_key(tag: str) -> str:
    """Return a language as fonts are sorted by it: ``de`` of ``de-CH``, ``zh-hant`` of ``zh_TW``.

    Args:
        tag: A locale or a language tag.
    """
    parts = tag.replace("_", "-").lower().split("-")
    if parts[0] in ("zh", "yue") and not {"hant", "tw", "hk", "mo"}.isdisjoint(parts):
        return "zh-hant"
    return parts[0]


@functools.lru_cache(maxsize=4096)
def typefaces(path: Path) -> tuple[FontFile, ...]:
    """Return the faces of a font file or collection, with the languages that each is made for.

    Raises:
        OSError: The file cannot be read.
        FontFileError: It is no font that can be used.
    """
    data = path.read_bytes()
    found = [_face(path, Sfnt(data, index), index) for index in range(_count(data))]
    return tuple(face for face, is_mono in found if not is_mono) or (found[0][0],)


def list_provided_faces() -> tuple[FontFile, ...]:
    """Return the faces of all installed packages that bring some; what is broken is left out."""
    return tuple(face for path in list_packaged_fonts() for face in _usable(path))


@functools.cache
def list_packaged_fonts() -> tuple[Path, ...]:
    """Return the font files of the installed packages."""
    points = sorted(importlib.metadata.entry_points(group=GROUP), key=lambda point: point.name)
    return tuple(path for point in points for path in _files(point.module))


def font_files(folder: Path) -> Iterator[Path]:
    """Yield the font files below a folder, by name."""
    yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _files(package: str) -> Iterator[Path]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    for folder in (spec and spec.submodule_search_locations) or ():
        yield from font_files(Path(folder))


def _usable(path: Path) -> tuple[FontFile, ...]:
    try:
        return typefaces(path)
    except (OSError, FontFileError):
        return ()


def _count(data: bytes) -> int:
    if data[:4] != b"ttcf":
        return 1
    if len(data) < 12:  # noqa: PLR2004 -- the head of a collection
        raise FontFileError("not a usable font file: the collection is cut off")
    count: int = struct.unpack_from(">I", data, 8)[0]
    return count


def _face(path: Path, font: Sfnt, index: int) -> tuple[FontFile, bool]:
    name = font.postscript_name
    weight, pages = _facts(font)
    bold = weight >= _BOLD or "Bold" in name
    face = FontFile(path, index, bold=bold, languages=_made_for(name, pages))
    return face, _MONO.search(name) is not None


def _facts(font: Sfnt) -> tuple[int, int]:
    """Return weight and code pages, as OS/2 has them."""
    table = font.table("OS/2") if font.has("OS/2") else b""
    if len(table) < 82:  # noqa: PLR2004 -- up to the code pages, from version 1 on
        return 400, 0
    weight: int = struct.unpack_from(">H", table, 4)[0]
    pages: int = struct.unpack_from(">I", table, 78)[0]
    return weight, pages


def _made_for(name: str, pages: int) -> tuple[str, ...]:
    region = _REGION.findall(name.partition("-")[0])
    if region:
        return (_LANGUAGES.get(region[-1].lower(), "zh-hant"),)
    named = {language for bit, language in _CODE_PAGES.items() if pages >> bit & 1}
    return tuple(named) if len(named) == 1 else ()
