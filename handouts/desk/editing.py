"""Pages for editors: the newest words as they will look, what is wrong, what a screen reader gets.

Nothing is printed from here. Only with ``handouts serve --edit``.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, request, url_for
from msgspec import Struct

from handouts.desk.following import Follower, Proof
from handouts.desk.guarding import desk
from handouts.desk.proofs import Pages, Wanted
from handouts.desk.shared import page, page_words, view
from handouts.errors import Finding
from handouts.finding.catalogue import Row
from handouts.library.brand import DEFAULT_BRAND

pages = Blueprint("editing", __name__, url_prefix="/edit")

#: Seconds: what takes longer is shown as far as it is.
_PATIENCE: Final = 20.0
_WAS, _NOW = "  was: ", "  now: "


class Place(Struct, frozen=True):
    """Where a finding stands: as it is shown, and as another program opens it."""

    shown: str
    full: str


class Line(Struct, frozen=True):
    """A line of what changed: "was", "now", or "" for what says where."""

    kind: str
    text: str


@pages.get("/")
def start() -> str:
    """All handouts, in each language."""
    rows: dict[str, list[Row]] = {}
    for row in view().catalogue.rows:
        rows.setdefault(row.condition, []).append(row)
    return page("edit-start", rows=rows)


@pages.get("/<condition>")
def proof_page(condition: str) -> str:
    """The proof of one handout as the files are now."""
    now = view()
    if condition not in now.workspace.names("content/conditions"):
        abort(HTTPStatus.NOT_FOUND)
    wanted = _usual(_wanted(condition))
    return page(
        "edit",
        wanted=wanted,
        row=now.catalogue.row(condition, wanted.lang),
        layouts=now.workspace.names("layouts"),
        titles={one.name: one.title for one in now.catalogue.layouts},
        brands=now.workspace.names("brands"),
        **_shown(wanted, _follower().proof(wanted, _PATIENCE)),
    )


@pages.get("/<condition>/newest")
def newest(condition: str) -> Response:
    """The parts of the page that change; 304 while they have not."""
    wanted, now = _wanted(condition), view()
    proof = _follower().newest(wanted)
    if proof is None:
        abort(HTTPStatus.NOT_FOUND)
    tag = f"{proof.version}{'!' if now.reached else ''}"
    if tag in request.if_none_match:
        answer = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        state = render_template("clinic_state.html", t=page_words(), view=now)
        parts = render_template("edit-parts.html", t=page_words(), **_shown(wanted, proof))
        answer = Response(state + parts, mimetype="text/html")
    answer.set_etag(tag)
    return answer


@pages.get("/<condition>/page/<int:number>.png")
def picture(condition: str, number: int) -> Response:
    """A page of the proof."""
    found = _pages(condition).pictures
    if not 1 <= number <= len(found):
        abort(HTTPStatus.NOT_FOUND)
    return Response(found[number - 1], mimetype="image/png")


@pages.get("/<condition>/file.pdf")
def file(condition: str) -> Response:
    """The proof itself. It is a draft, and says so on each page."""
    return Response(_pages(condition).data, mimetype="application/pdf")


def _pages(condition: str) -> Pages:
    proof = _follower().newest(_wanted(condition))
    if proof is None or proof.pages is None:
        abort(HTTPStatus.NOT_FOUND)
    return proof.pages


def _follower() -> Follower:
    found = desk().follower
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _wanted(condition: str) -> Wanted:
    given = request.args
    return Wanted(condition, given.get("lang", ""), given.get("layout", ""), given.get("brand", ""))


def _usual(wanted: Wanted) -> Wanted:
    """The same; what is unknown is taken as usual."""
    workspace, lang = view().workspace, view().workspace.default_lang
    brand = workspace.default_brand or DEFAULT_BRAND
    return Wanted(
        wanted.condition,
        wanted.lang if wanted.lang in view().catalogue.languages else lang,
        wanted.layout if wanted.layout in workspace.names("layouts") else "standard",
        wanted.brand if wanted.brand in workspace.names("brands") else brand,
    )


# --- What is shown ------------------------------------------------------------------------


def _shown(wanted: Wanted, proof: Proof) -> dict[str, object]:
    """What the parts of the page are made of."""
    checked = proof.checked
    mend = tuple(dict.fromkeys((*proof.problem, *(checked.mend if checked else ()))))
    look = checked.look if checked else ()
    query: dict[str, Any] = {
        "condition": wanted.condition,
        "lang": wanted.lang,
        "layout": wanted.layout,
        "brand": wanted.brand,
    }
    return {
        "proof": proof,
        "query": query,
        "mend": [(one, _place(one)) for one in mend],
        "look": [(one, _place(one)) for one in look],
        "diff": [_line(one) for one in (checked and checked.changes) or ()],
        "again": url_for("editing.proof_page", **query),
    }


def _place(finding: Finding) -> Place | None:
    """A file of the workspace is shown from there, and copied whole."""
    if finding.source is None:
        return None
    path = Path(finding.source.file)
    rest = str(finding.source).removeprefix(finding.source.file)
    root, full = _follower().place.root, path.absolute()
    if not full.exists():
        return Place(str(finding.source), str(finding.source))
    is_inside = root is not None and full.is_relative_to(root)
    shown = full.relative_to(root).as_posix() if root and is_inside else finding.source.file
    return Place(f"{shown}{rest}", f"{full}{rest}")


def _line(text: str) -> Line:
    for kind, start in (("was", _WAS), ("now", _NOW)):
        if text.startswith(start):
            return Line(kind, text.removeprefix(start))
    return Line("", text)
