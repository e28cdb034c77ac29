"""Everything of fpdf2 that is not its public interface, bound to the versions billhook allows.

A test compares what is made here with what plain fpdf2 makes of the same texts. Whoever raises
the bound (``fpdf2>=2.8.8,<2.9``) reads this file against the new version first.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Sequence
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import OutputIntentSubType, ResourceAccessPolicy
from fpdf.image_datastructures import RasterImageInfo
from fpdf.image_parsing import get_img_info
from fpdf.output import OutputProducer, PDFICCProfile, PDFPage
from fpdf.syntax import Name, PDFObject
from fpdf.util import builtin_srgb2014_bytes

from billhook.render.pdf.writer.embedding import FaceUsage
from billhook.render.pdf.writer.geometry import Pt

_STYLE = re.compile(r"/(GS\d+) gs")


class Pdf(FPDF):
    """An fpdf2 document in points whose text and pages billhook writes itself.

    Attributes:
        usages: The faces the document uses, in the order of their resource names.
    """

    def __init__(self, *, compliance: str | None) -> None:
        super().__init__(unit="pt", enforce_compliance=compliance)
        self.usages: Sequence[FaceUsage] = ()
        # One dictionary of resources for all pages: smaller, faster, and as PDF allows.
        self.single_resources_object = True
        self.resource_access_policy = ResourceAccessPolicy.NONE
        self.set_auto_page_break(auto=False)
        if compliance:
            self.add_output_intent(
                OutputIntentSubType.PDFA,
                output_condition_identifier="sRGB",
                output_condition="IEC 61966-2-1:1999",
                registry_name="http://www.color.org",
                dest_output_profile=_ColourProfile(),
                info="sRGB2014 (v2)",
            )


class _ColourProfile(PDFICCProfile):
    """The colour profile, read and compressed once: a tenth of the time of a short bill."""

    def __init__(self) -> None:
        PDFObject.__init__(self)

    def serialize(self, *_unused: object, **_handler: object) -> str:
        """Return the object as bytes, see `_Written`."""
        return _object(self.id, "/N 3/Alternate/DeviceRGB/Filter/FlateDecode", _srgb())  # type: ignore[return-value]  # fpdf2 passes bytes through


@functools.cache
def _srgb() -> bytes:
    return zlib.compress(builtin_srgb2014_bytes())


class _Written(PDFObject):
    """An object whose bytes are ready but for its number; written as they are."""

    def __init__(self, entries: str, stream: bytes | None = None) -> None:
        super().__init__()
        self.entries = entries
        self.stream = stream

    def serialize(self, *_unused: object, **_handler: object) -> str:
        """Return the object; fpdf2 takes the bytes that this is at run time as they come."""
        return _object(self.id, self.entries, self.stream)  # type: ignore[return-value]  # fpdf2 passes bytes through


def _object(number: int, entries: str, stream: bytes | None) -> bytes:
    if stream is None:
        return f"{number} 0 obj\n<<{entries}>>\nendobj".encode("latin-1")
    head = f"{number} 0 obj\n<<{entries}/Length {len(stream)}>>\nstream\n".encode("latin-1")
    return head + stream + b"\nendstream\nendobj"


class Producer(OutputProducer):
    """fpdf2's writer, with the document's faces in the place of its fonts."""

    fpdf: Pdf

    def _add_fonts(self, *_resources: object) -> dict[int, PDFObject]:  # type: ignore[override]  # any object with an id will do
        return {int(usage.name[1:]): self._add_font(usage) for usage in self.fpdf.usages}

    def _add_font(self, usage: FaceUsage) -> PDFObject:
        made = usage.embed_face()
        stream = "/Filter/FlateDecode"
        program = self._add(_Written(made.program_entries + stream, made.program))
        to_unicode = self._add(_Written(stream, made.to_unicode))
        file_key = "FontFile2" if made.subtype == "CIDFontType2" else "FontFile3"
        descriptor = self._add(_Written(f"{made.descriptor}/{file_key} {program.ref}"))
        gids = "/CIDToGIDMap/Identity" if made.subtype == "CIDFontType2" else ""
        descendant = self._add(
            _Written(
                f"/Type/Font/Subtype/{made.subtype}/BaseFont/{made.base_font}"
                f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>{gids}"
                f"/DW 0/W{made.widths}/FontDescriptor {descriptor.ref}"
            )
        )
        return self._add(
            _Written(
                f"/Type/Font/Subtype/Type0/BaseFont/{made.base_font}/Encoding/Identity-H"
                f"/DescendantFonts[{descendant.ref}]/ToUnicode {to_unicode.ref}"
            )
        )

    def _add(self, made: PDFObject) -> PDFObject:
        self._add_pdf_obj(made, "fonts")
        return made


def _content(page: PDFPage) -> bytearray:
    if not isinstance(page.contents, bytearray):
        raise TypeError("expected a page that is still being written")
    return page.contents


@functools.lru_cache(maxsize=32)
def _decode(key: str, data: bytes) -> RasterImageInfo:
    return get_img_info(key, BytesIO(data))


def raster_name(pdf: Pdf, key: str, data: bytes) -> str:
    """Return the resource name of a PNG or JPEG, adding it to the document once."""
    cache = pdf.image_cache
    found = cache.images.get(key)
    if found is None:
        found = RasterImageInfo(_decode(key, data))
        profile = found.pop("iccp", None)
        found["i"] = len(cache.images) + 1
        found["usages"] = 1
        found["iccp_i"] = None
        if isinstance(profile, bytes):
            found["iccp_i"] = cache.icc_profiles.setdefault(profile, len(cache.icc_profiles))
        cache.images[key] = found
    return f"I{found['i']}"


def vector_operators(pdf: Pdf, data: bytes, width: Pt, height: Pt) -> str:
    """Return the operators that draw an SVG of paths with its lower left corner at the origin."""
    operators, styles = _drawing(data, width, height)
    registered = pdf._resource_catalog.graphics_styles  # noqa: SLF001 -- this module is the place

    def renamed(found: re.Match[str]) -> str:
        style = styles[found[1]]
        return f"/{registered.setdefault(style, Name(f'GS{len(registered)}'))} gs"

    return _STYLE.sub(renamed, operators)


@functools.lru_cache(maxsize=32)
def _drawing(data: bytes, width: Pt, height: Pt) -> tuple[str, dict[str, str]]:
    """Return a drawing's operators and the graphics styles they name, made on a page of its own."""
    pdf = Pdf(compliance=None)
    pdf.add_page(format=(width, height))
    pdf.pages[pdf.page].contents = bytearray()
    pdf.image(BytesIO(data), x=0, y=0, w=width, h=height)
    drawn = _content(pdf.pages[pdf.page])
    styles = pdf._resource_catalog.graphics_styles  # noqa: SLF001 -- this module is the place
    return drawn.decode("latin-1").strip(), {str(name): style for style, name in styles.items()}


def finish(pdf: Pdf) -> bytes:
    """Return the finished file."""
    written = pdf.output(output_producer_class=Producer)
    return bytes(written or b"")
