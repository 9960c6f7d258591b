"""Pairs of numbers of a two-armed trial of which one arm is named, or none."""

from __future__ import annotations

import pytest

from .test_fresh_texts import Tagger, evidence

TRIAL = "Eighty adults were randomised to losartan (n = 40) or enalapril (n = 40)."
L, E = ("losartan",), ("enalapril",)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["Cough was less common in the losartan group (9/40 vs 18/40)."], {9: L, 18: E}),
        (["Cough was less common in the losartan group (9/40 vs 18/40); so was oedema (3/40 vs 7/40)."],
         {9: L, 18: E, 3: L, 7: E}),
        (["GFR was higher than in the enalapril group (61.5 vs 43.5 ml/min)."], {61.5: L, 43.5: E}),
        (["After 6 months, the fall in GFR was 1.0 (losartan) vs. 4.0 (enalapril) ml/min.",
          "After 12 months the corresponding changes were 2.0 vs. 4.5 ml/min."],
         {1.0: L, 4.0: E, 2.0: L, 4.5: E}),
        (["Remission was seen in 13.6% with losartan and in 3.1% with enalapril.",
          "Survival was 22.5% and 11.2%, respectively."],
         {13.6: L, 3.1: E, 22.5: L, 11.2: E}),
        (["Compared with enalapril, losartan lowered proteinuria.", "Survival was 22.5% vs 11.2%."],
         {22.5: L, 11.2: E}),
        (["Remission was seen in 13.6% with losartan and in 3.1% with enalapril.",
          "Cough and rash occurred in 12% and 15%, respectively."],
         {13.6: L, 3.1: E, 12: (), 15: ()}),
        # Of one arm at two times, or of people told apart by something else.
        (["In the losartan group, proteinuria was lower than at baseline (1.2 vs 2.3 g/day)."], {1.2: L, 2.3: L}),
        (["In the losartan group, GFR was higher in patients with mild than severe scars (61.5 vs 43.5 ml/min)."],
         {61.5: L, 43.5: L}),
    ],
)  # fmt: skip
def test_the_unnamed_one_of_two_arms(
    tagger: Tagger, sentences: list[str], expected: dict[float, tuple[str, ...]]
) -> None:
    found = evidence(tagger, TRIAL, *sentences)
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    got = {
        next(one for one in (row.value, row.events, row.percent) if one is not None): drugs.get(row.arm_id or "")
        for row in found.results
    }
    assert got == expected


def test_of_three_arms_the_unnamed_one_is_unknown(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Ninety adults were randomised to losartan, enalapril or placebo.",
        "Cough was less common in the losartan group (9/30 vs 18/30).",
    )
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    assert E not in [drugs.get(row.arm_id or "") for row in found.results]


def test_a_class_set_against_a_drug_is_the_drug_that_the_text_names(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Sixty patients were randomised to losartan or conventional antihypertensive therapy.",
        "GFR was 61.5 ml/min with losartan and 43.5 ml/min with atenolol.",
    )
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    assert {row.value: drugs.get(row.arm_id or "") for row in found.results} == {61.5: L, 43.5: ("atenolol",)}


def test_a_class_told_with_a_code_is_what_the_code_names(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "This is a comparison of converting enzyme inhibitor and calcium channel blocker in forty hypertensive rats.",
        "We compared treatment with the calcium antagonist XY 3090 or the converting enzyme inhibitor captopril.",
        "GFR was 61.5 ml/min with XY 3090 and 43.5 ml/min with captopril.",
    )
    assert {arm.drug_names for arm in found.arms} >= {("captopril",), ("xy 3090",)}
