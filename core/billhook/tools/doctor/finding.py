"""What the doctor finds."""

from __future__ import annotations

import enum

import attrs


class HealthState(enum.StrEnum):
    """How something is."""

    OK = "ok"
    NOTE = "note"
    """It is not there, and this project does not need it."""
    WRONG = "wrong"


@attrs.frozen
class Finding:
    """One thing that was looked at.

    Attributes:
        topic: What it belongs to: ``python``, ``fonts``, ``languages``, ``plugins``, ``store``.
        title: What was found, in one line.
        state: How that is.
        hint: What to do about it.
    """

    topic: str
    title: str
    state: HealthState = HealthState.OK
    hint: str = ""
