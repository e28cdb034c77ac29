"""Verification of the audit log: its chain, and its entries on documents."""

from __future__ import annotations

import json

import attrs

from billhook.issue import codes
from billhook.issue.archived_files import FILED
from billhook.issue.history import ISSUED, VOIDED
from billhook.kernel.diagnostics import Diagnostic
from billhook.store.digests import audit_digest
from billhook.store.protocol import AuditEntry, Reading


@attrs.frozen(kw_only=True)
class Log:
    """Contents of the audit log.

    Attributes:
        lines: How many lines it has.
        heads: Digest by place.
        issued: Receipt of each document, by number.
        released: How many claims of a document were released, by number.
        releasers: What may stand on a released claim, by number: credit notes, the voiding.
        filed: SHA-256 and size of the files that were written for a document, by number and name.
        findings: What is wrong with the log's chain.
    """

    lines: int
    heads: dict[int, str]
    issued: dict[str, str]
    released: dict[str, int]
    releasers: dict[str, frozenset[str]]
    filed: dict[str, dict[str, str]]
    findings: tuple[Diagnostic, ...]


def read_log(reading: Reading) -> Log:
    """Return what the log says, and whether its chain holds."""
    log = Log(lines=0, heads={}, issued={}, released={}, releasers={}, filed={}, findings=())
    findings: list[Diagnostic] = []
    digest = ""
    try:
        for position, line in enumerate(reading.audit_entries(), 1):
            expected = (position, digest, audit_digest(digest, line))
            if (line.position, line.previous, line.digest) != expected:
                message = f"line {line.position} of the log ({line.kind}) was changed"
                findings.append(Diagnostic(codes.AUDIT_LOG.id, message))
            digest = log.heads[position] = line.digest
            _note(line, log)
    except ValueError as error:
        findings.append(
            Diagnostic(codes.AUDIT_LOG.id, f"a line of the log cannot be read: {error}")
        )
    return attrs.evolve(log, lines=len(log.heads), findings=tuple(findings))


def _note(line: AuditEntry, log: Log) -> None:
    number = line.document
    if line.kind == ISSUED:
        log.issued[number] = line.payload
    elif line.kind in {VOIDED, "credited"}:
        facts = _facts(line)
        log.released[number] = log.released.get(number, 0) + int(str(facts.get("released", 0)))
        by = str(facts.get("credit", f"void {number}"))
        log.releasers[number] = log.releasers.get(number, frozenset()) | {by}
        elsewhere = facts.get("elsewhere", {})
        for other, count in elsewhere.items() if isinstance(elsewhere, dict) else ():
            log.released[other] = log.released.get(other, 0) + int(str(count))
            log.releasers[other] = log.releasers.get(other, frozenset()) | {by}
    elif line.kind == FILED:
        files = _facts(line)
        log.filed.setdefault(number, {}).update({k: str(v) for k, v in files.items()})


def _facts(line: AuditEntry) -> dict[str, object]:
    try:
        facts = json.loads(line.payload)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
