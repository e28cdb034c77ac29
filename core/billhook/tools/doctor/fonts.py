"""Fonts: which scripts can be printed, and where fonts for the others are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from billhook.i18n.captions import INVOICE
from billhook.i18n.localizer import translate
from billhook.kernel.errors import RefusedError
from billhook.project import Project
from billhook.render.pdf.typeset.typography import named_faces
from billhook.render.pdf.writer.font import Font, fonts_of
from billhook.render.pdf.writer.font_face import FontFile
from billhook.render.pdf.writer.font_files import font_files, list_packaged_fonts, typefaces
from billhook.render.pdf.writer.scripts import SCRIPTS, Script
from billhook.render.pdf.writer.sfnt import FontFileError, Sfnt
from billhook.tools.doctor.finding import Finding, HealthState
from billhook.tools.doctor.languages import locales_of

TOPIC = "fonts"


def examine(project: Project) -> Iterator[Finding]:
    """Yield the scripts that can be printed, those that cannot, and what the project needs."""
    try:
        faces = named_faces(project.print_settings())
    except RefusedError as error:
        for each in error.findings:
            yield Finding(TOPIC, each.message, HealthState.WRONG, each.hint or "")
        faces = ()
    broken = [path for path in list_packaged_fonts() if not _is_font(path)]
    for path in broken:
        hint = "reinstall the package it belongs to"
        yield Finding(TOPIC, f"{path} is not a font that can be used", HealthState.WRONG, hint)
    font = fonts_of("en", faces).regular
    missing = [script for script in SCRIPTS if font.missing(script.sample)]
    covered = ", ".join(script.name for script in SCRIPTS if script not in missing)
    yield Finding(TOPIC, f"can be printed: {covered}")
    yield from _missing(missing)
    for locale in locales_of(project):
        yield _language(locale, faces)


def _missing(scripts: Iterable[Script]) -> Iterator[Finding]:
    by_package: dict[str, list[str]] = {}
    for script in scripts:
        by_package.setdefault(script.package, []).append(script.name)
    for package, names in by_package.items():
        hint = f"if you need them: on Debian install {package}; billhook fonts find shows the files"
        yield Finding(TOPIC, f"no font for {', '.join(names)}", HealthState.NOTE, hint)


def _language(locale: str, faces: tuple[FontFile, ...]) -> Finding:
    """Judge a language by the word for an invoice: every letter of it can be printed."""
    word = translate(INVOICE, locale)
    missing = fonts_of(locale, faces).regular.missing(word)
    if not missing:
        return Finding(TOPIC, f"bills in {locale} can be printed")
    title = f"bills in {locale} cannot be printed: no font has {missing!r}"
    package = next((s.package for s in SCRIPTS if set(missing) & set(s.sample)), "fonts-noto-core")
    hint = f"install fonts (on Debian {package}) and name the file in [print] fonts"
    return Finding(TOPIC, title, HealthState.WRONG, hint)


# ── finding fonts ────────────────────────────────────────────────────────────


@attrs.frozen
class Found:
    """A font file of this computer.

    Attributes:
        path: Where it is.
        scripts: The names of the scripts that it has, of those asked for.
        bold: Whether it is for bold text.
    """

    path: Path
    scripts: tuple[str, ...]
    bold: bool


def folders() -> tuple[Path, ...]:
    """Return the folders that this system keeps fonts in."""
    home = Path.home()
    if sys.platform == "darwin":
        found = (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    elif os.name == "nt":
        windows, local = os.environ.get("WINDIR", "C:/Windows"), os.environ.get("LOCALAPPDATA", "")
        found = (Path(windows, "Fonts"), Path(local, "Microsoft/Windows/Fonts"), home / "Fonts")
    else:
        shared = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        found = (*shared, home / ".local/share/fonts")
    return tuple(folder for folder in found if folder.is_dir())


def find(samples: Iterable[Script], among: Iterable[Path]) -> Iterator[Found]:
    """Yield the fonts below some folders that have one of the scripts and can be used.

    Args:
        samples: The scripts that are looked for.
        among: The folders.
    """
    wanted = tuple(samples)
    for folder in among:
        for path in font_files(folder):
            found = _find_coverage(path, wanted)
            if found is not None:
                yield found


def _find_coverage(path: Path, wanted: Iterable[Script]) -> Found | None:
    try:
        face = typefaces(path)[0]
        cmap = Sfnt(path.read_bytes(), face.index).cmap()
    except (OSError, FontFileError):
        return None
    names = tuple(s.name for s in wanted if all(ord(sign) in cmap for sign in s.sample))
    return Found(path, names, face.bold) if names else None


def lacking(project: Project) -> tuple[Script, ...]:
    """Return the scripts that a project's fonts do not have."""
    try:
        font: Font = fonts_of("en", named_faces(project.print_settings())).regular
    except RefusedError:
        font = fonts_of("en").regular
    return tuple(script for script in SCRIPTS if font.missing(script.sample))


def _is_font(path: Path) -> bool:
    try:
        typefaces(path)
    except (OSError, FontFileError):
        return False
    return True
