"""The XML namespaces by which the XMP of a PDF says what it is (ISO 16684-1)."""

#: Our own properties: edition, status, until, approval.
HANDOUTS = "urn:handouts:xmp:1:"
PDFUA = "http://www.aiim.org/pdfua/ns/id/"
PDFA = "http://www.aiim.org/pdfa/ns/id/"
