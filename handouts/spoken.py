"""Numbers and abbreviations as they are spoken in English: for counting syllables."""

from __future__ import annotations

import re

_ONES = (  # noqa: SIM905 - as a list it would take a line a word
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))

#: Signs beside a number.
_SIGNS = {"%": "percent", "°": "degrees", "$": "dollars", "+": "plus", "=": "equals", "&": "and"}

#: Numbers that everybody says digit by digit.
_CALLED = {"911", "988", "112", "999"}
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")

_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")


def spoken_number(number: int) -> tuple[str, ...]:
    """The words of a whole number: 81 is eighty, one. Years are said in pairs."""
    if 1100 <= number < 2000 and number % 100:
        return (*spoken_number(number // 100), *_pair(number % 100))
    if 2010 <= number < 2100:
        return ("twenty", *spoken_number(number % 100))
    for scale, name in _SCALES:
        if number >= scale:
            rest = number % scale
            return (*spoken_number(number // scale), name, *(spoken_number(rest) if rest else ()))
    if number < 20:
        return (_ONES[number],)
    tens, ones = divmod(number, 10)
    return (_TENS[tens - 2], *((_ONES[ones],) if ones else ()))


def _pair(number: int) -> tuple[str, ...]:
    return ("oh", _ONES[number]) if number < 10 else spoken_number(number)


def spoken_token(token: str) -> tuple[str, ...]:
    """The words of a printed token that holds digits: "100.4" is one hundred point four."""
    words: list[str] = []
    end = 0
    for match in _NUMBER.finditer(token):
        words += _letters(token[end : match.start()])
        digits, decimals = match[1].replace(",", ""), match[2]
        digitwise = digits in _CALLED or len(digits) > 6 or (digits[0] == "0" and digits != "0")
        words += _digits(digits) if digitwise else spoken_number(int(digits))
        words += ("point", *_digits(decimals)) if decimals else ()
        ordinal = _ORDINAL.match(token, match.end())
        end = ordinal.end() if ordinal else match.end()
    words += _letters(token[end:])
    return tuple(words)


def _digits(digits: str) -> list[str]:
    return [_ONES[int(digit)] for digit in digits]


def _letters(text: str) -> list[str]:
    words = [_SIGNS[sign] for sign in text if sign in _SIGNS]
    return words + re.findall(r"[A-Za-z]+", text)
