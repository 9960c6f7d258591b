"""Case reports: the patient's age, what the patient developed, and doubts that a single patient does not raise."""

from __future__ import annotations

import pytest

from pipeline.document import Document, Part, Passage, Section, Source
from pipeline.evidence import PaperEvidence
from pipeline.relate import relate
from pipeline.tag.tagger import Tagger


def case(tagger: Tagger, text: str, title: str = "Gout after losartan: a case report") -> PaperEvidence:
    passages = (Passage(0, Part.TITLE, title), Passage(1, Part.ABSTRACT, text))
    return relate(tagger.tag(Document(Source("made.txt", "text", "0" * 64), passages)))


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("A 47-year-old woman with gout was given losartan.", [(47, "years")]),
        ("A 9 month old Kenyan infant was given losartan.", [(9, "months")]),
        ("A man aged 61 was given losartan, then a woman, aged 52, was.", [(61, "years"), (52, "years")]),
        ("A 470-year-old man was given losartan.", []),
        ("A 47-year-old drug, losartan, was given.", []),
    ],
)
def test_a_case_has_an_age(tagger: Tagger, text: str, ages: list[tuple[float, str]]) -> None:
    found = [row for row in case(tagger, text).results if row.outcome == "age"]
    assert [(row.value, row.unit) for row in found] == ages
    assert {row.timepoint for row in found} <= {"baseline"}


def test_an_abstract_tells_the_phases_of_its_case(tagger: Tagger) -> None:
    text = (
        "A 47-year-old man was treated with losartan. Serum creatinine rose from 1.1 to 4.0 mg/dL. "
        "It was restored after withdrawal of losartan and initiation of prednisolone. "
        "Serum creatinine decreased from 4.0 to 1.2 mg/dL."
    )
    found = case(tagger, text)
    drugs = {arm.arm_id: arm.drug_names for arm in found.arms}
    told = [(row.outcome, row.value, drugs[row.arm_id or ""]) for row in found.results]
    losartan, prednisolone = ("losartan",), ("prednisolone",)
    assert told == [
        ("age", 47, losartan),
        ("Serum creatinine", 1.1, losartan),
        ("Serum creatinine", 4.0, losartan),
        ("Serum creatinine", 4.0, prednisolone),
        ("Serum creatinine", 1.2, prednisolone),
    ]


def test_an_example_in_a_trial_has_no_age(tagger: Tagger) -> None:
    text = "Eighty patients were randomised to losartan or placebo. For a 47-year-old man the dose was halved."
    assert [row for row in case(tagger, text, "A randomised trial").results if row.outcome == "age"] == []


@pytest.mark.parametrize(
    ("text", "developed"),
    [
        ("After a week of losartan the man developed acute renal failure.", ["acute renal failure"]),
        ("The literature holds 12 patients who developed acute renal failure.", []),
        ("Acute renal failure is feared with losartan.", []),
    ],
)
def test_what_the_patient_developed_is_one_of_one(tagger: Tagger, text: str, developed: list[str]) -> None:
    rows = [row for row in case(tagger, text).results if row.events == 1]
    assert [(row.outcome, row.total) for row in rows] == [(name, 1) for name in developed]


def test_the_course_of_one_patient_raises_no_doubt_about_groups(tagger: Tagger) -> None:
    course = (
        "Prednisolone 60 mg/day was started. Proteinuria and serum albumin were 9.1 g/24h and 2.1 g/dL, respectively."
    )
    doubts = []
    for section in (Section.CASE, Section.RESULTS):
        passages = (Passage(0, Part.TITLE, "Nephrosis: a case report"), Passage(1, Part.BODY, course, section))
        found = relate(tagger.tag(Document(Source("made.txt", "text", "0" * 64), passages)))
        doubts.append({reason for row in found.results for reason in row.doubts})
    of_groups = {"group", "whole", "pair", "dealt"}
    assert not doubts[0] & of_groups
    assert doubts[1] & of_groups
