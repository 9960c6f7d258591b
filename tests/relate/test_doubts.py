"""Doubts: what makes a sentence's row a lead only, and what does not."""

from __future__ import annotations

import pytest

from pipeline.confidence import confidence
from pipeline.relate.doubts import Compared
from pipeline.relate.results import Group

from .paper_made import TWO_ARMS, Names, paper, results_of


def doubts(text: str, compared: Compared = Compared(2, True), default: tuple[str, ...] = ()) -> set[str]:  # noqa: B008
    """Doubts of the rows of a sentence."""
    annotated = paper(text)
    group = Group({"A1": 20, "A2": 18}, compared=compared)
    found = results_of(annotated, Names(annotated, TWO_ARMS, default), group)
    return {reason for row in found for reason in row.doubts}


@pytest.mark.parametrize(
    "text",
    [
        "Relapse was seen in 12% of the drug group.",
        "Proteinuria was 3.1 ± 0.9 g/d in the drug group.",
        "GFR was 58 ml/min in the drug group versus 55 ml/min in the control group (P = 0.06).",
    ],
)
def test_a_number_beside_its_arm_is_not_doubted(text: str) -> None:
    assert doubts(text) == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("In the drug group relapse was seen early, and in Group C in 12%.", "group"),
        ("Of patients with diabetes in the drug group, 12% had a relapse.", "part"),
        ("The odds ratio for relapse in the drug group was 1.4 and the rate was 12%.", "effect"),
        ("Discontinuation because of infections was seen in 12% of the drug group.", "cause"),
        ("Severe infections were seen in 12% of the drug group.", "grade"),
        ("Infections were less frequent than in controls; they were seen in 12% after the drug.", "pair"),
        ("If relapse could be avoided in the drug group, 12% would remain.", "model"),
        ("Remission in the drug group was seen in 9 of 12 wells.", "things"),
        ("Remission was not seen in 12% of the drug group.", "denied"),
        ("Relapse was seen in 12%.", "whole"),
        ("Remission failure was seen in 12% of the drug group.", "qualified"),
    ],
)
def test_reasons_for_doubt(text: str, reason: str) -> None:
    assert reason in doubts(text)


def test_the_one_drug_of_the_title_owns_its_papers_numbers() -> None:
    text = "Relapse was seen in 12%."
    assert doubts(text, Compared(1, True), ("A1",)) == set()
    assert "study" in doubts(text, Compared(1, False), ("A1",))
    assert "study" in doubts(text, Compared(2, True, is_pooled=True), ("A1",))


def test_a_value_of_two_times_is_doubted() -> None:
    assert "time" in doubts("After 3 weeks baseline proteinuria was 3.1 ± 0.9 g/d in the drug group.")


def test_one_doubt_in_a_full_text_makes_a_lead() -> None:
    sure = {"bias": 1.0, "crowd": 1.0, "results section": 1.0, "spread": 1.0, "one arm study": 1.0}
    assert confidence("results", sure) >= 0.5 > confidence("results", sure | {"doubts in full text": 1.0})


def test_tables_are_trusted_more_than_prose_of_a_full_text() -> None:
    table, prose = {"bias": 1.0, "table": 1.0}, {"bias": 1.0, "results section": 1.0, "prose in full text": 1.0}
    assert confidence("results", table) >= 0.7 > confidence("results", prose)
