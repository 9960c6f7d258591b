"""Which comparison stands beside a result."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.evidence import Attribution, Comparison, Concept, Direction, Result
from pipeline.store.beside import Beside, beside
from tests.evidence_made import OUTCOME, evidence, quote

PAPER = evidence()
FIRST, SECOND = PAPER.results
CONTRAST = PAPER.comparisons[0]


def shown(result: Result, *comparisons: Comparison) -> Beside:
    return beside(result, PAPER.results, comparisons, {arm.arm_id: arm for arm in PAPER.arms})


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTRAST, outcome_concept=Concept(None, "relapse", None), outcome="Relapse"),
        replace(CONTRAST, attribution=Attribution.CITED),
        replace(CONTRAST, arm_a="A3", arm_b="A2"),
        replace(CONTRAST, arm_b=None, quote=quote("placebo")),
    ],
    ids=["other outcome", "another study's", "other arms", "before and after, in another sentence"],
)
def test_what_does_not_belong_is_not_shown(other: Comparison) -> None:
    first = replace(FIRST, quote=quote("Remission"))
    assert shown(first, other) == Beside()


def test_another_time_point_does_not_belong() -> None:
    at_month_6 = replace(FIRST, timepoint="6 months")
    assert shown(at_month_6, replace(CONTRAST, timepoint="12 months")) == Beside()
    assert shown(at_month_6, replace(CONTRAST, timepoint="6 months")).comparison == 0


def test_the_contrast_of_the_same_sentence_is_preferred() -> None:
    far = replace(CONTRAST, quote=quote("voclosporin"), p_value=0.9)
    near = replace(FIRST, quote=quote("Remission was seen in 8"))
    close = replace(CONTRAST, quote=quote("Remission"))
    assert shown(near, far, close).comparison == 1


def test_direction_is_seen_from_the_rows_arm() -> None:
    assert shown(FIRST, CONTRAST).direction is Direction.INCREASED
    assert shown(SECOND, CONTRAST).direction is Direction.DECREASED
    same = replace(CONTRAST, direction=Direction.NO_DIFFERENCE)
    assert shown(SECOND, same).direction is Direction.NO_DIFFERENCE


def test_the_other_arms_value_is_of_the_same_outcome() -> None:
    assert shown(FIRST, CONTRAST).value == SECOND.text
    assert SECOND.outcome_concept == OUTCOME
