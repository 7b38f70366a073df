"""Fonts of a brand: the default families, and a clinic's own font files, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from handouts.errors import BrandError, Finding, Source
from handouts.library.brand.brand_file import read_file
from handouts.model import FontFamily, FontSet

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

#: A font of one script needs far less; more is a mistake or an attack.
MAX_BYTES = 8 * 1024 * 1024

_FONTS = Path(__file__).parents[2] / "fonts"
_TABLES = ("head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post")
_KINDS = {
    b"OTTO": ("has CFF outlines", "Use the TrueType version (.ttf) of the font."),
    b"ttcf": ("is a collection of fonts", "Save the one font as a .ttf file."),
    b"wOFF": ("is a web font (WOFF)", "Use the TrueType version (.ttf) of the font."),
    b"wOF2": ("is a web font (WOFF2)", "Use the TrueType version (.ttf) of the font."),
}
#: OS/2 fsType bits that forbid what a PDF does, with the words of the OpenType specification.
_FORBIDDEN = (
    (0x0002, "Restricted License embedding"),
    (0x0100, "No subsetting"),
    (0x0200, "Bitmap embedding only"),
)
#: OpenType's number of the name by which a PDF calls a font.
_POSTSCRIPT_NAME = 6
#: In parts of the size of letters; usual fonts have about a quarter.
_NARROWEST_SPACE = 0.1


class _Face(Struct, frozen=True):
    """A font file: the name of its family, its axis values if it is variable, its SHA-256."""

    family: str
    axes: tuple[tuple[str, float], ...]
    digest: str


@cache
def atkinson() -> FontFamily:
    """Atkinson Hyperlegible, the default: drawn for readers with low vision. Its zero has no stroke
    here (``tests/tools/make_plain_zero.py``): readers took "1ØØ" for a number struck out."""
    return FontFamily(
        "Atkinson Plain Zero",
        str(_FONTS / "AtkinsonPlainZero-Regular.ttf"),
        str(_FONTS / "AtkinsonPlainZero-Bold.ttf"),
    )


@cache
def noto_sans() -> FontFamily:
    """Noto Sans, a variable font, for characters that other families lack."""
    file = str(_package_files("fontpkg_noto_sans") / "NotoSans[wdth,wght].ttf")
    regular, bold = (("wdth", 100.0), ("wght", 400.0)), (("wdth", 100.0), ("wght", 700.0))
    return FontFamily("Noto Sans", file, file, regular, bold)


def font_set(body: FontFamily | None = None, heading: FontFamily | None = None) -> FontSet:
    """The families of a brand, each falling back on the default ones."""
    body = body or atkinson()
    heading = heading or body
    fallback = (noto_sans(),) if body == atkinson() else (atkinson(), noto_sans())
    return FontSet(body, heading, fallback)


def read_family(regular: Path, bold: Path, source: Callable[[str], Source]) -> FontFamily:
    """The family of two font files. Raises BrandError with all that is wrong with them.

    ``source`` tells where the keys ``regular`` and ``bold`` stand.
    """
    findings: list[Finding] = []
    faces: list[_Face] = []
    for key, path, weight in (("regular", regular, 400.0), ("bold", bold, 700.0)):
        try:
            faces.append(_read_face(path, weight, source(key)))
        except BrandError as error:
            findings.extend(error.findings)
    if findings:
        raise BrandError(findings)
    one, other = faces
    digest = one.digest + other.digest
    return FontFamily(one.family, str(regular), str(bold), one.axes, other.axes, digest)


def _package_files(package: str) -> Path:
    # The specification alone: importing the package would run code that nobody needs.
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise BrandError(
            f"The Python package {package} is not installed.",
            remedy="Set up the environment again as in the README.",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "files"


def _read_face(path: Path, weight: float, source: Source) -> _Face:
    """A font file that can be embedded and read. Raises BrandError."""
    data = read_file(path, "font", MAX_BYTES, source, "Use a font file for fewer scripts.")
    if data[:4] in _KINDS:
        reason, remedy = _KINDS[data[:4]]
        raise BrandError(f"the font {path.name} {reason}.", source, remedy)
    return _examined(data, path, weight, source)


@lru_cache(maxsize=8)  # a batch reads its brand again for each handout
def _examined(data: bytes, path: Path, weight: float, source: Source) -> _Face:
    from io import BytesIO

    from fontTools.ttLib import TTFont

    from handouts.library.brand.legibility import check_legible

    try:
        with TTFont(BytesIO(data), lazy=True) as font:
            findings = list(_face_problems(font, path.name, source))
            name, axes = _family_name(font) or path.stem, _axes(font, weight)
        findings = findings or list(check_legible(data, axes, path.name, source))
    except Exception as problem:
        # fontTools raises whatever its parser trips over in damaged bytes.
        raise _broken(path, f"{type(problem).__name__}: {problem}"[:120], source) from problem
    if findings:
        raise BrandError(findings)
    return _Face(name, axes, sha256(data).hexdigest())


def _face_problems(font: TTFont, name: str, source: Source) -> Iterator[Finding]:
    """Missing or unreadable parts, and licence bits that forbid embedding."""
    missing = [table for table in _TABLES if table not in font]
    if missing:
        yield _broken(Path(name), f"it has no {', '.join(missing)} table", source).findings[0]
        return
    glyphs = font["glyf"]
    for glyph in font.getGlyphOrder():
        glyphs[glyph].expand(glyphs)
    if not font.getBestCmap():
        yield Finding(
            f"the font {name} does not say which character each glyph stands for.",
            source,
            "Use a font with a Unicode character map.",
        )
    yield from _word_problems(font, name, source)
    for bit, words in _FORBIDDEN:
        if font["OS/2"].fsType & bit:
            yield Finding(
                f"the font {name} may not be embedded in a PDF: its licence bits (OS/2 fsType) "
                f"say “{words}”.",
                source,
                "Ask its maker for a version that may be embedded, or use another font.",
            )


def _word_problems(font: TTFont, name: str, source: Source) -> Iterator[Finding]:
    """A font that a PDF cannot name, and one whose words run together."""
    if not font["name"].getDebugName(_POSTSCRIPT_NAME):
        yield Finding(
            f"the font {name} has no PostScript name.",
            source,
            "Write one into it with a font editor, or use another font.",
        )
    space = (font.getBestCmap() or {}).get(ord(" "))
    if space and font["hmtx"][space][0] < _NARROWEST_SPACE * font["head"].unitsPerEm:
        yield Finding(
            f"the space of the font {name} is too narrow: words would run together.",
            source,
            "Use another font.",
        )


def _axes(font: Any, weight: float) -> tuple[tuple[str, float], ...]:
    if "fvar" not in font:
        return ()
    values = {axis.axisTag: float(axis.defaultValue) for axis in font["fvar"].axes}
    for axis in font["fvar"].axes:
        if axis.axisTag == "wght":
            values["wght"] = min(max(weight, float(axis.minValue)), float(axis.maxValue))
    return tuple(sorted(values.items()))


def _family_name(font: Any) -> str:
    return str(font["name"].getBestFamilyName() or "") if "name" in font else ""


def _broken(path: Path, reason: str, source: Source) -> BrandError:
    return BrandError(
        f"the font {path.name} is broken: {reason}.",
        source,
        "Get the file again from where you had it, or use another font.",
    )
