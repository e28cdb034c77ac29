"""The limits of input: generous for work, tight for damaged and hostile files."""

from __future__ import annotations

from typing import Final

from billhook.sources import codes
from billhook.sources.bad_value import BadValueError

FILE_BYTES: Final = 64 * 1024 * 1024
"""Size of a table's file, packed and unpacked."""

DOCUMENT_BYTES: Final = 10 * 1024 * 1024
"""Size of a TOML or JSON document, which is held in memory as a tree."""

ROWS: Final = 1_000_000
COLUMNS: Final = 1_000

DEPTH: Final = 32
"""Levels of nesting in TOML and JSON."""

FAULTY_ROWS: Final = 1_000
"""Rows with mistakes, after which no more are told."""

FAULTY_ITEMS: Final = 100
"""Mistakes of one kind in one list or table that are told one by one."""

MEMBERS: Final = 1_000
"""Files in an archive."""

RATIO: Final = 100
"""Maximum ratio of unpacked to packed size of an archive."""


def too_large(size: int, limit: int) -> BadValueError:
    """Return the mistake of a file over the limit of bytes."""
    return BadValueError(
        codes.LIMIT, f"expected at most {limit // 1024**2} MB, got {-(-size // 1024**2)} MB"
    )


def too_many_rows() -> BadValueError:
    """Return the mistake of a table over the limit of rows."""
    return BadValueError(codes.LIMIT, f"expected at most {ROWS:,} rows", "divide the file")


def too_many_faults() -> BadValueError:
    """Return the mistake of a source that is faulty throughout."""
    return BadValueError(
        codes.LIMIT,
        f"{FAULTY_ROWS:,} rows have mistakes; the rest is not reported",
    )


def nesting_error() -> BadValueError:
    """Return the mistake of a document with too many levels."""
    return BadValueError(codes.LIMIT, f"expected at most {DEPTH} levels of nesting")
