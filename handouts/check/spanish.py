"""Spanish as it is spoken, to count syllables: words by their spelling, numbers, abbreviations."""

from __future__ import annotations

import re

_VOWELS = re.compile(r"[aeiouáéíóúü]+")
#: Each is a syllable of its own; i, u and ü beside one are not, unless they bear the accent.
_STRONG = re.compile(r"[aeoáéíóú]")
_FINAL_Y = re.compile(r"y(?![aeiouáéíóú])")

_ONES = (  # noqa: SIM905 - as a list it would take a line a word
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve"
).split()
_TENS = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    *("ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos"),
    *("seiscientos", "setecientos", "ochocientos", "novecientos"),
)
_SIGNS = {"%": "por ciento", "°": "grados", "$": "dólares", "+": "más", "=": "igual a", "&": "y"}
#: Numbers that everybody says digit by digit.
_CALLED = {"911", "988"}
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
#: Letters whose names have more syllables than one: efe, hache, jota, doble ve, equis, zeta …
_LETTERS = {**dict.fromkeys("FHJLMNÑRSXZ", 2), "W": 3}


def spanish_words(token: str) -> list[tuple[str, int]]:
    """The spoken words of a printed one, each with its syllables."""
    if any(sign.isdigit() for sign in token):
        return [(word, spanish_syllables(word)) for word in _spoken(token).split()]
    return [(part, spanish_syllables(part)) for part in token.split("-") if part]


def spanish_syllables(word: str) -> int:
    """Syllables of a word; of an abbreviation in capitals, of its letters' names."""
    letters = word.replace(".", "")
    if len(letters) > 1 and letters.isalpha() and letters.isupper():
        return sum(_LETTERS.get(letter, 1) for letter in letters)
    runs = _VOWELS.findall(_FINAL_Y.sub("i", word.lower()))
    return max(1, sum(max(1, len(_STRONG.findall(run))) for run in runs))


def _spoken(token: str) -> str:
    """The words of a printed token that holds digits."""
    said = token
    for match in _NUMBER.finditer(token):
        digits, decimals = match[1].replace(",", ""), match[2]
        whole = _digits(digits) if digits in _CALLED or len(digits) > 6 else _number(int(digits))
        point = f" punto {_digits(decimals)}" if decimals else ""
        said = said.replace(match[0], f" {whole}{point} ", 1)
    for sign, word in _SIGNS.items():
        said = said.replace(sign, f" {word} ")
    return re.sub(r"[^\w\s]", " ", said)


def _digits(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _number(number: int) -> str:
    """The words of a whole number below a million: 81 is ochenta y uno."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        before = "" if thousands == 1 else f"{_number(thousands)} "
        return f"{before}mil {_number(rest) if rest else ''}".strip()
    if number == 100:
        return "cien"
    if number > 100:
        hundreds, rest = divmod(number, 100)
        return f"{_HUNDREDS[hundreds - 1]} {_number(rest) if rest else ''}".strip()
    if number < 30:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 3] + (f" y {_ONES[ones]}" if ones else "")
