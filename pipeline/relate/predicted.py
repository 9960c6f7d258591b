"""What a list of predictors is about: "X was predicted by A (P = 0.01), B (P = 0.02) and C (P = 0.03)".

Place in the flow: asked by `contrast_told.py`: each test of such a list is one of X, whatever stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.evidence import Direction, Label, Mention
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
# "the fall in X was predicted by", "X reduction was predicted by": it is the fall that is greater.
_CHANGE = r"(?:increase|decrease|rise|fall|reduction|decline|improvement|change|loss|drop)s?"
_CHANGE_OF = re.compile(rf"\b{_CHANGE}\s(?:in|of)\s(?:(?:the|mean|serum|plasma)\s)*\Z", re.IGNORECASE)
_CHANGE_AFTER = re.compile(rf"^(?:\srisk)?\s{_CHANGE}\b", re.IGNORECASE)
_LOW = re.compile(
    r"(?:\A|[,:]\s|\b(?:by|with|on|and|of)\s)(?:(?:an?|the)\s)?(?:low(?:er)?|younger|less|fewer|smaller|shorter|reduced|absen\w+|lack|no|female"
    r"|male|sex|race)\b",
    re.IGNORECASE,
)
_INVERSE = re.compile(r"\b(?:inverse(?:ly)?|negative(?:ly)?)\b", re.IGNORECASE)
_NEAR = 20  # characters behind a test where its coefficient may stand


@dataclass(frozen=True, slots=True)
class Predicted:
    """An outcome and the part of the sentence (passage offsets) whose tests are of it."""

    outcome: Outcome
    start: int
    end: int
    is_inverse: bool

    def direction(self, view: SentenceView, test: Mention, start: int) -> Direction | None:
        """The way the outcome goes with the item that ends in `test`; None for "low X", and for what has no degrees."""
        words = view.between(max(start, self.start), test.start)
        near = [one for one in view.of(Label.STATISTIC) if start <= one.start < test.end + _NEAR]
        if r := [value for one in near if (value := _r(one)) is not None]:
            return Direction.DECREASED if r[0] < 0 else Direction.INCREASED
        if _INVERSE.search(words) or self.is_inverse:
            return Direction.DECREASED
        return None if _LOW.search(words) else Direction.INCREASED


def _r(one: Mention) -> float | None:
    """A coefficient of correlation."""
    is_r = one.statistic is not None and one.statistic.effect_measure == "correlation"
    return one.statistic.value if one.statistic and is_r else None


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
            inverse = is_before and _INVERSE.search(view.between(max(low, start - 30), view.start + match.end()))
            found.append(Predicted(_with_change(view, told[0]), start, high, bool(inverse)))
    return found


def _with_change(view: SentenceView, one: Outcome) -> Outcome:
    """The outcome with the words for its change: a rise of "GFR decline" is no rise of GFR."""
    start, end = one.start, one.end
    if match := _CHANGE_OF.search(view.between(view.start, start)):
        start = view.start + match.start()
    elif match := _CHANGE_AFTER.match(view.between(end, view.end)):
        end += match.end()
    return (
        one if (start, end) == (one.start, one.end) else Outcome(view.between(start, end), start, end, None, one.cost)
    )
