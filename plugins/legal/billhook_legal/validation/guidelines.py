"""Guidelines: what a careful client would ask about, said before the bill goes out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.origin import Origin
from billhook.model.invoice import Invoice, Line
from billhook.model.job import Job
from billhook_legal.details import ExpenseDetail, TimeDetail
from billhook_legal.rating.engagement import Engagement
from billhook_legal.rating.utbms import check_expense, check_time
from billhook_legal.settings import LegalSettings

FEWEST_WORDS = 5
"""A narrative with fewer words rarely says what was done and why."""

BLOCK_HOURS = Decimal(1)
"""Several tasks under one time are only worth a word when the time is longer than this."""

TIMES = re.compile(r"\(\s*\d*[.,:]?\d+\s*(?:h|hrs?|hours?)?\s*\)", re.IGNORECASE | re.ASCII)
"""A time in brackets inside a narrative: ``(0.4)``, ``(1.2 hrs)``."""


def check(job: Job, draft: Invoice) -> Iterator[Diagnostic]:
    """Yield what is wrong with the lines of a bill, or worth a second look."""
    engagement = Engagement(job, job.settings(LegalSettings))
    origins = {record.key: record.origin for record in draft.records}
    for line in draft.lines:
        if isinstance(line.detail, TimeDetail | ExpenseDetail):
            origin = next((origins.get(key) for key in line.sources), None)
            yield from _check_line(line, origin, engagement)


def _check_line(line: Line, origin: Origin | None, engagement: Engagement) -> Iterable[Diagnostic]:
    yield from _check_date(line, origin, engagement)
    if isinstance(line.detail, TimeDetail):
        task_set = engagement.matter(line.detail.matter).task_set
        yield from check_time(line.detail, task_set, origin)
        yield from _check_narrative(line, origin)
    elif isinstance(line.detail, ExpenseDetail):
        yield from check_expense(line.detail, origin)
        yield from _check_receipt(line, line.detail, origin, engagement)


def _check_date(line: Line, origin: Origin | None, engagement: Engagement) -> Iterator[Diagnostic]:
    if line.date is not None and line.date > engagement.job.date:
        message = f"the work is of {line.date}, after the bill's date of {engagement.job.date}"
        hint = "check both dates; unfinished work belongs on the next bill"
        yield Diagnostic("LGL203", message, Severity.WARNING, origin, "date", hint)


def _check_narrative(line: Line, origin: Origin | None) -> Iterator[Diagnostic]:
    text = str(line.description)
    if _spaced(text) and len(text.split()) < FEWEST_WORDS:
        hint = "say what was done, on what, and for what purpose"
        message = f"the narrative {text!r} is very short"
        yield Diagnostic("LGL204", message, Severity.INFO, origin, "narrative", hint)
    long = line.quantity is not None and line.quantity.value > BLOCK_HOURS
    if len(TIMES.findall(text)) > 1 or (long and ";" in text.rstrip("; ")):
        message = "the entry puts several tasks under one time, which many clients refuse"
        hint = "enter each task with its own time"
        yield Diagnostic("LGL205", message, Severity.INFO, origin, "narrative", hint)


def _spaced(text: str) -> bool:
    """Return whether words can be counted: not in scripts that do without spaces."""
    return all(unicodedata.category(char) != "Lo" for char in text)


def _check_receipt(
    line: Line, detail: ExpenseDetail, origin: Origin | None, engagement: Engagement
) -> Iterator[Diagnostic]:
    least = engagement.settings.receipt_from
    cost = line.gross or line.amount
    if least is None or detail.kind != "hard" or detail.receipt or cost.value < least:
        return
    message = f"an expense of {cost.value} {cost.unit} has no receipt; from {least} it needs one"
    hint = "name the receipt, or where it is kept"
    yield Diagnostic("LGL206", message, Severity.WARNING, origin, "receipt", hint)
