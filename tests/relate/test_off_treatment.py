"""What is told of people before their one treatment began and after it was stopped; of everybody, beside the arms."""

from __future__ import annotations

import pytest

from pipeline.document import Document, Part, Passage, Source
from pipeline.evidence import PaperEvidence
from pipeline.relate import relate

from .test_taken_before import Tagger, evidence

STUDY = "The effects of losartan were studied in 12 kidney recipients on cyclosporine."
ON, OFF = ("cyclosporine", "losartan"), ("cyclosporine",)


def numbers(found: PaperEvidence) -> dict[float | None, tuple[str, ...] | None]:
    """The drugs of the arm of each value or count."""
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    return {row.value if row.value is not None else row.events: drugs.get(row.arm_id or "") for row in found.results}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Before treatment proteinuria and GFR were 4.1 g/day and 60.5 ml/min.", {4.1: OFF, 60.5: OFF}),
        ("GFR was 60.5 ml/min before treatment and 48.1 ml/min after treatment.", {60.5: OFF, 48.1: ON}),
        (
            "GFR was 48.1 ml/min after 4 months, rising to 59.4 ml/min after losartan was withdrawn.",
            {48.1: ON, 59.4: OFF},
        ),
        ("Losartan was stopped in seven patients and their GFR rose to 59.4 ml/min.", {7: ON, 59.4: OFF}),
        # what the treatment is measured by, and what outlasts it, stay with it
        ("GFR was 48.1 ml/min, lower than before treatment.", {48.1: ON}),
        ("GFR remained at 48.1 ml/min even after discontinuation of losartan.", {48.1: ON}),
        ("GFR was 48.1 ml/min at baseline.", {48.1: ON}),
    ],
)
def test_the_states_off_the_one_treatment(
    tagger: Tagger, sentence: str, expected: dict[float, tuple[str, ...]]
) -> None:
    assert numbers(evidence(tagger, STUDY, sentence)) == expected


def test_what_a_stop_brought_is_set_against_the_treatment(tagger: Tagger) -> None:
    found = evidence(tagger, STUDY, "Proteinuria decreased after discontinuation of losartan.")
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    assert [(drugs[row.arm_a or ""], drugs[row.arm_b or ""]) for row in found.comparisons] == [(OFF, ON)]


def test_states_that_nothing_is_told_of_are_no_arms(tagger: Tagger) -> None:
    found = evidence(tagger, STUDY, "Treatment was stopped.", "GFR fell to 48.1 ml/min.")
    assert [arm.drug_names for arm in found.arms] == [ON]


def test_of_several_treatments_each_keeps_what_followed_it(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Forty patients were randomised to losartan or enalapril.",
        "After discontinuation of treatment GFR was 59.4 ml/min with losartan and 48.1 ml/min with enalapril.",
    )
    assert numbers(found) == {59.4: ("losartan",), 48.1: ("enalapril",)}


def test_a_count_of_all_people_is_of_no_one_arm(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Forty patients were randomised to losartan (n = 20) or placebo (n = 20).",
        "Overall, 14/40 (35%) had cough, with no difference between the losartan (6/20; 30%) and placebo (8/20; 40%)"
        " groups.",
    )
    assert numbers(found) == {14: (), 6: ("losartan",), 8: ("placebo",)}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Patients were randomly assigned losartan or placebo plus prednisone.",
            {("losartan", "prednisone"), ("placebo", "prednisone")},
        ),
        (
            "Patients were randomly assigned losartan or placebo plus conventional antihypertensive therapy.",
            {("antihypertensive", "losartan"), ("antihypertensive", "placebo")},
        ),
        (
            "Patients were assigned losartan or a control (placebo plus prednisone).",
            {("losartan",), ("placebo", "prednisone")},
        ),
    ],
)
def test_what_a_bare_placebo_is_given_with_is_of_both_sides(
    tagger: Tagger, sentence: str, expected: set[tuple[str, ...]]
) -> None:
    found = evidence(tagger, sentence)
    assert {arm.drug_names for arm in found.arms if arm.role.value in ("intervention", "comparator")} == expected


def test_numbers_of_controls_are_not_of_the_treated(tagger: Tagger) -> None:
    found = evidence(tagger, STUDY, "GFR rose by 20 ml/min.", "The response of GFR in 22 controls was 13 ml/min.")
    assert numbers(found)[20] == ON
    assert numbers(found)[13] is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # what challenges people, what a time is counted from, and how the study was made are nobody's treatment
        (
            "Losartan was compared with enalapril in a randomised study of corticotropin-stimulated aldosterone.",
            [("losartan",), ("enalapril",)],
        ),
        (
            "Patients were randomised to losartan one hour before iodixanol or to enalapril.",
            [("losartan",), ("enalapril",)],
        ),
    ],
)
def test_what_is_no_treatment_is_no_arm(tagger: Tagger, sentence: str, expected: list[tuple[str, ...]]) -> None:
    found = evidence(tagger, sentence)
    assert [arm.drug_names for arm in found.arms if arm.role.value in ("intervention", "comparator")] == expected


def test_choices_in_a_bracket_stand_for_their_class(tagger: Tagger) -> None:
    passages = (
        Passage(0, Part.TITLE, "Calcium antagonists in hypertension"),
        Passage(1, Part.ABSTRACT, "Fifty patients were treated with a calcium antagonist (amlodipine or felodipine)."),
    )
    found = relate(tagger.tag(Document(Source("made.txt", "text", "0" * 64), passages)))
    assert [arm.drug_names for arm in found.arms] == [("amlodipine", "felodipine")]
