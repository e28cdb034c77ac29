"""Requests for timestamps (RFC 3161): files that are sent to an authority outside.

billhook talks to no network: the request is written beside the file, whoever may go out fetches
the response, and it is put beside it too.
"""

from __future__ import annotations

import hashlib
import secrets

from billhook.audit.standalone import SHA256, parts, read_timestamp
from billhook.kernel.errors import StoreError

REQUEST, RESPONSE = ".tsq", ".tsr"
_SHORT, _INTEGER = 0x80, 0x02


def timestamp_request(data: bytes, nonce: int | None = None) -> bytes:
    """Return the request for a timestamp of some data."""
    nonce = secrets.randbits(63) | 1 if nonce is None else nonce
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")
    algorithm = _der(0x30, _der(0x06, SHA256) + _der(0x05, b""))
    imprint = _der(0x30, algorithm + _der(0x04, hashlib.sha256(data).digest()))
    wants_certificate = _der(0x01, b"\xff")
    return _der(0x30, _der(0x02, b"\1") + imprint + _der(0x02, number) + wants_certificate)


def nonce_of(request: bytes) -> int:
    """Return the nonce of a request that `timestamp_request` made.

    Raises:
        StoreError: It is no such request.
    """
    try:
        (_, version), _, (tag, nonce), *_ = parts(parts(request)[0][1])
    except (ValueError, IndexError):
        version, tag, nonce = b"", 0, b""
    if version != b"\1" or tag != _INTEGER:
        raise StoreError("the request for the timestamp cannot be read")
    return int.from_bytes(nonce, "big")


def accept_timestamp(data: bytes, answer: bytes, request: bytes | None) -> str:
    """Return the time that a response says.

    Raises:
        StoreError: It is no timestamp of the data, or answers another request.
    """
    why, time = read_timestamp(answer, data, nonce_of(request) if request else None)
    if why:
        raise StoreError(f"the timestamp does not hold: {why}")
    return time


def _der(tag: int, content: bytes) -> bytes:
    """Return one part of DER; all that a request has is short."""
    if len(content) >= _SHORT:
        raise ValueError("too long for a request")
    return bytes((tag, len(content))) + content
