"""Bibliographic facts from lines of text: citation lines, DOIs, PubMed numbers, registrations.

Place in the flow: text readers call it on metadata lines, XML readers on free-text dates. `find_doi("doi: 10.1/x.")` is
"10.1/x". Nothing here is ever a result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]{1,200})", re.IGNORECASE)
# The end of "A B Smith; C Jones. 2001. PMID: 1234567" or "Journal. doi: 10.1/x. PMID: 1234567".
_ENDS_IN_PMID = re.compile(r"(?:\b(?:19|20)\d\d|/\S+)\.? ?PMID ?: ?\d{1,8}\.?\Z")
_PMID = re.compile(r"\bPMID\s*:?\s*(\d{1,8})\b|pubmed(?:\.ncbi\.nlm\.nih\.gov|/)/?(\d{1,8})\b", re.IGNORECASE)
_PMCID = re.compile(r"\b(PMC\d{3,9})\b", re.IGNORECASE)
_CITATION = re.compile(
    r"^\s*(?:\d{1,4}[.:] )?(?P<journal>[A-Z][^\n]{2,120}?)[.,]?\s+(?P<year>(?:19|20)\d{2})\b[^;\n]{0,20}"
    r"(?:;\s?(?:[\w\s-]{1,12})?(?:\([^)\n]{1,25}\))?\s?:\s?[\w.,+\s-]{1,24}\.?|\. doi)"
)
_YEAR = re.compile(r"\b(1[89]\d\d|20[0-4]\d)\b")
_REGISTRATION = re.compile(
    r"\b(NCT\s?0\d{7}|ISRCTN\s?\d{8}|ACTRN\s?126\d{11}|EudraCT\s?\d{4}-\d{6}-\d{2}|ChiCTR[-A-Z]*\d{8,}"
    r"|CTRI/\d{4}/\d{2,3}/\d+"
    r"|UMIN\s?\d{9}|JPRN-\w+|DRKS\s?\d{8}|NTR\s?\d{3,4}|IRCT\d{8,}\w*|PACTR\d{15}|KCT\d{7}|CRD\s?42\d{9,})\b"
)
_REGISTRIES = re.compile("NCT|ISRCTN|ACTRN|EudraCT|ChiCTR|CTRI/|UMIN|JPRN-|DRKS|NTR|IRCT|PACTR|KCT|CRD")
"""How the numbers of `_REGISTRATION` start, which is ten times faster to look for."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation line says; unknown parts are None."""

    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None


def find_doi(text: str) -> str | None:
    """The first DOI in the text, lower case, without closing punctuation."""
    at = text.find("10.")  # ten times faster than the pattern
    match = _DOI.search(text, at) if at >= 0 else None
    if not match:
        return None
    doi = match[1].rstrip(".,;:")
    while doi.endswith(")") and doi.count("(") < doi.count(")"):
        doi = doi[:-1].rstrip(".,;:")
    return doi.lower()


def find_pmid(text: str) -> str | None:
    match = _PMID.search(text)
    return (match[1] or match[2]) if match else None


def find_pmcid(text: str) -> str | None:
    match = _PMCID.search(text)
    return match[1].upper() if match else None


def find_year(text: str | None) -> int | None:
    """The first plausible publication year (1800-2049)."""
    match = _YEAR.search(text or "")
    return int(match[1]) if match else None


def find_registrations(text: str) -> tuple[str, ...]:
    """Trial and review registration numbers, each once."""
    found: list[str] = []
    end = 0
    for prefix in _REGISTRIES.finditer(text):
        if prefix.start() >= end and (match := _REGISTRATION.match(text, prefix.start())):
            found.append(re.sub(r"\s", "", match[0]))
            end = match.end()
    return tuple(dict.fromkeys(found))


def is_no_prose(line: str) -> bool:
    """Whether a line is short or a list of names: a whole abstract in one line may end in its number, too."""
    n_words = len(line.split())
    return n_words <= 25 or line.count(";") * 8 >= n_words


def parse_citation(line: str) -> Citation | None:
    """A line such as `J Exp Neph. 2011 Aug;26(8):1255-61. doi: …`, or one with a PubMed number; None for other text."""
    flat = " ".join(line.split())
    match = _CITATION.match(flat)
    ids = Citation(doi=find_doi(flat), pmid=find_pmid(flat), pmcid=find_pmcid(flat))
    if match:
        return Citation(match["journal"].rstrip(".,"), int(match["year"]), ids.doi, ids.pmid, ids.pmcid)
    has_label = re.match(r"\s*(?:doi|PMID|PMCID|Epub|https?://doi\.org)\b", flat, re.IGNORECASE)
    ends = _ENDS_IN_PMID.search(flat[-80:]) and is_no_prose(flat)
    return ids if (has_label or ends) and (ids.doi or ids.pmid or ids.pmcid) else None
