"""Brackets behind values, units cut short, times and kinds of tables, and rows told twice."""

from __future__ import annotations

import pytest

from pipeline.assemble import joined
from pipeline.evidence import Annotated, Measure, PaperEvidence, Quote, Result, StudyFrame
from pipeline.relate.results import Group
from pipeline.relate.table_outcome import timepoint
from pipeline.relate.table_values import hints, parse_cell

from .paper_made import TWO_ARMS, Names, paper, results_of


def rows(text: str) -> list[Result]:
    annotated = paper(text)
    return results_of(annotated, Names(annotated, TWO_ARMS, ("A1",)), Group({}))


def test_a_bracket_that_nothing_explains_is_no_value() -> None:
    assert [row.value for row in rows("GFR was 3.5 (1.5) in the drug group.")] == [3.5]


def test_a_bracket_of_a_list_means_what_its_sibling_says() -> None:
    found = rows("Mean (SD) GFR was 3.8 (1.2) in the drug group and 3.5 (1.5) in the control group.")
    assert [(row.value, row.sd, row.arm_id) for row in found] == [(3.8, 1.2, "A1"), (3.5, 1.5, "A2")]


def test_a_number_whose_sign_was_lost_is_no_second_value() -> None:
    assert [row.value for row in rows("GFR was 6.19 2.26 ml/min in the drug group.")] == [6.19]


def test_half_a_unit_is_none() -> None:
    assert [row.unit for row in rows("GFR was 48.6 ± 4.3 ml/mint/1.73 m2 in the drug group.")] == [None]


@pytest.mark.parametrize(
    ("header", "time"),
    [("Seizures during the 28 days before randomization", "baseline"), ("Seizures at 28 days", "at 28 days")],
)
def test_times_before_the_start(header: str, time: str) -> None:
    assert timepoint((header,), "Outcomes") == time


def test_a_range_in_a_name_is_no_statistic() -> None:
    assert "median" not in hints("Nephrotic-range proteinuria, n (%)")
    assert "median" in hints("Age, range")


def test_the_size_in_the_bracket_is_no_deviation() -> None:
    value = parse_cell("2.3 (67)", "Placebo mean score (n)")
    assert value is not None
    assert (value.mean, value.sd) == (2.3, None)


def test_people_with_a_reduction_are_counted_by_it() -> None:
    (row,) = rows("Overall, 68% of the drug group had a reduction in proteinuria.")
    assert row.outcome == "reduction in proteinuria"


def test_a_printed_plus_is_a_change() -> None:
    (row,) = rows("Albumin rose (serum albumin +11.1 ± 4.2 g/L) in the drug group.")
    assert row.measure is Measure.CHANGE


def _twins(one: dict[str, object], other: dict[str, object]) -> list[Result]:
    annotated: Annotated = paper("Relapse was seen. Again it was seen.")
    made = [
        Result(quote=Quote(0, start, start + 7, "Relapse"), text="x", arm_id="A1", measure=Measure.OTHER, **told)  # type: ignore[arg-type]
        for start, told in ((0, one), (18, other))
    ]
    return list(joined(PaperEvidence(annotated, StudyFrame(), (), tuple(made), ())).results)


def test_a_hundred_percent_alone_joins_no_two_outcomes() -> None:
    one = {"outcome": "adverse events", "percent": 100.0}
    assert len(_twins(one, {"outcome": "severe adverse events", "percent": 100.0, "events": 41.0, "total": 41.0})) == 2
    assert len(_twins(one, {"outcome": "adverse events", "percent": 100.0, "events": 41.0, "total": 41.0})) == 1


def test_what_the_table_calls_a_standard_error_is_no_deviation() -> None:
    one = {"outcome": "GFR", "value": 83.0, "sd": 4.0}
    assert [(row.sd, row.se) for row in _twins(one, {"outcome": "GFR", "value": 83.0, "se": 4.0})] == [(None, 4.0)]
