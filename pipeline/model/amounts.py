"""Where the span of an amount begins and ends, after the guidelines of PHEE and ADE: a last step of the tagger.

Of 114 numeric dosages in the training part of PHEE 105 begin with the number and 107 end with the unit. How often it
is given ("daily") and what it is called ("total dose") are not part of it, which the network learns only in part from
so few. ADE keeps the frequency.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEFORE = frozenset(
    "a an one the single total cumulative oral intravenous initial dose doses dosage of low high ( , - :".split()
)
_NOUNS = frozenset("dose doses dosage dosages bolus single cumulative oral intravenous total infusion -".split())
_OFTEN = frozenset("daily bid b.i.d. tid t.i.d. qd q.d. once twice thrice weekly".split())
_DIGIT = re.compile(r"\d")

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
    if words[high - 1].lower() == "m" and list(words[high : high + 3]) == ["(", "2", ")"]:
        high += 3
    return (low, high) if any(_DIGIT.search(word) for word in words[low:high]) else (start, end)


def _without_every(words: Sequence[str], low: int, high: int) -> int:
    for i in range(low + 1, high):
        two = " ".join(words[i : i + 2]).lower()
        if words[i].lower() == "every" or two in {"per day", "a day"}:
            return i
    return high
