"""The password of a project's store: taken from where nobody else reads it."""

from __future__ import annotations

import os
from pathlib import Path

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.project import codes

FOREIGN_READ = 0o077
"""Mode bits by which somebody else could read a file, or change it."""

VERSIONED = (".git", ".hg", ".svn", ".jj")


@attrs.frozen(kw_only=True)
class StorePassword:
    """The source of a password; one of the three.

    Attributes:
        env: An environment variable.
        file: A file.
        keyring: A name in the system's keyring.
    """

    env: str | None = None
    file: Path | None = None
    keyring: str | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """The places that are named."""
        given = (("env", self.env), ("file", self.file), ("keyring", self.keyring))
        return tuple(name for name, value in given if value)

    def read(self, user: str) -> str:
        """Return the password of a user.

        Raises:
            RefusedError: BH593: it is not there.  BH592: others can read its file.
        """
        if self.env is not None:
            found, place = os.environ.get(self.env), f"the environment variable {self.env}"
        elif self.file is not None:
            found, place = _in_file(self.file), f"the file {self.file.name}"
        else:
            found, place = _in_keyring(str(self.keyring), user), "the keyring"
        if not found:
            raise _no_password(f"{place} has no password for the store")
        return found


def _no_password(message: str, hint: str | None = None) -> RefusedError:
    return RefusedError([Diagnostic(codes.NO_PASSWORD.id, message, hint=hint)])


def _in_file(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not a text"
        raise _no_password(f"the file {path.name} cannot be read: {why}") from None
    if is_exposed(path):
        message = f"the file {path.name} with the store's password is versioned or readable"
        hint = f"chmod 600 {path.name}, and keep it out of the repository"
        raise RefusedError([Diagnostic(codes.PASSWORD.id, message, hint=hint)])
    return text.partition("\n")[0].rstrip("\r")


def _in_keyring(service: str, user: str) -> str | None:
    try:
        import keyring  # pyright: ignore[reportMissingImports] - an extra
        from keyring.errors import KeyringError  # pyright: ignore[reportMissingImports]
    except ImportError:
        hint = "pip install 'billhook[keyring]'"
        raise _no_password("the keyring cannot be asked: its package is missing", hint) from None
    try:
        found: str | None = keyring.get_password(service, user)
    except KeyringError as error:
        raise _no_password(f"the keyring cannot be asked: {error}") from None
    return found


def is_exposed(path: Path) -> bool:
    """Return whether a file is in a repository, or others may read it."""
    real = Path(os.path.realpath(path))
    if any((folder / name).exists() for folder in real.parents for name in VERSIONED):
        return True
    return os.name != "nt" and bool(path.stat().st_mode & FOREIGN_READ)
