"""What a drug does in a trial with a control is told against the control, in the active and in the passive voice."""

from __future__ import annotations

import pytest

from pipeline.document import Document, Part, Passage, Section, Source
from pipeline.evidence import Direction
from pipeline.relate import relate
from pipeline.tag.tagger import Tagger

DOWN, SAME = Direction.DECREASED, Direction.NO_DIFFERENCE


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Proteinuria was reduced by enalapril.", [(DOWN, "enalapril", "placebo")]),
        ("Proteinuria was lowered by 2 g with enalapril.", [(DOWN, "enalapril", None)]),
        ("GFR was not affected by enalapril or atenolol.",
         [(SAME, "enalapril", "placebo"), (SAME, "atenolol", "placebo")]),
        ("GFR was slightly, but not significantly, reduced by enalapril and atenolol.",
         [(SAME, "enalapril", "placebo"), (SAME, "atenolol", "placebo")]),
        ("GFR fell with enalapril, while it was slightly, but not significantly, reduced with atenolol.",
         [(DOWN, "enalapril", None), (SAME, "atenolol", None)]),
    ],
)  # fmt: skip
def test_a_drug_is_told_against_the_control(
    tagger: Tagger, sentence: str, expected: list[tuple[Direction, str, str | None]]
) -> None:
    start = "Sixty patients were randomised to enalapril (n = 20), atenolol (n = 20) or placebo (n = 20)."
    passages = (
        Passage(0, Part.TITLE, "Enalapril or atenolol in nephropathy"),
        Passage(1, Part.ABSTRACT, start, Section.METHODS),
        Passage(2, Part.ABSTRACT, sentence, Section.RESULTS),
    )
    found = relate(tagger.tag(Document(Source("t.txt", "text", "0" * 64), passages)))
    drug = {arm.arm_id: arm.drug_names[0] for arm in found.arms if arm.drug_names}
    assert [
        (row.direction, drug.get(row.arm_a or ""), drug.get(row.arm_b or "")) for row in found.comparisons
    ] == expected
