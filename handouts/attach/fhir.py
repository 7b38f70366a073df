"""Describe a joined PDF to a record system: an HL7 FHIR R4 DocumentReference."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
import uuid
from typing import Any, Final

from msgspec import Struct

from handouts.errors import UsageError

LOINC: Final = "http://loinc.org"
EDUCATION_NOTE: Final = "34895-3"
_CATEGORIES: Final = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"
#: FHIR R4 2.3.0.1: a literal reference, of the types that R4 allows for a document's subject.
_REFERENCE: Final = re.compile(
    r"(https?://[^\s?#]+/)?(Patient|Practitioner|Group|Device)/[A-Za-z0-9.-]{1,64}"
    r"|urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|urn:oid:[0-2](\.(0|[1-9][0-9]*))+"
)


class DocumentFacts(Struct, frozen=True):
    """What a record system receives. ``date`` needs a time zone; ``subject`` only when given.

    ``language`` is "" where it is unknown, or not one. ``subject`` is a FHIR reference such as
    ``Patient/123``. It is never taken from the letter.
    """

    title: str
    edition: str
    language: str
    date: datetime.datetime
    subject: str = ""
    url: str = ""
    draft: bool = False


def demand_reference(subject: str) -> None:
    """Raises ``UsageError`` unless ``subject`` is a FHIR reference to one that has documents."""
    if not _REFERENCE.fullmatch(subject):
        raise UsageError(
            f"“{subject}” is not a FHIR reference.",
            remedy="Write it as Patient/123, or as urn:uuid: and a UUID.",
        )


def document_reference(data: bytes, facts: DocumentFacts) -> dict[str, Any]:
    """The ``DocumentReference`` for a PDF, as JSON values.

    The same bytes have the same ``masterIdentifier`` anywhere: a UUID of version 5 of the file's
    SHA-256 as a URI (RFC 6920). The attachment's hash is the SHA-1 that R4 asks for; it tells
    copies apart and protects nothing. Raises ``UsageError`` for a date without a time zone, and
    for a subject that is no reference.
    """
    if facts.date.tzinfo is None:
        raise UsageError(
            "The date for the FHIR document has no time zone.",
            remedy="Give it with one, such as 2026-01-31T09:00:00+01:00.",
        )
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    attachment: dict[str, Any] = {
        "contentType": "application/pdf",
        **({"language": facts.language} if facts.language else {}),
        "size": len(data),
        "hash": base64.b64encode(digest).decode("ascii"),
        "title": facts.title,
        "creation": facts.date.isoformat(timespec="seconds"),
    }
    if facts.url:
        attachment["url"] = facts.url
    category = {"system": _CATEGORIES, "code": "clinical-note", "display": "Clinical Note"}
    kind = {"system": LOINC, "code": EDUCATION_NOTE, "display": "Education note"}
    reference: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "preliminary" if facts.draft else "final",
        "type": {"coding": [kind], "text": "Education note"},
        "category": [{"coding": [category]}],
        "date": facts.date.isoformat(timespec="seconds"),
        "description": f"{facts.title} (edition {facts.edition})",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": _uuid(data).urn},
        "identifier": [{"use": "secondary", "value": facts.edition}],
        "content": [{"attachment": attachment}],
    }
    if facts.subject:
        demand_reference(facts.subject)
        reference["subject"] = {"reference": facts.subject}
    return reference


def _uuid(data: bytes) -> uuid.UUID:
    """Version 5 (RFC 9562 5.5), of the file's name by its hash."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode("ascii")
    return uuid.uuid5(uuid.NAMESPACE_URL, f"ni:///sha-256;{digest.rstrip('=')}")
