"""The identity of a store, and the digests that chain what was issued and what happened."""

from __future__ import annotations

import hashlib
import json
import secrets

from billhook.store.protocol import AuditEntry

DOCUMENT_PREFIX = b"billhook-doc-1\0"
LOG_PREFIX = b"billhook-log-1\0"

LOG_CHAIN = "#log"
"""The chain of the audit log, beside the chains of documents; none of them may bear its name."""


def new_identity() -> str:
    """Return the identity of a new store: 128 random bits, hexadecimal."""
    return secrets.token_hex(16)


def document_digest(previous: str, payload: bytes) -> str:
    """Return the digest of a document: SHA-256 over prefix, previous digest and payload."""
    return hashlib.sha256(DOCUMENT_PREFIX + previous.encode() + payload).hexdigest()


def audit_digest(previous: str, line: AuditEntry) -> str:
    """Return the digest of an audit entry: SHA-256 over prefix, previous digest and its facts."""
    facts = {
        "position": line.position,
        "kind": line.kind,
        "subject": line.subject,
        "document": line.document,
        "at": line.at.isoformat(),
        "recorded_at": line.recorded_at.isoformat(),
        "by": line.by,
        "reason": line.reason,
        "payload": line.payload,
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(LOG_PREFIX + previous.encode() + text.encode()).hexdigest()
