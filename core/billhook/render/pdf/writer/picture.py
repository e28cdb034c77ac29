"""Pictures: PNG, JPEG and SVG, checked before they come near a page."""

from __future__ import annotations

import functools
import hashlib
import io
import re
from typing import Literal

import attrs

from billhook.render.pdf.writer.geometry import Pt

_PIXELS_AT_MOST = 40_000_000
_BYTES_AT_MOST = 20_000_000
_POINTS_PER_PIXEL = 72 / 96
# Text would need fonts, pictures could come from elsewhere, and fpdf2 misplaces gradients.
_MORE_THAN_PATHS = re.compile(
    rb"<(?:\w+:)?(text|image|foreignObject|script|linearGradient|radialGradient|pattern|mask|filter)\b"
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"(<(?:\w+:)?svg\b)[^>]*")
_LENGTH = rb"\s*=\s*[\"']\s*(\d*\.?\d+)(px|pt|pc|mm|cm|in|)\s*[\"']"
_UNITS = {"": 1, "px": 1, "pt": 96 / 72, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}


class PictureError(ValueError):
    """A picture cannot be used; the message says why, and what can."""


@attrs.frozen
class Picture:
    """A picture that may be drawn.

    Attributes:
        data: The file; a CMYK or exotic one as the PNG made of it.
        kind: What it is.
        width: Natural width in points, at 96 dots an inch.
        height: Natural height in points.
        key: Content hash.
    """

    data: bytes = attrs.field(repr=False)
    kind: Literal["raster", "svg"]
    width: Pt
    height: Pt
    key: str

    def fitted(self, width: Pt, height: Pt) -> tuple[Pt, Pt]:
        """Return the largest size of the same shape inside a box, in points."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


@functools.lru_cache(maxsize=32)
def picture(data: bytes) -> Picture:
    """Return a picture from the bytes of a PNG, JPEG or SVG file.

    Nothing is loaded over the network or from disk for it.

    Raises:
        PictureError: It is of another kind, damaged, too large, or an SVG with more than paths.
    """
    kind = glance(data)
    key = hashlib.sha256(data).hexdigest()
    return _raster(data, key) if kind == "raster" else _vector(data, key)


def glance(data: bytes) -> Literal["raster", "svg"]:
    """Return of what kind a picture is, by a look that loads nothing to read pictures with.

    A file that passes may still be damaged; `picture` says.

    Raises:
        PictureError: It is of another kind, too large, cut off, or an SVG with more than paths.
    """
    if len(data) > _BYTES_AT_MOST:
        raise PictureError(f"the picture has {len(data):,} bytes, at most {_BYTES_AT_MOST:,} fit")
    if data[:8] == _PNG:
        if b"IEND" not in data:
            raise PictureError("the picture is damaged: its end is missing")
        return "raster"
    if data[:3] == _JPEG:
        return "raster"
    if b"<svg" not in data[:_HEAD]:
        raise PictureError("the picture is neither PNG, JPEG nor SVG")
    if found := _MORE_THAN_PATHS.search(data):
        raise PictureError(
            f"the SVG has <{found[1].decode()}> in it; convert it to plain paths or to a PNG"
        )
    return "svg"


_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_HEAD = 4096
"""Bytes in which an SVG begins."""


def _raster(data: bytes, key: str) -> Picture:
    from PIL import JpegImagePlugin, PngImagePlugin

    # Not by `Image.open`: it warns of large pictures, and how a process takes warnings belongs to
    # all its threads.
    kind = PngImagePlugin.PngImageFile if data[:8] == _PNG else JpegImagePlugin.JpegImageFile
    try:
        image = kind(io.BytesIO(data))
        width, height = image.size
        if fits := width * height <= _PIXELS_AT_MOST:
            image.load()
    except (OSError, SyntaxError, Warning) as error:
        raise PictureError(f"the picture is damaged: {error}") from error
    if not fits:
        raise PictureError(
            f"the picture has {width} x {height} pixels, at most {_PIXELS_AT_MOST:,} fit"
        )
    if image.mode == "CMYK":
        data = _as_png(image.convert("RGB"))
    return Picture(data, "raster", width * _POINTS_PER_PIXEL, height * _POINTS_PER_PIXEL, key)


def _as_png(image: object) -> bytes:
    from PIL import Image

    if not isinstance(image, Image.Image):
        raise TypeError(f"expected a Pillow image, got {type(image).__name__}")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _vector(data: bytes, key: str) -> Picture:
    from fpdf.errors import FPDFException
    from fpdf.svg import SVGObject

    try:
        svg = SVGObject(data)
    except (FPDFException, LookupError, SyntaxError, TypeError, ValueError) as error:
        raise PictureError(f"the SVG cannot be read: {error}") from error
    if svg.viewbox is None:
        data, width, height = _add_viewbox(data)
    else:
        width, height = svg.viewbox[2:]
    if min(width, height) <= 0:
        raise PictureError("the SVG has neither a viewBox nor a width and height")
    return Picture(data, "svg", width, height, key)


def _add_viewbox(data: bytes) -> tuple[bytes, float, float]:
    """Return an SVG with the viewBox that its size means, and the box's width and height."""
    data = _COMMENT.sub(b"", data)
    root = _ROOT.search(data)
    width, height = (_length(root[0], name) if root else 0.0 for name in (b"width", b"height"))
    if root is None:
        return data, width, height
    box = f' viewBox="0 0 {width:g} {height:g}"'.encode()
    return data[: root.end(1)] + box + data[root.end(1) :], width, height


def _length(tag: bytes, name: bytes) -> float:
    """Return a length in units of the drawing, of which an inch has 96; nought if it has none."""
    found = re.search(rb"\s" + name + _LENGTH, tag)
    return float(found[1]) * _UNITS[found[2].decode()] if found else 0.0
