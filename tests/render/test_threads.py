"""Threads that print at the same time print what one alone prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from billhook.render.pdf.writer import shaping
from billhook.render.pdf.writer.font_face import FontFile, bundled, load

ROOT = Path(__file__).parents[2]
FIRST_BILLS = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from billhook.render import render
from render import samples

bills = [samples.small(), samples.small("ar"), samples.rich(), samples.small("de_DE")] * 2
sections = samples.sections()
together = threading.Barrier(len(bills))

def printed(bill):
    return render(bill, sections, "pdf")

def printed_together(bill):
    together.wait()
    return printed(bill)

sys.setswitchinterval(1e-5)
with ThreadPoolExecutor(len(bills)) as threads:
    found = list(threads.map(printed_together, bills))
print(found == list(map(printed, bills)))
"""


class Meeting(type(Path())):
    """A path whose file two threads read at the same time."""

    readers = threading.Barrier(2)

    def read_bytes(self) -> bytes:
        self.readers.wait(timeout=60)
        return super().read_bytes()


def test_threads_that_read_a_font_at_the_same_time_have_one_face_of_it(tmp_path):
    shutil.copy(bundled(bold=False)[0].path, tmp_path / "font.ttf")
    file = FontFile(Meeting(tmp_path / "font.ttf"), bold=False)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(load, [file, file])

    assert first is second
    assert load(file) is first


def test_a_copy_of_a_font_is_not_set_in_the_font_that_it_was_copied_from(tmp_path):
    arabic = bundled(bold=False)[1]
    shutil.copy(arabic.path, tmp_path / "copy.ttf")
    faces = [load(arabic), load(FontFile(tmp_path / "copy.ttf", bold=False))]
    runs = [shaping.shape(face, "فاتورة", rtl=True, script="Arab") for face in faces]

    assert [run.face for run in runs] == faces


def fresh(code: str) -> str:
    """Return what a process of its own prints."""
    folders = [ROOT / "core", ROOT / "tests"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_first_bills_of_eight_threads_are_those_of_one():
    assert fresh(FIRST_BILLS) == "True\n"
