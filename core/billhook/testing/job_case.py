"""A case from a job's file: what `billhook bill` would work out, for the contract tests."""

from __future__ import annotations

from pathlib import Path

from billhook.kernel.diagnostics import Findings
from billhook.kernel.errors import InputError
from billhook.project import load_project
from billhook.testing.case import Case


def job_case(path: Path) -> Case:
    """Return a job with its records, read from its files.

    Raises:
        InputError: The job or its records have errors.
    """
    loaded = load_project(path).job(path)
    findings = Findings(loaded.findings)
    if loaded.job is None:
        raise InputError(findings)
    records = tuple(loaded.engine.read(loaded.job, findings))
    if findings.errors:
        raise InputError(findings)
    return Case(name=loaded.id, job=loaded.job, records=records, history=loaded.history)
