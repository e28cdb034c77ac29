"""The gallery shows the bills as they are printed today."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST = 6_000_000

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None and "CI" not in os.environ,
    reason="poppler-utils is not installed",
)


def _script():
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "scripts" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module
    spec.loader.exec_module(module)
    return module


gallery = _script()
KNOWN = json.loads((gallery.GALLERY / gallery.DIGESTS).read_text())
AGAIN = "run python scripts/gallery.py, and look at what has changed"


def stale(pages):
    return [
        page.name
        for page in pages
        if page.can_be_made and gallery.digest(page.pdf()) != KNOWN[page.name]
    ]


def test_every_page_has_its_picture_and_all_together_are_small():
    pictures = {path.stem: path.stat().st_size for path in gallery.GALLERY.glob("*.png")}

    assert set(pictures) == {page.name for page in gallery.pages()} == set(KNOWN)
    assert sum(pictures.values()) < MOST


def test_the_page_of_the_gallery_is_fresh():
    assert (gallery.GALLERY / "index.md").read_text(encoding="utf-8") == gallery.index(), AGAIN


def test_classic_pages_say_what_they_said_when_the_pictures_were_made():
    assert stale(page for page in gallery.pages() if page.theme == "classic") == [], AGAIN


@pytest.mark.slow
def test_all_other_pages_say_what_they_said_when_the_pictures_were_made():
    assert stale(page for page in gallery.pages() if page.theme != "classic") == [], AGAIN


def test_letters_are_counted_whatever_their_order():
    first, second = (gallery.Page("legal", "classic", name) for name in ("en_US", "de_DE"))

    assert gallery.digest(first.pdf()) == gallery.digest(first.pdf())
    assert gallery.digest(first.pdf()) != gallery.digest(second.pdf())
