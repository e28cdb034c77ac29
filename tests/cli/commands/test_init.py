from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import billhook as package
from billhook.cli.commands.plugin import one_plugin
from billhook.tools.scaffold import demos, plain, skeleton


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_project_checks_and_bills_at_once(billhook, tmp_path) -> None:
    made = billhook("init", "new firm", cwd=tmp_path)
    checked = billhook("check", cwd=tmp_path / "new firm")
    billed = billhook("bill", "-f", "text", cwd=tmp_path / "new firm")

    assert (made.code, checked.code, billed.code) == (0, 0, 0)
    assert set(made.out.splitlines()) == {
        f"new firm/{each}" for each in files(tmp_path / "new firm")
    } - {"new firm/out/first.txt"}
    assert made.err == "next: billhook check 'new firm' && billhook bill 'new firm'\n"


def test_files_that_are_there_are_left_alone(billhook, firm) -> None:
    before = (firm / "billhook.toml").read_text()
    (firm / "billfile.py").unlink()

    ran = billhook("init")

    assert (ran.code, ran.out) == (4, "")
    assert "billhook.toml" in ran.err
    assert (firm / "billhook.toml").read_text() == before
    assert not (firm / "billfile.py").exists()


def test_a_plugin_without_examples_gets_a_skeleton_that_check_guides_through(tmp_path) -> None:
    (tmp_path / "hours.py").write_bytes(plain()[Path("billfile.py")])
    plugin = one_plugin(str(tmp_path / "hours.py"))

    made = skeleton(plugin)

    text = made[Path("billhook.toml")].decode()
    assert 'plugins = ["billfile", "tax_table"]' in text
    assert "[billfile]  # Hours at one rate\n# per_hour = …    # required\n" in text
    assert made[Path("records/hours.csv")] == b"key,date,hours,text\n"
    assert '\n[[sources]]\nkind = "hours"\n' in made[Path("jobs/first.toml")].decode()


def test_a_skeleton_of_an_installed_plugin_is_a_project(billhook, tmp_path) -> None:
    made = billhook("init", "taxes", "--industry", "tax_table", cwd=tmp_path)
    checked = billhook("check", "taxes", cwd=tmp_path)

    assert (made.code, checked.code) == (0, 0)
    assert "warning[BH402]" in checked.out


def test_an_unknown_industry_is_a_usage_error_with_a_hint(billhook, tmp_path) -> None:
    ran = billhook("init", "x", "--industry", "leagl", cwd=tmp_path)

    assert (ran.code, "did you mean 'legal'?" in ran.err) == (2, True)
    assert not (tmp_path / "x").exists()


def test_the_demo_is_every_example(billhook, tmp_path) -> None:
    ran = billhook("init", "demo", "--demo", cwd=tmp_path)

    assert ran.code == 0
    assert {path.name for path in (tmp_path / "demo").iterdir()} == set(demos())


@pytest.mark.parametrize("name", sorted(demos()))
def test_each_example_checks_without_errors_and_bills(billhook, tmp_path, name) -> None:
    billhook("init", name, "--industry", name, cwd=tmp_path)

    checked = billhook("check", name, cwd=tmp_path)
    billed = billhook("bill", name, "-f", "json,text", cwd=tmp_path)

    assert (checked.code, billed.code) == (0, 0), checked.out + billed.err
    assert billed.out


def test_demo_and_industry_exclude_each_other(billhook, tmp_path) -> None:
    assert billhook("init", "--demo", "--industry", "legal", cwd=tmp_path).code == 2


def test_the_template_names_no_trade() -> None:
    folder = Path(package.__file__).parent / "scaffold" / "plain"

    text = "".join(path.read_text() for path in folder.rglob("*") if path.is_file()).lower()

    assert [word for word in ("matter", "retainage", "tariff", "shipment") if word in text] == []


def test_a_new_project_keeps_its_store_out_of_versions(billhook, tmp_path) -> None:
    billhook("init", "firm", cwd=tmp_path)

    ignored = (tmp_path / "firm/.gitignore").read_text().splitlines()
    assert {"/out/", "/billhook.db*", "/backups/"} <= set(ignored)


def test_a_disk_that_fills_up_leaves_no_part_of_a_project(billhook, tmp_path, monkeypatch) -> None:
    sync, room = os.fsync, iter(range(9))

    def fsync(descriptor: int) -> None:
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    (tmp_path / "empty").mkdir()

    ran = billhook("init", "demo", "--demo", cwd=tmp_path / "empty")

    assert (ran.code, ran.out) == (6, "")
    assert "no space left on device" in ran.err
    assert list((tmp_path / "empty").iterdir()) == []
