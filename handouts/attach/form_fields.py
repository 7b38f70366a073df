"""Join form fields: one name is one field in the whole file, so no two parts share it (12.7)."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from handouts.attach.importer import Importer
from handouts.attach.nametrees import free_name
from handouts.attach.reading.objects import Dict, Objects, Ref, read_text, text_string
from handouts.attach.reading.trees import Page, field_line, fields, pages, widgets
from handouts.attach.update import Update


class JoinedForms(Struct, frozen=True):
    """Fields that had to be renamed (old, new), and whether viewers draw fields of one part anew
    because another part asks for it (``NeedAppearances``)."""

    renamed: list[tuple[str, str]]
    redrawn: bool = False


def join_forms(importer: Importer) -> JoinedForms:
    """Add the handout's form fields.

    Pages that were taken out of a file may have fields that no form lists. Viewers know them by
    their names all the same, so they are renamed like the others.
    """
    update, source = importer.update, importer.source
    theirs = source.dict(source.catalog.get(b"AcroForm"))
    listed = [importer.value(item) for item in source.array(theirs.get(b"Fields"))]
    importer.run()
    added = [Page(ref, update.dict(ref), {}) for ref in importer.page_refs]
    on_pages = [entries for page in added for entries in widgets(update, page)]
    if not listed and not on_pages:
        return JoinedForms([])
    taken, before = _names(update), _asks_for_looks(update)
    tops, fonts = _join_form(importer, theirs, listed) if theirs else ([], {})
    shown = (one for widget in on_pages for one in field_line(update, widget))
    everything = [*(entries for _, entries in fields(update, tops)), *shown]
    for entries in {id(one): one for one in everything}.values():
        if fonts and type(words := update.resolve(entries.get(b"DA"))) is bytes:
            entries[b"DA"] = _rename_font(words, fonts)
    redrawn = bool(taken) and before != _asks_for_looks(source)
    return JoinedForms(_rename(update, everything, taken), redrawn)


def _asks_for_looks(pdf: Objects) -> bool:
    """Whether viewers are asked to draw all fields anew (12.7.2)."""
    return pdf.resolve(pdf.dict(pdf.catalog.get(b"AcroForm")).get(b"NeedAppearances")) is True


def _join_form(
    importer: Importer, theirs: Dict, listed: list[Any]
) -> tuple[list[Ref], dict[bytes, bytes]]:
    """List the handout's fields in the letter's form; these, and its fonts that got a new name."""
    update, source = importer.update, importer.source
    form = update.edit_entry(update.catalog, b"AcroForm")
    fonts = _join_resources(importer, form, theirs)
    tops = [item if type(item) is Ref else update.add(item) for item in listed]
    update.edit_array(form, b"Fields").extend(tops)
    importer.run()
    for top in tops:
        entries = update.edit(top)
        for key, usual in ((b"DA", None), (b"Q", 0)):  # the letter's form would lend its own
            value = importer.value(theirs[key]) if key in theirs else usual if key in form else None
            if value is not None:
                entries.setdefault(key, value)
    if _asks_for_looks(source):
        form[b"NeedAppearances"] = True
    return tops, fonts


def _named(pdf: Objects, entries: Dict) -> Dict | None:
    """What has the first part of a field's full name: itself, or a field above it (12.7.3.2)."""
    named = [one for one in field_line(pdf, entries) if read_text(pdf.resolve(one.get(b"T")))]
    return named[-1] if named else None


def _names(update: Update) -> set[str]:
    """The first parts of the names of all fields so far, whether a form lists them or not."""
    form = update.dict(update.catalog.get(b"AcroForm"))
    listed = (entries for _, entries in fields(update, update.array(form.get(b"Fields"))))
    own = pages(update, update.catalog[b"Pages"])
    shown = (entries for page in own for entries in widgets(update, page))
    found = [_named(update, entries) for entries in (*listed, *shown)]
    return {read_text(update.resolve(one[b"T"])) for one in found if one}


def _rename(update: Update, everything: list[Dict], taken: set[str]) -> list[tuple[str, str]]:
    """Give fields names that are not ``taken``; those of one name keep having one."""
    fresh: dict[str, str] = {}
    for entries in {id(one): one for one in (_named(update, each) for each in everything)}.values():
        if entries is None:
            continue
        name = read_text(update.resolve(entries[b"T"]))
        if name not in fresh:
            fresh[name] = free_name(name, taken, lambda number: f" ({number})")
            taken.add(fresh[name])
        if fresh[name] != name:
            entries[b"T"] = text_string(fresh[name])
    return [(old, new) for old, new in fresh.items() if old != new]


def _rename_font(appearance: bytes, fonts: dict[bytes, bytes]) -> bytes:
    def swap(match: re.Match[bytes]) -> bytes:
        return b"/" + fonts.get(match[1], match[1])

    return re.sub(rb"/([^\s()<>\[\]{}/%]+)", swap, appearance)


def _join_resources(importer: Importer, form: Dict, theirs: Dict) -> dict[bytes, bytes]:
    """Join the forms' default resources; returns the handout's fonts that got a new name."""
    update, source = importer.update, importer.source
    renamed: dict[bytes, bytes] = {}
    for category, entries in source.dict(theirs.get(b"DR")).items():
        named = source.dict(entries)
        if not named:
            continue
        joined = update.edit_entry(update.edit_entry(form, b"DR"), category)
        for name, value in named.items():
            fresh = free_name(name, joined, lambda number: b"_%d" % number)
            joined[fresh] = importer.value(value)
            if fresh != name and category == b"Font":
                renamed[bytes(name)] = fresh
    return renamed
