"""Texts of the command line forge nothing, and what is written is as private as the store."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("text", ["kim\n00005 voided INV-1", "kim\x1b[2K", "kim\u202e", "a\x00b"])
@pytest.mark.parametrize("option", ["--by", "--reason", "--note", "--key", "--how"])
def test_a_text_that_could_forge_a_line_of_the_log_is_refused(billhook, firm, option, text) -> None:
    assert billhook(firm, "issue", "-y", "--format", "none").code == 0
    command = {
        "--key": ["issue", "-y"],
        "--how": ["invoice", "sent", "1"],
    }.get(option, ["credit", "1", "--keep", "-y", "--format", "none"])
    if option != "--reason" and command[0] == "credit":
        command += ["--reason", "wrong"]

    ran = billhook(firm, *command, option, text)

    assert ran.code == 2
    assert option in ran.err
    log = billhook(firm, "audit", "log", "--format", "csv").out
    assert len(log.splitlines()) == 2  # a head, and the line of the issue


def test_the_name_in_the_environment_obeys_the_same_rule(billhook, firm, monkeypatch) -> None:
    monkeypatch.setenv("BILLHOOK_USER", "kim\nlee")

    ran = billhook(firm, "issue", "-y")

    assert (ran.code, "BILLHOOK_USER" in ran.err) == (2, True)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
@pytest.mark.parametrize("group", [False, True])
def test_what_is_written_is_for_its_owner_or_the_group_that_was_named(
    billhook, firm, mask, group
) -> None:
    settings = firm / "billhook.toml"
    if group:
        settings.write_text(settings.read_text() + "\n[archive]\ngroup = true\n")
    before = os.umask(mask)
    try:
        assert billhook(firm, "issue", "-y", "--format", "json", "-o", "out/june").code == 0
        assert billhook(firm, "seal").code == 0
        assert billhook(firm, "backup").code == 0
    finally:
        os.umask(before)

    file, folder = ("0o640", "0o750") if group else ("0o600", "0o700")
    assert modes(firm / "archive") == {
        "2026": folder,
        "2026/INV-2026-00001.json": file,
        "store.json": file,
    }
    assert modes(firm / "out") == {"june": folder, "june/INV-2026-00001.json": file}
    assert set(modes(firm / "closings").values()) == {file}
    assert set(modes(firm / "backups").values()) == {"0o600"}
    assert oct(stat.S_IMODE((firm / "billhook.db").stat().st_mode)) == "0o600"
