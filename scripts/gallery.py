"""Make the gallery: first pages of three trades' bills in every theme and ten languages.

python scripts/gallery.py [FOLDER]     FOLDER is docs/gallery without it

Needs pdftoppm and pdftotext (poppler-utils).  Japanese needs a font of Debian's fonts-noto-cjk;
without it the pictures of that language are left as they are.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import attrs

from billhook.model.document import Document
from billhook.model.section import Section
from billhook.project import load_project
from billhook.project.print_settings import PrintSettings
from billhook.render import render

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "gallery"
DIGESTS = "digests.json"
TRADES = {
    "legal": "june@2026-0114",
    "construction": "application-3",
    "freight": "illertal-kw25",
}
NUMBER = "2026-0587"
"""Number of a bill whose job gives it none, as that of a job for many."""
THEMES = ("classic", "modern", "compact")
LOCALES = {
    "en_US": "English",
    "de_DE": "German",
    "fr_FR": "French",
    "es_ES": "Spanish",
    "pl_PL": "Polish",
    "ar_EG": "Arabic",
    "he_IL": "Hebrew",
    "hi_IN": "Hindi",
    "th_TH": "Thai",
    "ja_JP": "Japanese",
}
CJK = Path("/usr/share/fonts/opentype/noto")
CJK_FONTS = (CJK / "NotoSansCJK-Regular.ttc", CJK / "NotoSansCJK-Bold.ttc")
WIDTH = 420
COLOURS = 24


@attrs.frozen
class Page:
    """A page of the gallery.

    Attributes:
        trade: Whose bill it is.
        theme: The theme.
        locale: Of labels, numbers and dates.
    """

    trade: str
    theme: str
    locale: str

    @property
    def name(self) -> str:
        """The picture's name, without suffix."""
        return f"{self.trade}-{self.theme}-{self.locale}"

    @property
    def can_be_made(self) -> bool:
        """Whether its fonts are here."""
        return not self.locale.startswith("ja") or CJK_FONTS[0].exists()

    def pdf(self) -> bytes:
        """Return the bill."""
        document, sections, settings = bill_of(self.trade)
        invoice = attrs.evolve(document.invoice, locale=self.locale)
        extra = CJK_FONTS if self.locale.startswith("ja") else ()
        settings = attrs.evolve(settings, theme=self.theme, fonts=extra)
        return render(attrs.evolve(document, invoice=invoice), sections, "pdf", settings)


def pages() -> Iterator[Page]:
    """Yield all pages of the gallery."""
    for trade in TRADES:
        for locale in LOCALES:
            for theme in THEMES:
                yield Page(trade, theme, locale)


@functools.cache
def bill_of(trade: str) -> tuple[Document, tuple[Section, ...], PrintSettings]:
    """Return the bill of an example, what its plugins show of it, and how it is printed."""
    project = load_project(ROOT / "examples" / trade)
    loaded = project.job(project.folder / "jobs" / f"{TRADES[trade]}.toml")
    document = loaded.documents()[0]
    document = attrs.evolve(document, number=document.number or NUMBER)
    return document, tuple(loaded.engine.sections(document)), loaded.print


def digest(pdf: bytes) -> str:
    """Return a digest of what a first page says: its letters, counted, in no order.

    Programs that read text off a page put blanks and lines differently; letters they agree on.
    """
    command = ["pdftotext", "-f", "1", "-l", "1", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    counts = Counter(sign for sign in text if sign.isprintable() and not sign.isspace())
    letters = "".join(f"{sign}{count}" for sign, count in sorted(counts.items()))
    return hashlib.sha256(letters.encode()).hexdigest()[:16]


def picture(pdf: bytes, width: int = WIDTH) -> bytes:
    """Return the first page as a small PNG."""
    from PIL import Image

    command = [
        *("pdftoppm", "-f", "1", "-l", "1", "-png"),
        *("-scale-to-x", str(width), "-scale-to-y", "-1", "-"),
    ]
    drawn = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    image = Image.open(io.BytesIO(drawn)).convert("RGB")
    made = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    made.save(file, "PNG", optimize=True)
    return file.getvalue()


def index() -> str:
    """Return the gallery's page."""
    lines = [
        "<!-- Made by scripts/gallery.py; do not edit. -->",
        "",
        "# Gallery",
        "",
        "First pages of the examples' bills, as `billhook bill` prints them.",
        "Labels, numbers and dates follow the language.",
        "What people wrote into their records stays as it is.",
        "From right to left the page is mirrored, and numbers keep their order.",
        "Every page is PDF/A-3 with embedded fonts.",
        "Japanese is drawn with Noto Sans CJK, all others with the fonts that come with billhook.",
    ]
    for trade, job in TRADES.items():
        lines += ["", f"## {trade.capitalize()}", "", f"`examples/{trade}/jobs/{job}.toml`", ""]
        lines += ["| | " + " | ".join(THEMES) + " |", "|---|" + "---|" * len(THEMES)]
        lines += [_row(trade, locale, language) for locale, language in LOCALES.items()]
    return "\n".join([*lines, ""])


def _row(trade: str, locale: str, language: str) -> str:
    cells = (
        f"![A {trade} bill in {language}, {theme}]({Page(trade, theme, locale).name}.png)"
        for theme in THEMES
    )
    return f"| {language} | {' | '.join(cells)} |"


def main() -> None:
    """Make the pictures, their digests and the page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else GALLERY
    folder.mkdir(parents=True, exist_ok=True)
    known = folder / DIGESTS
    digests = json.loads(known.read_text()) if known.exists() else {}
    for page in pages():
        if page.can_be_made:
            pdf = page.pdf()
            digests[page.name] = digest(pdf)
            (folder / f"{page.name}.png").write_bytes(picture(pdf))
    wanted = {page.name: digests[page.name] for page in pages()}
    known.write_text(json.dumps(wanted, indent=1) + "\n")
    (folder / "index.md").write_text(index(), encoding="utf-8")


if __name__ == "__main__":
    main()
