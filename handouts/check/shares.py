"""Which numbers and words say a share, such as 37% or one in ten.

In each language that ships, as a passage may be of another one.
"""

from __future__ import annotations

import re

from handouts.datafile import YEARS

_DIGITS = r"\d++(?:[.,]\d{3}){0,2}+"
_ONE = "one|un[ao]?"
#: More than one, in words. "Once" is eleven before "de" alone: it is English, too.
_SPELT = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|(?:one |a )?(?:hundred|thousand)"
    "|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once(?= de )|doce|trece|catorce|quince"
    "|dieciséis|diecisiete|dieciocho|diecinueve|veinte|treinta|cuarenta|cincuenta|sesenta|setenta"
    "|ochenta|noventa|cien|mil"
)
_ROUND = r"(?:10{2,6}|10{0,2}[.,]000|(?:one |a )?(?:hundred|thousand)|cien|mil)"
_PART = rf"(?:{_DIGITS}|{_ONE}|{_SPELT})"
_WHOLE = rf"(?:{_DIGITS}|{_SPELT})"
_PEOPLE = (
    "(?:people|persons?|patients?|participants?|adults?|wom[ae]n|m[ae]n|child(?:ren)?|cases?"
    "|personas?|pacientes?|participantes?|adult[oa]s?|mujer(?:es)?|hombres?|niñ[oa]s?|casos?)"
)
_EVERY = "(?:every|each|cada)"
_IN = f"(?:in|en) (?:{_EVERY} |an? )?"
_THE = (
    f"(?:{_EVERY} |a |the |our |these |those |all |los |las "
    "|about |around |nearly |almost |some |unos |unas |casi )?"
)
_OF = f"(?:of|de) {_THE}"
#: Behind the whole of a share stands no time (one in 24 hours), nor is it part of a word (a
#: 12-step plan).
_NO_TIME = (
    r"(?!-[^\W\d])(?!(?:(?: (?:to|or|a|o) |[-–])\d{1,3})?"
    r" (?:seconds?|minutes?|min|hours?|hrs?|h|days?|nights?|weeks?|months?|years?"
    r"|segundos?|minutos?|horas?|días?|noches?|semanas?|mes(?:es)?|años?)\b)"
)
_SHARE = re.compile(
    # 37%, 37-percent, thirty percent, 37 por ciento
    r"(?<!\d)(?<!\d[.,])\d[\d.,]*(?:\s?[%‰]|[ -](?:per ?cent|por ciento)\b)"
    rf"|\b(?:{_ONE}|{_SPELT})[ -](?:per ?cent|por ciento)\b"
    # 37 of 100, 20 de 100, 13 of the 33 (not 2 of the 4 tests)
    rf"|\b(?P<number>{_DIGITS})"
    rf"(?: (?:of|de) (?:{_EVERY} )?{_DIGITS}|-(?:of|de)-{_DIGITS}| {_OF}\d{_DIGITS})\b"
    # 1 in 3, 1-in-3, one in a thousand, 1 en 10
    rf"|\b{_PART} in (?:{_EVERY} |a )?{_WHOLE}\b{_NO_TIME}|\b{_PART}-in-{_WHOLE}\b"
    rf"|\b{_DIGITS} en (?:cada )?{_DIGITS}\b{_NO_TIME}|\b{_DIGITS}-en-{_DIGITS}\b"
    # 1 person in 10, 37 people of 100
    rf"|\b{_PART} {_PEOPLE} (?:{_OF}|{_IN}){_WHOLE}\b{_NO_TIME}"
    # eleven of 20 people, dos de tres personas
    rf"|\b{_PART} {_OF}{_WHOLE} {_PEOPLE}\b"
    # 37 people out of 100, one of every ten, nueve de cada diez
    rf"|\b{_PART} (?:[^\W\d]+ )?(?:out of|of {_EVERY}|de entre|de cada|por cada) {_THE}{_WHOLE}\b"
    # 5 per 100, 5 por mil, uno de 10, 1:1,000
    rf"|\b{_PART} (?:{_PEOPLE} )?(?:per|por) {_ROUND}\b{_NO_TIME}"
    rf"|\b(?:{_ONE}) {_OF}10{{1,6}}\b{_NO_TIME}|(?<![\d:])1:(?:\d{{3,6}}|\d{{1,3}}[.,]\d{{3}})\b"
    # of every 100, 37; of the 33 people, 13
    rf"|\b(?:of|in|de|en) (?:{_EVERY} {_WHOLE}(?: {_PEOPLE})?|{_THE}{_WHOLE} {_PEOPLE}), {_PART}\b"
    # 13/33, 13 / 33
    r"|(?<![\d/:.–-])(?<!/ )(?P<part>\d{1,6}) ?/ ?(?P<whole>\d{2,6})\b(?![:–-]\d)",
    re.IGNORECASE,
)
#: What is counted by its place: page 3 of 6.
_PLACE = re.compile(
    r"\b(?:page|sheet|step|stage|phase|part|visit|session|day|week"
    r"|página|hoja|paso|etapa|fase|parte|visita|sesión|día|semana) $",
    re.IGNORECASE,
)
_MOST_MONTHS, _MOST_DAYS = 12, 31
#: What stands before a day, such as 11/30.
_BEFORE_DAY = re.compile(
    r"\b(?:on|by|until|before|after|from|since|el|del|al"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|\d{1,2}/\d{1,2}(?:,| and| or| y| o)"
    r")[.,]? $",
    re.IGNORECASE,
)
#: How strong a pain is: 7 out of 10.
_BEFORE_SCORE = re.compile(
    r"\b(?:pain|score|dolor|puntuación|escala)"
    r"(?: (?:is|was|are|of|at|level|score|about|over|above|under|a|es|era|de)){0,3} $",
    re.IGNORECASE,
)
_TEN = re.compile(r"\b(?:10|ten|diez)\Z", re.IGNORECASE)
_WHO = re.compile(rf" {_PEOPLE}\b", re.IGNORECASE)
_STRENGTH = re.compile(r" ?(?:mg|mcg|µg|ml)\b", re.IGNORECASE)
#: The longest of the words that may stand before, and its signs.
_LOOK_BACK = 32


def share_in(text: str) -> str:
    """The first share of ``text`` that needs a source; "" if there is none."""
    return next((one[0] for one in _SHARE.finditer(text) if not _is_other(one)), "")


def _is_other(found: re.Match[str]) -> bool:
    """Whether two numbers are none: how strong a pain is (7 out of 10), a place among others (page
    3 of 6), or, with a stroke, the first is more (a blood pressure, 140/90), or they are a day, a
    month, or what a pill has of two drugs.
    """
    before = found.string[max(0, found.start() - _LOOK_BACK) : found.start()]
    after = found.string[found.end() : found.end() + _LOOK_BACK]
    is_of_ten = _TEN.search(found[0]) and not _WHO.match(after)
    if is_of_ten and _BEFORE_SCORE.search(before):
        return True
    if not found["whole"]:
        return bool(found["number"] and _PLACE.search(before))
    part, whole = int(found["part"]), int(found["whole"])
    if part > whole or _STRENGTH.match(after):
        return True
    is_dated = after[:2].lstrip().startswith("/") or _BEFORE_DAY.search(before)
    is_day = whole <= _MOST_DAYS and is_dated
    return part <= _MOST_MONTHS and bool(is_day or whole in YEARS)
