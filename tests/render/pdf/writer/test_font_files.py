"""Fonts beyond the bundled ones: named by a project, or brought by a package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from billhook.kernel.errors import RefusedError
from billhook.project.print_settings import PrintSettings
from billhook.render.pdf.typeset.typography import named_faces
from billhook.render.pdf.writer import font_files as module
from billhook.render.pdf.writer.font import fonts_of
from billhook.render.pdf.writer.font_files import language_key, typefaces
from billhook.render.pdf.writer.line_breaking import wrap
from billhook.render.pdf.writer.scripts import SCRIPTS, script_named
from billhook.render.pdf.writer.sfnt import FontFileError
from render.tiny_font import saved, tiny_font

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
JA = "請求書をお送りします。「至急」と書かれた書類を確認しました、ご対応ください。"


@pytest.mark.parametrize(
    ("tag", "key"),
    [
        ("de-CH", "de"),
        ("zh_Hans_CN", "zh"),
        ("zh-TW", "zh-hant"),
        ("zh_Hant_HK", "zh-hant"),
        ("ja", "ja"),
    ],
)
def test_a_language_is_known_by_its_first_part_but_for_the_two_ways_of_writing_chinese(tag, key):
    assert language_key(tag) == key


def test_faces_of_a_collection_serve_the_languages_they_are_called_after(tmp_path):
    names = ("TinyCJKjp-Regular", "TinyCJKkr-Regular", "TinyCJKsc-Regular", "TinyCJKtc-Regular")
    fonts = [tiny_font(name, "請求") for name in (*names, "TinyMonoCJKjp-Regular")]

    faces = typefaces(saved(tmp_path / "tiny.ttc", *fonts))

    assert [face.languages for face in faces] == [("ja",), ("ko",), ("zh",), ("zh-hant",)]


def test_a_font_that_says_nothing_by_its_name_serves_its_only_code_page(tmp_path):
    japanese = typefaces(saved(tmp_path / "a.ttf", tiny_font("Meisho", "請", pages=1 << 17)))
    anything = typefaces(saved(tmp_path / "b.ttf", tiny_font("Pan", "請", pages=1 << 17 | 1 << 18)))

    assert japanese[0].languages == ("ja",)
    assert anything[0].languages == ()


def test_a_heavy_font_serves_bold_text(tmp_path):
    face = typefaces(saved(tmp_path / "a.ttf", tiny_font("Heavy", "請", weight=700)))[0]

    assert face.bold


def test_a_han_character_is_drawn_by_the_face_of_the_documents_language(tmp_path):
    fonts = [tiny_font(f"TinyCJK{region}", "直") for region in ("jp", "sc", "tc")]
    faces = typefaces(saved(tmp_path / "tiny.ttc", *fonts))

    drawn = {
        language: fonts_of(language, faces).regular.home("直").name
        for language in ("ja", "zh-Hans-CN", "zh-Hant-TW", "de")
    }

    assert drawn == {
        "ja": "TinyCJKjp",
        "zh-Hans-CN": "TinyCJKsc",
        "zh-Hant-TW": "TinyCJKtc",
        "de": "TinyCJKjp",
    }


@pytest.mark.parametrize("data", [b"", b"ttcf", b"no font at all, but long enough for a head"])
def test_what_is_no_font_is_refused_with_its_path(tmp_path, data):
    path = tmp_path / "broken.ttf"
    path.write_bytes(data)

    with pytest.raises(RefusedError) as error:
        named_faces(PrintSettings(fonts=(path,)))

    assert error.value.findings[0].code == "BH605"
    assert error.value.findings[0].origin.file == path.name
    with pytest.raises(FontFileError):
        typefaces(path)


def test_a_font_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RefusedError, match="cannot be read"):
        named_faces(PrintSettings(fonts=(tmp_path / "none.ttf",)))


PACKAGE = """
from billhook.render.pdf.writer.font import fonts_of
from billhook.render.pdf.writer.font_files import list_packaged_fonts
print([path.name for path in list_packaged_fonts()])
for language in ("en", "ja"):
    face = fonts_of(language).regular.home("請")
    print(language, face and face.name)
print(fonts_of("en").bold.home("請").name)
"""


def run(code, *paths):
    known = os.pathsep.join([*map(str, paths), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": known},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def package(folder):
    """Lay out an installed package with two fonts and a file that is none."""
    fonts = folder / "acme_fonts" / "files"
    fonts.mkdir(parents=True)
    (folder / "acme_fonts" / "__init__.py").write_text("raise RuntimeError('not to be run')")
    saved(fonts / "a.ttf", tiny_font("AcmeCJKjp-Regular", "請求"))
    saved(fonts / "b.otf", tiny_font("AcmeCJKjp-Bold", "請求", weight=700))
    (fonts / "broken.ttf").write_bytes(b"broken")
    info = folder / "acme_fonts-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-fonts\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[billhook.fonts]\nacme = acme_fonts\n")
    return folder


def test_a_package_brings_fonts_by_an_entry_point_and_none_of_its_code_is_run(tmp_path):
    said = run(PACKAGE, package(tmp_path))

    assert said == [
        "['a.ttf', 'b.otf', 'broken.ttf']",
        "en AcmeCJKjp-Regular",
        "ja AcmeCJKjp-Regular",
        "AcmeCJKjp-Bold",
    ]


def test_packages_are_not_looked_for_while_the_bundled_fonts_have_everything(monkeypatch):
    monkeypatch.setattr(module, "list_packaged_fonts", None)

    assert fonts_of("sr-Cyrl-XK").regular.home("ж").name == "BillhookSans-Regular"


def test_every_script_has_a_sample_of_its_own_and_is_named_by_it():
    for script in SCRIPTS:
        found = {script_named(sign) for sign in script.sample if sign.isalpha()}

        assert script in found


def test_signs_and_pictures_belong_to_no_script():
    assert script_named("😀") is None
    assert script_named("€") is None


@pytest.mark.parametrize("language", ["ja", "zh-Hans"])
def test_lines_of_japanese_and_chinese_break_by_kinsoku(tmp_path, language):
    face = typefaces(saved(tmp_path / "tiny.ttf", tiny_font("TinyCJKjp", "".join(sorted(set(JA))))))
    font = fonts_of(language, face).regular

    for width in range(25, 160, 5):
        lines = [line.text for line in wrap(font, JA, 10, width)]

        assert "".join(lines) == JA
        assert not any(line[0] in "。、」" for line in lines)
        assert not any(line[-1] == "「" for line in lines)


@pytest.mark.skipif(not NOTO.exists(), reason="Debian's fonts-noto-cjk is not installed")
def test_noto_cjk_draws_every_language_in_its_own_forms():
    faces = typefaces(NOTO)

    for language, name in (("ja", "jp"), ("ko", "kr"), ("zh", "sc"), ("zh-TW", "tc")):
        face = fonts_of(language, faces).regular.home("直")

        assert face.name == f"NotoSansCJK{name}-Regular"
        assert face.program([face.cmap[ord("直")]])
