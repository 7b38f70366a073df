"""The DocumentReference, read by the R4 models of SMART's client."""

from __future__ import annotations

import base64
import datetime
import hashlib
import uuid
from importlib import import_module

import pytest
from msgspec import structs

from handouts.attach import DocumentFacts, document_reference
from handouts.attach.fhir import demand_reference
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


def test_the_same_bytes_have_the_same_name_anywhere() -> None:
    master = document_reference(DATA, FACTS)["masterIdentifier"]
    assert master["system"] == "urn:ietf:rfc:3986"
    name = uuid.UUID(master["value"])
    assert (name.version, name.variant) == (5, uuid.RFC_4122)
    digest = base64.urlsafe_b64encode(hashlib.sha256(DATA).digest()).decode().rstrip("=")
    assert name == uuid.uuid5(uuid.NAMESPACE_URL, f"ni:///sha-256;{digest}")
    assert document_reference(DATA + b" ", FACTS)["masterIdentifier"] != master


@pytest.mark.parametrize(
    "subject",
    [
        "Patient/123",
        "https://ehr.example/fhir/Patient/a-1.b",
        "urn:oid:1.2.3",
        "urn:uuid:0f9a3c5e-4a52-4c8e-9c55-9f3fae1d2b4a",
    ],
)
def test_references(subject: str) -> None:
    demand_reference(subject)


@pytest.mark.parametrize(
    "subject", ["Jane Doe", "123", "Patient/", "Patient/1 2", "Medication/1", "patient/1", "urn:x"]
)
def test_what_is_no_reference(subject: str) -> None:
    with pytest.raises(UsageError, match="is not a FHIR reference"):
        document_reference(DATA, structs.replace(FACTS, subject=subject))


def test_a_patient_is_named_only_when_given() -> None:
    assert "subject" not in document_reference(DATA, FACTS)
    facts = structs.replace(FACTS, subject="Patient/123", url="urn:oid:1.2.3")
    reference = document_reference(DATA, facts)
    assert reference["subject"] == {"reference": "Patient/123"}
    assert reference["content"][0]["attachment"]["url"] == "urn:oid:1.2.3"


def test_title_edition_and_language_are_said() -> None:
    reference = document_reference(DATA, FACTS)
    assert reference["description"] == "About stimulation (edition ab12cd34)"
    assert reference["identifier"] == [{"use": "secondary", "value": "ab12cd34"}]
    assert reference["content"][0]["attachment"]["language"] == "en"


def test_a_date_needs_a_zone() -> None:
    naive = structs.replace(FACTS, date=FACTS.date.replace(tzinfo=None))
    with pytest.raises(UsageError, match="time zone"):
        document_reference(DATA, naive)
