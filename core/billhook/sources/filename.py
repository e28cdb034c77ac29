"""File names derived from data, valid on every system."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 80
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "clock$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)


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
