"""Column heads of printed tables: how many rows they take, what they span, where columns are named anew.

Place in the flow: `pdf_table` cuts rows into pieces and asks here which of them are heads.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

from pipeline.read.pdf_floats import TableArea
from pipeline.read.pdf_table_rows import VALUE, GridCell, Piece, Row


def head_rows(rows: list[Row], area: TableArea) -> int:
    """Number of head rows: those above the first full rule with rows on both sides, else those before values."""
    width = max(p.x1 for row in rows for p in row.pieces) - min(p.x0 for row in rows for p in row.pieces)
    levels = _rule_levels(area, width)
    for level in levels:
        above = [row for row in rows if row.base < level]
        if above and len(above) <= max(8, len(rows) // 2) and len(above) < len(rows):
            if sum(row.has_values() and not _is_head_like(row) for row in above) <= len(above) // 3:
                return len(above)
            break
    count = 0
    for row in rows[:8]:
        if row.has_values() and not _is_head_like(row):
            break
        if len(row.pieces) == 1 and row.pieces[0].first == 0 and count:
            break
        count += 1
    return count if count < len(rows) and count <= 6 else 0


def _rule_levels(area: TableArea, width: float) -> list[float]:
    """Heights at which rules cover most of the table's width, from the top."""
    found: list[float] = []
    ranked = sorted(area.rules, key=lambda rule: rule[1])
    for _, group in itertools.groupby(ranked, key=lambda rule: round(rule[1] / 1.5)):
        members = list(group)
        if sum(rule[2] - rule[0] for rule in members) > 0.7 * width:
            found.append(sum(rule[1] for rule in members) / len(members))
    return found


_HEAD = re.compile(
    r"^\(?\s?[nN]\s?[=¼:]|%|^(?:19|20)\d\d$|mg|^\d+(?:st|nd|rd|th)\b|week|month|day|year|CI\b|^P\b", re.IGNORECASE
)


def _is_head_like(row: Row) -> bool:
    """Whether the numbers of a row are those of column heads: (n = 40), 95% CI, Week 12, 2.5 mg."""
    values = [piece for piece in row.pieces if piece.first > 0 and VALUE.match(piece.text)]
    return all(_HEAD.search(piece.text) for piece in values)


def inner_heads(groups: list[list[Row]]) -> list[int]:
    """Rows in the body that hold words where their columns hold values: the columns are named anew there."""
    valued: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    for piece in (piece for group in groups for row in group for piece in row.pieces):
        filled[piece.first] += 1
        valued[piece.first] += bool(VALUE.match(piece.text) and not _HEAD.match(piece.text))
    numeric = {column for column in filled if column > 0 and valued[column] >= 0.6 * filled[column]}
    found: list[int] = []
    for number, group in enumerate(groups[:-1]):
        pieces = [piece for row in group for piece in row.pieces if piece.first > 0]
        if number and pieces and all(_names_column(piece, numeric) for piece in pieces):
            found.append(number)
    return found


def _names_column(piece: Piece, numeric: set[int]) -> bool:
    text = piece.text
    plain = not VALUE.match(text) or bool(re.match(r"^\(?[nN]\s?=|^[\d.,]+\s?(?:mg|µg|μg|g)\b", text))
    is_word = sum(char.isalpha() for char in text) >= 2 or text.startswith(("(n", "(N", "n =", "n="))
    return piece.first in numeric and plain and is_word and not _NOT_HEAD.match(text)


_NOT_HEAD = re.compile(r"(?:NA|NR|NS|ND|NE|yes|no|none|ref(?:erence)?|not \w+|n/a|p\s?[<>=])\b|P\s?=", re.IGNORECASE)


def head_cells(
    rows: list[Row], area: TableArea, lanes: list[tuple[float, float]], n_columns: int
) -> list[list[GridCell]]:
    """Column heads as rows of cells: lines over the same columns are one head, wider heads stand above."""
    stacks: list[GridCell] = []
    for row in rows:
        for piece in row.pieces:
            first, last = _head_span(piece, row, area, lanes)
            same = next((c for c in reversed(stacks) if c.column <= last and first < c.column + c.span), None)
            if same is not None and _goes_on_head(same, piece, (first, last), row):
                end = max(same.column + same.span, last + 1)
                same.column = min(same.column, first)
                same.span = end - same.column
                same.lines.append(piece.words)
            else:
                stacks.append(GridCell([piece.words], first, last - first + 1))
    depth: dict[int, int] = {}
    levels: list[list[GridCell]] = []
    for cell in stacks:
        columns = range(cell.column, cell.column + cell.span)
        level = max(depth.get(column, 0) for column in columns)
        for column in columns:
            depth[column] = level + 1
        while len(levels) <= level:
            levels.append([])
        levels[level].append(cell)
    if len(levels) > 1:  # a head that stands alone over its column belongs to the lowest level
        for cell in list(levels[0]):
            if cell.span == 1 and depth[cell.column] == 1:
                levels[0].remove(cell)
                levels[-1].append(cell)
    return [sorted(level, key=lambda cell: cell.column) for level in levels if level]


def _goes_on_head(same: GridCell, piece: Piece, columns: tuple[int, int], row: Row) -> bool:
    """Whether a line of a head goes on with the head above it: the same columns, or centred under a spanning one."""
    first, last = columns
    if same.column == first and same.span == last - first + 1:
        return True
    if same.span == 1:
        return False
    if first < last:
        return True
    above = same.lines[-1]
    low, high = above[0].x0, above[-1].x1
    alone = not any(
        other is not piece and same.column <= other.last and other.first < same.column + same.span
        for other in row.pieces
    )
    return alone and abs((low + high) / 2 - (piece.x0 + piece.x1) / 2) < 8


def _head_span(piece: Piece, row: Row, area: TableArea, lanes: list[tuple[float, float]]) -> tuple[int, int]:
    """Columns under a head: those over the rule right below it, else those that its words reach."""
    middle = (piece.x0 + piece.x1) / 2
    for x0, y, x1 in area.rules:
        if row.base - 1 < y < row.base + 1.1 * row.size and x0 - 2 <= middle <= x1 + 2:
            covered = [column for column in range(len(lanes) + 1) if _is_under(column, x0, x1, lanes)]
            if 1 < len(covered) <= len(lanes):
                return covered[0], covered[-1]
    return piece.first, piece.last


def _is_under(column: int, x0: float, x1: float, lanes: list[tuple[float, float]]) -> bool:
    """Whether a rule runs over the ink of a column; at the table's ends one edge of it is unknown."""
    low = lanes[column - 1][1] if column > 0 else None
    high = lanes[column][0] if column < len(lanes) else None
    if low is None:
        return high is not None and x0 < high - 12
    if high is None:
        return x1 > low + 8
    return x0 < (low + high) / 2 < x1
