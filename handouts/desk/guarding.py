"""Who may ask the page for what: start token, cookie, host, origin, and a token in each form."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec, TypeVar

from flask import Flask, Response, abort, current_app, g, request
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from handouts.desk.shown_sheets import held
from handouts.desk.state import HEADERS, Desk, Visitor

COOKIE: Final = "handouts-visitor"
DESK_COOKIE: Final = "handouts-desk"
#: With it, a cookie is taken from this host alone, by TLS (RFC 6265bis, 4.1.3.2).
SECURE: Final = "__Host-"
#: What a browser may have without having been let in.
_OPEN: Final = ("static", "entering.enter", "entering.prove", "theme", "font")
#: Who sends these comes through a proxy.
_FORWARDED: Final = (
    *("Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host"),
    *("X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server"),
)
_OWN: Final = ("same-origin", "none")
#: So long, in seconds, a press waits for the one before.
_PATIENCE: Final = 30.0
_FRONT: Final = ("/", "/open")

P = ParamSpec("P")
T = TypeVar("T")


def desk() -> Desk:
    """What all requests share."""
    found: Desk = current_app.extensions["handouts-desk"]
    return found


def visitor() -> Visitor:
    """The browser that asks."""
    found: Visitor = g.visitor
    return found


def in_turn(answer: Callable[P, T]) -> Callable[P, T]:
    """What changes or gives out a letter or a packet: one after the other, as it was pressed. Each
    begins with what the one before has left; while that still makes its pages, the old ones are
    neither saved nor printed. Raises Busy."""

    @wraps(answer)
    def waited(*args: P.args, **kwargs: P.kwargs) -> T:
        with held(visitor().turn, _PATIENCE):
            return answer(*args, **kwargs)

    return waited


def install(app: Flask) -> None:
    """Each request passes here, first and last."""
    app.before_request(_admit)
    app.after_request(_seal)


def _admit() -> AnyResponse | None:
    rules = desk().rules
    if request.host not in rules.hosts:
        abort(HTTPStatus.MISDIRECTED_REQUEST)
    proxied = any(name in request.headers for name in _FORWARDED)
    if proxied and not rules.behind:
        abort(HTTPStatus.FORBIDDEN)
    if rules.behind and request.headers.get("X-Forwarded-Proto") != "https":
        abort(HTTPStatus.FORBIDDEN)
    if not _is_own_site():
        abort(HTTPStatus.FORBIDDEN)
    found = desk().visitor(request.cookies.get(cookie_name(request.host, behind=rules.behind), ""))
    if found is not None:
        g.visitor = replace(found, id=desk().memory.owner(found.id))
    elif request.endpoint not in _OPEN:
        abort(HTTPStatus.UNAUTHORIZED)
    if request.method not in ("GET", "HEAD"):
        _demand_own_form(found)
    return None


def cookie_name(host: str, *, behind: bool) -> str:
    """Cookies know no ports: two pages on one computer need two names. With TLS the browser takes
    it from no other host."""
    if behind:
        return SECURE + COOKIE
    port = host.rpartition(":")[2]
    return f"{COOKIE}-{port}" if port.isdecimal() else COOKIE


def _is_own_site() -> bool:
    """Whether one of our pages asks, or a person: a page of elsewhere may only lead to the start,
    since an address of ours within it would make pages that push out others."""
    return request.path in _FRONT or request.headers.get("Sec-Fetch-Site", "none") in _OWN


def _demand_own_form(found: Visitor | None) -> None:
    """A form of another site cannot be sent here."""
    scheme = "https" if desk().rules.behind else "http"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{scheme}://{request.host}":
        abort(HTTPStatus.FORBIDDEN)
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN:
        abort(HTTPStatus.FORBIDDEN)
    given = request.headers.get("X-CSRF") or request.form.get("csrf", "")
    if found is None or not secrets.compare_digest(given.encode(), found.csrf.encode()):
        abort(HTTPStatus.FORBIDDEN)


def _seal(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint in ("static", "font"):
        answer.headers["Cache-Control"] = "no-cache"
    return answer
