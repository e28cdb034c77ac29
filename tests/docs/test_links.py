"""Links and prose of the pages, without building the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import FENCE, MADE, ROOT, relative

PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").glob("*/README.md")),
]
LINK = re.compile(r"\]\(([^()\s]+)\)")
TWO_SENTENCES = re.compile(r"[a-z)`]{2}[.!?] +[A-Z][a-z]+ ")


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in found}


def broken(page: Path) -> Iterator[str]:
    for link in LINK.findall(prose(page)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in headings(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=relative(PAGES))
def test_each_link_leads_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


WRITTEN = [page for page in PAGES if MADE not in page.read_text(encoding="utf-8")[:80]]


@pytest.mark.parametrize("page", WRITTEN, ids=relative(WRITTEN))
def test_each_sentence_stands_on_a_line_of_its_own(page: Path) -> None:
    lines = [line for line in prose(page).splitlines() if not line.startswith(("|", "    "))]

    assert [line for line in lines if TWO_SENTENCES.search(line)] == []
