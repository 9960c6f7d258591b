"""Invented sentences of kinds met in new abstracts: whose number it is, which arms there are, what is no finding."""

from __future__ import annotations

import pytest

from pipeline.document import Document, Part, Passage, Source
from pipeline.evidence import PaperEvidence
from pipeline.relate import relate
from pipeline.tag.tagger import Tagger


def evidence(tagger: Tagger, *sentences: str) -> PaperEvidence:
    """An abstract without headings."""
    passage = Passage(0, Part.ABSTRACT, " ".join(sentences), None)
    return relate(tagger.tag(Document(Source("made.txt", "text", "0" * 64), (passage,))))


def values(found: PaperEvidence) -> dict[float, set[str]]:
    """The drugs of the arm of each value or percentage."""
    drugs = {arm.arm_id: set(arm.drug_names) for arm in found.arms}
    return {
        number: drugs.get(row.arm_id or "", set())
        for row in found.results
        for number in (row.value, row.percent)
        if number is not None
    }


def sides(found: PaperEvidence) -> list[set[str]]:
    """The drugs of each compared arm."""
    return [set(arm.drug_names) for arm in found.arms if arm.role in ("intervention", "comparator")]


TRIAL = "Forty patients were randomised to losartan or enalapril."


@pytest.mark.parametrize(
    "text",
    [
        "We studied the effect of losartan on proteinuria in 116 patients with nephropathy.",
        "All 18 patients were treated with losartan for 24 weeks.",
        "The effect on renal function was assessed in 32 patients.",
        "This prompted a review of all our 27 patients treated with losartan for hypertension.",
    ],
)
def test_the_size_of_a_study_is_no_finding(tagger: Tagger, text: str) -> None:
    assert evidence(tagger, text).results == ()


def test_found_in_people_is_a_finding(tagger: Tagger) -> None:
    found = evidence(tagger, "We studied losartan in 40 patients.", "Proteinuria was found in 12 patients.")
    assert [row.events for row in found.results] == [12]


def test_from_to_has_one_arm(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        TRIAL,
        "Losartan decreased diastolic blood pressure from 96 ± 1 to 84 ± 1 mm Hg (average of all visits), and enalapril"
        " decreased diastolic blood pressure from 97 ± 1 to 83 ± 1 mm Hg.",
    )
    assert values(found) == {96: {"losartan"}, 84: {"losartan"}, 97: {"enalapril"}, 83: {"enalapril"}}


def test_from_to_before_the_arms_name(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        TRIAL,
        "Proteinuria decreased from 3.1 ± 0.2 to 2.2 ± 0.3 g/day in losartan recipients and from 3.3 ± 0.3 to"
        " 2.9 ± 0.3 g/day (mean fall, 0.4 g/day) in enalapril recipients.",
    )
    got = values(found)
    assert got[3.1] == got[2.2] == {"losartan"}
    assert got[3.3] == got[2.9] == {"enalapril"}


def test_a_bracket_gives_the_order_of_all_pairs(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Forty patients were randomised to losartan (LO) or enalapril (EN).",
        "At baseline, age (LO vs. EN) was 48 ± 12 vs. 45 ± 7 years; creatinine clearance 116 ± 24 vs. 128 ± 68 ml/min.",
    )
    got = values(found)
    assert got[48] == got[116] == {"losartan"}
    assert got[45] == got[128] == {"enalapril"}


def test_traits_before_the_allotment_are_everybodys(tagger: Tagger) -> None:
    found = evidence(tagger, "Ninety patients (mean age, 53 years; 75% male) were randomised to losartan or enalapril.")
    assert values(found) == {53: set(), 75: set()}


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["Patients received losartan 50 mg, losartan 100 mg, enalapril 10 mg, and placebo in random order."],
         [{"losartan"}, {"enalapril"}, {"placebo"}]),
        (["The regimen included a calcium antagonist (amlodipine), a beta-blocker (atenolol), or an ACE inhibitor"
          " (enalapril)."],
         [{"amlodipine"}, {"atenolol"}, {"enalapril"}]),
        (["Effects of losartan, enalapril and amlodipine on proteinuria were studied.",
          "Proteinuria with losartan was 2.1 ± 0.2 g/day, with enalapril: 2.2 ± 0.1 g/day, and amlodipine:"
          " 3.4 ± 0.3 g/day."],
         [{"losartan"}, {"enalapril"}, {"amlodipine"}]),
    ],
)  # fmt: skip
def test_lists_of_alternatives(tagger: Tagger, sentences: list[str], expected: list[set[str]]) -> None:
    assert sides(evidence(tagger, *sentences)) == expected


def test_all_received(tagger: Tagger) -> None:
    found = evidence(tagger, TRIAL, "All received prednisone.")
    assert all("prednisone" in side for side in sides(found))


def test_combined_therapy_is_the_arm_of_most_drugs(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Patients were randomised to losartan (n = 10), enalapril (n = 10) or losartan plus enalapril (n = 10).",
        "Proteinuria fell by 66% with combined therapy.",
    )
    assert values(found) == {66: {"losartan", "enalapril"}}


def test_the_next_sentence_goes_on_about_an_outcome(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        TRIAL,
        "Proteinuria was as follows.",
        "For losartan, it was 3.1 ± 0.2 g/day at baseline.",
        "For enalapril, 3.3 ± 0.4 g/day at baseline.",
    )
    assert [(row.outcome, row.value) for row in found.results] == [("Proteinuria", 3.1), ("Proteinuria", 3.3)]


def test_controls_are_an_arm_but_not_the_silent_one(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Rats were treated with losartan.",
        "Proteinuria was lower than in control rats (12 ± 2 mg/day).",
        "Blood pressure was 120 ± 4 mm Hg.",
    )
    got = values(found)
    assert got[12] == set()
    assert got[120] == {"losartan"}


def test_the_course_of_a_case_is_its_own(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "A 61-year-old man with nephrotic syndrome responded to prednisone.",
        "Daily urinary protein decreased from 15.6 to 2.8 g.",
        "We report this course because it is rare.",
    )
    assert {row.value for row in found.results if row.attribution == "own"} >= {15.6, 2.8}
