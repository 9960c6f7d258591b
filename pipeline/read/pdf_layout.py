"""Lines, blocks and their reading order on one page.

Place in the flow: words of `pdf_chars` in, ordered blocks out; `pdf_sections` decides what they are. Lines are runs of
words that the PDF draws one after another; blocks are chains of lines below each other; the order follows two rules of
Breuel (2003, "High performance document layout analysis"): what overlaps in x is read from top to bottom, and what
stands wholly to the left is read first unless something that spans both lies between.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.read.pdf_chars import PageWords, Word


@dataclass(slots=True, eq=False)
class Line:
    """Words on one baseline. `size`, `font` and `bold` are those of most of its characters."""

    words: list[Word]
    page: int
    x0: float = 0.0
    top: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0
    base: float = 0.0
    size: float = 0.0
    font: str = ""
    bold: bool = False
    italic: bool = False
    order: int = 0
    text: str = ""

    def settle(self) -> Line:
        """Compute the line's box and style from its words, and which words are raised."""
        words = self.words
        self.text = words[0].text + "".join([w.text if w.glued else " " + w.text for w in words[1:]])
        self.x0, self.x1 = min([word.x0 for word in words]), max([word.x1 for word in words])
        lead = words[0]
        if len({(word.size, word.font, word.base) for word in words}) == 1:
            self.base, self.size, self.font = lead.base, lead.size, lead.font
            self.bold, self.italic = lead.bold, lead.italic
        else:
            self._style()
        self.top = self.base - 0.8 * self.size
        self.bottom = self.base + 0.2 * self.size
        self.order = words[0].order
        return self

    def _style(self) -> None:
        sizes: Counter[tuple[float, str, bool, bool]] = Counter()
        for word in self.words:
            sizes[(word.size, word.font, word.bold, word.italic)] += len(word.text)
        (self.size, self.font, self.bold, self.italic), _ = max(sizes.items(), key=lambda item: (item[1], item[0]))
        bases = Counter(round(word.base, 1) for word in self.words if word.size >= 0.9 * self.size)
        self.base = max(bases.items(), key=lambda item: (item[1], item[0]))[0]
        for word in self.words:
            word.raised = word.size < 0.88 * self.size and self.base - word.base > 0.15 * self.size


@dataclass(slots=True)
class BodyStyle:
    """The look of running text: its size, its fonts and the usual width of a full line."""

    size: float
    fonts: frozenset[str]
    width: float
    bold: bool = False

    def holds(self, line: Line) -> bool:
        return abs(line.size - self.size) <= 0.35 and line.font in self.fonts


@dataclass(slots=True, eq=False)
class Block:
    """Lines below each other. `kind` is set by `pdf_sections`."""

    lines: list[Line]
    page: int
    kind: str = ""
    x0: float = 0.0
    top: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0
    extra: Any = field(default=None)

    def settle(self) -> Block:
        self.x0, self.x1 = min(line.x0 for line in self.lines), max(line.x1 for line in self.lines)
        self.top, self.bottom = min(line.top for line in self.lines), max(line.bottom for line in self.lines)
        return self

    @property
    def size(self) -> float:
        return max(Counter(line.size for line in self.lines).items(), key=lambda item: (item[1], item[0]))[0]

    @property
    def order(self) -> int:
        return min(line.order for line in self.lines)

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def find_lines(words: list[Word], page: int) -> list[Line]:
    """Lines of upright words, in stream order; columns and table cells stay apart."""
    lines: list[Line] = []
    current: list[Word] = []
    lead: Word | None = None  # the largest word of the line: its baseline is the line's
    for word in words:
        if current and lead is not None and _continues(current[-1], lead, word):
            current.append(word)
            if word.size > lead.size:
                lead = word
            continue
        if current:
            lines.append(Line(current, page).settle())
        current, lead = [word], word
    if current:
        lines.append(Line(current, page).settle())
    return _merge_pieces(lines)


def _continues(last: Word, lead: Word, word: Word) -> bool:
    size = max(lead.size, word.size)
    gap = word.x0 - last.x1
    if not -0.6 * size < gap < 1.2 * size:
        return False
    shift = abs(word.base - lead.base)
    if shift <= 0.18 * size:
        return True
    small = min(lead.size, word.size)
    if small > 0.92 * size and shift > 0.45 * size:
        return False
    return shift <= 0.65 * size and gap < 0.5 * size and min(last.bottom, word.bottom) > max(last.top, word.top)


def _merge_pieces(lines: list[Line]) -> list[Line]:
    """Join pieces of one line that a wide blank parted: no white lane runs through the blank."""
    merged: list[Line] = []
    for index, line in enumerate(lines):
        last = merged[-1] if merged else None
        if (
            last is not None
            and _is_same_line(last, line)
            and (len(last.text) <= 3 or _is_covered(lines, index, last, line))
        ):
            last.words.extend(line.words)
            last.settle()
            continue
        merged.append(line)
    return merged


def _is_same_line(last: Line, line: Line) -> bool:
    gap = line.x0 - last.x1
    return abs(last.base - line.base) < 0.2 * max(last.size, line.size) and 0 < gap < 6 * line.size


def _is_covered(lines: list[Line], index: int, left: Line, right: Line) -> bool:
    """Whether the lines just above and below leave no white lane within the blank, as between columns there is."""
    low, high = left.x1, right.x0
    ink: list[tuple[float, float]] = []
    for other in lines[max(0, index - 12) : index + 13]:
        distance = abs(other.base - left.base)
        if 0.5 * left.size < distance < 2.2 * left.size and other.x0 < high and other.x1 > low:
            ink += [(word.x0, word.x1) for word in other.words if word.x0 < high and word.x1 > low]
    reached = low
    for start, end in sorted(ink):
        if start - reached > 0.6 * left.size:
            return False
        reached = max(reached, end)
    return bool(ink) and high - reached <= 0.6 * left.size


def find_blocks(lines: list[Line], page: int) -> list[Block]:
    """Chain lines of like size that follow each other downwards."""
    if not lines:
        return []
    ranked = sorted(range(len(lines)), key=lambda i: (lines[i].base, lines[i].x0))
    following = _best_below(lines, ranked)
    leader: dict[int, int] = {}
    for above, below in following.items():
        rival = leader.get(below)
        if rival is None or _distance(lines[above], lines[below]) < _distance(lines[rival], lines[below]):
            leader[below] = above
    blocks: list[Block] = []
    home: dict[int, Block] = {}
    for index in ranked:
        leading = leader.get(index)
        block = home.get(leading) if leading is not None and following.get(leading) == index else None
        if block is None:
            block = Block([], page)
            blocks.append(block)
        block.lines.append(lines[index])
        home[index] = block
    return [block.settle() for block in blocks]


def take_in_pieces(blocks: list[Block]) -> list[Block]:
    """Pieces of loosely set lines, left over inside the outline of a column of text, go back to their line.

    Alters the lines, so it comes last: the pieces must not be looked at again.
    """
    large = [block for block in blocks if len(block.lines) >= 3]
    kept: list[Block] = []
    for piece in blocks:
        if len(piece.lines) <= 2 and sum(len(line.words) for line in piece.lines) <= 8:
            home = next((block for block in large if block is not piece and _is_inside(piece, block)), None)
            places = [_place_for(line, home) for line in piece.lines] if home is not None else [None]
            if all(place is not None for place in places):
                for line, place in zip(piece.lines, places, strict=True):
                    if place is not None:
                        place.words = sorted([*place.words, *line.words], key=lambda word: word.x0)
                        place.settle()
                continue
        kept.append(piece)
    return kept


def _is_inside(piece: Block, block: Block) -> bool:
    outline = block.x0 - 2 <= piece.x0 and piece.x1 <= block.x1 + 2 and block.top - 2 <= piece.top
    return outline and piece.bottom <= block.bottom + 2 and abs(piece.lines[0].size - block.lines[0].size) < 0.4


def _place_for(line: Line, block: Block) -> Line | None:
    """The line of the block on a piece's baseline; None if there is none or a word stands in the piece's place."""
    for other in block.lines:
        if abs(other.base - line.base) < 0.2 * line.size:
            taken = any(word.x0 < line.x1 - 1 and line.x0 + 1 < word.x1 for word in other.words)
            return None if taken else other
    return None


def _distance(above: Line, below: Line) -> tuple[float, float]:
    return (round(below.base - above.base, 1), abs(below.x0 - above.x0))


def _best_below(lines: list[Line], ranked: list[int]) -> dict[int, int]:
    """For each line the one line that continues it, if exactly one does."""
    leading = _leading(lines)
    following: dict[int, int] = {}
    for rank, index in enumerate(ranked):
        above = lines[index]
        reach = above.size * max(1.5, min(2.6, 1.18 * leading))
        candidates: list[int] = []
        for other in ranked[rank + 1 :]:
            below = lines[other]
            step = below.base - above.base
            if step > reach:
                break
            if step > 0.4 * above.size and _overlaps(above, below):
                candidates.append(other)
        if not candidates:
            continue
        nearest = min(lines[i].base for i in candidates)
        first = [i for i in candidates if lines[i].base - nearest < 0.3 * above.size]
        like = [i for i in first if 0.88 < lines[i].size / max(above.size, 0.1) < 1.136]
        if len(first) == 1 and like:
            following[index] = first[0]
        elif like:
            adjacent = [
                i
                for i in like
                if abs(lines[i].x0 - above.x0) < 3 * above.size and 0 < lines[i].order - above.words[-1].order <= 2
            ]
            if len(adjacent) == 1 and all(lines[i].x1 <= above.x1 + 2 for i in first):
                following[index] = adjacent[0]
    return following


def _leading(lines: list[Line]) -> float:
    """The usual distance of baselines, in units of the size."""
    steps: Counter[float] = Counter()
    for above, below in itertools.pairwise(lines):
        if above.size and abs(above.size - below.size) < 0.3 and abs(above.x0 - below.x0) < 20 and len(above.words) > 4:
            ratio = (below.base - above.base) / above.size
            if 0.8 < ratio < 2.8:
                steps[round(ratio, 1)] += 1
    return max(steps.items(), key=lambda item: (item[1], -item[0]))[0] if steps else 1.2


def _overlaps(a: Line, b: Line) -> bool:
    shared = min(a.x1, b.x1) - max(a.x0, b.x0)
    return shared > 0.3 * min(a.x1 - a.x0, b.x1 - b.x0)


def order_blocks(blocks: list[Block]) -> list[Block]:
    """Blocks in reading order; ties are kept in the order in which the PDF draws them."""
    count = len(blocks)
    if count < 2:
        return blocks
    if count > 400:  # a drawing; cubic work on it would buy nothing
        return sorted(blocks, key=lambda block: block.order)
    box = np.array([(*_column_of(b, blocks), b.top, b.bottom) for b in blocks])
    x0, x1, top, bottom = box.T
    middle = (top + bottom) / 2
    shared = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    narrow = np.minimum((x1 - x0)[:, None], x1 - x0)
    across = shared > np.maximum(np.minimum(4.0, 0.5 * narrow), 0.08 * narrow)
    above = across & (middle[:, None] < middle)
    left = ~across & ((x0 + x1)[:, None] < x0 + x1)
    before = above | left
    for a, b in np.argwhere(left):
        low, high = sorted((middle[a], middle[b]))
        if np.any(across[a] & across[b] & (middle > low) & (middle < high)):
            before[a, b] = False
    np.fill_diagonal(before, False)
    return [blocks[i] for i in _sort(before, [block.order for block in blocks])]


def _column_of(block: Block, blocks: list[Block]) -> tuple[float, float]:
    """Left and right end of a block for the order: a heading is as wide as the text right below it."""
    x0, x1 = block.x0, block.x1
    if len(block.lines) > 2:
        return x0, x1
    near = [
        other
        for other in blocks
        if 0 <= other.top - block.bottom < 2.5 * block.lines[0].size and other.x0 - 3 <= x0 and x1 <= other.x1 + 3
    ]
    if not near:
        return x0, x1
    under = min(near, key=lambda other: other.top)
    return min(x0, under.x0), max(x1, under.x1)


def _sort(before: Any, rank: list[int]) -> list[int]:
    """Topological order; where nothing is free (a cycle) the first drawn goes next."""
    pending = set(range(len(rank)))
    waiting = before.sum(axis=0)
    found: list[int] = []
    while pending:
        free = [i for i in pending if waiting[i] == 0]
        chosen = min(free or pending, key=lambda i: (rank[i] if free else waiting[i], rank[i]))
        pending.remove(chosen)
        found.append(chosen)
        waiting = waiting - before[chosen]
    return found


def upright(page: PageWords) -> tuple[list[Word], int]:
    """The words of the page's main direction, and that direction in degrees (0, 90 or 270).

    A page that is mostly turned text (a landscape table) is read in its own direction; otherwise turned words (download
    notices in the margin, axis labels, watermarks) are left out.
    """
    turns = Counter[int]()
    if not any(word.angle for word in page.words):
        return page.words, 0
    for word in page.words:
        turns[_quarter(word.angle)] += len(word.text)
    main = max(turns.items(), key=lambda item: (item[1], -item[0]))[0] if turns else 0
    if main not in (90, 270) or turns[main] < 200:
        main = 0
    return [word for word in page.words if _quarter(word.angle) == main], main


def _quarter(angle: int) -> int:
    nearest = round(angle / 90) * 90 % 360
    return nearest if abs((angle - nearest + 180) % 360 - 180) <= 3 else -1
