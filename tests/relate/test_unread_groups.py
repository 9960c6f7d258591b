"""Numbers of groups that are no arm known go to no arm; heads, lists and "compared with" keep their order."""

from __future__ import annotations

import pytest

from pipeline.confidence import confidence
from pipeline.relate.results import Group

from .paper_made import Names, paper, results_of

ARMS = {
    "drug group": ("A1",),
    "control group": ("A2",),
    "control groups": ("A2",),
    "diet therapy group": ("A2",),
    "diet-plus-drug therapy group": ("A1",),
    "diet-plus-drug": ("A1",),
    "drug": ("A1",),
    "placebo": ("A2",),
    "groups 3 and 4": ("A1", "A2"),
}


def rows(text: str, sizes: dict[str, int] | None = None) -> list[tuple[str, str | None, str, set[str]]]:
    """Printed number, arm, outcome and doubts of every row of a sentence."""
    annotated = paper(text)
    found = results_of(annotated, Names(annotated, ARMS, ("A1",)), Group(sizes or {}))
    return [(row.text, row.arm_id, row.outcome, set(row.doubts)) for row in found]


def arms(text: str) -> dict[str, str | None]:
    return {printed: arm for printed, arm, _, _ in rows(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Relapse was seen in 70.8% for drug and 64.8% for FB.", {"70.8%": "A1", "64.8%": None}),
        ("Infections occurred in 85% during the drug challenge and 73% during the FB challenge.", {"73%": None}),
        ("Relapse was seen (17.2%D, 19%FB) after the drug.", {"17.2%": None, "19%": None}),
        ("GFR was 36.7 and 32.1 ml/min in case and control groups, respectively.", {"36.7": None, "32.1 ml/min": None}),
        ("Relapse was seen in 55.6% in the combined groups 3 and 4.", {"55.6%": None}),
        (
            "GFR was similar (drug 126 ml/min; placebo 127 ml/min; standard goal 125 ml/min).",
            {"126 ml/min": "A1", "127 ml/min": "A2", "125 ml/min": None},
        ),
        ("Relapses were 46.9% and 37% in drug group and control group.", {"46.9%": "A1", "37%": "A2"}),
        (
            "Compared to the placebo, the drug raised GFR (11.1 ± 4.2 vs. 0.5 ± 3.9 ml/min).",
            {"11.1 ± 4.2": "A1", "0.5 ± 3.9 ml/min": "A2"},
        ),
        (
            "GFR was lower in the diet-plus-drug therapy group than in the diet therapy group "
            "(diet vs diet-plus-drug: GFR, 126 ± 5 vs 83 ± 4 ml/min).",
            {"126 ± 5": "A2", "83 ± 4 ml/min": "A1"},
        ),
    ],
)
def test_arms_of_numbers(text: str, expected: dict[str, str | None]) -> None:
    found = arms(text)
    assert {printed: found.get(printed, "no row") for printed in expected} == expected


def test_two_numbers_of_one_arm_and_outcome_are_doubted() -> None:
    found = rows("In the drug group relapse was seen in early life in 12%, and later on in 40%.")
    assert [("twice" in doubts) for _, _, _, doubts in found] == [True, True]


def test_the_number_with_its_arm_beside_is_kept_where_a_second_one_is_doubted() -> None:
    found = rows("Relapse was seen in 21% of the drug group versus 1% of those on usual care.")
    assert [("twice" in doubts or arm is None) for _, arm, _, doubts in found] == [False, True]


def test_each_half_of_a_pressure_has_its_name() -> None:
    annotated = paper(
        "SBP and DBP fell from 175 ± 18/80 ± 11 mmHg to 156 ± 20/76 ± 9 mmHg with the drug.", None, ("DBP",)
    )
    found = results_of(annotated, Names(annotated, ARMS, ("A1",)), Group({}))
    assert {(row.value, row.outcome) for row in found} == {
        (175.0, "systolic blood pressure"), (156.0, "systolic blood pressure"),
        (80.0, "diastolic blood pressure"), (76.0, "diastolic blood pressure"),
    }  # fmt: skip


def test_more_people_than_the_arm_has_are_doubted() -> None:
    assert "size" in rows("Relapse was seen in 12 of 40 patients of the drug group.", {"A1": 20})[0][3]
    assert "size" not in rows("Relapse was seen in 12 of 20 patients of the drug group.", {"A1": 20})[0][3]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("GFR was 29.4 ml/min (95% CI, 19.2 to not reached) in the drug group.", {29.4}),
        ("GFR fell from 7.71 ± 1.53 (5.6-11.5) to 5.2 ± 1.2 (2.6-9.1) ml/min in the drug group.", {7.71, 5.2}),
        ("GFR was 58 ml/min in the 20/40 arm of the drug.", {58.0}),
    ],
)
def test_parts_of_spreads_and_names_of_arms_are_no_findings(text: str, numbers: set[float]) -> None:
    annotated = paper(text)
    found = results_of(annotated, Names(annotated, ARMS, ("A1",)), Group({}))
    assert {row.value for row in found} == numbers


def test_the_end_belongs_to_its_own_number() -> None:
    annotated = paper("In the drug group baseline GFR was 46.3 ± 3.7 ml/min and 48.6 ± 4.3 ml/min at the end.")
    found = results_of(annotated, Names(annotated, ARMS, ("A1",)), Group({}))
    assert [row.timepoint for row in found] == ["baseline", "at the end"]


def test_a_contradiction_in_a_full_text_is_a_lead_only() -> None:
    features = {"bias": 1.0, "results section": 1.0, "prose in full text": 1.0, "doubts in full text": 1.0}
    assert confidence("results", features) < 0.5


def test_a_count_with_its_percentage_completes_the_arms_total() -> None:
    annotated = paper("Relapse was seen in 2 patients (40%) of the drug group and in 3 (14.3%) of the control group.")
    group = Group({"A1": 5, "A2": 23})
    found = results_of(annotated, Names(annotated, ARMS, ()), group)
    assert {(row.events, row.total) for row in found} == {(2.0, 5.0), (3.0, None)}
