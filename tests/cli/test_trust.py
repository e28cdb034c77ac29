from __future__ import annotations

import json
import os
import py_compile
import re
import shutil
from pathlib import Path

import pytest

from billhook import Engine
from billhook.cli.app import COMMANDS
from billhook.kernel.diagnostics import Diagnostic
from billhook.project import load_project

ROOT = Path(__file__).parents[2]
CANARY = '\nfrom pathlib import Path\nPath(__file__).with_name("ran").touch()\n'


@pytest.fixture(autouse=True)
def stranger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user who trusts nothing yet; the folder of what is trusted."""
    monkeypatch.delenv("BILLHOOK_TRUST")
    monkeypatch.delenv("BILLHOOK_STORE", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "state"))
    monkeypatch.setenv("BILLHOOK_USER", "kim")
    return tmp_path / "state" / "billhook" / "trusted"


@pytest.fixture
def cloned(firm: Path) -> Path:
    """A project of somebody else's, whose plugin leaves a trace when it is run."""
    with (firm / "billfile.py").open("a") as file:
        file.write(CANARY)
    return firm


WORDS = {
    "bill": [["bill", "-o", "out"], ["bill", "-o", "out", "--jobs", "2"], ["bill", "jobs"]],
    "check": [["check"], ["check", "jobs/first.toml"], ["check", "records/hours.csv"]],
    "diff": [["diff", "jobs/first.toml", "jobs/first.toml"]],
    "explain": [["explain", "jobs/first.toml"]],
    "issue": [["issue", "-y"], ["issue", "-n"]],
    "run": [["run", "new", "june"], ["run", "diff", "june"], ["run", "issue", "june"]],
    "plugin": [
        ["plugin", "list", "--long"],
        ["plugin", "info", "billfile.py"],
        ["plugin", "test", "billfile.py", "jobs/first.toml"],
        ["plugin", "test", "legal", "jobs/first.toml"],
        ["plugin", "trace", "jobs/first.toml"],
        ["plugin", "catalogs", "update", "billfile.py"],
    ],
    "schema": [["schema", "project"], ["schema", "billfile"], ["schema", "--write"]],
    "template": [["template", "list"], ["template", "preview", "modern"]],
    "trust": [["trust", "--dry-run"], ["trust"], ["trust", "--list"], ["trust", "--revoke"]],
    "completion": [["completion", "bash"]],
    "help": [["help", "BH589"]],
    "event": [["event", "list"], ["event", "add", "first", "paid"]],
    "db": [["db", "init"], ["db", "migrate"]],
    "invoice": [["invoice", "list"], ["invoice", "show", "1"]],
}
"""How the commands are called here; one that is not named is called by its bare name."""


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_runs_the_plugin_of_an_untrusted_project(billhook, cloned, command) -> None:
    for words in WORDS.get(command, [[command], [command, "jobs/first.toml"]]):
        billhook(*words)

        assert not (cloned / "ran").exists(), words


@pytest.mark.parametrize("words", [["plugin", "info", ""], ["bill", "--format", ""], ["bill", ""]])
def test_completion_runs_no_plugin_of_the_project(billhook, cloned, monkeypatch, words) -> None:
    monkeypatch.setenv("_BILLHOOK_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["billhook", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))

    ran = billhook()

    assert ran.out.startswith("plain,") or ran.out.startswith("file,")
    assert not (cloned / "ran").exists()


def test_the_command_line_opens_projects_in_one_place_only() -> None:
    """Whoever opens a project or a plugin file otherwise would run it without asking."""
    files = (ROOT / "core/billhook/cli").rglob("*.py")
    free = {
        path.name for path in files if re.search(r"\bload_project\(|load_file\((?!.*approval\(\))",
                                                 path.read_text())
    }  # fmt: skip

    assert free == {"local_plugins.py"}


def test_a_project_that_is_not_trusted_makes_no_bill_and_says_what_to_do(billhook, cloned) -> None:
    ran = billhook("bill", "-o", "out")

    assert ran.code == 3
    assert "error[BH589]: the local plugin 'billfile.py' is code, and you have not trusted" in (
        ran.err
    )
    assert "billhook trust" in ran.err
    assert not (cloned / "out").exists()


def test_lists_of_work_say_that_the_plugin_is_missing(billhook, cloned) -> None:
    assert "BH589" in billhook("unbilled").err
    assert "BH589" in billhook("status").err


def test_a_trusted_project_works_like_any_other(billhook, cloned) -> None:
    trusted = billhook("trust")
    billed = billhook("bill", "-f", "text", "-o", "-")

    assert (trusted.code, billed.code) == (0, 0)
    assert "690.00" in billed.out
    assert (cloned / "ran").exists()


def test_trust_shows_what_it_would_do_and_does_nothing(billhook, cloned) -> None:
    shown = billhook("trust", "--dry-run")

    assert '+Path(__file__).with_name("ran").touch()' in shown.out
    assert billhook("check").code == 1


def test_a_changed_plugin_wants_trust_again_and_says_what_changed(billhook, cloned) -> None:
    billhook("trust")
    plugin = cloned / "billfile.py"
    plugin.write_text(plugin.read_text().replace(".touch()", ".mkdir()"))

    refused = billhook("check")
    shown = billhook("trust")

    assert "has changed since you trusted it" in refused.err + refused.out
    assert "1 lines more, 1 lines less" in refused.err + refused.out
    changed = [line for line in shown.out.splitlines() if line[:1] in "+-" and line[1:2] != line[0]]
    assert changed == [
        '-Path(__file__).with_name("ran").touch()',
        '+Path(__file__).with_name("ran").mkdir()',
    ]
    assert billhook("check").code == 0


def test_a_copy_elsewhere_is_not_trusted(billhook, cloned, tmp_path) -> None:
    billhook("trust")
    copy = Path(shutil.copytree(cloned, tmp_path / "copy"))

    assert billhook("check", cwd=copy).code == 1
    assert billhook("check").code == 0


def test_trust_is_taken_back(billhook, cloned) -> None:
    billhook("trust")
    listed = json.loads(billhook("trust", "--list", "--format", "json").out)
    billhook("trust", "--revoke")

    (plugin,) = listed["plugins"]
    assert (plugin["path"], plugin["state"]) == (str(cloned / "billfile.py"), "as it is")
    assert billhook("check").code == 1
    assert json.loads(billhook("trust", "--list", "--format", "json").out)["plugins"] == []


def test_bytecode_beside_a_trusted_plugin_does_not_take_its_place(billhook, cloned) -> None:
    """Python would take an unchecked .pyc for the source that was looked at."""
    plugin = cloned / "billfile.py"
    honest = plugin.read_text().replace(CANARY, "")
    py_compile.compile(str(plugin), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    assert list((cloned / "__pycache__").glob("billfile.*.pyc"))
    plugin.write_text(honest)
    billhook("trust")

    assert billhook("check").code == 0
    assert not (cloned / "ran").exists()


def test_code_cannot_hide_from_who_reads_the_differences(billhook, cloned) -> None:
    with (cloned / "billfile.py").open("a") as file:
        file.write("# \x1b[2K\x1b[1A \u202e harmless\n")

    shown = billhook("trust", "--dry-run").out

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert r"+# \x1b[2K\x1b[1A \u202e harmless" in shown


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_note_that_others_could_write_trusts_nothing(billhook, stranger) -> None:
    billhook("trust")
    (note,) = stranger.glob("*.json")
    note.chmod(0o622)

    assert billhook("check").code == 1


def test_who_lays_out_a_project_or_a_plugin_has_trusted_it(billhook, tmp_path) -> None:
    billhook("init", "own", cwd=tmp_path)

    assert billhook("check", cwd=tmp_path / "own").code == 0

    (tmp_path / "own" / "billhook.toml").write_text('[project]\nplugins = ["tax_table"]\n')
    made = billhook("plugin", "new", "rates", "--local", cwd=tmp_path / "own")

    assert made.code == 0
    assert "BH589" not in billhook("check", cwd=tmp_path / "own").out


def test_ci_and_scripts_trust_by_an_environment_variable(billhook, monkeypatch) -> None:
    monkeypatch.setenv("BILLHOOK_TRUST", "1")

    assert billhook("check").code == 0

    monkeypatch.setenv("BILLHOOK_TRUST", "0")

    assert billhook("check").code == 1


def test_no_local_leaves_even_a_trusted_plugin_out(billhook, cloned) -> None:
    billhook("trust")

    ran = billhook("bill", "-o", "out", "--no-local")
    listed = billhook("--no-local", "invoice", "list")

    assert (ran.code, listed.code) == (3, 0)
    assert "error[BH590]" in ran.err
    assert not (cloned / "out").exists()
    assert not (cloned / "ran").exists()


def test_many_jobs_in_several_processes_ask_too(billhook, cloned) -> None:
    for name in range(20):
        shutil.copy(cloned / "jobs/first.toml", cloned / f"jobs/copy-{name}.toml")

    ran = billhook("bill", "-o", "out", "--jobs", "2")

    assert ran.code == 3
    assert not (cloned / "ran").exists()
    assert "BH590" in billhook("bill", "-o", "out", "--jobs", "2", "--no-local").err


@pytest.mark.parametrize(
    "local", ["../other.py", "{tmp}/other.py", "link.py", "sub/../../other.py"]
)
def test_a_local_plugin_stays_inside_the_project(billhook, firm, tmp_path, local) -> None:
    other = tmp_path / "other.py"
    other.write_text(CANARY)
    (firm / "link.py").symlink_to(other)
    settings = firm / "billhook.toml"
    named = f'"{local.format(tmp=tmp_path)}"'
    settings.write_text(settings.read_text().replace('"billfile.py"', named))

    billhook("trust", firm)
    ran = billhook("check")

    assert "billhook.toml:7:1: error[BH591]" in ran.out + ran.err
    assert not (tmp_path / "ran").exists()


def test_a_host_decides_for_itself(cloned) -> None:
    def never(path: Path, content: bytes) -> Diagnostic | None:
        return Diagnostic("ERP1", f"{path.name}: {len(content) > 0}")

    asked = load_project(cloned, approve=never).engine(())

    assert [each.code for each in asked.findings] == ["ERP1"]
    assert not (cloned / "ran").exists()
    assert load_project(cloned).engine(()).findings == ()
    assert (cloned / "ran").exists()
    assert Engine.discover(local=cloned / "billfile.py").findings == ()


def test_the_example_with_a_local_plugin_runs_after_trust(billhook, tmp_path) -> None:
    example = shutil.copytree(ROOT / "examples/local_plugin", tmp_path / "local_plugin")

    before = billhook("bill", example, "-o", "out")
    billhook("trust", example)
    after = billhook("bill", example, "-o", "out")

    assert (before.code, after.code) == (3, 0)
