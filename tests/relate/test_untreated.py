"""The group that got nothing: an arm where results are told of it, never the arm of the drug it did not get."""

from __future__ import annotations

import pytest

from pipeline.tag.tagger import Tagger
from tests.relate.test_abstracts import TRIAL, evidence, told


def test_those_without_the_drug_are_an_arm(tagger: Tagger) -> None:
    text = (
        "Of the patients who received labetalol 13 (34.2%) had hyperkalemia, and of the patients who did not "
        "receive labetalol 11 (16.9%) had hyperkalemia."
    )
    methods = "Thirty-eight patients received labetalol, and 65 patients received no labetalol."
    rows = [row[1:] for row in told(evidence(tagger, text, methods=methods))]
    assert rows == [(34.2, ("labetalol",)), (16.9, ())]


def test_treatment_without_the_drug_is_the_other_side(tagger: Tagger) -> None:
    methods = "Serum creatinine during ramipril or non-ramipril treatment was compared."
    found = evidence(tagger, "Ramipril reduced proteinuria.", methods=methods)
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    assert [(drugs[row.arm_a or ""], drugs[row.arm_b or ""]) for row in found.comparisons] == [(("ramipril",), ())]


def test_untreated_animals_are_not_the_other_drug(tagger: Tagger) -> None:
    text = (
        "Proteinuria was lower in enalapril-treated than in untreated rats (33 ± 9 versus 117 ± 10 mg/day, p < 0.05)."
    )
    found = evidence(tagger, text, methods="Rats were randomised to enalapril or losartan.")
    assert [row[1:] for row in told(found)] == [(33.0, ("enalapril",)), (117.0, ())]


def test_untreated_in_passing_makes_no_arm(tagger: Tagger) -> None:
    found = evidence(tagger, "Previously untreated patients were enrolled.", methods=TRIAL)
    assert all(arm.name != "untreated" for arm in found.arms)


def test_factors_of_a_model_are_no_arms(tagger: Tagger) -> None:
    text = "Variables considered in the logistic regression included enalapril, losartan, or amlodipine use."
    assert not [arm for arm in evidence(tagger, text).arms if "losartan" in arm.drug_names and len(arm.drugs) == 1]


def test_change_against_another_group_is_of_both(tagger: Tagger) -> None:
    text = "Proteinuria fell from baseline to week 4 in the enalapril group compared to the losartan arm (P = 0.03)."
    found = evidence(tagger, text, methods=TRIAL)
    assert [(row.arm_a, row.arm_b) for row in found.comparisons] == [("A1", "A2")]


@pytest.mark.parametrize("text", ["Pneumonia and bronchitis occurred in 7.2% and 12.2% of patients, respectively."])
def test_listed_diseases_get_a_number_each(tagger: Tagger, text: str) -> None:
    rows = told(evidence(tagger, text, methods=TRIAL))
    assert [(row[0].lower(), row[1]) for row in rows] == [("pneumonia", 7.2), ("bronchitis", 12.2)]
