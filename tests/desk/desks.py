"""A desk page to try: a workspace with approved words, a browser without a screen, a printer."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from handouts import scaffold
from handouts.approvals import Signature
from handouts.desk.app import create_app
from handouts.desk.clinic import Clinic
from handouts.desk.remembered import Shelf
from handouts.desk.state import Desk, Rules
from handouts.workspace import open_workspace
from tests.approving import TODAY, approve

HOST = "127.0.0.1:8765"
SIGNED = {
    "en": Signature("Dr. A. Rivera", "physician", TODAY),
    "es": Signature("Dr. A. Rivera", "physician", TODAY, translation_checked_by="B. Sample"),
}
APPROVED = (("crps", "en"), ("crps", "es"), ("foot", "en"))


#: It goes when the process ends; no test's own temporary folder holds it.
_FOLDER = TemporaryDirectory(prefix="desk-")
#: Each test makes an app of its own, and each app would compile its pages anew.
_COMPILED = FileSystemBytecodeCache(_FOLDER.name)


@cache
def _approved() -> Path:
    """A workspace whose clinic approved some handouts, made once for all tests."""
    home = Path(_FOLDER.name) / "clinic"
    scaffold.init(home)
    for condition, lang in APPROVED:
        approve(home, condition, SIGNED[lang], lang)
    return home


def clinic_folder(folder: Path, printer: str = "") -> Path:
    """A workspace of its own, with approved words, in ``folder``."""
    home = folder / "clinic"
    shutil.copytree(_approved(), home)
    if printer:
        with (home / "handouts.toml").open("a") as settings:
            settings.write(f'printer = "{printer}"\n')
    return home


class Now:
    """A clock that stands still until it is put on."""

    def __init__(self) -> None:
        """The morning of the day on which the words were approved."""
        self.time = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30)  # noqa: DTZ001

    def __call__(self) -> datetime:
        return self.time


def open_desk(home: Path, shelf: Path, rules: Rules | None = None, now: Now | None = None) -> Desk:
    """The page of that workspace."""
    usual = Rules(hosts=frozenset({HOST}))
    clinic = Clinic(lambda: open_workspace(home, home), now or Now())
    return Desk(clinic, Shelf(shelf), rules or usual, "start-token")


def _leads_to(page: str) -> str:
    """Where the page at the door leads."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found
    return found[1]


class Browser:
    """One browser that was let in. ``page`` is what it shows, ``at`` where it is."""

    def __init__(self, desk: Desk, *, enter: bool = True) -> None:
        """Open the page by the start token."""
        self.desk = desk
        app = create_app(desk)
        app.testing = False
        app.jinja_env.bytecode_cache = _COMPILED
        self.client: FlaskClient = app.test_client()
        self.page, self.at, self.status = "", "", 0
        self.headers: Mapping[str, str] = {}
        self.data = b""
        if enter:
            self.get("/open?token=start-token")
            self.get(_leads_to(self.page))

    def get(self, path: str, **options: Any) -> str:
        """Go to an address."""
        return self._take(self.client.get(path, base_url=f"http://{HOST}", **options))

    def post(self, path: str, form: Mapping[str, Any], **options: Any) -> str:
        """Send a form, with the token that the page gave."""
        fields = {"csrf": self.field("csrf"), **form}
        return self._take(self.client.post(path, data=fields, base_url=f"http://{HOST}", **options))

    def _take(self, answer: TestResponse) -> str:
        hops = 0
        while answer.status_code in (302, 303) and hops < 5:
            answer = self.client.get(answer.location, base_url=f"http://{HOST}")
            hops += 1
        self.status, self.data = answer.status_code, answer.data
        self.headers, self.at = dict(answer.headers), answer.request.path
        if answer.mimetype == "text/html":
            self.page = unescape(answer.get_data(as_text=True))
        return self.page

    def field(self, name: str) -> str:
        """The value of a hidden field of this page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"no field {name} at {self.at}"
        return found[1]

    def link(self, pattern: str) -> str:
        """The first address on this page that fits."""
        found = re.search(rf'(?:href|action|formaction|src)="({pattern})"', self.page)
        assert found, f"no link {pattern} at {self.at}"
        return found[1]

    def form(self, **changes: Any) -> dict[str, Any]:
        """What a press of a button sends: the fields of the page as they stand, and changes."""
        found: dict[str, Any] = {"condition": self.field("condition")}
        for tag in re.findall(r"<input [^>]*>", self.page):
            name, value = _attribute(tag, "name"), _attribute(tag, "value")
            kind = _attribute(tag, "type")
            if 'form="choose"' not in tag or (
                kind in ("radio", "checkbox") and " checked" not in tag
            ):
                continue
            if kind == "checkbox" or name == "offered":
                found.setdefault(name, [])
                found[name].append(value)
            else:
                found[name] = value
        for name, body in re.findall(r'<select [^>]*name="([^"]*)">(.*?)</select>', self.page):
            chosen = re.search(r'value="([^"]*)" selected', body)
            found[name] = chosen[1] if chosen else ""
        return found | changes

    def shown(self) -> bytes:
        """The PDF that this page shows."""
        keep = self.page, self.at
        self.get(self.link(r"/d/[^\"]*/file.pdf"))
        data = self.data
        self.page, self.at = keep
        return data

    def press_print(self, **changes: Any) -> str:
        """Print, and wait until something came of it."""
        self.post(self.link(r"/d/[^\"]*/print"), self.form(**changes))
        return self.printed()

    def printed(self) -> str:
        """The page once something came of the job that it shows."""
        for _ in range(400):
            if not (self.at.startswith("/j/") and 'data-from="/j/' in self.page):
                return self.page
            time.sleep(0.05)
            self.get(self.at)
        raise AssertionError("it prints for ever")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return found[1] if found else ""


def files_below(*folders: Path) -> set[str]:
    """Every file there is."""
    return {str(path) for folder in folders for path in folder.rglob("*") if path.is_file()}
