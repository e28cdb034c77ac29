"""Zip-bomb and macro checks for untrusted XLSX files."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from billhook.sources import codes
from billhook.sources.bad_value import BadValueError
from billhook.sources.limits import FILE_BYTES, MEMBERS, RATIO

_SLACK = 1024 * 1024
"""Small packages may have any ratio: a page of blanks packs well and harms nobody."""

_PICTURES = "xl/media/"
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[ />]")
_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")
_FORBIDDEN = tuple(
    word.encode(encoding)
    for word in _DECLARATIONS
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


def inspect(data: bytes) -> bool:
    """Check a workbook before it is opened; return whether it has formulas.

    Python's reader never unpacks more of a member than the directory says, so sizes can be
    trusted to be upper bounds.

    Args:
        data: The file's bytes.

    Raises:
        BadValueError: It is no zip archive (BH105); it unpacks to too much (BH108); its XML has a
            document type or entities, or it has macros (BH117).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measure(archive.infolist(), len(data))
            formulas = [_look_into(archive, member) for member in archive.infolist()]
            return any(formulas)
    except BadValueError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise _damage_error(str(error)) from None
    except (zlib.error, struct.error, ValueError, IndexError):
        raise _damage_error("its data cannot be unpacked") from None


def _damage_error(why: str) -> BadValueError:
    return BadValueError(codes.SYNTAX, f"the file is not a workbook: {why[:1].lower()}{why[1:]}")


def _measure(members: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MEMBERS:
        raise BadValueError(
            codes.LIMIT, f"expected at most {MEMBERS:,} files inside, got {len(members):,}"
        )
    if unpacked > FILE_BYTES:
        limit = FILE_BYTES // 1024**2
        raise BadValueError(
            codes.LIMIT, f"expected at most {limit} MB unpacked, got {unpacked // 1024**2} MB"
        )
    if unpacked > _SLACK and unpacked > RATIO * size:
        raise BadValueError(
            codes.LIMIT, f"the file unpacks to {unpacked // max(1, size)} times its size"
        )


def _look_into(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    name = member.filename.lower()
    if name.endswith("vbaproject.bin"):
        raise BadValueError(
            codes.FORMAT, "the workbook has macros", "save it as .xlsx without macros"
        )
    if name.startswith(_PICTURES):
        return False
    content = archive.read(member)
    if any(word in content for word in _FORBIDDEN):
        raise BadValueError(codes.FORMAT, "the workbook's XML has a document type or entities")
    return _FORMULA.search(content) is not None
