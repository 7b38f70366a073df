"""The DocumentReference, read by the R4 models of SMART's client."""

from __future__ import annotations

import base64
import datetime
import hashlib
from importlib import import_module

import pytest

from handouts.attach import DocumentFacts, document_reference
from handouts.errors import UsageError

FACTS = DocumentFacts(
    title="About stimulation",
    edition="ab12cd34",
    language="en",
    date=datetime.datetime(2026, 1, 31, 9, 0, tzinfo=datetime.UTC),
)
DATA = b"%PDF-1.7 and so on"


def test_it_is_valid_r4() -> None:
    models = import_module("fhirclient.models.documentreference")
    reference = models.DocumentReference(document_reference(DATA, FACTS), strict=True)
    attachment = reference.content[0].attachment
    assert reference.status == "current"
    assert reference.type.coding[0].code == "34895-3"
    assert attachment.contentType == "application/pdf"
    assert attachment.size == len(DATA)
    assert reference.as_json() == document_reference(DATA, FACTS)


def test_the_hash_is_of_the_file() -> None:
    attachment = document_reference(DATA, FACTS)["content"][0]["attachment"]
    digest = hashlib.sha1(DATA, usedforsecurity=False).digest()
    assert base64.b64decode(attachment["hash"]) == digest


def test_a_patient_is_named_only_when_given() -> None:
    assert "subject" not in document_reference(DATA, FACTS)
    from msgspec import structs

    facts = structs.replace(FACTS, subject="Patient/123", url="urn:oid:1.2.3")
    reference = document_reference(DATA, facts)
    assert reference["subject"] == {"reference": "Patient/123"}
    assert reference["content"][0]["attachment"]["url"] == "urn:oid:1.2.3"


def test_title_edition_and_language_are_said() -> None:
    reference = document_reference(DATA, FACTS)
    assert reference["description"] == "About stimulation (edition ab12cd34)"
    assert reference["identifier"][0]["value"] == "ab12cd34"
    assert reference["content"][0]["attachment"]["language"] == "en"


def test_a_date_needs_a_zone() -> None:
    from msgspec import structs

    naive = structs.replace(FACTS, date=FACTS.date.replace(tzinfo=None))
    with pytest.raises(UsageError, match="time zone"):
        document_reference(DATA, naive)
