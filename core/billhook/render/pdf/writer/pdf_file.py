"""A PDF file: pages, metadata, attachments, and the bytes of it all.

The same calls with the same arguments give the same bytes, in any process, time zone or order
of documents: nothing is taken from the clock, and each file has its own subset of the fonts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from billhook.i18n.paper import A4, Paper
from billhook.render.pdf.writer.canvas import Canvas, PageResources
from billhook.render.pdf.writer.embedding import FaceUsage
from billhook.render.pdf.writer.font_face import Face
from billhook.render.pdf.writer.geometry import Pt
from billhook.render.pdf.writer.picture import Picture
from billhook.render.pdf.writer.xmp import Metadata, packet

_PART, _LEVEL = 3, "B"

#: How an attached file relates to what is printed, in the words of PDF/A-3.
Relationship = Literal["Data", "Source", "Alternative", "Supplement", "Unspecified"]


@attrs.frozen(kw_only=True)
class Attachment:
    """A file inside the file.

    Attributes:
        name: Its file name, plain ASCII.
        data: Its bytes, at least one.
        mime: Its media type.
        relationship: How it relates to the pages.
        description: What it is, for readers.
        modified: When it was last changed, with its time zone.
    """

    name: str
    data: bytes = attrs.field(repr=False)
    mime: str
    relationship: Relationship = "Data"
    description: str = ""
    modified: datetime


class PdfFile:
    """A file that is being made.

    Args:
        metadata: What it says about itself; its creation date must have a time zone.
        paper: The size of pages that name none.
        archival: Whether it keeps to PDF/A-3B, as it should unless it is a throw-away.

    Raises:
        ValueError: The creation date has no time zone.
    """

    def __init__(self, metadata: Metadata, paper: Paper = A4, *, archival: bool = True) -> None:
        from billhook.render.pdf.writer import fpdf_private

        if metadata.created.tzinfo is None:
            raise ValueError("expected a creation date with a time zone, got one without")
        self.metadata = metadata
        self.paper = paper
        self.pages: list[Canvas] = []
        self._made: bytes | None = None
        self._attachments: dict[str, Attachment] = {}
        self._usages: dict[Face, FaceUsage] = {}
        self._fpdf = fpdf_private
        self._pdf = fpdf_private.Pdf(compliance=f"PDF/A-{_PART}{_LEVEL}" if archival else None)
        self._describe(archival=archival)
        self._resources = PageResources(self._usage, self._raster, self._vector)

    def _describe(self, *, archival: bool) -> None:
        metadata, pdf = self.metadata, self._pdf
        pdf.set_title(metadata.title)
        pdf.set_author(metadata.author)
        pdf.set_subject(metadata.subject)
        pdf.set_lang(metadata.language)
        pdf.set_producer(metadata.producer)
        pdf.set_creation_date(metadata.created)
        pdf.set_xmp_metadata(packet(metadata, part=_PART if archival else None, conformance=_LEVEL))

    def start_page(self, paper: Paper | None = None) -> Canvas:
        """Add a page and return it; all pages can be drawn on until `to_bytes`."""
        size = paper or self.paper
        self._pdf.add_page(format=(size.width, size.height))
        self.pages.append(Canvas(self._resources, self._pdf.page, size))
        return self.pages[-1]

    def attach(self, attachment: Attachment) -> None:
        """Put a file inside the file.

        Raises:
            ValueError: The name is taken, or the date has no time zone.
        """
        if attachment.name in self._attachments:
            raise ValueError(f"a file named {attachment.name!r} is attached already")
        if attachment.modified.tzinfo is None:
            raise ValueError("expected a modification date with a time zone, got one without")
        self._attachments[attachment.name] = attachment

    def to_bytes(self) -> bytes:
        """Return the finished file; it is closed then, and asked again gives the same bytes.

        Raises:
            ValueError: It has no page.
        """
        if self._made is None:
            self._made = self._serialize()
        return self._made

    def _serialize(self) -> bytes:
        if not self.pages:
            raise ValueError("expected at least one page, got none")
        for page in self.pages:
            self._finish(page)
        for name in sorted(self._attachments):
            self._embed(self._attachments[name])
        self._pdf.usages = tuple(self._usages.values())
        return self._fpdf.finish(self._pdf)

    def _finish(self, page: Canvas) -> None:
        pdf = self._pdf
        pdf.page = page.number
        pdf.pages[page.number].contents = bytearray(page.content())
        # fpdf2 measures links upwards from the foot of the page that was added last.
        lowered = pdf.h - page.paper.height
        for link in page.links:
            pdf.link(link.x, link.y + lowered, link.width, link.height, link.url)
        for mark in page.bookmarks:
            pdf.set_y(mark.y + lowered)
            pdf.start_section(mark.title, mark.level)

    def _embed(self, attachment: Attachment) -> None:
        self._pdf.embed_file(
            bytes=attachment.data,
            basename=attachment.name,
            mime_type=attachment.mime,
            associated_file_relationship=attachment.relationship,
            desc=attachment.description,
            modification_date=attachment.modified,
            compress=True,
        )

    def _usage(self, face: Face) -> FaceUsage:
        found = self._usages.get(face)
        if found is None:
            found = self._usages[face] = FaceUsage(face, f"F{len(self._usages) + 1}")
        return found

    def _raster(self, picture: Picture) -> str:
        return self._fpdf.raster_name(self._pdf, picture.key, picture.data)

    def _vector(self, picture: Picture, width: Pt, height: Pt) -> str:
        return self._fpdf.vector_operators(self._pdf, picture.data, width, height)
