"""Verify an audit export of billhook, with nothing but Python's own library.

Usage: python verify.py [FOLDER] [--public-key KEY]

FOLDER is the export, by default where this file lies.  KEY is a public key of minisign, as text or
as a file: with it the manifest has to be signed, and signatures of anchors are checked.
Each fault is a line that begins with its name; the exit code is 1 if there is one, else 0.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

FORMAT = "billhook.audit-export/1"
UNLISTED = {"manifest.json", "manifest.json.minisig", "manifest.json.tsq", "manifest.json.tsr"}
LOG = "#log"
Fault = tuple[str, str]
"""The name of a fault, and what is wrong."""


def main(words: list[str]) -> int:
    """Run the command; return its exit code."""
    key = ""
    if "--public-key" in words:
        at = words.index("--public-key")
        key = "".join(words[at + 1 : at + 2])
        del words[at : at + 2]
        key = Path(key).read_text(encoding="utf-8") if Path(key).is_file() else key
    folder = Path(words[0]) if words else Path(__file__).parent
    faults = list(verify(folder, key))
    for name, message in faults:
        print(f"{name}: {message}")  # noqa: T201 - a program of its own
    if not faults:
        table = json.loads((folder / "manifest.json").read_bytes())
        counts = ", ".join(f"{count} {name}" for name, count in table["counts"].items())
        signed = ", signed" if key else ""
        print(f"sound: {counts}{signed}")  # noqa: T201
    return 1 if faults else 0


def verify(folder: Path, public_key: str = "") -> Iterator[Fault]:
    """Yield what does not hold in an export."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        if manifest["format"] != FORMAT:
            yield "unknown-format", f"expected {FORMAT}, found {manifest['format']}"
            return
        yield from check_files(folder, manifest["files"])
        heads: dict[str, dict[int, str]] = {}
        yield from check_documents(folder, manifest, heads)
        yield from check_log(folder, manifest, heads)
        yield from check_anchors(folder, manifest, heads)
        yield from check_proofs(folder, public_key)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield "unreadable", f"{type(error).__name__}: {error}"


# ── files ────────────────────────────────────────────────────────────────────


def check_files(folder: Path, listed: Mapping[str, str]) -> Iterator[Fault]:
    """Compare the files with the manifest."""
    for name, digest in sorted(listed.items()):
        path = folder / name
        if not path.is_file():
            yield "file-missing", name
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield "file-changed", name
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in sorted(there - listed.keys() - UNLISTED):
        if not name.startswith("anchors/") and "__pycache__" not in name:
            yield "file-extra", name


# ── documents ────────────────────────────────────────────────────────────────


def check_documents(
    folder: Path, manifest: Mapping[str, Any], heads: dict[str, dict[int, str]]
) -> Iterator[Fault]:
    """Follow each chain of documents, and compare the columns with the sealed bytes."""
    given: dict[tuple[str, str], list[int]] = {}
    with (folder / "documents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        chain = heads.setdefault(row["chain"], {})
        place = int(row["position"])
        if place != len(chain) + 1:
            yield "chain-broken", f"{row['number']} stands at {place}, expected {len(chain) + 1}"
        if row["previous"] != chain.get(place - 1, ""):
            yield "chain-broken", f"{row['number']} does not follow the document before it"
        payload = (folder / row["file"]).read_bytes()
        digest = hashlib.sha256(b"billhook-doc-1\0" + row["previous"].encode() + payload)
        if row["digest"] != digest.hexdigest():
            yield "document-changed", row["number"]
        else:
            yield from _check_columns(row, json.loads(payload, parse_float=Decimal))
        chain[place] = row["digest"]
        given.setdefault((row["series"], row["period"]), []).append(int(row["sequence"]))
    yield from _check_ends(manifest, {c: h for c, h in heads.items() if c != LOG})
    yield from _check_sequences(manifest, given)


def _check_columns(row: Mapping[str, str], tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Compare a row of documents.csv with the document itself."""
    document = tree["document"]
    invoice = document["invoice"]
    said = {
        "number": document["number"],
        "series": document["series"],
        "sequence": str(document["sequence"]),
        "type_code": invoice.get("type_code", row["type_code"]),
        "date": invoice["date"],
        "currency": invoice["currency"],
        "customer": invoice["buyer"]["id"],
    }
    for name in ("net", "tax", "gross", "payable"):
        units = Decimal(invoice["totals"][name]["value"]).scaleb(int(row["minor"]))
        said[name] = str(int(units)) if units == units.to_integral_value() else str(units)
    for name, value in said.items():
        if row[name] != value:
            yield "column-differs", f"{row['number']}: {name} is {row[name]}, sealed as {value}"


def _check_ends(
    manifest: Mapping[str, Any], heads: Mapping[str, Mapping[int, str]]
) -> Iterator[Fault]:
    ends = {name: end for name, end in manifest["chains"].items() if name != LOG}
    for name in sorted(ends.keys() | heads.keys()):
        chain = heads.get(name, {})
        end = ends.get(name, {"position": 0, "digest": ""})
        last = max(chain, default=0)
        if (last, chain.get(last, "")) != (end["position"], end["digest"]):
            yield "cut-off", f"chain {name} ends at {last}, the manifest has {end['position']}"


def _check_sequences(
    manifest: Mapping[str, Any], given: Mapping[tuple[str, str], list[int]]
) -> Iterator[Fault]:
    last = {(series, period): int(end) for series, period, end in manifest["sequences"]}
    for place in sorted(last.keys() | given.keys()):
        numbers, wanted = sorted(given.get(place, [])), list(range(1, last.get(place, 0) + 1))
        if numbers != wanted:
            odd = min(set(numbers) ^ set(wanted), default=0)
            yield "number-missing", f"series {' '.join(place)}: {odd} is missing or surplus"


# ── the log ──────────────────────────────────────────────────────────────────

FACTS = (
    "position", "kind", "subject", "document", "at", "recorded_at", "by", "reason", "payload",
)  # fmt: skip
"""What the digest of a line of the log is over, besides the digest before it."""


def check_log(
    folder: Path, manifest: Mapping[str, Any], heads: dict[str, dict[int, str]]
) -> Iterator[Fault]:
    """Follow the chain of the log, and compare it with the documents."""
    issued: dict[str, str] = {}
    chain = heads.setdefault(LOG, {})
    digest = ""
    for place, text in enumerate((folder / "log.jsonl").read_bytes().splitlines(), 1):
        line = json.loads(text)
        facts = json.dumps(
            {name: line[name] for name in FACTS},
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        own = hashlib.sha256(b"billhook-log-1\0" + digest.encode() + facts.encode()).hexdigest()
        if (line["position"], line["previous"], line["digest"]) != (place, digest, own):
            yield "log-changed", f"line {line['position']} ({line['kind']})"
        digest = chain[place] = line["digest"]
        if line["kind"] == "issued":
            issued[line["document"]] = json.loads(line["payload"])["digest"]
    end = manifest["chains"].get(LOG, {"position": 0, "digest": ""})
    if (len(chain), digest) != (end["position"], end["digest"]):
        yield "cut-off", f"the log ends at {len(chain)}, the manifest has {end['position']}"
    with (folder / "documents.csv").open(encoding="utf-8", newline="") as file:
        there = {row["number"]: row["digest"] for row in csv.DictReader(file)}
    for number in sorted(there.keys() | issued.keys()):
        if there.get(number) != issued.get(number):
            yield "log-disagrees", f"{number}: the log says otherwise about its issue"


# ── anchors, signatures, timestamps ──────────────────────────────────────────


def check_anchors(
    folder: Path, manifest: Mapping[str, Any], heads: Mapping[str, Mapping[int, str]]
) -> Iterator[Fault]:
    """Compare the chains with what closing files have of them."""
    for path in sorted((folder / "anchors").glob("*.json")):
        table = json.loads(path.read_bytes())
        if table.get("store", manifest["store"]) != manifest["store"]:
            yield "anchor-differs", f"{path.name} is of another store"
        for name, end in table["chains"].items():
            found = heads.get(name, {}).get(end["position"])
            if end["position"] and found is None:
                yield "cut-off", f"{path.name} has {end['position']} of {name}, which is not there"
            elif end["position"] and found != end["digest"]:
                yield "anchor-differs", f"{path.name} at {end['position']} of {name}"


def check_proofs(folder: Path, public_key: str) -> Iterator[Fault]:
    """Check the signatures and timestamps of the manifest and of the anchors."""
    signable = [folder / "manifest.json", *sorted((folder / "anchors").glob("*.json"))]
    for path in signable:
        beside = path.with_name(f"{path.name}.minisig")
        if public_key and beside.is_file():
            why = signature_fault(path.read_bytes(), beside.read_text("utf-8"), public_key)
            if why:
                yield "signature-wrong", f"{path.name}: {why}"
        elif public_key:
            yield "signature-missing", path.name
        answer = path.with_name(f"{path.name}.tsr")
        if answer.is_file():
            why, _ = read_timestamp(answer.read_bytes(), path.read_bytes())
            if why:
                yield "timestamp-wrong", f"{path.name}: {why}"


# ── Ed25519 (RFC 8032) and the format of minisign ────────────────────────────

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
"""A point in extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z."""


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = _add(result, point)
        point = _add(point, point)
        factor >>= 1
    return result


def _point(data: bytes) -> Point | None:
    """Return the point that 32 bytes stand for."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


_GENERATOR = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether a signature is of a message and by a public key."""
    if len(key) != 32 or len(signature) != 64 or _GENERATOR is None:  # noqa: PLR2004 - RFC 8032
        return False
    own, first = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if own is None or first is None or scalar >= ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + key + message).digest()
    left = _times(scalar, _GENERATOR)
    right = _add(first, _times(int.from_bytes(hashed, "little") % ORDER, own))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


def signature_fault(  # noqa: PLR0911 - a reason each
    data: bytes, signature: str, public_key: str
) -> str:
    """Return why a file's signature, in the format of minisign, does not hold; empty if it does."""
    try:
        key = base64.b64decode(_lines(public_key)[-1], validate=True)
        _, first, comment, last = _lines(signature)
        made, whole = (base64.b64decode(text, validate=True) for text in (first, last))
    except (ValueError, IndexError, binascii.Error):
        return "it cannot be read"
    kind, name, value = made[:2], made[2:10], made[10:]
    if key[:2] != b"Ed" or kind not in {b"Ed", b"ED"}:
        return "it is of an unknown kind"
    if name != key[2:10]:
        return "it is by another key"
    message = hashlib.blake2b(data).digest() if kind == b"ED" else data
    trusted = comment.removeprefix("trusted comment: ").encode()
    if not comment.startswith("trusted comment: "):
        return "it cannot be read"
    if not ed25519_holds(key[10:], message, value):
        return "the file is not what was signed"
    if not ed25519_holds(key[10:], value + trusted, whole):
        return "its comment is not what was signed"
    return ""


def _lines(text: str) -> list[str]:
    return [line.rstrip("\r") for line in text.strip("\n").split("\n")]


# ── timestamps (RFC 3161) ────────────────────────────────────────────────────

TST_INFO = bytes.fromhex("2a864886f70d0109100104")
SHA256 = bytes.fromhex("608648016503040201")
_INTEGER, _OBJECT, _TIME = 0x02, 0x06, 0x18
_GRANTED = {0, 1}


def read_timestamp(  # noqa: PLR0911 - a reason each
    answer: bytes, data: bytes, nonce: int | None = None
) -> tuple[str, str]:
    """Return why a timestamp response is not about some data, or nothing, and its time.

    Its status, imprint and nonce are compared.  Whether the authority's own signature and
    certificate hold is for ``openssl ts -verify``, which knows whom to trust.
    """
    try:
        status, *token = parts(parts(answer)[0][1])
        granted = int.from_bytes(parts(status[1])[0][1], "big")
        if granted not in _GRANTED or not token:
            return f"the authority refused it, with status {granted}", ""
        signed = parts(parts(parts(token[0][1])[1][1])[0][1])
        kind, content = parts(signed[2][1])
        if kind != (_OBJECT, TST_INFO):
            return "it is no timestamp", ""
        info = parts(parts(parts(content[1])[0][1])[0][1])
        algorithm, imprint = parts(info[2][1])
        time = next(value for tag, value in info if tag == _TIME).decode("ascii")
        nonces = [int.from_bytes(value, "big") for tag, value in info[4:] if tag == _INTEGER]
    except (ValueError, IndexError, StopIteration):
        return "it cannot be read", ""
    if parts(algorithm[1])[0] != (_OBJECT, SHA256):
        return "its imprint is no SHA-256", time
    if imprint[1] != hashlib.sha256(data).digest():
        return "it is about other content", time
    if nonce is not None and nonces != [nonce]:
        return "it answers another request", time
    return "", time


def parts(data: bytes) -> list[tuple[int, bytes]]:
    """Return the parts of some DER, one after the other: tag and content.

    Raises:
        ValueError: It is none.
    """
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            length = size & 0x7F
            size, at = int.from_bytes(data[at : at + length], "big"), at + length
        if at + size > len(data):
            raise ValueError("the data ends before its last part")
        found.append((tag, data[at : at + size]))
        at += size
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
