"""Plain-text papers: order, repairs, and the map back to the source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.document import Document, Part, Passage, Section
from pipeline.read import read_documents

PAPER = """  ABSTRACT

Background: Children with relapses need other drugs. Methods: We gave 12 chil-
dren rituximab. Results: Relapses fell from 3.1 to 0.4 per year.

  INTRODUCTION

Frequent relapses are a burden1. Sparing steroids matters2,3, and low -dose or high -dose schemes
were tried4 -6 with little success wit h them. Children with relapses and children with steroid tox-
icity were studied in long-
-term cohorts7.

 METHODS

The serum trough target lay between 5 and 8ng/mL (in the group described in

Table 1

Children at baseline

Drug A Drug B

Albumin 1,9g/dL 2.1g/dL

Protein 12,5g/24h 11.9g/24h

RTX – rituximab; NS – nephrotic syndrome

12    Imag J Kidney 2019; 4(2): 10-19

Table 2) and rituximab was given at 375mg/
m2 weekly.

 CONCLUSION

Rituximab spared steroids.
"""


def read(tmp_path: Path, text: str, name: str = "paper.txt") -> Document:
    path = tmp_path / name
    path.write_bytes(text.encode())
    (document,) = read_documents(path)
    assert isinstance(document, Document)
    return document


def body(document: Document) -> str:
    return "\n".join(p.text for p in document.passages if p.part is Part.BODY)


def passage_with(document: Document, words: str) -> Passage:
    return next(p for p in document.passages if words in p.text)


@pytest.mark.parametrize(
    "mended",
    [
        "low-dose or high-dose schemes were tried with little success with them",
        "steroid toxicity were studied in long-term cohorts.",
        "are a burden. Sparing steroids matters, and",
        "(in the group described in Table 2) and rituximab was given at 375mg/m2 weekly.",
    ],
)
def test_prose_is_mended(tmp_path: Path, mended: str) -> None:
    assert mended in body(read(tmp_path, PAPER))


def test_citations_become_marks(tmp_path: Path) -> None:
    passage = passage_with(read(tmp_path, PAPER), "Frequent relapses")
    assert [mark.keys for mark in passage.citations] == [("1",), ("2", "3"), ("4", "5", "6"), ("7",)]
    assert passage.text[: passage.citations[0].position].endswith("burden")


def test_floats_leave_the_sentence(tmp_path: Path) -> None:
    document = read(tmp_path, PAPER)
    parts = {p.part: p.text for p in document.passages}
    assert parts[Part.CAPTION] == "Table 1 Children at baseline"
    assert parts[Part.FOOTNOTE].startswith("RTX – rituximab")
    assert "1.9g/dL" in parts[Part.TABLE]
    assert document.journal == "Imag J Kidney"
    assert "Imag J Kidney" not in body(document)


def test_sections_follow_headings_and_labels(tmp_path: Path) -> None:
    document = read(tmp_path, PAPER)
    assert passage_with(document, "Relapses fell").section is Section.RESULTS
    assert passage_with(document, "Relapses fell").part is Part.ABSTRACT
    assert passage_with(document, "trough target").section is Section.METHODS
    assert passage_with(document, "spared steroids").section is Section.CONCLUSION


def test_every_copied_character_stands_in_the_source(tmp_path: Path) -> None:
    for passage in read(tmp_path, PAPER).passages:
        assert passage.source_map is not None
        covered = set()
        for start, source, length in passage.source_map.segments:
            assert passage.text[start : start + length] == PAPER[source : source + length]
            covered.update(range(start, start + length))
        added = {c for i, c in enumerate(passage.text) if i not in covered}
        assert added <= {" ", "\n", "\t", "."}


def test_pubmed_record(tmp_path: Path) -> None:
    text = (
        "Mizoribine for children with relapsing nephrosis\n\n"
        "Imag J Kidney. 2020 May;3(1):7-9. doi: 10.5555/ijk.2020.7.\n\n"
        "We treated 9 children. All went into remission.\n\nPublication types\n\n  • Case Reports\n\nMeSH terms\n\n"
        "  • Child\n  • Prednisone / administration & dosage*\n"
    )
    document = read(tmp_path, text)
    assert document.title == "Mizoribine for children with relapsing nephrosis"
    assert (document.journal, document.year, document.doi) == ("Imag J Kidney", 2020, "10.5555/ijk.2020.7")
    assert document.index_terms == ("Child", "Prednisone")
    assert document.publication_types == ("Case Reports",)
    assert passage_with(document, "Prednisone").part is Part.INDEX_TERMS
    assert re.search("9 children", passage_with(document, "We treated").text)
    assert document.source.format == "pubmed-text"


def test_foreign_passages_are_marked(tmp_path: Path) -> None:
    text = PAPER.replace(
        "  INTRODUCTION",
        "  RESUMO\n\nBackground: As crianças com recidivas não respondem aos esteroides e foram tratadas com o fármaco "
        "em um estudo.\n\n  INTRODUCTION",
    )
    document = read(tmp_path, text)
    assert passage_with(document, "crianças").language == "pt"
    assert any(note.kind == "language skipped" for note in document.notes)


SHORT = """A drug against relapses

Imaginary Journal of Nephrology. 2019;4(2):10-19. doi: 10.1000/ijn.1 PMID: 123456

{first}
Frequent relapses are a burden for children and their families.
Methods
Twelve children were given rituximab for a year.
Results
Relapses fell from 3.1 to 0.4 per year.
Conclusion
Rituximab spared steroids.
"""


@pytest.mark.parametrize("first", ["Background", "Introduction", "Objectives"])
def test_a_structured_abstract_is_one_whatever_its_first_heading(tmp_path: Path, first: str) -> None:
    document = read(tmp_path, SHORT.format(first=first))
    assert {passage.part for passage in document.passages} == {Part.TITLE, Part.METADATA, Part.ABSTRACT}


def test_an_introduction_behind_prose_opens_a_body(tmp_path: Path) -> None:
    prose = "Twelve children were given rituximab for a year and had fewer relapses than before.\n\nIntroduction"
    document = read(tmp_path, SHORT.format(first=prose))
    assert passage_with(document, "are a burden").part is Part.BODY
