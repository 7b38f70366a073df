"""Carry a file inside a PDF: embedded stream, file specification, relationship (7.11.4)."""

from __future__ import annotations

import hashlib

from handouts.attach.catalog import add_file_name, file_names
from handouts.attach.reading.objects import Dict, Name, Stream, text_string
from handouts.attach.update import Update


def embed(update: Update, data: bytes, name: str, relationship: str, description: str) -> None:
    """Embed a PDF's bytes, unchanged, and list it by name, with a description.

    ``relationship`` is an ``AFRelationship`` of PDF 2.0, which earlier readers pass over.
    """
    checksum = hashlib.md5(data, usedforsecurity=False).digest()
    params: Dict = {b"Size": len(data), b"CheckSum": checksum}
    entries: Dict = {
        b"Type": Name(b"EmbeddedFile"),
        b"Subtype": Name(b"application/pdf"),
        b"Params": params,
    }
    stream = update.add(Stream(entries, data))
    spec, taken = update.reserve(), file_names(update)
    listed = add_file_name(update, text_string(name), spec, taken)
    update.put(
        spec,
        {
            b"Type": Name(b"Filespec"),
            b"F": listed,
            b"UF": listed,
            b"Desc": text_string(description),
            b"EF": {b"F": stream, b"UF": stream},
            b"AFRelationship": Name(relationship.encode("ascii")),
        },
    )
    update.edit_array(update.catalog, b"AF").append(spec)
