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
from fpdf.encryption import StandardSecurityHandler
from fpdf.enums import OutputIntentSubType, ResourceAccessPolicy
from fpdf.image_datastructures import RasterImageInfo
from fpdf.image_parsing import get_img_info
from fpdf.outline import OutlineSection
from fpdf.output import OutputProducer, PDFICCProfile, PDFPage
from fpdf.syntax import DestinationXYZ, Name, PDFArray, PDFObject, camel_case
from fpdf.util import builtin_srgb2014_bytes

from billhook.render.pdf.writer.embedding import Usage
from billhook.render.pdf.writer.geometry import Paper, Pt

_STYLE = re.compile(r"/(GS\d+) gs")


class Pdf(FPDF):
    """An fpdf2 document in points whose text and pages billhook writes itself.

    Attributes:
        usages: The faces the document uses, in the order of their resource names.
    """

    def __init__(self, *, compliance: str | None) -> None:
        super().__init__(unit="pt", enforce_compliance=compliance)
        self.usages: Sequence[Usage] = ()
        # One dictionary of resources for all pages: smaller, faster, and as PDF allows.
        self.single_resources_object = True
        self.resource_access_policy = ResourceAccessPolicy.NONE
        self.set_auto_page_break(auto=False)
        if compliance:
            self._add_profile()

    def _add_profile(self) -> None:
        self.add_output_intent(
            OutputIntentSubType.PDFA,
            output_condition_identifier="sRGB",
            output_condition="IEC 61966-2-1:1999",
            registry_name="http://www.color.org",
            dest_output_profile=_Profile(),
            info="sRGB2014 (v2)",
        )


class _Written(PDFObject):
    """An object whose bytes are ready but for its number; written as they are."""

    def __init__(self, entries: str, stream: bytes | None = None) -> None:
        super().__init__()
        self.entries = entries
        self.stream = stream

    def serialize(self, *_unused: object, **_handler: object) -> str:
        """Return the object; fpdf2 takes the bytes that this is at run time as they come."""
        return _object(self.id, self.entries, self.stream)  # type: ignore[return-value]  # fpdf2 passes bytes through


class _Profile(PDFICCProfile):
    """The colour profile, compressed once for the process."""

    def __init__(self) -> None:
        PDFObject.__init__(self)

    def serialize(self, *_unused: object, **_handler: object) -> str:
        """Return the object as bytes, see `_Written`."""
        entries = "/N 3/Alternate/DeviceRGB/Filter/FlateDecode"
        return _object(self.id, entries, _srgb())  # type: ignore[return-value]  # fpdf2 passes bytes through


@functools.cache
def _srgb() -> bytes:
    return zlib.compress(builtin_srgb2014_bytes())


def _object(number: int, entries: str, stream: bytes | None) -> bytes:
    if stream is None:
        return f"{number} 0 obj\n<<{entries}>>\nendobj".encode("latin-1")
    head = f"{number} 0 obj\n<<{entries}/Length {len(stream)}>>\nstream\n".encode("latin-1")
    return head + stream + b"\nendstream\nendobj"


class _Page(PDFObject):
    """A page that is written at once; fpdf2 looks through every attribute of its own."""

    parent: PDFObject
    resources: PDFObject

    def __init__(self, page: PDFPage, content: PDFObject) -> None:
        super().__init__()
        self.annots: PDFArray | None = page.annots
        self._page = page
        self._content = content

    def index(self) -> int:
        """Return the page's number."""
        return self._page.index()

    def serialize(self, *_unused: object, **_handler: object) -> str:
        """Return the object as bytes, see `_Written`."""
        width, height = self._page.dimensions()
        annotations = f"/Annots {self.annots.serialize()}" if self.annots else ""
        entries = (
            f"/Type/Page/Parent {self.parent.ref}/Resources {self.resources.ref}"
            f"/MediaBox[0 0 {width:.2f} {height:.2f}]/Contents {self._content.ref}"
            f"/Group<</Type/Group/S/Transparency/CS/DeviceRGB>>{annotations}"
        )
        return _object(self.id, entries, None)  # type: ignore[return-value]  # fpdf2 passes bytes through


class Producer(OutputProducer):
    """fpdf2's writer, with the document's faces in the place of its fonts."""

    fpdf: Pdf

    def _add_pdf_obj(self, pdf_obj: PDFObject, trace_label: str | None = None) -> int:  # noqa: ARG002 -- fpdf2's name
        if not isinstance(pdf_obj, _Written):
            pdf_obj._build_obj_dict = functools.partial(_entries, pdf_obj)  # type: ignore[method-assign]  # noqa: SLF001 -- see `_entries`
        # Without its label no object's size is traced: fpdf2 would only log it.
        return super()._add_pdf_obj(pdf_obj)

    def _add_pages(self, _slice: slice = slice(None)) -> list[_Page]:  # type: ignore[override]  # what fpdf2 asks of a page, these have
        made: list[_Page] = []
        for page in list(self._iter_pages_in_order())[_slice]:
            content = _Written("/Filter/FlateDecode", zlib.compress(_content(page)))
            made.append(_Page(page, content))
            self._add_pdf_obj(made[-1], "pages")
            self._add_pdf_obj(content, "pages")
        return made

    def _add_fonts(self, *_resources: object) -> dict[int, PDFObject]:  # type: ignore[override]  # any object with an id will do
        return {int(usage.name[1:]): self._add_font(usage) for usage in self.fpdf.usages}

    def _add_font(self, usage: Usage) -> PDFObject:
        made = usage.embedded()
        stream = "/Filter/FlateDecode"
        program = self._added(_Written(made.program_entries + stream, made.program))
        to_unicode = self._added(_Written(stream, made.to_unicode))
        file_key = "FontFile2" if made.subtype == "CIDFontType2" else "FontFile3"
        descriptor = self._added(_Written(f"{made.descriptor}/{file_key} {program.ref}"))
        gids = "/CIDToGIDMap/Identity" if made.subtype == "CIDFontType2" else ""
        descendant = self._added(
            _Written(
                f"/Type/Font/Subtype/{made.subtype}/BaseFont/{made.base_font}"
                f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>{gids}"
                f"/DW 0/W{made.widths}/FontDescriptor {descriptor.ref}"
            )
        )
        return self._added(
            _Written(
                f"/Type/Font/Subtype/Type0/BaseFont/{made.base_font}/Encoding/Identity-H"
                f"/DescendantFonts[{descendant.ref}]/ToUnicode {to_unicode.ref}"
            )
        )

    def _added(self, made: PDFObject) -> PDFObject:
        self._add_pdf_obj(made, "fonts")
        return made


def _entries(
    made: PDFObject, security_handler: StandardSecurityHandler | None
) -> dict[str, object]:
    """Return an object's dictionary as fpdf2 does, without asking for each of its methods."""
    found: dict[str, object] = {}
    kind: type = type(made)
    for name in sorted({*_facts(kind), *vars(made)}):
        value = getattr(made, name)
        if value is None or name.startswith("_") or callable(value):
            continue
        value = getattr(value, "value", value)
        if isinstance(value, PDFObject):
            value = value.ref
        elif hasattr(value, "serialize"):
            value = value.serialize(_security_handler=security_handler, _obj_id=made.id)
        elif isinstance(value, bool):
            value = str(value).lower()
        found[_key(name)] = value
    return found


@functools.cache
def _facts(kind: type) -> tuple[str, ...]:
    """Return what a class itself says of its objects: no methods, and nothing private."""
    public = (name for name in dir(kind) if not name.startswith("_") and name not in _UNSAID)
    return tuple(name for name in public if not callable(getattr(kind, name)))


_UNSAID = ("id", "ref")


@functools.cache
def _key(name: str) -> str:
    return f"/{camel_case(name)}"


def _content(page: PDFPage) -> bytearray:
    if not isinstance(page.contents, bytearray):
        raise TypeError("expected a page that is still being written")
    return page.contents


def add_page(pdf: Pdf, paper: Paper) -> int:
    """Add a page and return its number, from 1."""
    pdf.add_page(format=(paper.width, paper.height))
    return pdf.page


def set_content(pdf: Pdf, page: int, content: bytes) -> None:
    """Replace what a page shows."""
    pdf.pages[page].contents = bytearray(content)


def add_link(pdf: Pdf, page: int, box: tuple[Pt, Pt, Pt, Pt], url: str) -> None:
    """Add a link; the box is left, top, width and height with ``y`` upwards from the foot."""
    annotations = pdf.pages[page].annots
    if annotations is None:
        raise TypeError("expected a page that is still being written")
    annotations.append(_Link(box, url))


class _Link:
    """A link as fpdf2 writes it, at once; what else it asks of an annotation is not there."""

    dest = None
    a = None

    def __init__(self, box: tuple[Pt, Pt, Pt, Pt], url: str) -> None:
        self._box = box
        self._url = url

    def serialize(self, *_unused: object, **_handler: object) -> str:
        """Return the annotation's dictionary."""
        left, top, width, height = self._box
        rectangle = f"{left:.2f} {top - height:.2f} {left + width:.2f} {top:.2f}"
        url = _ESCAPED.sub(r"\\\g<0>", self._url)
        return (
            f"<</A <</S /URI /URI ({url})>>\n/Border [0 0 0]\n/F 4\n/Rect [{rectangle}]\n"
            "/Subtype /Link\n/Type /Annot>>"
        )


_ESCAPED = re.compile(r"[()\\]")


def add_bookmark(pdf: Pdf, title: str, level: int, page: int, top: Pt) -> None:
    """Add an entry to the outline; ``top`` is measured upwards from the page's foot."""
    destination = DestinationXYZ(page, top=top)
    pdf._outline.append(OutlineSection(title, level, page, destination))  # noqa: SLF001 -- this module is the place


@functools.lru_cache(maxsize=32)
def _decoded(key: str, data: bytes) -> RasterImageInfo:
    return get_img_info(key, BytesIO(data))


def raster_name(pdf: Pdf, key: str, data: bytes) -> str:
    """Return the resource name of a PNG or JPEG, adding it to the document once."""
    cache = pdf.image_cache
    found = cache.images.get(key)
    if found is None:
        found = RasterImageInfo(_decoded(key, data))
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
    page = add_page(pdf, Paper(width, height))
    set_content(pdf, page, b"")
    pdf.image(BytesIO(data), x=0, y=0, w=width, h=height)
    drawn = _content(pdf.pages[page])
    styles = pdf._resource_catalog.graphics_styles  # noqa: SLF001 -- this module is the place
    return drawn.decode("latin-1").strip(), {str(name): style for style, name in styles.items()}


def produced(pdf: Pdf) -> bytes:
    """Return the finished file."""
    written = pdf.output(output_producer_class=Producer)
    return bytes(written or b"")
