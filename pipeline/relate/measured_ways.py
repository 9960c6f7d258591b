"""Directions that no word tells and the arms' own numbers do.

Place in the flow: the last step of `relate()` over comparisons from sentences. A significant test between two arms
("P = 0.001 for A compared with B") leaves it to the reader which arm has more; both arms' numbers stand in the same
sentence or shortly before. Where each arm has its numbers at entry and at the end, change and end must agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.evidence import Comparison, Direction, Measure, Quote, Result
from pipeline.relate.numbers import told_number

_SIGNIFICANT = 0.05
_AMOUNTS = (Measure.MEAN, Measure.MEDIAN, Measure.PROPORTION, Measure.RATE, Measure.COUNT, Measure.OTHER)
_NEAR = 300  # letters between the numbers of the one arm and the test beside those of the other
_WORD = re.compile(r"[a-z0-9]+")
_CHANGES = re.compile(
    r"\b(?:change|reduction|decrease|increase|declin|fall|rise|drop|improvement|differ|loss|gain)", re.IGNORECASE
)
# A test of what goes with an outcome is not one of the arms.
_PREDICTS = re.compile(
    r"\b(?:associat|predict|correlat|regression|multivaria|univaria|interaction|adjust)|\btime[- ]course", re.IGNORECASE
)


class _Course(NamedTuple):
    """An arm's number at the end, and at entry if that is told."""

    entry: float | None
    end: float


def with_measured_ways(comparisons: Sequence[Comparison], results: Sequence[Result]) -> list[Comparison]:
    """The comparisons; those of two arms that are significant and have no direction get that of the numbers."""
    return [replace(row, direction=_way(row, results)) if _is_open(row) else row for row in comparisons]


def _is_open(row: Comparison) -> bool:
    if row.direction is not None or row.arm_a is None or row.arm_b is None or row.arm_a == row.arm_b:
        return False
    if row.p_value is None or row.effect_measure == "correlation" or _PREDICTS.search(row.quote.text):
        return False
    return row.p_value < _SIGNIFICANT or (row.p_value == _SIGNIFICANT and row.p_operator in ("<", "<="))


def _way(row: Comparison, results: Sequence[Result]) -> Direction | None:
    beside = [one for one in results if _is_beside(row.quote, one.quote) and _is_of(row, one)]
    a = _course([one for one in beside if one.arm_id == row.arm_a], row.timepoint)
    b = _course([one for one in beside if one.arm_id == row.arm_b], row.timepoint)
    if a is None or b is None or (a.entry is None) != (b.entry is None):
        return None
    end = _sign(a.end - b.end)
    if a.entry is None or b.entry is None:
        return end
    return end if end is _sign((a.end - a.entry) - (b.end - b.entry)) else None


def _is_beside(test: Quote, number: Quote) -> bool:
    """Told in the sentence of the test or shortly before it."""
    return test.passage == number.passage and number.start <= test.start <= number.end + _NEAR


def _is_of(row: Comparison, one: Result) -> bool:
    if one.measure not in _AMOUNTS or bool(_CHANGES.search(one.outcome)) != bool(_CHANGES.search(row.outcome)):
        return False
    known = one.outcome_concept is not None and one.outcome_concept == row.outcome_concept
    left, right = (frozenset(_WORD.findall(text.lower())) for text in (one.outcome, row.outcome))
    return known or left <= right or right <= left


def _course(told: Sequence[Result], time: str | None) -> _Course | None:
    """Of numbers in one unit; that of the test's own time, if it is told, else the only one behind entry."""
    known = [(one, number) for one in told if (number := told_number(one)) is not None]
    units = {one.unit for one, _ in known[:1]}
    entry = [number for one, number in known if one.timepoint == "baseline" and one.unit in units]
    later = [(one.timepoint, number) for one, number in known if one.timepoint != "baseline" and one.unit in units]
    at_time = [number for at, number in later if at == time] or [number for _, number in later]
    if len(at_time) != 1 or len(entry) > 1:
        return None
    return _Course(entry[0] if entry else None, at_time[0])


def _sign(difference: float) -> Direction | None:
    if difference == 0:
        return None
    return Direction.INCREASED if difference > 0 else Direction.DECREASED
