"""Numbers in lists of items take the words of their own item; outcome phrases reach as far as they say."""

from __future__ import annotations

import pytest

from pipeline.relate.results import Group

from .paper_made import OUTCOMES, TWO_ARMS, Names, paper, results_of

MORE = (
    *OUTCOMES,
    "nausea",
    "rash",
    "diarrhoea",
    "headache",
    "levels",
    "B cells",
    "cells",
    "Cr",
    "adverse events",
    "D levels",
)


def outcomes(text: str) -> list[tuple[str, str]]:
    """Printed number and outcome of every row of a sentence."""
    annotated = paper(text, outcomes=MORE)
    found = results_of(annotated, Names(annotated, TWO_ARMS, ("A1",)), Group({}))
    return [(row.text, row.outcome) for row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Of the drug group, 51% of patients reported nausea, 42% rash and 14% headache.",
            [("51%", "nausea"), ("42%", "rash"), ("14%", "headache")],
        ),
        (
            "The relapse rate was 71% in the drug group, with 50% achieving ≥complete remission.",
            [("71%", "relapse rate"), ("50%", "complete remission")],
        ),
        (
            "With the drug, adverse events were nausea (6.1%), strange dreams (3.8%) and cold feet (3.1%).",
            [("6.1%", "nausea"), ("3.8%", "strange dreams"), ("3.1%", "cold feet")],
        ),
        (
            "The drug acted (GFR (mL/min): 2.3 ± 0.6 to 1.3 ± 0.4, foobarin (pg/mL): 90.1 ± 2.5 to 41.5 ± 4.8).",
            [("2.3 ± 0.6", "GFR"), ("1.3 ± 0.4", "GFR"), ("90.1 ± 2.5", "foobarin"), ("41.5 ± 4.8", "foobarin")],
        ),
    ],
)
def test_a_number_takes_the_words_of_its_item(text: str, expected: list[tuple[str, str]]) -> None:
    assert outcomes(text) == expected


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Mean levels of foobarin were 12.5 ± 3.0 in the drug group.", "levels of foobarin"),
        ("25(OH)D levels were 18.2 ± 8.4 in the drug group.", "25(OH)D levels"),
        ("B cells among nucleated cells were 12.5 ± 3.0 % in the drug group.", "B cells"),
        ("Infections, including nausea, occurred in 10.3% of the drug group.", "Infections"),
        ("The most frequent adverse events were rash, seen in 12% of the drug group.", "rash"),
    ],
)
def test_outcome_phrases_are_whole(text: str, outcome: str) -> None:
    assert outcomes(text)[0][1] == outcome


def test_the_creatinine_of_a_unit_is_no_outcome() -> None:
    assert outcomes("Proteinuria was 14.5 ± 1.8 and then 22.9 ± 3.7 pg/mg Cr in the drug group.")[1][1] == "Proteinuria"
