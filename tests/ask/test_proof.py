"""Words against their place: what stands there is proved, what does not is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ask.proof import Opened, opened
from pipeline.document import Box, Part, Passage, SourceMap
from pipeline.read import read_documents
from pipeline.read.letters import is_subsequence, letters
from tests.pdf_made import pdf

SENTENCE = "Remission was seen in 8 of 10 patients given voclosporin."


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf(SENTENCE, "No patient of the other group died within the first year of the study."))
    return path


def row(passage: Passage, words: str, **place: object) -> dict[str, object]:
    start = passage.text.index(words)
    source = passage.source_span(start, start + len(words)) or (None, None)
    return {
        "char_start": start, "char_end": start + len(words), "text": words, "source_start": source[0],
        "source_end": source[1], "page": None, **place,
    }  # fmt: skip


def test_words_on_a_page_are_proved_and_a_wrong_box_or_page_is_told(page: Path) -> None:
    (document,) = read_documents(page)
    (passage,) = (p for p in document.passages if "voclosporin" in p.text)  # type: ignore[union-attr]
    with opened(page, is_pdf=True) as source:
        assert source.problem(row(passage, "given voclosporin", page=1), passage) is None
        assert source.problem(row(passage, "voclosporin", page=2), passage) == "it stands on another page"
    moved = replace(passage, boxes=tuple(replace(b, box=_lower(b.box)) for b in passage.boxes))
    with opened(page, is_pdf=True) as source:
        assert source.problem(row(moved, "voclosporin", page=1), moved) == "page 1 does not read 'voclosporin.' there"


def _lower(box: Box) -> Box:
    return Box(box.page, box.x0, box.top + 300, box.x1, box.bottom + 300)


TEXT = "In cyclo-\nsporine 100 &#956;g, 8 of 10."
REPAIRED = "In cyclosporine 100 μg, 8 of 10."
MAPPING = SourceMap.from_offsets([*range(8), *range(10, 22), None, *range(28, 39)])


@pytest.mark.parametrize(
    ("words", "change", "problem"),
    [
        ("cyclosporine", {}, None),
        ("100 μg", {}, None),
        ("μg", {}, None),  # the entity stands before what was copied
        ("8 of 10", {}, None),
        ("8 of 10", {"source_start": 1}, "it maps to another place of the source"),
        ("8 of 10", {"text": "9 of 10"}, "the passage has other words at its offsets"),
    ],
)
def test_words_of_a_text(words: str, change: dict[str, object], problem: str | None) -> None:
    passage = Passage(0, Part.ABSTRACT, REPAIRED, source_map=MAPPING)
    assert Opened(TEXT, None).problem({**row(passage, words), **change}, passage) == problem


def test_another_source_is_told() -> None:
    passage = Passage(0, Part.ABSTRACT, REPAIRED, source_map=MAPPING)
    other = TEXT.replace("8 of 10", "7 of 10").replace("&#956;", "&#957;")
    source = Opened(other, None)
    assert source.problem(row(passage, "8 of 10"), passage) == "the source has other words at its offsets"
    assert source.problem(row(passage, "100 μg"), passage) == "letters of it stand in no place of the source"


def test_a_passage_without_place_is_told() -> None:
    passage = Passage(0, Part.ABSTRACT, REPAIRED)
    assert Opened(TEXT, None).problem(row(passage, "8 of 10"), passage) == "it has no place in the source"


@pytest.mark.parametrize(
    ("printed", "read"), [("ﬁbrosis", "fibrosis"), ("na¨ıve", "naïve"), ("μ", "µ"), ("Dahlstrom,¨", "Dahlström,")]
)
def test_letters_are_those_of_the_page(printed: str, read: str) -> None:
    assert is_subsequence(letters(read), letters(printed))
