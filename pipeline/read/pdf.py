"""PDF → `Document`: text in reading order with a box per word, tables with cells, floats and furniture apart.

Place in the flow: `read_documents` calls `read_pdf` for a PDF. PDFium (through pypdfium2) yields characters; order,
columns, captions, tables and sections are found here (`pdf_chars` → `pdf_layout` → `pdf_floats` → `pdf_flow`).
OCR is out of scope: a scanned page is told as a `ReadNote`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.document import (
    Document,
    ReadNote,
    Source,
)
from pipeline.errors import UnreadableSource
from pipeline.read import pdf_front
from pipeline.read.pdf_blocks import body_style, page_blocks
from pipeline.read.pdf_chars import PageWords, Word, read_page
from pipeline.read.pdf_clean import is_garbled
from pipeline.read.pdf_flow import walk
from pipeline.read.pdf_furniture import drop_line_numbers, mark_furniture
from pipeline.read.pdf_layout import Line, find_lines, upright
from pipeline.read.pdf_open import metadata_of, open_pdf
from pipeline.read.pdf_passages import Assembly, PageFacts
from pipeline.read.pdf_refs import list_start
from pipeline.read.pdf_signs import mend_signs
from pipeline.read.pdf_text import Frame
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
        metadata = metadata_of(pdf, content)
        reading = Reading(len(pdf))
        for index in range(min(len(pdf), MAX_PAGES)):
            reading.add(pdf, index)
    if not any(reading.words):
        raise _without_text(reading.facts, name)
    document = _document(reading, source, metadata)
    if not document.passages:
        raise _without_text(reading.facts, name)
    return document


def _without_text(facts: PageFacts, name: str) -> UnreadableSource:
    """What to tell of a file in which no page has text."""
    kinds = {note.kind for note in facts.notes}
    pages = "1 page" if facts.n_pages == 1 else f"{facts.n_pages} pages"
    if "scanned" in kinds or "text without Unicode map" in kinds:
        reason = "scanned" if "scanned" in kinds else "in fonts that hide their characters"
        return UnreadableSource(
            f"{name} has no text to read ({pages}, {reason}).",
            what_to_do="Run OCR over it (for example with ocrmypdf) and ingest the result.",
        )
    if "page damaged" in kinds:
        return UnreadableSource(
            f"{name} is a damaged PDF ({pages}, none can be loaded).",
            what_to_do="Download it again, or repair it (qpdf).",
        )
    return UnreadableSource(f"{name} has no text ({pages}, empty).", what_to_do="Take it off the list.")


class Reading:
    """Pages as they come out of PDFium, and what was odd about them."""

    def __init__(self, n_pages: int) -> None:
        self.facts = PageFacts(n_pages)
        self.pages: list[PageWords] = []
        self.words: list[list[Word]] = []

    def add(self, pdf: Any, index: int) -> None:
        number = index + 1
        page = _load(pdf, index)
        if page is None:
            self.facts.notes.append(ReadNote("page damaged", "the page cannot be loaded", number))
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
        self._note_page(found, words, number)
        self.facts.n_letters += sum([len(word.text) for word in found.words]) - n_numbers
        self.pages.append(found)
        self.facts.frames[number] = frame
        self.words.append(words)

    def _note_page(self, found: PageWords, words: list[Word], number: int) -> None:
        text = "".join(word.text for word in found.words)
        pictures = sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in found.images)
        covered = pictures > 0.5 * found.width * found.height
        if not text:
            kind = ("scanned", "a picture without text: needs OCR") if covered else ("page without text", "no text")
            self.facts.notes.append(ReadNote(*kind, number))
        elif is_garbled(text):
            self.facts.notes.append(
                ReadNote("text without Unicode map", "the font hides its characters: needs OCR", number)
            )
            found.words, words[:] = [], []
        elif covered and found.has_hidden_text:
            self.facts.notes.append(ReadNote("scanned", "text comes from the scan's OCR layer", number))
        if found.truncated:
            self.facts.notes.append(ReadNote("page cut short", "more characters than are read of one page", number))


_SPELLED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def spellings(lines: list[list[Line]]) -> Words:
    """How the document itself writes its words, solid and with hyphens, line ends aside."""
    words = Words("")
    tokens = Counter(_SPELLED.findall("\n".join([line.text for page in lines for line in page]).lower()))
    for token, count in tokens.items():
        if "-" in token:
            words.compound[token] += count
            for part in token.split("-"):
                words.solid[part] += count
        else:
            words.solid[token] += count
    return words


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


def _document(reading: Reading, source: Source, metadata: Mapping[str, str]) -> Document:
    mend_signs(reading.words)
    found = [find_lines(words, page.number) for words, page in zip(reading.words, reading.pages, strict=True)]
    furniture = mark_furniture(reading.pages, found)
    heads = [
        line for lines, marked in zip(found, furniture, strict=True) for i, line in enumerate(lines) if i in marked
    ]
    lines = [
        [ln for i, ln in enumerate(page) if i not in marked] for page, marked in zip(found, furniture, strict=True)
    ]
    start = list_start(lines)
    style = body_style(lines if start is None else [*lines[: start[0]], lines[start[0]][: start[1]]])
    pages = [page_blocks(page, page_lines, style) for page, page_lines in zip(reading.pages, lines, strict=True)]
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
    first_entry = lines[start[0]][start[1] : start[1] + 2] if start is not None else []
    drafts = walk(pages, style, title=title, has_intro=bool(intro), list_start=first_entry)
    return Assembly(reading.facts, source, metadata, spellings(lines), heads).document(drafts, title)
