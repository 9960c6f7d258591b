"""Title, authors, DOI, journal and year of a PDF: from its first pages and its metadata.

Place in the flow: before `pdf_flow`, which keeps the title's lines out of the text. Nothing is guessed: what the paper
does not print stays None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.read.citation_line import find_doi
from pipeline.read.pdf_layout import Block, BodyStyle, Line

_COVER = re.compile(
    r"\bHAL Id\s*:|archives-ouvertes|multi-?disciplinary open access\s+archive"
    r"|See discussions, stats, and author profiles|Your use of the JSTOR archive",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"^(?:contents lists|journal homepage|original (?:article|research)|research(?: article)?$"
    r"|review(?: article)?$|case report|clinical study|"
    r"articles?$|open access|study protocol|received|doi|https?:|www\.|vol|abstract|summary|introduction|©"
    r"|copyright|downloaded|editorial|letter)",
    re.IGNORECASE,
)


def is_cover(text: str) -> bool:
    """Whether a page is an archive's cover sheet."""
    return _COVER.search(text) is not None and len(text) < 4000


def find_title(blocks: Sequence[Block], style: BodyStyle, named: str | None, height: float) -> list[Line]:
    """The title's lines on the first page: the block that the PDF's own title names, else the largest words up top."""
    best: tuple[float, list[Line]] = (0.0, [])
    wanted = _letters(named or "")
    for block in blocks:
        for run in _runs(block):
            text = " ".join(line.text for line in run).strip()
            letters = _letters(text)
            n_words = len(text.split())
            if not letters or n_words < 2 or n_words > 60 or run[0].top > 0.6 * height or _NO_TITLE.match(text):
                continue
            score = run[0].size / style.size + (0.3 if run[0].bold else 0.0)
            if n_words < 5:
                score -= 0.8
            if len(wanted) > 20 and (letters in wanted or wanted in letters) and n_words >= 3:
                score += 5
            elif run[0].size < style.size * 1.12:
                continue
            if score > best[0]:
                best = (score, run)
    return best[1]


def _runs(block: Block) -> list[list[Line]]:
    """Lines of one size in a row."""
    runs: list[list[Line]] = [[block.lines[0]]]
    for before, line in zip(block.lines, block.lines[1:], strict=False):
        if abs(before.size - line.size) < 0.3 and before.bold == line.bold and before.italic == line.italic:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


_DEGREES = re.compile(
    r"\b(?:MD|PhD|MBBS|MSc|MPH|BSc|Dr|Prof|DO|RN|PharmD|FRCP|MBChB|BS|MS|MA|BA|DSc|FACC|FESC|M\.D\.|Ph\.D\.)\b\.?",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"^(?:[A-ZÀ-Þ][\w.'’-]*|[A-Z]\.?|de|van|von|der|den|da|di|del|la|le|el|al|bin|ter|dos|das"
    r"|d['’]\w+)(?:\s+(?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|der|den|da|di|del|la|le|el|al|bin|ter|dos|das"
    r"|d['’]\w+)){1,5}$"
)


def find_authors(lines: Sequence[Line]) -> tuple[str, ...]:
    """Family names from the lines between the title and the first affiliation; empty if they are no list of names."""
    parts: list[str] = []
    for line in lines:
        parts.extend(word.text for word in line.words if not word.raised)
    text = _DEGREES.sub("", " ".join(parts))
    text = re.sub(r"[\d*†‡§¶#∗✉]+", ",", text)
    text = re.sub(r"^\s*(?:by|authors?:)\s+", "", text, flags=re.IGNORECASE)
    names: list[str] = []
    strange = 0
    for piece in re.split(r"\s*[,;|•·&]\s*|\s+and\s+|\s+for the\s+.*$|\s+on behalf of.*$", text):
        piece = piece.strip(" .,").removeprefix("and ").strip()
        if len(piece) < 3:
            continue
        if _NAME.match(piece):
            names.append(_family(piece))
        else:
            strange += 1
    return tuple(dict.fromkeys(names)) if len(names) > strange else ()


def _family(name: str) -> str:
    words = name.split()
    if len(words) > 1 and re.fullmatch(r"[A-Z]{1,3}", words[-1]) and not re.fullmatch(r"[A-Z]{1,3}\.?", words[0]):
        return " ".join(words[:-1])
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[start:])


_YEAR = r"(?:19|20)\d\d"
_NAME_OF_JOURNAL = r"[A-Z][A-Za-z&:,.'’/ -]{2,80}?"
_HEADS = tuple(
    re.compile(pattern)
    for pattern in (
        # Datta et al. Journal of Things 2010, 4:1 | Seino et al. Trials (2015) 16:14
        rf"\bet al\.? (?P<journal>{_NAME_OF_JOURNAL}),? \(?(?P<year>{_YEAR})\)?,? \d{{1,4}}\s?(?:\([\w -]+\))?\s?:"
        r"\s?\w+",
        # A. Di Paola et al. / Contemporary Clinical Trials 39 (2014) 256-268
        rf"^(?:.* / )?(?P<journal>{_NAME_OF_JOURNAL}) \d{{1,4}} \((?P<year>{_YEAR})\) \w?\d+",
        # Nature Medicine | Volume 30 | October 2024 | 2849-2856
        rf"^(?P<journal>{_NAME_OF_JOURNAL}) \| Vol(?:ume|\.)? ?\d+ \| (?:[A-Z][a-z]+ )?(?P<year>{_YEAR})\b",
        # DIABETES, VOL. 60, JULY 2011
        rf"^(?P<journal>{_NAME_OF_JOURNAL}),? V(?:OL|ol)(?:ume|UME)?\.? ?\d+,[^|]{{0,30}}\b(?P<year>{_YEAR})\b",
        # Publisher Journal of Things Volume 2010, Article ID 157939
        rf"^(?:[A-Z]\w+ (?:Publishing|Publications) Corporation )?(?P<journal>{_NAME_OF_JOURNAL}) Volume"
        rf" (?P<year>{_YEAR}), Article ID",
        # 2025 Ansar et al. Cureus 17(8): e90150
        rf"^(?P<year>{_YEAR}) .{{2,40}} et al\. (?P<journal>{_NAME_OF_JOURNAL}) \d{{1,4}}\(\d+\): ?\w+",
    )
)
"""Lines that a journal prints over or under its pages, or at the top of the first."""

_CITED_AS = re.compile(
    rf"(?P<journal>[A-Z][A-Za-z&:,. ]{{3,60}}?)[.,;]?\s*(?:\((?P<y1>{_YEAR})\)|(?P<y2>{_YEAR})\s?[;,])"
    r"[\s,;]*(?:vol\w*\.?\s*)?\d{1,4}\s*(?:\(\d+\w*\))?\s*[:;,]",
)
_ENTRY = re.compile(r"^\[?\d{1,3}[\].)]\s|\b(?:cite this|citation:)", re.IGNORECASE)
_PUBLISHERS = re.compile(
    r",\s*(?:BioMed Central|Elsevier|Wiley|Springer|Oxford University Press|BMJ Publishing|Nature Publishing|SAGE"
    r"|Taylor)\b.*$"
)


def find_journal_year(texts: Sequence[str], metadata: Mapping[str, str]) -> tuple[str | None, int | None]:
    """Journal and year: from running heads and first-page lines ("Trials 2015, 16:14"), else the PDF's metadata."""
    for pattern in _HEADS:
        for text in texts:
            match = pattern.search(text) if len(text) < 300 else None
            if match and (name := _journal_name(match["journal"])):
                return name, int(match["year"])
    named = metadata.get("prism:publicationName")
    for text in (*(text for text in texts if not _ENTRY.match(text)), metadata.get("Subject", "")):
        match = _CITED_AS.search(text)
        if match and (name := _journal_name(match["journal"])):
            return named or name, int(match["y1"] or match["y2"])
    return named, _year(texts, metadata)


def _journal_name(text: str) -> str | None:
    """The name without the sentence before it and the publisher after it; None for what is no journal."""
    name = _PUBLISHERS.sub("", text)
    before, stop, after = name.rpartition(". ")
    if stop and len(before.rsplit(" ", 1)[-1]) > 4 and " " in after.strip():
        name = after
    name = name.strip(" .,/|")
    if len(name) < 3 or re.search(r"\bet al\b|\bet$|^(?:Received|Accepted|Published|Copyright|Volume|Page)\b", name):
        return None
    return name.title() if name.isupper() and len(name) > 5 else name


def _year(texts: Sequence[str], metadata: Mapping[str, str]) -> int | None:
    joined = "\n".join(texts)
    for pattern in (
        r"published[^\n]{0,30}?\b((?:19|20)\d\d)\b",
        r"(?:©|copyright)[^\n]{0,20}?\b((?:19|20)\d\d)\b",
        r"volume \d+[^\n]{0,20}\b((?:19|20)\d\d)\b",
        r"accepted[^\n]{0,25}?\b((?:19|20)\d\d)\b",
    ):
        found = re.search(pattern, joined, re.IGNORECASE)
        if found:
            return int(found[1])
    cover = re.match(_YEAR, metadata.get("prism:coverDate", ""))
    return int(cover[0]) if cover else None


_BROKEN_DOI = re.compile(r"(10\.\d{4,9}/\S*[-/_])\s+(?=\w)")


def own_doi(texts: Sequence[str], metadata: Mapping[str, str]) -> str | None:
    """The paper's DOI: on its first page or in its metadata; never one out of the reference list, nor half of one."""
    named = (metadata.get(key, "") for key in ("prism:doi", "Subject", "Title", "doi", "Keywords"))
    for text in (*texts, *named):
        joined = re.sub(r"(doi\.org/|doi:)\s+", r"\1", text, flags=re.IGNORECASE)
        found = find_doi(_BROKEN_DOI.sub(r"\1", joined))
        if found and found[-1] not in "-/_":
            return found
    return None


def named_authors(texts: Sequence[str], metadata: Mapping[str, str]) -> tuple[str, ...]:
    """Family names from the PDF's metadata, if they are a list of names, the first of whom the first page names."""
    pieces = [piece.strip() for piece in re.split(r"\s*[;,]\s*|\s+and\s+", metadata.get("Author", "")) if piece.strip()]
    if not pieces or not all(_NAME.match(piece) for piece in pieces):
        return ()
    names = tuple(dict.fromkeys(map(_family, pieces)))
    printed = "\n".join(texts).casefold()
    return names if re.search(rf"\b{re.escape(names[0].casefold())}\b", printed) else ()
