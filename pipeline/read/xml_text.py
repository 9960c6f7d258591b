"""Running text of XML elements: blanks collapsed, exponents kept apart, citations turned into marks.

Place in the flow: the XML readers call `flow` on a paragraph, a title or a cell and get mended `Chars` and marks.
`10<sup>9</sup>` becomes "10^9" (never "109"), `studies<sup>2,3</sup>` becomes "studies" with a `CitationMark`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.document import CitationMark
from pipeline.read.chars import Chars, Edit, Run
from pipeline.read.xml_pieces import Pieces
from pipeline.read.xml_tree import Node

BLOCKS = frozenset(
    "table-wrap table-wrap-group fig fig-group supplementary-material boxed-text list def-list disp-quote "
    "media graphic sub-article".split()
)
"""Elements inside a paragraph that are passages of their own."""

_SKIPPED = frozenset("tex-math graphic inline-graphic object-id alt-text long-desc fn annotation private-char".split())
_NEVER = BLOCKS | _SKIPPED
_BREAKS = frozenset("break p title label disp-formula list-item term def tr td th mtr mtd".split())
_NUMERIC = re.compile(r"[\[(]?\s*\d{1,4}[a-z]?(?:\s?[,–-]\s?\d{1,4})*\s*[\])]?")


@dataclass(slots=True)
class _Cite:
    start: int
    end: int
    keys: tuple[str, ...]
    raised: bool


_ODD_BLANK = re.compile(r"[^\S ]")
_PHRASE = re.compile(r"\S+(?: \S+)*")
_EXPONENT = re.compile(r"[-−–+]?\d{1,3}")


def has_odd_blanks(text: str) -> bool:
    """Whether blanks must be collapsed: two in a row, or one that is no plain space."""
    # No blank but the plain space counts as printable, and asking is ten times faster than a search.
    return "  " in text or (not text.isprintable() and _ODD_BLANK.search(text) is not None)


@dataclass(slots=True)
class _Flow:
    """The text so far with its offsets; `keys` lead from XML ids to reference keys."""

    source: str
    pieces: Pieces
    keys: Mapping[str, str]
    skip: frozenset[str]
    without: frozenset[int]
    parts: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    length: int = 0
    cites: list[_Cite] = field(default_factory=list)
    last: str = " "
    pending: bool = False  # a blank is due before the next character

    def put(self, text: str, start: int | None) -> None:
        """Characters without blanks at their ends; `start` None for ones that stand nowhere in the source."""
        if self.pending:
            self.pending = False
            if self.parts:
                self.parts.append(" ")
                self.length += 1
        self.parts.append(text)
        if start is not None:
            self.runs.append((self.length, start, len(text)))
        self.length += len(text)
        self.last = text[-1]

    def data(self, number: int) -> None:
        """The text after a tag."""
        text = self.pieces.texts[number]
        if not text:
            return
        if text.isspace():
            self.pending = True
        elif "&" in text or has_odd_blanks(text):
            for start, run in self.pieces.runs(number):
                self.odd_run(start, run)
        else:
            start = self.pieces.starts[number + 1] - len(text)
            if text[0] == " ":
                self.pending = True
                start += 1
            ends = text[-1] == " "
            self.put(text.strip(" "), start)
            self.pending = ends

    def odd_run(self, start: int, text: str) -> None:
        """Character data, its blanks collapsed; or what a reference stands for."""
        if text.isspace():
            self.pending = True
        elif not self.source.startswith(text, start):
            self.put(text, None)
        else:
            for match in _PHRASE.finditer(text):
                self.pending = self.pending or match.start() > 0
                self.put(match[0], start + match.start())
            self.pending = self.pending or text[-1].isspace()

    def walk(self, number: int) -> None:
        """What stands inside an element."""
        tags, close, texts = self.pieces.tags, self.pieces.close, self.pieces.texts
        last = close[number]
        while number < last:
            if texts[number]:
                self.data(number)
            number += 1
            if number < last and (tag := tags[number]):
                if tag not in self.skip and number not in self.without:
                    self.element(number, tag)
                number = close[number]

    def element(self, number: int, tag: str) -> None:
        """An element inside the text, with what its kind does to it."""
        if tag == "xref" and "bibr" in self.pieces.markup[number]:
            _cite(self, Node(self.pieces, number))
        elif tag == "sup" and not self.pending and self.last.isdigit() and _starts_exponent(self.pieces, number):
            self.put("^", None)
            self.walk(number)
        elif tag in {"mfrac", "msup"}:
            self.formula(number, "/" if tag == "mfrac" else "^")
        elif tag in _BREAKS:
            self.pending = True
            self.walk(number)
            self.pending = True
        else:
            self.walk(number)

    def formula(self, number: int, sign: str) -> None:
        """Parts of a fraction or a power, kept apart by their sign so that digits never fuse."""
        for index, part in enumerate(self.pieces.children(number)):
            if index:
                self.put(sign, None)
            self.element(part, self.pieces.tags[part])


def flow(
    node: Node,
    source: str,
    keys: Mapping[str, str] | None = None,
    skip: frozenset[str] = frozenset(),
    without: frozenset[int] = frozenset(),
) -> tuple[Chars, tuple[CitationMark, ...]]:
    """The node's running text without its block elements, and the citations in it.

    Args:
        source: what the places in the node's pieces index.
        keys: XML ids of references → their keys.
        skip: tags of elements to leave out.
        without: numbers of elements to leave out.
    """
    if not node.has_nodes and (plain := _plain(node)):
        return plain, ()
    state = _Flow(source, node.pieces, keys or {}, skip | _NEVER if skip else _NEVER, without)
    state.walk(node.index)
    chars = Chars("".join(state.parts), tuple(state.runs))
    if not state.cites:
        return chars, ()
    return _take_off(chars, state.cites)


def _plain(node: Node) -> Chars | None:
    """The one piece of text of a simple element, as most table cells are; None if it needs mending."""
    if node.pieces.close[node.index] == node.index:
        return None
    text = node.pieces.texts[node.index]
    bare = text.strip()
    if not bare or "&" in bare or has_odd_blanks(bare):
        return None
    start = node.pieces.starts[node.index + 1] - len(text)
    return Chars(bare, ((0, start + text.index(bare), len(bare)),))


def _starts_exponent(pieces: Pieces, number: int) -> bool:
    """Digits or a minus right after a number, unless they point somewhere (a citation, a footnote)."""
    node = Node(pieces, number)
    return _EXPONENT.fullmatch(node.text()) is not None and node.child("xref") is None


def _cite(state: _Flow, node: Node) -> None:
    before = state.length
    pending = state.pending
    state.walk(node.index)
    if state.length == before or node.get("ref-type") != "bibr":
        return
    start = before + (1 if pending and before else 0)
    keys = tuple(state.keys.get(rid, rid) for rid in (node.get("rid") or "").split())
    above = node.parent
    raised = node.child("sup") is not None or (above is not None and above.tag == "sup")
    state.cites.append(_Cite(start, state.length, keys, raised))


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


_BETWEEN = re.compile(r"[\s,;–—-]*")


def _groups(text: str, cites: list[_Cite]) -> list[list[_Cite]]:
    groups: list[list[_Cite]] = []
    for cite in cites:
        if groups and _BETWEEN.fullmatch(text, groups[-1][-1].end, cite.start):
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
