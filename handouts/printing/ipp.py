"""IPP: one request, one answer, through pyipp; its only place.

Of pyipp's client only the sending is used: it leaves out attributes that it has no type for, and
knows no collections, by which a tray is chosen; so a job's attributes are written one by one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from handouts.errors import PrintError

#: Whom a printer is told as the sender: nobody's name.
SENDER: Final = "handouts"
#: Where the local CUPS listens, unless ``CUPS_SERVER`` says so: Linux, macOS.
_SOCKETS = ("/run/cups/cups.sock", "/private/var/run/cupsd")
#: All printers know it.
_VERSION = (1, 1)
_SECONDS = 20.0
_SECONDS_OF_DOCUMENT = 120.0


class Status(IntEnum):
    """The answers that are told apart (RFC 8011, appendix B)."""

    NOT_FOUND = 0x0406
    FORMAT = 0x040A
    ATTRIBUTES = 0x040B
    NOT_ACCEPTING = 0x0506
    BUSY = 0x0507


class Address(Struct, frozen=True):
    """Where a printer or CUPS answers. ``socket``: CUPS, through a file of this computer."""

    uri: str
    socket: str = ""


class Answer(Struct, frozen=True):
    """What was answered: a status below 0x100 is a success."""

    status: int
    printers: tuple[Mapping[str, Any], ...]
    jobs: tuple[Mapping[str, Any], ...]

    @property
    def fine(self) -> bool:
        """Whether it was done."""
        return self.status < 0x0100


class Attributes:
    """The attributes of a job, as IPP writes them (RFC 8010, 3.1)."""

    def __init__(self) -> None:
        """None yet."""
        self.data = b""

    def _add(self, tag: str, name: str, value: object) -> Attributes:
        from pyipp.enums import IppTag
        from pyipp.serializer import construct_attribute

        self.data += construct_attribute(name, value, IppTag[tag])
        return self

    def number(self, name: str, value: int) -> Attributes:
        """An integer."""
        return self._add("INTEGER", name, value)

    def keyword(self, name: str, value: str) -> Attributes:
        """A keyword."""
        return self._add("KEYWORD", name, value)

    def collection(self, name: str, members: Mapping[str, object]) -> Attributes:
        """A collection of integers, keywords and collections (RFC 8010, 3.1.6)."""
        self._add("BEGIN_COLLECTION", name, "")
        for key, value in members.items():
            self._add("MEMBER_NAME", "", key)
            if isinstance(value, Mapping):
                self.collection("", value)
            elif isinstance(value, int):
                self.number("", value)
            else:
                self.keyword("", str(value))
        return self._add("END_COLLECTION", "", "")


def cups(path: str = "/") -> Address:
    """The CUPS of this computer, or the one that ``CUPS_SERVER`` names, as for its own commands."""
    given = os.environ.get("CUPS_SERVER", "")
    if not given:
        given = next((one for one in _SOCKETS if Path(one).exists()), "localhost")
    if given.startswith("/"):
        return Address(f"ipp://localhost{path}", given)
    return Address(f"ipp://{given.partition('/')[0]}{path}")


def ask(
    address: Address,
    operation: str,
    about: Mapping[str, object],
    job: Attributes | None = None,
    document: bytes = b"",
) -> Answer:
    """Send one request, and a document with it. ``operation`` is its name in IPP, in capitals.

    Raises PrintError where nothing answers, or not in IPP; Untold where the document may be there
    all the same.
    """
    message = _message(address, operation, about, job or Attributes()) + document
    seconds = _SECONDS_OF_DOCUMENT if document else _SECONDS
    try:
        answer = asyncio.run(_sent(address, message, seconds))
    except _Cut:
        raise (Untold() if document else no_answer(address)) from None
    from pyipp.parser import parse

    try:
        read = parse(answer)
    except Exception:  # it raises whatever it stumbles on
        raise (Untold() if document else _no_ipp(address)) from None
    return Answer(read["status-code"], tuple(read["printers"]), tuple(read["jobs"]))


def _message(
    address: Address, operation: str, about: Mapping[str, object], job: Attributes
) -> bytes:
    from pyipp.enums import IppOperation, IppTag
    from pyipp.serializer import encode_dict

    written = encode_dict(
        {
            "version": _VERSION,
            "operation": IppOperation[operation],
            "operation-attributes-tag": {
                "attributes-charset": "utf-8",
                "attributes-natural-language": "en",
                "printer-uri": address.uri,
                **about,
                "requesting-user-name": SENDER,
            },
        }
    )
    if not job.data:
        return written
    end = bytes([IppTag.END.value])
    return written.removesuffix(end) + bytes([IppTag.JOB.value]) + job.data + end


async def _sent(address: Address, message: bytes, seconds: float) -> bytes:
    import aiohttp
    from pyipp import IPP, IPPConnectionError, IPPError

    class Connection(IPP):
        """pyipp's client, that sends what is written already."""

        async def send(self, data: bytes) -> bytes:
            return await self._request(data=data)

    unix = aiohttp.UnixConnector(address.socket) if address.socket else None
    try:
        async with aiohttp.ClientSession(connector=unix) as session:
            client = Connection(address.uri, session=session, request_timeout=int(seconds))
            return await asyncio.wait_for(client.send(message), seconds)
    except (IPPConnectionError, TimeoutError, OSError, aiohttp.ClientError) as problem:
        if isinstance(problem.__cause__ or problem, aiohttp.ClientConnectorError):
            raise no_answer(address) from None
        raise _Cut from None
    except (IPPError, ValueError):
        raise _no_ipp(address) from None


class _Cut(Exception):
    """It was there, and did not answer in time or to the end."""


class Untold(PrintError):
    """It may be printed: the printer was sent the document, and did not say that it took it."""

    def __init__(self) -> None:
        super().__init__(
            "The printer did not say whether it took the job.",
            remedy="Look at the printer before you print it again: it may have printed.",
        )


def no_answer(address: Address) -> PrintError:
    """Nothing is there."""
    return PrintError(
        f"Nothing answers at {address.socket or address.uri}.",
        remedy="See whether the printer is on and in the network. To see all: handouts printers",
    )


def _no_ipp(address: Address) -> PrintError:
    message = f"What answers at {address.uri} is no printer that speaks IPP, or refuses."
    return PrintError(message, remedy="Check its address; most end with /ipp/print.")
