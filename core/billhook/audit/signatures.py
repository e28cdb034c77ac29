"""Signatures by a key that is kept elsewhere, in the format of minisign (Ed25519).

Who can change the store cannot make them again.  Signing needs the extra ``billhook[sign]``;
checking needs nothing, see `billhook.audit.standalone`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import attrs

from billhook.audit.standalone import read_timestamp, signature_fault
from billhook.audit.timestamps import RESPONSE
from billhook.issue import codes
from billhook.issue.archived_files import SIGNATURE_SUFFIX
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import StoreError

_PREHASHED, _KIND, _CHECK = b"ED", b"Ed", b"B2"
_PLAIN = b"\0\0"
_KEY_BYTES, _PUBLIC_BYTES = 158, 42
_SALT_AND_LIMITS = 48


@attrs.frozen
class SecretKey:
    """An Ed25519 key with the name that minisign gives it.

    Attributes:
        name: Eight bytes that signatures and the public key bear.
        seed: The secret, 32 bytes.
    """

    name: bytes
    seed: bytes = attrs.field(repr=False)

    def sign(self, data: bytes, comment: str) -> str:
        """Return the signature of a file's content, to be put beside it."""
        value = self._sign_bytes(hashlib.blake2b(data).digest())
        whole = self._sign_bytes(value + comment.encode())
        lines = [
            f"untrusted comment: signature by key {self.title}",
            _base64(_PREHASHED + self.name + value),
            f"trusted comment: {comment}",
            _base64(whole),
        ]
        return "".join(f"{line}\n" for line in lines)

    @property
    def title(self) -> str:
        """The key's name as minisign writes it."""
        return f"{int.from_bytes(self.name, 'little'):016X}"

    def public_text(self) -> str:
        """Return the public key's file."""
        text = _base64(_KIND + self.name + self._public())
        return f"untrusted comment: minisign public key {self.title}\n{text}\n"

    def secret_text(self) -> str:
        """Return the secret key's file, as ``minisign -G -W`` writes it: without a password."""
        pair = self.seed + self._public()
        check = hashlib.blake2b(_KIND + self.name + pair, digest_size=32).digest()
        body = _KIND + _PLAIN + _CHECK + bytes(_SALT_AND_LIMITS) + self.name + pair + check
        return f"untrusted comment: minisign secret key {self.title}\n{_base64(body)}\n"

    def _sign_bytes(self, message: bytes) -> bytes:
        return bytes(_ed25519().Ed25519PrivateKey.from_private_bytes(self.seed).sign(message))

    def _public(self) -> bytes:
        key = _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed)
        return bytes(key.public_key().public_bytes_raw())


def new_key() -> SecretKey:
    """Return a new key."""
    return SecretKey(secrets.token_bytes(8), secrets.token_bytes(32))


def read_key(path: Path) -> SecretKey:
    """Return the secret key of a file.

    Raises:
        StoreError: It is no key of minisign, or has a password.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    try:
        data = base64.b64decode(lines[-1], validate=True)
    except (IndexError, binascii.Error, ValueError):
        data = b""
    if len(data) != _KEY_BYTES or data[:2] != _KIND:
        raise StoreError(f"{path.name} is no secret key of minisign")
    if data[2:4] != _PLAIN:
        raise StoreError(
            f"the key {path.name} has a password: sign with --command 'minisign -S …' instead"
        )
    return SecretKey(data[54:62], data[62:94])


def check_proofs(paths: Iterable[Path], public_key: str, *, required: bool) -> Iterator[Diagnostic]:
    """Yield which files' signatures and timestamps, kept beside them, do not hold.

    Args:
        paths: The files.
        public_key: A public key of minisign; empty leaves signatures alone.
        required: A file without a signature is a finding, too.
    """
    for path in paths:
        beside, answer = (path.with_name(path.name + end) for end in (SIGNATURE_SUFFIX, RESPONSE))
        data = path.read_bytes()
        if public_key and beside.is_file():
            text = beside.read_text(encoding="utf-8", errors="replace")
            if why := signature_fault(data, text, public_key):
                message = f"the signature of {path.name} does not hold: {why}"
                yield Diagnostic(codes.SIGNATURE.id, message)
        elif public_key and required:
            hint = f"billhook audit sign {path.name} --key KEY, where the key is kept"
            message = f"{path.name} has no signature"
            yield Diagnostic(codes.SIGNATURE.id, message, hint=hint)
        if answer.is_file() and (why := read_timestamp(answer.read_bytes(), data)[0]):
            message = f"the timestamp of {path.name} does not hold: {why}"
            yield Diagnostic(codes.TIMESTAMP.id, message)


def read_public_key(given: str) -> str:
    """Return a public key, given as text or as a file.

    Raises:
        StoreError: It is none.
    """
    path = Path(given)
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else given
    try:
        data = base64.b64decode(text.strip().splitlines()[-1], validate=True)
    except (IndexError, binascii.Error, ValueError):
        data = b""
    if len(data) != _PUBLIC_BYTES or data[:2] != _KIND:
        raise StoreError("expected a public key of minisign, as text or as a file")
    return text


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _ed25519() -> ModuleType:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise StoreError("signing needs a package: pip install 'billhook[sign]'") from None
    return ed25519
