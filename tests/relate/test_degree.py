"""A greater fall lowers the outcome; an outcome that is called a fall rises by it."""

from __future__ import annotations

import pytest

from pipeline.evidence import Direction
from pipeline.relate.direction import by_degree, find_cues, polar
from pipeline.tag.tagger import Tagger
from tests.relate.test_abstracts import TRIAL, evidence


@pytest.mark.parametrize(
    ("text", "outcome", "direction"),
    [
        ("a significantly higher fall in proteinuria", "proteinuria", Direction.DECREASED),
        ("the greater GFR reduction", "GFR", Direction.DECREASED),
        ("a smaller decrease in GFR", "GFR", Direction.INCREASED),
        ("a greater reduction in proteinuria", "reduction in proteinuria", Direction.INCREASED),
        ("no greater fall in proteinuria", "proteinuria", Direction.NO_DIFFERENCE),
        ("a greater rate of decline in GFR", "GFR", Direction.INCREASED),
    ],
)
def test_degree_of_a_fall(text: str, outcome: str, direction: Direction) -> None:
    cue = find_cues(text)[0]
    assert polar(cue, outcome) is direction


def test_degree_leaves_what_a_test_denied() -> None:
    cue = find_cues("a greater fall in proteinuria")[0]
    assert by_degree(cue, "fall in proteinuria", Direction.NO_DIFFERENCE) is Direction.NO_DIFFERENCE
    assert by_degree(None, "proteinuria", Direction.INCREASED) is Direction.INCREASED


def test_greater_fall_with_a_test(tagger: Tagger) -> None:
    text = "Enalapril led to a greater fall in proteinuria than losartan (P = 0.01)."
    rows = evidence(tagger, text, methods=TRIAL).comparisons
    # The fall itself is the greater one where the outcome's name holds it.
    way = {True: Direction.INCREASED, False: Direction.DECREASED}
    assert [(row.arm_a, row.arm_b) for row in rows] == [("A1", "A2")]
    assert [row.direction for row in rows] == [way["fall" in row.outcome] for row in rows]
