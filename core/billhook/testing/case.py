"""A case: a job with its records, as the contract tests run it."""

from __future__ import annotations

import attrs

from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.record import Record


@attrs.frozen(kw_only=True)
class Case:
    """One job that a plugin can work out without errors.

    Attributes:
        name: In failing tests.
        job: The job; its ``plugins`` need not be set.
        records: The work.
        history: What was billed before.
    """

    name: str
    job: Job
    records: tuple[Record, ...]
    history: History = attrs.field(factory=History, eq=False)
