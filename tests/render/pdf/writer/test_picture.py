"""Pictures: what is taken, what is refused, and the size it has."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import PIL.Image
import pytest

from billhook.render.pdf.writer.pdf_file import PdfFile
from billhook.render.pdf.writer.picture import PictureError, picture
from render.reading import metadata, run

HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">'


def stored(mode="RGB", kind="PNG", size=(96, 48)):
    file = io.BytesIO()
    PIL.Image.new(mode, size).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("RGB", "JPEG"),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("I;16", "PNG"),
    ],
)
def test_every_kind_of_png_and_jpeg_is_drawn_without_cmyk(mode, kind, tmp_path):
    file = PdfFile(metadata())
    file.start_page().picture(picture(stored(mode, kind)), 50, 50, 72, 36)

    data = file.to_bytes()

    run("qpdf", "--check", "--", data=data, folder=tmp_path)
    assert b"DeviceCMYK" not in data
    assert data.count(b"/Subtype /Image") >= 1


def test_the_natural_size_is_at_96_dots_an_inch_and_fits_a_box_in_its_shape():
    found = picture(stored(size=(96, 48)))

    assert (found.width, found.height) == (72, 36)
    assert found.fitted(100, 100) == (100, 50)
    assert found.fitted(100, 10) == (20, 10)


def test_an_svg_has_the_size_of_its_view_box():
    found = picture(HEAD + b'<rect width="9" height="9"/></svg>')

    assert (found.width, found.height) == (100, 50)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF89a...", "neither PNG, JPEG nor SVG"),
        (b"", "neither PNG, JPEG nor SVG"),
        (b"\x89PNG\r\n\x1a\n broken", "damaged"),
        (stored()[:60], "damaged"),
        (HEAD + b"<text>x</text></svg>", "has <text> in it"),
        (HEAD + b'<image href="/etc/passwd"/></svg>', "has <image> in it"),
        (HEAD + b'<linearGradient id="g"/></svg>', "has <linearGradient> in it"),
        (HEAD + b"<rect", "cannot be read"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + b"&a;</svg>", "cannot be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "neither a viewBox nor"),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="50"/>',
            "neither a viewBox",
        ),
        (stored("1", size=(40_000, 1_001)), "40000 x 1001 pixels"),
        (stored("1", size=(10_000, 10_000)), "10000 x 10000 pixels"),
        (stored("1", size=(20_000, 10_000)), "20000 x 10000 pixels"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_the_reason(data, message):
    with pytest.raises(PictureError, match=message):
        picture(data)


def test_threads_that_read_pictures_leave_the_warnings_of_the_process_alone():
    logos = [stored(size=(300, 300 + each)) for each in range(200)]
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as threads:
        sizes = [found.height for found in threads.map(picture, logos)]

    assert sizes == [(300 + each) * 0.75 for each in range(200)]
    assert warnings.filters == before


def test_a_drawing_keeps_its_place_and_transparency(tmp_path):
    drawing = picture(
        HEAD + b'<rect width="100" height="50" fill="#f00" fill-opacity="0.5"/></svg>'
    )
    file = PdfFile(metadata())
    file.start_page().picture(drawing, 100, 200, 80, 40)

    run(
        "pdftoppm",
        "-r",
        "72",
        "-png",
        str(tmp_path / "page"),
        data=file.to_bytes(),
        folder=tmp_path,
    )

    page = PIL.Image.open(tmp_path / "page-1.png").convert("RGB")
    assert page.getpixel((140, 220)) == pytest.approx((255, 128, 128), abs=2)
    assert page.getpixel((95, 220)) == page.getpixel((140, 195)) == (255, 255, 255)
    assert page.getpixel((140, 245)) == (255, 255, 255)


# An inch is 96 units of a drawing: 25.4 mm = 72 pt = 6 pc = 96.
@pytest.mark.parametrize("size", ["96", "96px", "72pt", "6pc", "25.4mm", "2.54cm", "1in"])
def test_a_drawing_without_viewbox_has_the_box_of_its_size(size):
    head = f'<!-- <svg> --><svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="48">'
    found = picture(head.encode() + b'<rect width="96" height="48"/></svg>')

    assert (found.width, found.height) == pytest.approx((96, 48))
    assert b'viewBox="0 0 96 48"' in found.data


SILENT = b"""
from billhook.cli.startup import prepare_process
prepare_process()
import sys
from billhook.render.pdf.writer.pdf_file import PdfFile
from billhook.render.pdf.writer.picture import picture
from render.reading import metadata

head = b'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48"><title>Ours</title>'
file = PdfFile(metadata())
file.start_page().picture(picture(head + b'<rect width="96" height="48"/></svg>'), 0, 0, 96, 48)
sys.exit(not file.to_bytes())
"""


def test_a_drawing_says_nothing_on_the_terminal_of_the_command():
    paths = os.pathsep.join(path for path in sys.path if path)
    ran = subprocess.run(
        [sys.executable, "-W", "default::UserWarning", "-c", SILENT.decode()],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
