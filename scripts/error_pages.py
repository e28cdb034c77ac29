"""Make the reference of findings, ``docs/reference/errors.md``.

Usage: ``python scripts/error_pages.py``

The codes come from the modules that declare them (``CODES = (Code(…), …)``), the examples from
the folders of ``tests/errors``.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billhook.diagnostics import Code

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "errors"
TARGET = ROOT / "docs" / "reference" / "errors.md"
SOURCES = ("core", "plugins/legal", "plugins/construction", "plugins/freight")
SHOWN_BYTES = 2_000

HEAD = """\
<!-- Made by scripts/error_pages.py; do not edit. -->

# Findings

Every finding has a code.
`billhook help CODE` shows the same words as this page.
Each example below is a file and what billhook says about it; the test suite runs them all.
"""


def all_codes() -> dict[str, Code]:
    """Return every code that a package declares, by id.

    Raises:
        ValueError: Two packages declare the same code.
    """
    found: dict[str, Code] = {}
    for module in sorted(_declaring_modules()):
        for code in importlib.import_module(module).CODES:
            if code.id in found:
                raise ValueError(f"{code.id} is declared twice, last in {module}")
            found[code.id] = code
    return dict(sorted(found.items()))


def _declaring_modules() -> Iterator[str]:
    for source in SOURCES:
        root = ROOT / source
        for path in root.rglob("*.py"):
            if re.search(r"^CODES\b", path.read_text(encoding="utf-8"), re.MULTILINE):
                yield ".".join(path.relative_to(root).with_suffix("").parts)


def reference() -> str:
    """Return the page."""
    return "\n".join([HEAD, *(_section(code) for code in all_codes().values())])


def _section(code: Code) -> str:
    title = code.title[:1].upper() + code.title[1:]
    parts = [f"## {code.id}: {title}\n\n{code.help}\n"]
    for folder in sorted(CASES.glob(f"{code.id}*/")):
        if folder.name.partition("-")[0] == code.id:
            parts.extend(_example(folder))
    return "\n".join(parts)


def _example(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in {"case.toml", "expected.txt"}:
            yield _input(path, path.relative_to(folder).as_posix())
    said = folder / "expected.txt"
    if said.exists():
        yield f"```text\n{said.read_text(encoding='utf-8').rstrip()}\n```\n"


def _input(path: Path, name: str) -> str:
    data = path.read_bytes()
    if b"\0" in data:
        return f"`{name}` (binary, {len(data):,} bytes)\n"
    text = data.decode("utf-8", "backslashreplace")
    if len(text) > SHOWN_BYTES:
        text = f"{text[:80]}…"
    language = {".toml": "toml", ".json": "json", ".csv": "csv"}.get(path.suffix, "text")
    return f"`{name}`\n\n```{language}\n{_visible(text).rstrip()}\n```\n"


def _visible(text: str) -> str:
    """Return a text with characters that would change the page written out."""
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / source) for source in SOURCES]
    TARGET.write_text(reference(), encoding="utf-8", newline="\n")
