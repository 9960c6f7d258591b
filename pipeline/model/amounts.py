"""Where the span of an amount begins and ends, after the guidelines of PHEE and ADE: a last step of the tagger.

Of 114 numeric dosages in the training part of PHEE 105 begin with the number and 107 end with the unit. How often it
is given ("daily") and what it is called ("total dose") are not part of it, which the network learns only in part from
so few. ADE keeps the frequency. What was measured in a fluid is no amount given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEFORE = frozenset(
    "a an one the single total cumulative oral intravenous initial dose doses dosage of low high ( , - :".split()
)
_NOUNS = frozenset("dose doses dosage dosages bolus single cumulative oral intravenous total infusion -".split())
_OFTEN = frozenset("daily bid b.i.d. tid t.i.d. qd q.d. once twice thrice weekly".split())
_LISTED = frozenset(("and", "or", ","))
_DIGIT = re.compile(r"\d")
_LEVEL = re.compile(r"\d.*(?:mol|eq|g|u|units?)\s*(?:/|per)\s*(?:[dmµμ]?l)\Z", re.IGNORECASE)

HEADS = {("phee", "DOSAGE"): True, ("ade", "DOSE"): False}
"""(head, label) of amounts → whether the frequency is cut off too."""


def trim_amount(words: Sequence[str], start: int, end: int, *, cut_frequency: bool) -> tuple[int, int]:
    """Token range of the amount alone; ranges without a number stay as they are.

    >>> words = "a single 20 mg dose daily of".split()
    >>> trim_amount(words, 0, 6, cut_frequency=True)
    (2, 4)
    """
    if not any(_DIGIT.search(word) for word in words[start:end]):
        return start, end
    low, high = start, end
    while not _DIGIT.search(words[low]) and words[low].lower() in _BEFORE:
        low += 1
    if cut_frequency:
        high = _without_every(words, low, high)
    tail = _NOUNS | _OFTEN if cut_frequency else _NOUNS
    while high > low + 1 and words[high - 1].lower() in tail:
        high -= 1
    high = _with_unit(words, low, high)
    return (low, high) if any(_DIGIT.search(word) for word in words[low:high]) else (start, end)


def split_amounts(words: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Token ranges of amounts that are listed: cut at "and", "or", "," between one with its unit and the next number.

    No gold span of the training parts of PHEE and ADE joins two such amounts.

    >>> words = "1400 mg or 30 mg kg".split()
    >>> split_amounts(words, 0, 6)
    [(0, 2), (3, 6)]
    >>> split_amounts("30.6 and 114 g".split(), 0, 4)
    [(0, 4)]
    """
    ranges, low = [], start
    for i in range(start + 1, end - 1):
        whole = words[i - 1][:1].isalpha() and any(_DIGIT.search(word) for word in words[low : i - 1])
        unit = any(word[:1].isalpha() and word.lower() not in _LISTED for word in words[i + 2 : end])
        if words[i].lower() in _LISTED and whole and _DIGIT.match(words[i + 1]) and unit:
            ranges.append((low, i))
            low = i + 1
    return [*ranges, (low, end)]


def _with_unit(words: Sequence[str], low: int, high: int) -> int:
    """The end behind "m(2)", of which the network may leave out a part, and behind the "doses" of a bare number."""
    for missing in (("(", "2", ")"), ("2", ")"), (")",)):
        whole = [word.lower() for word in (*words[low:high], *missing)]
        if tuple(words[high : high + len(missing)]) == missing and whole[-4:] == ["m", "(", "2", ")"]:
            return high + len(missing)
    if high - low == 1 and words[low].isdigit() and high < len(words) and words[high].lower() in {"dose", "doses"}:
        return high + 1
    return high


def is_level(words: Sequence[str], start: int, end: int) -> bool:
    """Whether the words are a concentration in a fluid, so what was measured and not what was given.

    Of the seven sentences with such values in the training part of PHEE two have them marked.

    >>> is_level("a sodium of 108 mEq / L".split(), 3, 7)
    True
    >>> is_level("5 mg / kg".split(), 0, 4)
    False
    """
    return bool(_LEVEL.search(" ".join(words[start:end])))


def _without_every(words: Sequence[str], low: int, high: int) -> int:
    for i in range(low + 1, high):
        two = " ".join(words[i : i + 2]).lower()
        if words[i].lower() == "every" or two in {"per day", "a day"}:
            return i
    return high
