"""XMP metadata: the packet that says what a PDF file is.

fpdf2 would write the current time into its own; this one has nothing but what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import attrs

_NAMESPACES = (
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
    ("pdf", "http://ns.adobe.com/pdf/1.3/"),
    ("pdfaid", "http://www.aiim.org/pdfa/ns/id/"),
)
_EXTENSION_NAMESPACES = (
    ("pdfaExtension", "http://www.aiim.org/pdfa/ns/extension/"),
    ("pdfaSchema", "http://www.aiim.org/pdfa/ns/schema#"),
    ("pdfaProperty", "http://www.aiim.org/pdfa/ns/property#"),
)


@attrs.frozen
class XmpProperty:
    """A property of a schema of one's own.

    Attributes:
        name: Its name, without a prefix.
        value: Its text.
        description: What it means, for the extension schema that PDF/A asks for.
    """

    name: str
    value: str
    description: str


@attrs.frozen
class XmpSchema:
    """Properties beyond those that PDF/A knows, such as an electronic invoice's.

    Attributes:
        title: The schema's name for people.
        uri: Its namespace.
        prefix: The prefix used for it.
        properties: What is said in it.
    """

    title: str
    uri: str
    prefix: str
    properties: tuple[XmpProperty, ...]


@attrs.frozen(kw_only=True)
class Metadata:
    """The metadata of a PDF file.

    Attributes:
        title: The document's title.
        author: Who made it out.
        subject: One sentence on what it is.
        language: A language tag (``en-GB``).
        created: When the document was made, with its time zone.
        producer: The program.
        schemas: Further properties.
    """

    title: str
    author: str
    language: str
    created: datetime
    subject: str = ""
    producer: str = "billhook"
    schemas: tuple[XmpSchema, ...] = ()


def packet(metadata: Metadata, *, part: int | None = 3, conformance: str = "B") -> str:
    """Return the XMP of a file, without the ``xpacket`` brackets.

    Args:
        metadata: What it says.
        part: Part of PDF/A it keeps to, ``None`` if to none.
        conformance: Level of that part.
    """
    namespaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES)
    lines = [
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
        f"<rdf:RDF{namespaces}>",
        '<rdf:Description rdf:about="">',
        *_core(metadata),
    ]
    if part is not None:
        lines.append(f"<pdfaid:part>{part}</pdfaid:part>")
        lines.append(f"<pdfaid:conformance>{conformance}</pdfaid:conformance>")
    lines.append("</rdf:Description>")
    lines.extend(_extensions(metadata.schemas))
    return "\n".join([*lines, "</rdf:RDF>", "</x:xmpmeta>"])


def _core(metadata: Metadata) -> Iterator[str]:
    moment = metadata.created.isoformat(timespec="seconds")
    yield f"<xmp:CreateDate>{moment}</xmp:CreateDate>"
    yield f"<xmp:ModifyDate>{moment}</xmp:ModifyDate>"
    yield f"<xmp:MetadataDate>{moment}</xmp:MetadataDate>"
    yield f"<pdf:Producer>{escape(metadata.producer)}</pdf:Producer>"
    yield f"<dc:language><rdf:Bag>{_item(metadata.language)}</rdf:Bag></dc:language>"
    yield f"<dc:title><rdf:Alt>{_item(metadata.title, 'x-default')}</rdf:Alt></dc:title>"
    if metadata.author:
        yield f"<dc:creator><rdf:Seq>{_item(metadata.author)}</rdf:Seq></dc:creator>"
    if metadata.subject:
        subject = _item(metadata.subject, "x-default")
        yield f"<dc:description><rdf:Alt>{subject}</rdf:Alt></dc:description>"


def _item(text: str, language: str = "") -> str:
    attribute = f" xml:lang={quoteattr(language)}" if language else ""
    return f"<rdf:li{attribute}>{escape(text)}</rdf:li>"


def _extensions(schemas: Iterable[XmpSchema]) -> Iterator[str]:
    described = list(schemas)
    for schema in described:
        yield f'<rdf:Description rdf:about="" xmlns:{schema.prefix}={quoteattr(schema.uri)}>'
        for said in schema.properties:
            name = f"{schema.prefix}:{said.name}"
            yield f"<{name}>{escape(said.value)}</{name}>"
        yield "</rdf:Description>"
    if described:
        namespaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _EXTENSION_NAMESPACES)
        yield f'<rdf:Description rdf:about=""{namespaces}>'
        yield "<pdfaExtension:schemas><rdf:Bag>"
        for schema in described:
            yield from _description(schema)
        yield "</rdf:Bag></pdfaExtension:schemas></rdf:Description>"


def _description(schema: XmpSchema) -> Iterator[str]:
    yield '<rdf:li rdf:parseType="Resource">'
    yield f"<pdfaSchema:schema>{escape(schema.title)}</pdfaSchema:schema>"
    yield f"<pdfaSchema:namespaceURI>{escape(schema.uri)}</pdfaSchema:namespaceURI>"
    yield f"<pdfaSchema:prefix>{escape(schema.prefix)}</pdfaSchema:prefix>"
    yield "<pdfaSchema:property><rdf:Seq>"
    for said in schema.properties:
        yield '<rdf:li rdf:parseType="Resource">'
        yield f"<pdfaProperty:name>{escape(said.name)}</pdfaProperty:name>"
        yield "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        yield "<pdfaProperty:category>external</pdfaProperty:category>"
        yield f"<pdfaProperty:description>{escape(said.description)}</pdfaProperty:description>"
        yield "</rdf:li>"
    yield "</rdf:Seq></pdfaSchema:property></rdf:li>"
