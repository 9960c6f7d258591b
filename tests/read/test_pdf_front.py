"""What a PDF says of itself: journal, year, DOI, authors; and how it cites."""

from __future__ import annotations

import pytest

from pipeline.document import Reference
from pipeline.read.pdf_cite import author_year_keys, cites_in_round_brackets, mark_author_years, take_off_round
from pipeline.read.pdf_front import find_journal_year, named_authors, own_doi
from pipeline.read.pdf_open import metadata_of
from pipeline.read.pdf_text import Text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Cuno et al. Journal of Imaginary Organs 2010, 4:1", ("Journal of Imaginary Organs", 2010)),
        ("Cuno et al. Dreams (2015) 16:14", ("Dreams", 2015)),
        ("A. Di Cuno et al. / Imaginary Clinical Trials 39 (2014) 256–268", ("Imaginary Clinical Trials", 2014)),
        ("Imaginary Medicine | Volume 30 | October 2024 | 2849–2856", ("Imaginary Medicine", 2024)),
        ("KIDNEYS, VOL. 60, JULY 2011", ("Kidneys", 2011)),
        ("Journal of Imaginary Organs Volume 2016, Article ID 12345, 5 pages", ("Journal of Imaginary Organs", 2016)),
        ("2025 Cuno et al. Dreamus 17(8): e90150. DOI 10.5555/x", ("Dreamus", 2025)),
        ("The dream study. Imaginary Heart J, BioMed Central, 2012, 2 (1), pp.28.", ("Imaginary Heart J", 2012)),
        ("4. Bede A, Cuno B. A title. Another Journal 1998;180:13-20.", (None, None)),
        ("Received: 3 May 2019, accepted 4 June 2020", (None, 2020)),
    ],
)
def test_journal_and_year_of_a_head(line: str, expected: tuple[str | None, int | None]) -> None:
    assert find_journal_year([line], {}) == expected


def test_the_publishers_own_names_stand_in_for_what_is_not_printed() -> None:
    class Silent:
        def get_metadata_value(self, key: str) -> str:
            return "Ada Quill, Tom Brandt" if key == "Author" else ""

    xmp = (
        b"<prism:publicationName>Dreams &amp; Kidneys</prism:publicationName><prism:coverDate>2021-03</prism:coverDate>"
    )
    metadata = metadata_of(Silent(), xmp)
    assert find_journal_year([], metadata) == ("Dreams & Kidneys", 2021)
    assert named_authors(["A. QUILL and others"], metadata) == ("Quill", "Brandt")
    assert named_authors(["no such name"], metadata) == ()
    assert named_authors(["typesetter 7"], {"Author": "typesetter 7"}) == ()


@pytest.mark.parametrize(
    ("texts", "doi"),
    [
        (["<10.5555/2110-", "<10.5555/2110- 5820-2-28>"], "10.5555/2110-5820-2-28"),
        (["doi: 10.5555/2110-"], None),
        (["https://doi.org/ 10.5555/whole.1."], "10.5555/whole.1"),
    ],
)
def test_half_a_doi_is_none(texts: list[str], doi: str | None) -> None:
    assert own_doi(texts, {}) == doi


NUMBERED = tuple(Reference(str(number), f"Author {number}") for number in range(1, 13))
CITING = [
    "The drug is old (1). It is used widely (2,3), as others found (4–6).",
    "Remission was common (7), relapse was rare (8), and deaths were few (9,10). Of them 3 (2) died.",
    "Two groups agreed (11) and one did not (12).",
]


def test_numbers_in_round_brackets_leave_the_text_where_a_paper_cites_so() -> None:
    assert cites_in_round_brackets(CITING, NUMBERED)
    found = take_off_round(Text(CITING[1], [], []), NUMBERED)
    assert found.text == "Remission was common, relapse was rare, and deaths were few. Of them 3 (2) died."
    assert [mark.keys for mark in found.marks] == [("7",), ("8",), ("9", "10")]
    assert [found.text[: mark.position].rsplit(" ", 1)[-1] for mark in found.marks] == ["common", "rare", "few"]


@pytest.mark.parametrize(
    "texts",
    [
        ["We asked (1) who came, (2) who left and (3) who stayed (4)."] * 3,
        [f"Remission was seen in some (12), relapse in others ({n})." for n in (9, 7, 11, 5, 8, 3, 10)],
        ["Women were many (4). Smokers were few (2)."],
        [],
    ],
)
def test_counts_and_lists_are_no_citations(texts: list[str]) -> None:
    assert not cites_in_round_brackets(texts, NUMBERED)


def test_author_and_year_lead_to_the_reference_and_stay_in_the_text() -> None:
    references = (
        Reference("Quill 2010a", "Quill A (2010a) One.", ("Quill",), 2010),
        Reference("Quill 2010b", "Quill A (2010b) Two.", ("Quill",), 2010),
        Reference("Bérg 1999", "Bérg B, Li C (1999) Three.", ("Bérg", "Li"), 1999),
    )
    text = "As Berg and Li (1999) found; others differ (Quill et al., 2010a, b; Nobody 2001). Quill (2012) is new."
    found = mark_author_years(Text(text, [], []), author_year_keys(references))
    assert found.text == text
    assert [(text[mark.position :][:5], mark.keys) for mark in found.marks] == [
        ("Berg ", ("Bérg 1999",)),
        ("Quill", ("Quill 2010a", "Quill 2010b")),
    ]
    assert author_year_keys(NUMBERED) == {}
