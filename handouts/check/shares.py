"""Which numbers and words say a share, such as 37% or one in ten.

In each language that ships, as a passage may be of another one.
"""

from __future__ import annotations

import re

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
    "(?:people|persons?|patients?|participants?|adults?|wom[ae]n|m[ae]n|child(?:ren)?"
    "|personas?|pacientes?|participantes?|adult[oa]s?|mujer(?:es)?|hombres?|niñ[oa]s?)"
)
_EVERY = "(?:every|each|cada)"
_IN = f"(?:in|en) (?:{_EVERY} |an? )?"
_THE = f"(?:{_EVERY} |a |the |our |these |those |all |los |las )?"
_OF = f"(?:of|de) {_THE}"
#: Behind the whole of a share stands no time (one in 24 hours), nor is it part of a word (a
#: 12-step plan).
_NO_TIME = (
    r"(?!-[^\W\d])(?! (?:seconds?|minutes?|min|hours?|hrs?|h|days?|nights?|weeks?|months?|years?"
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
    # 5 per 100, 5 por mil
    rf"|\b{_PART} (?:{_PEOPLE} )?(?:per|por) {_ROUND}\b{_NO_TIME}"
    # of every 100, 37; of the 33 people, 13
    rf"|\b(?:of|in|de|en) (?:{_EVERY} {_WHOLE}(?: {_PEOPLE})?|{_THE}{_WHOLE} {_PEOPLE}), {_PART}\b"
    # 13/33, 13 / 33
    r"|(?<![\d/])(?<!/ )(?P<part>\d{1,6}) ?/ ?(?P<whole>\d{2,6})\b",
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
    r")[.,]? $",
    re.IGNORECASE,
)
#: The longest of the words that may stand before, and its signs.
_LOOK_BACK = 16


def share_in(text: str) -> str:
    """The first share of ``text`` that needs a source; "" if there is none."""
    return next((one[0] for one in _SHARE.finditer(text) if not _is_other(one)), "")


def _is_other(found: re.Match[str]) -> bool:
    """Whether two numbers are none: a place among others (page 3 of 6), or, with a stroke, the
    first is more (a blood pressure, 140/90), or they are a day.
    """
    before = found.string[max(0, found.start() - _LOOK_BACK) : found.start()]
    if found["number"]:
        return bool(_PLACE.search(before))
    if not found["whole"]:
        return False
    part, whole = int(found["part"]), int(found["whole"])
    has_year = found.string[found.end() :][:2].lstrip().startswith("/")
    is_dated = has_year or _BEFORE_DAY.search(before)
    return part > whole or bool(part <= _MOST_MONTHS and whole <= _MOST_DAYS and is_dated)
