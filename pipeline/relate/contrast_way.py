"""The way a piece of a sentence says that its outcome went: its direction word, its test, its values or its ratio.

Place in the flow: asked by `contrast_told.py` for every piece.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.evidence import Direction
from pipeline.relate.contrast import Segment, Told
from pipeline.relate.direction import Cue, is_trend, polar
from pipeline.relate.findings import is_from_to
from pipeline.relate.numbers import told_number
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView

_GREATER = re.compile(r"greater|larger|more|higher|better|longer", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:change|effect|response|difference|reduction|fall|decrease|increase|rise|which|this)s?\b", re.IGNORECASE
)
_GREATEST = re.compile(
    r"\s(?:was|were|is)\s(?:\w+ly\s)?(?:the\s)?(?:greatest|largest|highest|strongest|most|maximal)\b", re.IGNORECASE
)
_FALL_IN = re.compile(
    r"(?:falls?|reductions?|decreases?|declines?|drops?|lowering)\s(?:in|of)\s(?:the\s|both\s|mean\s)*", re.IGNORECASE
)
# "(difference, 16.3 points": neither side's number.
_DIFFERENCE = re.compile(r"\bdifferences?[^.;()]{0,40}\Z", re.IGNORECASE)
_SIGNIFICANT = 0.05
RATIOS = ("hazard ratio", "odds ratio", "risk ratio")


def fallen(view: SentenceView, outcome: Outcome, cue: Cue | None) -> Outcome:
    """What fell, where the words tell how great the fall was: "a greater fall in A", "the fall in A was greatest"."""
    match = _FALL_IN.match(outcome.text) if cue is not None and _is_how_great(view, outcome, cue) else None
    return replace(outcome, text=outcome.text[match.end() :], start=outcome.start + match.end()) if match else outcome


def _is_how_great(view: SentenceView, outcome: Outcome, cue: Cue) -> bool:
    inside = outcome.start <= view.start + cue.start < outcome.end
    return cue.is_degree or (inside and _GREATEST.match(view.between(outcome.end, view.end)) is not None)


def of_change(view: SentenceView, segment: Segment, cue: Cue, last: Cue | None) -> Cue:
    """ "A and B lowered X, but the change was greater with A": a greater change goes the way of the change."""
    greater = _GREATER.match(cue.text) and _CHANGE.search(view.between(segment.start, view.start + cue.start))
    return replace(cue, direction=last.direction) if greater and last and not is_none(last) else cue


def is_none(cue: Cue) -> bool:
    """Whether the word says that nothing differs."""
    return cue.direction is Direction.NO_DIFFERENCE


def best_cue(cues: list[Cue]) -> Cue | None:
    """A cue of no difference wins over others; else the first."""
    return next(filter(is_none, cues), cues[0] if cues else None)


def way_of(cue: Cue | None, outcome: Outcome, direction: Direction | None) -> Direction | None:
    """The way of the outcome itself, where the cue's is told: an improved oedema fell."""
    if cue is None or direction is not cue.direction:
        return direction
    return polar(cue, outcome.text, is_disease=outcome.kind in ("condition", "histology"))


def direction_of(view: SentenceView, segment: Segment, cue: Cue | None, told: Told) -> Direction | None:
    """The way of a tested piece: no difference if its test failed, else that of its word, its values or its ratio."""
    text = view.between(segment.start, segment.end)
    if cue is not None and is_none(cue):
        return cue.direction
    if has_failed(segment) and not is_trend(text):
        return Direction.NO_DIFFERENCE
    if cue is not None:
        return cue.direction
    return _from_values(segment, told) or _from_ratio(segment)


def has_failed(segment: Segment) -> bool:
    """Whether the test of a piece is not significant."""
    p = segment.p.statistic if segment.p else None
    return p is not None and (p.value is None or (p.value > _SIGNIFICANT and p.operator in ("=", ">", ">=")))


def _from_ratio(segment: Segment) -> Direction | None:
    """A ratio's interval on one side of 1 is an increase or a decrease, else no difference is shown."""
    effect = segment.effect.statistic if segment.effect else None
    if effect is None or effect.effect_measure not in RATIOS or effect.low is None or effect.high is None:
        return None
    if effect.low > 1:
        return Direction.INCREASED
    return Direction.DECREASED if effect.high < 1 else Direction.NO_DIFFERENCE


def _from_values(segment: Segment, told: Told) -> Direction | None:
    inside = [told.findings[index] for index in told.inside(segment)]
    inside = [one for one in inside if not _DIFFERENCE.search(one.view.between(segment.start, one.start))]
    if len(inside) != 2:
        return None
    first, second = told_number(inside[0].statistic), told_number(inside[1].statistic)
    if first is None or second is None or first == second:
        return None
    later_first = is_from_to(inside[0].view, inside[0], inside[1])
    return Direction.INCREASED if (first > second) != later_first else Direction.DECREASED
