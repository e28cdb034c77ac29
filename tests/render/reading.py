"""Reading PDF files back with other people's programs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import attrs

from billhook.render.pdf.writer.xmp import Metadata

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def metadata(language: str = "en", title: str = "Invoice 2026-042") -> Metadata:
    return Metadata(title=title, author="Müller & Söhne", language=language, created=MOMENT)


def run(program: str, *arguments: str, data: bytes, folder: Path) -> str:
    """Run a program on a file; a program that is not installed fails the test with its name."""
    found = shutil.which(program)
    assert found, f"{program} is not installed: apt install poppler-utils qpdf"
    file = folder / "read.pdf"
    file.write_bytes(data)
    done = subprocess.run(
        [found, *arguments[:-1], str(file), *arguments[-1:]],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def text(data: bytes, folder: Path) -> str:
    """Return a file's text without the marks that steer its direction."""
    found = run("pdftotext", "-layout", "-enc", "UTF-8", "-", data=data, folder=folder)
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", found)


@attrs.frozen
class Word:
    """A word on a page with its box in points from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(data: bytes, folder: Path) -> Sequence[Word]:
    """Return a file's words with their places."""
    found = run("pdftotext", "-bbox", "-", data=data, folder=folder)
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<'
    return [
        Word(word, *(float(edge) for edge in edges)) for *edges, word in re.findall(pattern, found)
    ]
