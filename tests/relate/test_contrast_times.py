"""A row for each time point of a contrast."""

from __future__ import annotations

import pytest

from pipeline.assemble import _join_comparisons
from pipeline.evidence import Direction
from pipeline.relate.contrast_arms import ContrastArms

from .paper_made import TWO_ARMS, Names, comparisons_of, paper

UP, DOWN, SAME = Direction.INCREASED, Direction.DECREASED, Direction.NO_DIFFERENCE


def told(text: str) -> list[tuple[str, Direction | None, str | None, float | None]]:
    annotated = paper(text)
    rows = comparisons_of(annotated, ContrastArms(Names(annotated, TWO_ARMS), ("A1", "A2")))
    return [(row.outcome, row.direction, row.timepoint, row.p_value) for row in _join_comparisons(tuple(rows))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "GFR fell in the drug group after 3, 9 and 15 months.",
            [("GFR", DOWN, "3 months", None), ("GFR", DOWN, "9 months", None), ("GFR", DOWN, "15 months", None)],
        ),
        (
            "GFR was higher in the drug group than in controls at weeks 4 and 8.",
            [("GFR", UP, "week 4", None), ("GFR", UP, "week 8", None)],
        ),
        (
            "In the drug group GFR fell after 4 (40 ± 5, P < 0.05) and 9 months (43 ± 5, P < 0.05), rising to 51.",
            [("GFR", DOWN, "4 months", 0.05), ("GFR", DOWN, "9 months", 0.05), ("GFR", UP, None, None)],
        ),
        (
            "In the drug group GFR fell after 4 (40 ± 5, P < 0.05) and 9 months.",
            [("GFR", DOWN, "4 months", 0.05), ("GFR", DOWN, "9 months", None)],
        ),
        ("GFR fell in the drug group after 9 months.", [("GFR", DOWN, "9 months", None)]),
        (
            "GFR fell from 51 at month 2 and 46 ± 3 mL/min at month 9 in the drug group.",
            [("GFR", DOWN, "month 9", None)],
        ),
    ],
)
def test_a_list_of_times_is_a_row_each(
    text: str, expected: list[tuple[str, Direction, str | None, float | None]]
) -> None:
    assert told(text) == expected


def test_what_differs_is_neither_sides_value() -> None:
    text = (
        "Remission was seen in 48% in the drug group and 31% in the control group "
        "(difference, 17 percentage points; 95% confidence interval, 6 to 28; P = 0.002)."
    )
    assert [(outcome, way, p) for outcome, way, _, p in told(text)] == [("Remission", UP, 0.002)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oedema resolved in the drug group.", [("Oedema", DOWN)]),
        ("Proteinuria had disappeared in the drug group.", [("Proteinuria", DOWN)]),
        ("The drug aggravated oedema.", [("oedema", UP)]),
    ],
)
def test_verbs_of_coming_and_going(text: str, expected: list[tuple[str, Direction]]) -> None:
    assert [(outcome, way) for outcome, way, _, _ in told(text)] == expected


def test_what_is_too_long_for_a_list_of_times_is_none() -> None:
    assert len(told(f"GFR fell in the drug group at {'3, ' * 60}and 4 months.")) == 1
