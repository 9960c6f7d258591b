"""Direction words whose parts would mislead."""

from __future__ import annotations

import pytest

from pipeline.document import Section
from pipeline.evidence import Comparison, Direction
from pipeline.relate.contrast_arms import ContrastArms

from .paper_made import TWO_ARMS, Names, comparisons_of, paper

UP, DOWN, SAME = Direction.INCREASED, Direction.DECREASED, Direction.NO_DIFFERENCE


def found(text: str) -> list[Comparison]:
    annotated = paper(text, Section.RESULTS)
    return comparisons_of(annotated, ContrastArms(Names(annotated, TWO_ARMS), ("A1", "A2")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The drug prevented the salt-induced rise in cholesterol.", [("cholesterol", DOWN)]),
        ("The drug attenuated the fall in GFR.", [("GFR", UP)]),
        ("The drug did not prevent the rise in cholesterol.", [("cholesterol", SAME)]),
        ("The decreases in GFR were smaller in the drug group than in controls.", [("GFR", UP)]),
        ("The mean rise in cholesterol was smaller in the drug group than in controls.", [("cholesterol", DOWN)]),
        ("The drug was less effective in lowering cholesterol than placebo.", [("cholesterol", UP)]),
        ("The drug was more effective in lowering cholesterol than placebo.", [("cholesterol", DOWN)]),
        ("The drug was a more effective way to prevent relapse than placebo.", [("relapse", DOWN)]),
        ("In patients with reduced GFR, cholesterol rose in the drug group.", [("cholesterol", UP)]),
        ("Events of interest (i.e., relapse, oedema) were fewer in the drug group than in controls.", []),
    ],
)
def test_what_the_parts_would_mislead_about(text: str, expected: list[tuple[str, Direction]]) -> None:
    assert [(row.outcome, row.direction) for row in found(text) if row.outcome != "Events of interest"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The drug was withdrawn in 5 of 40 because of a decline in GFR, oedema or relapse.", []),
        ("The dose was increased every week until blood pressure was controlled.", []),
        ("After adjustment for changes in blood pressure, the drug still lowered relapse.", [("relapse", DOWN)]),
        ("The drug lowered proteinuria irrespective of blood pressure.", [("proteinuria", DOWN)]),
        (
            "Proteinuria decreased progressively and a serum albumin increase was seen in the drug group.",
            [("Proteinuria", DOWN), ("serum albumin", UP)],
        ),
        ("Proteinuria rose in 3 of 20 patients on the drug.", []),
        ("Proteinuria did not fall in two patients on the drug.", []),
        (
            "Cholesterol was lower in the drug group than in controls in the subgroup with a GFR ≥ 90 (P = 0.01).",
            [("Cholesterol", DOWN)],
        ),
        ("Cholesterol was higher in the drug group than in controls for GFR > 60 mL/min.", [("Cholesterol", UP)]),
    ],
)
def test_what_stands_beside_a_finding_is_none(text: str, expected: list[tuple[str, Direction]]) -> None:
    assert [(row.outcome, row.direction) for row in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Proteinuria and steroid dose, but not cholesterol and GFR, showed a significant benefit with the drug.",
            [("Proteinuria", DOWN), ("steroid dose", DOWN), ("cholesterol", SAME), ("GFR", SAME)],
        ),
        (
            "The drug group had a higher proportion of patients with GFR > 60 mL/min than controls.",
            [("GFR > 60 mL/min", UP)],
        ),
        ("The drug group had a greater percentage of patients with oedema than controls.", [("oedema", UP)]),
        ("Oedema resolved in the drug group before proteinuria was seen.", [("Oedema", DOWN)]),
        ("The drug resolved oedema.", [("oedema", DOWN)]),
        ("No appreciable changes in GFR were noted in the drug group.", [("GFR", SAME)]),
        ("The drug had no adverse effects on renal function.", [("renal function", SAME)]),
        ("The drug did not have a relevant effect on GFR.", [("GFR", SAME)]),
        ("Oedema improved in the drug group (P = 0.01).", [("Oedema", DOWN)]),
        (
            "GFR and serum albumin rose in the drug group (P = 0.01 and P = 0.2).",
            [("GFR", UP), ("serum albumin", SAME)],
        ),
        ("GFR did not depend on cholesterol in the drug group.", [("GFR", SAME)]),
        (
            "GFR was lower than at entry in the drug group, with a decrease from 60 to 50 mL/min (P = 0.02).",
            [("GFR", DOWN), ("GFR", DOWN)],
        ),
    ],
)
def test_what_is_denied_and_what_is_excepted(text: str, expected: list[tuple[str, Direction]]) -> None:
    assert [(row.outcome, row.direction) for row in found(text)] == expected


def test_changes_from_baseline_are_set_against_each_other() -> None:
    rows = found(
        "The change in GFR from baseline was -4 in the drug group and 2 mL/min in the control group (P = 0.03)."
    )
    assert [(row.arm_a, row.arm_b, row.direction, row.p_value) for row in rows] == [("A1", "A2", DOWN, 0.03)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The drug group had lower cholesterol (P = 0.02) and blood pressure than controls.",
            [("cholesterol", 0.02), ("blood pressure", None)],
        ),
        (
            "The drug group had lower cholesterol (P = 0.02) and blood pressure.",
            [("cholesterol", 0.02), ("blood pressure", None)],
        ),
        ("In the drug group there was no change in urine flow rate (GFR, P = 0.6).", [("urine flow rate", 0.6)]),
        ("The fall in GFR with the drug is caused by salt.", []),
        ("The effects of the drug on the fall in GFR were evaluated.", []),
    ],
)
def test_what_goes_on_behind_a_test_and_what_is_explained(text: str, expected: list[tuple[str, float | None]]) -> None:
    assert [(row.outcome, row.p_value) for row in found(text)] == expected


def test_the_kind_of_trial_is_no_side() -> None:
    rows = found("In this placebo-controlled trial, people on the drug had a fall in cholesterol.")
    assert [(row.arm_a, row.arm_b) for row in rows] == [("A1", None)]


def test_like_reductions_are_a_reduction_in_each_and_no_difference() -> None:
    rows = found("The reductions in proteinuria were similar in both groups.")
    assert [(row.arm_a, row.arm_b, row.direction) for row in rows] == [
        ("A1", None, DOWN),
        ("A2", None, DOWN),
        ("A1", "A2", SAME),
    ]


def test_an_adjective_is_not_what_a_drug_acts_on() -> None:
    assert [row.outcome for row in found("The drug lowered daily and total salt intake.")] == []
