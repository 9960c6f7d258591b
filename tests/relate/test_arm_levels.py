"""Arms of one drug: its doses and its lengths, told apart and taken together."""

from __future__ import annotations

import pytest

from .test_fresh_texts import Tagger, evidence

DOSES = "In this randomised, placebo-controlled trial, 90 adults received losartan 50 or 100 mg or placebo daily."


def names(found: object) -> list[str]:
    """The names of the compared arms."""
    return [arm.name for arm in found.arms if arm.role.value in ("intervention", "comparator")]  # type: ignore[attr-defined]


def told(found: object) -> list[tuple[float | None, str | None]]:
    """Value or share of each result, and the name of its arm."""
    arms = {arm.arm_id: arm.name for arm in found.arms}  # type: ignore[attr-defined]
    return [
        (row.value if row.value is not None else row.percent, arms.get(row.arm_id or ""))
        for row in found.results  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (DOSES, ["losartan 50", "losartan 100 mg", "placebo"]),
        (
            "Patients were randomised to losartan 50 mg, losartan 100 mg, or placebo.",
            ["losartan 50 mg", "losartan 100 mg", "placebo"],
        ),
        (
            "Sixty patients were randomised to losartan 50 mg/day or 100 mg/day.",
            ["losartan 50 mg/day", "losartan 100 mg/day"],
        ),
        ("Sixty children were allocated to losartan for 4 or 8 weeks.", ["losartan 4 weeks", "losartan 8 weeks"]),
        ("Sixty patients were randomised to losartan 50 to 100 mg or placebo.", ["losartan", "placebo"]),
        ("Losartan was given at 50 or 100 mg.", ["Losartan"]),
    ],
)
def test_doses_and_lengths_that_people_are_allotted_to_are_arms(
    tagger: Tagger, sentence: str, expected: list[str]
) -> None:
    assert names(evidence(tagger, "The effect of losartan on proteinuria was studied.", sentence)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Both losartan 50 and 100 mg lowered proteinuria compared with placebo (–0.33, –0.44 and –0.03 g).",
            [(-0.33, "losartan 50"), (-0.44, "losartan 100 mg"), (-0.03, "placebo")],
        ),
        (
            "Proteinuria fell by 10%, 20% and 2% with losartan 50 mg, 100 mg and placebo, respectively.",
            [(10.0, "losartan 50"), (20.0, "losartan 100 mg"), (2.0, "placebo")],
        ),
        (
            "Remission was seen in 30% and 40% of the 50 mg and 100 mg groups, respectively.",
            [(30.0, "losartan 50"), (40.0, "losartan 100 mg")],
        ),
        ("Remission was seen in 30% of patients on losartan.", [(30.0, "losartan, all doses")]),
    ],
)
def test_an_amount_names_the_arm_of_that_dose(tagger: Tagger, sentence: str, expected: list[tuple[float, str]]) -> None:
    assert told(evidence(tagger, DOSES, sentence)) == expected


def test_an_arm_has_its_own_dose_alone(tagger: Tagger) -> None:
    found = evidence(tagger, DOSES, "Losartan 100 mg lowered proteinuria by 20%.")
    doses = [[use.dose.value for use in arm.drugs if use.dose] for arm in found.arms if arm.name.startswith("losartan")]
    assert doses == [[50.0], [100.0], []]


def test_lengths_name_their_arms_and_share_what_is_given_beside(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Sixty children were randomly allocated to receive losartan for either four or 8 weeks, in combination with"
        " prednisolone.",
        "Remission was seen in 25% of children treated for four weeks and in 24% of those treated for eight weeks.",
    )
    assert told(found) == [(25.0, "losartan four weeks"), (24.0, "losartan 8 weeks")]
    assert {arm.drug_names for arm in found.arms[:2]} == {("losartan", "prednisolone")}
