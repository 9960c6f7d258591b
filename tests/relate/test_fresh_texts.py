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
         [{"losartan"}, {"losartan"}, {"enalapril"}, {"placebo"}]),
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


@pytest.mark.parametrize(
    "text",
    [
        "Rats were infused with 0.9% NaCl.",
        "Patients with a GFR of 25 to 70 mL/min were randomised to losartan or enalapril.",
        "Remission was defined as a proteinuria of 0.3 g/day.",
        "The proteinuria could not exceed 1.5 g/day.",
        "For every rise in albuminuria, hazard ratios increased as follows: death, by 57% (95% CI, 40 to 75%);"
        " stroke, by 51% (95% CI, 28 to 76%).",
        "The rise of antibody titres was maintained until the end of six months.",
    ],
)
def test_bounds_and_solutions_are_no_findings(tagger: Tagger, text: str) -> None:
    assert evidence(tagger, text).results == ()


def test_a_name_with_its_own_number(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        TRIAL,
        "Proteinuria with losartan was 464.4 ± 82.6 (p < 0.001), with enalapril: 477.1 ± 105.5 (p < 0.001).",
    )
    assert values(found) == {464.4: {"losartan"}, 477.1: {"enalapril"}}


def test_a_size_between_name_and_number(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        TRIAL,
        "GFR rose in patients randomised to losartan (n = 28) (5.7 mL/min; P = 0.01) but not in patients randomised to"
        " enalapril (n = 31) (1.7 mL/min; P = 0.10).",
    )
    assert values(found) == {5.7: {"losartan"}, 1.7: {"enalapril"}}


def test_both_before_the_two_names(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Patients were randomised to losartan or losartan plus enalapril.",
        "Both reduced proteinuria, but more with combined therapy than with losartan alone (40.6% vs 20.0%).",
    )
    assert values(found) == {40.6: {"losartan", "enalapril"}, 20: {"losartan"}}


def test_the_sentences_own_outcome_is_carried_on(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        TRIAL,
        "The rate of graft loss was low.",
        "Acute rejection was higher with losartan (93%) and lower with enalapril (67%) versus others (90%).",
    )
    assert {row.outcome for row in found.results} == {"Acute rejection"}


def test_a_class_is_its_drug(tagger: Tagger) -> None:
    found = evidence(
        tagger, TRIAL, "All patients received cyclosporine as an immunosuppressant.", "Rejection occurred in 12%."
    )
    assert all(side & {"cyclosporine", "immunosuppressant"} == {"cyclosporine"} for side in sides(found))


def test_what_is_added_later_is_no_background(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        TRIAL,
        "We tested whether addition of indomethacin (75 mg twice a day) to each of the two treatments worked.",
        "Combined therapy with losartan or enalapril and indomethacin did not change GFR.",
    )
    assert sides(found) == [{"losartan"}, {"enalapril"}]
    added = [arm for arm in found.arms if "indomethacin" in arm.drug_names]
    assert {arm.role for arm in added} == {"background"}
    assert {use.dose.text for arm in added for use in arm.drugs if use.dose} == {"75 mg twice a day"}


def test_a_drug_that_is_only_guessed_about_is_no_arm(tagger: Tagger) -> None:
    found = evidence(
        tagger, "Skin lesions of 40 recipients were analysed.", "Repair may be modulated by cyclosporine treatment."
    )
    assert sides(found) == []


def test_a_code_behind_its_class_is_one_drug(tagger: Tagger) -> None:
    found = evidence(tagger, "We compared the calcium antagonist diltiazem and the ACE inhibitor captopril in 40 rats.")
    assert sides(found) == [{"diltiazem"}, {"captopril"}]


def test_vehicle_is_what_placebo_is(tagger: Tagger) -> None:
    found = evidence(tagger, "Rats were given either vehicle or dexamethasone.", "Blood pressure rose by 12%.")
    assert {"placebo"} in sides(found) or {"dexamethasone"} in sides(found)
    assert not any("vehicle" in side for side in sides(found))


def test_two_lengths_of_one_treatment_are_two_arms_of_the_same_drugs(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Children were randomly allocated to receive cyclophosphamide for either eight or 12 weeks, in combination with"
        " prednisolone.",
    )
    assert sides(found) == [{"cyclophosphamide", "prednisolone"}] * 2


def test_people_randomised_to_an_arm_are_the_arms(tagger: Tagger) -> None:
    found = evidence(
        tagger, TRIAL, "GFR rose by 5.7 mL/min in participants randomized to losartan and by 1.7 mL/min with enalapril."
    )
    assert values(found) == {5.7: {"losartan"}, 1.7: {"enalapril"}}
