from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from billhook.audit.signatures import new_key
from billhook.cli import main


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm with a bill, its credit note, a closing file, a key, and an export, all signed."""
    root = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BILLHOOK_USER", "kim")
        patch.setenv("BILLHOOK_NOW", "2026-07-01T09:00:00Z")
        patch.delenv("BILLHOOK_STORE", raising=False)
        patch.chdir(root)
        assert main(["init", "firm"]) == 0
        patch.chdir(root / "firm")
        assert main(["issue", "-y", "--format", "json"]) == 0
        credit = ["credit", "INV-2026-00001", "--reason", "typo", "--keep", "-y"]
        assert main([*credit, "--format", "json"]) == 0
        assert main(["seal"]) == 0
        (root / "key").write_text((key := new_key()).secret_text())
        (root / "key.pub").write_text(key.public_text())
        closings = [str(each) for each in Path("closings").glob("*.json")]
        assert main(["audit", "sign", *closings, "--key", str(root / "key")]) == 0
        assert main(["audit", "export", str(root / "export")]) == 0
        assert main(["audit", "sign", f"{root}/export/manifest.json", "--key", f"{root}/key"]) == 0
    return root


@pytest.fixture
def export(office: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(office / "export", tmp_path / "export"))


def check(export: Path, *words: str) -> tuple[int, str]:
    """Run the verifier as an auditor does: no installed package, no environment."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *words],
        cwd=export,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def rewrite(export: Path, name: str, change: Callable[[str], str]) -> None:
    """Change a file, and the manifest with it: what a careful forger does."""
    path, manifest = export / name, export / "manifest.json"
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before
    table = json.loads(manifest.read_bytes())
    table["files"][name] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(table))


def test_an_export_is_sound_to_a_bare_python(office, export) -> None:
    assert check(export) == (0, "sound: 1 anchors, 2 documents, 6 lines of the log\n")
    assert check(export, "--public-key", f"{office}/key.pub") == (
        0,
        "sound: 1 anchors, 2 documents, 6 lines of the log, signed\n",
    )


INVOICE = "documents/INV-2026-00001.json"
TAMPERED = {
    "a document": (INVOICE, lambda text: text.replace("690.00", "590.00"), "document-changed"),
    "an amount in the list": (
        "documents.csv",
        lambda text: text.replace(",69000,", ",59000,", 1),
        "column-differs",
    ),
    "a customer in the list": (
        "documents.csv",
        lambda text: text.replace(",acme,USD", ",evil,USD", 1),
        "column-differs",
    ),
    "a document's row gone": (
        "documents.csv",
        lambda text: "".join(text.splitlines(keepends=True)[:-1]),
        "cut-off",
    ),
    "who acted": ("log.jsonl", lambda text: text.replace('"kim"', '"lee"', 1), "log-changed"),
    "a reason": ("log.jsonl", lambda text: text.replace("typo", "error", 1), "log-changed"),
    "the log's end gone": (
        "log.jsonl",
        lambda text: "".join(text.splitlines(keepends=True)[:-1]),
        "cut-off",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_a_careful_forger_changed_is_found_by_name(export, what) -> None:
    name, change, fault = TAMPERED[what]
    rewrite(export, name, change)

    code, said = check(export)

    assert code == 1
    assert fault in {line.partition(":")[0] for line in said.splitlines()}


def test_files_that_came_went_or_changed_are_found_by_name(export) -> None:
    (export / "more.csv").write_text("x")
    (export / "claims.csv").unlink()
    (export / "links.csv").write_text("x")

    code, said = check(export)

    assert code == 1
    assert {"file-extra: more.csv", "file-missing: claims.csv", "file-changed: links.csv"} <= {
        *said.splitlines()
    }


def test_an_anchor_shows_what_was_made_anew(export) -> None:
    (anchor,) = (export / "anchors").glob("*.json")
    table = json.loads(anchor.read_bytes())
    table["chains"]["INV"]["digest"] = "0" * 64
    table["chains"]["CRN"]["position"] = 2
    anchor.write_text(json.dumps(table))

    said = check(export)[1]

    assert f"anchor-differs: {anchor.name} at 1 of INV" in said
    assert f"cut-off: {anchor.name} has 2 of CRN" in said


def test_a_signature_shows_what_the_keeper_made_again(office, export) -> None:
    """The whole manifest is made again, consistently: only the signature tells."""
    rewrite(export, "README.md", lambda text: text + "\nAll is well.\n")

    assert check(export)[0] == 0
    code, said = check(export, "--public-key", f"{office}/key.pub")
    assert (code, said) == (
        1,
        "signature-wrong: manifest.json: the file is not what was signed\n",
    )

    (export / "manifest.json.minisig").unlink()

    assert check(export, "--public-key", f"{office}/key.pub") == (
        1,
        "signature-missing: manifest.json\n",
    )


def test_rubbish_is_a_fault_and_no_traceback(export) -> None:
    for name in ("manifest.json", "documents.csv", "log.jsonl"):
        kept = (export / name).read_bytes()
        (export / name).write_bytes(b"\xff{")
        assert check(export)[0] == 1
        (export / name).write_bytes(kept)
    assert check(export)[0] == 0


def test_an_export_overwrites_nothing(office, export, monkeypatch) -> None:
    monkeypatch.chdir(office / "firm")
    before = {path: path.read_bytes() for path in export.rglob("*") if path.is_file()}

    assert main(["audit", "export", str(export)]) != 0
    assert {path: path.read_bytes() for path in export.rglob("*") if path.is_file()} == before


@pytest.fixture
def firm(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(office / "firm", tmp_path / "firm"))
    monkeypatch.setenv("BILLHOOK_USER", "kim")
    monkeypatch.chdir(folder)
    return folder


def test_verify_wants_signed_closing_files_when_it_has_a_key(office, firm, capsys) -> None:
    (closing,) = (firm / "closings").glob("*.json")
    key = str(office / "key.pub")
    assert main(["verify", "--public-key", key]) == 0

    closing.write_text(closing.read_text() + " ")

    assert main(["verify"]) == 0
    assert main(["verify", "--public-key", key]) == 1
    assert "error[BH594]: the signature of closing-" in capsys.readouterr().err

    Path(f"{closing}.minisig").unlink()

    assert main(["verify", "--public-key", key]) == 1
    assert f"error[BH594]: {closing.name} has no signature" in capsys.readouterr().err


def test_a_signed_document_is_checked_and_its_signature_is_no_stray(office, firm, capsys) -> None:
    (document,) = (firm / "archive").rglob("INV*.json")
    assert main(["audit", "sign", str(document), "--key", str(office / "key")]) == 0

    assert main(["verify", "--public-key", str(office / "key.pub")]) == 0

    other = new_key()
    document.with_name(f"{document.name}.minisig").write_text(
        other.sign(document.read_bytes(), "mine")
    )

    assert main(["verify", "--public-key", str(office / "key.pub")]) == 1
    assert "it is by another key" in capsys.readouterr().err


def test_a_timestamp_of_other_content_is_a_finding(firm, capsys) -> None:
    (closing,) = (firm / "closings").glob("*.json")
    assert main(["audit", "timestamp", str(closing)]) == 0
    assert Path(f"{closing}.tsq").read_bytes()[:1] == b"\x30"
    Path(f"{closing}.tsr").write_bytes(bytes.fromhex("30053003020102"))  # a refusal

    assert main(["verify"]) == 1
    assert "error[BH595]" in capsys.readouterr().err


def test_a_command_signs_and_one_that_fails_is_said(office, firm, capsys) -> None:
    (closing,) = (firm / "closings").glob("*.json")
    made = Path(f"{closing}.minisig")
    kept = made.read_bytes()
    made.unlink()
    (firm / "token").write_bytes(kept)

    assert main(["audit", "sign", str(closing), "--command", "cp token {signature}"]) == 0
    assert made.read_bytes() == kept
    assert main(["audit", "sign", str(closing), "--command", "false {file}"]) == 6
    assert main(["audit", "sign", str(closing), "--command", "no-such-program"]) == 6
    assert "cannot be run" in capsys.readouterr().err
