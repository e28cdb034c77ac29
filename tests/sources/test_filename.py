from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.sources.atomic_write import sweep, write_whole
from billhook.sources.filename import LONGEST, safe_name


@given(st.text(max_size=120))
def test_a_name_is_valid_everywhere(text: str) -> None:
    name = safe_name(text, ".pdf")

    assert re.fullmatch(r"[A-Za-z0-9._~-]+\.pdf", name, re.ASCII)
    assert len(name) <= LONGEST
    assert not name.startswith((".", "-"))
    assert name.split(".")[0].lower() not in {"con", "nul", "com1", "lpt1", "aux", "prn"}


@given(st.text(max_size=40), st.text(max_size=40))
def test_different_texts_have_different_names(one: str, two: str) -> None:
    assert (one == two) == (safe_name(one) == safe_name(two))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("INV-2026-0001", "INV-2026-0001.pdf"),
        # the digits are the first of `printf TEXT | sha256sum`
        ("../../etc/passwd", "etc_passwd~3754d6cb.pdf"),
        ("R/2026", "R_2026~d426ea80.pdf"),
    ],
)
def test_only_what_had_to_change_bears_a_digest(text: str, name: str) -> None:
    assert name == safe_name(text, ".pdf")


@pytest.mark.parametrize("text", ["CON", "nul", "com1.txt", "LPT9", "..", "", "."])
def test_reserved_names_are_dressed(text: str) -> None:
    assert "~" in safe_name(text)


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "INV-1.pdf"
    write_whole(path, b"one")
    write_whole(path, b"two")

    assert path.read_bytes() == b"two"
    assert [path] == list(tmp_path.iterdir())


def test_another_content_is_not_replaced_when_that_is_forbidden(tmp_path: Path) -> None:
    path = tmp_path / "INV-1.pdf"
    write_whole(path, b"one", replace=False)
    write_whole(path, b"one", replace=False)
    with pytest.raises(FileExistsError):
        write_whole(path, b"two", replace=False)

    assert path.read_bytes() == b"one"
    assert [path] == list(tmp_path.iterdir())


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"secret")
    link = tmp_path / "INV-1.pdf"
    link.symlink_to(target)
    with pytest.raises(FileExistsError):
        write_whole(link, b"secret", replace=False)
    write_whole(link, b"bill")

    assert target.read_bytes() == b"secret"
    assert not link.is_symlink()


def test_without_hard_links_nothing_is_replaced_either(tmp_path: Path, monkeypatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "INV-1.pdf"
    write_whole(path, b"one", replace=False)
    with pytest.raises(FileExistsError):
        write_whole(path, b"two", replace=False)

    assert path.read_bytes() == b"one"


def test_a_missing_folder_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "no" / "INV-1.pdf", b"")


KILLED = """
import sys
from pathlib import Path
from billhook.sources.atomic_write import write_whole
path = Path(sys.argv[1])
while True:
    for letter in b"ab":
        write_whole(path, bytes([letter]) * 300_000)
"""


def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "INV-1.pdf"
    core = Path(__file__).parents[2] / "core"
    for _ in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path)], env={**os.environ, "PYTHONPATH": str(core)}
        )
        while not path.exists():
            pass
        for _ in range(20):
            content = path.read_bytes()
            assert content in {b"a" * 300_000, b"b" * 300_000}
        writer.kill()
        writer.wait()
    sweep(tmp_path)

    assert path.read_bytes() in {b"a" * 300_000, b"b" * 300_000}
    assert [path] == list(tmp_path.iterdir())


def test_a_disk_that_may_not_be_written_is_said_of_the_file_itself(tmp_path, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "hidden")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)

    with pytest.raises(OSError, match="Read-only") as raised:
        write_whole(tmp_path / "a.pdf", b"1")

    assert raised.value.filename == str(tmp_path / "a.pdf")


def test_only_what_cannot_be_made_again_waits_for_the_disk(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)

    write_whole(tmp_path / "draft.pdf", b"1", durable=False)
    assert (synced, (tmp_path / "draft.pdf").read_bytes()) == ([], b"1")

    write_whole(tmp_path / "INV-1.pdf", b"1")
    assert len(synced) == 2  # the file and its folder
