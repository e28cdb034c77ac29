"""Files that are no TOML: said in words, at the place to mend."""

from __future__ import annotations

import pytest

from billhook.kernel.diagnostics import Findings
from billhook.sources.formats.toml import read_toml


def said(text: str) -> list[str]:
    findings = Findings()
    assert read_toml(text.encode(), "x.toml", findings) is None
    (finding,) = findings
    assert finding.code == "BH105"
    return [str(finding).replace(" error[BH105]", ""), finding.hint or ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\na = 2\n", "x.toml:2:1:: 'a' is set a second time"),
        ("[a]\n[b]\n[a]\n", "x.toml:3:2:: 'a' is set a second time"),
        ("[[a]]\n  [a]\n", "x.toml:2:4:: 'a' is set a second time"),
        ("a = Acme Inc.\n", "x.toml:1:5:: expected a value, got 'Acme Inc.'"),
        ("day = 2026-07-32\n", "x.toml:1:7:: there is no day '2026-07-32'"),
        ("day = 2026-02-30\n", "x.toml:1:7:: there is no day '2026-02-30'"),
        ("day = 30.06.2026\n", "x.toml:1:7:: expected a date (YYYY-MM-DD), got '30.06.2026'"),
        ("day = 2026-6-1\n", "x.toml:1:7:: expected a date (YYYY-MM-DD), got '2026-6-1'"),
        ("a = 1,000\n", "x.toml:1:5:: expected a number, got '1,000'"),
        ("a = 7.5 %\n", "x.toml:1:5:: expected a number, got '7.5 %'"),
        ("a = 1.5 # fine\nb = 01\n", "x.toml:2:5:: expected a number, got '01'"),
        ("a =\n", "x.toml:1:4:: expected a value, got nothing"),
        ("a = [\n  1,\n  two,\n]\n", "x.toml:3:3:: expected a value, got 'two'"),
        ('a = "x" "y"\n', 'x.toml:1:9:: expected a value, got \'"x" "y"\''),
        ('a = "x\nb = 1\n', "x.toml:1:7:: a text does not end"),
    ],
)
def test_a_mistake_of_form_is_told_where_it_is_mended(text: str, message: str) -> None:
    assert said(text)[0] == message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a = 1\na = 2\n", "keep one of them; [[name]] begins an entry of a list, [name] a table"),
        ("a = Acme\n", "put a text in quotes"),
        ("a = Yes\n", "write true"),
        ("a = off\n", "write false"),
        ("a = “x”\n", 'write straight quotes: "'),
        ("a: 3\n", 'a line is a key, = and a value: name = "Acme"'),
        ('a = "C:\\data"\n', "write \\\\, or put the text between ' and '"),
        ("a = [1,\n", ""),
    ],
)
def test_a_mistake_of_form_has_a_hint(text: str, hint: str) -> None:
    assert said(text)[1] == hint
