"""Numbers as papers print them: digits, thousands, middle dots, decimal commas, and words.

Place in the flow: the alphabet of `tag/statistic.py` and `tag/timepoint.py`; text in, floats out.
"""

from __future__ import annotations

import re

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORD_VALUES = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * (i + 2) for i, word in enumerate(_TENS)}

_ONES = "|".join(sorted(_UNITS[1:10], key=len, reverse=True))
_SMALL = "|".join(sorted(_UNITS[1:], key=len, reverse=True))
_TEN = "|".join(_TENS)
_UNDER_HUNDRED = rf"(?:(?:{_TEN})(?:[\s-](?:{_ONES}))?|{_SMALL})"

NUMBER_WORDS = "|".join((*_UNITS, *_TENS))
"""The words that may begin a `NUMBER_WORD`, besides "a" of "a hundred"."""

NUMBER_WORD = rf"(?:(?:(?:{_SMALL}|a)\s+hundred(?:\s+(?:and\s+)?{_UNDER_HUNDRED})?)|{_UNDER_HUNDRED})"
"""A cardinal in words, 1 to 999: "two", "sixty-three", "one hundred and five" (match without regard to case)."""

DIGITS = r"(?>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\s?[.·∙]\s?\d+)?|[.·∙]\d+)"
"""An unsigned number in digits. Thousands commas, middle dots, a stray blank beside the point.

Read in one way only (atomic): "100,101" may be one number or two, and lists of such would be tried in all combinations.
"""

DECIMAL_COMMA = r"\d+,\d{1,2}(?!\d)"
"""A number with a decimal comma; only safe directly before a unit ("1,1 g/dL"), because "6,7" is often a citation."""


def parse_number(text: str) -> float | None:
    """The value of a number in digits or words; None if it is neither. Signs may be "-", "−" or "–".

    >>> parse_number("−3·26"), parse_number("1,234"), parse_number("1,1"), parse_number("Sixty-three")
    (-3.26, 1234.0, 1.1, 63.0)
    """
    stripped = text.strip().lower()
    sign = -1.0 if stripped[:1] in "-−–" and stripped else 1.0
    stripped = re.sub(r"\s", "", stripped.lstrip("-−–").strip()) if re.search(r"\d", stripped) else stripped
    stripped = stripped.replace("·", ".").replace("∙", ".")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", stripped):
        stripped = stripped.replace(",", "")
    elif re.fullmatch(r"\d+,\d{1,2}", stripped):
        stripped = stripped.replace(",", ".")
    if re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", stripped):
        return sign * float(stripped)
    return _parse_words(stripped)


def _parse_words(text: str) -> float | None:
    words = [word for word in re.split(r"[\s-]+", text) if word and word != "and"]
    if not words:
        return None
    total = 0
    for word in words:
        if word == "hundred":
            total = max(total, 1) * 100
        elif word == "a" and len(words) > 1:
            total = 1
        elif word in _WORD_VALUES:
            total += _WORD_VALUES[word]
        else:
            return None
    return float(total)
