"""One paper, once: when two documents are the same paper, and which of them tells more.

Place in the flow: `run` and `store` ask before they load a document, so that PDF, XML and abstract become one.
Identifiers decide; without a shared one, title and year do. A retraction notice or a reply is never its subject.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.document import ArticleType, Document, Part

_LEAST_TITLE = 20
"""Letters of a title that may identify a paper; "Nephrotic syndrome" may not."""

_BODY_WORDS = 300
_KINDS_APART = frozenset({ArticleType.RETRACTION, ArticleType.CORRECTION, ArticleType.LETTER})


def title_key(title: str | None) -> str | None:
    """The title without case, accents, blanks and signs; None if it is too short to identify a paper.

    "RETRACTED:" before a title, brackets around a translated one and a closing stop do not count.
    """
    if not title:
        return None
    bare = re.sub(r"^\W*(?:retracted|withdrawn)\s*(?:article|paper)?\s*[:\]]\s*", "", title, flags=re.IGNORECASE)
    folded = unicodedata.normalize("NFKD", bare).casefold()
    key = "".join(character for character in folded if character.isalnum())
    return key if len(key) >= _LEAST_TITLE else None


def same_paper_key(document: Document) -> str:
    """The strongest key of a document: DOI, PubMed id, PMC id, title and year, else its content.

    Two documents of one paper may know different identifiers; `same_paper` compares all of them.
    """
    if document.doi or document.pmid or document.pmcid:
        return document.paper_id
    key = title_key(document.title)
    if key and document.year and document.article_type not in _KINDS_APART:
        return f"title:{key}:{document.year}"
    return document.paper_id


def same_paper(one: Document, other: Document) -> bool:
    """Whether both are the same paper.

    A shared identifier says yes unless another one contradicts it; without a shared identifier equal titles say yes if
    the years differ by at most one (online and print) or one is unknown, and neither is a notice about the other.
    """
    pairs = [(one.doi, other.doi), (one.pmid, other.pmid), (one.pmcid, other.pmcid)]
    known = [(a.lower(), b.lower()) for a, b in pairs if a and b]
    if known:
        return all(a == b for a, b in known)
    if one.source.sha256 == other.source.sha256:
        return True
    key = title_key(one.title)
    if key is None or key != title_key(other.title):
        return False
    if one.article_type is not other.article_type and {one.article_type, other.article_type} & _KINDS_APART:
        return False
    return one.year is None or other.year is None or abs(one.year - other.year) <= 1


def richness(document: Document) -> tuple[int, int]:
    """How much a document tells, to be compared: its level, then its size.

    Levels: 4 full text from XML (tables and sections are certain), 3 from PDF, 2 from plain text, 1 an abstract, 0 a
    title.
    """
    body = [p for p in document.passages if p.part in {Part.BODY, Part.TABLE}]
    n_words = sum(len(p.text.split()) for p in body)
    size = sum(len(p.text) for p in document.passages)
    if n_words >= _BODY_WORDS:
        return {"jats": 4, "pdf": 3}.get(document.source.format, 2), size
    has_abstract = n_words > 0 or any(p.part is Part.ABSTRACT for p in document.passages)
    return int(has_abstract), size


def richer(one: Document, other: Document) -> Document:
    """The document that tells more; the first if they tell as much."""
    return other if richness(other) > richness(one) else one
