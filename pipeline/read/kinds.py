"""Kind of article from its publication types, its type attribute or its title.

Place in the flow: all readers. `article_type_of(("Case Reports",), None)` is CASE_REPORT.
"""

from __future__ import annotations

import re

from pipeline.document import ArticleType

_TYPES = (
    (ArticleType.RETRACTION, r"retraction of publication|^retraction\b|^retraction notice"),
    (ArticleType.CORRECTION, r"erratum|corrig|^correction\b|addendum|published erratum"),
    (ArticleType.PROTOCOL, r"protocol"),
    (ArticleType.CASE_REPORT, r"case.reports?"),
    (ArticleType.REVIEW, r"review|meta-analysis|practice guideline"),
    (ArticleType.LETTER, r"^letters?\b|^comments?\b|^reply\b|^correspondence"),
    (ArticleType.OTHER, r"editorial|^news|biography|obituary|book.review|announcement|^in-brief"),
)


def article_type_of(types: tuple[str, ...], title: str | None) -> ArticleType:
    """From the publication types (PubMed's or JATS' words), else from tell-tale openings of the title."""
    for kind, pattern in _TYPES:
        if any(re.search(pattern, name, re.IGNORECASE) for name in types):
            return kind
    if title:
        if re.match(r"(?:retraction|retraction (?:note|notice))\s*(?:to|of|:)", title, re.IGNORECASE):
            return ArticleType.RETRACTION
        if re.match(r"(?:erratum|corrigendum|correction)\s*(?:to|:|$)", title, re.IGNORECASE):
            return ArticleType.CORRECTION
        if (
            re.search(r"\b(?:study|trial|review)?\s*protocol\b.{0,60}$", title, re.IGNORECASE)
            and "protocol biops" not in title.lower()
        ):
            return ArticleType.PROTOCOL
        if re.search(r"\bcase reports?\b|\breport of (?:a|an|one|two|three) cases?\b", title, re.IGNORECASE):
            return ArticleType.CASE_REPORT
    return ArticleType.RESEARCH


def is_retracted(types: tuple[str, ...], title: str | None) -> bool:
    """Whether the record says that this article was retracted (the notice of retraction itself was not)."""
    if any(name.lower() == "retracted publication" for name in types):
        return True
    return bool(title and re.match(r"\W*(?:retracted|withdrawn)\s*(?:article|paper)?\s*[:\]]", title, re.IGNORECASE))
