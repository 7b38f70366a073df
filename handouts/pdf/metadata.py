"""Metadata of the file: XMP (ISO 16684-1), the information dictionary, the output intent.

The only date is the document's own; no clock, machine, user or path enters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape  # xml.sax.saxutils imports all of urllib and ssl
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from handouts.model import Document, Status
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import text_string

CREATOR = "Handouts"
PRODUCER = "Handouts with ReportLab"

#: Named by what is forbidden: the allowed ranges would take milliseconds to compile.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_PART = re.compile(
    rb"<handouts:edition>([0-9a-f]{1,64})</handouts:edition>\s*"
    rb"<handouts:status>(draft|approved|overdue)</handouts:status>"
)

#: The first versions of the program said it in a keyword.
_OLD_DRAFT = re.compile(rb"<pdf:Keywords>(?:[^<]*, )?draft(?:, [^<]*)?</pdf:Keywords>")

_PACKET = """<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:handouts="urn:handouts:xmp:1:">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
{properties}
</rdf:Description>
{extension}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""

#: Schemas that PDF/A does not know: namespace, prefix, name, and their properties as (name,
#: value type, what it says). A file describes those that it uses (PDF/A-2 6.6.2.3.3).
PDFUA_SCHEMA = (
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    "PDF/UA identification schema",
    (("part", "Integer", "Indicates which part of ISO 14289 is met"),),
)
HANDOUTS_SCHEMA = (
    "urn:handouts:xmp:1:",
    "handouts",
    "Handouts schema",
    (
        ("edition", "Text", "Names the words and the look of a handout"),
        ("status", "Text", "Whether a clinic stands behind its words: draft, approved, overdue"),
    ),
)
_Schema: TypeAlias = tuple[str, str, str, tuple[tuple[str, str, str], ...]]


def extension(*schemas: _Schema) -> str:
    """The description of schemas that PDF/A does not know, for an XMP packet."""
    bag = "".join(map(_schema, schemas))
    return f"""<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag>{bag}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def _schema(schema: _Schema) -> str:
    space, prefix, name, properties = schema
    described = "".join(
        f"""<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>{key}</pdfaProperty:name>
<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>{about}</pdfaProperty:description>
</rdf:li>"""
        for key, kind, about in properties
    )
    return f"""<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>{name}</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{space}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{described}</rdf:Seq></pdfaSchema:property>
</rdf:li>"""


def write_xmp(document: Document, store: ObjectStore) -> int:
    """The metadata stream, uncompressed so that any tool finds it; its object number."""
    day = document.modified.isoformat() + "T00:00:00Z"
    properties = [
        _alternative("dc:title", document.title, document.lang),
        f"<dc:language><rdf:Bag><rdf:li>{_text(document.lang)}</rdf:li></rdf:Bag></dc:language>",
        "<dc:format>application/pdf</dc:format>",
        f"<xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>",
        f"<xmp:CreateDate>{day}</xmp:CreateDate>",
        f"<xmp:ModifyDate>{day}</xmp:ModifyDate>",
        f"<xmp:MetadataDate>{day}</xmp:MetadataDate>",
        f"<pdf:Producer>{PRODUCER}</pdf:Producer>",
    ]
    if document.author:
        author = f"<rdf:Seq><rdf:li>{_text(document.author)}</rdf:li></rdf:Seq>"
        properties.append(f"<dc:creator>{author}</dc:creator>")
    if document.subject:
        properties.append(_alternative("dc:description", document.subject, document.lang))
    schemas: list[_Schema] = [PDFUA_SCHEMA]
    if document.edition:
        properties += [
            f"<dc:identifier>{_text(document.edition)}</dc:identifier>",
            f"<handouts:edition>{_text(document.edition)}</handouts:edition>",
            f"<handouts:status>{document.status.value}</handouts:status>",
        ]
        schemas.append(HANDOUTS_SCHEMA)
    if document.keywords:
        properties.append(f"<pdf:Keywords>{_text(', '.join(document.keywords))}</pdf:Keywords>")
    packet = _PACKET.format(properties="\n".join(properties), extension=extension(*schemas))
    return store.add_raw_stream("/Type/Metadata/Subtype/XML", packet.encode("utf-8"))


def info_dictionary(document: Document) -> str:
    """The document information dictionary (ISO 32000-1 14.3.3), saying the same as the XMP."""
    day = f"(D:{document.modified:%Y%m%d}000000Z)"
    texts = {
        "Author": document.author,
        "Subject": document.subject,
        "Keywords": ", ".join(document.keywords),
    }
    entries = "".join(f"/{key}{text_string(text)}" for key, text in texts.items() if text)
    return (
        f"<</Title{text_string(document.title)}{entries}/Creator({CREATOR})/Producer({PRODUCER})"
        f"/CreationDate{day}/ModDate{day}>>"
    )


class PartStatus(Struct, frozen=True):
    """A handout within a file: its edition, and whether a clinic stands behind its words."""

    edition: str
    status: Status


def parts_of(data: bytes) -> tuple[PartStatus, ...]:
    """The handouts in a file that we made or joined, in no order.

    A join keeps the XMP of each part on its first page, and XMP is never compressed. An older
    version of the file counts, too: what was a draft once is asked about once more.
    """
    found = dict.fromkeys(
        PartStatus(edition.decode("ascii"), Status(status.decode("ascii")))
        for edition, status in _PART.findall(data)
    )
    return tuple(found)


def says_draft(data: bytes) -> bool:
    """Whether a part of a file that we made or joined is no approved handout."""
    drafts = (part for part in parts_of(data) if part.status is not Status.APPROVED)
    return any(drafts) or _OLD_DRAFT.search(data) is not None


def title_of(data: bytes) -> str:
    """The title in the XMP of a handout that we made; "" where there is none."""
    found = re.search(rb"<dc:title><rdf:Alt><rdf:li[^>]*>([^<]*)</rdf:li>", data)
    return unescape(found.group(1).decode("utf-8", "replace")) if found else ""


def edition_of(data: bytes) -> str:
    """The edition in the XMP of a handout that we made; "" where there is none."""
    found = re.search(rb"<dc:identifier>([0-9a-f]{1,64})</dc:identifier>", data)
    return found.group(1).decode("ascii") if found else ""


def write_output_intent(store: ObjectStore) -> int:
    """An sRGB output intent (PDF/A-2 6.2.3), as device colours need it; its object number."""
    profile = store.add_stream("/N 3", srgb_profile())
    return store.add(
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)"
        "/RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)"
        f"/DestOutputProfile {profile} 0 R>>"
    )


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """An ICC profile for sRGB, version 4.2. Its date is fixed: a profile made when it is needed
    would carry the time of day."""
    return Path(__file__).with_name("srgb.icc").read_bytes()


def _alternative(tag: str, text: str, lang: str) -> str:
    entries = f'<rdf:li xml:lang="x-default">{_text(text)}</rdf:li>'
    if lang:
        entries += f'<rdf:li xml:lang="{escape(lang)}">{_text(text)}</rdf:li>'
    return f"<{tag}><rdf:Alt>{entries}</rdf:Alt></{tag}>"


def _text(text: str) -> str:
    """Text for XML 1.0, which has no place for control characters and noncharacters."""
    return escape(_NOT_XML.sub("", text), quote=False)
