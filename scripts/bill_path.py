"""Draw a bill's way through the files from a run: ``docs/explanation/bill-path.md``.

Usage: ``python scripts/bill_path.py [--count | --check]``

The example bill is drafted, issued into a store in memory, and printed; each call from one package
into another is noted once, in order.  ``--count`` prints how many files and functions took part;
``--check`` compares the files of the page with those of a run, and writes nothing.
"""

from __future__ import annotations

import ast
import datetime as dt
import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import attrs

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("core", "plugins/legal", "plugins/construction", "plugins/freight")
sys.path[:0] = [str(ROOT / source) for source in SOURCES]
JOB = ROOT / "examples" / "legal" / "jobs" / "june@2026-0114.toml"
TARGET = ROOT / "docs" / "explanation" / "bill-path.md"
HEAD = """<!-- Made by scripts/bill_path.py: change that, not this page. -->
# A bill's way through the files

One bill of the law firm's example was drafted, issued into a store in memory and printed as PDF.
Each row is the first call of a function from another package, in their order.
Calls inside a package are left out.
A row's folder is the stage, its file the noun: to change what a stage does, begin there.
"""


@attrs.frozen
class Call:
    """A function of the project that was called.

    Attributes:
        package: Its stage: ``calculate``, or a trade's package.
        file: Its file, from the stage's folder.
        name: Its name, with its class.
    """

    package: str
    file: str
    name: str


def located(path: str) -> tuple[str, str] | None:
    """Return package and file of one of the project's own modules."""
    parts = Path(path).parts
    for place, part in enumerate(parts):
        if part == "core" and parts[place + 1 : place + 2] == ("billhook",):
            rest = parts[place + 2 :]
            return (rest[0], "/".join(rest[1:])) if len(rest) > 1 else ("billhook", rest[0])
        if part.startswith("billhook_"):
            return part, "/".join(parts[place + 1 :])
    return None


class Recorder:
    """Notes the calls between packages, and how much of the code a run visits."""

    def __init__(self) -> None:
        self.calls: dict[Call, str] = {}
        self.files: set[str] = set()
        self.functions: set[tuple[str, int]] = set()

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Take an event of ``sys.setprofile``."""
        del argument
        code = frame.f_code
        here = located(code.co_filename) if event == "call" else None
        if here is None or code.co_name.startswith("<") or code.co_name == "__getattr__":
            return
        self.files.add(code.co_filename)
        self.functions.add((code.co_filename, code.co_firstlineno))
        caller = frame.f_back and located(frame.f_back.f_code.co_filename)
        name = code.co_qualname
        if (not caller or caller[0] != here[0]) and not any(p[0] == "_" for p in name.split(".")):
            self.calls.setdefault(Call(*here, name), code.co_filename)


def record() -> Recorder:
    """Draft, issue and print the example's bill, and return what was called."""
    from billhook.issue.actor import Actor
    from billhook.issue.request import IssueRequest, issue_requests
    from billhook.kernel.diagnostics import Findings
    from billhook.project import load_project
    from billhook.render import render
    from billhook.store.memory import memory_store

    def run() -> None:
        loaded = load_project(JOB).job(JOB)
        assert loaded.job is not None, loaded.findings  # noqa: S101 - a script, not a test
        records = tuple(loaded.engine.read(loaded.job, Findings(loaded.findings)))
        order = IssueRequest(engine=loaded.engine, job=loaded.job, records=records)
        actor = Actor(by="clerk", at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
        [outcome] = issue_requests(memory_store(), [order], actor)
        for document in outcome.documents:
            render(document, loaded.engine.sections(document), "pdf", loaded.print)

    run()  # what is imported and kept on the first run is no part of the way
    return traced(run)


def traced(run: Callable[[], None]) -> Recorder:
    """Return what a run calls."""
    recorder = Recorder()
    sys.setprofile(recorder)
    try:
        run()
    finally:
        sys.setprofile(None)
    return recorder


@functools.cache
def sentences(path: str) -> dict[str, str]:
    """Return the first sentence of each docstring of a file, by qualified name."""
    found: dict[str, str] = {}

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                doc = ast.get_docstring(child) or ""
                found[prefix + child.name] = " ".join(doc.split("\n\n")[0].split())
                walk(child, f"{prefix}{child.name}.")

    walk(ast.parse(Path(path).read_text(encoding="utf-8")), "")
    return found


def draw() -> str:
    """Return the page."""
    rows = ["| stage | file | function | what it does |", "| --- | --- | --- | --- |"]
    for call, path in record().calls.items():
        what = sentences(path).get(call.name, "").replace("|", "\\|")
        rows.append(f"| `{call.package}` | `{call.file}` | `{call.name}` | {what} |")
    return HEAD + "\n" + "\n".join(rows) + "\n"


def compare_files() -> list[str]:
    """Return how the files of the page differ from those of a run, one line for each file.

    Functions are left out: which of them are called first differs between versions of Python.
    """
    rows = re.findall(
        r"^\| `(\w+)` \| `([^`]+)` ", TARGET.read_text(encoding="utf-8"), re.MULTILINE
    )
    shown = set(rows)
    visited = {(call.package, call.file) for call in record().calls}
    missing = [f"not on the page: {package}/{file}" for package, file in sorted(visited - shown)]
    surplus = [f"not on the way: {package}/{file}" for package, file in sorted(shown - visited)]
    return missing + surplus


def main() -> None:
    """Write the page, count, or check."""
    if "--check" in sys.argv:
        differences = compare_files()
        print("\n".join(differences))
        sys.exit(1 if differences else 0)
    if "--count" in sys.argv:
        recorder = record()
        print(len(recorder.files), "files,", len(recorder.functions), "functions")
        return
    TARGET.write_text(draw(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
