"""Composite end points are one outcome, and a ratio without an arm's name compares the two arms."""

from __future__ import annotations

import pytest

from pipeline.document import Document, Part, Passage, Section, Source
from pipeline.evidence import Direction, PaperEvidence
from pipeline.relate import relate
from pipeline.tag.tagger import Tagger

START = "Eighty patients were randomised to enalapril (n = 40) or losartan (n = 40)."


def evidence(tagger: Tagger, *sentences: str, start: str = START) -> PaperEvidence:
    passages = (
        Passage(0, Part.TITLE, "Enalapril or losartan in nephropathy"),
        Passage(1, Part.ABSTRACT, start, Section.METHODS),
        Passage(2, Part.ABSTRACT, " ".join(sentences), Section.RESULTS),
    )
    return relate(tagger.tag(Document(Source("t.txt", "text", "0" * 64), passages)))


@pytest.mark.parametrize(
    ("sentence", "outcome", "direction"),
    [
        (
            "The hazard ratio for the composite of a sustained fall in GFR, end-stage kidney disease, or "
            "death from renal causes was 0.56 (95% CI, 0.45 to 0.68; P<0.001).",
            "composite of a sustained fall in GFR, end-stage kidney disease, or death from renal causes",
            Direction.DECREASED,
        ),
        (
            "The composite outcome of death, dialysis or doubling of creatinine occurred in 12 (30%) on enalapril "
            "and 20 (50%) on losartan (P = 0.03).",
            "composite outcome of death, dialysis or doubling of creatinine",
            Direction.DECREASED,
        ),
        (
            "Fewer patients reached the composite of death or doubling of creatinine on enalapril than on losartan.",
            "composite of death or doubling of creatinine",
            Direction.DECREASED,
        ),
    ],
)
def test_a_composite_is_one_outcome(tagger: Tagger, sentence: str, outcome: str, direction: Direction) -> None:
    found = evidence(tagger, sentence)
    assert [(row.outcome, row.direction) for row in found.comparisons] == [(outcome, direction)]
    assert {row.outcome for row in found.results} <= {outcome}


def test_the_primary_end_point_that_is_a_composite_keeps_its_name(tagger: Tagger) -> None:
    start = f"{START} The primary outcome was a composite of a decline in GFR or end-stage kidney disease."
    found = evidence(
        tagger,
        "A primary outcome event occurred in 12 patients (30%) on enalapril and 20 (50%) on losartan.",
        start=start,
    )
    assert {row.outcome for row in found.results} == {"primary outcome"}


@pytest.mark.parametrize(
    ("sentence", "is_contrast"),
    [
        ("The hazard ratio for a decline in the estimated GFR was 0.56 (95% CI, 0.45 to 0.68; P<0.001).", True),
        ("Diabetes was associated with a decline in GFR (odds ratio, 1.9; 95% CI, 1.2 to 2.8; P = 0.01).", False),
    ],
)
def test_a_ratio_beside_no_name_compares_the_two_arms(tagger: Tagger, sentence: str, is_contrast: bool) -> None:
    (row,) = evidence(tagger, sentence).comparisons
    assert (row.arm_b is not None) is is_contrast
