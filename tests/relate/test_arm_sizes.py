"""Sizes, short names and doses of arms, in the ways that trial abstracts print them."""

from __future__ import annotations

import pytest

from pipeline.document import Section
from pipeline.evidence import Attribution, Role

from .treatment_made import arms_of, paper

ALLOTS = "Patients were randomised to tacrolimus or enalapril. "


def _arms(text: str) -> list[tuple[str, int | None]]:
    own = [arm for arm in arms_of(paper((Section.METHODS, text))) if arm.attribution is Attribution.OWN]
    return [(arm.drug_names[0], arm.n) for arm in own if arm.role in (Role.INTERVENTION, Role.COMPARATOR)]


def _doses(text: str) -> dict[str, list[str]]:
    own = [arm for arm in arms_of(paper((Section.METHODS, text))) if arm.role is not Role.BACKGROUND]
    return {use.drug: [one.dose.text for one in arm.drugs if one.dose and one.drug == use.drug]
            for arm in own for use in arm.drugs}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        ALLOTS + "In all, 83 of 90 adults were analysed (tacrolimus, 41; enalapril, 42).",
        "Eighty-three randomised: 41 to receive tacrolimus once daily, and 42 to receive enalapril twice daily.",
        ALLOTS + "Eighty-three patients were included: 41 and 42 for tacrolimus and enalapril, respectively.",
        "They were assigned to TFT (tacrolimus at bedtime; n = 41) or EFT (enalapril at bedtime; n = 42).",
    ],
)
def test_sizes_of_both_arms(text: str) -> None:
    assert _arms(text) == [("tacrolimus", 41), ("enalapril", 42)]


def test_a_ratio_is_no_size() -> None:
    assert _arms("Adults were randomised 2: 1 to receive tacrolimus or enalapril.") == [
        ("tacrolimus", None),
        ("enalapril", None),
    ]


def test_counts_of_events_that_add_up_to_nothing_are_no_sizes() -> None:
    text = ALLOTS + "Ninety patients had fever in weeks (tacrolimus, 7; enalapril, 9)."
    assert _arms(text) == [("tacrolimus", None), ("enalapril", None)]


def test_a_short_form_behind_two_drugs_names_the_combination() -> None:
    text = (
        "We compared losartan/tacrolimus (LT) versus enalapril/tacrolimus (ET) in adults. "
        "Of 73 included adults, 37 patients were in the LT group and 36 patients in the ET group."
    )
    own = [arm for arm in arms_of(paper((Section.METHODS, text))) if arm.role is not Role.BACKGROUND]
    assert [(arm.drug_names, arm.n) for arm in own] == [
        (("losartan", "tacrolimus"), 37),
        (("enalapril", "tacrolimus"), 36),
    ]


def test_groups_named_by_one_drug_each_are_compared() -> None:
    text = (
        "We studied the effect of 5 mg enalapril and 50 mg losartan in 80 patients. "
        "Oedema fell in 20 of the 39 patients in the enalapril group and 18 of the 41 patients in the losartan group."
    )
    assert _arms(text) == [("enalapril", 39), ("losartan", 41)]


def test_randomised_to_outweighs_what_they_took_at_entry() -> None:
    text = (
        "After a run-in 90 adults were randomised to receive tacrolimus 2 mg or placebo for 9 weeks. "
        "Of these, 44 were on losartan 50 mg alone and 46 were on losartan 50 mg plus enalapril 5 mg."
    )
    assert [name for name, _ in _arms(text)] == ["tacrolimus", "placebo"]


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("Adults took 10 mg of enalapril or losartan at night.", {"enalapril": ["10 mg"], "losartan": ["10 mg"]}),
        (
            "Adults were randomised to tacrolimus 0.03% (2 drops) or enalapril 5 mg.",
            {"tacrolimus": ["0.03%"], "enalapril": ["5 mg"]},
        ),
        (
            "Adults were randomised to tacrolimus 0.03%/losartan 0.5% or to tacrolimus 0.03%/enalapril 2%.",
            {"tacrolimus": ["0.03%"], "losartan": ["0.5%"], "enalapril": ["2%"]},
        ),
    ],
)
def test_doses_of_choices_drops_and_fixed_combinations(text: str, doses: dict[str, list[str]]) -> None:
    assert _doses(text) == doses
