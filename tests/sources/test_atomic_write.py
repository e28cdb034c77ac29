"""Folders of files that are there as a whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from billhook.sources.atomic_write import write_tree

FILES = {Path("billhook.toml"): b"1", Path("jobs/june.toml"): b"2", Path("data/a/b.csv"): b"3"}


def found(folder: Path) -> dict[str, bytes]:
    """All of a folder; folders end in a slash."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"folder"
        for path in folder.rglob("*")
    }


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that has room for two files."""
    sync, room = os.fsync, iter(range(2))

    def fsync(descriptor: int) -> None:
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that lets two files be renamed, and is then interrupted."""
    rename, left = Path.rename, iter(range(2))

    def renamed(path: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)


@pytest.mark.parametrize("there", [True, False])
def test_all_files_are_written_and_nothing_else(tmp_path, there) -> None:
    root = tmp_path / "deep" / "firm"
    if there:
        (root / "jobs").mkdir(parents=True)
        (root / "jobs" / "may.toml").write_bytes(b"0")

    write_tree(root, FILES)

    mays = {"jobs/may.toml": b"0"} if there else {}
    folders = dict.fromkeys(("jobs", "data", "data/a"), b"folder")
    assert found(root) == {path.as_posix(): data for path, data in FILES.items()} | mays | folders
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("root", ["new/firm", "."])
def test_a_full_disk_leaves_nothing_behind_and_is_said_of_the_file(tmp_path, root) -> None:
    with pytest.raises(OSError, match="No space left") as raised:
        write_tree(tmp_path / root, FILES)

    assert raised.value.filename == str(tmp_path / root / "data/a/b.csv")
    assert found(tmp_path) == {}


@pytest.mark.usefixtures("stubborn")
def test_an_interruption_among_other_files_takes_back_what_was_placed(tmp_path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "mine.txt").write_bytes(b"mine")
    before = found(tmp_path)

    with pytest.raises(KeyboardInterrupt):
        write_tree(tmp_path, FILES)

    assert found(tmp_path) == before


def test_a_file_that_is_there_is_never_replaced(tmp_path) -> None:
    (tmp_path / "data" / "a").mkdir(parents=True)
    (tmp_path / "data" / "a" / "b.csv").write_bytes(b"mine")
    before = found(tmp_path)

    with pytest.raises(FileExistsError):
        write_tree(tmp_path, FILES)

    assert found(tmp_path) == before


def test_the_files_that_make_a_project_come_last(tmp_path, monkeypatch) -> None:
    placed: list[str] = []
    rename = Path.rename

    def renamed(path: Path, target: Path) -> Path:
        placed.append(target.name)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)

    write_tree(tmp_path, FILES, last=lambda path: path.suffix == ".toml" and path.parent == Path())

    assert placed == ["june.toml", "b.csv", "billhook.toml"]
