"""Folders of files that are there as a whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from billhook.sources.filename import write_new

Last = Callable[[Path], bool]


def write_tree(root: Path, files: Mapping[Path, bytes], last: Last = lambda _: False) -> None:
    """Write files into a folder, all of them or none.

    The files go to a hidden neighbour first, which takes the room on the disk and the time, and are
    then only renamed.  A crash can leave that neighbour, ``.NAME.….part``, which is no project.

    Args:
        root: The folder; it is made when it is not there.
        files: What to write, by paths within the folder.
        last: Which files make the folder count; they are put in place when all others are.

    Raises:
        FileExistsError: A file is there already; nothing was written.
        OSError: The disk is full, or the folder may not be written; nothing was left.
    """
    with _staged(root, files) as stage:
        if root.exists():
            _place((stage / path, root / path) for path in sorted(files, key=last))
        else:
            _place([(stage, root)])


@contextmanager
def _staged(root: Path, files: Mapping[Path, bytes]) -> Iterator[Path]:
    """Write the files to a hidden folder on the same disk, which is removed at the end."""
    home = root if root.is_dir() else next(each for each in root.parents if each.exists())
    stage = home / f".{root.resolve().name}.{secrets.token_hex(6)}.part"
    try:
        with _named(root):
            stage.mkdir()
        for path, data in files.items():
            with _named(root / path):
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                write_new(stage / path, data)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let errors name the file that was asked for: the hidden one would tell nobody anything."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _place(moves: Iterable[tuple[Path, Path]]) -> None:
    """Rename each to its place; when one cannot be, none is."""
    placed: list[Path] = []
    try:
        for staged, target in moves:
            placed.extend(_folders(target.parent))
            _move(staged, target)
            placed.append(target)
    except BaseException:
        for each in reversed(placed):
            with suppress(OSError):
                each.rmdir() if each.is_dir() else each.unlink()
        raise


def _move(staged: Path, target: Path) -> None:
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "exists", str(target))
    with _named(target):
        staged.rename(target)


def _folders(folder: Path) -> list[Path]:
    """Make a folder, and return those that were not there, the outermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
