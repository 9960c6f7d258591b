"""Drafts → passages and document: text, boxes, citation marks, references, metadata.

Place in the flow: the last step of `read_pdf`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.document import (
    ArticleType,
    CitationMark,
    Document,
    Part,
    Passage,
    ReadNote,
    Reference,
    Section,
    Source,
    Table,
    TextBox,
)
from pipeline.read import pdf_front
from pipeline.read.citation_line import find_pmcid, find_pmid, find_registrations
from pipeline.read.headings import abstract_labels, section_of
from pipeline.read.kinds import article_type_of
from pipeline.read.language import language_of
from pipeline.read.pdf_cells import build_table
from pipeline.read.pdf_cite import author_year_keys, cites_in_round_brackets, mark_author_years, take_off_round
from pipeline.read.pdf_floats import TableArea, caption_label
from pipeline.read.pdf_flow import Draft
from pipeline.read.pdf_layout import Line
from pipeline.read.pdf_refs import read_references
from pipeline.read.pdf_table import find_grid
from pipeline.read.pdf_text import Frame, Text, assemble, take_off_brackets
from pipeline.read.words import Words

_CITING = frozenset({Part.ABSTRACT, Part.BODY, Part.CAPTION, Part.OTHER})


@dataclass(slots=True)
class PageFacts:
    """What the pages said beyond their words: frames by page number, notes, the number of letters."""

    n_pages: int
    frames: dict[int, Frame] = field(default_factory=dict)
    notes: list[ReadNote] = field(default_factory=list)
    n_letters: int = 0


class Assembly:
    """Drafts → passages, with text, boxes, citations, language."""

    def __init__(
        self, facts: PageFacts, source: Source, metadata: Mapping[str, str], words: Words, heads: list[Line]
    ) -> None:
        self._facts, self._source, self._metadata, self._words, self._heads = facts, source, metadata, words, heads
        self._passages: list[Passage] = []
        self._references: list[Reference] = []
        self._highest = 999
        self._cites_round = False
        self._author_years: dict[tuple[str, str], str] = {}
        self._reference_texts: list[Text] = []
        self._n_read = 0

    def document(self, drafts: list[Draft], title: list[Line]) -> Document:
        self._read_references([line for draft in drafts if draft.part is Part.REFERENCES for line in draft.lines])
        self._cites_round = cites_in_round_brackets(
            (" ".join(line.text for line in draft.lines) for draft in drafts if draft.part in _CITING), self._references
        )
        for draft in drafts:
            if draft.part is Part.TABLE:
                self._add_table(draft)
            elif draft.part is not Part.REFERENCES:
                self._add_text(draft)
        passages = self._passages
        for entry in self._reference_texts:
            self._append(Part.REFERENCES, entry)
        self._add_heads()
        front = self._front_texts(drafts)
        journal, year = pdf_front.find_journal_year(front, self._metadata)
        heading = next((p.text for p in passages if p.part is Part.TITLE), None)
        types = tuple(
            dict.fromkeys(
                re.findall(
                    r"^(Case Report|Corrigendum|Erratum|Correction|Retraction|Study protocol|Editorial"
                    r"|Review Article|Review|Letter)\b",
                    "\n".join(front),
                    re.MULTILINE | re.IGNORECASE,
                )
            )
        )
        kind = article_type_of(types, heading)
        if kind is ArticleType.RESEARCH and any(p.section is Section.CASE and p.part is Part.BODY for p in passages):
            kind = ArticleType.CASE_REPORT
        prose = " ".join(p.text for p in passages if p.part in {Part.ABSTRACT, Part.BODY})
        own = " ".join(
            p.text for p in passages if p.part in {Part.ABSTRACT, Part.METADATA} or p.section is Section.METHODS
        )
        return Document(
            source=self._source,
            passages=tuple(passages),
            title=heading,
            journal=journal,
            year=year,
            doi=pdf_front.own_doi(front, self._metadata),
            pmid=find_pmid("\n".join(front)),
            pmcid=find_pmcid("\n".join(front)),
            language=language_of(prose[:8000]) if prose else None,
            authors=_authors(drafts) or pdf_front.named_authors(front, self._metadata),
            publication_types=(),
            index_terms=self._index_terms(),
            registrations=find_registrations(own),
            article_type=kind,
            retracted=bool(re.match(r"retracted\b", heading or "", re.IGNORECASE))
            and kind is not ArticleType.RETRACTION,
            references=tuple(self._references),
            coverage=min(1.0, self._n_read / self._facts.n_letters) if self._facts.n_letters else 0.0,
            n_pages=self._facts.n_pages,
            notes=tuple(self._facts.notes),
        )

    def _front_texts(self, drafts: list[Draft]) -> list[str]:
        """Lines of running heads and of the first page's metadata, one text each."""
        first = min((line.page for draft in drafts for line in draft.lines), default=1)
        texts = [line.text for line in self._heads if line.page <= first + 2]
        for draft in drafts:
            if draft.part in {Part.METADATA, Part.TITLE} and draft.lines[0].page <= first + 1:
                texts.extend(line.text for line in draft.lines)
                texts.append(" ".join(line.text for line in draft.lines))
        return texts

    def _read_references(self, lines: list[Line]) -> None:
        found = read_references(lines, self._words, self._facts.frames) if lines else []
        self._references = [reference for reference, _ in found]
        self._reference_texts = [text for _, text in found]
        numbers = [int(r.key) for r in self._references if r.key.isdigit()]
        self._highest = max(numbers) if numbers else 0 if self._references else 400
        self._author_years = author_year_keys(self._references)

    def _index_terms(self) -> tuple[str, ...]:
        text = " ; ".join(p.text for p in self._passages if p.part is Part.INDEX_TERMS)
        text = re.sub(r"^key ?-?words?\W*", "", text, flags=re.IGNORECASE)
        return tuple(dict.fromkeys(term.strip(" .") for term in re.split(r"[;,|•·∙]", text) if term.strip(" .")))

    def _add_heads(self) -> None:
        seen: set[str] = set()
        once: list[Line] = []
        for line in self._heads:
            self._n_read += sum(len(word.text) for word in line.words)
            key = re.sub(r"\d+", "#", line.text)
            if key not in seen:
                seen.add(key)
                once.append(line)
        for line in once:
            count = self._n_read
            self._append(
                Part.METADATA, assemble([line], self._words, self._facts.frames, citing=False), heading="running head"
            )
            self._n_read = count

    def _add_text(self, draft: Draft) -> None:
        citing = draft.part in _CITING
        text = assemble(draft.lines, self._words, self._facts.frames, citing=citing, highest=self._highest or 999)
        if citing and self._highest:
            text = take_off_brackets(text, self._highest)
        if citing and self._cites_round:
            text = take_off_round(text, self._references)
        if citing and self._author_years:
            text = mark_author_years(text, self._author_years)
        if draft.part is Part.ABSTRACT:
            self._add_abstract(draft, text)
        else:
            self._append(draft.part, text, section=draft.section, heading=draft.heading)

    def _add_abstract(self, draft: Draft, text: Text) -> None:
        """Labels inside a structured abstract open passages of their own."""
        labels = abstract_labels(text.text)
        if not labels:
            self._append(Part.ABSTRACT, text, section=draft.section, heading=draft.heading)
            return
        bounds = [(0, labels[0][0], draft.section, draft.heading)]
        for (_, end, label), following in zip(labels, [*labels[1:], (len(text.text), 0, "")], strict=True):
            bounds.append((end, following[0], section_of(label), label))
        for start, end, section, heading in bounds:
            self._append(Part.ABSTRACT, _slice(text, start, end), section=section, heading=heading)

    def _add_table(self, draft: Draft) -> None:
        area = draft.extra
        if not isinstance(area, TableArea):
            return
        grid = find_grid(area)
        if grid is not None:
            table, text = build_table(grid, area, self._words, self._facts.frames)
            self._append(Part.TABLE, text, section=draft.section, heading=draft.heading, table=table)
            return
        text = assemble(area.body, self._words, self._facts.frames, citing=False)
        self._append(Part.TABLE, text, section=draft.section, heading=draft.heading)
        detail = caption_label(area.caption[0].text) or "a table"
        self._facts.notes.append(ReadNote("table not understood", detail, draft.lines[0].page))

    def _append(
        self,
        part: Part,
        text: Text,
        *,
        section: Section | None = None,
        heading: str | None = None,
        table: Table | None = None,
    ) -> None:
        if table is None:
            text = _slice(text, 0, len(text.text))
        if not text.text:
            return
        self._n_read += sum(box.end - box.start for box in text.boxes)
        language = language_of(text.text[:1200]) if len(text.text) > 200 else None
        page = text.boxes[0].box.page if text.boxes else None
        self._passages.append(
            Passage(
                ordinal=len(self._passages),
                part=part,
                text=text.text,
                section=section,
                heading=heading,
                language=language or "en",
                page=page,
                boxes=tuple(text.boxes),
                table=table,
                citations=tuple(text.marks),
            )
        )


def _slice(text: Text, start: int, end: int) -> Text:
    """Part of a text, stripped, with its boxes and marks."""
    if start == 0 and end == len(text.text) and not (text.text[:1].isspace() or text.text[-1:].isspace()):
        return text
    piece = text.text[start:end]
    low = start + len(piece) - len(piece.lstrip())
    high = low + len(piece.strip())
    boxes = [
        TextBox(max(box.start, low) - low, min(box.end, high) - low, box.box)
        for box in text.boxes
        if box.start < high and low < box.end
    ]
    marks = [CitationMark(mark.position - low, mark.keys) for mark in text.marks if low <= mark.position <= high]
    return Text(text.text[low:high], boxes, marks)


def _authors(drafts: list[Draft]) -> tuple[str, ...]:
    """Family names from the paragraph after the title; a sure list of names may also stand a little further down."""
    after = max((number for number, draft in enumerate(drafts, 1) if draft.part is Part.TITLE), default=len(drafts))
    for distance, draft in enumerate(drafts[after : after + 4]):
        if draft.part is not Part.METADATA:
            return ()
        names = pdf_front.find_authors(draft.lines)
        if len(names) >= (1 if distance == 0 else 3):
            return names
    return ()
