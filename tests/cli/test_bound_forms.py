"""``read-form`` of files with several forms, or with a form among other documents."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from handouts.attach import PacketPart, join, packet
from tests.attach.test_form_fields import FORMS
from tests.cli.filled_in import (
    bound_by_pikepdf,
    bound_by_pypdf,
    bound_by_qpdf,
    bound_by_us,
    by_pypdf,
    by_pypdf_added,
    run,
    table,
)

pytestmark = pytest.mark.usefixtures("answered_here")


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
