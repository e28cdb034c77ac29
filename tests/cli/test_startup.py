"""The command's own process: fpdf2, imported in half the time, does all that it does otherwise."""

from __future__ import annotations

import subprocess
import sys

import pytest

PLAIN = "import fpdf"
QUICK = "from billhook.cli.startup import prepare_process; prepare_process(); import fpdf"

WORK = """
import hashlib, io, sys
from datetime import datetime, timezone
from fpdf import FPDF
from billhook.render.pdf.writer.font_face import bundled
pdf = FPDF()
pdf.set_creation_date(datetime(2026, 1, 1, tzinfo=timezone.utc))
for place, file in enumerate(bundled(bold=False)):
    pdf.add_font(f"f{place}", "", str(file.path))
pdf.add_page()
pdf.set_font("f0", size=12)
pdf.set_fallback_fonts(["f1", "f3"])
pdf.set_text_shaping(True)
pdf.multi_cell(0, 8, "Invoice عقد क्षि")
from PIL import Image
from fpdf.util import builtin_srgb2014_bytes
profile = builtin_srgb2014_bytes()
for kind in ("PNG", "JPEG", "TIFF"):
    file = io.BytesIO()
    Image.new("RGB", (9, 9), "#135").save(file, kind, icc_profile=profile)
    pdf.image(file, w=9)
pdf.image(io.BytesIO(b'<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg">'
    b'<path d="M0 0h9v9z"/></svg>'), w=20)
print(hashlib.sha256(pdf.output()).hexdigest())
"""


def run(*lines):
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_what_fpdf2_makes_is_the_same_bytes():
    assert run(QUICK, WORK) == run(PLAIN, WORK)


def test_no_stand_in_stays_behind():
    code = """
from billhook.cli.startup import _DEFERRED, _Module
print([name for name in _DEFERRED if isinstance(sys.modules.get(name), _Module)])
import unittest.mock, fontTools.ttLib, fpdf.font_type_3
print(type(unittest.mock.patch).__name__, fontTools.ttLib.TTFont.__name__)
"""

    assert run(QUICK, "import sys", code) == "[]\nfunction TTFont"


def test_what_is_left_out_is_most_of_font_tools_and_mock():
    code = "print('fontTools.ttLib' in sys.modules, 'unittest.mock' in sys.modules)"

    assert run(QUICK, "import sys", code) == "False False"
    assert run(PLAIN, "import sys", code) == "True True"


def test_an_fpdf2_that_needs_one_of_them_at_once_is_imported_as_ever():
    code = """
from billhook.cli import startup
startup._Name.__call__ = startup._Name.__or__ = None
startup._Name.__mro_entries__ = None
startup._DEFERRED += ("fontTools.pens.basePen",)
startup.prepare_process()
import fpdf.drawing
print(fpdf.drawing.PathPen.__mro__[1].__module__)
"""

    assert run(code) == "fontTools.pens.basePen"


def test_a_module_gives_the_real_names_once_fpdf2_is_imported():
    code = """
import fpdf.fonts, fpdf.image_parsing, fontTools.ttLib, PIL.ImageCms
print(fpdf.fonts.ttLib.TTLibError is fontTools.ttLib.TTLibError)
print(fpdf.image_parsing.ImageCms.PyCMSError is PIL.ImageCms.PyCMSError)
print(fpdf.image_parsing.PIL_features.check("zlib"))
"""

    assert run(QUICK, code).split() == ["True", "True", "True"]


def test_a_name_can_be_asked_for_what_it_stands_for():
    from billhook.cli.startup import _Name

    asked = _Name("collections", "OrderedDict")

    assert isinstance(asked(), dict)
    assert asked.__call__(a=1) == {"a": 1}
    assert asked.fromkeys("a") == {"a": None}
    assert isinstance(asked(), asked)
    assert (asked | None) is asked
    assert (None | asked) is asked


def test_a_thread_that_comes_while_another_imports_waits_for_the_whole_of_fpdf2():
    code = """
import sys, threading
from billhook.cli.startup import _DEFERRED, _Module, prepare_process
prepare_process()
first = threading.Thread(target=__import__, args=("fpdf",))
first.start()
while "fpdf" not in sys.modules:
    pass
import fpdf
print(hasattr(fpdf, "FPDF"))
print([name for name in _DEFERRED if isinstance(sys.modules.get(name), _Module)])
first.join()
"""

    assert run(code).split() == ["True", "[]"]


def test_a_process_is_set_up_once_and_fpdf2_is_looked_for_once():
    code = """
import gc, sys
from billhook.cli.startup import prepare_process
before = len(sys.meta_path)
prepare_process()
prepare_process()
print(len(sys.meta_path) - before, gc.get_threshold()[0])
import fpdf
print(len(sys.meta_path) - before)
"""

    assert run(code).split() == ["1", "100000", "0"]


@pytest.mark.parametrize("words", [("status",), ("bill", "-f", "json")])
def test_without_a_store_file_no_database_library_is_loaded(tmp_path, words):
    """SQLAlchemy is half of the time that ``billhook status`` takes."""
    code = f"""
import os, sys
from billhook.cli import main
os.chdir({str(tmp_path)!r})
main(["init"])
print(main({list(words)!r}), "sqlalchemy" in sys.modules)
"""

    assert run(code).splitlines()[-1] == "0 False"
