"""Sides told in one word for two drugs, and arms that hold beyond the sentence that names them."""

from __future__ import annotations

import pytest

from pipeline.evidence import PaperEvidence
from pipeline.tag.tagger import Tagger
from tests.relate.test_abstracts import evidence, told

THREE = "Sixty patients were randomised to receive enalapril (10 mg), losartan (50 mg) or both."
E, L, EL = ("enalapril",), ("losartan",), ("enalapril", "losartan")


def contrasts(found: PaperEvidence) -> list[tuple[str, tuple[str, ...], tuple[str, ...] | None]]:
    drugs: dict[str | None, tuple[str, ...]] = {arm.arm_id: arm.drug_names for arm in found.arms}
    return [(row.outcome, drugs[row.arm_a], drugs.get(row.arm_b)) for row in found.comparisons]


@pytest.mark.parametrize("words", ["or both", "or their combination", "and the combination of both"])
def test_both_is_a_side_of_its_own(tagger: Tagger, words: str) -> None:
    found = evidence(tagger, "No deaths occurred.", methods=THREE.replace("or both", words))
    sides = [arm for arm in found.arms if arm.role != "background"]
    assert [arm.drug_names for arm in sides] == [E, L, EL]
    assert [[use.dose is None for use in arm.drugs] for arm in sides] == [[False], [False], [True, True]]


def test_what_one_group_received_is_not_everybodys(tagger: Tagger) -> None:
    methods = THREE + " Patients of the third group received lower doses of enalapril and losartan."
    found = evidence(tagger, "No deaths occurred.", methods=methods)
    assert [arm.drug_names for arm in found.arms if arm.role != "background"] == [E, L, EL]


def test_a_heading_arm_holds_until_the_next(tagger: Tagger) -> None:
    text = (
        "Enalapril: GFR fell from 60 to 50 mL/min. Albuminuria fell from 350 to 205 mg/day. "
        "Losartan: GFR fell from 61 to 52 mL/min. Albuminuria fell from 373 to 322 mg/day."
    )
    rows = [(row[1], row[2]) for row in told(evidence(tagger, text, methods=THREE))]
    assert rows == [
        *[(60.0, E), (50.0, E), (350.0, E), (205.0, E)],
        *[(61.0, L), (52.0, L), (373.0, L), (322.0, L)],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The combined treatment lowered proteinuria more than either drug alone.",
            [("proteinuria", EL, E), ("proteinuria", EL, L)],
        ),
        (
            "The fall in proteinuria was greatest in the combined group.",
            [("proteinuria", EL, E), ("proteinuria", EL, L)],
        ),
        (
            "In all groups, no correlation between the fall in proteinuria and age was found.",
            [("proteinuria", E, None), ("proteinuria", L, None), ("proteinuria", EL, None)],
        ),
    ],
)
def test_one_side_against_each_other(
    tagger: Tagger, text: str, expected: list[tuple[str, tuple[str, ...], tuple[str, ...] | None]]
) -> None:
    assert contrasts(evidence(tagger, text, methods=THREE)) == expected


def test_combined_therapy_names_the_arm_of_both(tagger: Tagger) -> None:
    methods = (
        "Patients received enalapril alone, then losartan was added. Combined therapy with enalapril was compared."
    )
    found = evidence(
        tagger, "GFR fell by 4% and 16% after enalapril and combined therapy, respectively.", methods=THREE
    )
    assert [row[2] for row in told(found)] == [E, EL]
    assert all("combined" not in " ".join(arm.aliases).lower() for arm in evidence(tagger, "", methods=methods).arms)


def test_an_allotting_sentence_comes_before_a_tested_one(tagger: Tagger) -> None:
    methods = "Ninety people were randomised to amlodipine, atenolol, or enalapril."
    text = "GFR increased in people randomised to atenolol (n = 31) (P = 0.10) or enalapril (n = 31) (P = 0.52)."
    found = evidence(tagger, text, methods=methods)
    assert [arm.drug_names for arm in found.arms][:3] == [("amlodipine",), ("atenolol",), ("enalapril",)]


def test_a_passage_of_a_thousand_sentences_is_walked_through_once(tagger: Tagger) -> None:
    sentences = " ".join(f"Albuminuria fell to {number}.5 mg/day." for number in range(1, 1200))
    rows = told(evidence(tagger, f"Enalapril: GFR fell to 50 mL/min. {sentences}", methods=THREE))
    assert len(rows) == 1200
    assert {row[2] for row in rows} == {E}
