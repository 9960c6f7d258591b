"""Running text of XML elements: blanks collapsed, exponents kept apart, citations turned into marks.

Place in the flow: the XML readers call `flow` on a paragraph, a title or a cell and get mended `Chars` and marks.
`10<sup>9</sup>` becomes "10^9" (never "109"), `studies<sup>2,3</sup>` becomes "studies" with a `CitationMark`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.document import CitationMark
from pipeline.read.chars import Chars, Edit, Run
from pipeline.read.xml_pieces import REFERENCE, Pieces, attribute, character

BLOCKS = frozenset(
    "table-wrap table-wrap-group fig fig-group supplementary-material boxed-text list def-list disp-quote "
    "media graphic sub-article".split()
)
"""Elements inside a paragraph that are passages of their own."""

_SKIPPED = frozenset("tex-math graphic inline-graphic object-id alt-text long-desc fn annotation private-char".split())
_NEVER = BLOCKS | _SKIPPED
_BREAKS = frozenset("break p title label disp-formula list-item term def tr td th mtr mtd".split())
_SIGNS = {"mfrac": "/", "msup": "^"}
_TELLING = _NEVER | _BREAKS | _SIGNS.keys() | {"xref", "sup"}
"""Elements that do something to the text; all others are only looked through."""
_NUMERIC = re.compile(r"[\[(]?\s*\d{1,4}[a-z]?(?:\s?[,–-]\s?\d{1,4})*\s*[\])]?")


@dataclass(slots=True)
class _Cite:
    start: int
    end: int
    keys: tuple[str, ...]
    raised: bool


_PHRASE = re.compile(r"\S+(?: \S+)*")
_EXPONENT = re.compile(r"[-−–+]?\d{1,3}")


def is_even(text: str) -> bool:
    """Whether character data can be taken as it is: no reference, and no blank but single plain spaces.

    False also for text with other characters that do not print, which is then cut and put together again.
    """
    return "&" not in text and "  " not in text and text.isprintable()  # faster than any search


class _Flow:
    """The text so far, in parts without blanks at their ends, and where those that stand in the source do.

    `pending` means that a blank is due before the next part; `keys` lead from XML ids to reference keys.
    """

    __slots__ = ("cites", "keys", "length", "parts", "pending", "pieces", "runs", "skip", "telling", "without")

    def __init__(self, pieces: Pieces, keys: Mapping[str, str], skip: frozenset[str], without: frozenset[int]) -> None:
        self.pieces, self.keys, self.without = pieces, keys, without
        self.skip = skip | _NEVER if skip else _NEVER
        self.telling = skip | _TELLING if skip else _TELLING
        self.parts: list[str] = []
        self.runs: list[Run] = []
        self.cites: list[_Cite] = []
        self.length = 0
        self.pending = False

    def put(self, text: str, place: int) -> None:
        """Characters without blanks at their ends; their place is -1 if they stand nowhere in the source."""
        if self.pending:
            self.pending = False
            if self.parts:
                self.parts.append(" ")
                self.length += 1
        n = len(text)
        if place >= 0:
            self.runs.append((self.length, place, n))
        self.parts.append(text)
        self.length += n

    def walk(self, number: int) -> int:
        """What stands inside an element; elements that do nothing to the text are passed through tag by tag.

        Returns the number of the end tag.
        """
        pieces, telling = self.pieces, self.telling
        tags, texts = pieces.tags, pieces.texts
        last = pieces.close(number)
        while number < last:
            text = texts[number]
            number += 1
            if text:
                if is_even(text):
                    self.even(text, pieces.start(number) - len(text))
                else:
                    self.odd(number - 1, text)
            if tags[number] in telling:
                number = self.element(number, tags[number])
        return last

    def even(self, text: str, start: int) -> None:
        """Character data that can be taken as it is, but for blanks at its ends."""
        if text[0] == " ":
            self.pending = True
            start += 1
        if bare := text.strip(" "):
            self.put(bare, start)
        if text[-1] == " ":
            self.pending = True

    def odd(self, number: int, text: str) -> None:
        """Character data whose blanks collapse and whose references are resolved."""
        pieces = self.pieces
        if number in pieces.cdata:
            for start, run in pieces.runs(number):
                self.phrases(run, start)
        elif "&" in text:
            self.resolved(text, pieces.start(number + 1) - len(text))
        elif text.isspace():
            self.pending = True
        else:
            self.phrases(text, pieces.start(number + 1) - len(text))

    def resolved(self, text: str, start: int) -> None:
        """Text with references, each of which stands for a character on its own."""
        done = 0
        for match in REFERENCE.finditer(text):
            at, end = match.span()
            if at > done:
                self.between(text[done:at], start + done)
            done = end
            sign = character(match[0])
            if sign.isspace():
                self.pending = True
            else:
                self.put(sign, start + at if sign[0] == "&" else -1)
        if done < len(text):
            self.between(text[done:], start + done)

    def between(self, text: str, start: int) -> None:
        """Text before, between or after references."""
        if is_even(text):
            self.even(text, start)
        else:
            self.phrases(text, start)

    def phrases(self, text: str, start: int) -> None:
        """Text cut at its blanks, all but single plain ones."""
        done = 0
        for match in _PHRASE.finditer(text):
            at, end = match.span()
            if at > done:
                self.pending = True
            done = end
            self.put(match[0], start + at)
        if done < len(text):
            self.pending = True

    def element(self, number: int, tag: str) -> int:
        """An element with what its kind does to the text; returns the number of the tag to go on after."""
        pieces = self.pieces
        if tag in self.skip or number in self.without:
            return pieces.close(number)
        if tag == "xref":
            return self.cite(number) if "bibr" in pieces.markup[number] else number
        if tag == "sup":
            if not self.pending and self.parts and self.parts[-1][-1].isdigit() and _starts_exponent(pieces, number):
                self.put("^", -1)
            return number
        if tag in _SIGNS:
            self.formula(number, _SIGNS[tag])
            return pieces.close(number)
        self.pending = True
        last = self.walk(number)
        self.pending = True
        return last

    def formula(self, number: int, sign: str) -> None:
        """Parts of a fraction or a power, kept apart by their sign so that digits never fuse."""
        for index, part in enumerate(self.pieces.children(number)):
            if index:
                self.put(sign, -1)
            tag = self.pieces.tags[part]
            if tag not in self.telling or self.element(part, tag) == part:
                self.walk(part)

    def cite(self, number: int) -> int:
        """A citation: its text, and what it points to; returns the number of its end tag."""
        pieces, start = self.pieces, self.length
        if self.pending and start:
            start += 1
        last = self.walk(number)
        markup = pieces.markup[number]
        if self.length > start and attribute(markup, "ref-type") == "bibr":
            keys = tuple([self.keys.get(rid, rid) for rid in (attribute(markup, "rid") or "").split()])
            near = [pieces.parent(number), *(pieces.children(number) if last > number + 1 else ())]
            self.cites.append(_Cite(start, self.length, keys, "sup" in [pieces.tags[one] for one in near]))
        return last


def flow(
    pieces: Pieces,
    number: int,
    keys: Mapping[str, str] | None = None,
    skip: frozenset[str] = frozenset(),
    without: frozenset[int] = frozenset(),
) -> tuple[Chars, tuple[CitationMark, ...]]:
    """The running text of an element without its block elements, and the citations in it.

    Args:
        number: the element's.
        keys: XML ids of references → their keys.
        skip: tags of elements to leave out.
        without: numbers of elements to leave out.
    """
    state = _Flow(pieces, keys or {}, skip, without)
    state.walk(number)
    chars = Chars("".join(state.parts), tuple(state.runs))
    return _take_off(chars, state.cites) if state.cites else (chars, ())


def _starts_exponent(pieces: Pieces, number: int) -> bool:
    """Digits or a minus right after a number, unless they point somewhere (a citation, a footnote)."""
    return _EXPONENT.fullmatch(pieces.text(number)) is not None and all(
        pieces.tags[child] != "xref" for child in pieces.children(number)
    )


def _take_off(chars: Chars, cites: list[_Cite]) -> tuple[Chars, tuple[CitationMark, ...]]:
    """Citation numbers leave the text, author-year citations stay in it; both leave a mark."""
    edits: list[Edit] = []
    marks: list[CitationMark] = []
    removed = 0
    for group in _groups(chars.text, cites):
        start, end = group[0].start, group[-1].end
        keys = _all_keys(chars.text, group)
        region = _region(chars.text, start, end, group)
        if region and not (region[0] == 0 and region[1] == len(chars.text)):
            edits.append((region[0], region[1], ""))
            marks.append(CitationMark(region[0] - removed, keys))
            removed += region[1] - region[0]
        else:
            marks.append(CitationMark(start - removed, keys))
    return chars.edit(edits), tuple(marks)


_BETWEEN = " ,;–—-"


def _groups(text: str, cites: list[_Cite]) -> list[list[_Cite]]:
    groups: list[list[_Cite]] = []
    for cite in cites:
        if groups and not text[groups[-1][-1].end : cite.start].strip(_BETWEEN):
            groups[-1].append(cite)
        else:
            groups.append([cite])
    return groups


def _all_keys(text: str, group: list[_Cite]) -> tuple[str, ...]:
    """Keys of a group; a dash between two numbers stands for the ones between them."""
    keys: list[str] = []
    for before, cite in zip([None, *group], group, strict=False):
        gap = text[before.end : cite.start].strip() if before else ""
        if before and gap in {"-", "–", "—"} and before.keys and cite.keys:
            first, last = before.keys[-1], cite.keys[0]
            if first.isdigit() and last.isdigit() and int(first) < int(last) <= int(first) + 30:
                keys += [str(number) for number in range(int(first) + 1, int(last))]
        keys += cite.keys
    return tuple(dict.fromkeys(keys))


def _region(text: str, start: int, end: int, group: list[_Cite]) -> tuple[int, int] | None:
    """What to take off: only numbers that are raised, bracketed, or glued to the word before."""
    if not all(_NUMERIC.fullmatch(text[cite.start : cite.end]) for cite in group):
        return None
    bracketed = text[start] in "[(" and text[end - 1] in "])"
    low, high = start, end
    while low > 0 and text[low - 1] in "[(" and high < len(text) and text[high] in "])":
        low, high, bracketed = low - 1, high + 1, True
    glued = low > 0 and not text[low - 1].isspace() and not text[low - 1].isdigit()
    if bracketed or glued or all(cite.raised for cite in group):
        if low > 0 and text[low - 1] == " " and (high == len(text) or text[high] in " .,;:)"):
            low -= 1
        return low, high
    return None
