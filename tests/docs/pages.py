"""Pages as tests: what the fenced blocks of a Markdown page say is done, in a folder of its own.

The conventions, all visible to a reader:

* a block below a line with nothing but a file's name in backticks is written to that file;
  after ``, at its end:`` it is added to it;
* ``console`` blocks are typed: ``$ `` begins a command, ``> `` continues it, the rest is what it
  says; ``...`` stands for anything, on a line of its own for any lines; ``$ echo $?`` shows an exit
  code that is not 0;
* ``python`` blocks are run one after the other; what they print stands in the ``text`` block below;
* the commands of billhook that a workflow file runs are run when it is written;
* other ``toml`` blocks may have only keys that billhook knows, other ``json`` blocks are parsed;
* ``<!-- not run: reason -->`` above a block leaves it out, with the reason.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from docs.snippets import unknown_keys

ROOT = Path(__file__).parents[2]
MADE = "<!-- Made by scripts/"
FENCE = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`(?P<added>, at its end)?:?\n\n?)?"
    r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?"
    r"^```(?P<language>[^\n]*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SHELLS = ("sh", "console")
MARKS = ("not run: ", "demo-command", "test-command")


@attrs.frozen(kw_only=True)
class Block:
    """A fenced block.

    Attributes:
        line: The line of its fence.
        language: The word behind the fence.
        text: What is in it.
        file: The file it is written to, if the line above names one.
        added: It is added at the file's end.
        mark: The comment above it.
        span: Where its text stands in the page.
    """

    line: int
    language: str
    text: str
    file: str
    added: bool
    mark: str
    span: tuple[int, int]


@attrs.frozen
class Command:
    """A command of a console block, with what it is expected to say."""

    words: str
    said: str


class WrongExampleError(AssertionError):
    """A page says something that is not so."""


def pages() -> list[Path]:
    """Return every page with examples; pages made by scripts are checked there."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path for path in found if not path.read_text(encoding="utf-8").startswith(MADE)]


def typed(page: Path, program: str) -> list[str]:
    """Return the commands of a program that a page's shell blocks show, prompts left out."""
    shells = (block.text for block in blocks(page.read_text("utf-8")) if block.language in SHELLS)
    lines = (line.removeprefix("$ ") for text in shells for line in text.splitlines())
    return [line for line in lines if line.startswith(f"{program} ")]


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page; directives of the site's builder are none."""
    for found in FENCE.finditer(text):
        if not found["language"].startswith("{"):
            yield Block(
                line=text.count("\n", 0, found.start("language")) + 1,
                language=found["language"].strip(),
                text=found["text"],
                file=found["file"] or "",
                added=bool(found["added"]),
                mark=found["mark"] or "",
                span=found.span("text"),
            )


def commands(text: str) -> list[Command]:
    """Return the commands of a console block."""
    found: list[Command] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append(Command(line[2:], ""))
        elif not found:
            raise WrongExampleError(f"a console block begins with '$ ', not with {line!r}")
        elif line.startswith("> ") and not found[-1].said:
            found[-1] = Command(found[-1].words + line[2:], "")
        else:
            found[-1] = Command(found[-1].words, found[-1].said + line)
    return found


def agrees(expected: str, actual: str) -> bool:
    """Return whether what was said is what the page says, ``...`` standing for anything."""
    lines = [_pattern(line) for line in expected.rstrip("\n").split("\n")]
    return re.fullmatch("".join(lines), actual.rstrip("\n") + "\n") is not None


def _pattern(line: str) -> str:
    if line == "...":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ ]*\n"


class Reader:
    """Somebody who does what a page says, in an empty folder."""

    def __init__(self, name: str, text: str, folder: Path) -> None:
        self._name = name
        self._text = text
        self._place = folder
        self._bin = folder.parent / f"{folder.name}-bin"
        self._module = types.ModuleType(f"page_{id(self)}")
        self._printed = ""
        self._code = 0
        self._corrections: list[tuple[tuple[int, int], str]] = []

    def read(self, *, correct: bool = False) -> None:
        """Do all that the page says.

        Args:
            correct: Note what is really said, see `corrected`, instead of failing.
        """
        self._place.mkdir(parents=True, exist_ok=True)
        self._lay_out_programs(sys.executable)
        sys.modules[self._module.__name__] = self._module
        try:
            for block in blocks(self._text):
                self._do(block, correct=correct)
        finally:
            del sys.modules[self._module.__name__]

    @property
    def corrected(self) -> str:
        """The page with what is really said."""
        text = self._text
        for (start, end), told in reversed(self._corrections):
            text = text[:start] + told + text[end:]
        return text

    def _do(self, block: Block, *, correct: bool) -> None:
        if block.mark.startswith(MARKS):
            return
        if self._printed and block.language != "text":
            self._fail(block, "the page does not show what is printed", self._printed)
        if block.file:
            self._write(block)
        elif block.language == "console":
            self._type(block, correct=correct)
        elif block.language == "python":
            self._run(block)
        elif block.language == "text" and self._printed:
            self._compare(block, block.text, self._printed, correct=correct)
            self._printed = ""
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "toml":
            if strange := unknown_keys(block.text):
                self._fail(block, f"there is no key {', '.join(strange)}", "")
        else:
            self._fail(block, f"no one knows what to do with a block of {block.language!r}", "")

    # ── files ────────────────────────────────────────────────────────────────

    def _write(self, block: Block) -> None:
        path = self._place / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") + "\n" if block.added else ""
        path.write_text(before + block.text, encoding="utf-8", newline="\n")
        if path.suffix == ".yml":
            for words in re.findall(r"^ *- run: (billhook .*)$", block.text, re.MULTILINE):
                self._said(block, Command(words, ""))
            self._said(block, Command("true", ""))

    # ── Python ───────────────────────────────────────────────────────────────

    def _run(self, block: Block) -> None:
        code = compile("\n" * block.line + block.text, self._name, "exec", dont_inherit=True)
        printed = io.StringIO()
        with contextlib.chdir(self._place), contextlib.redirect_stdout(printed):
            exec(code, vars(self._module))  # noqa: S102 - the page's own example
        self._printed = printed.getvalue()

    # ── commands ─────────────────────────────────────────────────────────────

    def _type(self, block: Block, *, correct: bool) -> None:
        told = ""
        for command in commands(block.text):
            said = self._said(block, command)
            good = agrees(command.said, said) if command.said or said else True
            if not good and not correct:
                self._fail(block, f"$ {command.words}{command.said}", said)
            told += _typed(command.words) + (command.said if good else said)
        if self._code:
            self._fail(block, f"the last command fails with {self._code}", told)
        if told != block.text:
            self._corrections.append((block.span, told))

    def _said(self, block: Block, command: Command) -> str:
        words = command.words.strip()
        if words == "echo $?":
            code, self._code = self._code, 0
            return f"{code}\n"
        if self._code:
            self._fail(block, f"the command before {words!r} fails with {self._code}", "")
        if words.startswith("cd "):
            self._place = (self._place / words.removeprefix("cd ")).resolve(strict=True)
            return ""
        if words.startswith("python -m venv "):
            self._make_environment(self._place / words.split()[-1])
            return ""
        done = subprocess.run(
            ["bash", "-c", words],
            cwd=self._place,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                **SURROUNDINGS,
                "PATH": f"{self._bin}:{os.environ['PATH']}",
                "XDG_STATE_HOME": str(self._bin / "state"),  # each page has a reader of its own
            },
            check=False,
        )
        self._code = done.returncode
        return done.stdout.decode("utf-8")

    def _lay_out_programs(self, interpreter: str) -> None:
        """Make ``python``, ``pip`` and ``billhook`` programs of an interpreter."""
        self._bin.mkdir(exist_ok=True)
        for name, words in PROGRAMS.items():
            program = self._bin / name
            program.write_text(f'#!/bin/sh\nexec "{interpreter}" {words}"$@"\n', encoding="utf-8")
            program.chmod(0o755)

    def _make_environment(self, folder: Path) -> None:
        """Make an environment that has all that this one has, and takes more."""
        import site
        import venv

        import billhook

        venv.create(folder, symlinks=True)
        own = next(folder.glob("lib/*/site-packages"))
        roots = [path for path in sys.path if Path(path).name in _SOURCE_ROOTS]
        paths = [*site.getsitepackages(), str(Path(billhook.__file__).parents[1]), *roots]
        (own / "all.pth").write_text("\n".join(dict.fromkeys(paths)), encoding="utf-8")
        self._lay_out_programs(str(folder / "bin" / "python"))

    # ── comparing ────────────────────────────────────────────────────────────

    def _compare(self, block: Block, expected: str, actual: str, *, correct: bool) -> None:
        if agrees(expected, actual):
            return
        if not correct:
            self._fail(block, expected, actual)
        self._corrections.append((block.span, actual))

    def _fail(self, block: Block, expected: str, actual: str) -> None:
        raise WrongExampleError(
            f"{self._name}:{block.line}\n--- the page\n{expected}\n--- really\n{actual}"
        )


SURROUNDINGS = {
    "BILLHOOK_TRUST": "0",
    "CI": "true",  # Hypothesis then times no test: a busy machine is no fault of a page
    "COLUMNS": "80",
    "LC_ALL": "C.UTF-8",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PIP_NO_DEPS": "1",
    "PIP_NO_INDEX": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTEST_ADDOPTS": "-p no:cacheprovider",
    # Warnings are shown to the reader too; an old pip's own one is no word of ours.
    "PYTHONWARNINGS": "default,ignore:pkg_resources is deprecated,ignore:Unimplemented abstract",
}
PROGRAMS = {"python": "", "pip": "-m pip ", "billhook": "-m billhook ", "pytest": "-m pytest "}
_SOURCE_ROOTS = {"core", "legal", "construction", "freight"}


def _typed(words: str) -> str:
    first, *rest = words.splitlines(keepends=True)
    return "$ " + first + "".join(f"> {line}" for line in rest)


def relative(paths: Sequence[Path]) -> list[str]:
    """Return names for tests."""
    return [path.relative_to(ROOT).as_posix() for path in paths]
