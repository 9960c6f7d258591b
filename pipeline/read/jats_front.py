"""Front matter of JATS articles: identifiers, journal, year, authors, kinds.

Place in the flow: called by `jats.py`; nothing here becomes a finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.document import ArticleType
from pipeline.read.citation_line import find_doi, find_year
from pipeline.read.kinds import article_type_of
from pipeline.read.xml_tree import Node, empty_node

_PUBLICATION_ORDER = ("ppub", "collection", "epub-ppub", "epub", "pub", "electronic", "print")
_TYPES = {
    "research-article": ArticleType.RESEARCH,
    "review-article": ArticleType.REVIEW,
    "systematic-review": ArticleType.REVIEW,
    "case-report": ArticleType.CASE_REPORT,
    "correction": ArticleType.CORRECTION,
    "retraction": ArticleType.RETRACTION,
    "letter": ArticleType.LETTER,
    "reply": ArticleType.LETTER,
    "article-commentary": ArticleType.LETTER,
    "protocol": ArticleType.PROTOCOL,
    "editorial": ArticleType.OTHER,
    "news": ArticleType.OTHER,
    "other": ArticleType.OTHER,
}


@dataclass(frozen=True, slots=True)
class Front:
    """Fields of the front matter, None where it does not say."""

    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    language: str | None
    authors: tuple[str, ...]
    types: tuple[str, ...]
    keywords: tuple[str, ...]
    article_type: str
    retracted: bool
    retracts: tuple[str, ...]


def read_front(article: Node) -> Front:
    """Everything that the front matter says."""
    front = article.child("front") or empty_node("front")
    meta = front.child("article-meta") or empty_node("article-meta")
    ids = {node.get("pub-id-type"): node.text() for node in meta.children("article-id")}
    pmcid = ids.get("pmcid") or ids.get("pmc") or ""
    digits = re.search(r"\d+", pmcid)
    subjects = [node.text() for node in meta.iter("subject")]
    article_type = (article.get("article-type") or "").lower()
    links = meta.children("related-article")
    related = {node.get("related-article-type") for node in links}
    is_notice = article_type == "retraction"
    return Front(
        journal=_journal(front),
        year=_year(meta),
        doi=find_doi(ids.get("doi") or ""),
        pmid=ids["pmid"] if (ids.get("pmid") or "").isdigit() else None,
        pmcid=f"PMC{digits[0]}" if digits else None,
        language=(article.get("lang") or "")[:2].lower() or None,
        authors=_authors(meta),
        types=tuple(dict.fromkeys([article_type, *subjects] if article_type else subjects)),
        keywords=tuple(dict.fromkeys(node.text() for node in meta.iter("kwd") if node.text())),
        article_type=article_type,
        retracted="retraction-forward" in related or ("retracted-article" in related and not is_notice),
        retracts=tuple(dict.fromkeys(filter(None, map(_retracted_id, links)))) if is_notice else (),
    )


def _retracted_id(link: Node) -> str | None:
    """The id, as `Document.paper_id` writes it, of the paper that a link of a retraction notice leads to."""
    if link.get("related-article-type") != "retracted-article":
        return None
    target = link.get("href") or ""
    digits = re.fullmatch(r"(?:PMC)?(\d+)", target)
    kind = (link.get("ext-link-type") or "").lower()
    if digits and kind in {"pmc", "pmcid"}:
        return f"pmcid:PMC{digits[1]}"
    if digits and kind in {"pmid", "pubmed"}:
        return f"pmid:{digits[1]}"
    return find_doi(target)


def kind_of(front: Front, title: str | None) -> ArticleType:
    """The article's kind: its type attribute where that is telling, else its subjects and title."""
    declared = _TYPES.get(front.article_type, ArticleType.RESEARCH)
    if declared is not ArticleType.RESEARCH:
        return declared
    telling = tuple(kind for kind in front.types if len(kind) < 40)
    return article_type_of(telling, title)


def _journal(front: Node) -> str | None:
    titles = [node.text() for node in front.iter("journal-title")]
    short = [
        node.text() for node in front.iter("journal-id") if node.get("journal-id-type") in {"nlm-ta", "iso-abbrev"}
    ]
    return next((text for text in chain_texts(titles, short) if text), None)


def chain_texts(*groups: list[str]) -> list[str]:
    """All texts, in order."""
    return [text for group in groups for text in group]


def _year(meta: Node) -> int | None:
    """The year of print or collection, else the earliest publication date; release dates of an archive do not count."""
    dates: dict[str, int] = {}
    for node in meta.children("pub-date"):
        kind = (node.get("pub-type") or node.get("date-type") or "pub").lower()
        year = find_year(node.text() if node.child("year") is None else node.child("year").text())  # type: ignore[union-attr]
        if year and kind not in {"pmc-release", "nihms-submitted", "received", "accepted"}:
            dates.setdefault(kind, year)
    chosen = next((dates[kind] for kind in _PUBLICATION_ORDER if kind in dates), None)
    return chosen or min(dates.values(), default=None)


def _authors(meta: Node) -> tuple[str, ...]:
    names = []
    for contrib in meta.iter("contrib"):
        if (contrib.get("contrib-type") or "author") != "author":
            continue
        surname = next(iter(contrib.iter("surname")), None) or next(iter(contrib.iter("collab")), None)
        if surname is not None and surname.text():
            names.append(surname.text())
    return tuple(names)
