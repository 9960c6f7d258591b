"""Arms of trials that no drug tells apart, and drugs that the body alone names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Document, Part, Section
from pipeline.evidence import Annotated, Arm, Attribution, Role
from pipeline.relate.arms import find_study_arms
from pipeline.relate.frame import study_frame

from .treatment_made import arms_of, paper


def compared(arms: tuple[Arm, ...]) -> list[tuple[str, int | None]]:
    own = [arm for arm in arms if arm.attribution is Attribution.OWN]
    return [(arm.name, arm.n) for arm in own if arm.role in (Role.INTERVENTION, Role.COMPARATOR)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Adults were randomly assigned to diet counselling (n = 31) or usual advice (n = 30).",
            [("diet counselling", 31), ("usual advice", 30)],
        ),
        (
            "Of 61 adults, 31 were randomised to the walking group and 30 were randomised to the waiting group.",
            [("walking", 31), ("waiting", 30)],
        ),
        (
            "We compared two programmes. The walking group slept longer than the control group.",
            [("walking", None), ("control", None)],
        ),
    ],
)
def test_groups_go_by_their_names(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert compared(arms_of(paper((Section.METHODS, text)))) == expected


def test_counts_of_people_are_no_groups() -> None:
    text = "Of the two groups, patients (n = 31) and women (n = 12) were analysed after random selection."
    assert compared(arms_of(paper((Section.METHODS, text)))) == []


def _with_body(annotated: Annotated, body: int) -> Annotated:
    passages = tuple(
        replace(one, part=Part.BODY) if one.ordinal == body else one for one in annotated.document.passages
    )
    document: Document = replace(annotated.document, passages=passages)
    return replace(annotated, document=document)


def test_drugs_that_the_body_alone_names_are_no_arms() -> None:
    annotated = _with_body(
        paper(
            (Section.METHODS, "Adults were randomly assigned to walking (n = 31) or usual advice (n = 30)."),
            (Section.METHODS, "Before entry they were randomised to receive enalapril 5 mg or losartan 50 mg."),
        ),
        2,
    )
    assert compared(find_study_arms(annotated, study_frame(annotated))) == [("walking", 31), ("usual advice", 30)]


def test_what_is_tested_against_placebo_is_not_everybodys() -> None:
    text = (
        "Adults were randomised to tacrolimus or placebo. In the open extension all patients received tacrolimus and "
        "prednisolone."
    )
    drugs = {arm.name: set(arm.drug_names) for arm in arms_of(paper((Section.METHODS, text)))}
    assert drugs["placebo"] == {"placebo", "prednisolone"}
