"""Make the sample PDFs of the tests again: ``python tests/attach/make_samples.py [NAME…]``.

Needs LibreOffice, Chromium, LaTeX, Ghostscript and qpdf, and the Python packages WeasyPrint,
Typst, ReportLab, pikepdf and pyHanko. The tests need only the files that this makes. All people
in them are made up.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

HERE = Path(__file__).parent
OUT = HERE / "samples"
TITLE = "Referral letter for Pat Sample"
PARAGRAPH = (
    "Pat Sample was seen in the pain clinic. The trial of stimulation eased the pain in the foot, "
    "and sleep became better. We propose to go on with the second stage."
)
MAKERS: dict[str, Callable[[], bytes]] = {}


def sample(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Register a maker under its function's name."""
    MAKERS[make.__name__] = make
    return make


def html(title: str, pages: int, extra: str = "") -> str:
    body = "".join(
        f'<section style="break-after:page"><h1>{title if n == 0 else f"Page {n + 1}"}</h1>'
        f'<h2 id="part-{n}">Findings</h2><p>{PARAGRAPH} See '
        f'<a href="https://example.org/">the clinic</a> and <a href="#part-0">findings</a>.</p>'
        "<ul><li>Left foot</li><li>Right hand</li></ul>"
        '<table><tr><th scope="col">Test</th><th scope="col">Result</th></tr>'
        "<tr><td>Trial</td><td>Good</td></tr></table></section>"
        for n in range(pages)
    )
    style = (
        "<style>body{font-family:sans-serif}section:last-child{break-after:auto!important}</style>"
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{style}'
        f"</head><body>{body}{extra}</body></html>"
    )


def weasy(title: str, pages: int, extra: str = "", **options: Any) -> bytes:
    import weasyprint

    return bytes(weasyprint.HTML(string=html(title, pages, extra)).write_pdf(**options))


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def through(data: bytes, build: Callable[[Path, Path], None]) -> bytes:
    """Let a program turn one file into another."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(data)
        build(source, target)
        return target.read_bytes()


def qpdf(data: bytes, *options: str) -> bytes:
    return through(data, lambda a, b: run("qpdf", *options, "--static-id", "--no-warn", a, b))


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()


# By each producer


@sample
def weasyprint() -> bytes:
    return weasy(TITLE, 2, pdf_variant="pdf/ua-1")


@sample
def weasyprint_archival() -> bytes:
    return weasy(TITLE, 1, pdf_variant="pdf/a-2a", pdf_tags=True)


def typst_bytes(title: str, standards: Any) -> bytes:
    import typst

    source = f"""#set document(title: "{title}", author: "Pain Clinic")
#set text(lang: "en", size: 11pt)
#set page(paper: "a4", numbering: "1")
#outline()
= {title}
{PARAGRAPH} See #link("https://example.org/")[the clinic] and @part.
== Findings <part>
- Left foot
- Right hand
#set heading(numbering: "1.")
#table(columns: 2, table.header([Test], [Result]), [Trial], [Good])
#pagebreak()
== Next <next>
{PARAGRAPH}#footnote[Said on the telephone.]
""".replace("@part", "#link(<part>)[findings]")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "letter.typ")
        path.write_text(source, encoding="utf-8")
        data: bytes = typst.compile(str(path), pdf_standards=standards, timestamp=0)
        return data


@sample
def typst_ua() -> bytes:
    return typst_bytes(TITLE, ["ua-1"])


@sample
def typst_archival() -> bytes:
    return typst_bytes(TITLE, ["a-2a"])


@sample
def libreoffice() -> bytes:
    options = (
        'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
        '"PDFUACompliance":{"type":"boolean","value":"true"},'
        '"ExportBookmarks":{"type":"boolean","value":"true"}}'
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "letter.html")
        source.write_text(html(TITLE, 2), encoding="utf-8")
        home = f"-env:UserInstallation=file://{folder}/profile"
        base = ["soffice", home, "--headless"]
        reads = "--infilter=HTML (StarWriter)"
        run(*base, reads, "--convert-to", "odt:writer8", "--outdir", folder, source)
        run(*base, "--convert-to", options, "--outdir", folder, Path(folder, "letter.odt"))
        return Path(folder, "letter.pdf").read_bytes()


@sample
def chromium() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "letter.html"), Path(folder, "letter.pdf")
        source.write_text(html(TITLE, 2), encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        outline = ["--generate-pdf-document-outline", "--export-tagged-pdf"]
        where = f"--user-data-dir={folder}/profile"
        run("chromium", *flags, *outline, where, f"--print-to-pdf={target}", source)
        return target.read_bytes()


@sample
def latex() -> bytes:
    source = rf"""\documentclass{{article}}\usepackage[colorlinks]{{hyperref}}
\hypersetup{{pdftitle={{{TITLE}}}}}\pagenumbering{{roman}}
\begin{{document}}\section{{{TITLE}}}\label{{a}}{PARAGRAPH} See \ref{{b}} and
\href{{https://example.org/}}{{the clinic}}.\newpage\pagenumbering{{arabic}}
\section{{Findings}}\label{{b}}{PARAGRAPH} See \ref{{a}}.\end{{document}}"""
    with tempfile.TemporaryDirectory() as folder:
        source_file = Path(folder, "letter.tex")
        source_file.write_text(source, encoding="utf-8")
        for _ in range(2):
            run("pdflatex", "-interaction=batchmode", f"-output-directory={folder}", source_file)
        return Path(folder, "letter.pdf").read_bytes()


@sample
def ghostscript() -> bytes:
    return through(
        weasyprint(),
        lambda a, b: run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o", b, a),
    )


@sample
def ghostscript_13() -> bytes:
    return through(
        weasyprint(),
        lambda a, b: run(
            "gs", "-q", "-dBATCH", "-sDEVICE=pdfwrite", "-dCompatibilityLevel=1.3", "-o", b, a
        ),
    )


@sample
def scanner() -> bytes:
    """Two pages that are one picture each, the second turned, as a scanner makes them."""
    from PIL import Image, ImageDraw
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for number in (1, 2):
        picture = Image.new("1", (827, 1170), 1)
        draw = ImageDraw.Draw(picture)
        draw.text((90, 90), f"Scanned letter about Pat Sample, page {number}", fill=0)
        canvas.drawImage(_reader(picture), 0, 0, 595, 842)
        if number == 2:
            canvas.setPageRotation(90)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        for page in pdf.pages:
            if "/Font" in page.Resources:
                del page.Resources.Font
        del pdf.docinfo["/Title"]
        return saved(pdf)


def _reader(picture: object) -> object:
    from reportlab.lib.utils import ImageReader

    return ImageReader(picture)


@sample
def plain_reportlab() -> bytes:
    """Untagged, with a link, in mixed sizes."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1, pageCompression=1)
    canvas.setTitle(TITLE)
    canvas.drawString(72, 760, "Pat Sample was seen in the pain clinic.")
    canvas.linkURL("https://example.org/", (72, 750, 200, 775))
    canvas.showPage()
    canvas.setPageSize((420, 595))
    canvas.drawString(72, 500, "A second, smaller sheet.")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


# Versions and forms of the file


def _version(version: str, **options: Any) -> bytes:
    with pikepdf.open(io.BytesIO(weasyprint())) as pdf:
        mode = pikepdf.ObjectStreamMode.disable
        return saved(pdf, force_version=version, object_stream_mode=mode, **options)


@sample
def pdf_14_table() -> bytes:
    return _version("1.4")


@sample
def pdf_15_object_streams() -> bytes:
    return qpdf(weasyprint(), "--force-version=1.5", "--object-streams=generate")


@sample
def pdf_16_table() -> bytes:
    return _version("1.6")


@sample
def pdf_20() -> bytes:
    return qpdf(weasyprint(), "--force-version=2.0", "--object-streams=generate")


@sample
def linearised() -> bytes:
    return qpdf(weasyprint(), "--linearize", "--object-streams=disable")


@sample
def linearised_object_streams() -> bytes:
    return qpdf(weasyprint(), "--linearize", "--object-streams=generate")


def _encrypted(user: str, owner: str, bits: str, *options: str) -> bytes:
    more = ["--allow-weak-crypto"] if bits != "256" else []
    return qpdf(weasyprint(), *more, "--encrypt", user, owner, bits, *options, "--")


@sample
def rc4_40_owner() -> bytes:
    return _encrypted("", "owner", "40", "--modify=y")


@sample
def rc4_128_user() -> bytes:
    return _encrypted("user", "owner", "128", "--use-aes=n")


@sample
def aes_128_user() -> bytes:
    return _encrypted("user", "owner", "128", "--use-aes=y")


@sample
def aes_128_clear_metadata() -> bytes:
    return _encrypted("", "owner", "128", "--use-aes=y", "--cleartext-metadata")


@sample
def aes_256_user() -> bytes:
    return _encrypted("user", "owner", "256")


@sample
def aes_256_object_streams() -> bytes:
    return qpdf(_encrypted("user", "owner", "256"), "--password=user", "--object-streams=generate")


@sample
def aes_256_restricted() -> bytes:
    return _encrypted("", "owner", "256", "--modify=none")


@sample
def aes_256_r5() -> bytes:
    return _encrypted("user", "owner", "256", "--force-R5", "--allow-insecure")


@sample
def certificate_encrypted() -> bytes:
    """Only the dictionary matters: it names the handler that needs a private key."""
    data = _version("1.6")
    return data.replace(
        b"trailer <<",
        b"trailer << /Encrypt << /Filter /Adobe.PubSec /V 4 /SubFilter /adbe.pkcs7.s5 >>",
        1,
    )


@sample
def hybrid() -> bytes:
    """As Word writes them: a table, and a stream beside it that holds what the table hides."""
    table = _version("1.5")
    start = int(re.findall(rb"startxref\s+(\d+)", table)[-1])
    head, tail = table[:start], table[start:]
    size = int(re.search(rb"/Size (\d+)", tail)[1])  # type: ignore[index]
    hidden = b"%d 0 obj\n(seen only by newer readers)\nendobj\n" % size
    hidden_at = len(head)
    stream_at = hidden_at + len(hidden)
    row = b"\x01" + hidden_at.to_bytes(4, "big") + b"\x00"
    stream = (
        b"%d 0 obj\n<</Type/XRef/Size %d/Root 1 0 R/W[1 4 1]/Index[%d 1]/Length %d>>\n"
        b"stream\n%s\nendstream\nendobj\n" % (size + 1, size + 2, size, len(row), row)
    )
    trailer = tail[: tail.index(b"startxref")].replace(
        b"/Size %d" % size, b"/Size %d /XRefStm %d" % (size + 2, stream_at)
    )
    at = stream_at + len(stream)
    return head + hidden + stream + trailer + b"startxref\n%d\n%%%%EOF\n" % at


@sample
def damaged() -> bytes:
    """All offsets are off, as after a transfer that changed line ends."""
    return _version("1.4").replace(b"\nendobj", b"\r\nendobj")


@sample
def truncated() -> bytes:
    data = _version("1.4")
    return data[: len(data) * 2 // 3]


@sample
def revisions() -> bytes:
    """Two earlier versions inside, one of them with the name of another made-up patient."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    data = plain_reportlab()
    for name in ("Robin Example", "Pat Sample"):
        writer = PdfWriter(io.BytesIO(data), incremental=True)
        writer._info  # noqa: B018
        writer.root_object[NameObject("/PatientName")] = TextStringObject(name)
        out = io.BytesIO()
        writer.write(out)
        data = out.getvalue()
    assert len(PdfReader(io.BytesIO(data)).pages) == 2
    return data


# Letters that need a decision


def _signer() -> Any:
    keys, x509 = (import_module(f"asn1crypto.{name}") for name in ("keys", "x509"))
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key, certificate = (OUT / name for name in ("test-key.der", "test-certificate.der"))
    if not key.exists():
        _make_key(key, certificate)
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.read_bytes()),
        signing_key=keys.PrivateKeyInfo.load(key.read_bytes()),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def _make_key(key: Path, certificate: Path) -> None:
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test signer, not a person")])
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    usage = x509.KeyUsage(True, True, *[False] * 7)
    made = (
        x509.CertificateBuilder(
            name, name, private.public_key(), 1, start, start + datetime.timedelta(days=36500)
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    plain = serialization.NoEncryption()
    key.write_bytes(private.private_bytes(der, serialization.PrivateFormat.PKCS8, plain))
    certificate.write_bytes(made.public_bytes(der))


def _signed(certify: bool) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    writer = IncrementalPdfFileWriter(io.BytesIO(_version("1.7")))
    meta: Any = signers.PdfSignatureMetadata(
        field_name="Signature",
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    return bytes(signers.sign_pdf(writer, meta, signer=_signer()).getvalue())


@sample
def signed() -> bytes:
    return _signed(certify=False)


@sample
def certified() -> bytes:
    return _signed(certify=True)


def _changed(change: Callable[[pikepdf.Pdf], None], base: bytes | None = None) -> bytes:
    with pikepdf.open(io.BytesIO(base or weasyprint())) as pdf:
        change(pdf)
        return saved(pdf)


@sample
def xfa() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=form)

    return _changed(change)


@sample
def portfolio() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["letter.txt"] = b"Pat Sample"
        pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)

    return _changed(change)


@sample
def usage_rights() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        signature = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=b"0")
        pdf.Root.Perms = Dictionary(UR3=pdf.make_indirect(signature))

    return _changed(change)


@sample
def scripts() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('hello')"))
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[10, 10, 50, 50],
            A=Dictionary(S=Name.Launch, F=String("program.exe")),
        )
        page = pdf.pages[0]
        page.Annots = Array([*page.get("/Annots", []), pdf.make_indirect(link)])

    return _changed(change)


def _widget(pdf: pikepdf.Pdf, name: str, parent: object) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(name),
            TU=String(name),
            V=String("Pat Sample"),
            DA=String("/Helv 11 Tf 0 g"),
            Rect=[72, 100, 200, 120],
            StructParent=parent,
            F=4,
        )
    )


def rich(where: str) -> bytes:
    """Form, attachment, layers, labels, IDs, role and class maps, all of it tagged."""

    def change(pdf: pikepdf.Pdf) -> None:
        root, tree = pdf.Root, pdf.Root.StructTreeRoot
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
        parents = tree.ParentTree
        key = max(int(n) for n in list(parents.Nums)[0::2]) + 1
        widget = _widget(pdf, "patient", key)
        page = pdf.pages[0]
        page.Annots = Array([*page.get("/Annots", []), widget])
        document = tree.K[0] if isinstance(tree.K, Array) else tree.K
        element = pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Form,
                P=document,
                Pg=page.obj,
                ID=String("field"),
                C=Name.Special,
                K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page.obj),
            )
        )
        document.K = Array([*document.K, element])
        parents.Nums = Array([*parents.Nums, key, element])
        tree.ParentTreeNextKey = key + 1
        tree.IDTree = pdf.make_indirect(Dictionary(Names=Array([String("field"), element])))
        tree.RoleMap = Dictionary(Clause=Name.Sect if where == "letter" else Name.Div)
        kind = Name.Block if where == "letter" else Name.Inline
        tree.ClassMap = Dictionary(Special=Dictionary(O=Name.Layout, Placement=kind))
        first = document.K[0]
        first.S = Name.Clause if first.S in (Name.Sect, Name.Div) else first.S
        resources = Dictionary(Font=Dictionary(Helv=pdf.make_indirect(font)))
        root.AcroForm = Dictionary(
            Fields=Array([widget]), DR=resources, DA=String("/Helv 11 Tf 0 g")
        )
        pdf.attachments["note.txt"] = f"A note in the {where}".encode()
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"Layer of the {where}")))
        hidden = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"Hidden in {where}")))
        root.OCProperties = Dictionary(
            OCGs=Array([layer, hidden]),
            D=Dictionary(Name=String("Default"), OFF=Array([hidden]), Order=Array([layer, hidden])),
        )
        root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r, P=String(where[0]))]))
        root.Pages.Rotate = 0
        if where == "letter":
            root.Pages.CropBox = Array([0, 0, 400, 400])

    return _changed(change, weasy(f"A rich {where}", 1, pdf_variant="pdf/ua-1"))


@sample
def rich_letter() -> bytes:
    return rich("letter")


@sample
def rich_handout() -> bytes:
    return rich("handout")


@sample
def unnumbered_headings() -> bytes:
    """Strongly structured: each section has one unnumbered heading."""

    def change(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/S") == Name.H1:
                item.S = Name.H

    text = f'<html lang="en"><title>{TITLE}</title><h1>{TITLE}</h1><p>{PARAGRAPH}</p></html>'
    import weasyprint as engine

    return _changed(change, engine.HTML(string=text).write_pdf(pdf_variant="pdf/ua-1"))


@sample
def stale_marks() -> bytes:
    """Untagged, but with the marks of a lost structure still in its content."""

    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.StructTreeRoot
        del pdf.Root.MarkInfo
        for page in pdf.pages:
            if "/StructParents" in page.obj:
                del page.obj.StructParents

    return _changed(change)


# The other side of the join


@sample
def handout_weasyprint() -> bytes:
    return weasy("About stimulation: a handout", 2, pdf_variant="pdf/ua-1")


@sample
def handout_typst() -> bytes:
    return typst_bytes("About stimulation: a handout", ["ua-1"])


@sample
def handout_archival() -> bytes:
    return typst_bytes("About stimulation: a handout", ["a-2a"])


@sample
def handout_both() -> bytes:
    """It claims PDF/UA-1 and PDF/A-2a, as the handouts of this project do."""
    return typst_bytes("About stimulation: a handout", ["a-2a", "ua-1"])


# A usual pair, for the measure of speed


@sample
def three_page_letter() -> bytes:
    return weasy(TITLE, 3, pdf_variant="pdf/ua-1")


@sample
def four_page_handout() -> bytes:
    return weasy("About stimulation: a handout", 4, pdf_variant="pdf/ua-1")


def main(names: list[str]) -> None:
    OUT.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        if not names or name in names:
            data = make()
            (OUT / f"{name}.pdf").write_bytes(data)
            print(f"{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
