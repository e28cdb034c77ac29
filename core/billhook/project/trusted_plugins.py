"""Trusted local plugins: which files of projects a user lets run, by place and content.

A note for each of them lies in a folder of the user's own, outside of all projects, so that no
project can trust itself.  A file that changed, or was copied elsewhere, has to be trusted again.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.project import codes
from billhook.sources.atomic_write import PRIVATE, make_folder, write_whole

SCHEMA = "billhook.trusted-plugin/1"
FOREIGN_WRITE = 0o022
"""Mode bits by which somebody else could change a file."""


@attrs.frozen(kw_only=True)
class TrustedFile:
    """One content of a local plugin that its user let run.

    Attributes:
        path: The file.
        digest: SHA-256 of its content.
        at: When it was trusted.
        source: The content, to show later what changed.
    """

    path: Path
    digest: str
    at: dt.datetime
    source: str


@attrs.frozen
class TrustedPlugins:
    """The local plugins that a user trusts.

    Attributes:
        folder: Where the notes are; ``None`` where the user has no such place.
    """

    folder: Path | None

    def refusal(self, path: Path, content: bytes) -> Diagnostic | None:
        """Return why a file must not be run, or nothing: `billhook.plugins.loading.Approve`."""
        if self.trusts(path, content):
            return None
        before = self.latest(path)
        if before is None:
            message = f"the local plugin {path.name!r} is code, and you have not trusted it"
            hint = "billhook trust --dry-run shows it, billhook trust lets it run"
        else:
            message = f"the local plugin {path.name!r} has changed since you trusted it"
            message += f" on {before.at:%Y-%m-%d}: {_describe_change(before.source, content)}"
            hint = "billhook trust --dry-run shows what changed, billhook trust lets it run"
        return Diagnostic(codes.UNTRUSTED.id, message, hint=hint)

    def trusts(self, path: Path, content: bytes) -> bool:
        """Return whether a file is trusted with this content."""
        return self.folder is not None and _is_own(self.folder / _note(path, content))

    def add(self, path: Path, content: bytes, at: dt.datetime) -> None:
        """Trust a file with this content.

        Raises:
            OSError: The note cannot be written.
        """
        if self.folder is None:
            raise FileNotFoundError("there is no home folder to note it in")
        table = {
            "schema": SCHEMA,
            "path": str(_real(path)),
            "digest": hashlib.sha256(content).hexdigest(),
            "at": at.isoformat(),
            "source": content.decode("utf-8", "replace"),
        }
        make_folder(self.folder, PRIVATE)
        data = json.dumps(table, ensure_ascii=False, indent=1) + "\n"
        write_whole(self.folder / _note(path, content), data.encode(), access=PRIVATE)

    def revoke(self, path: Path) -> int:
        """Trust a file no longer; return how many contents of it were trusted."""
        found = [each for each in self._notes() if each[1].path == _real(path)]
        for note, _ in found:
            note.unlink(missing_ok=True)
        return len(found)

    def latest(self, path: Path) -> TrustedFile | None:
        """Return the content of a file that was trusted last."""
        own = (each for each in self.files() if each.path == _real(path))
        return max(own, key=lambda each: each.at, default=None)

    def files(self) -> tuple[TrustedFile, ...]:
        """Return all that is trusted, by path and time."""
        found = (trusted for _, trusted in self._notes())
        return tuple(sorted(found, key=lambda each: (each.path, each.at)))

    def _notes(self) -> Iterator[tuple[Path, TrustedFile]]:
        for note in self.folder.glob("*.json") if self.folder else ():
            try:
                table = json.loads(note.read_bytes())
                trusted = TrustedFile(
                    path=Path(table["path"]),
                    digest=str(table["digest"]),
                    at=dt.datetime.fromisoformat(table["at"]),
                    source=str(table["source"]),
                )
            except (OSError, ValueError, KeyError, TypeError):
                continue  # a damaged note trusts nothing that can be listed
            yield note, trusted


def _note(path: Path, content: bytes) -> str:
    """Return the name of the note on a file with a content."""
    place = str(_real(path)).encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(place + b"\0" + content).hexdigest()
    return f"{digest}.json"


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_own(note: Path) -> bool:
    """Return whether a note is there and nobody else could have written it."""
    try:
        found = [note.lstat(), note.parent.stat()]
    except OSError:
        return False
    if os.name == "nt" or not hasattr(os, "geteuid"):
        return True
    return all(each.st_uid == os.geteuid() and not each.st_mode & FOREIGN_WRITE for each in found)


# ── what changed ─────────────────────────────────────────────────────────────


def changes(before: TrustedFile | None, path: Path, content: bytes) -> Iterator[str]:
    """Yield the lines of a diff from what was trusted last to what a file is now.

    Characters that a terminal obeys, or that turn the order of a line, are shown by number: code
    must not hide itself from who reads it.
    """
    old = before.source.splitlines() if before else []
    new = content.decode("utf-8", "replace").splitlines()
    was = f"trusted on {before.at:%Y-%m-%d}" if before else "not trusted"
    for line in difflib.unified_diff(old, new, f"{path} ({was})", str(path), lineterm=""):
        yield "".join(map(_visible, line))


def _visible(char: str) -> str:
    return char if char.isprintable() or char == "\t" else char.encode("unicode_escape").decode()


def _describe_change(before: str, content: bytes) -> str:
    old, new = before.splitlines(), content.decode("utf-8", "replace").splitlines()
    found = [*difflib.unified_diff(old, new, n=0, lineterm="")][2:]
    added, removed = (sum(line.startswith(sign) for line in found) for sign in "+-")
    return f"{added} lines more, {removed} lines less"
