from __future__ import annotations

from pathlib import Path

import pytest

from docs.pages import ROOT, Reader, WrongExampleError, agrees, commands, pages, relative

PAGES = pages()


@pytest.mark.parametrize("page", PAGES, ids=relative(PAGES))
def test_every_example_of_the_page_is_true(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    correct = bool(request.config.getoption("--golden-update"))
    text = page.read_text(encoding="utf-8")
    reader = Reader(page.relative_to(ROOT).as_posix(), text, tmp_path / "reader")

    reader.read(correct=correct)

    if reader.corrected != text:
        page.write_text(reader.corrected, encoding="utf-8", newline="\n")


def read(tmp_path: Path, text: str) -> None:
    Reader("page.md", text, tmp_path / "reader").read()


def test_a_command_that_says_something_else_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WrongExampleError, match="really\nyes"):
        read(tmp_path, "```console\n$ echo yes\nno\n```\n")


def test_a_command_that_fails_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WrongExampleError, match="fails with 3"):
        read(tmp_path, "```console\n$ exit 3\n```\n")


def test_an_exit_code_may_be_shown(tmp_path: Path) -> None:
    read(tmp_path, "```console\n$ exit 3\n$ echo $?\n3\n```\n")


def test_print_without_its_output_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WrongExampleError, match="does not show"):
        read(tmp_path, "```python\nprint(1)\n```\n\n```toml\na = 1\n```\n")


def test_a_block_that_nobody_runs_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WrongExampleError, match="no one knows"):
        read(tmp_path, "```sh\nrm -rf /\n```\n")


def test_a_key_that_is_not_known_is_reported(tmp_path: Path) -> None:
    text = '[[tax_table.rates]]\nname = "VAT"\nprecent = 19\n'

    with pytest.raises(WrongExampleError, match=r"tax_table\.rates\.precent"):
        read(tmp_path, f"```toml\n{text}```\n")


def test_dots_stand_for_anything() -> None:
    assert agrees("a\n...\nz\n", "a\nb\nc\nz\n")
    assert agrees("took ... seconds", "took 12 seconds")
    assert not agrees("a\n...\nz\n", "a\nb\n")
    assert not agrees("a\n", "a\nb\n")


def test_a_command_may_go_on_in_the_next_line() -> None:
    (command,) = commands("$ echo a \\\n> b\na b\n")

    assert command.words == "echo a \\\nb\n"
    assert command.said == "a b\n"
