"""The files inside a PDF/A-2: each is a PDF/A-1 or PDF/A-2 itself (ISO 19005-2 6.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, TypeVar

from page import ValidationProfile

from handouts.pdf.archival import archive_faults, is_padded
from handouts.pdf.font_faults import font_faults
from handouts.pdf.validate import judge

T = TypeVar("T")
#: What ``page`` says of every file inside, also of a good one.
_OF_FILES = re.compile("PDFA2.-EMBEDDED-FILE-PDFA-")
#: So many are looked at, those within them too: each takes as long as a letter.
_MOST = 16


def but_good_files(found: Sequence[T], pdf: Any, left: Iterator[int] | None = None) -> list[T]:
    """What was found in an open file, less that of the files inside where each is what it must be.
    ``archive_faults`` went over ``pdf`` before: each description of a file is an object then.
    ``left``: an entry for each file that may still be looked at.
    """
    left = iter(range(_MOST)) if left is None else left
    rest = [one for one in found if not _OF_FILES.search(str(one))]
    if len(rest) < len(found) and all(_is_archive(one, left) for one in _files(pdf)):
        return rest
    return list(found)


def _files(pdf: Any) -> list[Any]:
    """Each once: a description mostly names its file twice."""
    import pikepdf

    found: dict[Any, Any] = {}
    for item in pdf.objects:
        own = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        if isinstance(own, pikepdf.Dictionary) and "/EF" in own:
            forms = own.EF
            named = forms.values() if isinstance(forms, pikepdf.Dictionary) else [forms]
            found.update((getattr(one, "objgen", None), one) for one in named)
    return [*found.values()]


def _is_archive(file: Any, left: Iterator[int]) -> bool:
    """Whether a file is what it claims, PDF/A-1 or PDF/A-2 of some level."""
    import pikepdf

    if next(left, None) is None:
        return False
    try:
        data = file.read_bytes()
        with pikepdf.open(BytesIO(data)) as pdf:
            level = pdf.open_metadata().pdfa_status
            profile = getattr(ValidationProfile, f"PDF_A_{level.upper()}", None)
            if profile is None or level[0] not in "12" or is_padded(data):
                return False
            known = sum(one is not None for one in pdf.objects)
            report = judge(data, profile)
            found = [failure.rule_id for failure in report.failures]
            found += [str(fault) for fault in archive_faults(pdf, profile)]
            found += [str(fault) for fault in font_faults(pdf, (profile, level))]
            # It passes over what it cannot read.
            return report.objects >= known and not but_good_files(found, pdf, left)
    except Exception:  # of what is no PDF, or opens only with a password
        return False
