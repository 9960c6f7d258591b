"""A test of two arms behind a change of each: "X fell with A, but rose with B (P < 0.01 between groups)".

Place in the flow: asked by `comparisons.py` when a piece of a sentence has such a test: the change of its own arm has
none, and the arms of both changes are set against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.evidence import Comparison, Direction, Mention
from pipeline.relate.view import SentenceView

_FLAGS = re.IGNORECASE
_BEHIND = re.compile(
    r"\s?,?\s?(?:for\s(?:the\s)?)?(?:(?:difference|comparison)s?\s)?(?:between|among)\s(?:the\s)?(?:two\s)?(?:treatment\s)?"
    r"(?:groups?|arms?|treatments)\b"
    r"|\s?,?\s?(?:for\s(?:the\s)?)?(?:between|inter)-?\s?groups?\b",
    _FLAGS,
)
_AHEAD = re.compile(r"\b(?:between|inter)-?\s?groups?\s(?:(?:difference|comparison)s?,?\s?)?[(\[]?\Z", _FLAGS)
_RANK = {Direction.DECREASED: -1, Direction.NO_DIFFERENCE: 0, Direction.INCREASED: 1}


def is_of_groups(view: SentenceView, p: Mention) -> bool:
    """Whether the words beside a test say that it is of one group against another."""
    return bool(_BEHIND.match(view.between(p.end, view.end)) or _AHEAD.search(view.between(view.start, p.start)))


def change_before(rows: Sequence[Comparison], outcome: str, arms: Sequence[str | None]) -> Comparison | None:
    """The last change over time of the outcome that is told of another arm than `arms`, without a test of its own."""
    return next(
        (
            row
            for row in reversed(rows)
            if row.outcome.lower() == outcome.lower()
            and row.arm_a is not None
            and row.arm_a not in arms
            and row.arm_b is None
            and row.p_value is None
            and row.direction is not None
        ),
        None,
    )


def against(first: Direction | None, second: Direction | None) -> Direction | None:
    """The way one side went as set against the other: a fall beside a rise is lower; two falls tell nothing."""
    if first is None or second is None or _RANK[first] == _RANK[second]:
        return None
    return Direction.DECREASED if _RANK[first] < _RANK[second] else Direction.INCREASED
