"""One paper, once: when two sources tell of the same paper, and which of them tells more.

Place in the flow: `store` asks before it writes a paper, so that PDF, XML and abstract become one. Identifiers decide;
without a shared one, title, year and first author do. A retraction notice or a reply is never its subject.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipeline.document import ArticleType, Document, Part

_LEAST_TITLE = 20
"""Letters of a title that, with its first author, may identify a paper; "Nephrotic syndrome" may not."""

_LEAST_TITLE_ALONE = 50
"""Letters of a title that may do so with its year where an author is unknown: short titles are written often."""

_KINDS_APART = frozenset({ArticleType.RETRACTION, ArticleType.CORRECTION, ArticleType.LETTER})
_ABOUT_OTHERS = re.compile(
    r"\W*(?:the |in |an? |invited |guest )?(?:authors?\W{0,2}s?\W? )?(?:reply|replies|response|editorial|comments?"
    r"|commentary|letters?|correspondence|errat(?:um|a)|corrigend(?:um|a)|corrections?|addendum|retraction|withdrawal"
    r"|expression of concern|abstracts?|proceedings|introduction|foreword|preface|in memoriam|memoriam|obituary"
    r"|book reviews?|news|this issue|reviewers|table of contents)\b|.{0,80}\b(?:authors?\W{0,2}s? )?reply\W*$",
    re.IGNORECASE,
)
"""Titles that one journal prints again and again, or that name another paper."""

_FULL_TEXT_WORDS = 300
_FORMAT_RANK = {"jats": 6, "pdf": 5, "medline-xml": 4, "medline": 3, "pubmed-text": 3, "ris": 2, "text": 1}


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells papers apart: identifiers, and the keys of title and first author; None for unknown."""

    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    title_key: str | None = None
    author_key: str | None = None
    year: int | None = None

    def contradicts(self, other: Identity) -> bool:
        """Whether both know an identifier of one kind and it differs."""
        pairs = ((self.doi, other.doi), (self.pmid, other.pmid), (self.pmcid, other.pmcid))
        return any(a.lower() != b.lower() for a, b in pairs if a and b)

    def same_title(self, other: Identity) -> bool:
        """Whether title, first author and year say that both are one paper.

        Years may differ by one (online and print); an unknown year agrees with all. Where an author is unknown the
        title must be a long one, and the year the same.
        """
        if self.title_key is None or self.title_key != other.title_key:
            return False
        if self.author_key and other.author_key:
            is_near = self.year is None or other.year is None or abs(self.year - other.year) <= 1
            return is_near and self.author_key == other.author_key
        return len(self.title_key) >= _LEAST_TITLE_ALONE and self.year is not None and self.year == other.year


def identity_of(document: Document) -> Identity:
    """What a document says of itself. A notice, a reply and an editorial have no title key: theirs is another's."""
    return Identity(
        doi=document.doi.lower() if document.doi else None,
        pmid=document.pmid or None,
        pmcid=document.pmcid or None,
        title_key=None if document.article_type in _KINDS_APART else title_key(document.title),
        author_key=author_key(document.authors),
        year=document.year,
    )


def title_key(title: str | None) -> str | None:
    """The title without case, accents, blanks and signs; None if it cannot identify a paper.

    "RETRACTED:" before a title, brackets around a translated one and a closing stop do not count.
    """
    if not title or _ABOUT_OTHERS.match(title):
        return None
    bare = re.sub(r"^\W*(?:retracted|withdrawn)\s*(?:article|paper)?\s*[:\]]\s*", "", title, flags=re.IGNORECASE)
    key = _folded(bare)
    return key if len(key) >= _LEAST_TITLE else None


def author_key(authors: tuple[str, ...]) -> str | None:
    """The first author's family name without case, accents and signs; None if there is none."""
    return (_folded(authors[0]) or None) if authors else None


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def richness(document: Document) -> int:
    """How much one source tells of a paper, for choosing among several: level, then format, then length.

    Levels: 2 full text, 1 abstract, 0 title. Formats by how certain sections and tables are: XML, PDF, records, text.
    """
    body = sum(len(p.text.split()) for p in document.passages if p.part in (Part.BODY, Part.TABLE))
    has_text = body > 0 or any(p.part is Part.ABSTRACT for p in document.passages)
    level = 2 if body >= _FULL_TEXT_WORDS else int(has_text)
    size = sum(len(p.text) for p in document.passages if p.part not in (Part.REFERENCES, Part.METADATA))
    return level * 10**12 + _FORMAT_RANK.get(document.source.format, 0) * 10**10 + size
