"""Bibliographic records (PubMed XML, MEDLINE text, RIS) → `Document`: title, abstract, index terms.

Place in the flow: the record readers fill a `Record`; `build` turns it into passages, splits abstracts at their labels
and takes publishers' copyright lines off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.document import Document, Part, Passage, ReadNote, Section, Source
from pipeline.read.chars import Chars, join
from pipeline.read.citation_line import find_registrations
from pipeline.read.headings import abstract_labels, section_of
from pipeline.read.kinds import article_type_of, is_retracted
from pipeline.read.language import language_of


@dataclass(slots=True)
class AbstractPart:
    """A piece of an abstract with its printed label and the section that the record says."""

    chars: Chars
    label: str | None = None
    section: Section | None = None
    language: str | None = None


@dataclass(slots=True)
class Record:
    """What one record holds, before it is a document."""

    title: Chars | None = None
    abstract: list[AbstractPart] = field(default_factory=list)
    terms: list[Chars] = field(default_factory=list)
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    index_terms: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    retracted: bool = False
    retracts: tuple[str, ...] = ()
    xpaths: dict[int, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self.title is None and not any(part.chars.text for part in self.abstract)


# ISO 639-2 (as MEDLINE and RIS write it) → 639-1, for the languages that MEDLINE has most of.
LANGUAGES = {
    "eng": "en", "ger": "de", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "jpn": "ja", "chi": "zh",
    "pol": "pl", "dut": "nl", "swe": "sv", "dan": "da", "nor": "no", "cze": "cs", "hun": "hu", "tur": "tr", "kor": "ko",
    "heb": "he", "fin": "fi", "rum": "ro", "ukr": "uk", "hrv": "hr", "srp": "sr", "slo": "sk", "bul": "bg", "gre": "el",
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "russian": "ru", "japanese": "ja", "chinese": "zh", "polish": "pl", "dutch": "nl", "korean": "ko", "turkish": "tr",
}  # fmt: skip

_COPYRIGHT = re.compile(
    r"\s*(?:(?:Copyright|©|\(c\)|\(C\))\s*(?:©|\(c\)|\(C\)|℗)?\s*(?:\d{4}|[A-Z][\w.&' ]{2,60}\d{4})[^.]{0,200}\.?"
    r"(?:\s*(?:All rights reserved|Published by|This is an open access|Production and hosting)[^.]{0,160}\.?){0,3}"
    r"|\(ABSTRACT TRUNCATED (?:AT|TO) \d+ WORDS\)|Elsevier (?:Inc|Ltd)\. All rights reserved\.)\s*$"
)


def iso_language(code: str | None) -> str | None:
    """ISO 639-1 of a printed language code or name; None if unknown."""
    bare = (code or "").strip().lower()
    return bare if len(bare) == 2 else LANGUAGES.get(bare)


def build(record: Record, source: Source) -> Document:
    """The document of a record."""
    passages: list[Passage] = []
    notes: list[ReadNote] = []
    if record.title is not None:
        _add(passages, record.title, Part.TITLE)
    for part in record.abstract:
        _add_abstract(passages, part)
    if record.terms:
        _add(passages, join(record.terms, "\n"), Part.INDEX_TERMS)
    foreign = sorted({p.language for p in passages if p.language != "en" and p.part is Part.ABSTRACT})
    notes += [ReadNote("language skipped", f"{language}: an abstract") for language in foreign]
    if not any(p.part is Part.ABSTRACT for p in passages):
        notes.append(ReadNote("no abstract", "the record has none"))
    title = record.title.text if record.title is not None else None
    text = " ".join(p.text for p in passages)
    return Document(
        source=source,
        passages=tuple(passages),
        title=title,
        journal=record.journal,
        year=record.year,
        doi=record.doi,
        pmid=record.pmid,
        pmcid=record.pmcid,
        language=record.language or (language_of(text) if text else None),
        authors=record.authors,
        publication_types=record.types,
        index_terms=record.index_terms,
        registrations=tuple(dict.fromkeys((*record.registrations, *find_registrations(text)))),
        article_type=article_type_of(record.types, title),
        retracted=record.retracted or is_retracted(record.types, title),
        retracts=record.retracts,
        coverage=1.0,
        notes=tuple(notes),
    )


def _add_abstract(passages: list[Passage], part: AbstractPart) -> None:
    chars = _without_copyright(part.chars)
    labels = abstract_labels(chars.text) if part.label is None else []
    if not labels:
        _add(passages, chars, Part.ABSTRACT, part.section, part.label, part.language)
        return
    if labels[0][0] > 0:
        _add(passages, chars.slice(0, labels[0][0]), Part.ABSTRACT, None, None, part.language)
    ends = [start for start, _, _ in labels[1:]] + [len(chars)]
    for (_, start, label), end in zip(labels, ends, strict=True):
        _add(passages, chars.slice(start, end), Part.ABSTRACT, section_of(label), label, part.language)


def _without_copyright(chars: Chars) -> Chars:
    match = _COPYRIGHT.search(chars.text, max(0, len(chars) - 500))
    return chars.slice(0, match.start()) if match and match.start() > 0 else chars


def _add(
    passages: list[Passage],
    chars: Chars,
    part: Part,
    section: Section | None = None,
    heading: str | None = None,
    language: str | None = None,
) -> None:
    chars = chars.strip()
    if not chars.text:
        return
    detected = language_of(chars.text, language or "en") if part is not Part.INDEX_TERMS else "en"
    passages.append(
        Passage(
            ordinal=len(passages),
            part=part,
            text=chars.text,
            section=section,
            heading=heading,
            language=detected,
            source_map=chars.source_map(),
        )
    )
