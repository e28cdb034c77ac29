"""The doctor says what is there, what is wrong, and what to do."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest

from billhook.project import load_project
from billhook.render.pdf.writer.scripts import SCRIPTS
from billhook.store.database import open_store
from billhook.tools.doctor import HealthState, examine, packages, plugins, store
from billhook.tools.doctor import fonts as font_checks
from render.tiny_font import saved, tiny_font


def findings(firm, topic):
    return [each for each in examine(load_project(firm)) if each.topic == topic]


def add(firm, text):
    path = firm / "billhook.toml"
    path.write_text(path.read_text() + text)


def change(firm, old, new):
    path = firm / "billhook.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def wrong(found):
    return [each.title for each in found if each.state is HealthState.WRONG]


def test_a_good_installation_is_well(billhook):
    ran = billhook("doctor")

    assert ran.code == 0
    assert "all is well" in ran.err
    assert [line for line in ran.out.splitlines() if not line.startswith(" ")] == [
        *("python", "fonts", "languages", "plugins", "store")
    ]


def test_for_programs_there_is_json_with_a_schema(billhook):
    tree = json.loads(billhook("doctor", "-f", "json").out)

    assert tree["schema"] == "billhook.doctor/1"
    assert tree["wrong"] == 0
    assert {check["topic"] for check in tree["checks"]} >= {"python", "fonts", "store"}
    assert all(check["state"] in ("ok", "note", "wrong") for check in tree["checks"])


def test_something_wrong_is_told_with_what_to_do_and_exit_code_1(billhook, firm):
    change(firm, 'locale = "en_US"', 'locale = "ko"')

    ran = billhook("doctor")

    assert ran.code == 1
    assert "bills in ko cannot be printed" in ran.out
    assert "on Debian fonts-noto-cjk" in ran.out


# ── python ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("version", "bounds", "fits"),
    [
        ("2.8.9", ">=2.8.2,<2.9", True),
        ("2.8.2", ">=2.8.2,<2.9", True),
        ("2.9", ">=2.8.2,<2.9", False),
        ("2.10.1", ">=2.8.2,<2.9", False),
        ("3.11.7", ">=3.11", True),
        ("24", ">=24.1", False),
        ("24.1.0", "==24.1", True),
        ("1.7rc1", "!=1.7", False),
        ("5.0", "", True),
        ("1.0", ">1,<=1", False),
    ],
)
def test_versions_are_compared_number_by_number(version, bounds, fits):
    assert packages.fits(version, bounds) is fits


def test_a_requirement_of_another_platform_is_not_asked_for() -> None:
    windows = "tzdata>=2024.1; sys_platform == 'win32'"

    assert packages.is_for_platform(windows, "win32")
    assert not packages.is_for_platform(windows, "linux")
    assert packages.is_for_platform("attrs>=24.1", "linux")


@pytest.mark.parametrize(
    ("requirement", "parsed"),
    [
        ("fpdf2<2.9,>=2.8.2", ("fpdf2", "<2.9,>=2.8.2", False)),
        ("psycopg[binary]>=3.1; extra == 'postgresql'", ("psycopg", ">=3.1", True)),
        ("rich", ("rich", "", False)),
    ],
)
def test_requirements_are_read(requirement, parsed):
    assert packages.parse_requirement(requirement) == parsed


def test_a_package_that_is_missing_is_named_with_how_to_install_it():
    found = packages._package("billhook-no-such-package", ">=1")

    assert found.state is HealthState.WRONG
    assert '"billhook-no-such-package>=1"' in found.hint


def test_a_package_that_is_too_old_is_wrong():
    assert packages._package("attrs", ">=9999").state is HealthState.WRONG


# ── fonts and languages ──────────────────────────────────────────────────────


def test_scripts_without_fonts_are_noted_with_the_package_that_has_them(firm):
    notes = {n.title: n.hint for n in findings(firm, "fonts") if n.state is HealthState.NOTE}

    assert "fonts-noto-cjk" in notes["no font for Kana, Chinese characters, Hangul"]


def test_a_font_that_the_project_names_is_counted_in(firm, tmp_path):
    kana = next(script for script in SCRIPTS if script.name == "Kana")
    saved(firm / "kana.ttf", tiny_font("Kana", kana.sample))
    add(firm, '\n[print]\nfonts = ["kana.ttf"]\n')

    titles = [each.title for each in findings(firm, "fonts")]

    assert titles[0] == "can be printed: " + ", ".join(s.name for s in (*SCRIPTS[:7], kana))


def test_a_font_that_cannot_be_used_is_wrong(firm):
    (firm / "kana.ttf").write_bytes(b"no font")
    add(firm, '\n[print]\nfonts = ["kana.ttf"]\n')

    assert "the font 'kana.ttf' cannot be used" in wrong(findings(firm, "fonts"))[0]


def test_fonts_are_found_by_what_they_have(tmp_path):
    saved(tmp_path / "deep.ttf", tiny_font("Deep", "あア"))
    saved(tmp_path / "other.ttf", tiny_font("Other", "x"))
    (tmp_path / "broken.otf").write_bytes(b"no font")

    found = list(font_checks.find(SCRIPTS, [tmp_path]))

    assert [(each.path.name, each.scripts, each.bold) for each in found] == [
        ("deep.ttf", ("Kana",), False)
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="the folders are those of Linux")
def test_fonts_are_looked_for_where_the_user_keeps_them(billhook, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".local/share/fonts"
    folder.mkdir(parents=True)
    path = saved(folder / "tiny.ttf", tiny_font("Tiny", "\ue555"))

    ran = billhook("fonts", "find", "\ue555")

    assert str(path) in ran.out
    assert "[print] fonts" in ran.err
    assert billhook("fonts", "find", "\ue556").code == 1
    tree = json.loads(billhook("fonts", "find", "\ue555", "-f", "json").out)
    assert tree["fonts"][0]["path"] == str(path)


def test_a_language_that_billhook_does_not_speak_is_noted(firm):
    change(firm, 'locale = "en_US"', 'locale = "is"')

    notes = [each for each in findings(firm, "languages") if each.state is HealthState.NOTE]

    assert "labels in English instead of is" in notes[0].title


def test_a_language_that_billhook_speaks_is_complete(firm):
    change(firm, 'locale = "en_US"', 'locale = "de_CH"')

    assert not wrong(findings(firm, "languages"))


# ── plugins and store ────────────────────────────────────────────────────────


def test_a_plugin_that_is_not_installed_is_wrong(firm):
    change(firm, 'plugins = ["tax_table"]', 'plugins = ["tax_table", "absent"]')

    assert wrong(findings(firm, "plugins")) == ["plugin 'absent' is not installed"]


def test_a_broken_local_plugin_is_wrong(firm):
    (firm / "billfile.py").write_text("raise RuntimeError('half written')\n")

    assert "half written" in wrong(plugins.examine(load_project(firm)))[0]


def test_a_store_that_is_not_there_yet_is_only_noted(firm):
    assert [each.state for each in findings(firm, "store")] == [HealthState.NOTE]


def test_a_sound_store_is_told_with_its_documents_and_journal(firm):
    open_store(firm / "billhook.db", create=True).close()

    found = findings(firm, "store")

    assert not wrong(found)
    assert found[-1].title.startswith("0 documents; journal truncate, synchronous full, SQLite 3.")


def test_a_store_that_others_may_open_is_noted(firm):
    path = firm / "billhook.db"
    open_store(path, create=True).close()
    assert HealthState.NOTE not in {each.state for each in findings(firm, "store")}

    path.chmod(0o644)

    assert [each.title for each in findings(firm, "store") if each.state is HealthState.NOTE] == [
        f"others than its owner may open {path}"
    ]


def test_a_store_without_its_guards_is_wrong(firm):
    open_store(firm / "billhook.db", create=True).close()
    with sqlite3.connect(firm / "billhook.db") as connection:
        query = "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name LIMIT 1"
        (name,) = connection.execute(query).fetchone()
        connection.execute(f"DROP TRIGGER {name}")
    connection.close()

    assert wrong(findings(firm, "store")) == [f"the database is damaged: guard {name} is missing"]


def test_a_file_that_is_no_store_is_wrong(firm):
    (firm / "billhook.db").write_bytes(b"anything else" * 100)

    assert "the store cannot be" in wrong(findings(firm, "store"))[0]


def test_settings_of_the_store_that_make_no_sense_are_wrong(firm):
    add(firm, "\n[store]\nwait = -1\n")

    assert wrong(findings(firm, "store"))


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
server:/books /srv/the\\040books nfs4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home/kim/billhook.db", "ext4"), ("/run/x.db", "tmpfs"), ("/srv/the books/a.db", "nfs4")],
)
def test_the_file_system_is_that_of_the_nearest_mount(tmp_path, path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)

    assert store.file_system(Path(path), mounts) == kind


def test_where_nothing_tells_of_mounts_the_file_system_is_not_known(tmp_path):
    assert store.file_system(tmp_path, tmp_path / "none") == ""


@pytest.mark.parametrize(("kind", "said"), [("nfs4", "lies on nfs4"), ("tmpfs", "in memory")])
def test_a_store_on_a_network_or_in_memory_is_wrong(firm, tmp_path, monkeypatch, kind, said):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"x / ext4 rw 0 0\ny {str(firm).replace(' ', chr(92) + '040')} {kind} rw 0 0\n"
    )
    monkeypatch.setattr(store, "MOUNTS", mounts)
    open_store(firm / "billhook.db", create=True).close()

    assert said in wrong(findings(firm, "store"))[0]


def test_a_full_disk_is_wrong(firm, monkeypatch):
    monkeypatch.setattr(store, "LEAST_FREE", 1 << 62)
    open_store(firm / "billhook.db", create=True).close()

    assert "are free beside the store" in wrong(findings(firm, "store"))[0]


def test_a_language_that_explains_in_english_has_all_its_labels(firm):
    change(firm, 'locale = "en_US"', 'locale = "da"')

    assert wrong(findings(firm, "languages")) == []
