"""What a list of predictors is about: "X was predicted by A (P = 0.01), B (P = 0.02) and C (P = 0.03)".

Place in the flow: asked by `comparisons.py`: each test of such a list is one of X, whatever stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.evidence import Direction
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView

# "X was predicted by", "X correlated with", "X depended on": X stands before; "predictors of X": behind.
_PREDICTED = re.compile(
    r"\b(?:(?:was|were|is|are)\s(?:\w+\s){0,2}?predicted by|correlat(?:ed|es?)\s(?:\w+\s){0,3}?(?:with|to)"
    r"|depend(?:s|ed)\s(?:\w+\s)?on|(?:was|were|is|are)\s(?:\w+\s){0,2}?dependent on)\b",
    re.IGNORECASE,
)
_PREDICTORS = re.compile(
    r"\b(?:predictors?|determinants?|risk factors?)\s(?:of|for)\s(?:the\s|an?\s)?(?:\w+\s){0,2}?", re.IGNORECASE
)
_CLAUSE = re.compile(r";|\b(?:whereas|while|although|however)\b", re.IGNORECASE)
_INVERSE = re.compile(r"\b(?:inverse(?:ly)?|negative(?:ly)?)\b", re.IGNORECASE)
_POSITIVE = re.compile(r"\b(?:positive(?:ly)?|direct(?:ly)?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Predicted:
    """An outcome and the part of the sentence (passage offsets) whose tests are of it."""

    outcome: Outcome
    start: int
    end: int
    direction: Direction | None


def predicted_outcomes(view: SentenceView, options: Sequence[Outcome]) -> list[Predicted]:
    """The lists of predictors of a sentence, in order."""
    named = [one for one in options if one.kind != "word"]
    found: list[Predicted] = []
    matches = [(match, True) for match in _PREDICTED.finditer(view.text)]
    matches += [(match, False) for match in _PREDICTORS.finditer(view.text)]
    for match, is_before in matches:
        breaks = [one.start() for one in _CLAUSE.finditer(view.text)]
        low = view.start + max((one for one in breaks if one < match.start()), default=0)
        high = view.start + min((one for one in breaks if one >= match.end()), default=len(view.text))
        start = view.start + match.start()
        before = [one for one in named if low <= one.start and one.end <= start]
        behind = [one for one in named if view.start + match.end() == one.start]
        told = before if is_before else behind
        if told:
            words = view.between(low, high)
            way = Direction.DECREASED if _INVERSE.search(words) else None
            way = Direction.INCREASED if way is None and _POSITIVE.search(words) else way
            found.append(Predicted(told[0], start, high, way))
    return found
