"""Where in a text a costly rule may begin: it is then tried there and nowhere else, with the same matches.

Place in the flow: between `tag/statistic.py` and its rules. A rule that begins with a number is tried at the numbers of
a passage instead of at every letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cached_property

from pipeline.tag.number import NUMBER_WORDS

Run = tuple[int, int]

_DIGITS = re.compile(r"\d+")
_WORD = re.compile(rf"\b(?:{NUMBER_WORDS}|a(?=\s))", re.IGNORECASE)
# What may stand before the digits of a number and belong to it: a blank, a sign, a point, a sign of comparison.
_AHEAD = re.compile(r"[\s\-−–+.·∙<>≤≥]{1,5}\Z")
_MOST_AHEAD = 5


class Start(Enum):
    """What the matches of a rule begin with."""

    ANYTHING = 0
    DIGITS = 1
    WORDS = 2
    NUMBER = 3  # digits or words


class Places:
    """The stretches of one passage that hold numbers, and where numbers begin in them."""

    def __init__(self, text: str, runs: Sequence[Run]) -> None:
        self.text = text
        self.runs = runs

    @cached_property
    def _digits(self) -> list[int]:
        return self._with_signs(match.start() for match in _DIGITS.finditer(self.text))

    @cached_property
    def _words(self) -> list[int]:
        return [match.start() for low, high in self.runs for match in _WORD.finditer(self.text, low, high)]

    @cached_property
    def _numbers(self) -> list[int]:
        return sorted({*self._digits, *self._with_signs(self._words)})

    def _with_signs(self, starts: Iterator[int] | Sequence[int]) -> list[int]:
        found: list[int] = []
        for start in starts:
            ahead = _AHEAD.search(self.text, max(0, start - _MOST_AHEAD), start)
            first = ahead.start() if ahead else start
            found.extend(range(max(first, found[-1] + 1 if found else 0), start + 1))
        return found

    def matches(
        self, pattern: re.Pattern[str], start: Start, needs: re.Pattern[str] | None = None
    ) -> Iterator[re.Match[str]]:
        """What `pattern.finditer` finds in the runs, given that its matches begin so and hold a match of `needs`."""
        if start is Start.ANYTHING:
            for low, high in self.runs:
                if needs is None or needs.search(self.text, low, high) is not None:
                    yield from pattern.finditer(self.text, low, high)
            return
        if needs is not None and needs.search(self.text) is None:
            return
        places = {Start.DIGITS: "_digits", Start.WORDS: "_words", Start.NUMBER: "_numbers"}[start]
        yield from _tried(pattern.match, self.text, self.runs, getattr(self, places))


def _tried(
    match_at: Callable[[str, int, int], re.Match[str] | None], text: str, runs: Sequence[Run], places: Sequence[int]
) -> Iterator[re.Match[str]]:
    for low, high in runs:
        free = low
        for place in places[bisect_left(places, low) : bisect_left(places, high)]:
            if place >= free and (match := match_at(text, place, high)) is not None:
                yield match
                free = max(match.end(), place + 1)
