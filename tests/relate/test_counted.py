"""Counts of people: told beside an arm, behind one of several reasons, or as none."""

from __future__ import annotations

import pytest

from pipeline.tag.tagger import Tagger
from tests.relate.test_abstracts import evidence

TRIAL = "Eighty patients were randomised to enalapril (n = 40) or losartan (n = 40)."
E, L, ALL = ("enalapril",), ("losartan",), ()
Row = tuple[str, float | None, tuple[str, ...]]


def counts(tagger: Tagger, text: str) -> list[Row]:
    found = evidence(tagger, text, methods=TRIAL)
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    return [(row.outcome, row.events, drugs.get(row.arm_id or "", ())) for row in found.results]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Two patients in the losartan group and three patients in the enalapril group entered dialysis.",
            [("entered dialysis", 2, L), ("entered dialysis", 3, E)],
        ),
        (
            "Two patients in the losartan group died and three patients in the enalapril group relapsed.",
            [("died", 2, L), ("relapsed", 3, E)],
        ),
        ("Three patients in the enalapril group developed hyperkalemia.", [("hyperkalemia", 3, E)]),
        ("Three patients in the enalapril group were seen twice a month.", []),
        (
            "The most common adverse events were cough (8 patients) and hyperkalemia (6 patients).",
            [("cough", 8, ALL), ("hyperkalemia", 6, ALL)],
        ),
        (
            "Adverse events included anaemia (n = 4) in the losartan group and rash (n = 3) in the enalapril group.",
            [("anaemia", 4, L), ("rash", 3, E)],
        ),
        (
            "Nine patients discontinued therapy, with the commonest reasons being cough (5) and hyperkalemia (4).",
            [("discontinued therapy", 9, ALL), ("cough", 5, ALL), ("hyperkalemia", 4, ALL)],
        ),
        ("The patients came from three cities (8 patients) and two towns (6 patients).", []),
    ],
)
def test_counts_of_people(tagger: Tagger, text: str, expected: list[Row]) -> None:
    assert counts(tagger, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No patient on losartan had cough.", [("cough", 0, L)]),
        ("No patients in the losartan group died.", [("died", 0, L)]),
        ("No relapses were seen with losartan.", [("relapses", 0, L)]),
        ("No patient developed cough or rash.", [("cough", 0, ALL), ("rash", 0, ALL)]),
        ("None of the 40 patients in the losartan group had a relapse.", [("relapse", 0, L)]),
        (
            "Cough was seen in 3 of the 40 patients on enalapril but in none of those on losartan.",
            [("Cough", 3, E), ("Cough", 0, L)],
        ),
        ("Thirty patients received no losartan.", []),
    ],
)
def test_none_of_an_arm(tagger: Tagger, text: str, expected: list[Row]) -> None:
    assert counts(tagger, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "At baseline blood pressure was 108 and 105 mm Hg, and albuminuria was 1,554 and 1,033 mg/day in the "
            "losartan and enalapril groups, respectively.",
            [(108, L), (105, E), (1554, L), (1033, E)],
        ),
        (
            "Whereas treatment with losartan lowered albuminuria by 52%, albuminuria in the enalapril group did not "
            "change.",
            [(52, L)],
        ),
        (
            "GFR fell by 1.3 ± 0.3 ml x min(-1) x month(-1) in the losartan group and by 0.2 ± 0.4 ml x min(-1) x "
            "month(-1) in the enalapril group.",
            [(1.3, L), (0.2, E)],
        ),
    ],
)
def test_whose_number(tagger: Tagger, text: str, expected: list[tuple[float, tuple[str, ...]]]) -> None:
    found = evidence(tagger, text, methods=TRIAL)
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    rows = [
        (row.value if row.percent is None else row.percent, drugs.get(row.arm_id or "", ())) for row in found.results
    ]
    assert rows == expected
