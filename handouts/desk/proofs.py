"""Proofs for editors, made by a child process: pages of the newest words, what is wrong there."""

from __future__ import annotations

import io
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from handouts.attach.transcript import transcribe
from handouts.build import Order, usual_target
from handouts.check import everything
from handouts.compose import standing, words_of
from handouts.compose.wording import changes
from handouts.desk.heard import Heard, rows
from handouts.desk.page_images import LOCK
from handouts.errors import Finding, HandoutsError
from handouts.layout import check_layout, load_layout
from handouts.library import load_library, records
from handouts.model import Status
from handouts.personal.press import Press
from handouts.selection import Selection
from handouts.two_languages import beside
from handouts.workspace import Workspace, open_workspace

#: Pixels: twice the column beside the findings on a small screen.
_WIDTH: Final = 800
_WHITE: Final = (255, 255, 255)
#: Pixels: the edges of letters are smooth.
_PADDING: Final = (-2, -2, 2, 2)


class Place(Struct, frozen=True):
    """Which workspace; without ``root``, the built-in library."""

    root: Path | None
    output: Path

    def opened(self) -> Workspace:
        """Raises WorkspaceError."""
        if self.root is None:
            return self.unread
        return open_workspace(self.root, self.root)

    @property
    def unread(self) -> Workspace:
        """The workspace without its settings: where its files lie."""
        return Workspace(self.root, self.output)


class Wanted(Struct, frozen=True):
    """What an editor looks at."""

    condition: str
    lang: str
    layout: str
    brand: str


class Pages(Struct, frozen=True):
    """A PDF, its pictures, what is heard of it. ``looks`` has a hash of each page as it is seen,
    but for its edition, which changes with each word anywhere."""

    data: bytes
    edition: str
    pictures: tuple[bytes, ...]
    looks: tuple[str, ...]
    heard: tuple[Heard, ...]


class Checked(Struct, frozen=True):
    """What ``check`` finds: ``mend`` and ``look``; ``printed`` is the day on which the words were
    approved that are printed now; ``changes`` are those since ``since``, the last approval, None
    where they cannot be told."""

    mend: tuple[Finding, ...]
    look: tuple[Finding, ...] = ()
    printed: date | None = None
    since: date | None = None
    changes: tuple[str, ...] | None = None


# --- Pages --------------------------------------------------------------------------------


def pages_of(place: Place, wanted: Wanted, today: date) -> Pages | tuple[Finding, ...]:
    """The pages of the newest words, checked to be what they claim; or why there are none."""
    try:
        workspace = place.opened()
        papers = load_layout(workspace, wanted.layout).papers
        paper = workspace.default_paper
        selection = Selection(
            wanted.condition,
            wanted.layout,
            wanted.lang,
            wanted.brand,
            paper if paper in papers else papers[0],
            beside=beside(workspace, wanted.layout, wanted.lang, None),
            proposed=True,
        )
        order = Order(selection, usual_target(workspace, selection), today)
        whole = Press(workspace).whole(order)
    except HandoutsError as problem:
        return problem.findings
    pictures, looks = _pictures(whole.data, whole.name)
    return Pages(whole.data, whole.name, pictures, looks, rows(transcribe(whole.data).lines))


def _pictures(data: bytes, edition: str) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Each page as PNG, and a hash of what is seen but for ``edition``."""
    import pypdfium2

    pictures, looks = list[bytes](), list[str]()
    with LOCK:
        pdf = pypdfium2.PdfDocument(data)
        try:
            for page in pdf:
                image = page.render(scale=_WIDTH / page.get_width()).to_pil().convert("RGB")
                out = io.BytesIO()
                image.save(out, "PNG", compress_level=2)
                pictures.append(out.getvalue())
                words = _without(image, page, edition)
                looks.append(sha256(image.tobytes() + words.encode()).hexdigest()[:16])
        finally:
            pdf.close()
    return tuple(pictures), tuple(looks)


def _without(image: Any, page: Any, edition: str) -> str:
    """The words of a page without its edition. In the picture the lines where that stands become
    white: the rest of them moves with it."""
    scale, height = image.width / page.get_width(), page.get_height()
    text = page.get_textpage()
    words: str = text.get_text_range()
    search = text.search(edition)
    while found := search.get_next():
        start = max(words.rfind("\n", 0, found[0]), 0)
        end = words.find("\n", found[0])
        for at in range(text.count_rects(start, (end if end >= 0 else len(words)) - start)):
            left, bottom, right, top = text.get_rect(at)
            box = (left, height - top, right, height - bottom)
            edges = (edge * scale + by for edge, by in zip(box, _PADDING, strict=True))
            image.paste(_WHITE, tuple(round(edge) for edge in edges))
    return words.replace(edition, "")


# --- Checks -------------------------------------------------------------------------------


def checked(place: Place, wanted: Wanted, today: date) -> Checked:
    """What ``check`` says of the condition in this language, of the layout and of the brand; and
    what changed since the words were approved. Raises WorkspaceError."""
    workspace = replace(place.opened(), default_brand=wanted.brand)
    if wanted.condition not in workspace.names("content/conditions"):
        return Checked(())  # that there are no pages says so
    part = everything.content_in(workspace, wanted.lang, (wanted.condition,), today)
    brand = tuple(everything.brand_findings(workspace, wanted.brand))
    layout = _layout_findings(place, wanted.brand, wanted.layout, _state(workspace))
    found = Checked(tuple(dict.fromkeys((*part.findings, *layout, *brand))), part.notes)
    return _compared(found, workspace, wanted, today)


def _state(workspace: Workspace) -> tuple[object, ...]:
    """What changes with any file that a layout's trial reads."""
    rooms = ("layouts/", "brands/", "content/interface/")
    return tuple(
        (name, stat.st_ino, stat.st_size, stat.st_mtime_ns)
        for name, file in workspace.files.items()
        if name.startswith(rooms)
        for stat in [file.path.stat()]
    )


@lru_cache(maxsize=8)
def _layout_findings(
    place: Place, brand: str, layout: str, state: tuple[object, ...]
) -> tuple[Finding, ...]:
    """A trial of a layout takes a second: once while its files, ``state``, are the same."""
    del state
    try:
        return tuple(check_layout(replace(place.opened(), default_brand=brand), layout))
    except HandoutsError as problem:
        return problem.findings


def _compared(found: Checked, workspace: Workspace, wanted: Wanted, today: date) -> Checked:
    """``found``, with what is approved, and how these words differ from that."""
    condition, lang = wanted.condition, wanted.lang
    try:
        now = standing(workspace, condition, lang, today).approval
        printed = now.approved_on if now.status is Status.APPROVED else None
    except HandoutsError:
        printed = None
    last = records.last_words(workspace, condition, lang)
    if last is None or last.words is None:
        return replace(found, printed=printed)
    try:
        lines = changes(workspace, last.words, words_of(load_library(workspace, lang), condition))
    except HandoutsError:  # its findings are known
        return replace(found, printed=printed, since=last.on)
    return replace(found, printed=printed, since=last.on, changes=tuple(lines))
