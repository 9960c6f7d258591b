"""The time of a contrast; one for each of a list that shares its unit: "fell after 6, 12 and 24 months".

Place in the flow: asked by `comparisons.py` for every piece of a sentence that tells a contrast.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.evidence import Label
from pipeline.relate.contrast import Segment
from pipeline.relate.view import SentenceView

_FLAGS = re.IGNORECASE
_UNIT = r"(?:minutes?|min|hours?|h|days?|weeks?|months?|years?)"
_ASIDE = r"(?:\s?[(\[][^()\[\]]*[)\]])?"
_GAP = r"(?:,\s(?:and\s)?|\sand\s(?:at\s|after\s|by\s)?)"
# "at 90 (P = 0.03), 180 (P = 0.004), and 365 days": the unit stands behind the last, or before all ("weeks 4 and 12").
_LISTED = re.compile(
    rf"\b(?:at|after|by)\s(?:the\s)?(?P<list>\d+(?:\.\d+)?{_ASIDE}(?:{_GAP}\d+(?:\.\d+)?{_ASIDE})+)"
    rf"[\s-](?P<unit>{_UNIT})\b"
    rf"|\b(?:at|after|by|in)\s(?P<unit2>(?:hour|day|week|month|year)s)\s(?P<list2>\d+{_ASIDE}(?:{_GAP}\d+{_ASIDE})+)"
    r"(?![\s-]*(?:±|\+|%|\.\d|mm|mg|ml|g\b))",
    _FLAGS,
)
_NUMBER = re.compile(r"(?<![\d.(=<>])\b\d+(?:\.\d+)?\b")
_MOST = 20  # time points of one sentence; what has more is no sentence
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class Time:
    """A time point as words, at the place (passage offset) of its number."""

    text: str
    start: int


def listed_times(view: SentenceView) -> tuple[Time, ...]:
    """The time points that stand in a list with one unit, in text order."""
    found: list[Time] = []
    for match in _LISTED.finditer(view.text):
        name, unit = ("list", match["unit"]) if match["list"] else ("list2", match["unit2"])
        flat = _BRACKET.sub(lambda aside: " " * len(aside.group()), match[name])
        for number in _NUMBER.finditer(flat):
            one = unit.rstrip("s")
            words = (
                f"{number.group()} {one if number.group() == '1' else unit}"
                if name == "list"
                else f"{one} {number.group()}"
            )
            found.append(Time(words, view.start + match.start(name) + number.start()))
    return tuple(found) if len(found) <= _MOST else ()


def times_of(view: SentenceView, segment: Segment) -> tuple[str | None, ...]:
    """The times that a piece of a sentence is told of; one row for each. (None,) where no time is named."""
    listed = listed_times(view)
    if here := tuple(one.text for one in listed if segment.start <= one.start < segment.end):
        return here
    times = view.of(Label.TIMEPOINT)
    inside = [time for time in times if segment.start <= time.start < segment.end]
    chosen = inside or (() if listed else times)  # the times of a list belong to its own pieces
    return (chosen[-1].text if chosen else None,)
