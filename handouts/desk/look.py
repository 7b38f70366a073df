"""The page's look: the clinic's colours, logo and typeface."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, send_from_directory

from handouts.desk.shared import view
from handouts.finding.palette import stylesheet
from handouts.model.pictures import Raster, Svg

_FONTS: Final = Path(__file__).resolve().parents[1] / "fonts"
_FACES: Final = {
    "regular": "AtkinsonPlainZero-Regular.ttf",
    "bold": "AtkinsonPlainZero-Bold.ttf",
}


def install(app: Flask) -> None:
    """Routes of what a page looks like."""
    app.add_url_rule("/theme.css", "theme", _theme)
    app.add_url_rule("/logo", "logo", _logo)
    app.add_url_rule("/font/<face>", "font", _font)


def _theme() -> Response:
    brand = view().brand
    return Response(stylesheet(brand.colours if brand else {}), mimetype="text/css")


def _logo() -> Response:
    """A picture alone: whatever is in an SVG, it runs nothing."""
    brand = view().brand
    picture = brand.logo if brand else None
    if isinstance(picture, Svg):
        kind = "image/svg+xml"
    elif isinstance(picture, Raster):
        kind = "image/png" if picture.data.startswith(b"\x89PNG") else "image/jpeg"
    else:
        abort(HTTPStatus.NOT_FOUND)
    answer = Response(picture.data, mimetype=kind)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return answer


def _font(face: str) -> Response:
    if face not in _FACES:
        abort(HTTPStatus.NOT_FOUND)
    return send_from_directory(_FONTS, _FACES[face], mimetype="font/ttf")
