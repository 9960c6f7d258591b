"""Doses, levels and schedules on the drugs of arms, and the phases of one patient."""

from __future__ import annotations

import pytest

from pipeline.document import Part, Section
from pipeline.evidence import Arm, DrugUse
from pipeline.relate.pairing import Extent, pair_doses

from .treatment_made import arms_of, paper

METHODS, CASE = Section.METHODS, Section.CASE


def doses(arms: tuple[Arm, ...]) -> set[tuple[str, str]]:
    return {(use.drug, use.dose.text) for arm in arms for use in arm.drugs if use.dose}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ten patients were treated with enalapril 10 mg/day.", {("enalapril", "10 mg/day")}),
        (
            "Patients were randomised to enalapril (10 mg/day) or losartan (50 mg/day).",
            {("enalapril", "10 mg/day"), ("losartan", "50 mg/day")},
        ),
        (
            "Ten patients were treated with 100 mg/day of losartan and 5 mg of enalapril.",
            {("losartan", "100 mg/day"), ("enalapril", "5 mg")},
        ),
        (
            "Patients received enalapril (20 mg) or the same dose of losartan.",
            {("enalapril", "20 mg"), ("losartan", "20 mg")},
        ),
        ("Patients in remission on prednisone ≤5 mg/day received rituximab.", set()),
        ("Patients were randomised to placebo or rituximab 1000 mg.", {("rituximab", "1000 mg")}),
    ],
)
def test_a_dose_belongs_to_its_drug(text: str, expected: set[tuple[str, str]]) -> None:
    assert doses(arms_of(paper((METHODS, text)))) == expected


def test_a_dose_measured_as_an_outcome_is_no_regimen() -> None:
    text = "The mean dose of prednisolone was 0.3 ± 0.2 mg/kg after tacrolimus was started."
    assert doses(arms_of(paper((None, f"Nine children were treated with tacrolimus. {text}")))) == set()


def test_a_level_is_a_target_and_no_dose() -> None:
    text = "Ten patients were treated with tacrolimus (target trough level 5 to 8 ng/mL)."
    (use,) = arms_of(paper((METHODS, text)))[0].drugs
    assert use.dose is None
    assert use.target is not None
    assert (use.target.low, use.target.high) == (5.0, 8.0)


def test_the_schedule_stands_beside_the_drug() -> None:
    text = "Ten patients were treated with oral cyclophosphamide 2 mg/kg/day for 12 weeks."
    (use,) = arms_of(paper((METHODS, text)))[0].drugs
    assert (use.route, use.duration) == ("oral", "12 weeks")


def test_later_sentences_dose_the_arm_they_name() -> None:
    text = (
        "Patients were randomised to cyclophosphamide or MMF. "
        "The MMF group was treated with MMF 2 g/day and the cyclophosphamide group with cyclophosphamide 500 mg."
    )
    first, second = arms_of(paper((METHODS, text)))[:2]
    assert doses((first,)) == {("cyclophosphamide", "500 mg")}
    assert doses((second,)) == {("mycophenolate mofetil", "2 g/day")}


@pytest.mark.parametrize(
    ("text", "drugs", "dose", "expected"),
    [
        ("Drugone and drugtwo (10 mg and 20 mg, respectively) were given.", 2, ("10 mg", "20 mg"), [(0, 0), (1, 1)]),
        ("After 5 g/m2 of drugone she recovered, while drugtwo failed.", 2, ("5 g/m2",), [(0, 0)]),
        ("Newname (50 mg daily) was added to drugone.", 1, ("50 mg daily",), []),
    ],
)
def test_pairs_within_a_sentence(text: str, drugs: int, dose: tuple[str, ...], expected: list[tuple[int, int]]) -> None:
    lowered = text.lower()
    named = [Extent(lowered.index(name), lowered.index(name) + len(name)) for name in ("drugone", "drugtwo")[:drugs]]
    given = [Extent(text.index(one), text.index(one) + len(one)) for one in dose]
    assert [(pair.dose, pair.drug) for pair in pair_doses(text, named, given)] == expected


COURSE = (
    "The patient started prednisolone 1 mg/kg/day. There was no response after 4 months. "
    "Treatment with CsA plus prednisolone (0.15 mg/kg/day) was started. Albumin rose. "
    "CsA plus prednisolone was discontinued and the patient was started on MMF (2000 mg/day). She relapsed. "
    "After 14 months of treatment with MMF without remission, CsA was added. The MMF dose was adjusted to 1000 mg/day. "
    "Remission was reached. The dose of MMF was increased to 2000 mg/day, maintaining the CsA dose."
)


def phases() -> list[Arm]:
    annotated = paper((CASE, COURSE), title="A case report.", part=Part.BODY, headings=("Case 1",))
    return [arm for arm in arms_of(annotated) if arm.name.startswith("case 1")]


def test_one_patient_has_one_arm_per_phase() -> None:
    assert [set(arm.drug_names) for arm in phases()] == [
        set(),
        {"prednisolone"},
        {"cyclosporine", "prednisolone"},
        {"mycophenolate mofetil"},
        {"mycophenolate mofetil", "cyclosporine"},
        {"mycophenolate mofetil", "cyclosporine"},
    ]


def test_a_dose_is_never_taken_from_another_phase() -> None:
    def dose(uses: tuple[DrugUse, ...], drug: str) -> str | None:
        return next((use.dose.text for use in uses if use.drug == drug and use.dose), None)

    found = phases()
    assert [dose(arm.drugs, "prednisolone") for arm in found[1:3]] == ["1 mg/kg/day", "0.15 mg/kg/day"]
    assert [dose(arm.drugs, "mycophenolate mofetil") for arm in found[3:]] == [
        "2000 mg/day",
        "1000 mg/day",
        "2000 mg/day",
    ]
