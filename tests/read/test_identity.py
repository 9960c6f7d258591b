"""Which documents are the same paper, and which tells more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import ArticleType, Document, Part, Passage, Source
from pipeline.read.identity import identity_of, richness, title_key

TITLE = "Tacrolimus for steroid-resistant nephrosis in children: an invented trial"


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
        ({"title": "RETRACTED: " + TITLE}, {}, True),
        ({"year": 2002}, {}, False),
        ({"year": 2002, "authors": ("Berg",)}, {"authors": ("Berg",)}, True),
        ({"year": 2003, "authors": ("Berg",)}, {"authors": ("Berg",)}, False),
        ({"year": 2005}, {}, False),
        ({"year": None}, {}, False),
        ({"year": None, "authors": ("Berg",)}, {"authors": ("Berg",)}, True),
        ({"authors": ("Álvarez", "B")}, {"authors": ("Alvarez",)}, True),
        ({"authors": ("Alvarez",)}, {"authors": ("Berg",)}, False),
        ({"authors": ("Alvarez",)}, {"doi": "10.5555/a"}, True),
        ({"title": "Tacrolimus in nephrosis of children"}, {"title": "Tacrolimus in nephrosis of children"}, False),
        (
            {"title": "Tacrolimus in nephrosis of children", "authors": ("Berg",)},
            {"title": "Tacrolimus in nephrosis of children", "authors": ("Berg", "Li")},
            True,
        ),
        ({"title": "Reply to: " + TITLE}, {"title": "Reply to: " + TITLE}, False),
        ({"title": "Nephrosis"}, {"title": "Nephrosis"}, False),
        ({"article_type": ArticleType.RETRACTION}, {}, False),
    ],
)
def test_same_paper(one: dict[str, object], other: dict[str, object], same: bool) -> None:
    a, b = identity_of(document("a", **one)), identity_of(document("b", **other))
    for this, that in ((a, b), (b, a)):
        assert (not this.contradicts(that) and this.same_title(that)) is same


def test_title_key_forgets_typography() -> None:
    assert title_key("[Néphrose & “tacrolimus” in children.]") == title_key("Nephrose & tacrolimus in children")


@pytest.mark.parametrize(
    "title",
    [
        "Nephrotic syndrome",
        "Editorial: tacrolimus for steroid-resistant nephrosis in children",
        "Authors' reply: tacrolimus for steroid-resistant nephrosis",
        "The authors reply to questions about tacrolimus in nephrosis",
        "Tacrolimus for steroid-resistant nephrosis in children: reply",
        "Letter to the Editor about tacrolimus in nephrosis",
        "Retraction: Tacrolimus for steroid-resistant nephrosis in children",
        "Correction to: Tacrolimus for steroid-resistant nephrosis",
        None,
    ],
)
def test_some_titles_identify_no_paper(title: str | None) -> None:
    assert title_key(title) is None


def test_what_names_another_paper_has_no_key_of_its_own() -> None:
    assert identity_of(document(article_type=ArticleType.LETTER)).title_key is None
    assert identity_of(document()).title_key == title_key(TITLE)


def test_an_abstract_of_a_record_beats_a_title_of_an_article() -> None:
    bare = Document(Source("x", "jats", "e"), (Passage(0, Part.TITLE, TITLE),))
    assert richness(document("a", format="ris")) > richness(bare)


def test_full_text_beats_abstract_and_xml_beats_pdf() -> None:
    abstract, pdf = document("a"), document("b", format="pdf", words=900)
    jats, text = document("c", format="jats", words=800), document("d", format="text", words=950)
    assert richness(abstract) < richness(text) < richness(pdf) < richness(jats)
