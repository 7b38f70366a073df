"""The search of the published page finds what the desk's finds, for the same reasons."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import to_builtins

from handouts.finding.catalogue import Catalogue, State, read_catalogue
from handouts.finding.search import search
from handouts.publish.search_data import on_page, search_data
from handouts.workspace import Workspace
from tests.finding.conftest import TODAY, with_states

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = files("handouts.publish").joinpath("search.js").read_text("utf-8")
#: What people type, and what they should not.
TYPED = """\
g90521|G90.52|g90.5|G90|“G57.7-”,|m25561|M25.5|M54.5|M79.67|G89.28|G89.21|T84.84|G89.28 M25.561
G90.521 M25.561|g90521 m25561 spanish large|G90.521 G57.71|g90521,m79671;n50.8|G90.521 M54.5
G90.521 knee|G90.521 leg|knee|kne|kn|k|knees|KNEE|kneee|rodilla|rodila|Rodíllas|pie|pies|pi|piel
pierna
G90.5 Rosa|G90.5 rosa Árm|m54.5 Rosa|M79.67 ＲＯＳＡ|g90521 m25561 foot peña
RSD|rsd leg|causalgia|causlagia hand|complex regional pain|SDRC|síndrome de dolor|sindrome|Sudeck
foot burning after surgery|my foot burns|pie que quema|me arde la rodilla|quema y da toques|mesh
malla
groin|ingle|ingles|inglés crps|hernia|hernai|hrenai repair|pelvsi hernea|pelvic doctor|médico pelvis
letra grande|spanish|español|ESPAÑOL Letra Grande crps|large print knee|doctor's sheet knee
usual foot
back pain|hip|hips|waist|bazo|espalda|the|a|que la de|¿?|no surgery knee|pain|dolor|hurts|duele|x
knee bogus|zzzz|knee and foot|hand or foot|nerve|nervio cortado|pins and needles|sex hurts|vejiga
straße|İzmir|ﬁnger|Ⅱ|２５|e\u0301l pie|n\u0303|\u0301|🦶 foot|foot\u200bfoot|M25\u2009.561|ΣΑΣ
constructor
toString|__proto__|layouts|burn burn burns burning|a b c d e f g h i j k l m n o p
"""


def queries(catalogue: Catalogue) -> Iterator[str]:
    yield from TYPED.replace("\n", "|").split("|")
    dice = random.Random(11)
    words = [word for text in catalogue.index.texts for word in text.text.split()]
    words += [*catalogue.codes.titles, "spanish", "large", "letra", "grande", "xyz"]
    for _ in range(150):
        some = dice.sample(words, dice.choice([1, 1, 2, 2, 3, 4]))
        word = list(dice.choice(some))
        place = dice.randrange(len(word))
        match dice.randrange(4):
            case 0:
                word.pop(place)
            case 1:
                word[place] = dice.choice("aeijnñst5.")
            case 2:
                word = word[: place + 1]
        yield " ".join([*some[1:], "".join(word)])


STATES: dict[tuple[str, str], State] = {
    ("crps", "en"): "approved",
    ("foot", "es"): "approved",
    ("nerve-injury", "en"): "approved",
    ("nerve-injury", "es"): "approved",
    ("pelvic", "es"): "withdrawn",
}


@pytest.mark.parametrize("part", ["all", "some"])
def test_both_find_the_same(page: Page, part: str) -> None:
    shipped = read_catalogue(Workspace(None, Path("output")), TODAY)
    catalogue = with_states(shipped, STATES)
    if part == "some":
        shown = {("crps", "en"), ("foot", "en"), ("foot", "es"), ("knee-replacement", "es")}
        catalogue = on_page(catalogue, shown)
    typed = list(queries(shipped))
    assert len(typed) >= 200
    asked = [[text, lang] for text in typed for lang in ("en", "es")]
    page.set_content("<title>search</title>")
    data = json.dumps(search_data(catalogue))
    page.add_script_tag(content=f"{SCRIPT}\nconst search = makeSearch({data});")
    there = page.evaluate("asked => asked.map(([text, lang]) => search(text, lang))", asked)
    hits = 0
    for (text, lang), said in zip(asked, there, strict=True):
        found = to_builtins(search(catalogue, text, lang))
        hits += bool(found["hits"])
        assert json.loads(json.dumps(found)) == said, (text, lang)
    assert hits > len(asked) / 4
