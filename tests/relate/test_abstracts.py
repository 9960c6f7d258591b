"""Whole invented abstracts through tagging and relating: what is told, of whom, and what is left out."""

from __future__ import annotations

import pytest

from pipeline.document import Document, Part, Passage, Section, Source
from pipeline.evidence import PaperEvidence
from pipeline.relate import relate
from pipeline.tag.tagger import Tagger


def evidence(tagger: Tagger, text: str, section: Section | None = Section.RESULTS, methods: str = "") -> PaperEvidence:
    """What a short paper says: an optional methods passage, then the passage under test."""
    parts = [(Section.METHODS, methods)] if methods else []
    passages = [
        Passage(number, Part.ABSTRACT, words, where) for number, (where, words) in enumerate([*parts, (section, text)])
    ]
    return relate(tagger.tag(Document(Source("made.txt", "text", "0" * 64), tuple(passages))))


def told(found: PaperEvidence) -> list[tuple[str, float | None, tuple[str, ...]]]:
    """(outcome, number, drugs of the arm) of each result."""
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    return [
        (
            row.outcome,
            next((one for one in (row.value, row.percent, row.events, row.high) if one is not None), None),
            drugs.get(row.arm_id or "", ()),
        )
        for row in found.results
    ]


TRIAL = "Eighty patients were randomised to enalapril (n = 40) or losartan (n = 40)."


@pytest.mark.parametrize(
    "text",
    [
        "The hazard ratio for the composite of death or dialysis with enalapril was 0.56 (95% CI, 0.45 to 0.68).",
        "Age and proteinuria predicted renal failure with odds ratios of 2.6, 2.2, and 1.6, respectively.",
        "Enalapril lowered the risk of death (RR 0.63, 95% CI 0.44 to 0.90; I2 = 54%).",
        "The number needed to treat to prevent one death was 19.",
        "Response was a decline of proteinuria of at least 50%.",
        "Patients with no oedema, normal renal function, and no proteinuria underwent biopsy.",
        "All patients were followed for a mean follow-up of 3.4 ± 0.8 years.",
    ],
)
def test_numbers_that_are_no_findings(tagger: Tagger, text: str) -> None:
    assert told(evidence(tagger, text, methods=TRIAL)) == []


def test_general_zeros_are_nobodys(tagger: Tagger) -> None:
    found = evidence(
        tagger, "Nephrotic syndrome has not been reported with losartan.", section=Section.BACKGROUND, methods=TRIAL
    )
    assert told(found) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Remission occurred in 7 of 42 patients assigned to enalapril (16.7%, mean follow-up 3.4 ± 0.8 years) and "
            "in 1 of 66 patients assigned to placebo (1.5%, mean follow-up 2.3 ± 1.1 years; P = 0.005).",
            [("Remission", 16.7, ("enalapril",)), ("Remission", 1.5, ("placebo",))],
        ),
        (
            "The fall in proteinuria was similar for both drugs: 46% on 100 mg losartan versus 51% on 20 mg enalapril.",
            [("fall in proteinuria", 46.0, ("losartan",)), ("fall in proteinuria", 51.0, ("enalapril",))],
        ),
    ],
)
def test_numbers_beside_names(tagger: Tagger, text: str, expected: list[tuple[str, float, tuple[str, ...]]]) -> None:
    assert (
        told(evidence(tagger, text, methods="We compared the effects of enalapril, losartan or placebo.")) == expected
    )


def test_a_drug_is_not_given_with_its_placebo(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "In response to enalapril, proteinuria fell by 30%.",
        methods="In a placebo-controlled study, patients received enalapril and placebo.",
    )
    assert {arm.drug_names for arm in found.arms if arm.drugs} == {("enalapril",), ("placebo",)}
    assert told(found) == [("proteinuria", 30.0, ("enalapril",))]


def test_enumerated_regimens_are_sides(tagger: Tagger) -> None:
    methods = (
        "Patients were randomised to (i) basiliximab + belatacept, (ii) belatacept + azathioprine, "
        "or (iii) tacrolimus alone."
    )
    found = evidence(tagger, "Acute rejection occurred in 12% of the tacrolimus group.", methods=methods)
    arms = [set(arm.drug_names) for arm in found.arms if arm.quote]
    assert arms == [{"basiliximab", "belatacept"}, {"belatacept", "azathioprine"}, {"tacrolimus"}]


def test_contrasts_are_never_with_cited_arms(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Proteinuria was lower and GFR was higher than at baseline. Captopril has been reported to lower proteinuria.",
        section=None,
        methods="Thirty patients received enalapril.",
    )
    own = {arm.arm_id for arm in found.arms if arm.attribution == "own"}
    assert all(row.arm_b in (None, *own) for row in found.comparisons if row.attribution == "own")


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        (
            "There was an increase in haemoglobin, urine volume (UV), and glomerular filtration rate (GFR).",
            ["haemoglobin", "urine volume", "glomerular filtration rate"],
        ),
        (
            "No differences in terms of proteinuria, death (any cause), or adverse events were identified.",
            ["proteinuria", "death (any cause)", "adverse events"],
        ),
    ],
)
def test_lists_of_outcomes(tagger: Tagger, text: str, outcomes: list[str]) -> None:
    assert [row.outcome for row in evidence(tagger, text, methods=TRIAL).comparisons][: len(outcomes)] == outcomes


def test_both_halves_of_a_blood_pressure(tagger: Tagger) -> None:
    found = evidence(
        tagger, "Blood pressure fell from 161 ± 18/83 ± 10 to 137 ± 15/70 ± 8 mmHg with enalapril.", methods=TRIAL
    )
    assert [(row.value, row.sd, row.timepoint) for row in found.results] == [
        (161.0, 18.0, "baseline"),
        (83.0, 10.0, "baseline"),
        (137.0, 15.0, None),
        (70.0, 8.0, None),
    ]
    assert [row.direction for row in found.comparisons] == ["decreased"]


@pytest.mark.parametrize(
    "text",
    [
        "The primary end point was renal survival, estimated by a 50% increase in serum creatinine.",
        "Patients with stable albuminuria (30-1,000 mg/day) were included.",
        "Duration of treatment was 1 year.",
        "Proteinuria was comparable for pressures below 100 mmHg.",
    ],
)
def test_plans_and_limits_are_no_findings(tagger: Tagger, text: str) -> None:
    assert told(evidence(tagger, text, section=None, methods=TRIAL)) == []


def test_names_in_the_bracket_of_a_test_do_not_own_the_number(tagger: Tagger) -> None:
    text = (
        "In the losartan group, albumin excretion increased from 10 ± 8 to 26 ± 10 mg/24 h at 6 years "
        "(P = 0.001 for enalapril compared with losartan)."
    )
    assert [row[2] for row in told(evidence(tagger, text, methods=TRIAL))] == [("losartan",)] * 2


def test_each_verb_of_a_sentence_has_its_own_direction(tagger: Tagger) -> None:
    text = "In the enalapril group, proteinuria decreased and serum albumin did not change."
    found = evidence(tagger, text, methods=TRIAL)
    assert [(row.outcome, row.direction) for row in found.comparisons] == [
        ("proteinuria", "decreased"),
        ("serum albumin", "no difference"),
    ]


def test_outcomes_inside_other_names(tagger: Tagger) -> None:
    text = "Angiotensin-converting enzyme inhibition did not prevent delayed graft function."
    found = tagger.tag(Document(Source("made.txt", "text", "0" * 64), (Passage(0, Part.ABSTRACT, text),)))
    outcomes = [one.text for one in found.mentions if one.label == "OUTCOME"]
    assert outcomes == ["delayed graft function"]


@pytest.mark.parametrize("name", ["Gitelman syndrome", "Castleman disease", "incipient nephropathy", "hydronephrosis"])
def test_renal_diseases_are_known(tagger: Tagger, name: str) -> None:
    text = f"Patients with {name} were studied."
    found = tagger.tag(Document(Source("made.txt", "text", "0" * 64), (Passage(0, Part.ABSTRACT, text),)))
    assert name in [one.text for one in found.mentions if one.label == "CONDITION"]


def sized(found: PaperEvidence) -> dict[str, float | None]:
    """Name and size of every arm."""
    return {arm.name: arm.n for arm in found.arms}


def test_groups_by_disease_are_arms(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "All SDNS and two SRNS patients (40%) achieved complete remission. The relapse rate in SDNS patients was 0.4.",
        methods="We treated 14 children with tacrolimus: 9 with steroid-dependent nephrotic syndrome (SDNS) and 5 with "
        "steroid-resistant nephrotic syndrome (SRNS).",
    )
    assert sized(found) | {"SDNS": 9, "SRNS": 5} == sized(found)
    names = {arm.arm_id: arm.name for arm in found.arms}
    assert {(names[row.arm_id or ""], row.events, row.total) for row in found.results if row.events} == {
        ("SDNS", 9, 9),
        ("SRNS", 2, 5),
    }


def test_groups_counted_with_their_age_are_arms(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Of the 14 children, 9 with a mean age of 11.0 years had steroid-dependent nephrotic syndrome (SDNS) and 5 "
        "with a mean age of 8.2 years had steroid-resistant nephrotic syndrome (SRNS). No patient relapsed.",
        methods="We treated 14 children with tacrolimus.",
    )
    assert sized(found) | {"SDNS": 9, "SRNS": 5} == sized(found)
    names = {arm.arm_id: arm.name for arm in found.arms}
    ages = {(names[row.arm_id or ""], row.value) for row in found.results if row.outcome == "age"}
    assert ages == {("SDNS", 11.0), ("SRNS", 8.2)}


def test_labelled_groups_share_the_lists_of_a_sentence(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Proteinuria was 5.2, 58.3 (P < 0.01), and 4.7 mg/min for groups A, B, and C, respectively.",
        methods="There were three groups: group A, without oedema (n = 19), and group B, with oedema (n = 18). Group C "
        "comprised 10 volunteers. All took 20 mg enalapril.",
    )
    names = {arm.arm_id: arm.name for arm in found.arms}
    assert [(names[row.arm_id or ""].lower(), row.value) for row in found.results] == [
        ("group a", 5.2),
        ("group b", 58.3),
        ("group c", 4.7),
    ]


def test_a_drug_alone_is_a_side_of_its_combination(tagger: Tagger) -> None:
    methods = "Ten patients took captopril, and on another day captopril plus ibuprofen."
    found = evidence(tagger, "Proteinuria fell by 20% with captopril alone.", methods=methods)
    assert {arm.drug_names for arm in found.arms if arm.quote} == {("captopril", "ibuprofen"), ("captopril",)}


def test_equally_effective_in_lowering_is_no_difference(tagger: Tagger) -> None:
    found = evidence(tagger, "Both drugs were equally effective in lowering systolic blood pressure.", methods=TRIAL)
    assert [(row.outcome, row.direction) for row in found.comparisons] == [("systolic blood pressure", "no difference")]


def test_what_goes_on_belongs_to_the_arm_before(tagger: Tagger) -> None:
    text = "Enalapril lowered proteinuria to 2.1 g/d. This was followed by a rise in proteinuria to 3.3 g/d."
    assert [row[2] for row in told(evidence(tagger, text, methods=TRIAL))] == [("enalapril",)] * 2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("At week 256, 72.8% of the patients were in remission.", [72.8]),
        ("ACR 20% responses were seen in 60% of the patients.", [60.0]),
        ("Proteinuria was 95.6 mg/24 h in the enalapril group.", [95.6]),
    ],
)
def test_numbers_beside_numbers(tagger: Tagger, text: str, numbers: list[float]) -> None:
    assert [row[1] for row in told(evidence(tagger, text, methods=TRIAL))] == numbers


def test_the_drug_at_the_end_of_a_long_name_takes_the_dose(tagger: Tagger) -> None:
    methods = (
        "Ten cyclosporine-treated recipients received a single 100-mg i.v. dose of the neutral endopeptidase EC 24.11 "
        "inhibitor candoxatrilat in a placebo-controlled study."
    )
    found = evidence(tagger, "Diuresis rose by 20% after candoxatrilat.", methods=methods)
    first = found.arms[0]
    assert [(use.drug, use.dose.text if use.dose else None) for use in first.drugs] == [
        ("candoxatrilat", "100-mg"),
        ("cyclosporine", None),
    ]


def test_cases_of_an_outcome_in_a_group_of_others(tagger: Tagger) -> None:
    text = (
        "Brown et al. reported two cases of complete remission in a subgroup of nine children treated with tacrolimus."
    )
    found = evidence(tagger, text, section=Section.DISCUSSION, methods=TRIAL)
    assert [(row.outcome, row.events, row.total, row.attribution) for row in found.results] == [
        ("complete remission", 2.0, 9.0, "cited")
    ]
    assert [arm.drug_names for arm in found.arms if arm.attribution == "cited"] == [("tacrolimus",)]


def test_lowered_risks_are_contrasts(tagger: Tagger) -> None:
    text = "Enalapril lowered the risk of death by 25% (95% CI 12-36, p = 0.0004), stroke by 33% (10-50)."
    assert told(evidence(tagger, text, methods=TRIAL)) == []


def test_what_is_added_later_is_no_background(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Enalapril alone lowered proteinuria by 60%.",
        methods=TRIAL + " We evaluated whether addition of indomethacin to each of the two treatments was safer.",
    )
    assert [row[2] for row in told(found)] == [("enalapril",)]


def test_aims_and_connecting_words_tell_nothing(tagger: Tagger) -> None:
    text = "This study compares the effects of enalapril with those of losartan on proteinuria."
    assert evidence(tagger, text, section=None, methods=TRIAL).comparisons == ()


def test_kinds_of_renal_disease(tagger: Tagger) -> None:
    text = "Patients with chronic nondiabetic nephropathies were studied."
    found = tagger.tag(Document(Source("made.txt", "text", "0" * 64), (Passage(0, Part.ABSTRACT, text),)))
    assert [one.text for one in found.mentions if one.label == "CONDITION"] == ["chronic nondiabetic nephropathies"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Losartan was given without clinical improvement.", [("clinical improvement", "no difference")]),
        ("Losartan reduced proteinuria without serious adverse events.", [("proteinuria", "decreased")]),
    ],
)
def test_what_was_without_did_not_rise(tagger: Tagger, text: str, expected: list[tuple[str, str]]) -> None:
    rows = evidence(tagger, text, methods="Ten patients were treated with losartan.").comparisons
    assert [(row.outcome, row.direction and row.direction.value) for row in rows] == expected
