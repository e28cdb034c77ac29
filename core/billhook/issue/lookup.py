"""Document lookup by number, or any unique beginning or end of it."""

from __future__ import annotations

from billhook.issue import codes
from billhook.issue.history import ISSUED
from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.errors import RefusedError
from billhook.store.protocol import Entry, Reading

SHOWN = 5


def find(reading: Reading, text: str) -> Entry:
    """Return the document that a number, or a unique beginning or end of one, means.

    Raises:
        RefusedError: BH501: no document, or several.
    """
    exact = reading.entry(text)
    if exact is not None:
        return exact
    found = _matching(numbers(reading), text)
    entry = reading.entry(found[0]) if len(found) == 1 else None
    if entry is None:
        raise RefusedError([_unknown(text, found, reading)])
    return entry


def numbers(reading: Reading) -> list[str]:
    """Return the number of every document, in the order of issue."""
    return [each.document for each in reading.audit_entries(kind=ISSUED)]


def _matching(known: list[str], text: str) -> list[str]:
    wanted = text.casefold()
    begins = [each for each in known if wanted and each.casefold().startswith(wanted)]
    return begins or [each for each in known if wanted and each.casefold().endswith(wanted)]


def _unknown(text: str, found: list[str], reading: Reading) -> Diagnostic:
    if found:
        some = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
        message = f"{text!r} is the number of {len(found)} documents: {some}"
        return Diagnostic(codes.NO_DOCUMENT.id, message, hint="type more of the number")
    hint = did_you_mean(text, numbers(reading)[-1000:])
    if hint is None or "did you mean" not in hint:
        hint = "billhook invoice list shows what was issued"
    return Diagnostic(codes.NO_DOCUMENT.id, f"there is no document {text!r}", hint=hint)
