"""Does a quote or mention stand in its source? The words against the file's characters, or against the page.

Place in the flow: used by `verify`, one `Opened` per source file. Nothing of the stored row is taken for granted: text
sources are compared character by character over the parts that were copied, PDF pages box by box with what PDFium finds
inside the box.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ask.values import Value
from pipeline.document import Box, Passage, SourceMap
from pipeline.errors import PipelineError
from pipeline.read.letters import is_subsequence, letters

if TYPE_CHECKING:
    from pipeline.read.page_words import PageText


_NEIGHBOURS = 40  # characters on each side of the words within which an entity of theirs may stand


class Opened:
    """A source file opened for proofs: its decoded text, or the pages of a PDF."""

    def __init__(self, text: str | None, pages: PageText | None) -> None:
        self._text, self._pages = text, pages
        self._seen: dict[tuple[int, int], bool] = {}  # word of a passage → whether it stands in its box

    def problem(self, row: Mapping[str, Value], passage: Passage) -> str | None:
        """What is wrong with one stored quote or mention, or None."""
        start, end = int(str(row["char_start"])), int(str(row["char_end"]))
        if passage.text[start:end] != row["text"]:
            return "the passage has other words at its offsets"
        if passage.source_map is not None and self._text is not None:
            return _text_problem(row, passage.source_map, self._text)
        if passage.boxes and self._pages is not None:
            return self._page_problem(row, passage, start, end)
        return "it has no place in the source"

    def _page_problem(self, row: Mapping[str, Value], passage: Passage, start: int, end: int) -> str | None:
        words = [word for word in passage.boxes if word.start < end and start < word.end]
        if not words:
            return "no word of the page stands there"
        if min(word.box.page for word in words) != row["page"]:
            return "it stands on another page"
        for word in words:
            if not self._stands(passage, word.start, word.end, word.box):
                return f"page {word.box.page} does not read {passage.text[word.start : word.end]!r} there"
        return None

    def _stands(self, passage: Passage, start: int, end: int, box: Box) -> bool:
        key = (passage.ordinal, start)
        if key not in self._seen and self._pages is not None:
            self._seen[key] = self._pages.holds(box, passage.text[start:end])
        return self._seen[key]


@contextmanager
def opened(path: Path, *, is_pdf: bool) -> Iterator[Opened]:
    """A source file opened for proofs; what cannot be opened proves nothing."""
    from pipeline.read import decode

    with ExitStack() as stack:
        text, pages = None, None
        try:
            if is_pdf:
                from pipeline.read.page_words import open_page_text

                pages = stack.enter_context(open_page_text(path))
            else:
                text = decode(path)
        except PipelineError:
            pass
        yield Opened(text, pages)


def _text_problem(row: Mapping[str, Value], mapping: SourceMap, source: str) -> str | None:
    start, end = int(str(row["char_start"])), int(str(row["char_end"]))
    span = mapping.source_span(start, end)
    if span is None or span != (row["source_start"], row["source_end"]):
        return "it maps to another place of the source"
    words = str(row["text"])
    copied = "".join(source[low:high] for low, high in mapping.pieces(start, end))
    if not is_subsequence(copied, words):
        return "the source has other words at its offsets"
    # Letters that were not copied one for one (XML writes "&#956;", print has ligatures) must stand there too, up to
    # the neighbours that were copied.
    if letters(copied) != letters(words):
        before, after = mapping.pieces(0, start), mapping.pieces(end, end + _NEIGHBOURS)
        low = max(before[-1][1] if before else 0, span[0] - _NEIGHBOURS)
        high = min(after[0][0] if after else len(source), span[1] + _NEIGHBOURS)
        if is_subsequence(letters(words), letters(html.unescape(source[low:high]))):
            return None
        return "letters of it stand in no place of the source"
    return None
