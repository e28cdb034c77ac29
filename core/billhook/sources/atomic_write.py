"""Atomic writing of files and of folders: readers and crashes see all of it or none of it."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs

_PART_NAME = 80
# File systems without hard links: FAT, some network shares.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


@attrs.frozen
class Access:
    """Access rights of written files.

    Attributes:
        file: Mode of files.
        folder: Mode of folders.
    """

    file: int
    folder: int


PRIVATE = Access(0o600, 0o700)
"""For its owner alone, as the store is."""

GROUP = Access(0o640, 0o750)
"""Also to be read by the owner's group."""

Last = Callable[[Path], bool]


def write_whole(
    path: Path,
    data: bytes,
    *,
    replace: bool = True,
    durable: bool = True,
    access: Access | None = None,
) -> None:
    """Write a file so that readers and crashes see all of it or none of it.

    The bytes go to a neighbour file, to the disk, and then under the name; the folder is synced
    last.  A crash can leave a ``.part`` file behind, see `sweep`.

    Args:
        path: Where to; the folder must exist.
        data: What to.
        replace: Whether a file of other content may be replaced.  The same content again is
            always fine.
        durable: Whether it outlives a power cut.  What can be made again need not wait for the
            disk: it is whole for every reader, and whatever becomes of the program.
        access: Who may read it; left out, whoever the system lets by default.

    Raises:
        FileExistsError: ``replace`` is off and the file is there with other content.
        OSError: The disk is full, the folder is missing or may not be written.
    """
    part = path.with_name(f".{path.name[:_PART_NAME]}.{secrets.token_hex(6)}.part")
    try:
        write_new(part, data, durable=durable, access=access)
        if replace:
            part.replace(path)
        else:
            _link(part, path, data)
    except OSError as error:
        error.filename = str(path)  # the neighbour's name would tell nobody anything
        raise
    finally:
        with suppress(OSError):  # a disk that takes no file cannot take one away either
            part.unlink(missing_ok=True)
    if durable:
        _sync_folder(path.parent)


def write_new(
    part: Path, data: bytes, *, durable: bool = True, access: Access | None = None
) -> None:
    """Write a file that is not there yet, through to the disk unless it can be made again."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
    first = 0o666 if access is None else 0o600
    with os.fdopen(os.open(part, flags, first), "wb") as file:
        if access is not None:
            _allow(part, access.file)
        file.write(data)
        file.flush()
        if durable:
            os.fsync(file.fileno())


def make_folder(folder: Path, access: Access) -> None:
    """Make a folder, and those above it that are missing, for the same people as its files."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        _allow(each, access.folder)


def _allow(path: Path, mode: int) -> None:
    """Set a mode, whatever the umask takes away; a file system without modes keeps its own."""
    with suppress(OSError):
        path.chmod(mode)


def _link(part: Path, path: Path, data: bytes) -> None:
    """Give the part its name, unless the name is taken: by a hard link, which never replaces."""
    if _is_same(path, data):
        return
    try:
        os.link(part, path)
    except FileExistsError:
        if not _is_same(path, data):
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        part.rename(path)


def _is_same(path: Path, data: bytes) -> bool:
    """Return whether a file is there with this content.

    Raises:
        FileExistsError: It is there with other content, or is a link.
    """
    if not os.path.lexists(path):
        return False
    if path.is_symlink() or path.read_bytes() != data:
        raise FileExistsError(errno.EEXIST, "exists with other content", str(path))
    return True


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> int:
    """Remove what crashed writers left in a folder; return how many files that were."""
    stale = [path for path in folder.glob(".*.part") if path.is_file()]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


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
    with _stage(root, files) as stage:
        if root.exists():
            _place((stage / path, root / path) for path in sorted(files, key=last))
        else:
            _place([(stage, root)])


@contextmanager
def _stage(root: Path, files: Mapping[Path, bytes]) -> Iterator[Path]:
    """Write the files to a hidden folder on the same disk, which is removed at the end."""
    home = root if root.is_dir() else next(each for each in root.parents if each.exists())
    stage = home / f".{root.resolve().name}.{secrets.token_hex(6)}.part"
    try:
        with _name_target(root):
            stage.mkdir()
        for path, data in files.items():
            with _name_target(root / path):
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                write_new(stage / path, data)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _name_target(path: Path) -> Iterator[None]:
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
    with _name_target(target):
        staged.rename(target)


def _folders(folder: Path) -> list[Path]:
    """Make a folder, and return those that were not there, the outermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
