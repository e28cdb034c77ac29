"""Nothing is numbered that cannot be printed, and a retry ends as an undisturbed run."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest

from billhook.tools.scaffold import plain


def png(width: int, height: int) -> bytes:
    """Return a picture of one bit for each pixel, all white."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" + b"\xff" * ((width + 7) // 8)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(row * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def nested(depth: int) -> bytes:
    inner = '<rect width="9" height="9"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        f"{'<g>' * depth}{inner}{'</g>' * depth}</svg>"
    ).encode()


def with_logo(firm: Path, name: str, data: bytes) -> None:
    (firm / name).write_bytes(data)
    settings = firm / "billhook.toml"
    settings.write_text(f'{settings.read_text()}\n[print]\nlogo = "{name}"\n')


@pytest.mark.parametrize(
    ("name", "data"),
    [("logo.png", png(2400, 900)), ("logo.svg", nested(3000)), ("logo.svg", nested(100_000))],
)
def test_a_logo_that_cannot_be_drawn_costs_no_number(billhook, firm, name, data) -> None:
    with_logo(firm, name, data)

    ran = billhook(firm, "issue", "-y")

    assert ran.code in {0, 4}, ran.err
    assert "internal error" not in ran.err
    issued = billhook(firm, "invoice", "list", "--format", "json").out
    pdf = firm / "archive/2026/INV-2026-00001.pdf"
    assert ("INV-2026-00001" in issued) == pdf.exists() == (ran.code == 0)


def test_a_format_that_breaks_is_found_before_a_number_is_given(billhook, firm) -> None:
    plugin = firm / "billfile.py"
    plugin.write_text(plugin.read_text() + EXPORTER)

    ran = billhook(firm, "issue", "-y", "--format", "json,broken")

    assert ran.code == 4
    assert "the pen is dry" in ran.err
    assert "INV-2026-00001" not in billhook(firm, "invoice", "list").out


EXPORTER = """

def broken(documents, stream):
    raise ValueError("the pen is dry")


@hookimpl
def billhook_exporters():
    from billhook import Exporter

    return (Exporter(key="broken", title="B", media_type="a/b", suffix=".brk", write=broken),)
"""


def test_a_note_that_no_font_has_costs_no_credit_note(billhook, firm) -> None:
    assert billhook(firm, "issue", "-y", "--format", "pdf").code == 0

    ran = billhook(firm, "credit", "1", "--keep", "-y", "--reason", "thanks", "--note", "谢谢 👍")

    assert ran.code == 4
    assert "internal error" not in ran.err
    assert "CRN-2026-00001" not in billhook(firm, "invoice", "list").out
    assert billhook(firm, "credit", "1", "--keep", "-y", "--reason", "thanks").code == 0


KILLED = textwrap.dedent(
    """
    import os, sys
    from billhook.cli import main
    from billhook.cli.document_files import Output

    point = sys.argv.pop(1)
    write, record = Output._write, None

    def dying(self, loaded, document, act):
        if point == "after commit":
            os._exit(137)
        import billhook.cli.document_files as module
        if point == "after the first file":
            whole = module.write_whole
            def once(*arguments, **options):
                whole(*arguments, **options)
                os._exit(137)
            module.write_whole = once
        if point == "before the proof":
            module.record_files = lambda *arguments: os._exit(137)
        write(self, loaded, document, act)

    Output._write = dying
    sys.exit(main(sys.argv[1:]))
    """
)


def killed(firm: Path, point: str, *words: str) -> None:
    """Run a command that is killed at a point."""
    environment = {**os.environ, "BILLHOOK_USER": "kim", "BILLHOOK_NOW": "2026-07-01T09:00:00Z"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, point, *words],
        cwd=firm,
        env={**environment, "BILLHOOK_TRUST": "1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 137, done.stderr.decode()


def archived(firm: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (firm / "archive").glob("2026/*")}


@pytest.fixture
def undisturbed(billhook, tmp_path) -> dict[str, bytes]:
    """The files of a run that nothing disturbs."""
    other = tmp_path / "undisturbed"
    for path, data in plain().items():
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        (other / path).write_bytes(data)
    assert billhook(other, "issue", "-y", "--key", "june").code == 0
    return archived(other)


@pytest.mark.parametrize("point", ["after commit", "after the first file", "before the proof"])
def test_a_killed_issue_ends_with_its_key_as_if_nothing_had_been(
    billhook, firm, undisturbed, point
) -> None:
    killed(firm, point, "issue", "-y", "--key", "june")

    again = billhook(firm, "issue", "-y", "--key", "june")

    assert again.code == 0
    assert archived(firm) == undisturbed
    verified = billhook(firm, "verify")
    assert (verified.code, "2 files" in verified.err + verified.out) == (0, True)


@pytest.mark.parametrize("point", ["after commit", "after the first file", "before the proof"])
def test_a_killed_run_goes_on_as_if_nothing_had_been(billhook, firm, undisturbed, point) -> None:
    assert billhook(firm, "run", "new", "june").code == 0
    killed(firm, point, "run", "issue", "june", "-y")

    again = billhook(firm, "run", "issue", "june", "-y")

    assert again.code == 0
    assert archived(firm).keys() == undisturbed.keys()
    assert "2 files" in (ran := billhook(firm, "verify")).err + ran.out


@pytest.mark.parametrize("point", ["after commit", "after the first file", "before the proof"])
def test_files_that_a_killed_credit_left_out_are_named_and_made(billhook, firm, point) -> None:
    assert billhook(firm, "issue", "-y").code == 0
    killed(firm, point, "credit", "1", "--keep", "-y", "--reason", "wrong")

    for command in (["verify"], ["status"], ["doctor"]):
        ran = billhook(firm, *command)
        assert "CRN-2026-00001" in ran.out + ran.err, command
    made = billhook(firm, "invoice", "files", "--missing")

    assert made.code == 0
    names = {
        "INV-2026-00001.pdf",
        "INV-2026-00001.json",
        "CRN-2026-00001.pdf",
        "CRN-2026-00001.json",
    }
    assert archived(firm).keys() == names
    assert "without files" not in (ran := billhook(firm, "verify")).out + ran.err
    assert "no files are missing" in billhook(firm, "invoice", "files", "--missing").err


def test_one_document_that_fails_after_the_commit_does_not_stop_the_others(
    billhook, firm, monkeypatch
) -> None:
    rows = firm / "records/hours.csv"
    first, *lines = rows.read_text().splitlines(keepends=True)
    (firm / "records/more.csv").write_text(first + "".join(f"more-{line}" for line in lines))
    job = (firm / "jobs/first.toml").read_text()
    own = job.replace("hours.csv", "more.csv").replace('subject = "acme"', 'subject = "other"')
    (firm / "jobs/second.toml").write_text(own)
    from billhook.cli.document_files import Output

    write = Output._write

    def failing(self, loaded, document, actor):
        if document.number == "INV-2026-00001":
            raise RecursionError("too deep")
        write(self, loaded, document, actor)

    monkeypatch.setattr(Output, "_write", failing)
    ran = billhook(firm, "issue", "-y", "--format", "json")

    assert ran.code == 5
    assert "INV-2026-00001 is issued, its files are not written" in ran.err
    assert archived(firm).keys() == {"INV-2026-00002.json"}
