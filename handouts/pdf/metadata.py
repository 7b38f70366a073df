"""Metadata of the file: XMP (ISO 16684-1), the information dictionary, the output intent.

The only date is the document's own; no clock, machine, user or path enters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape  # xml.sax.saxutils imports all of urllib and ssl
from pathlib import Path
from typing import TypeAlias

from handouts import namespaces
from handouts.model import Document, FormField, Status
from handouts.model.tree import walk
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import text_string

CREATOR = "Handouts"
PRODUCER = "Handouts with ReportLab"

#: Named by what is forbidden: the allowed ranges would take milliseconds to compile.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_PACKET = """<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="{pdfa}"
 xmlns:pdfuaid="{pdfua}"
 xmlns:handouts="{handouts}">
{archive}<pdfuaid:part>1</pdfuaid:part>
{properties}
</rdf:Description>
{extension}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""

#: A form does not claim to be an archive's, though it is made like one: viewers that hear the claim
#: lock the file, so nobody can type, and what they save would keep the claim and not what it says.
_ARCHIVE = """<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
"""

#: Schemas that PDF/A does not know: namespace, prefix, name, and their properties as (name,
#: value type, what it says). A file describes those that it uses (PDF/A-2 6.6.2.3.3).
PDFUA_SCHEMA = (
    namespaces.PDFUA,
    "pdfuaid",
    "PDF/UA identification schema",
    (("part", "Integer", "Indicates which part of ISO 14289 is met"),),
)
HANDOUTS_SCHEMA = (
    namespaces.HANDOUTS,
    "handouts",
    "Handouts schema",
    (
        ("edition", "Text", "Names the words and the look of a handout"),
        ("status", "Text", "Whether a clinic stands behind its words: draft, approved, overdue"),
        ("until", "Text", "The last day on which a clinic stands behind its words"),
        ("approval", "Text", "Names the clinic's record of the approval"),
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
    codes = (document.lang, *document.titles)
    languages = "".join(f"<rdf:li>{_text(code)}</rdf:li>" for code in codes)
    properties = [
        _alternative(
            "dc:title", document.title, {document.lang: document.title, **document.titles}
        ),
        f"<dc:language><rdf:Bag>{languages}</rdf:Bag></dc:language>",
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
        properties.append(
            _alternative("dc:description", document.subject, {document.lang: document.subject})
        )
    schemas: list[_Schema] = [PDFUA_SCHEMA]
    if document.edition:
        properties += [
            f"<dc:identifier>{_text(document.edition)}</dc:identifier>",
            f"<handouts:edition>{_text(document.edition)}</handouts:edition>",
            f"<handouts:status>{document.status.value}</handouts:status>",
        ]
        if document.status is Status.APPROVED and document.until:
            properties.append(f"<handouts:until>{document.until.isoformat()}</handouts:until>")
            properties.append(f"<handouts:approval>{_text(document.approval)}</handouts:approval>")
        schemas.append(HANDOUTS_SCHEMA)
    if document.keywords:
        properties.append(f"<pdf:Keywords>{_text(', '.join(document.keywords))}</pdf:Keywords>")
    packet = _PACKET.format(
        archive="" if _is_form(document) else _ARCHIVE,
        pdfa=namespaces.PDFA,
        pdfua=namespaces.PDFUA,
        handouts=namespaces.HANDOUTS,
        properties="\n".join(properties),
        extension=extension(*schemas),
    )
    return store.add_raw_stream("/Type/Metadata/Subtype/XML", packet.encode("utf-8"))


def _is_form(document: Document) -> bool:
    return any(isinstance(node, FormField) for node in walk(document.blocks))


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


def _alternative(tag: str, text: str, by_language: Mapping[str, str]) -> str:
    entries = f'<rdf:li xml:lang="x-default">{_text(text)}</rdf:li>'
    for lang, words in by_language.items():
        entries += f'<rdf:li xml:lang="{escape(lang)}">{_text(words)}</rdf:li>' if lang else ""
    return f"<{tag}><rdf:Alt>{entries}</rdf:Alt></{tag}>"


def _text(text: str) -> str:
    """Text for XML 1.0, which has no place for control characters and noncharacters."""
    return escape(_NOT_XML.sub("", text), quote=False)
