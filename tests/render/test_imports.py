"""What is loaded when: printing is dear to start, measuring is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def loaded(code):
    """Return which heavy modules and font files a fresh process has after some code."""
    ending = (
        "import sys\nfrom billhook.render.pdf.writer import font_face\n"
        "heavy = {'fpdf', 'fontTools', 'uharfbuzz', 'PIL'} & sys.modules.keys()\n"
        "print(sorted(heavy), len(font_face.LOADED))"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "core"), str(ROOT / "tests")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{ending}"],
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip()


def test_measuring_and_wrapping_latin_text_loads_one_font_and_no_library():
    code = (
        "from billhook.render.pdf.typeset import preflight\n"
        "from billhook.render.pdf.writer import canvas, pdf_file\n"
        "from billhook.render.pdf.writer.font import fonts_of\n"
        "from billhook.render.pdf.writer.line_breaking import wrap\n"
        "font = fonts_of('en').regular\n"
        "wrap(font, 'Straße 12', 9, 20), preflight.missing_characters(font, [('x', 'abc €')])"
    )

    assert loaded(code) == "[] 1"


def test_a_latin_file_loads_one_font_and_what_fpdf2_itself_imports():
    code = (
        "from billhook.render.pdf.writer.pdf_file import PdfFile\n"
        "from billhook.render.pdf.writer.font import fonts_of\n"
        "from render.reading import metadata\n"
        "file = PdfFile(metadata())\n"
        "file.start_page().text(50, 50, 'Straße', fonts_of('en').bold, 9)\n"
        "file.to_bytes()"
    )

    assert loaded(code) == "['PIL', 'fontTools', 'fpdf', 'uharfbuzz'] 1"
