"""A face in a document: which glyphs it uses, and the PDF objects that carry them."""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping

import attrs

from billhook.render.pdf.writer.font_face import Face
from billhook.render.pdf.writer.geometry import Pt
from billhook.render.pdf.writer.shaping import GlyphRun, is_invisible

_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
    "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
)
_CMAP_FOOT = "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend"
_ENTRIES_PER_BLOCK = 100
_SYMBOLIC = 4


@attrs.define
class FaceUsage:
    """The glyphs of one face that one document uses.

    Attributes:
        face: The face.
        name: Its resource name on the pages, ``F1``.
        texts: Texts drawn, each character as a glyph of its own.
        runs: Runs drawn, whose glyphs stand for their texts.
    """

    face: Face
    name: str
    texts: list[str] = attrs.field(factory=list)
    runs: list[GlyphRun] = attrs.field(factory=list)

    def meanings(self) -> dict[int, str]:
        """Return the text of each glyph to embed, in order of glyph numbers."""
        found: dict[int, str] = {}
        chars = _complete(set("".join(self.texts)))
        # Of several texts that a glyph stands for, it keeps the one that is drawn first.
        for run in reversed({id(run): run for run in self.runs}.values()):
            if run.glyphs:
                found.update(reversed(run.glyphs))
            else:
                chars.update(run.text)
        return dict(sorted({**found, **_glyphs(self.face, frozenset(chars))}.items()))

    def embed_face(self) -> EmbeddedFace:
        """Return what the document embeds of the face; it depends on the document alone."""
        return _embed_face(self.face, tuple(self.meanings().items()))


def _glyphs(face: Face, chars: Iterable[str]) -> dict[int, str]:
    """Return the character of each glyph; of several that share one, the first."""
    cmap = face.cmap
    found: dict[int, str] = {}
    for sign in sorted(chars, reverse=True):
        code = ord(sign)
        if code in cmap and not is_invisible(sign):
            found[cmap[code]] = sign
    return found


# What a document embeds in one piece: then most documents of a run have the same glyphs, and what
# is embedded is made once for all of them.
_FIGURES = frozenset("0123456789.,:-/")
_ALPHABETS = tuple(
    map(
        frozenset,
        (
            "abcdefghijklmnopqrstuvwxyz",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "абвгдежзийклмнопрстуфхцчшщъыьэюя",
            "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
            "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ",
        ),
    )
)


def _complete(chars: set[str]) -> set[str]:
    """Return characters with all figures if there is one, and alphabets of which half is there."""
    if not chars.isdisjoint(_FIGURES):
        chars |= _FIGURES
    for alphabet in _ALPHABETS:
        if 2 * len(alphabet & chars) > len(alphabet):
            chars |= alphabet
    return chars


@attrs.frozen
class EmbeddedFace:
    """A face ready to be written.

    Attributes:
        base_font: Its name with the tag of a subset.
        program: The compressed font file.
        program_entries: What its stream's dictionary says beside length and filter.
        to_unicode: The compressed table from codes to text.
        widths: The array ``/W``.
        descriptor: Entries of its descriptor, without the program.
        subtype: ``CIDFontType2`` for TrueType, ``CIDFontType0`` for CFF.
    """

    base_font: str
    program: bytes
    program_entries: str
    to_unicode: bytes
    widths: str
    descriptor: str
    subtype: str


@functools.lru_cache(maxsize=256)
def _embed_face(face: Face, meanings: tuple[tuple[int, str], ...]) -> EmbeddedFace:
    glyphs = [glyph for glyph, _ in meanings]
    program = face.program(glyphs)
    base_font = f"{_tag(program)}+{face.name}"
    texts = {face.cid(glyph): text for glyph, text in meanings}
    cff = face.font.is_cff
    return EmbeddedFace(
        base_font=base_font,
        program=zlib.compress(program),
        program_entries="/Subtype/CIDFontType0C" if cff else f"/Length1 {len(program)}",
        to_unicode=zlib.compress(_to_unicode(texts).encode("ascii")),
        widths=_widths({face.cid(glyph): face.advance(glyph) for glyph in [0, *glyphs]}),
        descriptor=_descriptor(face, base_font),
        subtype="CIDFontType0" if cff else "CIDFontType2",
    )


def _tag(program: bytes) -> str:
    """Return six capitals that name a subset, as PDF asks for; the same set has the same."""
    return "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])


def _to_unicode(texts: Mapping[int, str]) -> str:
    entries = [
        f"<{code:04X}><{text.encode('utf-16-be').hex().upper()}>\n"
        for code, text in sorted(texts.items())
        if text
    ]
    blocks: list[str] = []
    for start in range(0, len(entries), _ENTRIES_PER_BLOCK):
        block = entries[start : start + _ENTRIES_PER_BLOCK]
        blocks.append(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n")
    return _CMAP_HEAD + "".join(blocks) + _CMAP_FOOT


def _widths(advances: Mapping[int, Pt]) -> str:
    return f"[{''.join(_width_groups(sorted(advances.items())))}]"


def _width_groups(advances: Iterable[tuple[int, Pt]]) -> Iterator[str]:
    """Yield the widths of consecutive codes in one bracket each."""
    following, group = -1, ""
    for code, advance in advances:
        width = f"{advance:.2f}".rstrip("0").rstrip(".") if advance % 1 else f"{advance:.0f}"
        if code == following:
            group += f" {width}"
        else:
            if group:
                yield group + "]"
            group = f"{code}[{width}"
        following = code + 1
    yield group + "]"


def _descriptor(face: Face, base_font: str) -> str:
    box = " ".join(f"{edge * face.scale:.0f}" for edge in face.font.box)
    return (
        f"/Type/FontDescriptor/FontName/{base_font}/Flags {_SYMBOLIC}/FontBBox[{box}]"
        f"/ItalicAngle 0/Ascent {face.ascent:.0f}/Descent {-face.descent:.0f}"
        f"/CapHeight {face.cap_height:.0f}/StemV {140 if face.bold else 80}"
    )
