"""What a person's data must look like, and how it is printed in each language.

A message names the field and what is wrong with it, never the value: it may be shown, kept in a
log, or read aloud at a desk.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, Final

from msgspec import Struct, field

from handouts.errors import Finding, Source
from handouts.model import FieldName
from handouts.model.dates import spell_date
from handouts.model.telephone import phone_problem
from handouts.names import suggest
from handouts.visible import stands_alone, unseen

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_OLDEST: Final = 1900
_LOST: Final = "\N{REPLACEMENT CHARACTER}"
#: They end a line, and need no other sign behind them.
_STOPS: Final = ".,;:!?…-–—"
_SIDES: Final = ("left", "right", "both")


class Person(Struct, frozen=True):
    """One person's data: keys of ``ENTRIES`` and their values, not looked at yet; and where each
    stands."""

    data: Mapping[str, Any]
    source: Source
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, key: str) -> Source:
        """Where ``key`` stands."""
        return Source(self.source.file, self.lines.get(key, self.source.line))


#: What is wrong with a text, as of a day; "" if nothing is.
Problem = Callable[[str, date], str]


class Entry(Struct, frozen=True):
    """One key of a person's data: the field that prints it, how many characters it may have, an
    example, and what else must hold. ``between``: what stands for a line end between words."""

    field: FieldName
    most: int
    sample: str
    problem: Problem = lambda text, today: ""  # noqa: ARG005  (any text will do)
    between: str = " "


def _date_problem(text: str, today: date) -> str:
    del today
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    return "" if found else "must be a day such as 2026-12-03"


def _birth_problem(text: str, today: date) -> str:
    if problem := _date_problem(text, today):
        return problem
    if not int(text[:4]) >= _OLDEST or date.fromisoformat(text) > today:
        return f"must be a day from {_OLDEST} on that is past"
    return ""


def _appointment_problem(text: str, today: date) -> str:
    if problem := _date_problem(text, today):
        return problem
    return "is past" if date.fromisoformat(text) < today else ""


def _time_problem(text: str, today: date) -> str:
    del today
    found = _TIME.fullmatch(text)
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return ""
    return "must be a time such as 9:30 or 14:05"


def _side_problem(text: str, today: date) -> str:
    del today
    return "" if text in _SIDES else f"must be one of {', '.join(_SIDES)}"


def _phone_problem(text: str, today: date) -> str:
    del today
    return phone_problem(text)


#: All keys of a person's data, in the order in which they are asked for.
ENTRIES: Final[Mapping[str, Entry]] = {
    "patient": Entry("patient", 80, "Ana Example"),
    "birth_date": Entry("birth_date", 10, "1956-02-03", _birth_problem),
    "side": Entry("side", 5, "left", _side_problem),
    "appointment_date": Entry("appointment", 10, "2099-12-03", _appointment_problem),
    "appointment_time": Entry("appointment", 5, "9:30", _time_problem),
    "appointment_place": Entry("place", 120, "2nd floor, room 4", between=", "),
    "clinician": Entry("clinician", 80, "Dr. Sample"),
    "phone": Entry("phone", 30, "(555) 012-3456", _phone_problem),
    "note": Entry("note", 600, "Bring your list of medicines.", between="; "),
}

#: What is printed, by field: text in the order of the fields, never markup.
Values = Mapping[FieldName, str]


def read_values(
    person: Person, terms: Mapping[str, str], today: date
) -> tuple[Values, list[Finding]]:
    """The printed text of each field that ``person`` gives, in the words of ``terms``; and all that
    is wrong with it. An empty value counts as none."""
    findings = [
        Finding(f"unknown field “{key}”.", person.at(key), suggest(key, ENTRIES))
        for key in person.data
        if key not in ENTRIES
    ]
    clean: dict[str, str] = {}
    for key, entry in ENTRIES.items():
        text, problem = cleaned(key, person.data.get(key), today)
        if problem:
            remedy = f"Such as: {entry.sample}"
            findings.append(Finding(f"{key} {problem}.", person.at(key), remedy))
        elif text:
            clean[key] = text
    if "appointment_time" in clean and "appointment_date" not in clean:
        findings.append(
            Finding(
                "appointment_time has no appointment_date.",
                person.at("appointment_time"),
                "Give the day, too.",
            )
        )
    return (_printed(clean, terms) if not findings else {}), findings


def cleaned(key: str, value: Any, today: date) -> tuple[str, str]:
    """The text of one value, as it is kept; and what is wrong with it, "" if nothing is."""
    entry = ENTRIES[key]
    text, problem = _text(value, entry.between)
    if len(text) > entry.most:
        return "", f"has {len(text)} characters; there is room for {entry.most}"
    return text, problem or (text and entry.problem(text, today))


def _text(value: Any, between: str) -> tuple[str, str]:
    """A value's text on one line, in composed letters; and what is wrong with it. ``between``
    stands for a line end that no other sign goes before, as two pieces of advice are two."""
    if value is None:
        return "", ""
    if not isinstance(value, str):
        return "", "must be text, in quotes"
    *lines, last = [" ".join(line.split()) for line in value.splitlines() if line.strip()] or [""]
    stopped = [line if line[-1] in _STOPS else f"{line}{between.rstrip()}" for line in lines]
    text = unicodedata.normalize("NFC", " ".join([*stopped, last]))
    if hidden := unseen(text):
        return "", f"holds a character that nobody can see ({hidden})"
    if _LOST in text:
        return "", "holds U+FFFD, which stands for a letter that was lost: save the data as UTF-8"
    for char in text:
        if not stands_alone(char):
            name = unicodedata.name(char, "without a name")
            return "", (
                f"holds the character U+{ord(char):04X} {name}, which would not print right: it is "
                "written from right to left, or belongs on a letter beside it"
            )
    return text, ""


def _printed(clean: Mapping[str, str], terms: Mapping[str, str]) -> Values:
    values: dict[FieldName, str] = {}
    for key, entry in ENTRIES.items():
        if key not in clean or key == "appointment_time":
            continue
        values[entry.field] = clean[key]
    if "birth_date" in clean:
        values["birth_date"] = spell_date(date.fromisoformat(clean["birth_date"]), terms)
    if "side" in clean:
        values["side"] = terms.get(f"side_{clean['side']}", clean["side"])
    if "appointment_date" in clean:
        day = date.fromisoformat(clean["appointment_date"])
        values["appointment"] = _spell_appointment(day, clean.get("appointment_time", ""), terms)
    return values


def _spell_appointment(day: date, at: str, terms: Mapping[str, str]) -> str:
    """A day with its weekday, and the time if there is one, in the words of a language."""
    names = terms.get("weekdays", "").split()
    words = {
        "{weekday}": names[day.weekday()] if len(names) == 7 else "",
        "{date}": spell_date(day, terms),
        "{time}": _spell_time(at, terms) if at else "",
    }
    text = terms.get("date_and_time", "{date}, {time}")
    for slot, word in words.items():
        text = text.replace(slot, word)
    return ", ".join(part for part in text.split(", ") if part)


def _spell_time(text: str, terms: Mapping[str, str]) -> str:
    """Of twelve hours where the language has words for morning and afternoon, else of 24."""
    hour, minute = (int(part) for part in text.split(":"))
    morning, afternoon = terms.get("morning", ""), terms.get("afternoon", "")
    if not morning or not afternoon:
        return time(hour, minute).strftime("%H:%M")
    return f"{hour % 12 or 12}:{minute:02}\N{NO-BREAK SPACE}{morning if hour < 12 else afternoon}"
