"""A finding of the doctor."""

from __future__ import annotations

import enum

import attrs


class HealthState(enum.StrEnum):
    """The state of a checked item."""

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
