"""Drugs that the people of a study took already: in every arm, where the text says so."""

from __future__ import annotations

import pytest

from pipeline.document import Document, Part, Passage, Source
from pipeline.evidence import PaperEvidence
from pipeline.relate import relate
from pipeline.tag.tagger import Tagger


def evidence(tagger: Tagger, *sentences: str) -> PaperEvidence:
    """An abstract with a title."""
    passages = (
        Passage(0, Part.TITLE, "Losartan and blood pressure"), Passage(1, Part.ABSTRACT, " ".join(sentences), None),
    )  # fmt: skip
    return relate(tagger.tag(Document(Source("made.txt", "text", "0" * 64), passages)))


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["The effects of losartan were studied in 12 kidney recipients on cyclosporine and prednisone."],
         {"losartan", "cyclosporine", "prednisone"}),
        (["Twelve kidney recipients maintained on azathioprine received losartan 50 mg daily."],
         {"losartan", "azathioprine"}),
        (["The effects of losartan were studied in 12 PTH on cyclosporine."], {"losartan", "cyclosporine"}),
        # what was replaced is nobody's background
        (["The effects of losartan were studied in 12 patients on enalapril monotherapy."], {"losartan"}),
        (["The effects of losartan were studied in patients previously receiving enalapril."], {"losartan"}),
    ],
)  # fmt: skip
def test_what_the_people_studied_were_on(tagger: Tagger, sentences: list[str], expected: set[str]) -> None:
    assert set(evidence(tagger, *sentences).arms[0].drug_names) == expected


def test_who_was_enrolled_before_the_arms_are_told(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Sixty patients treated with cyclosporine and azathioprine, whose blood pressure was high, were studied.",
        "The patients were randomised to losartan or enalapril.",
    )
    shared = {"cyclosporine", "azathioprine"}
    assert [set(arm.drug_names) for arm in found.arms[:2]] == [shared | {"losartan"}, shared | {"enalapril"}]


def test_those_compared_by_what_they_took_share_nothing(tagger: Tagger) -> None:
    found = evidence(
        tagger,
        "Thirty patients treated with cyclosporine were compared with thirty treated with tacrolimus.",
        "The patients were randomised to losartan or enalapril.",
    )
    assert not {"cyclosporine", "tacrolimus"} & set(found.arms[0].drug_names) & set(found.arms[1].drug_names)
