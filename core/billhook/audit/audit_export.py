"""The audit export: all that an auditor needs to check a store without billhook."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from billhook.audit import standalone
from billhook.issue.actor import Actor
from billhook.sources.atomic_write import PRIVATE, Access, make_folder, write_whole
from billhook.sources.filename import safe_name
from billhook.store.digests import LOG_CHAIN
from billhook.store.protocol import AuditEntry, Entry, Reading

PROOF_SUFFIXES = (".minisig", ".tsq", ".tsr")

DOCUMENT_COLUMNS = {
    "chain": "the chain of digests that the document is in",
    "position": "its place there, from 1, without gaps",
    "number": "its number",
    "file": "its sealed bytes, in this export",
    "type_code": "type of document, a code of UNTDID 1001: 380 invoice, 381 credit note",
    "series": "series that numbered it",
    "period": "year or month in which the series counts from 1",
    "sequence": "its place in series and period, from 1, without gaps",
    "date": "date of the document",
    "issued_at": "when it was issued, UTC",
    "subject": "contract, case or account",
    "customer": "id of the buyer",
    "currency": "ISO 4217",
    "minor": "decimals of the currency; the amounts are whole numbers of its smallest unit",
    "net": "sum without tax",
    "tax": "tax",
    "gross": "sum with tax",
    "payable": "amount due",
    "key": "key of the act that issued it",
    "previous": "digest of the document before it in the chain; empty for the first",
    "digest": 'SHA-256 of "billhook-doc-1", a zero byte, `previous`, and the bytes of the file',
}
LINK_COLUMNS = {"source": "document", "target": "document that it is about", "kind": "how"}
CLAIM_COLUMNS = {
    "document": "document",
    "key": "record of work that it bills",
    "released_by": "document or act that gave the record back; empty while it is billed",
}
FILE_COLUMNS = {
    "document": "document",
    "name": "output file in the archive",
    "sha256": "SHA-256 of its bytes",
    "size": "its size in bytes",
}
SEAL_COLUMNS = {"document": "document", "scheme": "fiscal scheme", "value": "its seal"}

README = """\
# Audit export

All documents of one billhook store, its log, and what shows that nothing was changed or cut off.
It can be checked with Python 3.11 or newer and nothing else:

    python -I -S verify.py
    python -I -S verify.py . --public-key KEY

Each fault is a line that begins with its name; the exit code is 0 when there is none.
`KEY` is a public key of minisign: the manifest and the anchors must be signed by it then.
Take the key, and if you can an anchor, from somebody else than this export.
`openssl ts -verify` checks the authority's signature of a timestamp (`.tsr`).

| file | what it is |
|---|---|
| `manifest.json` | identity of the store, ends of all chains, last numbers, SHA-256 of every file |
| `documents.csv` | one row for each document, in the order of chain and position |
| `documents/` | the sealed bytes of each document: canonical JSON, every amount with its parts |
| `log.jsonl` | the audit log, one line of JSON each: who did what, when and why |
| `links.csv` | which document is about which |
| `claims.csv` | which records of work each document bills |
| `files.csv` | the output files that were written for documents |
| `seals.csv` | fiscal seals |
| `anchors/` | closing files: ends of chains at a day, with signatures and timestamps beside them |

A line of the log has `position`, `kind`, `subject`, `document`, `at` (day of effect),
`recorded_at`, `by`, `reason`, `payload` (facts, JSON), `previous` and `digest`.
Its digest is the SHA-256 of "billhook-log-1", a zero byte, `previous`, and the canonical JSON
(keys sorted, no blanks, UTF-8) of the other fields but `digest`.
"""


@attrs.frozen(kw_only=True)
class AuditExport:
    """The counts of an audit export.

    Attributes:
        documents: How many documents.
        audit_entries: How many lines of the log.
        anchors: How many closing files.
    """

    documents: int
    audit_entries: int
    anchors: int


def export_audit(
    reading: Reading,
    folder: Path,
    actor: Actor,
    *,
    closings: Path | None = None,
    access: Access = PRIVATE,
) -> AuditExport:
    """Write an audit export into an empty or new folder; the manifest comes last.

    Args:
        reading: The store.
        folder: The folder.
        actor: Who exports, and when.
        closings: Folder of the closing files, to be taken along with what lies beside them.
        access: Who may read the export.

    Raises:
        FileExistsError: The folder has files.
        OSError: The disk is full, or the folder may not be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    written = _Written(folder, access)
    written.add("verify.py", Path(standalone.__file__).read_bytes())
    written.add("README.md", _readme().encode())
    rows = [_document(entry, written) for entry in reading.entries()]
    written.add("documents.csv", _csv(DOCUMENT_COLUMNS, rows))
    lines = [_line(each) for each in reading.audit_entries()]
    written.add("log.jsonl", "".join(lines).encode())
    written.add("links.csv", _rows(LINK_COLUMNS, reading.links()))
    claims = [{**attrs.asdict(claim)} for _, claim in reading.all_claims()]
    written.add("claims.csv", _csv(CLAIM_COLUMNS, claims))
    written.add("files.csv", _rows(FILE_COLUMNS, reading.files()))
    written.add("seals.csv", _rows(SEAL_COLUMNS, reading.seals()))
    anchors = [*_anchors(closings)] if closings else []
    for path in anchors:
        written.add(f"anchors/{path.name}", path.read_bytes())
    closing_files = sum(path.suffix == ".json" for path in anchors)
    done = AuditExport(documents=len(rows), audit_entries=len(lines), anchors=closing_files)
    written.close(_manifest(reading, actor, done))
    return done


@attrs.frozen
class _Written:
    """The files of an export, and their digests."""

    folder: Path
    access: Access
    digests: dict[str, str] = attrs.field(factory=dict)

    def add(self, name: str, data: bytes) -> None:
        path = self.folder / name
        make_folder(path.parent, self.access)
        write_whole(path, data, replace=False, durable=False, access=self.access)
        self.digests[name] = hashlib.sha256(data).hexdigest()

    def close(self, manifest: dict[str, object]) -> None:
        # what lies beside anchors may come later, so the anchors hold by their own signatures
        files = {n: d for n, d in self.digests.items() if not n.endswith(PROOF_SUFFIXES)}
        text = json.dumps(
            {**manifest, "files": files}, sort_keys=True, ensure_ascii=False, indent=1
        )
        data = f"{text}\n".encode()
        write_whole(self.folder / "manifest.json", data, replace=False, access=self.access)


def _manifest(reading: Reading, actor: Actor, done: AuditExport) -> dict[str, object]:
    heads = {chain: reading.head(chain) for chain in (*reading.chains(), LOG_CHAIN)}
    return {
        "format": standalone.FORMAT,
        "store": reading.identity(),
        "exported_at": actor.at.isoformat(),
        "by": actor.by,
        "chains": {name: attrs.asdict(head) for name, head in heads.items()},
        "sequences": [[*place, last] for place, last in sorted(reading.sequences().items())],
        "counts": {
            "documents": done.documents,
            "lines of the log": done.audit_entries,
            "anchors": done.anchors,
        },
    }


def _document(entry: Entry, written: _Written) -> dict[str, object]:
    name = f"documents/{safe_name(entry.number, '.json')}"
    written.add(name, entry.payload)
    facts = {key: getattr(entry, key) for key in DOCUMENT_COLUMNS if key != "file"}
    return {**facts, "file": name, "issued_at": entry.issued_at.isoformat()}


def _line(line: AuditEntry) -> str:
    facts = attrs.asdict(line)
    facts["at"], facts["recorded_at"] = line.at.isoformat(), line.recorded_at.isoformat()
    return json.dumps(facts, sort_keys=True, ensure_ascii=False) + "\n"


def _anchors(closings: Path) -> Iterator[Path]:
    """Yield the closing files, and the signatures and timestamps beside them."""
    for path in sorted(closings.glob("*.json")):
        yield path
        beside = (path.with_name(path.name + suffix) for suffix in PROOF_SUFFIXES)
        yield from (each for each in beside if each.is_file())


def _rows(columns: dict[str, str], items: Iterable[attrs.AttrsInstance]) -> bytes:
    return _csv(columns, [attrs.asdict(each) for each in items])


def _csv(columns: dict[str, str], rows: Iterable[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _readme() -> str:
    tables = {
        "documents.csv": DOCUMENT_COLUMNS,
        "links.csv": LINK_COLUMNS,
        "claims.csv": CLAIM_COLUMNS,
        "files.csv": FILE_COLUMNS,
        "seals.csv": SEAL_COLUMNS,
    }
    parts = [README]
    for name, columns in tables.items():
        rows = "".join(f"| `{key}` | {words} |\n" for key, words in columns.items())
        parts.append(f"\n## {name}\n\n| column | what it is |\n|---|---|\n{rows}")
    return "".join(parts)
