from __future__ import annotations

from billhook.tools.scaffold.author import plugin_project
from docs.pages import ROOT, blocks


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()} - {""}


def test_the_first_plugin_takes_fewer_than_fifty_lines_of_the_authors_own() -> None:
    page = (ROOT / "docs" / "tutorial" / "first-plugin.md").read_text(encoding="utf-8")
    written = {
        line for block in blocks(page) if block.file.endswith(".py") for line in lines(block.text)
    }
    laid_out = {line for data in plugin_project("hire").values() for line in lines(data.decode())}

    own = written - laid_out

    assert 20 < len(own) < 50, sorted(own)
