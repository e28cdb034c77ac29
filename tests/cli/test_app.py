from __future__ import annotations

import importlib.metadata
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from billhook.cli import main
from billhook.cli.app import COMMANDS
from billhook.cli.console import Console, coloured
from billhook.cli.exits import Exit, exit_code
from billhook.kernel.errors import (
    BillhookError,
    BusyError,
    ConflictError,
    InputError,
    PluginError,
    RefusedError,
    StoreError,
)


def test_billhook_alone_shows_the_everyday_commands_first(billhook) -> None:
    ran = billhook()

    assert ran.code == 0
    words = [line.split()[0] for line in ran.out.splitlines() if line.startswith("  ")]
    assert words[-len(COMMANDS) :] == list(COMMANDS)
    assert ran.out.index("Every day:") < ran.out.index("More:")


def test_the_version_is_the_packages(billhook) -> None:
    assert billhook("--version").out == f"billhook {importlib.metadata.version('billhook')}\n"


def test_the_version_in_the_code_is_the_packages() -> None:
    import billhook

    assert importlib.metadata.version("billhook") == billhook.__version__


def test_a_misspelt_command_names_the_right_one(billhook) -> None:
    ran = billhook("expalin")

    assert (ran.code, "Did you mean 'explain'?" in ran.err) == (2, True)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(billhook, name) -> None:
    ran = billhook(name, "--help")

    assert ran.code == 0
    assert ran.out.startswith(f"Usage: billhook {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_short_help_in_the_list_is_a_sentence(name) -> None:
    assert COMMANDS[name].help.endswith((".", "…"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError([]), Exit.INVALID),
        (RefusedError([]), Exit.REFUSED),
        (PluginError("legal", "billhook_rate", "broke"), Exit.OUTSIDE),
        (StoreError("disk"), Exit.OUTSIDE),
        (BusyError("locked"), Exit.BUSY),
        (ConflictError("taken"), Exit.REFUSED),
        (BillhookError("else"), Exit.OUTSIDE),
        (OSError(28, "No space left on device"), Exit.OUTSIDE),
        (ZeroDivisionError(), Exit.INTERNAL),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error, code) -> None:
    assert exit_code(error) is code


def test_an_installed_plugin_without_commands_is_no_command(billhook) -> None:
    ran = billhook("tax_table")

    assert (ran.code, "No such command 'tax_table'" in ran.err) == (2, True)


# ── streams ──────────────────────────────────────────────────────────────────


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals_and_for_those_who_want_it(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert coloured(Terminal())
    assert not coloured(io.StringIO())

    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(Terminal())


def test_findings_are_coloured_on_a_terminal_only(firm, monkeypatch) -> None:
    (firm / "jobs" / "first.toml").write_text("x = 1\n")
    monkeypatch.chdir(firm)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    written = {}
    for kind in (Terminal, io.StringIO):
        monkeypatch.setattr(sys, "stdout", kind())
        main(["check"])
        written[kind] = sys.stdout.getvalue()

    assert "\x1b[31m" in written[Terminal]
    assert "\x1b[" not in written[io.StringIO]


def test_progress_is_shown_on_a_terminal_after_a_second_and_wiped(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr("billhook.cli.console.PATIENCE", -1)

    done = list(Console().progress(["a", "b"], "billing"))

    assert done == ["a", "b"]
    assert "[##########..........] 1/2 billing" in sys.stderr.getvalue()
    assert sys.stderr.getvalue().endswith("\r")


def test_progress_is_silent_when_it_is_quick(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())

    assert list(Console().progress(["a"], "billing")) == ["a"]
    assert sys.stderr.getvalue() == ""


def test_a_reader_that_goes_away_is_no_error_message(firm) -> None:
    bill = f"{sys.executable} -m billhook bill -f json -o - jobs/first.toml"
    command = f"{bill} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=firm, capture_output=True, text=True, check=False
    )

    assert done.returncode in {Exit.PIPE, Exit.OK}
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


# ── debugging ────────────────────────────────────────────────────────────────


def breaking(firm: Path) -> None:
    text = (firm / "billfile.py").read_text()
    (firm / "billfile.py").write_text(text.replace("hours = given(", "hours = 1 / 0, given("))


def test_debug_shows_the_traceback_of_a_plugin_that_broke(firm) -> None:
    breaking(firm)
    done = [
        subprocess.run(
            [sys.executable, "-m", "billhook", "check", *words],
            cwd=firm,
            capture_output=True,
            text=True,
            check=False,
        )
        for words in ([], ["--debug"])
    ]

    assert [run.returncode for run in done] == [Exit.FINDINGS, Exit.FINDINGS]
    assert ["ZeroDivisionError" in run.stderr for run in done] == [False, True]


def test_without_debug_no_traceback_is_shown(billhook, monkeypatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("billhook.cli.commands.check.targets", lambda *_, **__: broken())

    ran = billhook("check")
    assert ran.code == Exit.INTERNAL
    assert ran.err == (
        "internal error: ZeroDivisionError: a mistake of ours  (--debug shows the traceback)\n"
    )
    with pytest.raises(ZeroDivisionError):
        billhook("check", "--debug")


def test_interrupting_has_the_usual_exit_code(billhook, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("billhook.cli.commands.check.targets", interrupted)

    ran = billhook("check")
    assert (ran.code, ran.err.strip()) == (130, "interrupted")


@pytest.mark.skipif(os.name == "nt", reason="closes streams by a shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_service_without_streams_bills_all_the_same(firm, closed) -> None:
    command = f"{sys.executable} -m billhook bill -f json {closed}"

    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=firm, capture_output=True, text=True, check=False
    )

    assert (done.returncode, "internal error" in done.stderr) == (0, False)
    assert (firm / "out" / "first.json").is_file()


# ── starting ─────────────────────────────────────────────────────────────────

HEAVY = ("fpdf", "fontTools", "PIL", "rich", "openpyxl", "sqlalchemy", "uharfbuzz", "defusedxml")
TRADES = ("billhook_legal", "billhook_construction", "billhook_freight")


def loaded(cwd: Path, *words: str) -> set[str]:
    """The modules that a command loads."""
    code = (
        "import sys; from billhook.cli import main; main(sys.argv[1:]);"
        "print('modules:', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("modules:"))
    return set(line.split())


def test_help_loads_nothing_heavy(firm) -> None:
    found = loaded(firm, "--help")

    assert found & {*HEAVY, *TRADES, "cattrs", "babel", "tomli"} == set()


def test_check_loads_no_printer_and_no_plugin_that_is_not_named(firm) -> None:
    found = loaded(firm, "check")

    assert found & {*HEAVY, *TRADES} == set()


def test_a_bill_as_json_loads_no_printer(firm) -> None:
    found = loaded(firm, "bill", "-f", "json")

    assert found & {*HEAVY, *TRADES} == set()
