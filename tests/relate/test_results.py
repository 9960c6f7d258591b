"""Results from sentences: the number, what it measures, whose it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Section
from pipeline.evidence import Label, Measure
from pipeline.relate.results import Group

from .paper_made import TWO_ARMS, Names, paper, results_of, views_of

Row = tuple[str, str | None, float | None]


def rows(
    text: str, section: Section | None = Section.RESULTS, default: tuple[str, ...] = (), **group: object
) -> list[Row]:
    """(outcome, arm, number) of each result; the number is the value, the percentage or the events."""
    annotated = paper(text, section)
    known = Group({"A1": 20, "A2": 18}, **group)  # type: ignore[arg-type]
    found = results_of(annotated, Names(annotated, TWO_ARMS, default), known)
    return [
        (row.outcome, row.arm_id, next((one for one in (row.value, row.percent, row.events) if one is not None), None))
        for row in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "GFR was 58 ml/min in the drug group versus 55 ml/min in the control group (P = 0.06).",
            [("GFR", "A1", 58.0), ("GFR", "A2", 55.0)],
        ),
        (
            "Relapse rates in the drug group and the control group were 12% (95% CI, 8 to 16) and 28%, respectively.",
            [("Relapse", "A1", 12.0), ("Relapse", "A2", 28.0)],
        ),
        (
            "Remission was seen in 9/20 (drug group) and 4/18 (control group).",
            [("Remission", "A1", 9.0), ("Remission", "A2", 4.0)],
        ),
        (
            "Proteinuria fell from 4.2 ± 1.1 to 3.1 ± 0.9 g/d in the drug group and from 4.0 ± 1.2 "
            "to 3.9 ± 1.0 g/d in the control group.",
            [
                ("Proteinuria", "A1", 4.2),
                ("Proteinuria", "A1", 3.1),
                ("Proteinuria", "A2", 4.0),
                ("Proteinuria", "A2", 3.9),
            ],
        ),
        (
            "Complete remission and infections were seen in 40% and 5%, respectively, of the drug group.",
            [("Complete remission", "A1", 40.0), ("infections", "A1", 5.0)],
        ),
        (
            "Infections were more common in the drug group than in the control group (30% vs. 12%).",
            [("Infections", "A1", 30.0), ("Infections", "A2", 12.0)],
        ),
        (
            "Overall, 38% of the drug group and 16% of the control group achieved complete remission.",
            [("complete remission", "A1", 38.0), ("complete remission", "A2", 16.0)],
        ),
        (
            "The relapse rate and steroid dose fell in the drug group (0.4 ± 0.5 vs 2.9 ± 1.5, P = "
            "0.01, and 5 ± 2 mg vs 9 ± 3 mg,"
            " P = 0.02, respectively).",
            [
                ("relapse rate", "A1", 0.4),
                ("relapse rate", "A1", 2.9),
                ("steroid dose", "A1", 5.0),
                ("steroid dose", "A1", 9.0),
            ],
        ),
        (
            "Serum creatinine was 1.1 mg/dL (97 µmol/L) in the drug group.",
            [("Serum creatinine", "A1", 1.1)],
        ),
        ("Cholesterol rose by 13% in the drug group.", [("Cholesterol", "A1", 13.0)]),
        (
            "Remission and relapse were seen in 9/20 and 4/20 patients in the drug group and 6/18 "
            "and 5/18 in the control group.",
            [("Remission", "A1", 9.0), ("relapse", "A1", 4.0), ("Remission", "A2", 6.0), ("relapse", "A2", 5.0)],
        ),
        (
            "GFR fell in the drug group, whereas in the control group it was unchanged between 58 "
            "ml/min and 57 ml/min.",
            [("GFR", "A2", 58.0), ("GFR", "A2", 57.0)],
        ),
        (
            "GFR fell by 4.8% (P = 0.2) and 16.5% (P < 0.001) in the drug group and the control group, respectively.",
            [("GFR", "A1", 4.8), ("GFR", "A2", 16.5)],
        ),
        (
            "GFR did not change (59 ml/min at entry and 58 ml/min later in the drug group and 61 ml/min at entry and "
            "52 ml/min later in the control group).",
            [("GFR", "A1", 59.0), ("GFR", "A1", 58.0), ("GFR", "A2", 61.0), ("GFR", "A2", 52.0)],
        ),
        (
            "Proteinuria was 4.1 g/d on drug, 3.9 g/d on drug and 5.2 g/d on placebo, and GFR was 51, 52 and 58 "
            "ml/min, respectively.",
            [
                *[("Proteinuria", "A1", 4.1), ("Proteinuria", "A1", 3.9), ("Proteinuria", "A2", 5.2)],
                *[("GFR", "A1", 51.0), ("GFR", "A1", 52.0), ("GFR", "A2", 58.0)],
            ],
        ),
        ("GFR differed (drug 58 ml/min, placebo 51 ml/min).", [("GFR", "A1", 58.0), ("GFR", "A2", 51.0)]),
        (
            "GFR fell from 60 to 52 mL/min in the drug group responders and from 61 to 55 mL/min in the control group.",
            [("GFR", "A1", 60.0), ("GFR", "A1", 52.0), ("GFR", "A2", 61.0), ("GFR", "A2", 55.0)],
        ),
        (
            "In the drug group, 21 (38%) were responders, 23 (42%) were nonresponders and 11 (20%) were withdrawn.",
            [("responders", "A1", 38.0), ("nonresponders", "A1", 42.0), ("withdrawn", "A1", 20.0)],
        ),
        ("The drug group had infections (21%) and relapse (8%).", [("infections", "A1", 21.0), ("relapse", "A1", 8.0)]),
        ("Withdrawal of all steroids was seen in 39% of the drug group.", [("Withdrawal of all steroids", "A1", 39.0)]),
        ("Seven patients (35%) in the drug group discontinued treatment.", [("discontinued treatment", "A1", 35.0)]),
        ("Relapse occurred in 12% of both groups.", [("Relapse", "A1", 12.0), ("Relapse", "A2", 12.0)]),
    ],
)
def test_number_outcome_and_arm(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Forty patients were randomised to the drug group (n = 20) or the control group (n = 20).",
        "Patients with proteinuria of 3 g/d or more were included.",
        "They were followed for 24 months.",
        "Treatment reduced the risk of relapse by 60%.",
        "Infections were 30% higher in the drug group.",
        "The study was powered to detect a 20% difference in remission.",
        "Treatment reduced the risk of relapse by 60% and infections by 57%.",
        "Both doses of the drug achieved remission.",
        "The 70-point remission was the aim.",
        "A single relapse began 9 days after the last dose.",
        "The trial began in 2011 at 14 centres.",
        "Blood pressure did not change (P = 0.4).",
    ],
)
def test_other_numbers_are_no_results(text: str) -> None:
    assert rows(text) == []


def test_the_primary_end_point_is_what_its_definition_says() -> None:
    text = (
        "The primary end point was complete remission at 6 months. The primary end point "
        "occurred in 60% of the drug group."
    )
    assert rows(text) == [("complete remission", "A1", 60.0)]


def test_a_count_and_its_percentage_are_one_row() -> None:
    annotated = paper("A total of 9 patients in the drug group (45%) had a relapse.")
    (row,) = results_of(annotated, Names(annotated, TWO_ARMS))
    assert (row.events, row.percent, row.measure) == (9.0, 45.0, Measure.PROPORTION)


def test_an_explicit_zero_takes_the_size_of_its_arm() -> None:
    annotated = paper("There were no serious infections in the drug group.")
    known = Group({"A1": 20})
    (row,) = results_of(annotated, Names(annotated, TWO_ARMS), known)
    assert (row.outcome, row.arm_id, row.events, row.total, row.percent) == ("infections", "A1", 0.0, 20, 0.0)


def test_a_zero_without_a_known_group_has_no_total() -> None:
    annotated = paper("There were no serious infections.")
    (row,) = results_of(annotated, Names(annotated, TWO_ARMS))
    assert (row.events, row.total) == (0.0, None)


def test_no_difference_is_no_zero() -> None:
    assert rows("There were no differences in infections between the drug group and the control group.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Complete remission was achieved after 6 months.", [("Complete remission", 1.0, 1)]),
        (
            "He took the drug for a year without complete or partial remission.",
            [("complete remission", 0.0, 1), ("partial remission", 0.0, 1)],
        ),
        ("Then a relapse occurred.", [("relapse", 1.0, 1)]),
    ],
)
def test_states_of_one_patient(text: str, expected: list[tuple[str, float, int]]) -> None:
    annotated = paper(text, Section.CASE)
    known = Group({}, is_case_report=True)
    found = results_of(annotated, Names(annotated, {}, ("A1",)), known)
    assert [(row.outcome, row.events, row.total) for row in found] == expected


def test_states_count_for_single_patients_only() -> None:
    assert rows("Complete remission was achieved after 6 months.") == []


def test_the_first_value_of_a_pair_is_baseline() -> None:
    annotated = paper("Proteinuria fell from 4.2 to 3.1 g/d at 6 months in the drug group.")
    found = results_of(annotated, Names(annotated, TWO_ARMS))
    assert [row.timepoint for row in found] == ["baseline", "6 months"]


def test_every_quote_stands_where_it_says() -> None:
    text = "GFR was 58 ml/min. Remission was seen in 40% of the drug group."
    annotated = paper(text)
    for row in results_of(annotated, Names(annotated, TWO_ARMS)):
        assert text[row.quote.start : row.quote.end] == row.quote.text
        assert row.text in row.quote.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The between-group difference in proteinuria from week 0 to week 24 was -0.61 g/d in the drug group.", []),
        ("No patient of the drug group had a creatinine above 3 times the upper limit of normal.", []),
        (
            "Proteinuria was 3.1 g/d in the drug group and 4.0 g/d in the UVW.",
            [("Proteinuria", "A1", 3.1), ("Proteinuria", None, 4.0)],
        ),
    ],
)
def test_what_is_no_arms_own_value(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


def test_all_of_a_subgroup_is_not_all() -> None:
    assert rows("All XYZ and two UVW patients achieved complete remission.", default=("A1",)) == [
        ("complete remission", "A1", 2.0)
    ]


def test_a_short_form_of_people_is_no_outcome() -> None:
    made = paper("GFR rose in the HTRs.", outcomes=("GFR", "HTRs"))
    views = views_of(replace(made, abbreviations={"HTRs": "heart transplant recipients"}))
    assert [mention.text for mention in views[0].of(Label.OUTCOME)] == ["GFR"]
