"""From loaded jobs to orders: read, with their place in the order of issue."""

from __future__ import annotations

import datetime as dt

import attrs

from billhook.cli.context import Desk
from billhook.issue.request import Order
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.text import Text
from billhook.project import LoadedJob


@attrs.frozen
class Prepared:
    """A job that was read.

    Attributes:
        loaded: The job as its files say.
        order: The order; ``None`` when there are errors.
        findings: What was found on the way.
    """

    loaded: LoadedJob
    order: Order | None
    findings: tuple[Diagnostic, ...]

    @property
    def rank(self) -> tuple[dt.date, int, str]:
        """Its place in the order of issue: by date, and a job after the one that it follows."""
        if self.order is None:
            return (dt.date.min, 0, self.loaded.id)
        return (self.order.job.date, len(self.loaded.history.documents), self.loaded.id)


def prepare(
    place: Desk, loaded: LoadedJob, *, series: str | None = None, key: str = ""
) -> Prepared:
    """Read a job's records and make an order of it."""
    findings = Findings(loaded.findings)
    if loaded.job is None:
        return Prepared(loaded, None, tuple(findings))
    records = tuple(loaded.engine.read(loaded.job, findings))
    findings.extend(_own_number(loaded))
    if findings.errors:
        return Prepared(loaded, None, tuple(findings))
    chain = loaded.history.documents
    from_job = loaded.follows is not None and loaded.follows.suffix != ".json"
    order = Order(
        engine=loaded.engine,
        job=loaded.job,
        records=records,
        series=place.series(loaded.job.type_code, series),
        key=key,
        follows=chain[-1].invoice.job if from_job and chain else "",
        earlier=() if from_job else chain,
        findings=tuple(findings),
    )
    return Prepared(loaded, order, tuple(findings))


def _own_number(loaded: LoadedJob) -> list[Diagnostic]:
    if loaded.number is None or loaded.job is None:
        return []
    message = f"job {loaded.id!r} has the number {loaded.number!r}; the series gives another"
    return [Diagnostic("BH513", message, Severity.INFO, loaded.job.origin)]


def seen(reason: Text) -> str:
    """Return why a record was skipped, in English."""
    return str(reason)
