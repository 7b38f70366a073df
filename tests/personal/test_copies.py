"""Copies for one person: what they print, what they leave alone, and that all conform."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from itertools import pairwise, product
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from handouts import build as pipeline
from handouts import scaffold
from handouts.attach.transcript import transcribe
from handouts.build import Order
from handouts.datafile import load
from handouts.errors import ContentError, LayoutError, Source, WorkspaceError
from handouts.model import FIELD_NAMES, REPERTOIRE
from handouts.pdf.validate import validate
from handouts.personal.entries import ENTRIES, Person, read_values
from handouts.personal.press import Edition, Press
from handouts.seal import is_sealed
from handouts.selection import Selection
from handouts.workspace import Workspace, open_workspace

TODAY = date(2026, 11, 21)
HERE = Source("people.json")
SAMPLE = {key: entry.sample for key, entry in ENTRIES.items()}
#: Each field has each kind of text in each length; the last copies have a name alone, or no note.
#: Those of the same shape share one layout.
MANY = 52


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(Workspace(None, Path.cwd()))


def order(condition: str = "crps", layout: str = "standard", lang: str = "en") -> Order:
    return Order(Selection(condition, layout, lang), Path("copy.pdf"), TODAY)


def copy_of(press: Press, data: Mapping[str, object], which: Order | None = None) -> bytes:
    edition, made = press.copy(which or order(), Person(data, HERE))
    return edition.filler.data + made.update


def heard(data: bytes) -> list[str]:
    """The lines of the panel, from its heading on."""
    lines = [line.strip() for line in transcribe(data).lines]
    first = next(at for at, line in enumerate(lines) if line in ("H2: For you", "H2: Para usted"))
    return [line for line in lines[first:] if line.startswith("P: ")]


# --- what is printed ----------------------------------------------------------------------


def test_all_fields_are_heard_with_their_values(press: Press) -> None:
    assert heard(copy_of(press, SAMPLE))[:8] == [
        "P: Name: Ana Example",
        "P: When: Thursday, December 3, 2099, 9:30 a.m.",
        "P: Where: 2nd floor, room 4",
        "P: With: Dr. Sample",
        "P: Born: February 3, 1956",
        "P: Side: left",
        "P: Call: (555) 012-3456",
        "P: Note: Bring your list of medicines.",
    ]


def test_two_lines_of_a_note_stay_two_pieces_of_advice(press: Press) -> None:
    """They print as one: a sign keeps them apart, also for the ear."""
    note = "Stop aspirin\r\n\n  Take 5 mg   daily.\nBring:\n- a list\n"
    place = "2nd floor\nroom 4"
    said = {"patient": "Ana\nExample", "appointment_place": place, "note": note}
    assert heard(copy_of(press, said))[:3] == [
        "P: Name: Ana Example",
        "P: Where: 2nd floor, room 4",
        "P: Note: Stop aspirin; Take 5 mg daily. Bring: - a list",
    ]


def test_each_language_has_its_own_words(press: Press) -> None:
    spanish = heard(copy_of(press, SAMPLE, order(layout="large-print", lang="es")))
    assert spanish[:8] == [
        "P: Nombre: Ana Example",
        "P: Nació: 3 de febrero de 1956",
        "P: Lado: izquierdo",
        "P: Cita: jueves, 3 de diciembre de 2099, 9:30 a. m.",
        "P: Dónde: 2nd floor, room 4",
        "P: Con: Dr. Sample",
        "P: Llame al: (555) 012-3456",
        "P: Nota: Bring your list of medicines.",
    ]


@pytest.mark.parametrize(
    ("at", "words"), [("0:05", "12:05 a.m."), ("12:00", "12:00 p.m."), ("23:59", "11:59 p.m.")]
)
def test_times_of_day(press: Press, at: str, words: str) -> None:
    data = {"appointment_date": "2026-12-03", "appointment_time": at}
    (line, *_) = heard(copy_of(press, data))
    assert line == "P: When: Thursday, December 3, 2026, " + words.replace(" ", " ")


def test_a_time_is_not_torn(press: Press) -> None:
    """Whatever stands before it: the last line of an appointment is more than "m."."""
    for length in range(20, 110, 3):
        data = {"appointment_date": "2026-12-03", "appointment_time": "9:30"}
        which = order("pelvic", lang="es")
        edition, _ = press.copy(which, Person(data | {"patient": "x" * min(length, 80)}, HERE))
        terms = press.resolved(which).handout.terms
        values, _ = read_values(Person(data, HERE), terms, TODAY)
        spoken = f"{'x' * length} {values['appointment']}"
        lines = edition.filler.lines({"patient": "x", "appointment": spoken})["appointment"]
        assert lines[-1].endswith("9:30 a. m.".replace(" ", "\N{NO-BREAK SPACE}"))


def test_what_is_not_given_leaves_no_trace(press: Press) -> None:
    lines = heard(copy_of(press, {"patient": "Ana Example", "note": ""}))
    assert lines[0] == "P: Name: Ana Example"
    assert not any(line.startswith(("P: Note", "P: Born", "P: When")) for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "<strong>Ana</strong> & {{ brand.name }}",
        r") Tj ET Q EMC (\051 <0041> /P <</MCID 0>> BDC",
        "D’Ávila-O'Neil “Nguyễn Thị Ánh”",
        "Юлия Ωmega",
    ],
)
def test_a_value_is_text_whatever_it_says(press: Press, text: str) -> None:
    data = copy_of(press, {"patient": text})
    assert heard(data)[0] == f"P: Name: {text}"
    assert validate(data) == ()


def test_letters_are_composed(press: Press) -> None:
    apart = unicodedata.normalize("NFD", "José Žižka Ệ")
    assert apart != "José Žižka Ệ"
    assert heard(copy_of(press, {"patient": apart}))[0] == "P: Name: José Žižka Ệ"


def test_the_edition_is_that_of_the_words(press: Press, tmp_path: Path) -> None:
    plain = pipeline.build(
        Workspace(None, tmp_path), Order(order().selection, tmp_path / "a.pdf", TODAY)
    )
    for data in (SAMPLE, {"note": "x " * 290}):
        edition, _ = press.copy(order(), Person(data, HERE))
        assert edition.name == plain.edition


def test_names_of_a_script_share_one_layout(press: Press) -> None:
    """Whatever letters each of them has: thousands of layouts would take hours, and all memory."""
    for names in (("Бобов", "Щукина"), ("Αγάπη", "Μόρφου")):
        made = [press.copy(order(), Person({"patient": name}, HERE)) for name in names]
        assert made[0][0] is made[1][0]
        for name, (edition, copy) in zip(names, made, strict=True):
            data = edition.filler.data + copy.update
            assert heard(data)[0] == f"P: Name: {name}"
            assert validate(data) == ()


def test_the_same_data_are_the_same_bytes(press: Press) -> None:
    again = Press(Workspace(None, Path.cwd()))
    assert copy_of(press, SAMPLE) == copy_of(again, SAMPLE)


# --- many, with extreme values ------------------------------------------------------------


KINDS = ("any", "wide", "narrow", "words", "apart", "one")
LENGTHS = (1, 2, 20, None)  # of 80 to 600 letters: as many as there is room for


def extreme(seed: int) -> dict[str, str]:
    """Some fields, each with a text as short, long, wide or odd as may be."""
    dice = random.Random(seed)
    letters = REPERTOIRE.replace(" ", "")
    combinations = tuple(product(KINDS, LENGTHS))

    def text(most: int, which: int) -> str:
        kind, wanted = combinations[which % len(combinations)]
        length = wanted or most
        if kind == "words":
            return ("It’s two by two; Nguyễn-Ðặng " * most)[:length].strip()
        if kind == "apart":  # accents that stand beside their letters
            return unicodedata.normalize("NFD", "Ệạéñ" * most)[:length].strip()
        if kind == "one":  # one word, longer than a line
            return ("pneumono" * most)[:length]
        pool = {"any": letters, "wide": "WM@—", "narrow": "il.'|"}[kind]
        return "".join(dice.choice(pool) for _ in range(length))

    half = seed // 2
    given = {"patient": text(80, seed), "birth_date": "1956-02-03", "side": "both"}
    if seed % 2:
        given |= {"appointment_date": "2026-12-30", "appointment_time": "12:59"}
        given |= {"appointment_place": text(120, half), "clinician": text(80, half + 7)}
    elif half < len(combinations):
        given |= {"phone": "+1 (401) 846-2200 ext. 123", "note": text(600, half)}
    return given


@pytest.fixture(scope="module")
def many(press: Press) -> list[tuple[dict[str, str], Edition, bytes]]:
    found = []
    for seed in range(MANY):
        data = extreme(seed)
        edition, made = press.copy(order(), Person(data, HERE))
        found.append((data, edition, edition.filler.data + made.update))
    return found


Many = list[tuple[dict[str, str], Edition, bytes]]


def test_every_copy_conforms(many: Many) -> None:
    assert len(many) == MANY
    for _, _, copy in many:
        assert validate(copy) == ()


def test_every_value_is_heard_whole(many: Many) -> None:
    for data, _, copy in many[::3]:
        parts = [line.removeprefix("P: ").partition(": ") for line in heard(copy)]
        said = {(label, "".join(value.split())) for label, _, value in parts}
        for key, label in (("patient", "Name"), ("appointment_place", "Where"), ("note", "Note")):
            if key in data:
                meant = "".join(unicodedata.normalize("NFC", data[key]).split())
                assert (label, meant) in said, key


def test_no_value_leaves_its_field(many: Many) -> None:
    """Every letter of a field stands within its width, as PDFium draws it."""
    for _, edition, copy in many[::3]:
        page = pdfium.PdfDocument(copy)[edition.pages - 1]
        text = page.get_textpage()
        width = page.get_width()
        for at in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(at)
            assert left >= 40
            assert right <= width - 40


def test_a_copy_differs_from_its_edition_in_nothing_but_the_fields(many: Many) -> None:
    for _, edition, copy in many[::5]:
        base = edition.filler.data
        assert copy.startswith(base)
        old, new = (pikepdf.open(BytesIO(data)) for data in (base, copy))
        changed = {
            one.objgen
            for one, other in zip(old.objects, new.objects, strict=False)
            if _bytes(one) != _bytes(other)
        }
        assert changed == {(number, 0) for number in edition.filler.numbers}
        extra = new.objects[len(old.objects) :]
        assert [str(one.get("/Type")) for one in extra] == ["/XRef"]
        assert new.trailer.ID[0] == old.trailer.ID[0]
        assert is_sealed(copy)
        assert not is_sealed(copy[:-1] + b" ")


def _bytes(one: pikepdf.Object) -> bytes:
    own = one.unparse(resolved=False)
    return own + one.read_raw_bytes() if isinstance(one, pikepdf.Stream) else own


def test_lines_break_between_words_and_fill_their_width(press: Press) -> None:
    data = {"note": "Bring your list of medicines and your card. " * 13}
    edition, _ = press.copy(order(), Person(data, HERE))
    (lines,) = edition.filler.lines({"note": data["note"].strip()}).values()
    assert " ".join(lines) == data["note"].strip()
    lengths = [len(line) for line in lines]
    assert all(abs(one - other) < 20 for one, other in pairwise(lengths[1:-1]))


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("patient", 3, "must be text, in quotes"),
        ("patient", "x" * 81, "has 81 characters; there is room for 80"),
        ("patient", "Ana\u200bExample", "nobody can see (U+200B"),
        ("patient", "a" + "\u0301" * 5, "nobody can see"),
        ("patient", "x\u0302", "U+0302 COMBINING CIRCUMFLEX ACCENT, which would not print right"),
        ("patient", "שרה", "U+05E9 HEBREW LETTER SHIN"),
        ("patient", "सीता", "U+0940 DEVANAGARI VOWEL SIGN II"),
        ("patient", "Jos\ufffd", "stands for a letter that was lost"),
        ("patient", "日本", "no font has the character “日”"),
        ("birth_date", "02/03/1956", "must be a day such as 2026-12-03"),
        ("birth_date", "1956-02-30", "must be a day such as 2026-12-03"),
        ("birth_date", "2027-01-01", "must be a day from 1900 on that is past"),
        ("appointment_date", "2026-11-20", "is past"),
        ("appointment_time", "24:00", "must be a time"),
        ("appointment_time", "9:30", "has no appointment_date"),
        ("side", "Left", "must be one of left, right, both"),
        ("phone", "12", "has 2 digits"),
        ("note", "x" * 601, "there is room for 600"),
        ("nmae", "Ana", "unknown field"),
    ],
)
def test_what_cannot_be_printed_is_refused(
    press: Press, key: str, value: object, words: str
) -> None:
    with pytest.raises(ContentError) as caught:
        copy_of(press, {key: value})
    (finding,) = caught.value.findings
    assert words in finding.message
    assert finding.source
    assert finding.source.file == HERE.file
    # a name is nobody else's business, and a message may be kept
    assert not (isinstance(value, str) and len(value) > 4 and value in str(caught.value))


def test_all_mistakes_are_told_at_once(press: Press) -> None:
    with pytest.raises(ContentError) as caught:
        copy_of(press, {"birth_date": "x", "side": "x", "phone": "x"})
    assert len(caught.value.findings) == 3
    with pytest.raises(ContentError, match="no field has a value"):
        copy_of(press, {"patient": " ", "note": None})


def test_a_layout_without_the_fields_refuses_them(press: Press) -> None:
    with pytest.raises(LayoutError, match="the layout referral has no place for the field"):
        copy_of(press, SAMPLE, order(layout="referral"))


# --- a layout of one's own ----------------------------------------------------------------

LINES = """
{% for field in personal.fields %}
  {% if field.given %}<field name="{{ field.name }}"><strong>{{ field.label }}</strong></field>
  {% else %}<p><strong>{{ field.label }}</strong>
    <blank width="150" spoken="{{ terms.writing_line }}"/></p>
  {% endif %}
{% endfor %}
"""


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A clinic whose layout has a line to write on for each field that is not given."""
    scaffold.init(tmp_path / "clinic")
    folder = tmp_path / "clinic" / "layouts" / "lined"
    folder.mkdir(parents=True)
    shipped = Path("layouts/handout.xml.j2").read_text(encoding="utf-8")
    references = "  {% if handout.references %}"
    before, _, after = shipped.partition(references)
    after = after.replace("{% if personal.given and", "{% if not personal and")
    heading = "<h>{{ terms.for_you }}</h>"
    panel = f'<aside class="for-you"><section>{heading}{LINES}</section></aside>'
    (folder / "handout.xml.j2").write_text(f"{before}{panel}{references}{after}")
    (folder / "layout.toml").write_text(
        'extends = "standard"\n[title]\nen = "Lined"\n[description]\nen = "With lines."\n'
    )
    return open_workspace(tmp_path / "clinic", tmp_path)


def test_a_layout_may_have_lines_to_write_on(own: Workspace, tmp_path: Path) -> None:
    which = order(layout="lined")
    made = copy_of(Press(own), {"patient": "Ana Example"}, which)
    assert heard(made)[:2] == [
        "P: Name: Ana Example",
        "P: Born: [Span, said “line to write on”]",
    ]
    plain = tmp_path / "a.pdf"
    pipeline.build(own, Order(which.selection, plain, TODAY))
    assert sum("line to write on" in line for line in heard(plain.read_bytes())) == len(FIELD_NAMES)


def test_a_drive_that_goes_while_its_files_are_read_is_no_mistake_in_them(
    own: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again; a mistake in a file is kept for the thousands that ask for the same."""
    home, away, press = tmp_path / "clinic", tmp_path / "away", Press(own)

    def goes(_: Workspace, order: Order) -> None:
        home.rename(away)
        load(home / "layouts" / order.selection.layout / "layout.toml", "it", ContentError)

    with monkeypatch.context() as patched:
        patched.setattr("handouts.personal.press.resolve", goes)
        with pytest.raises(WorkspaceError, match="cannot be reached"):
            press.whole(order(layout="lined"))
    away.rename(home)
    assert press.whole(order(layout="lined")).pages

    mistake = home / "layouts/lined/layout.toml"
    right = mistake.read_text()
    mistake.write_text("schema =\n")
    press = Press(open_workspace(home, home))
    for _ in range(2):
        with pytest.raises(LayoutError, match=r"layout\.toml:1: is not valid TOML"):
            press.whole(order(layout="lined"))
        mistake.write_text(right)
