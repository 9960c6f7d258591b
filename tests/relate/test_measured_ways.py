"""Directions that only the arms' numbers tell."""

from __future__ import annotations

import pytest

from pipeline.evidence import Comparison, Direction, Measure, Quote, Result
from pipeline.relate.measured_ways import with_measured_ways

SENTENCE = "Proteinuria was 1.2 g/day with A and 2.0 g/day with B (P = 0.01)."


def result(arm: str, value: float | None, time: str | None = None, start: int = 100, **more: object) -> Result:
    quote = Quote(0, start, start + 60, "x")
    return Result("proteinuria", quote, "x", arm, value=value, unit="g/day", timepoint=time,
                  **{"measure": Measure.MEAN, **more})  # type: ignore[arg-type]  # fmt: skip


def test_of(outcome: str = "proteinuria", p: float | None = 0.01, text: str = SENTENCE, **more: object) -> Comparison:
    quote = Quote(0, 100, 160, text)
    return Comparison(outcome, quote, "A1", "A2", p_operator="=", p_value=p, **more)  # type: ignore[arg-type]


test_of.__test__ = False  # type: ignore[attr-defined]


ONCE = (result("A1", 1.2), result("A2", 2.0))
COURSE = (result("A1", 3.0, "baseline"), result("A1", 1.2), result("A2", 3.1, "baseline"), result("A2", 2.0))


@pytest.mark.parametrize(
    ("row", "results", "expected"),
    [
        (test_of(), ONCE, Direction.DECREASED),
        (test_of(), COURSE, Direction.DECREASED),
        (test_of(), (result("A1", 1.2, start=20), result("A2", 2.0)), Direction.DECREASED),
        (test_of(p=0.3), ONCE, None),
        (test_of(p=None), ONCE, None),
        (test_of(outcome="serum albumin"), ONCE, None),
        (test_of(outcome="reduction in proteinuria"), ONCE, None),
        (test_of(text="Proteinuria was associated with rejection (P = 0.01)."), ONCE, None),
        (test_of(), (*ONCE, result("A1", 9.0)), None),
        (test_of(), (result("A1", 3.0, "baseline"), result("A1", 1.9), result("A2", 2.0)), None),
        (test_of(), (result("A1", 2.0, "baseline"), result("A1", 1.9), result("A2", 3.9, "baseline"),
                     result("A2", 2.0)), None),
        (test_of(), (result("A1", 1.2, start=900), result("A2", 2.0, start=900)), None),
        (test_of(), (result("A1", 12, measure=Measure.PERCENT_CHANGE), result("A2", 9)), None),
        (test_of(direction=Direction.INCREASED), ONCE, Direction.INCREASED),
    ],
)  # fmt: skip
def test_a_significant_test_goes_the_way_of_the_numbers(
    row: Comparison, results: tuple[Result, ...], expected: Direction | None
) -> None:
    (found,) = with_measured_ways([row], results)
    assert found.direction is expected
