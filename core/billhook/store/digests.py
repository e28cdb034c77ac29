"""Digests that chain what was issued and what happened."""

from __future__ import annotations

import hashlib
import json

from billhook.store.protocol import Happening

DOCUMENT_PREFIX = b"billhook-doc-1\0"
LOG_PREFIX = b"billhook-log-1\0"

LOG_CHAIN = "#log"
"""The name of the chain of happenings, beside the chains of documents; none of them may bear it."""


def document_digest(previous: str, payload: bytes) -> str:
    """Return the digest of a document: SHA-256 over prefix, previous digest and payload."""
    return hashlib.sha256(DOCUMENT_PREFIX + previous.encode() + payload).hexdigest()


def happening_digest(previous: str, happening: Happening) -> str:
    """Return the digest of a happening: SHA-256 over prefix, previous digest and its facts."""
    facts = {
        "position": happening.position,
        "kind": happening.kind,
        "subject": happening.subject,
        "document": happening.document,
        "at": happening.at.isoformat(),
        "recorded_at": happening.recorded_at.isoformat(),
        "by": happening.by,
        "reason": happening.reason,
        "payload": happening.payload,
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(LOG_PREFIX + previous.encode() + text.encode()).hexdigest()
