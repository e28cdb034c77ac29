"""Output files of issued documents: written whole, recorded with their hash, never replaced."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from billhook.issue import codes
from billhook.issue.actor import Actor, audit_entry
from billhook.issue.history import ISSUED
from billhook.issue.numbering import OPENINGS
from billhook.kernel.diagnostics import Diagnostic
from billhook.store.protocol import FileProof, Reading, Store

SIGNATURE_SUFFIX = ".minisig"
"""Of the signature that may lie beside a file."""

FILED = "filed"
"""Kind of the audit entry that records which output files were written for a document."""


def format_proof(proof: FileProof) -> str:
    """Return a file's hash and size as the log records them."""
    return f"{proof.sha256} {proof.size}"


def proof(number: str, name: str, data: bytes) -> FileProof:
    """Return the proof of a file: its name in the archive, its SHA-256 and size."""
    sha256 = hashlib.sha256(data).hexdigest()
    return FileProof(document=number, name=name, sha256=sha256, size=len(data))


def record_files(store: Store, number: str, files: Mapping[str, bytes], actor: Actor) -> None:
    """Record the files that were written for a document; those known already stay as they are.

    Args:
        store: Where documents are kept.
        number: Number of the document.
        files: Content by name, relative to the archive.
        actor: Who wrote them, and when.
    """
    with store.write() as writing:
        known = {each.name for each in writing.files(number)}
        proofs = [proof(number, name, data) for name, data in files.items() if name not in known]
        for each in proofs:
            writing.add_file(each)
        if proofs:
            facts = json.dumps({each.name: format_proof(each) for each in proofs}, sort_keys=True)
            entry = writing.entry(number)
            subject = entry.subject if entry else ""
            writing.append(
                audit_entry(FILED, actor, document=number, subject=subject, payload=facts)
            )


def with_files(reading: Reading) -> tuple[str, ...]:
    """Return the documents that have files, in the order of their issue: openings have none."""
    openings = {entry.number for entry in reading.entries(chain=OPENINGS.chain_id)}
    lines = reading.audit_entries(kind=ISSUED)
    return tuple(line.document for line in lines if line.document not in openings)


def find_unfiled(reading: Reading) -> tuple[str, ...]:
    """Return the documents without any recorded file, where others have some.

    A program that was killed between the commit and the files leaves such documents.
    """
    filed = {each.document for each in reading.files()}
    return tuple(each for each in with_files(reading) if each not in filed) if filed else ()


def check_files(archive: Path, proofs: Iterable[FileProof]) -> Iterator[Diagnostic]:
    """Compare files with their proofs."""
    for each in proofs:
        path = archive / each.name
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"{each.document}: the file {each.name} cannot be read: {error.strerror}"
            yield Diagnostic(codes.ARCHIVED_FILE.id, message, hint=_again(each))
            continue
        if (hashlib.sha256(data).hexdigest(), len(data)) != (each.sha256, each.size):
            message = f"{each.document}: the file {each.name} is not the one that was written"
            yield Diagnostic(
                codes.ARCHIVED_FILE.id, message, hint=f"move it away, then {_again(each)}"
            )


def stray_files(archive: Path, proofs: Iterable[FileProof]) -> Iterator[Diagnostic]:
    """Name the files in the archive that no document owns.

    A file at the top whose name begins with the store's own note is none of them, and neither is
    the rest that an interrupted writer leaves, whose name begins with a dot.
    """
    known = {each.name for each in proofs}
    for path in sorted(archive.glob("*/**/*")):
        name = path.relative_to(archive).as_posix()
        owned = name in known or name.removesuffix(SIGNATURE_SUFFIX) in known
        if path.is_file() and not owned and not path.name.startswith("."):
            hint = "move it away; or record it: billhook invoice files --missing"
            yield Diagnostic(
                codes.UNOWNED_FILE.id, f"{name} in the archive belongs to no document", hint=hint
            )


_FORMATS = {".pdf": "pdf", ".json": "json", ".html": "html", ".txt": "text"}


def _again(proof: FileProof) -> str:
    """Return the command that makes a file again; a plugin's formats are its own."""
    format_ = _FORMATS.get(Path(proof.name).suffix, "FORMAT")
    return f"billhook invoice pdf {proof.document} -f {format_}"
