"""What was read: frozen records that every later stage works on.

Place in the flow: the output of `read`, the input of `tag`. Nothing here knows spaCy, SQLite or a file format.

Offsets are half-open code-point ranges. `Passage.text` is the repaired text (hyphenation undone, running heads gone);
a `SourceMap` leads every character back to the decoded source file, `boxes` to the page. Text is never altered later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pipeline.errors import RecordError


class Part(StrEnum):
    """Where in the paper a passage stands."""

    TITLE = "title"
    ABSTRACT = "abstract"
    BODY = "body"
    TABLE = "table"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    REFERENCES = "references"
    INDEX_TERMS = "index terms"  # MeSH and keywords: never findings
    METADATA = "metadata"  # citation line, affiliations, running heads
    OTHER = "other"


class Section(StrEnum):
    """What a passage is for (IMRaD), as its heading or the label of a structured abstract says."""

    BACKGROUND = "background"
    METHODS = "methods"
    RESULTS = "results"
    DISCUSSION = "discussion"
    CONCLUSION = "conclusion"
    CASE = "case"


class ArticleType(StrEnum):
    """Kinds of article that change how rows may be read."""

    RESEARCH = "research"
    REVIEW = "review"
    CASE_REPORT = "case report"
    PROTOCOL = "protocol"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    LETTER = "letter"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range, `0 <= start < end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise RecordError(f"Not a span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where each character of a repaired text stood in the decoded source.

    `segments` are `(text_start, source_start, length)` runs of characters copied one for one, in text order. Characters
    in no run were put in by a repair (a blank for a line break) and stand for whatever lies between their neighbours.
    """

    segments: tuple[tuple[int, int, int], ...]

    @staticmethod
    def identity(length: int, source_start: int = 0) -> SourceMap:
        """Text that stands in the source as it is."""
        return SourceMap(((0, source_start, length),) if length else ())

    @staticmethod
    def from_offsets(offsets: Sequence[int | None]) -> SourceMap:
        """Build from the source offset of every character, None for characters put in by a repair."""
        runs: list[tuple[int, int, int]] = []
        for position, offset in enumerate(offsets):
            if offset is None:
                continue
            if runs and runs[-1][0] + runs[-1][2] == position and runs[-1][1] + runs[-1][2] == offset:
                text_start, source_start, length = runs[-1]
                runs[-1] = (text_start, source_start, length + 1)
            else:
                runs.append((position, offset, 1))
        return SourceMap(tuple(runs))

    def pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """Source ranges of the copied characters in `text[start:end]`, in text order."""
        first = max(0, bisect_right(self.segments, start, key=lambda run: run[0]) - 1)
        found = []
        for text_start, source_start, length in self.segments[first:]:
            if text_start >= end:
                break
            low, high = max(start, text_start), min(end, text_start + length)
            if low < high:
                found.append((source_start + low - text_start, source_start + high - text_start))
        return found

    def source_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Smallest source range that holds `text[start:end]`; None if nothing of it was copied."""
        pieces = self.pieces(start, end)
        if not pieces:
            return None
        return min(low for low, _ in pieces), max(high for _, high in pieces)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page: PDF points from the top left corner, page numbers from 1."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class TextBox:
    """The box of `passage.text[start:end]`; one per word or line piece, in text order."""

    start: int
    end: int
    box: Box


class Cell(NamedTuple):
    """One table cell; a named tuple, because papers have hundreds and it is made in a sixth of a data class's time.

    `start`/`end` are its offsets in the table passage's text (equal for an empty cell).

    `column_headers` run from the outermost spanning header to the innermost; `row_headers` likewise from the stub's
    outer group (a heading row such as "Adverse events, n (%)") to the row's own label. `marks` are footnote markers
    taken off the cell's text, such as "*" or "a".
    """

    row: int
    column: int
    text: str
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1
    is_header: bool = False
    column_headers: tuple[str, ...] = ()
    row_headers: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    box: Box | None = None
    xpath: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose headers are resolved. `footnotes` are `(marker or None, text)`."""

    label: str | None
    caption: str | None
    n_rows: int
    n_columns: int
    cells: tuple[Cell, ...]
    footnotes: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CitationMark:
    """A citation in the running text: the position just before it and the keys of the references it points to."""

    position: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of text that is tagged and indexed: a paragraph, a title, a caption, a table.

    For a table, `text` holds its rows separated by newlines and its cells by tabs, and `table` the structured cells.
    `language` is an ISO 639-1 code; only English passages are tagged.
    """

    ordinal: int
    part: Part
    text: str
    section: Section | None = None
    heading: str | None = None
    language: str = "en"
    page: int | None = None
    source_map: SourceMap | None = None
    boxes: tuple[TextBox, ...] = ()
    table: Table | None = None
    citations: tuple[CitationMark, ...] = ()
    xpath: str | None = None

    def source_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Offsets of `text[start:end]` in the decoded source, None for a PDF."""
        return self.source_map.source_span(start, end) if self.source_map else None

    def boxes_of(self, start: int, end: int) -> tuple[Box, ...]:
        """The boxes of the words that `text[start:end]` touches, in text order; empty for text sources."""
        return tuple(piece.box for piece in self.boxes if piece.start < end and start < piece.end)


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list. `key` is what citation marks point to: its number, or its XML id."""

    key: str
    text: str
    authors: tuple[str, ...] = ()  # family names
    year: int | None = None
    title: str | None = None
    doi: str | None = None
    pmid: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a document came from. `name` is the path as given, `record` its number in a file of many."""

    name: str
    format: str  # text | pubmed-text | medline-xml | medline | ris | jats | pdf
    sha256: str  # of the record's own bytes (the whole file if it holds one paper)
    record: int = 0


@dataclass(frozen=True, slots=True)
class ReadNote:
    """Something the reader could not do, told rather than hidden: `kind` is a short fixed phrase."""

    kind: str  # e.g. "page without text", "table not understood", "language skipped", "scanned"
    detail: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One paper as read from one source."""

    source: Source
    passages: tuple[Passage, ...]
    title: str | None = None
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None  # "PMC123"
    language: str | None = None
    authors: tuple[str, ...] = ()  # family names
    publication_types: tuple[str, ...] = ()
    index_terms: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()  # NCT…, ISRCTN…
    article_type: ArticleType = ArticleType.RESEARCH
    retracted: bool = False
    retracts: tuple[str, ...] = ()  # a retraction notice: the papers it retracts, as `paper_id` writes them
    references: tuple[Reference, ...] = ()
    coverage: float | None = None  # share of the source's characters that were read
    n_pages: int | None = None
    notes: tuple[ReadNote, ...] = field(default=())

    @property
    def paper_id(self) -> str:
        """Stable id: the DOI (lower case), else `pmid:…`, else `pmcid:…`, else `sha256:…` of the content."""
        if self.doi:
            return self.doi.lower()
        if self.pmid:
            return f"pmid:{self.pmid}"
        if self.pmcid:
            return f"pmcid:{self.pmcid}"
        return f"sha256:{self.source.sha256}"
