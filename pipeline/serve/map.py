"""The evidence map as a drawing: drugs down, histologies across, a bubble for the rows about both.

Place in the flow: used by the map page; the template turns the drawing into SVG. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from pipeline.ask.browse import Bubble

_CELL = 56
_LEFT, _TOP, _RIGHT = 190, 170, 165
_RADIUS = 25
_INSIDE = 11  # smallest radius that holds its number


@dataclass(frozen=True, slots=True)
class Circle:
    """A bubble on the drawing, in pixels; `inside` if its number fits into it."""

    bubble: Bubble
    x: float
    y: float
    radius: float
    inside: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """`drugs` and `histologies` are (name, position); `left_out` counts bubbles beyond the limits."""

    width: int
    height: int
    drugs: tuple[tuple[str, float], ...]
    histologies: tuple[tuple[str, float], ...]
    circles: tuple[Circle, ...]
    left_out: int


def draw(bubbles: Sequence[Bubble], *, drugs: int = 25, histologies: int = 12) -> Drawing:
    """A drawing of the drugs and histologies with most rows. The area of a bubble is in proportion to its rows."""
    rows = _most((bubble.drug, bubble.rows) for bubble in bubbles)[:drugs]
    columns = _most((bubble.histology, bubble.rows) for bubble in bubbles)[:histologies]
    down = {name: _TOP + (position + 0.5) * _CELL for position, name in enumerate(rows)}
    across = {name: _LEFT + (position + 0.5) * _CELL for position, name in enumerate(columns)}
    shown = [bubble for bubble in bubbles if bubble.drug in down and bubble.histology in across]
    largest = max((bubble.rows for bubble in shown), default=1)
    circles = []
    for bubble in sorted(shown, key=lambda b: (down[b.drug], across[b.histology])):
        radius = max(4.0, _RADIUS * sqrt(bubble.rows / largest))
        fits = radius >= _INSIDE
        circles.append(Circle(bubble, across[bubble.histology], down[bubble.drug], round(radius, 1), fits))
    return Drawing(
        width=_LEFT + _CELL * len(columns) + _RIGHT,
        height=_TOP + _CELL * len(rows) + 10,
        drugs=tuple(down.items()),
        histologies=tuple(across.items()),
        circles=tuple(circles),
        left_out=len(bubbles) - len(shown),
    )


def _most(pairs: Iterable[tuple[str, int]]) -> list[str]:
    totals: Counter[str] = Counter()
    for name, number in pairs:
        totals[name] += number
    return sorted(totals, key=lambda name: (-totals[name], name))
