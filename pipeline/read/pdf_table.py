"""The grid of a printed table: rows by baseline, columns by the white lanes that run down through the rows.

Place in the flow: `pdf_cells` turns the grid into a `Table`. Nothing is forced: where two separate values would fall
into one cell, or no lane shows, the grid is None and the reader says "table not understood".
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from pipeline.read.pdf_chars import Word
from pipeline.read.pdf_floats import TableArea
from pipeline.read.pdf_layout import Line
from pipeline.read.pdf_table_heads import head_cells, head_rows, inner_heads
from pipeline.read.pdf_table_rows import VALUE, GridCell, Piece, Row

MAX_LINES = 6
"""Lines of print in one row of cells; more means that the rows were not told apart."""
MAX_ROWS = 400
"""Rows of one table on one page; a page of 5-point type holds some 140."""


@dataclass(slots=True)
class Grid:
    """Rows of cells; `n_heads` rows on top are column heads; `indents` tell how far stubs are set in."""

    n_columns: int
    rows: list[list[GridCell]]
    n_heads: int
    inner_heads: list[int] = field(default_factory=list)  # rows further down that name the columns anew
    indents: dict[tuple[int, int], int] = field(default_factory=dict)


def find_grid(area: TableArea) -> Grid | None:
    """The grid of a table's body; None if it cannot be told."""
    rows = _rows(area.body)
    if len(rows) < 2 or len(rows) > MAX_ROWS:
        return None
    lanes = _lanes(rows)
    if not lanes:
        return None
    n_columns = len(lanes) + 1
    for row in rows:
        row.pieces = [part for piece in row.pieces for part in _cut_at_lanes(piece, lanes, row.size)]
        for piece in row.pieces:
            _place(piece, lanes)
    rows = _without_notes([row for row in rows if row.pieces], area)
    n_heads = head_rows(rows, area)
    if _is_doubtful(rows[n_heads:]):
        return None
    heads = head_cells(rows[:n_heads], area, lanes, n_columns)
    body = _merge_rows(rows[n_heads:])
    if not body or _is_fused(body) or any(len(group) > MAX_LINES for group in body):
        return None
    inner = inner_heads(body)
    left = min((stub.x0 for group in body for row in group if (stub := row.stub())), default=0.0)
    grid = Grid(n_columns, [*heads, *[_row_cells(group) for group in body]], len(heads))
    grid.inner_heads = [len(heads) + number for number in inner]
    for number, group in enumerate(body):
        label = next((stub for row in group if (stub := row.stub())), None)
        if label is not None:
            grid.indents[len(heads) + number, 0] = round((label.x0 - left) / 3.5)
    return grid


def _without_notes(rows: list[Row], area: TableArea) -> list[Row]:
    """Rows without the lines of prose that close the table: they go to the table's notes."""
    at = len(rows)
    while at > 2:
        pieces = rows[at - 1].pieces
        if len(pieces) != 1 or pieces[0].last == pieces[0].first or len(pieces[0].words) < 5:
            break
        at -= 1
    if at < len(rows):
        area.notes = [Line(row.pieces[0].words, area.body[0].page).settle() for row in rows[at:]] + area.notes
    return rows[:at]


def _rows(lines: list[Line]) -> list[Row]:
    """Rows from top to bottom, each cut into pieces at gaps that are wider than a word space."""
    ranked = sorted(lines, key=lambda line: (line.base, line.x0))
    groups: list[list[Line]] = []
    for line in ranked:
        if groups and abs(line.base - groups[-1][0].base) < 0.4 * min(line.size, groups[-1][0].size):
            groups[-1].append(line)
        else:
            groups.append([line])
    rows = []
    for group in groups:
        words = [word for line in sorted(group, key=lambda line: line.x0) for word in line.words]
        size = max(line.size for line in group)
        rows.append(Row(group[0].base, size, _pieces(words, size)))
    return rows


def _pieces(words: list[Word], size: float) -> list[Piece]:
    pieces: list[Piece] = []
    for word in words:
        if pieces and word.x0 - pieces[-1].x1 < 0.7 * size:
            pieces[-1].words.append(word)
            pieces[-1].x1 = max(pieces[-1].x1, word.x1)
        else:
            pieces.append(Piece([word], word.x0, word.x1))
    return pieces


def _lanes(rows: list[Row]) -> list[tuple[float, float]]:
    """White lanes `(x0, x1)` between columns: few rows with values reach across them."""
    full = [row for row in rows if len(row.pieces) >= 2]
    valued = [row for row in full if sum(bool(VALUE.match(piece.text)) for piece in row.pieces[1:]) >= 1]
    basis = valued if len(valued) >= 3 else full
    if len(basis) < 2:
        return []
    left = int(min(piece.x0 for row in basis for piece in row.pieces))
    right = int(max(piece.x1 for row in basis for piece in row.pieces)) + 1
    ink = [0] * (right - left + 1)
    for row in basis:
        for piece in _close_words(row):
            for x in range(max(0, int(piece[0] + 0.6) - left), max(0, int(piece[1] - 0.4) - left) + 1):
                ink[x] += 1
    allowed = len(basis) // 12
    size = basis[0].size
    least = 0.35 * size if len(basis) >= 6 else 0.6 * size
    lanes: list[tuple[float, float]] = []
    start: int | None = None
    for x, count in enumerate(ink):
        if count <= allowed:
            start = x if start is None else start
        elif start is not None:
            if x - start >= least and start > 0 and any(ink[:start]):
                lanes.append((float(left + start), float(left + x)))
            start = None
    return [lane for lane in lanes if _parts_values(basis, lane)]


def _close_words(row: Row) -> list[tuple[float, float]]:
    """Ink of a row with the blanks inside a run of words closed."""
    runs: list[tuple[float, float]] = []
    for piece in row.pieces:
        for word in piece.words:
            if runs and word.x0 - runs[-1][1] < 0.42 * row.size:
                runs[-1] = (runs[-1][0], max(runs[-1][1], word.x1))
            else:
                runs.append((word.x0, word.x1))
    return runs


def _parts_values(rows: list[Row], lane: tuple[float, float]) -> bool:
    """A lane counts if both sides are used in a fair share of the rows, next to the lane and not far off."""
    before = sum(any(piece.x1 <= lane[1] for piece in row.pieces) for row in rows)
    after = sum(any(piece.x1 > lane[1] for piece in row.pieces) for row in rows)
    return before >= 0.2 * len(rows) and after >= 0.2 * len(rows)


def _cut_at_lanes(piece: Piece, lanes: list[tuple[float, float]], size: float) -> list[Piece]:
    """Cut a piece where a blank of it lies on a lane and both sides are values, or one side is."""
    parts: list[Piece] = [Piece([piece.words[0]], piece.words[0].x0, piece.words[0].x1)]
    for before, word in itertools.pairwise(piece.words):
        gap = word.x0 - before.x1
        on_lane = any(before.x1 <= high + 0.5 and word.x0 >= low - 0.5 for low, high in lanes)
        crossing = any(before.x1 - 0.5 <= (low + high) / 2 <= word.x0 + 0.5 for low, high in lanes)
        valued = bool(VALUE.match(word.text)) or bool(VALUE.match(parts[-1].text))
        if gap > 0.3 * size and on_lane and crossing and valued:
            parts.append(Piece([word], word.x0, word.x1))
        else:
            parts[-1].words.append(word)
            parts[-1].x1 = max(parts[-1].x1, word.x1)
    return parts


def _place(piece: Piece, lanes: list[tuple[float, float]]) -> None:
    """Columns that a piece touches: it spans a lane if it reaches well across it."""
    middles = [(low + high) / 2 for low, high in lanes]
    piece.first = sum(piece.x0 + 1 > middle for middle in middles)
    piece.last = max(piece.first, sum(piece.x1 - 1 > middle for middle in middles))
    if piece.first != piece.last:  # one letter over the edge is no span
        while piece.last > piece.first and piece.x1 - lanes[piece.last - 1][1] < 0.5:
            piece.last -= 1
        while piece.first < piece.last and lanes[piece.first][0] - piece.x0 < 0.5:
            piece.first += 1


def _is_doubtful(rows: list[Row]) -> bool:
    """Whether values reach over lanes in many rows: the lanes are then no columns."""
    crossing = sum(
        any(piece.last > piece.first > 0 and len(re.findall(r"\d+", piece.text)) >= 2 for piece in row.pieces)
        for row in rows
    )
    return crossing > 0.25 * len(rows)


def _is_fused(groups: list[list[Row]]) -> bool:
    """Whether rows of print would put two separate values into one cell, or many cells take in several pieces."""
    crowded = rows = 0
    for row in (row for group in groups for row in group):
        rows += 1
        seen: dict[int, Piece] = {}
        for piece in row.pieces:
            other = seen.get(piece.first)
            if other is not None:
                crowded += 1
                if VALUE.match(piece.text) or VALUE.match(other.text):
                    return True
            seen[piece.first] = piece
    return crowded > 0.1 * rows


_OPEN = re.compile(
    r"(?:[,(\[/–-]|\b(?:and|or|of|with|for|to|the|in|by|from|at|vs|per|than|on|a|an|not|no|without|during))$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^(?:[a-z(\[),;/%]|≥|≤|<|>|\d+%?\))")


def _merge_rows(rows: list[Row]) -> list[list[Row]]:
    """Rows of print that make one row of the table: wrapped stubs and values that go on in the next line."""
    pitches = sorted(after.base - before.base for before, after in itertools.pairwise(rows))
    usual = pitches[len(pitches) // 2] if pitches else 0.0
    groups: list[list[Row]] = []
    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else None
        if groups and _continues(groups[-1], row, following, usual):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _continues(group: list[Row], row: Row, following: Row | None, usual: float) -> bool:
    last = group[-1]
    step = row.base - last.base
    if step > 1.5 * max(usual, 1.1 * row.size):
        return False
    stub, above = row.stub(), next((piece for r in reversed(group) if (piece := r.stub())), None)
    only_stub = stub is not None and len(row.pieces) == 1
    if stub is None:
        return _values_go_on(group, row, step, usual)
    if above is None:
        return False
    if not only_stub and (_GOES_ON.match(stub.text) or _OPEN.search(above.text)) and _all_go_on(group, row):
        return True
    if only_stub and stub.last == 0:
        text = stub.text
        hanging = (
            stub.x0 > above.x0 + 3
            and following is not None
            and (s := following.stub()) is not None
            and s.x0 < above.x0 + 1.5
        )
        return bool(_GOES_ON.match(text) or _OPEN.search(above.text)) or (hanging and step < 0.92 * usual)
    only_above = all(len(r.pieces) == 1 for r in group)
    if only_above and above.last == 0:  # the stub began on the line above and the values stand beside its end
        after = following.stub() if following is not None else None
        is_group = stub.x0 > above.x0 + 3 and after is not None and abs(after.x0 - stub.x0) < 1.5
        return not is_group and bool(_GOES_ON.match(stub.text) or _OPEN.search(above.text))
    return False


def _all_go_on(group: list[Row], row: Row) -> bool:
    """Whether every value of a row continues the cell above it: a bracket that was left open, or one that follows."""
    above: dict[int, str] = {}
    for piece in (piece for other in group for piece in other.pieces):
        above[piece.first] = above.get(piece.first, "") + " " + piece.text
    for piece in row.pieces:
        if piece.first == 0:
            continue
        before = above.get(piece.first)
        if before is None:
            return False
        is_open = before.count("(") + before.count("[") > before.count(")") + before.count("]")
        if not is_open and not piece.text.startswith(("(", "[")):
            return False
    return True


def _values_go_on(group: list[Row], row: Row, step: float, usual: float) -> bool:
    """A row without a stub: the second line of cells such as "0.87 / (0.76-0.99)"."""
    if _all_go_on(group, row):
        return True
    taken = {piece.first for r in group for piece in r.pieces}
    if all(piece.first in taken or piece.first == 0 for piece in row.pieces):
        opens = [piece.text for piece in row.pieces]
        if all(_GOES_ON.match(text) or not VALUE.match(text) for text in opens):
            return True
        ends = {piece.first: piece.text for r in group for piece in r.pieces}
        if all(_OPEN.search(ends.get(piece.first, "")) for piece in row.pieces):
            return True
    beside = all(len(r.pieces) == 1 and r.pieces[0].first == 0 for r in group)
    return beside and step < 0.8 * max(usual, row.size)


def _row_cells(group: list[Row]) -> list[GridCell]:
    cells: dict[int, GridCell] = {}
    for row in group:
        for piece in row.pieces:
            cell = cells.get(piece.first)
            if cell is None:
                cells[piece.first] = GridCell([piece.words], piece.first, piece.last - piece.first + 1)
            else:
                cell.lines.append(piece.words)
                cell.span = max(cell.span, piece.last - piece.first + 1)
    ranked = [cells[column] for column in sorted(cells)]
    for cell, after in itertools.pairwise(ranked):
        cell.span = max(1, min(cell.span, after.column - cell.column))
    return ranked
