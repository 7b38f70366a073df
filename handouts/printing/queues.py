"""Which printers there are: the queues of CUPS, or a printer by its address."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from handouts.errors import PrintError, UsageError
from handouts.names import suggest
from handouts.printing import ipp
from handouts.printing.printers import ATTRIBUTES, Printer, printer_of

_SCHEMES = ("ipp", "ipps")


class CannotBeTold(PrintError):
    """The printers of this computer speak no IPP."""


def find(wanted: str) -> Printer:
    """The printer of that address or queue; with "" the usual one of this computer.

    Raises PrintError where there is none, or it does not answer; UsageError for another address.
    """
    if "://" in wanted:
        return _printer(address_of(wanted))
    if wanted:
        return _queue(wanted)
    usual, there = default(), queues()
    if not usual and len(there) == 1:
        return there[0]
    for one in there:
        if one.name == usual:
            return one
    known = ", ".join(one.name for one in there)
    said = f"There are: {known}." if known else "None is set up."
    raise PrintError(
        "No printer was named, and this computer has no usual one.",
        remedy=f"{said} Name one: --printer NAME",
    )


def address_of(uri: str) -> ipp.Address:
    """The address that somebody typed. Raises UsageError, which never shows a password."""
    try:
        parts = urlsplit(uri)
        fits = bool(parts.hostname) and parts.port != 0 and parts.scheme.lower() in _SCHEMES
    except ValueError:
        fits = False
    if not fits or "@" in uri or "?" in uri:
        shown = uri.rpartition("@")[2]
        raise UsageError(
            f"“{shown}” is not the address of a printer.",
            remedy="Write it as ipp://HOST/ipp/print, or name a queue. See: handouts printers",
        )
    return ipp.Address(uri)


def queue(name: str) -> ipp.Address:
    """Where the queue of that name is asked. Raises CannotBeTold."""
    return _cups(f"/printers/{quote(name, safe='')}")


def queues() -> list[Printer]:
    """All queues of this computer, by name. Raises PrintError where none can be asked."""
    answer = _cups_says("CUPS_GET_PRINTERS", ATTRIBUTES)
    names = [str(one.get("printer-name", "")) for one in answer.printers]
    found = [_of_queue(one, name) for name, one in zip(names, answer.printers, strict=True) if name]
    return sorted(found, key=lambda one: one.name.casefold())


def default() -> str:
    """The name of this computer's usual queue; "" if it has none. Raises PrintError."""
    answer = _cups_says("CUPS_GET_DEFAULT", ["printer-name"])
    return str(answer.printers[0].get("printer-name", "")) if answer.printers else ""


def _cups_says(operation: str, wanted: Sequence[str]) -> ipp.Answer:
    address = _cups()
    try:
        return ipp.ask(address, operation, {"requested-attributes": list(wanted)})
    except PrintError:
        raise PrintError(
            "The print service of this computer (CUPS) does not answer.",
            remedy="Name the printer by its address: --printer ipp://HOST/ipp/print",
        ) from None


def _cups(path: str = "/") -> ipp.Address:
    if sys.platform == "win32" and not os.environ.get("CUPS_SERVER"):
        raise CannotBeTold(
            "The printers of Windows cannot be asked or told what to do.",
            remedy="Name the printer by its address: --printer ipp://HOST/ipp/print",
        )
    return ipp.cups(path)


def _of_queue(attributes: Mapping[str, Any], name: str) -> Printer:
    """What CUPS calls loaded is what is usual in the country, and nobody looked into the tray."""
    return replace(printer_of(attributes, queue(name), name), loaded=())


def _queue(name: str) -> Printer:
    answer = _attributes_at(queue(name))
    if answer.fine and answer.printers:
        return _of_queue(answer.printers[0], name)
    known = [one.name for one in queues()]
    raise PrintError(f"There is no printer “{name}”.", remedy=suggest(name, known))


def _printer(address: ipp.Address) -> Printer:
    answer = _attributes_at(address)
    if answer.fine and answer.printers:
        return printer_of(answer.printers[0], address)
    message = f"There is no printer at {address.uri}."
    raise PrintError(message, remedy="Check its address; most end with /ipp/print.")


def _attributes_at(address: ipp.Address) -> ipp.Answer:
    about = {"requested-attributes": list(ATTRIBUTES)}
    return ipp.ask(address, "GET_PRINTER_ATTRIBUTES", about)
