"""Continuity checks of an account: predecessor, number in the sequence, opening balance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.model.document import History
from billhook.model.invoice import Invoice
from billhook.model.job import Job

_NUMBER = re.compile(r"(?<![\d.,/-])\d{1,3}(?![\d,/-]|\.\d)")
"""A number by itself: no year, no date, no amount."""


def check_follows(job: Job, history: History) -> Iterator[Diagnostic]:
    """Refuse to work a job out without the bill that it says it follows.

    Its amounts would be those of a first bill.
    """
    if not job.follows:
        return
    if not any(each.invoice.job == job.follows for each in reversed(history.documents)):
        yield Diagnostic(
            codes.EARLIER_NOT_ISSUED.id,
            f"job {job.id!r} follows {job.follows!r}, whose bill is not in its history",
            origin=job.origin,
            hint="draft it by draft_job or LoadedJob.drafts(), which know the history",
        )


def check_title(job: Job, number: int) -> Iterator[Diagnostic]:
    """Find a title that counts the bill otherwise than its plugin does.

    Args:
        job: The job; of its title the only number by itself counts.
        number: The bill's number among those of its subject.
    """
    found = _NUMBER.findall(str(job.title))
    if len(found) == 1 and int(found[0]) != number:
        yield Diagnostic(
            codes.TITLE_NUMBER.id,
            f"the title {str(job.title)!r} says {found[0]}, but the bill is number {number} "
            f"of {job.subject!r}",
            Severity.WARNING,
            job.origin,
            "title",
            "issue the earlier bills first, correct the title, or open the account with "
            "what was billed elsewhere: [opening]",
        )


def check_opening(job: Job, bill: Invoice) -> Iterator[Diagnostic]:
    """Refuse an opening whose records come to another sum than the books."""
    if job.opening is None or job.opening.net is None:
        return
    found = bill.totals.net
    if found.value != job.opening.net:
        yield Diagnostic(
            codes.OPENING_DIFFERS.id,
            f"the opening of {job.subject!r} is {job.opening.net} {found.unit} before tax, "
            f"but its records add up to {found.value}",
            origin=job.origin,
            path="opening.net",
            hint="record what was billed or certified, item by item, so that both agree",
        )
