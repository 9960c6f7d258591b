"""Which documents are the same paper, and which tells more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import ArticleType, Document, Part, Passage, Source
from pipeline.read.identity import richer, same_paper, same_paper_key, title_key

TITLE = "Tacrolimus for steroid-resistant nephrosis in children"


def document(sha256: str = "a", *, format: str = "medline", words: int = 0, **fields: object) -> Document:
    passages = [Passage(0, Part.ABSTRACT, "An abstract.")]
    if words:
        passages.append(Passage(1, Part.BODY, "word " * words))
    base = Document(Source("x", format, sha256), tuple(passages), title=TITLE, year=2001)
    return replace(base, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"doi": "10.5555/A"}, {"doi": "10.5555/a"}, True),
        ({"doi": "10.5555/a"}, {"doi": "10.5555/b"}, False),
        ({"pmid": "1", "doi": "10.5555/a"}, {"pmid": "1"}, True),
        ({"pmid": "1", "doi": "10.5555/a"}, {"pmid": "1", "doi": "10.5555/b"}, False),
        ({"pmcid": "PMC1"}, {"pmid": "1"}, True),
        ({"title": TITLE.upper() + "."}, {}, True),
        ({"title": "RETRACTED: " + TITLE}, {"year": 2002}, True),
        ({"year": 2005}, {}, False),
        ({"title": "Nephrosis"}, {"title": "Nephrosis"}, False),
        ({"article_type": ArticleType.RETRACTION}, {}, False),
    ],
)
def test_same_paper(one: dict[str, object], other: dict[str, object], same: bool) -> None:
    assert same_paper(document("a", **one), document("b", **other)) is same
    assert same_paper(document("b", **other), document("a", **one)) is same


def test_title_key_forgets_typography() -> None:
    assert title_key("[Néphrose & “tacrolimus” in children.]") == title_key("Nephrose & tacrolimus in children")


def test_key_falls_back_to_title_and_year() -> None:
    assert same_paper_key(document()).startswith("title:")
    assert same_paper_key(document(pmid="7")) == "pmid:7"
    assert same_paper_key(document(title=None)) == "sha256:a"


def test_full_text_beats_abstract_and_xml_beats_pdf() -> None:
    abstract, pdf = document("a"), document("b", format="pdf", words=900)
    jats, text = document("c", format="jats", words=800), document("d", format="text", words=950)
    assert richer(abstract, pdf) is pdf
    assert richer(pdf, jats) is jats
    assert richer(text, pdf) is pdf
    assert richer(abstract, replace(abstract)) is abstract
