"""Pages for coming in: the start token becomes a cookie, and leaves the address."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, g, render_template, request

from handouts.desk.guarding import DESK_COOKIE, SECURE, cookie_name, desk
from handouts.desk.memory import new_token
from handouts.desk.proving import proof
from handouts.desk.remembered import THIS_PC
from handouts.desk.shared import page_words

pages = Blueprint("entering", __name__)

_A_YEAR: Final = 365 * 86_400


@pages.get("/proof/<nonce>")
def prove(nonce: str) -> Response:
    """That this is the page whose token somebody knows, who does not say it yet."""
    return Response(proof(desk().start_token, nonce), mimetype="text/plain")


@pages.get("/open")
def enter() -> Response:
    """The browser is let in. A page of ours leads on, since a browser that comes from a file or
    from another site would leave the new cookie out of what follows a redirect."""
    given = request.args.get("token", "")
    if not secrets.compare_digest(given.encode(), desk().start_token.encode()):
        abort(HTTPStatus.UNAUTHORIZED)
    behind = desk().rules.behind
    known = request.cookies.get(SECURE + DESK_COOKIE, "") if behind else THIS_PC
    name = known or new_token()
    answer = Response(render_template("entered.html", t=page_words()))
    if "visitor" in g and g.visitor.desk == name:
        return answer  # the icon once more: what was typed, and what prints, stays
    cookie, _ = desk().let_in(name)
    visitor = cookie_name(request.host, behind=behind)
    answer.set_cookie(visitor, cookie, httponly=True, samesite="Strict", secure=behind)
    if behind:
        kept = SECURE + DESK_COOKIE
        answer.set_cookie(kept, name, _A_YEAR, httponly=True, samesite="Strict", secure=True)
    return answer
