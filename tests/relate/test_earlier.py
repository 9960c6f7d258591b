"""A time before the treatment belongs to what was given before."""

from __future__ import annotations

import pytest

from pipeline.evidence import Arm, Comparison, Quote, Result, Role
from pipeline.relate.earlier import without_earlier_contrasts, without_earlier_times

ARMS = (Arm("A1", "voclosporin", Role.INTERVENTION), Arm("A2", "cyclosporine", Role.PREVIOUS))


def row(arm: str, timepoint: str | None, outcome: str = "relapse rate") -> Result:
    return Result(outcome, Quote(1, 0, 9, "x" * 9), "1.0", arm, timepoint=timepoint)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("A1", "prior to therapy"), row("A2", "prior to therapy")], [None, "prior to therapy"]),
        ([row("A1", "before treatment")], ["before treatment"]),
        ([row("A1", "at 6 months"), row("A2", "at 6 months")], ["at 6 months", "at 6 months"]),
        ([row("A1", "before treatment", "albumin"), row("A2", "before treatment")], ["before treatment"] * 2),
    ],
)
def test_times_before_the_treatment(rows: list[Result], expected: list[str | None]) -> None:
    assert [one.timepoint for one in without_earlier_times(rows, ARMS)] == expected


@pytest.mark.parametrize(("arm_b", "expected"), [("A2", None), ("A1", "before treatment"), (None, "before treatment")])
def test_contrasts_with_the_previous_treatment(arm_b: str | None, expected: str | None) -> None:
    quote = Quote(1, 0, 9, "x" * 9)
    (found,) = without_earlier_contrasts(
        [Comparison("relapse", quote, "A1", arm_b, timepoint="before treatment")], ARMS
    )
    assert found.timepoint == expected
