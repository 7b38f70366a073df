"""``build --fillable`` and ``read-form``: what patients type comes back as a table."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader, PdfWriter

from handouts.attach import PacketPart, join, packet
from handouts.cli.app import app
from handouts.file_names import output_name
from handouts.model import FIELD_NAMES, Selection
from handouts.pdf.validate import validate
from tests.approving import approve
from tests.attach.test_form_fields import FORMS

pytestmark = pytest.mark.usefixtures("answered_here")

Fill = Callable[[bytes, Mapping[str, str]], bytes]

#: Letters of several languages, what a spreadsheet computes, a line end, an emoji.
TYPED = {
    "patient": "Łucja Nguyễn-O’Brien",
    "side": "Αριστερά",
    "clinician": "Д-р Ильин",
    "phone": "+1 (555) 012-3456",
    "place": "=HYPERLINK(1)",
    "note": 'first, "second"\nthird 🙂',
    "trial-diary.r1.c2": "7",
    "trial-diary.r10.c6": "-2 pills",
}


def run(*args: str) -> Result:
    return CliRunner().invoke(app, [*args])


def by_pypdf(data: bytes, values: Mapping[str, str]) -> bytes:
    """As a viewer that writes the whole file anew, with looks in fonts of its own choice."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(values), auto_regenerate=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pypdf_added(data: bytes, values: Mapping[str, str]) -> bytes:
    """As a viewer that adds an update and leaves the file's bytes as they are."""
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(values), auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(data)
    return out.getvalue()


def by_pikepdf(data: bytes, values: Mapping[str, str]) -> bytes:
    """As a viewer that writes text in UTF-8 (PDF 2.0) or a stream, and CR for a new line."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/FT") == "/Tx":
                text = values.get(_name(one), "").replace("\n", "\r")
                coded = b"\xef\xbb\xbf" + text.encode()
                long = _name(one) == "note"
                one.V = pdf.make_stream(coded) if long else pikepdf.String(coded)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def by_pikepdf_locked(data: bytes, values: Mapping[str, str]) -> bytes:
    """The same, encrypted; it opens without a password."""
    with pikepdf.open(io.BytesIO(by_pikepdf(data, values))) as pdf, io.BytesIO() as out:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=""))
        return out.getvalue()


def behind_another(form: bytes) -> bytes:
    """Joined behind a form that has a field of the same name."""
    other = FORMS["a form"](b"Somebody").replace(b"/T(name)", b"/T(side)")
    return join(other, form).data


def bound_by_pypdf(one: bytes, two: bytes) -> bytes:
    """Two forms in one file, as programs bind them that keep the names of fields."""
    writer = PdfWriter()
    for each in (one, two):
        writer.append(io.BytesIO(each))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bound_by_pikepdf(one: bytes, two: bytes) -> bytes:
    """The same; the fields of the second are on its pages, and in no list."""
    with pikepdf.open(io.BytesIO(one)) as pdf, pikepdf.open(io.BytesIO(two)) as other:
        pdf.pages.extend(other.pages)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def bound_by_us(one: bytes, two: bytes) -> bytes:
    """The same; the fields of the second have other names, so far as these were taken."""
    return join(one, two).data


def bound_by_qpdf(one: bytes, two: bytes) -> bytes:
    """The same, as ``qpdf --pages`` names them."""
    with pikepdf.open(io.BytesIO(two)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            field.T = pikepdf.String(f"{field.T}+1")
        out = io.BytesIO()
        pdf.save(out)
    return bound_by_pypdf(one, out.getvalue())


def named_anew(data: bytes, named: str) -> bytes:
    """The form with other names of its fields."""
    with pikepdf.open(io.BytesIO(data)) as pdf, io.BytesIO() as out:
        for at, field in enumerate(pdf.Root.AcroForm.Fields):
            field.T = pikepdf.String(named.format(at=at, name=field.T))
        pdf.save(out)
        return out.getvalue()


@pytest.mark.parametrize("named", ["dummyFieldName{at}", "{name}1y2p0ij3{at}", "{name}_2"])
def test_a_form_whose_fields_another_program_named_anew_is_seen(
    form: bytes, tmp_path: Path, named: str
) -> None:
    """As PDFBox, Sejda and others bind two forms: what a field is called for a reader stays."""
    second = named_anew(by_pypdf(form, {"patient": "Bo Example"}), named)
    file = tmp_path / "both.pdf"
    for bind in (bound_by_pypdf, bound_by_pikepdf):
        file.write_bytes(bind(by_pypdf(form, {"patient": "Ana Example"}), second))
        done = run("read-form", str(file))
        assert done.exit_code == 6, done.output
        assert "has fields of several forms" in done.stderr


@pytest.mark.parametrize("bind", [bound_by_pypdf, bound_by_pikepdf])
@pytest.mark.parametrize("named", ["B.{name}", "{name}_2", "dummyFieldName{at}"])
def test_a_form_in_another_language_is_seen_whatever_its_fields_are_called(
    form: bytes, tmp_path: Path, named: str, bind: Callable[[bytes, bytes], bytes]
) -> None:
    """Its fields have neither our names nor the words of the first form."""
    other, file = tmp_path / "es.pdf", tmp_path / "both.pdf"
    assert run("build", "crps", "--lang", "es", "--fillable", "-o", str(other)).exit_code == 0
    second = named_anew(by_pypdf(other.read_bytes(), {"patient": "Bo Example"}), named)
    for one, two in ((form, second), (second, form)):
        file.write_bytes(bind(by_pypdf(one, {"patient": "Ana Example"}), two))
        done = run("read-form", str(file))
        assert done.exit_code == 6, done.output
        assert "has fields of several forms" in done.stderr


def test_a_patients_form_may_have_fields_of_its_own_and_one_of_ours_twice(
    form: bytes, tmp_path: Path
) -> None:
    with pikepdf.open(io.BytesIO(by_pypdf(form, {"patient": "Ana Example"}))) as pdf:
        first, other = pdf.pages[0], FORMS["a form"](b"yes")
        [twice] = [one for one in pdf.Root.AcroForm.Fields if one.T == "patient"]
        again = pikepdf.Dictionary(dict(twice.items()))
        first.obj.Annots = pikepdf.Array([*first.obj.get("/Annots", []), pdf.make_indirect(again)])
        with pikepdf.open(io.BytesIO(other)) as added:
            for name in ("patient_id", "B.consent", "FullName"):
                own = pdf.copy_foreign(added.Root.AcroForm.Fields[0])
                own.T = pikepdf.String(name)
                if name == "FullName":  # called so, and made so
                    own.TU, own.Ff, own.BS = twice.TU, 1 << 23, pikepdf.Dictionary(W=0)
                pdf.Root.AcroForm.Fields.append(
                    pdf.make_indirect(pikepdf.Dictionary(dict(own.items())))
                )
        pdf.save(tmp_path / "own.pdf")
    done = run("read-form", str(tmp_path / "own.pdf"))
    assert done.exit_code == 0, done.output
    [row] = table(done.stdout)
    assert (row["patient"], row["patient_id"], row["B.consent"]) == ("Ana Example", "yes", "yes")


def by_other(form: bytes) -> bytes:
    """A form of somebody else."""
    with pikepdf.open(io.BytesIO(form)) as pdf:
        for one in pdf.Root.AcroForm.Fields:
            if one.T == "patient":
                one.T = pikepdf.String("name")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _name(one: pikepdf.Object) -> str:
    return (f"{_name(one.Parent)}." if "/Parent" in one else "") + str(one.T)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A form with the panel and the diary."""
    target = tmp_path_factory.mktemp("form") / "form.pdf"
    done = run("build", "crps", "--section", "trial-diary", "--fillable", "-o", str(target))
    assert done.exit_code == 0, done.output
    return target.read_bytes()


def table(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("fill", [by_pypdf, by_pypdf_added, by_pikepdf, by_pikepdf_locked])
def test_what_was_typed_comes_back_whole_whatever_saved_it(
    form: bytes, fill: Fill, tmp_path: Path
) -> None:
    file = tmp_path / "returned.pdf"
    file.write_bytes(fill(form, TYPED))
    done = run("read-form", str(file))
    assert done.exit_code == 0, done.output
    [row] = table(done.stdout)
    assert [*row][:10] == ["file", "edition", *FIELD_NAMES]
    assert len(row) == 2 + 8 + 50
    assert row.pop("file") == "returned.pdf"
    assert len(row.pop("edition")) == 10
    harmless = {"phone": "'+1 (555) 012-3456", "place": "'=HYPERLINK(1)"}
    harmless["trial-diary.r10.c6"] = "'-2 pills"
    assert {name: text for name, text in row.items() if text} == {**TYPED, **harmless}
    heard = run("transcript", str(file)).stdout
    for text in TYPED.values():
        assert f"value “{' '.join(text.split())}”" in heard


@pytest.mark.parametrize("bind", [bound_by_pypdf, bound_by_pikepdf, bound_by_qpdf, bound_by_us])
def test_forms_of_two_patients_in_one_file_are_told_from_each_other_or_refused(
    form: bytes, tmp_path: Path, bind: Callable[[bytes, bytes], bytes]
) -> None:
    """Else one would have the diary of the other."""
    ana, bo = {"patient": "Ana Example", "note": "mine"}, {"patient": "Bo Example"}
    file = tmp_path / "both.pdf"
    nameless = [{"birth_date": f"19{year}-01-01"} for year in (40, 70)]
    for one, two in ((ana, bo), (bo, ana), nameless):
        file.write_bytes(bind(by_pypdf(form, one), by_pypdf(form, two)))
        done = run("read-form", str(file))
        assert done.exit_code == 6, done.output
        assert "has fields of several forms" in done.stderr
    file.write_bytes(bind(by_pypdf(form, ana), by_pypdf(form, ana)))
    [row] = table(run("read-form", str(file)).stdout)
    assert (row["patient"], row["note"]) == ("Ana Example", "mine")


@pytest.fixture(scope="module")
def other_form(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The form of another handout, without a table."""
    target = tmp_path_factory.mktemp("other") / "form.pdf"
    args = ("build", "foot", "--layout", "one-page", "--fillable", "-o", str(target))
    assert run(*args).exit_code == 0
    return target.read_bytes()


ANA = {"patient": "Ana Example", "note": "mine", "trial-diary.r1.c2": "7"}


@pytest.mark.parametrize("bind", [bound_by_pypdf, bound_by_pikepdf, bound_by_qpdf, bound_by_us])
def test_a_blank_form_stays_out_of_the_one_that_is_bound_with_it(
    form: bytes, other_form: bytes, tmp_path: Path, bind: Callable[[bytes, bytes], bytes]
) -> None:
    file, hers = tmp_path / "both.pdf", by_pypdf_added(form, ANA)
    pairs = [(hers, form), (form, hers), (hers, other_form), (other_form, hers)]
    if bind is bound_by_us:
        pairs.append((other_form, bind(form, hers)))
    for one, two in pairs:
        file.write_bytes(bind(one, two))
        done = run("read-form", str(file))
        if bind is not bound_by_us and one is other_form:
            # Nothing says where her form begins: the diary may be the other's.
            assert (done.exit_code, "without a name" in done.stderr) == (6, True)
            continue
        assert done.exit_code == 0, done.output
        [row] = table(done.stdout)
        assert {name: row[name] for name in ANA} == ANA
        assert len(row) == 2 + 8 + 50
        if bind is bound_by_us:
            assert len(row["edition"]) == 10


@pytest.mark.parametrize("answer", ["note", "birth_date", "trial-diary.r1.c2"])
@pytest.mark.parametrize("bind", [bound_by_pypdf, bound_by_pikepdf, bound_by_qpdf, bound_by_us])
def test_answers_in_a_form_without_a_name_are_nobodys(
    form: bytes,
    other_form: bytes,
    tmp_path: Path,
    bind: Callable[[bytes, bytes], bytes],
    answer: str,
) -> None:
    file, nameless = tmp_path / "both.pdf", by_pypdf_added(form, {answer: "7"})
    for which in (form, other_form):
        hers = by_pypdf_added(which, {"patient": "Ana Example"})
        for one, two in ((hers, nameless), (nameless, hers)):
            file.write_bytes(bind(one, two))
            done = run("read-form", str(file))
            assert done.exit_code == 6, done.output
            assert "without a name: nobody can tell whose they are" in done.stderr
            assert "Split the file" in done.stderr


def bare(data: bytes) -> bytes:
    """As a viewer saves it that leaves out tags and metadata."""
    with pikepdf.open(io.BytesIO(data)) as pdf, io.BytesIO() as out:
        del pdf.Root.StructTreeRoot, pdf.Root.Metadata
        for page in pdf.pages:
            if "/Metadata" in page.obj:
                del page.obj.Metadata
        pdf.save(out)
        return out.getvalue()


def arranged(data: bytes, order: slice) -> bytes:
    """Its pages in another order, or some of them, as a viewer leaves it."""
    with pikepdf.open(io.BytesIO(data)) as pdf, io.BytesIO() as out:
        kept = [*pdf.pages][order]
        del pdf.pages[:]
        pdf.pages.extend(kept)
        pdf.save(out)
        return out.getvalue()


def test_the_edition_is_the_forms_wherever_it_stands_in_a_file(form: bytes, tmp_path: Path) -> None:
    """Each part of a join says its own on its first page; the fields may be on another."""
    other, file = tmp_path / "other.pdf", tmp_path / "returned.pdf"
    assert run("build", "foot", "--layout", "one-page", "-o", str(other)).exit_code == 0
    page = other.read_bytes()
    file.write_bytes(form)
    [own] = table(run("read-form", str(file)).stdout)
    twice = join(join(page, form).data, page).data
    bound = packet([PacketPart(page), PacketPart(form), PacketPart(page)]).data
    moved = arranged(join(page, form).data, slice(None, None, -1))
    for data in (join(page, form).data, join(form, page).data, twice, bound, moved):
        file.write_bytes(by_pypdf_added(data, {"patient": "Ana Example"}))
        [row] = table(run("read-form", str(file)).stdout)
        assert (row["patient"], row["edition"]) == ("Ana Example", own["edition"])
    # Nothing says which it is: not what the handout before it says.
    begun = len(pikepdf.open(io.BytesIO(page)).pages) + 1
    cut = arranged(join(page, form).data, slice(begun, None))
    for data in (bare(form), join(page, bare(form)).data, bound_by_pikepdf(page, form), cut):
        file.write_bytes(data)
        [row] = table(run("read-form", str(file)).stdout)
        assert row["edition"] == ""


def test_a_file_that_is_no_form_stops_no_other(form: bytes, tmp_path: Path) -> None:
    filled = by_pypdf_added(form, TYPED)
    page = tmp_path / "page.pdf"
    assert run("build", "crps", "-o", str(page)).exit_code == 0
    files = {
        "one.pdf": by_pikepdf(form, TYPED),
        "cut.pdf": filled[:-200],
        "page.pdf": page.read_bytes(),
        "empty.pdf": b"",
        "other.pdf": by_other(form),
        "joined.pdf": behind_another(form),
        "two.pdf": form,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    names = [str(tmp_path / name) for name in (*files, "none.pdf")]
    target = tmp_path / "table.csv"
    done = run("read-form", *names, "-o", str(target))
    assert done.exit_code == 9
    rows = table(target.read_text("utf-8-sig"))
    assert [(row["file"], row["note"]) for row in rows] == [
        ("one.pdf", TYPED["note"]),
        ("two.pdf", ""),
    ]
    for name, said in {
        "cut.pdf": "was cut off",
        "page.pdf": "is no handout with fields",
        "other.pdf": "is no handout with fields",
        "joined.pdf": "has fields of several forms",
        "empty.pdf": "is not a PDF",
        "none.pdf": "cannot be read",
    }.items():
        [line] = [line for line in done.stderr.splitlines() if f"{name}: " in line]
        assert said in line
    assert TYPED["patient"] not in done.output
    assert run("read-form", str(tmp_path / "cut.pdf")).exit_code == 6


def test_the_table_is_its_makers_alone_and_takes_no_files_place(
    form: bytes, tmp_path: Path
) -> None:
    file, target = tmp_path / "form.pdf", tmp_path / "table.csv"
    file.write_bytes(form)
    target.write_text("kept")
    again = run("read-form", str(file), "-o", str(target))
    assert (again.exit_code, target.read_text()) == (7, "kept")
    assert run("read-form", str(file), "-o", str(file), "--force").exit_code == 2
    assert run("read-form", str(file), "-o", str(target), "--force").exit_code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert file.read_bytes() == form


# --- build --fillable ---------------------------------------------------------------------


def test_a_form_is_a_file_of_its_own_beside_the_page_and_of_its_edition(home: Path) -> None:
    made = [run("build", "crps", *form, "--json") for form in ((), ("--fillable",), ())]
    page, form, again = (json.loads(done.stdout)["built"][0] for done in made)
    assert (page["cached"], form["cached"], again["cached"]) == (False, False, True)
    assert form["edition"] == page["edition"]
    assert Path(form["path"]).name == "crps.standard.en.fillable.pdf"
    data = (home / "output/crps.standard.en.fillable.pdf").read_bytes()
    assert validate(data) == ()
    assert run("check", form["path"]).exit_code == 0
    assert (
        run("build", "crps", "--fillable", "--paper", "a4", "--layout", "large-print").exit_code
        == 0
    )
    assert (home / "output/crps.large-print.en.a4.fillable.pdf").exists()
    assert run("build", "crps", "--fillable", "--layout", "referral").exit_code == 4
    assert run("build", "crps", "--fillable", "--ask").exit_code == 2


def test_an_approved_form_does_not_take_the_place_of_the_page_that_is_printed_again(
    home: Path,
) -> None:
    approve(home)
    printed = json.loads(run("build", "crps", "--json").stdout)["built"][0]
    assert run("build", "crps", "--fillable").exit_code == 0
    done = run("reprint", printed["edition"], "-o", "again.pdf")
    assert "the same bytes as then" in done.stdout, done.output
    assert Path("again.pdf").read_bytes() == Path(printed["path"]).read_bytes()


def test_a_form_that_was_printed_alone_is_printed_again_as_a_form(home: Path) -> None:
    approve(home)
    made = json.loads(run("build", "crps", "--fillable", "--json").stdout)["built"][0]
    done = run("reprint", made["edition"], "-o", "again.pdf")
    assert "the same bytes as then" in done.stdout, done.output


def test_no_brand_is_taken_for_a_form() -> None:
    names = [
        output_name(Selection("crps", brand=brand, fillable=form), "", "letter")
        for brand, form in (("fillable", False), ("", True))
    ]
    assert len({*names}) == 2
