"""Passages of a plain-text paper in the making: what is known so far, and how blocks become passages.

Place in the flow: `text.py` and `text_head.py` fill a `Draft`; here words are mended, labels
split, citations taken off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipeline.document import CitationMark, Part, Passage, ReadNote, Reference, Section
from pipeline.read.chars import Chars, join
from pipeline.read.citation_line import Citation
from pipeline.read.citations import CitationHabit
from pipeline.read.headings import abstract_labels, section_of
from pipeline.read.language import language_of
from pipeline.read.layout import Block
from pipeline.read.text_table import mend_decimals, read_text_table
from pipeline.read.words import Words, repair


@dataclass(slots=True)
class Draft:
    """What is known of the document while its blocks go by."""

    source: str
    base: int
    words: Words
    habit: CitationHabit
    passages: list[Passage] = field(default_factory=list)
    notes: list[ReadNote] = field(default_factory=list)
    dropped: int = 0  # characters read and left out on purpose
    part: Part = Part.ABSTRACT
    section: Section | None = None
    heading: str | None = None
    open: list[Block] = field(default_factory=list)
    floats: list[tuple[Part, list[Block]]] = field(default_factory=list)
    foreign: dict[str, list[Block]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    abstract_sections: set[Section | None] = field(default_factory=set)
    is_abstract: bool = False  # an abstract and nothing else
    title: str | None = None
    running_titles: list[Block] = field(default_factory=list)
    citation: Citation = field(default_factory=Citation)
    authors: tuple[str, ...] = ()
    publication_types: list[str] = field(default_factory=list)
    index_terms: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)


def flush(draft: Draft) -> None:
    """Close the open paragraph, then set down the floats that stood in its way."""
    if draft.open:
        _close_paragraph(draft)
    for part, blocks in draft.floats:
        if part is Part.TABLE:
            _table_passage(draft, blocks)
        else:
            add_blocks(draft, blocks, part)
    draft.floats = []


def _close_paragraph(draft: Draft) -> None:
    blocks, draft.open = draft.open, []
    key = re.sub(r"[\W\d_]+", "", "".join(block.text for block in blocks)).lower()
    if len(key) > 60 and key in draft.seen:
        draft.dropped += len("".join("".join(block.text for block in blocks).split()))
        draft.notes.append(ReadNote("paragraph printed twice", " ".join(blocks[0].text.split())[:80]))
        return
    draft.seen.add(key)
    add_blocks(draft, blocks, draft.part)


def add_blocks(draft: Draft, blocks: list[Block], part: Part) -> Passage | None:
    """Mend the blocks and add them as one passage, or as one per label of a structured abstract."""
    pieces = [Chars.of(draft.source, draft.base + block.start, draft.base + block.end) for block in blocks]
    chars = repair(join(pieces, "\n"), draft.words)
    marks: tuple[CitationMark, ...] = ()
    if part in {Part.ABSTRACT, Part.BODY, Part.CAPTION, Part.FOOTNOTE}:
        before = len(chars)
        chars, marks = draft.habit.take_off(chars)
        draft.dropped += before - len(chars)
        chars = mend_decimals(chars)
    if part in {Part.ABSTRACT, Part.BODY}:
        labels = abstract_labels(chars.text)
        if labels:
            _labelled_passages(draft, chars, labels, marks, part)
            return None
    return add_passage(draft, chars, part, marks)


def _labelled_passages(
    draft: Draft, chars: Chars, labels: list[tuple[int, int, str]], marks: tuple[CitationMark, ...], part: Part
) -> None:
    section, heading = draft.section, draft.heading
    if labels[0][0] > 0:
        add_passage(draft, chars.slice(0, labels[0][0]), part, marks)
    ends = [start for start, _, _ in labels[1:]] + [len(chars)]
    for (_, start, label), end in zip(labels, ends, strict=True):
        draft.section, draft.heading = section_of(label) or section, label
        draft.dropped += len(label) + 1
        inside = tuple(
            CitationMark(mark.position - start, mark.keys) for mark in marks if start <= mark.position <= end
        )
        add_passage(draft, chars.slice(start, end), part, inside)
        if part is Part.ABSTRACT:
            draft.abstract_sections.add(None)
    draft.section, draft.heading = section, heading


def add_passage(
    draft: Draft, chars: Chars, part: Part, marks: tuple[CitationMark, ...] = (), language: str | None = None
) -> Passage | None:
    lead = len(chars.text) - len(chars.text.lstrip())
    chars = chars if part is Part.TABLE else chars.strip()  # an empty corner cell is a leading tab
    if not chars.text.strip():
        return None
    in_text = part in {Part.ABSTRACT, Part.BODY}
    passage = Passage(
        ordinal=len(draft.passages),
        part=part,
        text=chars.text,
        section=draft.section if in_text else None,
        heading=draft.heading if in_text else None,
        language=language or (language_of(chars.text) if part not in {Part.METADATA, Part.REFERENCES} else "en"),
        source_map=chars.source_map(),
        citations=tuple(CitationMark(max(0, mark.position - lead), mark.keys) for mark in marks),
    )
    draft.passages.append(passage)
    return passage


def _table_passage(draft: Draft, blocks: list[Block]) -> None:
    spans = [(draft.base + block.start, draft.base + block.end) for block in blocks]
    caption = next((p.text for p in reversed(draft.passages) if p.part is Part.CAPTION), None)
    read = read_text_table(draft.source, spans, draft.words, caption)
    passage = add_passage(draft, read.chars, Part.TABLE, language="en")
    if passage is None:
        return
    draft.passages[-1] = replace(passage, table=read.table)
    if read.n_whole_rows:
        name = caption[:40] if caption else "a table"
        draft.notes.append(ReadNote("table not understood", f"{name}: {read.n_whole_rows} rows not split into cells"))


def emit_foreign(draft: Draft) -> None:
    draft.section = draft.heading = None
    for language, blocks in draft.foreign.items():
        pieces = [Chars.of(draft.source, draft.base + block.start, draft.base + block.end) for block in blocks]
        add_passage(draft, repair(join(pieces, "\n"), draft.words), Part.ABSTRACT, language=language)
        draft.notes.append(ReadNote("language skipped", f"{language}: {sum(block.n_words for block in blocks)} words"))
