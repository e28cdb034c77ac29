"""Text rules of files: normal form, and no character that a text may not have."""

from __future__ import annotations

import unicodedata

from billhook.kernel.characters import CHARACTERS, find_text_fault
from billhook.sources.bad_value import BadValueError


class OneOrMore:
    """Marks a list whose only item may stand alone: ``Annotated[tuple[str, ...], ONE_OR_MORE]``."""


ONE_OR_MORE = OneOrMore()


def clean_text(text: str, *, multiline: bool = False, limit: int = CHARACTERS) -> str:
    r"""Return a text in normal form (NFC), fit to be stored, printed and exported.

    Args:
        text: What the user wrote.
        multiline: Line breaks are allowed; ``\r\n`` becomes ``\n``.
        limit: Greatest length in characters.

    Raises:
        BadValueError: A character is forbidden (BH107) or the text too long (BH108).
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    if len(text) <= limit:
        text = text.replace("\r\n", "\n") if multiline else text
        text = unicodedata.normalize("NFC", text)
    fault = find_text_fault(text, multiline=multiline, limit=limit)
    if fault is not None:
        raise BadValueError(fault.code, fault.message, fault.hint)
    return text
