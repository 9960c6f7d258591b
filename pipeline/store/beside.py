"""Which comparison, and which value of the other arm, stands beside a result in the view `evidence`.

Place in the flow: used by `rows`. A comparison belongs to a result if it is about the same outcome and names the
result's arm; the same sentence and the same time point are preferred. No match is no comparison: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.evidence import Arm, Comparison, Direction, Result

_FLIPPED = {Direction.INCREASED: Direction.DECREASED, Direction.DECREASED: Direction.INCREASED}


@dataclass(frozen=True, slots=True)
class Beside:
    """`comparison` is the position in the paper's comparisons; `direction` is seen from the result's arm."""

    comparison: int | None = None
    arm_id: str | None = None
    value: str | None = None
    direction: Direction | None = None


def beside(
    result: Result, results: Sequence[Result], comparisons: Sequence[Comparison], arms: Mapping[str, Arm]
) -> Beside:
    """The comparison shown with `result`."""
    best: tuple[tuple[int, int, int], int] | None = None
    for position, comparison in enumerate(comparisons):
        if not _belongs(result, comparison):
            continue
        rank = (
            int(_same_quote(result, comparison)),
            int(result.timepoint == comparison.timepoint),
            int(comparison.arm_b is not None),
        )
        if best is None or rank > best[0]:
            best = (rank, position)
    if best is None:
        return Beside()
    return _seen_from(result, best[1], comparisons[best[1]], results)


def _same_quote(a: Result | Comparison, b: Result | Comparison) -> bool:
    return a.quote.passage == b.quote.passage and a.quote.start < b.quote.end and b.quote.start < a.quote.end


def _same_outcome(a: Result | Comparison, b: Result | Comparison) -> bool:
    if a.outcome_concept and b.outcome_concept:
        return a.outcome_concept == b.outcome_concept
    return a.outcome.lower() == b.outcome.lower()


def _belongs(result: Result, comparison: Comparison) -> bool:
    if not _same_outcome(result, comparison) or result.attribution != comparison.attribution:
        return False
    if result.timepoint and comparison.timepoint and result.timepoint != comparison.timepoint:
        return False
    if comparison.arm_b is None and not _same_quote(result, comparison):
        return False  # before and after: many values of one arm, each contrast speaks of its own sentence
    if result.arm_id is None:
        return comparison.arm_a is None and comparison.arm_b is None
    return result.arm_id in (comparison.arm_a, comparison.arm_b)


def _seen_from(result: Result, position: int, comparison: Comparison, results: Sequence[Result]) -> Beside:
    is_a = result.arm_id == comparison.arm_a
    other = comparison.arm_b if is_a else comparison.arm_a
    direction = comparison.direction
    if direction and not is_a:
        direction = _FLIPPED.get(direction, direction)
    value = None
    if other is not None:
        rivals = [r for r in results if r.arm_id == other and _same_outcome(r, result)]
        rivals = [r for r in rivals if r.timepoint == result.timepoint and r.measure == result.measure]
        rivals.sort(key=lambda r: not _same_quote(r, result))
        value = rivals[0].text if rivals else None
    return Beside(position, other, value, direction)
