"""Counts in figures and in words: "14", "1,204", "twenty-seven" -> int; and the one number that a finding tells.

Place in the flow: used all over `relate`, for group sizes and for what is set against each other.
"""

from __future__ import annotations

from pipeline.evidence import Result, Statistic

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_TENS_WORDS, _UNIT_WORDS = "|".join(_TENS), "|".join(sorted(_UNITS, key=len, reverse=True))

# A pattern without groups that matches one count.
COUNT = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{_UNIT_WORDS}|a) hundred(?: and)?"
    rf"(?: (?:{_TENS_WORDS})(?:[- ](?:{_UNIT_WORDS}))?| (?:{_UNIT_WORDS}))?"
    rf"|(?:{_TENS_WORDS})(?:[- ](?:{_UNIT_WORDS}))?|(?:{_UNIT_WORDS}))"
)


def to_int(text: str) -> int | None:
    """The number that `text` names, None if it names none."""
    plain = text.strip().lower().replace(",", "").replace("-", " ")
    if plain.isdecimal():
        return int(plain)
    total = 0
    for word in plain.split():
        if word == "hundred":
            total = (total or 1) * 100
        elif word in _UNITS:
            total += _UNITS[word]
        elif word in _TENS:
            total += _TENS[word]
        elif word not in ("and", "a"):
            return None
    return total or None


def told_number(told: Result | Statistic) -> float | None:
    """The number by which sides are set against each other: the percentage, printed or of its total, else the value."""
    if told.percent is not None:
        return told.percent
    if told.events is not None and told.total:
        return 100 * told.events / told.total
    return told.value
