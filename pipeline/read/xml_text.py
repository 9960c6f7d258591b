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


@dataclass(slots=True)
class _Flow:
    """The text so far with its offsets; `keys` lead from XML ids to reference keys."""

    keys: Mapping[str, str]
    skip: frozenset[str]
    parts: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    length: int = 0
    cites: list[_Cite] = field(default_factory=list)
    last: str = " "
    pending: bool = False  # a blank is due before the next character

    def put(self, text: str, start: int | None) -> None:
        """Characters without blanks; `start` None for ones that stand nowhere in the source."""
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

    def run(self, start: int, text: str, source: str) -> None:
        """Character data as it stands, its blanks collapsed."""
        if not source.startswith(text, start):  # a character reference, or a Windows line end
            if text.isspace():
                self.pending = True
            else:
                self.put(text, None)
            return
        if has_odd_blanks(text):
            for match in _WORD.finditer(text):
                self.pending = self.pending or match.start() > 0
                self.put(match[0], start + match.start())
            self.pending = self.pending or text[-1].isspace()
            return
        if text == " ":
            self.pending = True
            return
        if text[0] == " ":
            self.pending = True
            start += 1
        ends = text[-1] == " "
        self.put(text.strip(" "), start)
        self.pending = ends


_ODD_BLANK = re.compile(r"[^\S ]")


def has_odd_blanks(text: str) -> bool:
    """Whether blanks must be collapsed: two in a row, or one that is no plain space."""
    # No blank but the plain space counts as printable, and asking is ten times faster than a search.
    return "  " in text or (not text.isprintable() and _ODD_BLANK.search(text) is not None)


_WORD = re.compile(r"\S+")


def flow(
    node: Node, source: str, keys: Mapping[str, str] | None = None, skip: frozenset[str] = frozenset()
) -> tuple[Chars, tuple[CitationMark, ...]]:
    """The node's running text without its block elements, and the citations in it."""
    if len(node.items) == 1 and not node.nodes and (plain := _plain(node.items[0], source)):  # type: ignore[arg-type]
        return plain, ()
    state = _Flow(keys or {}, skip | _NEVER if skip else _NEVER)
    _walk(node, source, state)
    chars = Chars("".join(state.parts), tuple(state.runs))
    if not state.cites:
        return chars, ()
    return _take_off(chars, state.cites)


def _plain(run: tuple[int, str], source: str) -> Chars | None:
    """The one piece of text of a simple element, as most table cells are; None if it needs mending."""
    start, text = run
    bare = text.strip()
    if not bare or has_odd_blanks(bare) or not source.startswith(text, start):
        return None
    return Chars(bare, ((0, start + text.index(bare), len(bare)),))


def _walk(node: Node, source: str, state: _Flow) -> None:
    for item in node.items:
        if type(item) is not Node:
            state.run(item[0], item[1], source)  # type: ignore[index]
        elif item.tag not in state.skip:
            _element(item, source, state)


def _element(node: Node, source: str, state: _Flow) -> None:
    tag = node.tag
    if tag == "xref" and node.get("ref-type") == "bibr":
        _cite(node, source, state)
    elif tag == "sup" and not state.pending and state.last.isdigit() and _starts_exponent(node):
        state.put("^", None)
        _walk(node, source, state)
    elif tag in {"mfrac", "msup"}:
        _formula(node, "/" if tag == "mfrac" else "^", source, state)
    elif tag in _BREAKS:
        state.pending = True
        _walk(node, source, state)
        state.pending = True
    else:
        _walk(node, source, state)


def _starts_exponent(node: Node) -> bool:
    """Digits or a minus right after a number, unless they point somewhere (a citation, a footnote)."""
    text = node.text()
    return bool(re.fullmatch(r"[-−–+]?\d{1,3}", text)) and node.child("xref") is None


def _formula(node: Node, sign: str, source: str, state: _Flow) -> None:
    """Parts of a fraction or a power, kept apart by their sign so that digits never fuse."""
    for index, part in enumerate(node.children()):
        if index:
            state.put(sign, None)
        _element(part, source, state)


def _cite(node: Node, source: str, state: _Flow) -> None:
    before = state.length
    pending = state.pending
    _walk(node, source, state)
    if state.length == before:
        return
    start = before + (1 if pending and before else 0)
    keys = tuple(state.keys.get(rid, rid) for rid in (node.get("rid") or "").split())
    raised = node.child("sup") is not None or (node.parent is not None and node.parent.tag == "sup")
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
