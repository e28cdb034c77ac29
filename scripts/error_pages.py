"""Make the reference of findings, ``docs/reference/errors.md``.

Usage: ``python scripts/error_pages.py``

The codes come from the modules that declare them (``CODES = (Code(…), …)``), the examples from
the folders of ``tests/errors``, whose ``README.md`` describes them.
"""

from __future__ import annotations

import importlib
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

if TYPE_CHECKING:
    from billhook.kernel.diagnostics import Code

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
Each example below shows files, or changes to one of the
[projects](#projects-of-the-examples) at the end of this page, and what billhook says about them.
The test suite runs them all.
"""

PROJECTS = """\
## Projects of the examples

Examples that name one of these projects start from it.
Those of the project *store* start from what `billhook init` lays out.
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
    codes = (_section(code) for code in all_codes().values())
    projects = (_project(base) for base in sorted(CASES.glob("*/base/")))
    return "\n".join([HEAD, *codes, PROJECTS, *projects])


def _section(code: Code) -> str:
    title = code.title[:1].upper() + code.title[1:]
    parts = [f"## {code.id}: {title}\n\n{code.help}\n"]
    for folder in _folders(code.id):
        parts.extend(_example(folder))
    return "\n".join(parts)


def _folders(code: str) -> list[Path]:
    """Return the cases of a code, those of a group and those that stand alone."""
    found = [*CASES.glob(f"{code}*/"), *CASES.glob(f"*/{code}*/")]
    cases = (folder for folder in found if folder.name.partition("-")[0] == code)
    return sorted(cases, key=lambda folder: folder.name)


def _example(folder: Path) -> Iterator[str]:
    group = folder.parent
    own, _, said = (folder / "case.txt").read_text(encoding="utf-8").partition("+++\n")
    case = _group_keys(group) | tomli.loads(own)
    if (group / "base").is_dir():
        yield f"In the project [{group.name}](#project-{group.name}):\n"
    elif case["run"] == "store":
        yield "In the project *store*:\n"
    yield from _files(folder, case.get("files", {}))
    commands: list[str] = []
    for step in case.get("steps", ()):
        if "run" in step:
            commands.append(_command(step["run"]))
        elif commands:
            yield _block("text", "".join(commands))
            commands.clear()
        if "run" not in step:
            yield _change(step)
    if "arguments" in case:
        commands.append(_command(case["arguments"]))
    yield _block("text", "".join(commands) + said)


def _group_keys(group: Path) -> dict[str, Any]:
    path = group / "case.toml"
    return tomli.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _command(arguments: list[str]) -> str:
    return f"$ billhook {shlex.join(arguments)}\n"


def _change(step: Mapping[str, Any]) -> str:
    """Return a step other than a command as a reader of the page sees it."""
    if "edit" in step:
        return f"`{step['edit']}`, changed\n\n{_difference(step['before'], step['after'])}"
    if "append" in step:
        return f"`{step['append']}`, at its end\n\n{_difference('', step['text'])}"
    if "rename" in step:
        return f"`{step['rename']}` is moved to `{step['to']}`.\n"
    return f"The database, changed\n\n{_block('sql', ''.join(f'{line};' for line in step['sql']))}"


def _difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    lines = [f"-{line}" for line in old if line not in new]
    lines += [f" {line}" if line in old else f"+{line}" for line in new]
    return _block("diff", _visible("\n".join(lines)))


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


def _project(base: Path) -> str:
    parts = [f"### Project {base.parent.name}\n", *_files(base, {})]
    return "\n".join(parts)


def _files(folder: Path, written: Mapping[str, str]) -> Iterator[str]:
    """Return the files of a folder and those written in a case, in the order of their paths."""
    found = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found |= {folder / name: text.encode() for name, text in written.items()}
    for path in sorted(found):
        if path.name != "case.txt":
            yield _input(path, path.relative_to(folder).as_posix(), found[path])


def _input(path: Path, name: str, data: bytes) -> str:
    if b"\0" in data:
        return f"`{name}` (binary, {len(data):,} bytes)\n"
    text = data.decode("utf-8", "backslashreplace")
    if len(text) > SHOWN_BYTES:
        text = f"{text[:80]}…"
    language = {".toml": "toml", ".json": "json", ".csv": "csv"}.get(path.suffix, "text")
    return f"`{name}`\n\n{_block(language, _visible(text))}"


def _visible(text: str) -> str:
    """Return a text with characters that would change the page written out."""
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / source) for source in SOURCES]
    TARGET.write_text(reference(), encoding="utf-8", newline="\n")
