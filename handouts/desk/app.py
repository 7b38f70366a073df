"""The desk page as a WSGI application."""

from __future__ import annotations

import io
import sys
import traceback
from http import HTTPStatus
from typing import IO, Final, Never

from flask import Flask, Request, Response, g, redirect, render_template, request, url_for
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from handouts.desk import (
    attaching,
    editing,
    entering,
    guarding,
    look,
    one_handout,
    onto_paper,
    packing,
    search_page,
)
from handouts.desk.memory import new_token
from handouts.desk.shared import page, page_words
from handouts.desk.shown_sheets import Busy
from handouts.desk.state import Desk
from handouts.errors import HandoutsError

#: A letter at its largest, and the fields around it.
_MOST_BYTES: Final = 101_000_000
_MOST_TYPED: Final = 200_000


class InMemory(Request):
    """A request whose files are in no file of this computer, not even for a moment."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return io.BytesIO()


def create_app(desk: Desk, *, debug: bool = False) -> Flask:
    """The page for ``desk``. ``debug``: a mistake of the program shows its traceback in the
    terminal; it may hold what somebody typed."""
    app = Flask("handouts.desk")
    app.request_class = InMemory
    app.config.update(
        MAX_CONTENT_LENGTH=_MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=_MOST_TYPED,
        MAX_FORM_PARTS=500,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["handouts-desk"] = desk
    guarding.install(app)
    look.install(app)
    parts = [entering, search_page, one_handout, onto_paper, attaching, packing]
    for part in (*parts, *([editing] if desk.rules.edit else [])):
        app.register_blueprint(part.pages)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(HandoutsError, _problem)
    app.register_error_handler(Busy, _busy)
    app.add_url_rule("/busy", "busy", _wait)
    app.register_error_handler(Exception, lambda error: _mistake(error, debug=debug))
    return app


def _refused(error: HTTPException) -> AnyResponse:
    """An address that is none, or a request that is not allowed: a page that says what to do.
    The address of a press, opened as a page, leads to the page on which it was."""
    if isinstance(error, MethodNotAllowed) and request.method == "GET":
        return redirect(request.path.rpartition("/")[0] or "/", HTTPStatus.SEE_OTHER)
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    keys = {401: "end.start", 403: "end.session", 404: "end.gone", 413: "end.big"}
    key = keys.get(status, "end.wrong")
    if "visitor" not in g:
        body = render_template("closed.html", t=page_words(), key=key)
    else:
        body = page("problem", key=key, findings=(), code="")
    return Response(body, status, mimetype="text/html")


def _problem(error: HandoutsError) -> Response:
    body = page("problem", key="end.files", findings=error.findings, code="")
    return Response(body, HTTPStatus.UNPROCESSABLE_ENTITY, mimetype="text/html")


def _busy(_: Exception) -> AnyResponse:
    """After a press at an address of its own, which can be opened anew and left by Back."""
    if request.method == "POST":
        return redirect(url_for("busy"), HTTPStatus.SEE_OTHER)
    body = page("problem", key="busy", findings=(), code="")
    return Response(body, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/html")


def _wait() -> Never:
    """What a press led to that was not done. Raises Busy."""
    raise Busy


def _mistake(error: Exception, *, debug: bool) -> Response:
    """A mistake of ours: a code, and in the terminal its place, never what was typed."""
    code = new_token()[:6].upper()
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
    sys.stderr.write(f"Mistake {code}: {type(error).__name__} at {where}, {request.endpoint}\n")
    if debug:
        traceback.print_exception(error)
    if "visitor" in g:
        body = page("problem", key="bug", findings=(), code=code)
    else:
        body = render_template("closed.html", t=page_words(), key="end.wrong")
    return Response(body, HTTPStatus.INTERNAL_SERVER_ERROR, mimetype="text/html")
