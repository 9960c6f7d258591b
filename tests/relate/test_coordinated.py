"""Lists of outcomes of which the tagger knows some only."""

from __future__ import annotations

import pytest

from pipeline.evidence import Direction
from pipeline.relate.contrast_arms import ContrastArms

from .paper_made import TWO_ARMS, Names, comparisons_of, paper

UP, DOWN, SAME = Direction.INCREASED, Direction.DECREASED, Direction.NO_DIFFERENCE


def told(text: str) -> list[tuple[str, Direction | None]]:
    annotated = paper(text)
    rows = comparisons_of(annotated, ContrastArms(Names(annotated, TWO_ARMS), ("A1", "A2")))
    return [(row.outcome, row.direction) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The drug lowered GFR, stone burden and pill count.",
            [("GFR", DOWN), ("stone burden", DOWN), ("pill count", DOWN)],
        ),
        (
            "Stone burden (SB), thirst score (TS), and GFR were higher in the drug group than in controls.",
            [("Stone burden", UP), ("thirst score", UP), ("GFR", UP)],
        ),
        (
            "In the drug group, GFR fell without changes in stone burden or cholesterol.",
            [("GFR", DOWN), ("stone burden", SAME), ("cholesterol", SAME)],
        ),
        (
            "The drug led to a rise in GFR and stone burden and a fall in thirst score without change in cholesterol.",
            [("GFR", UP), ("stone burden", UP), ("thirst score", DOWN), ("cholesterol", SAME)],
        ),
        ("Stone burden and thirst score fell in the drug group.", [("Stone burden", DOWN), ("thirst score", DOWN)]),
        (
            "The drug lowered cholesterol, number of clinic visits, and stone burden at week 12.",
            [("cholesterol", DOWN), ("number of clinic visits", DOWN), ("stone burden", DOWN)],
        ),
        (
            "Cholesterol, stone burden and GFR were lower in the drug group than in controls (P = 0.02).",
            [("Cholesterol", DOWN), ("stone burden", DOWN), ("GFR", DOWN)],
        ),
    ],
)
def test_every_item_of_a_list_is_told(text: str, expected: list[tuple[str, Direction]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The drug lowered GFR, and stone removal was quick.", [("GFR", DOWN)]),
        ("The drug lowered GFR and treated patients recovered.", [("GFR", DOWN)]),
        ("The drug lowered GFR in men and women.", [("GFR", DOWN)]),
        ("The drug lowered GFR and caused a transient increase in cholesterol.", [("GFR", DOWN), ("cholesterol", UP)]),
        ("The drug lowered the frequency and severity of infections.", [("infections", DOWN)]),
        ("The drug lowered total and ionised cholesterol.", [("cholesterol", DOWN)]),
        ("The drug lowered GFR, cholesterol and maintained thirst.", [("GFR", DOWN), ("cholesterol", DOWN)]),
    ],
)
def test_what_only_stands_beside_an_outcome_is_none(text: str, expected: list[tuple[str, Direction]]) -> None:
    assert [(outcome, way) for outcome, way in told(text) if way is not None] == expected


def test_what_is_too_long_for_a_list_is_none() -> None:
    assert told(f"GFR, {'stone, ' * 3000}and GFR fell in the drug group.") == [("GFR", DOWN)]
