"""Headers of table cells: which rows are column heads, which cells are row heads, which rows open a group.

Place in the flow: XML and text tables lay their cells out and call `resolve_headers`; it knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from pipeline.document import Box, Cell

_VALUE = re.compile(r"^[<>≤≥=~±(\[]?\s?[-−–+]?\s?\d")
_UNIT_HEAD = re.compile(r"^\(?(?:n|N|no\.?|%|mean|median|SD|SE|SEM|IQR|range|p|P)\b|\b(?:19|20)\d\d\b")

_SIZE_HEAD = re.compile(r"^(?:[\w\s-]{0,25},)?\s*\(?\s*[nN]\s*(?:=|:)\s*\d[\d,]*\s*\)?$")
_WIDEST_HEAD = 40

Place = tuple[int, int]


class Laid(Protocol):
    """A cell at its place in the grid, its headers not known yet: a `Cell`, or what a reader has in its place."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def row_span(self) -> int: ...
    @property
    def column_span(self) -> int: ...
    @property
    def is_header(self) -> bool: ...
    @property
    def marks(self) -> tuple[str, ...]: ...
    @property
    def box(self) -> Box | None: ...
    @property
    def xpath(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _Group:
    """A heading row that is still open. `tested`: it carries the p-value of the rows under it; `outer`: over others."""

    indent: int
    heading: str
    tested: bool = False
    had_set_in: bool = False
    outer: bool = False


def resolve_headers(
    cells: Sequence[Laid], n_header_rows: int, indents: Mapping[Place, int] | None = None
) -> tuple[Cell, ...]:
    """The same cells with `column_headers`, `row_headers` and `is_header` set.

    Args:
        cells: in row order, at grid places.
        n_header_rows: rows that the source declares as column heads; 0 if it does not say.
        indents: how far labels are set in, by `(row, column)`.
    """
    if not cells:
        return ()
    by_row: dict[int, list[Laid]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    n_columns = max([cell.column + cell.column_span for cell in cells])
    heads = _head_rows(by_row, n_header_rows, n_columns)
    n_stub = _stub_columns(by_row, heads, n_columns)
    columns = _column_headers(by_row, heads, n_columns)
    return _resolve(by_row, heads, n_stub, columns, indents or {})


def _is_value(text: str) -> bool:
    return bool(_VALUE.match(text)) and not _UNIT_HEAD.match(text)


def _head_rows(by_row: dict[int, list[Laid]], declared: int, n_columns: int) -> set[int]:
    """Declared head rows, rows of `th` only, else the leading rows that hold words where values follow."""
    rows = sorted(by_row)
    if declared:
        heads = set(rows[:declared])
    else:
        heads = set()
        for row in rows[:4]:
            body = [cell for cell in by_row[row] if cell.text and cell.column > 0]
            wide = len(by_row[row]) == 1 and by_row[row][0].column_span >= n_columns > 1
            if not body or wide or any(_is_value(cell.text) for cell in body):
                break
            heads.add(row)
        if len(heads) == len(rows) or len(heads) > 3:  # a table of words: the first row is its head
            heads = set(rows[:1]) if len(rows) > 1 else set()
    for row in rows:
        if row - 1 in heads and n_columns > 2:
            filled = [cell for cell in by_row[row] if cell.text]
            if len(filled) >= 2 and all(cell.is_header for cell in filled):
                heads.add(row)
    return heads | _later_heads(by_row, heads, n_columns)


def _later_heads(by_row: dict[int, list[Laid]], heads: set[int], n_columns: int) -> set[int]:
    """Rows below the head rows that name columns too: group sizes, or words over values with no label beside them."""
    found: set[int] = set()
    if n_columns < 3 or not heads:
        return found
    for row in sorted(by_row):
        cells = by_row[row]
        names = [cell for cell in cells if cell.text and cell.column > 0]
        if row in heads or len(names) < 2:
            continue
        if _is_size_row(names):
            found.add(row)
            continue
        if cells[0].column == 0 and cells[0].text:  # a label: no names of columns
            continue
        columns = {column for cell in names for column in range(cell.column, cell.column + cell.column_span)}
        below = [cell for cell in by_row.get(row + 1, []) if cell.text and cell.column in columns]
        is_words = not any(_is_value(cell.text) or len(cell.text) > _WIDEST_HEAD for cell in names)
        if is_words and below and all(_is_value(cell.text) for cell in below):
            found.add(row)
    return found


def _is_size_row(cells: list[Laid]) -> bool:
    """Whether all that stands right of the label are group sizes: "n = 18"."""
    sizes = [cell for cell in cells if cell.column > 0 and cell.text]
    if len(sizes) < 2:
        return False
    return all(("n" in cell.text or "N" in cell.text) and _SIZE_HEAD.match(cell.text) for cell in sizes)


def _stub_columns(by_row: dict[int, list[Laid]], heads: set[int], n_columns: int) -> int:
    """Number of leading columns that label rows.

    The first; those under its spanning head, or under none, as labels set in by a column are; and those of words beside
    labels that span rows.
    """
    body = [cell for row, cells in by_row.items() if row not in heads for cell in cells]
    headed = {
        column
        for row in heads
        for cell in by_row[row]
        if cell.text and cell.column > 0
        for column in range(cell.column, cell.column + cell.column_span)
    }
    n_stub = 1
    while n_stub < min(4, n_columns - 1):
        texts = [cell.text for cell in body if cell.column == n_stub and cell.text and cell.column_span == 1]
        if not (headed and n_stub not in headed):
            spans = any(cell.column == n_stub - 1 and cell.row_span > 1 for cell in body)
            if not texts or not (spans or _gaps_before(by_row, heads, n_stub) >= 0.25 * len(texts)):
                break
        if sum([not _is_value(text) for text in texts]) < 0.8 * len(texts):
            break
        n_stub += 1
    return n_stub


def _gaps_before(by_row: dict[int, list[Laid]], heads: set[int], column: int) -> int:
    """Rows that have text in the column and none before it: their label stands in a row above, printed once."""
    count = 0
    for row, cells in by_row.items():
        if row not in heads:
            first = next((cell for cell in cells if cell.text), None)
            count += first is not None and first.column == column
    return count


_Heading = list[tuple[str, ...]]
"""The heads above each column, from the outermost in."""


def _column_headers(by_row: dict[int, list[Laid]], heads: set[int], n_columns: int) -> dict[int, _Heading]:
    """The heads of the columns as they stand above each row.

    A second block of head rows further down replaces the first.
    """
    found: dict[int, _Heading] = {}
    current: list[list[str]] = [[] for _ in range(n_columns)]
    heading: _Heading = [()] * n_columns
    previous_was_head = False
    for row in range(max(by_row) + 1):
        if row in heads:
            if _is_size_row(by_row.get(row, [])):
                current = [[head for head in one if not _SIZE_HEAD.match(head)] for one in current]
            elif not previous_was_head:
                current = [[] for _ in range(n_columns)]
            for cell in by_row.get(row, []):
                for column in range(cell.column, cell.column + cell.column_span):
                    if cell.text and (not current[column] or current[column][-1] != cell.text):
                        current[column].append(cell.text)
            heading = [tuple(one) for one in current]
        found[row] = heading
        previous_was_head = row in heads
    return found


def _resolve(
    by_row: dict[int, list[Laid]],
    heads: set[int],
    n_stub: int,
    columns: dict[int, _Heading],
    indents: Mapping[Place, int],
) -> tuple[Cell, ...]:
    resolved: list[Cell] = []
    groups: list[_Group] = []
    spanning: list[Laid] = []  # labels that reach down over several rows
    outers = _outer_rows(by_row, heads, n_stub, columns)
    carried: list[Laid] = []  # labels printed once, for the rows below that leave their place empty
    for row in sorted(by_row):
        cells, heading = by_row[row], columns[row]
        if row in heads:
            resolved += [_with(cell, True, (), ()) for cell in cells]
            if _is_size_row(cells) and cells[0].text and cells[0].column == 0:
                groups = [_Group(0, cells[0].text)]
            continue
        if spanning:
            spanning = [cell for cell in spanning if cell.row + cell.row_span > row]
        own = [cell for cell in cells if cell.column < n_stub and cell.text]
        indent = indents.get((row, 0), 0) + 100 * own[0].column if own else 0
        tests, n_rest = _tests(cells, heading)
        if n_rest == 1 and own and own[0].row_span == 1 and own[0] not in tests:
            label, is_outer = own[0], row in outers
            groups = [g for g in groups if g.indent < indent or (g.outer and g.indent == indent and not is_outer)]
            resolved += _group_row(cells, label, tuple(group.heading for group in groups), heading)
            groups.append(_Group(indent, label.text, tested=bool(tests), outer=is_outer))
            carried = []
            continue
        if tests:
            groups = [group for group in groups if not group.tested]
        if own and groups:
            groups = _groups_above(groups, indent)
        carried = [cell for cell in carried if own and cell.column < own[0].column]
        stub = [*carried, *[cell for cell in spanning if cell not in carried], *own]
        carried += [cell for cell in own if cell.column < n_stub - 1]
        spanning += [cell for cell in cells if cell.row_span > 1 and cell.column < n_stub]
        outer = tuple([group.heading for group in groups])
        all_labels = outer + tuple([one.text for one in stub if one.text])
        for cell in cells:
            if cell.column >= n_stub:
                resolved.append(_with(cell, False, heading[cell.column], all_labels))
                continue
            labels = tuple([one.text for one in stub if one.text and one.column < cell.column and one is not cell])
            resolved.append(_with(cell, bool(cell.text), (), outer + labels))
    return tuple(resolved)


def _tests(cells: list[Laid], heading: _Heading) -> tuple[list[Laid], int]:
    """The p-values of a row, and the number of its other cells with text."""
    filled = [cell for cell in cells if cell.text]
    tests = [cell for cell in filled if cell.column > 0 and _is_test_column(heading[cell.column])]
    return tests, len(filled) - len(tests)


def _outer_rows(by_row: dict[int, list[Laid]], heads: set[int], n_stub: int, columns: dict[int, _Heading]) -> set[int]:
    """Heading rows over other headings: "Men" and "Women", each with "Dose:" right below.

    That one heading follows another says nothing yet; that the same one follows several does.
    """
    followed: dict[str, list[int]] = {}
    above: Laid | None = None
    for row in sorted(by_row):
        filled = [cell for cell in by_row[row] if cell.text]
        if row in heads or not filled:
            continue
        heading = columns[row]
        values = [cell for cell in filled if not (cell.column and _is_test_column(heading[cell.column]))]
        is_heading = len(values) == 1 and values[0].column < n_stub and values[0].row_span == 1
        if is_heading and above is not None and above.text != values[0].text:
            followed.setdefault(values[0].text, []).append(above.row)
        above = values[0] if is_heading else None
    return {row for rows in followed.values() if len(rows) > 1 for row in rows}


@lru_cache(maxsize=512)  # asked for each cell of a column
def _is_test_column(headers: tuple[str, ...]) -> bool:
    return bool(headers) and bool(re.match(r"[pP](?:\b|[- ]?val)|[Ss]ig", headers[-1]))


def _group_row(cells: list[Laid], label: Laid, outer: tuple[str, ...], heading: _Heading) -> list[Cell]:
    """A heading row: its label stands over the rows below; a p-value beside it belongs to the heading itself."""
    return [
        _with(cell, True, (), outer)
        if cell is label
        else _with(cell, cell.is_header, heading[cell.column], (*outer, label.text))
        for cell in cells
    ]


def _with(cell: Laid, is_header: bool, column_headers: tuple[str, ...], row_headers: tuple[str, ...]) -> Cell:
    """`dataclasses.replace` for the thousands of cells of a paper."""
    return Cell(
        cell.row,
        cell.column,
        cell.text,
        cell.start,
        cell.end,
        cell.row_span,
        cell.column_span,
        is_header,
        column_headers,
        row_headers,
        cell.marks,
        cell.box,
        cell.xpath,
    )


def _groups_above(groups: list[_Group], indent: int) -> list[_Group]:
    """The groups a row belongs to: one ends when rows under it were set in and this one is not."""
    kept: list[_Group] = []
    for group in groups:
        if group.outer:
            kept.append(group)
            continue
        if group.had_set_in and indent <= group.indent:
            break
        kept.append(group if group.had_set_in or indent <= group.indent else replace(group, had_set_in=True))
    return kept
