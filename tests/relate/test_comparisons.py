"""Contrasts from sentences: outcome, direction, p-value, effect, arms."""

from __future__ import annotations

import pytest

from pipeline.document import Section
from pipeline.evidence import Comparison, Direction
from pipeline.relate.contrast_arms import ContrastArms
from pipeline.relate.direction import find_cues, polar

from .paper_made import TWO_ARMS, Names, comparisons_of, paper

UP, DOWN, SAME = Direction.INCREASED, Direction.DECREASED, Direction.NO_DIFFERENCE


def found(text: str, section: Section | None = Section.RESULTS) -> list[Comparison]:
    annotated = paper(text, section)
    names = Names(annotated, TWO_ARMS)
    return comparisons_of(annotated, ContrastArms(names, ("A1", "A2")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "GFR was higher in the drug group than in the control group (P = 0.01).",
            [("GFR", "A1", "A2", 0.01, UP)],
        ),
        (
            "Remission occurred in 40% of the drug group and 38% of the control group (P = 0.7).",
            [("Remission", "A1", "A2", 0.7, SAME)],
        ),
        (
            "Infections did not differ between the drug group and the control group.",
            [("Infections", "A1", "A2", None, SAME)],
        ),
        (
            "Proteinuria decreased from 4.2 to 3.1 g/d (P < 0.001) in the drug group.",
            [("Proteinuria", "A1", None, 0.001, DOWN)],
        ),
        (
            "Serum albumin had gone from 2.1 to 3.0 g/dL (P < 0.01) in the drug group.",
            [("Serum albumin", "A1", None, 0.01, UP)],
        ),
        (
            "GFR rose by 19% (P = 0.01), serum albumin by 7% (P = 0.04) in the drug group.",
            [("GFR", "A1", None, 0.01, UP), ("serum albumin", "A1", None, 0.04, UP)],
        ),
        (
            "Compared with placebo, the drug lowered cholesterol.",
            [("cholesterol", "A1", "A2", None, DOWN)],
        ),
        (
            "Proteinuria decreased in the drug group and increased in the control group.",
            [("Proteinuria", "A1", None, None, DOWN), ("Proteinuria", "A2", None, None, UP)],
        ),
        (
            "Blood pressure was similar to baseline in both groups.",
            [("Blood pressure", "A1", None, None, SAME), ("Blood pressure", "A2", None, None, SAME)],
        ),
        (
            "Age, body weight, and duration of illness in the two groups were comparable.",
            [
                ("Age", "A1", "A2", None, SAME),
                ("body weight", "A1", "A2", None, SAME),
                ("duration of illness", "A1", "A2", None, SAME),
            ],
        ),
        (
            "There was a trend to a higher GFR in the drug group (P = 0.09).",
            [("GFR", "A1", "A2", 0.09, UP)],
        ),
    ],
)
def test_outcome_arms_p_and_direction(
    text: str, expected: list[tuple[str, str | None, str | None, float | None, Direction]]
) -> None:
    assert [(row.outcome, row.arm_a, row.arm_b, row.p_value, row.direction) for row in found(text)] == expected


def test_an_effect_keeps_its_interval_and_its_p() -> None:
    text = "Acute rejection was less common in the drug group (hazard ratio 0.7; 95% CI 0.5 to 0.9; P = 0.01)."
    (row,) = found(text)
    assert (row.effect_measure, row.effect, row.ci_low, row.ci_high) == ("hazard ratio", 0.7, 0.5, 0.9)
    assert (row.p_operator, row.p_value, row.direction) == ("=", 0.01, DOWN)


@pytest.mark.parametrize(
    "text",
    [
        "We compared the effect on GFR in the drug group and the control group.",
        "The drug may increase GFR.",
        "GFR was comparable with previous reports.",
        "Cholesterol was measured in the drug group.",
        "We tested the hypothesis that GFR decreased in the drug group.",
        "A remedy known to increase GFR was given to the drug group.",
        "A remedy, which has been reported to reduce GFR, was given to the drug group.",
    ],
)
def test_aims_and_guesses_are_no_contrasts(text: str) -> None:
    assert found(text) == []


def test_methods_tell_no_contrast() -> None:
    assert found("GFR increased in the drug group.", Section.METHODS) == []


LISTED = [
    (
        "The drug lowered relapse by 25% (P = 0.01), oedema by 20% (4-30) and infections by 24% (P = 0.03).",
        [("relapse", 0.01, DOWN), ("oedema", None, DOWN), ("infections", 0.03, DOWN)],
    ),
    (
        "In the drug group GFR had decreased to 40 mL/min and serum albumin to 2.3 g/dL (P < 0.01).",
        [("GFR", 0.01, DOWN), ("serum albumin", 0.01, DOWN)],
    ),
    (
        "Relapse (14% vs. 36%, P = 0.04) and proteinuria were lower in the drug group than in the control group.",
        [("Relapse", 0.04, DOWN), ("proteinuria", None, DOWN)],
    ),
    (
        "The drug may make little or no difference to infections.",
        [("infections", None, SAME)],
    ),
    (
        "In the drug group there was an increase in GFR and a decrease in proteinuria.",
        [("GFR", None, UP), ("proteinuria", None, DOWN)],
    ),
    (
        "GFR, a marker of renal function, was lower in the drug group than in the control group.",
        [("GFR", None, DOWN)],
    ),
    (
        "GFR, serum albumin and cholesterol rose in the drug group (P = 0.01, P = 0.02, P = 0.4, respectively).",
        [("GFR", 0.01, UP), ("serum albumin", 0.02, UP), ("cholesterol", 0.4, SAME)],
    ),
    (
        "GFR fell in the drug group (P = 0.01), and urine flow rate (P = 0.03).",
        [("GFR", 0.01, DOWN), ("urine flow rate", 0.03, DOWN)],
    ),
    (
        "The mean tubule count was higher in the drug group than in the control group.",
        [("tubule count", None, UP)],
    ),
    (
        "Proteinuria was significantly (P = 0.01) higher in the drug group than in the control group.",
        [("Proteinuria", 0.01, UP)],
    ),
    (
        "In the drug group there was a fall in tubule count.",
        [("tubule count", None, DOWN)],
    ),
    (
        "The drug resulted in a higher percentage of patients with lasting cure than the control group.",
        [("lasting cure", None, UP)],
    ),
    (
        "The composite of relapse, oedema or infections (hazard ratio, 0.6; 95% CI, 0.4 to 0.8; P = 0.002).",
        [("composite of relapse, oedema or infections", 0.002, DOWN)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), LISTED)
def test_every_outcome_of_a_list_has_its_own_test(
    text: str, expected: list[tuple[str, float | None, Direction]]
) -> None:
    assert [(row.outcome, row.p_value, row.direction) for row in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GFR was lower in patients with oedema than in those without oedema.", (None, None)),
        ("The DD genotype had no effect on GFR.", (None, None)),
        ("The drug group reduced the incidence of relapse.", ("A1", "A2")),
        ("Baseline GFR was similar (41 v 40 mL/min) to the baseline value in the drug group.", ("A1", None)),
        ("The third group reduced the risk of relapse.", ("A3", "A2")),
        ("GFR was higher at week 13 compared to week 1 in the drug group.", ("A1", None)),
        ("GFR was unaffected by the drug group.", ("A1", None)),
        ("The third group markedly lowered GFR.", ("A3", "A2")),
        ("GFR fell in the drug group.", ("A1", None)),
        ("GFR was comparable in the three tertiles.", (None, None)),
        ("GFR was lower in stratum 1 than in stratum 2.", (None, None)),
        ("Oedema was more common in patients with remission than without.", (None, None)),
    ],
)
def test_arms_of_a_contrast(text: str, expected: tuple[str | None, str | None]) -> None:
    annotated = paper(text, Section.RESULTS)
    names = Names(annotated, TWO_ARMS | {"The third group": ("A3",)})
    found_rows = comparisons_of(annotated, ContrastArms(names, ("A1", "A2", "A3"), control="A2"))
    assert [(row.arm_a, row.arm_b) for row in found_rows] == [expected]


def test_a_test_behind_each_number_is_of_that_arm() -> None:
    rows = found("Proteinuria was 2.1 g/d (P < 0.01) in the drug group, 2.4 g/d (P < 0.05) in the control group.")
    assert [(row.arm_a, row.arm_b, row.p_value) for row in rows] == [("A1", None, 0.01), ("A2", None, 0.05)]


def test_changes_and_the_test_of_one_against_the_other() -> None:
    text = "GFR fell from 60 to 50 mL/min in the drug group and from 61 to 40 mL/min in the control group (P = 0.02)."
    rows = [(row.arm_a, row.arm_b, row.p_value, row.direction) for row in found(text)]
    assert rows == [("A1", None, None, DOWN), ("A2", None, None, DOWN), ("A1", "A2", 0.02, None)]


def test_each_of_a_list_is_set_against_what_follows() -> None:
    annotated = paper(
        "The third group and the drug group lowered GFR compared with the control group.", Section.RESULTS
    )
    names = Names(annotated, TWO_ARMS | {"The third group": ("A3",)})
    found_rows = comparisons_of(annotated, ContrastArms(names, ("A1", "A2", "A3")))
    assert [(row.arm_a, row.arm_b) for row in found_rows] == [("A3", "A2"), ("A1", "A2")]


def test_what_the_sentence_is_about_comes_first() -> None:
    text = (
        "In the drug group GFR showed a rise (31 mL/min in the control group, 39 mL/min in the drug group; P = 0.01)."
    )
    (row,) = found(text)
    assert (row.arm_a, row.arm_b, row.direction) == ("A1", "A2", UP)


def test_neither_drug_is_told_of_each() -> None:
    annotated = paper("Neither drug had an effect on proteinuria.", Section.RESULTS)
    found_rows = comparisons_of(annotated, ContrastArms(Names(annotated, TWO_ARMS), ("A1", "A2", "A3"), control="A2"))
    assert [(row.arm_a, row.arm_b) for row in found_rows] == [("A1", "A2"), ("A3", "A2")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Proteinuria decreased from 5.2 to 4.1 g/day, then increased up to 20 g/day.",
            [("Proteinuria", DOWN), ("Proteinuria", UP)],
        ),
        (
            "Although GFR did not change, proteinuria decreased (P = 0.001).",
            [("GFR", SAME), ("proteinuria", DOWN)],
        ),
        (
            "The drug group lowered proteinuria, raised GFR, and had no effect on cholesterol.",
            [("proteinuria", DOWN), ("GFR", UP), ("cholesterol", SAME)],
        ),
        ("The drug group lowered proteinuria but not GFR.", [("proteinuria", DOWN), ("GFR", SAME)]),
        ("Renal function was restored in the drug group.", [("Renal function", UP)]),
    ],
)
def test_each_change_of_a_sentence_has_its_direction(text: str, expected: list[tuple[str, Direction]]) -> None:
    assert [(row.outcome, row.direction) for row in found(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "GFR fell in the drug group but not in the control group.",
        "The drug group, but not the control group, had a fall in GFR.",
    ],
)
def test_a_side_that_is_excepted_did_not_change(text: str) -> None:
    annotated = paper(text, Section.RESULTS)
    names = Names(annotated, TWO_ARMS | {"The drug group": ("A1",)})
    rows = [
        (row.arm_a, row.arm_b, row.direction) for row in comparisons_of(annotated, ContrastArms(names, ("A1", "A2")))
    ]
    assert rows == [("A1", None, DOWN), ("A2", None, SAME)]


def test_what_happened_in_all_groups_is_told_of_each() -> None:
    annotated = paper("GFR fell in all groups.", Section.RESULTS)
    found_rows = comparisons_of(annotated, ContrastArms(Names(annotated, TWO_ARMS), ("A1", "A2", "A3")))
    assert [(row.arm_a, row.arm_b) for row in found_rows] == [("A1", None), ("A2", None), ("A3", None)]


def test_each_test_of_a_list_of_predictors_is_of_what_is_predicted() -> None:
    rows = found(
        "The relapse rate was predicted by GFR (P < 0.001), proteinuria (P = 0.02) but not by cholesterol (P = 0.4)."
    )
    assert [(row.outcome, row.p_value, row.direction) for row in rows] == [
        ("relapse rate", 0.001, UP),
        ("relapse rate", 0.02, UP),
        ("relapse rate", 0.4, SAME),
    ]
    (row,) = found("GFR was inversely correlated with proteinuria (P = 0.01).")
    assert (row.outcome, row.arm_b, row.direction) == ("GFR", None, DOWN)


def test_a_greater_fall_is_told_of_what_fell() -> None:
    annotated = paper(
        "The drug group had a greater fall in GFR than the control group.", Section.RESULTS, ("fall in GFR",)
    )
    names = Names(annotated, TWO_ARMS | {"The drug group": ("A1",)})
    (row,) = comparisons_of(annotated, ContrastArms(names, ("A1", "A2")))
    assert (row.outcome, row.direction) == ("GFR", DOWN)


def test_a_greater_change_goes_the_way_of_the_change() -> None:
    rows = found(
        "Both groups lowered proteinuria, but the change was greater in the drug group than in the control group."
    )
    assert [row.direction for row in rows] == [DOWN] * len(rows)


def test_a_test_may_say_of_what_it_is() -> None:
    text = "In the control group GFR rose from 50 to 60 mL/min (P = 0.02 for the drug group vs the control group)."
    rows = [(row.arm_a, row.arm_b, row.p_value) for row in found(text)]
    assert rows == [("A2", None, None), ("A1", "A2", 0.02)]


@pytest.mark.parametrize(
    "text",
    [
        "All patients had stable GFR at entry.",
        "In a similar phase 2 trial of the drug proteinuria was measured.",
        "Patients with reduced GFR were included.",
        "The reduction in GFR was defined as lasting.",
        "The drug was given to prevent infections.",
        "The fall in proteinuria was correlated with GFR.",
    ],
)
def test_states_and_definitions_are_no_contrasts(text: str) -> None:
    assert found(text) == []


def test_a_correlation_sets_no_arms_against_each_other() -> None:
    (row,) = found("In the drug group the fall in proteinuria correlated with GFR (r = 0.7, P = 0.02).")
    assert (row.outcome, row.arm_a, row.arm_b) == ("fall in proteinuria", "A1", None)


@pytest.mark.parametrize(
    ("word", "outcome", "direction"),
    [
        ("improved", "oedema", DOWN),
        ("improved", "renal function", UP),
        ("worsening", "proteinuria", UP),
        ("deteriorated", "renal function", DOWN),
        ("increased", "oedema", UP),
    ],
)
def test_better_and_worse_depend_on_the_outcome(word: str, outcome: str, direction: Direction) -> None:
    (cue,) = find_cues(word)
    assert polar(cue, outcome) is direction


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("did not increase", SAME),
        ("no significant change", SAME),
        ("was not superior", SAME),
        ("noninferior", SAME),
        ("fell", DOWN),
        ("less common", DOWN),
        ("longer", UP),
    ],
)
def test_direction_words(text: str, direction: Direction) -> None:
    assert [cue.direction for cue in find_cues(text)] == [direction]


def test_amounts_are_no_direction_words() -> None:
    assert find_cues("more than 5 mg of low-dose drug") == []
    assert find_cues("no dosage reductions were required") == []


def test_a_test_for_all_is_each_pieces() -> None:
    rows = found(
        "Serum albumin was 2.1 vs 2.2 g/dL in the drug group and controls; GFR 41 vs 40 mL/min (P = NS for all)."
    )
    assert [(row.outcome, row.direction) for row in rows] == [("Serum albumin", SAME), ("GFR", SAME)]


def test_a_test_between_groups_behind_two_changes_is_of_the_two() -> None:
    rows = found("GFR fell in the drug group, whereas it rose in the control group (P = 0.001 between groups).")
    assert [(row.arm_a, row.arm_b, row.direction, row.p_value) for row in rows] == [
        ("A1", None, DOWN, None),
        ("A2", None, UP, None),
        ("A1", "A2", DOWN, 0.001),
    ]


def test_what_is_alike_in_three_groups_is_alike_in_each_two() -> None:
    annotated = paper("Infections did not differ among the three groups.")
    rows = comparisons_of(annotated, ContrastArms(Names(annotated, TWO_ARMS), ("A1", "A2", "A3")))
    assert [(row.arm_a, row.arm_b) for row in rows] == [("A1", "A2"), ("A1", "A3"), ("A2", "A3")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "GFR fell from 90 to 70 mL/min in the drug group and from 92 to 71 mL/min in controls (P < 0.001).",
            [("A1", None, 0.001), ("A2", None, 0.001)],
        ),
        (
            "GFR fell from 90 to 70 mL/min in the drug group and from 92 to 88 mL/min in controls (P < 0.001).",
            [("A1", None, None), ("A2", None, None), ("A1", "A2", 0.001)],
        ),
    ],
)
def test_a_test_behind_two_like_changes_is_of_the_changes(
    text: str, expected: list[tuple[str, str | None, float | None]]
) -> None:
    assert [(row.arm_a, row.arm_b, row.p_value) for row in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GFR was correlated with serum albumin (r = 0.6, P = 0.01).", [("GFR", UP, 0.01)]),
        ("GFR was correlated with serum albumin (P = 0.01, r = -0.6).", [("GFR", DOWN, 0.01)]),
        ("GFR was inversely correlated with proteinuria (P = 0.01).", [("GFR", DOWN, 0.01)]),
        (
            "The decrease in GFR was predicted by proteinuria (P = 0.01), low serum albumin (P = 0.02) and, inversely, "
            "cholesterol (P = 0.03).",
            [("decrease in GFR", UP, 0.01), ("decrease in GFR", None, 0.02), ("decrease in GFR", DOWN, 0.03)],
        ),
    ],
)
def test_the_way_of_a_correlation(text: str, expected: list[tuple[str, Direction | None, float]]) -> None:
    assert [(row.outcome, row.direction, row.p_value) for row in found(text)] == expected


def test_a_greater_change_that_has_only_values_goes_the_way_of_the_change() -> None:
    rows = found(
        "The drug lowered proteinuria, but the change was greater with the drug than in controls (40% vs 20%)."
    )
    assert {(row.outcome, row.direction) for row in rows} == {("proteinuria", DOWN)}
