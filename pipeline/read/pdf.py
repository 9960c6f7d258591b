"""PDF → `Document`: text in reading order with a box per word, tables with cells, floats and furniture apart.

Place in the flow: `read_documents` calls `read_pdf` for a PDF. PDFium (through pypdfium2) yields characters; order,
columns, captions, tables and sections are found here (`pdf_chars` → `pdf_layout` → `pdf_floats` → `pdf_flow`).
OCR is out of scope: a scanned page is told as a `ReadNote`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    TextBox,
)
from pipeline.read import pdf_front
from pipeline.read.citation_line import find_pmcid, find_pmid, find_registrations
from pipeline.read.headings import abstract_labels, section_of
from pipeline.read.kinds import article_type_of
from pipeline.read.language import language_of
from pipeline.read.pdf_chars import PageWords, read_page
from pipeline.read.pdf_clean import is_garbled
from pipeline.read.pdf_floats import BodyStyle, Floats, TableArea, caption_label, find_floats
from pipeline.read.pdf_flow import Draft, walk
from pipeline.read.pdf_furniture import drop_line_numbers, mark_furniture
from pipeline.read.pdf_layout import Block, Line, find_blocks, find_lines, order_blocks, upright
from pipeline.read.pdf_open import metadata_of, open_pdf
from pipeline.read.pdf_refs import read_references
from pipeline.read.pdf_text import Frame, Text, assemble, take_off_brackets
from pipeline.read.source import Format, read_bytes
from pipeline.read.words import Words

MAX_PAGES = 2_000
"""Pages that are read of one file; the longest trial reports have a few hundred."""


def read_pdf(path: Path, *, name: str) -> Document:
    """Read one PDF.

    Raises:
        UnreadableSource: encrypted, damaged, without pages, or not a PDF at all.
    """
    content = read_bytes(path)
    source = Source(name, Format.PDF, hashlib.sha256(content).hexdigest())
    with open_pdf(content, name) as pdf:
        metadata = metadata_of(pdf)
        reading = _Reading(len(pdf))
        for index in range(min(len(pdf), MAX_PAGES)):
            reading.add(pdf, index)
    return _document(reading, source, metadata)


@dataclass(slots=True)
class _Reading:
    """Pages as they come out of PDFium, and what was odd about them."""

    n_pages: int
    pages: list[PageWords] = field(default_factory=list)
    lines: list[list[Line]] = field(default_factory=list)
    frames: dict[int, Frame] = field(default_factory=dict)
    notes: list[ReadNote] = field(default_factory=list)
    n_letters: int = 0

    def add(self, pdf: Any, index: int) -> None:
        number = index + 1
        page = _load(pdf, index)
        if page is None:
            self.notes.append(ReadNote("page damaged", "the page cannot be loaded", number))
            return
        try:
            found = read_page(page, number)
        finally:
            page.close()
        words, turn = upright(found)
        if turn:
            words = [_turned(word, turn, found) for word in words]
        frame = Frame(number, found.width, found.height, turn)
        if turn:
            found.rules, found.images = [], []
            found.width, found.height = found.height, found.width
        words, n_numbers = drop_line_numbers(words)
        self._note_page(found, number)
        self.n_letters += sum(len(word.text) for word in found.words) - n_numbers
        self.pages.append(found)
        self.frames[number] = frame
        self.lines.append(find_lines(words, number))

    def _note_page(self, found: PageWords, number: int) -> None:
        text = "".join(word.text for word in found.words)
        pictures = sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in found.images)
        covered = pictures > 0.5 * found.width * found.height
        if not text:
            kind = ("scanned", "a picture without text: needs OCR") if covered else ("page without text", "no text")
            self.notes.append(ReadNote(*kind, number))
        elif is_garbled(text):
            self.notes.append(ReadNote("text without Unicode map", "the font hides its characters: needs OCR", number))
            found.words = []
        elif covered and len(text) > 200:
            self.notes.append(ReadNote("scanned", "text comes from the scan's OCR layer", number))
        if found.truncated:
            self.notes.append(ReadNote("page cut short", "more characters than are read of one page", number))


def _load(pdf: Any, index: int) -> Any:
    import pypdfium2

    try:
        return pdf[index]
    except pypdfium2.PdfiumError:
        return None


def _turned(word: Any, turn: int, page: PageWords) -> Any:
    """A word of a sideways page in the page's own reading direction."""
    x0, top, x1, bottom = word.x0, word.top, word.x1, word.bottom
    if turn == 90:
        word.x0, word.x1, word.top, word.bottom = page.height - bottom, page.height - top, x0, x1
        word.base = x0 + 0.8 * (x1 - x0)
    else:
        word.x0, word.x1, word.top, word.bottom = top, bottom, page.width - x1, page.width - x0
        word.base = page.width - x1 + 0.8 * (x1 - x0)
    return word


def body_style(lines: Sequence[Sequence[Line]]) -> BodyStyle:
    """The look in which most characters of full lines are set."""
    sizes: Counter[float] = Counter()
    fonts: dict[float, Counter[str]] = {}
    widths: dict[float, Counter[int]] = {}
    bold: Counter[bool] = Counter()
    for page_lines in lines:
        for line in page_lines:
            if len(line.words) < 5:
                continue
            size = round(line.size * 2) / 2
            weight = sum(len(word.text) for word in line.words)
            sizes[size] += weight
            fonts.setdefault(size, Counter())[line.font] += weight
            widths.setdefault(size, Counter())[round((line.x1 - line.x0) / 4) * 4] += 1
    if not sizes:
        return BodyStyle(10.0, frozenset(), 200.0)
    size = max(sizes.items(), key=lambda item: (item[1], item[0]))[0]
    total = sum(fonts[size].values())
    main = frozenset(font for font, weight in fonts[size].items() if weight >= 0.12 * total)
    for page_lines in lines:
        for line in page_lines:
            if line.font in main and abs(line.size - size) < 0.5:
                bold[line.bold] += 1
    width = max(widths[size].items(), key=lambda item: (item[1] * item[0], item[0]))[0]
    exact = Counter(line.size for page_lines in lines for line in page_lines if abs(line.size - size) <= 0.3)
    return BodyStyle(exact.most_common(1)[0][0] if exact else size, main, float(width), bold[True] > bold[False])


def _document(reading: _Reading, source: Source, metadata: Mapping[str, str]) -> Document:
    furniture = mark_furniture(reading.pages, reading.lines)
    heads = [
        line
        for lines, marked in zip(reading.lines, furniture, strict=True)
        for i, line in enumerate(lines)
        if i in marked
    ]
    lines = [
        [ln for i, ln in enumerate(page) if i not in marked]
        for page, marked in zip(reading.lines, furniture, strict=True)
    ]
    style = body_style(lines)
    pages = [_page_blocks(page, page_lines, style) for page, page_lines in zip(reading.pages, lines, strict=True)]
    for blocks in pages[:1]:
        if pdf_front.is_cover(" ".join(block.text for block in blocks)) and len(pages) > 1:
            for block in blocks:
                block.kind = "meta"
    first = next((i for i, blocks in enumerate(pages) if any(block.kind != "meta" for block in blocks)), 0)
    height = reading.pages[first].height if reading.pages else 0.0
    title = (
        pdf_front.find_title([b for b in pages[first] if not b.kind], style, metadata.get("Title"), height)
        if pages
        else []
    )
    text = "\n".join(line.text for page in lines for line in page)
    intro = re.search(r"^(?:\d+\.?\s*)?(?:introduction|background)\b.{0,15}$", text, re.IGNORECASE | re.MULTILINE)
    drafts = walk(pages, style, title=title, has_intro=bool(intro))
    return _Assembly(reading, source, metadata, Words(text), heads).document(drafts, title)


def _page_blocks(page: PageWords, lines: list[Line], style: BodyStyle) -> list[Block]:
    """Blocks of one page in reading order, floats among them."""
    floats = find_floats(page, lines, style)
    blocks = find_blocks(floats.rest, page.number)
    for block in blocks:
        if _is_figure_text(block, page, style):
            block.kind = "figure"
    kept = [block for block in blocks if block.kind != "figure"]
    return order_blocks(kept + _float_blocks(floats, page.number))


def _float_blocks(floats: Floats, number: int) -> list[Block]:
    found = [Block(lines, number, "caption").settle() for lines in floats.captions]
    for area in floats.tables:
        found.append(Block(area.caption, number, "caption").settle())
        if area.body:
            found.append(Block(area.body, number, "table", extra=area).settle())
        if area.notes:
            found.append(Block(area.notes, number, "notes").settle())
    return found


def _is_figure_text(block: Block, page: PageWords, style: BodyStyle) -> bool:
    """Labels inside pictures and plots: on a picture, or small scattered words in another look."""
    lines = block.lines
    n_words = sum(len(line.words) for line in lines)
    inside = any(
        x0 - 2 <= block.x0 and block.x1 <= x1 + 2 and top - 2 <= block.top and block.bottom <= bottom + 2
        for x0, top, x1, bottom in page.images
        if (x1 - x0) * (bottom - top) < 0.6 * page.width * page.height
    )
    own = sum(style.holds(line) for line in lines) >= 0.5 * len(lines)
    if inside:
        return not (own and n_words > 30)
    if own or n_words > 12 * len(lines):
        return False
    letters = sum(char.isalpha() for line in lines for char in line.text)
    digits = sum(char.isdigit() for line in lines for char in line.text)
    drawn = page.paths > 40 or bool(page.images)
    small = lines[0].size < style.size - 0.4
    if digits >= letters and n_words <= 12 and not lines[0].bold:
        return True
    return (
        drawn and small and n_words / len(lines) < 4.5 and lines[0].words[0].size < style.size - 0.4 and len(lines) <= 8
    )


class _Assembly:
    """Drafts → passages, with text, boxes, citations, language."""

    def __init__(
        self, reading: _Reading, source: Source, metadata: Mapping[str, str], words: Words, heads: list[Line]
    ) -> None:
        self._reading, self._source, self._metadata, self._words, self._heads = reading, source, metadata, words, heads
        self._passages: list[Passage] = []
        self._references: list[Reference] = []
        self._highest = 999
        self._n_read = 0

    def document(self, drafts: list[Draft], title: list[Line]) -> Document:
        self._read_references([line for draft in drafts if draft.part is Part.REFERENCES for line in draft.lines])
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
            authors=pdf_front.find_authors(_byline(drafts, title)),
            publication_types=(),
            index_terms=self._index_terms(),
            registrations=find_registrations(own),
            article_type=kind,
            retracted=bool(re.match(r"retracted\b", heading or "", re.IGNORECASE))
            and kind is not ArticleType.RETRACTION,
            references=tuple(self._references),
            coverage=min(1.0, self._n_read / self._reading.n_letters) if self._reading.n_letters else 0.0,
            n_pages=self._reading.n_pages,
            notes=tuple(self._reading.notes),
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
        found = read_references(lines, self._words, self._reading.frames) if lines else []
        self._references = [reference for reference, _ in found]
        self._reference_texts = [text for _, text in found]
        numbers = [int(r.key) for r in self._references if r.key.isdigit()]
        self._highest = max(numbers) if numbers else 0 if self._references else 400

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
                Part.METADATA, assemble([line], self._words, self._reading.frames, citing=False), heading="running head"
            )
            self._n_read = count

    def _add_text(self, draft: Draft) -> None:
        citing = draft.part in {Part.ABSTRACT, Part.BODY, Part.CAPTION, Part.OTHER}
        text = assemble(draft.lines, self._words, self._reading.frames, citing=citing)
        if citing and self._highest:
            text = take_off_brackets(text, self._highest)
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
        text = assemble(draft.lines, self._words, self._reading.frames, citing=False)
        self._append(Part.TABLE, text, section=draft.section, heading=draft.heading)
        detail = caption_label(area.caption[0].text) or "a table"
        self._reading.notes.append(ReadNote("table not understood", detail, draft.lines[0].page))

    def _append(self, part: Part, text: Text, *, section: Section | None = None, heading: str | None = None) -> None:
        text = _slice(text, 0, len(text.text))
        if not text.text:
            return
        self._n_read += sum(box.end - box.start for box in text.boxes)
        language = language_of(text.text) if len(text.text) > 200 else None
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
                citations=tuple(text.marks),
            )
        )


def _slice(text: Text, start: int, end: int) -> Text:
    """Part of a text, stripped, with its boxes and marks."""
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


def _byline(drafts: list[Draft], title: list[Line]) -> list[Line]:
    """Lines of the paragraph right after the title."""
    after = False
    for draft in drafts:
        if draft.part is Part.TITLE:
            after = True
        elif after:
            return draft.lines if draft.part is Part.METADATA else []
    return []
