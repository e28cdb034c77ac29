"""The local plugin: a firm's own rules in one short file."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from billhook import load_project
from billhook.testing import PluginContract, assert_replays, job_case
from docs.pages import typed

ROOT = Path(__file__).parents[2] / "examples" / "local_plugin"


def drafted(name: str):
    (draft,) = load_project(ROOT).job(ROOT / "jobs" / f"{name}.toml").drafts()
    assert draft.errors == (), [str(error) for error in draft.errors]
    return draft


@pytest.mark.parametrize(
    # 2.0 h × 310 = 620.00, less 3 % = 18.60; 14.0 h × 310 = 4,340.00, less 3 % = 130.20.
    ("name", "off", "payable"),
    [("lease", "18.60", "601.40"), ("slip", "130.20", "4209.80")],
)
def test_fees_are_three_per_cent_less(name, off, payable) -> None:
    invoice = drafted(name).invoice
    (loyalty,) = invoice.adjustments

    assert (loyalty.id, str(loyalty.amount.value)) == ("loyalty", off)
    assert str(invoice.totals.payable.value) == payable
    assert_replays(invoice)


def test_a_large_bill_is_announced() -> None:
    found = {name: [f.code for f in drafted(name).findings] for name in ("lease", "slip")}

    assert found == {"lease": [], "slip": ["OWN101"]}


def test_the_file_is_short() -> None:
    lines = (ROOT / "billfile.py").read_text(encoding="utf-8").splitlines()

    assert len(lines) < 25


def test_the_command_line_takes_it(run_cli) -> None:
    outcome = run_cli("check", str(ROOT))

    assert outcome.ok
    assert outcome.findings == ("OWN101",)


def test_every_command_of_its_readme_works(run_cli, tmp_path) -> None:
    copy = tmp_path / "examples" / "local_plugin"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("out", "__pycache__"))
    trust, bill, test = typed(ROOT / "README.md", "billhook")

    trusted = run_cli(*shlex.split(trust)[1:], "-n")
    billed = run_cli(*shlex.split(bill)[1:])
    tested = run_cli(*shlex.split(test)[1:], cwd=copy)

    assert (trusted.code, "billfile.py" in trusted.out + trusted.err) == (0, True)
    assert (billed.code, billed.findings) == (0, ("OWN101",))
    assert "20 passed" in tested.out


class TestContract(PluginContract):
    plugin = ROOT / "billfile.py"
    beside = ("legal",)

    def cases(self):
        for name in ("lease", "slip"):
            yield job_case(ROOT / "jobs" / f"{name}.toml")


def test_the_jobs_other_plugins_join_the_contract(run_cli) -> None:
    outcome = run_cli("plugin", "test", str(ROOT / "billfile.py"), str(ROOT))

    assert outcome.ok, outcome.out + outcome.err


def test_an_installed_plugin_is_tested_beside_the_projects_local_one(run_cli) -> None:
    outcome = run_cli("plugin", "test", "legal", str(ROOT / "jobs" / "lease.toml"))

    assert outcome.ok, outcome.out + outcome.err
