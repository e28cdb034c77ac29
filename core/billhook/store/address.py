"""The address of a store: where it is, and what of it may be shown."""

from __future__ import annotations

import re
from urllib.parse import quote

from billhook.kernel.errors import StoreError

_PASSWORD = re.compile(r"(://[^:/?#@]*):.*@")
_OPTION = re.compile(r"([?&](?:password|sslpassword)=)[^&]*", re.IGNORECASE)
_USER = re.compile(r"(://[^:/?#@]+)@")


def redact(address: str) -> str:
    """Return an address without its password, for messages."""
    return _OPTION.sub(r"\1***", _PASSWORD.sub(r"\1:***@", address))


def has_password(address: str) -> bool:
    """Return whether an address bears a password."""
    return redact(address) != address


def user_of(address: str) -> str:
    """Return the user that an address names; empty when it names none."""
    found = _USER.search(address)
    return found[1].removeprefix("://") if found else ""


def with_password(address: str, password: str) -> str:
    """Return an address with a password for the user that it names."""
    return _USER.sub(lambda found: f"{found[1]}:{quote(password, safe='')}@", address, count=1)


_MISTYPED = re.compile(
    r"(postgres|pgsql|sqlite|mysql|mariadb)[a-z0-9+.-]*(:|//)|.*:[^/]*@|[^/]*//[^/]*@",
    re.IGNORECASE,
)
"""Beginnings of a path that were meant to be a URL: with a scheme, two slashes, or a password."""


def require_path(text: str) -> None:
    """Refuse a path that was meant to be a URL; it may hold a password, so it is not repeated.

    Raises:
        StoreError: It was.
    """
    if _MISTYPED.match(text) and not text.startswith("/"):
        raise StoreError(
            "the store's address is neither a path nor a URL: expected PATH, sqlite:///PATH or"
            " postgresql+psycopg://USER@HOST/NAME"
        )
