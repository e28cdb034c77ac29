"""File names made of data, and files that are whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path

LONGEST = 80
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "clock$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
# File systems without hard links: FAT, some network shares.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def safe_name(text: str, suffix: str = "") -> str:
    """Return a file name for a text, valid on every system, different for different texts.

    Plain letters, digits, dot, underscore and hyphen stay; everything else becomes an underscore.
    When anything had to change, ``~`` and eight digits of the text's SHA-256 follow; as ``~``
    never stays, no other text can have the same name.

    Args:
        text: A document number, a party's name: any text.
        suffix: The file's suffix with its dot, ``.pdf``; not derived from data.
    """
    room = LONGEST - len(suffix)
    name = unicodedata.normalize("NFKC", text)
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip("._-").rstrip(".")
    if name == text and len(name) <= room and _stem(name) not in _RESERVED and name:
        return name + suffix
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    name = name[: room - len(digest) - 1].rstrip(".")
    if _stem(name) in _RESERVED:
        name = f"_{name}"[: room - len(digest) - 1]
    return f"{name}~{digest}{suffix}"


def _stem(name: str) -> str:
    return name.split(".", 1)[0].lower()


def write_whole(path: Path, data: bytes, *, replace: bool = True, durable: bool = True) -> None:
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

    Raises:
        FileExistsError: ``replace`` is off and the file is there with other content.
        OSError: The disk is full, the folder is missing or may not be written.
    """
    part = path.with_name(f".{path.name[:LONGEST]}.{secrets.token_hex(6)}.part")
    try:
        write_new(part, data, durable=durable)
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


def write_new(part: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file that is not there yet, through to the disk unless it can be made again."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
    with os.fdopen(os.open(part, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        if durable:
            os.fsync(file.fileno())


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
