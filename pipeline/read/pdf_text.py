"""Lines of words → one text with a box per word, hyphenation undone, citation numbers taken off.

Place in the flow: `pdf_flow` and `pdf_table` call it for every paragraph. The text never holds a character that is not
on the page, apart from blanks between words and the sign "^" before an exponent ("10^9" must not read "109").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.document import Box, CitationMark, TextBox
from pipeline.read.citations import expand
from pipeline.read.pdf_chars import Word
from pipeline.read.pdf_clean import fix_operators
from pipeline.read.pdf_layout import Line
from pipeline.read.words import Words


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page's reading coordinates map back to the page as shown: `turn` is 0, 90 or 270."""

    number: int
    width: float
    height: float
    turn: int = 0

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        if self.turn == 90:
            x0, top, x1, bottom = top, self.height - x1, bottom, self.height - x0
        elif self.turn == 270:
            x0, top, x1, bottom = self.width - bottom, x0, self.width - top, x1
        return Box(self.number, x0, top, x1, bottom)  # the words' corners are rounded to 0.1 pt already


@dataclass(slots=True)
class Text:
    """A passage in the making."""

    text: str = ""
    boxes: list[TextBox] = field(default_factory=list)
    marks: list[CitationMark] = field(default_factory=list)


_SENTENCE_END = re.compile(r"[a-z)][a-z)][.?!]$")
_ADDRESS = re.compile(r"https?://|doi\.org/|www\.|^10\.\d{4,}/")
_CITED = re.compile(r"\d{1,3}[a-z]?(?:\s*[,;–—-]\s*\d{1,3}[a-z]?)*[,;]?")
_UNIT_BEFORE = re.compile(
    r"(?:(?:^|[^A-Za-z])(?:[kcdmµμn]?m|s|sec|min|kg|h|d|g|[mdµμ]?[Ll]|yr?|wk|cells|χ|chi|[rRxIηωετ])|\d|[χηωετ²×^])$"
)


def assemble(
    lines: Sequence[Line], words: Words, frames: dict[int, Frame], *, citing: bool = True, highest: int = 999
) -> Text:
    """One paragraph from its lines, in reading order.

    Args:
        citing: whether raised numbers may be citations.
        highest: the last reference's number; far larger ones are part of a name ("Ser536").
    """
    builder = _Builder(words, frames, citing, highest)
    for line in lines:
        builder.line(line)
    return builder.done()


class _Builder:
    def __init__(self, words: Words, frames: dict[int, Frame], citing: bool, highest: int) -> None:
        self._words, self._frames, self._citing = words, frames, citing
        # The end of a list may not have been read: only what is far beyond it is no citation.
        self._highest = 2 * highest + 20
        self._parts: list[str] = []
        self._length = 0
        self._tail = ""  # the last characters, for decisions at seams
        self._drop_cap = False
        self._boxes: list[TextBox] = []
        self._marks: list[CitationMark] = []

    def line(self, line: Line) -> None:
        frame = self._frames[line.page]
        items = line.words
        at = 0
        parts, boxes = self._parts, self._boxes
        while at < len(items):
            word = items[at]
            if at and not (word.glued or word.raised or self._drop_cap) and word.text[0] not in ",;)].:":
                start = self._length + 1  # the usual case, kept short: a word after a blank
                parts.append(" " + word.text)
                self._length = start + len(word.text)
                self._tail = parts[-2][-40:] + parts[-1]
                boxes.append(TextBox(start, self._length, frame.box(word.x0, word.top, word.x1, word.bottom)))
                at += 1
                continue
            if word.raised and self._tail and at:
                end = at
                while end < len(items) and items[end].raised:
                    end += 1
                if self._take_cited(items[at:end]):
                    at = end
                    continue
            seam = self._seam(word, first=at == 0)
            self._drop_cap = (
                not self._tail and len(word.text) == 1 and word.text.isupper() and word.size > 1.4 * line.size
            )
            self._add(seam, word, frame)
            at += 1

    def _seam(self, word: Word, *, first: bool) -> str:
        """What stands between the text so far and the next word; a hyphen of the line end may go."""
        if not self._tail:
            return ""
        if not first:
            if self._drop_cap and word.text[:1].islower():
                return ""
            if word.raised and word.glued and self._tail[-1].isdigit() and word.text[:1] in "0123456789-−–+":
                return "^"
            if word.glued and _SENTENCE_END.search(tail := self._tail) and word.text[:1].isupper() and "/" not in tail:
                return " " if word.text[1:2].islower() else ""
            return "" if word.glued or word.text[0] in ",;)]" or word.text in ".:" else " "
        return self._line_seam(word)

    def _line_seam(self, word: Word) -> str:
        tail = self._tail
        if tail[-1] == "-" and len(tail) > 1 and tail[-2].isalnum():
            before = re.search(r"([^\W_]+)-$", tail)
            after = re.match(r"[^\W_]+", word.text)
            if before and after:
                if after[0] in {"and", "or", "to"}:
                    return " "
                if not before[1].isdigit() and not self._words.keeps_hyphen(before[1], after[0]):
                    self._drop_hyphen()
            return ""
        if tail[-1] in "–—" and len(tail) > 1 and not tail[-2].isspace():
            return ""
        last = tail.rsplit(" ", 1)[-1]
        if _ADDRESS.search(last) and (tail[-1] in "/._-=?&" or word.text[0] in "/._-=?&"):
            return ""
        return "" if tail[-1] == "/" and len(tail) > 1 and tail[-2].isalnum() else " "

    def _drop_hyphen(self) -> None:
        self._parts[-1] = self._parts[-1][:-1]
        self._length -= 1
        self._tail = self._tail[:-1]
        last = self._boxes[-1]
        if last.end - last.start > 1:
            self._boxes[-1] = TextBox(last.start, last.end - 1, last.box)
        else:
            self._boxes.pop()

    def _add(self, seam: str, word: Word, frame: Frame) -> None:
        start = self._length + len(seam)
        self._parts.append(seam + word.text)
        self._length = start + len(word.text)
        self._tail = (self._tail + seam + word.text)[-60:]
        box = frame.box(word.x0, word.top, word.x1, word.bottom)
        self._boxes.append(TextBox(start, self._length, box))

    def _take_cited(self, raised: list[Word]) -> bool:
        """Take raised numbers for citations unless they are an exponent or a footnote letter."""
        if not self._citing:
            return False
        numbers = "".join(
            ("" if word.glued or not index else " ") + word.text for index, word in enumerate(raised)
        ).strip(" ,;")
        if not _CITED.fullmatch(numbers):
            return False
        if _UNIT_BEFORE.search(self._tail) and re.fullmatch(r"\d{1,2}", numbers):
            return False
        keys = expand(re.sub(r"[a-z—]", lambda m: "–" if m[0] == "—" else "", numbers))
        if not keys or not all(0 < int(key) <= self._highest for key in keys):
            return False
        self._marks.append(CitationMark(self._length, keys))
        return True

    def done(self) -> Text:
        text = "".join(self._parts)
        return Text(fix_operators(text), self._boxes, self._marks)


_BRACKETS = re.compile(r" ?\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]")


def take_off_brackets(found: Text, highest: int) -> Text:
    """Bracketed citation numbers leave the text and become marks; `highest` is the last reference's number."""
    cuts: list[tuple[int, int, tuple[str, ...]]] = []
    for match in _BRACKETS.finditer(found.text):
        keys = expand(match[1])
        if keys and all(0 < int(key) <= highest for key in keys):
            cuts.append((match.start(), match.end(), keys))
    return cut(found, cuts) if cuts else found


def cut(found: Text, cuts: list[tuple[int, int, tuple[str, ...]]]) -> Text:
    """Remove ranges (in text order) and leave a citation mark for each that has keys."""
    parts: list[str] = []
    done = removed = 0
    shifts: list[tuple[int, int, int]] = []  # (start, end, removed before)
    marks: list[CitationMark] = []
    for start, end, keys in cuts:
        parts.append(found.text[done:start])
        if keys:
            marks.append(CitationMark(start - removed, keys))
        shifts.append((start, end, removed))
        removed += end - start
        done = end
    parts.append(found.text[done:])

    def place(position: int) -> int:
        new = position
        for start, end, before in shifts:
            if position < start:
                break
            new = start - before if position < end else position - before - (end - start)
        return new

    boxes = [TextBox(a, b, box.box) for box in found.boxes if (a := place(box.start)) < (b := place(box.end))]
    marks += [CitationMark(place(mark.position), mark.keys) for mark in found.marks]
    return Text("".join(parts), boxes, sorted(marks, key=lambda mark: mark.position))
