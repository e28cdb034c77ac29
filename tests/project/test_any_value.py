"""Any value for any key of a project gives a bill or findings, never an exception."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.kernel.errors import FindingsError
from billhook.project import load_project
from billhook.project.each import split_member
from billhook.render import render
from billhook.tools.scaffold import demos, plain

VALUES = (
    *("-1", "0", "1", "100", "99999999999", "123456789012345", "0.000000001", "-0.0", "0xff"),
    *("1e400", "nan", "inf", "true", "[]", "{}", "[1]", '["x"]', "[{}]", '""', '"x"', '"1"'),
    *('"\\u202e"', '"\\n"', '"€"', '"."', '"-"', '"../../etc"', '"USD"', f'"{"x" * 3000}"'),
    *("2026-06-30", "1970-01-01", "2199-12-31", "12:00:00", "2026-06-30T10:00:00Z", '"""\n"""'),
)
SET = re.compile(r'\w+\s*=\s*("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^}]*\}|[^\s,}#]+)')
PROJECTS = {"plain": plain(), **demos()}
JOBS = {
    "plain": "first.toml",
    "legal": "june@2026-0114.toml",
    "construction": "application-2.toml",
    "freight": "moosach-kw25.toml",
}


@pytest.fixture(params=sorted(JOBS), scope="module")
def trade(request: pytest.FixtureRequest) -> Iterator[tuple[Path, Path]]:
    """A project that can be spoiled, and the job that is billed."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "project"
        for path, data in PROJECTS[request.param].items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        yield root, root / "jobs" / JOBS[request.param]


def bill(root: Path, job: Path) -> None:
    project = load_project(root)
    project.check()
    loaded = project.job(job)
    for document in loaded.documents(loaded.drafts()):
        render(document, loaded.engine.sections(document), "text", loaded.print)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_value_gives_a_bill_or_findings(trade: tuple[Path, Path], data: st.DataObject) -> None:
    root, job = trade
    member = split_member(job)
    written = member[0] if member else job
    file = data.draw(
        st.sampled_from([root / "billhook.toml", written, *sorted((root / "customers").iterdir())])
    )
    sound = file.read_bytes()
    text = sound.decode()
    start, end = data.draw(st.sampled_from([match.span(1) for match in SET.finditer(text)]))
    value = data.draw(st.sampled_from(VALUES))
    try:
        file.write_text(text[:start] + value + text[end:], encoding="utf-8")
        with contextlib.suppress(FindingsError):
            bill(root, job)
    finally:
        file.write_bytes(sound)
        shutil.rmtree(root / "__pycache__", ignore_errors=True)
