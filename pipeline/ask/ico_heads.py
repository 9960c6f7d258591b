"""Headers that a table's markup does not give: head rows that are not marked, heads in the middle, rows that go on.

Place in the flow: `ico_cells` completes a table with these before it reads the cells. Nothing is guessed from one
table's words: a row without a number above all numbers is a head, so is one in the middle with a text in every column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import Cell, Table
from pipeline.relate.table_times import CHANGE, days_in, is_baseline
from pipeline.relate.table_values import parse_cell

_LETTERS = re.compile(r"[A-Za-z]{1}")
_RANGE = re.compile(r"\d+\s?[-–]\s?\d+$")
_LATER = (
    r"(?:change|difference|after|post\w*|follow-?up|final|end ?of ?(?:study|treatment)|end ?-?points?"
    r"|at (?:the )?end(?: ?points?)?|(?:week|month|day)s? ?\d+|\d+ ?(?:weeks?|months?|days?))"
)
_GOES_ON = re.compile(
    rf"(?:(?:mean|median|absolute|relative|percent(?:age)?)\s+)?{_LATER}"
    r"(?:\s+(?:at|in|from|after|to|the|of|end|point|points|baseline|study|treatment|intervention|therapy|test"
    r"|week|month|weeks|months|\d+))*\s*(?:[(\[][^()\[\]]*[)\]])?\s*$",
    re.IGNORECASE,
)
_BEFORE_WORDS = re.compile(
    r"\b(?:base-?\s?line|before(?: (?:treatment|intervention))?|pre-?(?:treatment|intervention|test)?|initial)\b"
    r"[,:]?\s*",
    re.IGNORECASE,
)
_MOST_HEAD_ROWS = 3


def with_heads(table: Table) -> Table:
    """The table with headers for columns that have none and for the rows behind a head in the middle."""
    cells = table.cells
    body = [cell for cell in cells if cell.column > 0 and not cell.is_header and cell.text.strip()]
    if body and not any(cell.column_headers for cell in body):
        cells = _headed(cells)
    cells = _with_inner_heads(_with_second_labels(cells))
    cells = _with_rows_that_go_on(cells)
    return table if cells is table.cells else replace(table, cells=cells)


def _rows(cells: Sequence[Cell]) -> dict[int, list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    return dict(sorted(rows.items()))


def _is_words(cell: Cell) -> bool:
    text = cell.text.strip()
    return bool(_LETTERS.search(text)) and parse_cell(text) is None


def _headed(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Rows of words above the first row with numbers are heads."""
    heads: list[Cell] = []
    last = -1
    for number, row in _rows(cells).items():
        inner = [cell for cell in row if cell.column > 0]
        if not all(_is_words(cell) for cell in inner) or len(heads) >= _MOST_HEAD_ROWS * max(1, len(inner)):
            break
        heads, last = [*heads, *inner], number
    if not heads:
        return cells
    found = []
    for cell in cells:
        if cell.row <= last:
            found.append(cell._replace(is_header=True, row_headers=()))
        else:
            above = tuple(
                head.text.strip() for head in heads if head.column <= cell.column < head.column + head.column_span
            )
            found.append(cell._replace(column_headers=above) if cell.column > 0 else cell)
    return tuple(found)


def _with_second_labels(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Rows that are only numbered ("1", "2", "3") have their label in the second column."""
    labels = {cell.row: cell.text.strip() for cell in cells if cell.column == 0 and cell.row > 0 and cell.text.strip()}
    second = {
        cell.row: cell.text.strip() for cell in cells if cell.column == 1 and not cell.is_header and _is_words(cell)
    }
    numbered = bool(labels) and all(re.fullmatch(r"\d{1,2}\.?", label) for label in labels.values())
    if not numbered or len(second) < len(labels):
        return cells
    return tuple(
        cell._replace(row_headers=(second[cell.row],)) if cell.row in second and cell.column > 1 else cell
        for cell in cells
    )


def _with_inner_heads(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A row of words or periods in the middle takes the place of the innermost head from there on."""
    rows = _rows(cells)
    width = max((cell.column for cell in cells), default=0)
    current: dict[int, str] = {}
    own: dict[int, dict[int, str]] = {}
    for number, row in rows.items():
        inner = [cell for cell in row if cell.column > 0]
        words = [cell for cell in inner if not cell.is_header and (_is_words(cell) or _RANGE.match(cell.text.strip()))]
        texts = {cell.text.strip() for cell in words}
        covered = sum(cell.column_span for cell in words)
        if number > 0 and len(words) == len(inner) > 1 and covered >= max(2, width - 1) and len(texts) > 1:
            current = {
                cell.column + step: cell.text.strip() for cell in words for step in range(max(1, cell.column_span))
            }
        elif current:
            own[number] = current
    if not own:
        return cells
    return tuple(
        cell._replace(column_headers=(*cell.column_headers[:-1], own[cell.row][cell.column]))
        if cell.row in own and cell.column in own[cell.row] and cell.column > 0
        else cell
        for cell in cells
    )


def _with_rows_that_go_on(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """ "Baseline LDL", then "Change at end point": the second row is of LDL too."""
    labels: dict[int, str] = {}
    for number, row in _rows(cells).items():
        if row[0].column == 0:
            labels[number] = row[0].text.strip()
    subject = ""
    added: dict[int, str] = {}
    for number, label in labels.items():
        goes_on = bool(_GOES_ON.match(label))
        if goes_on and subject:
            added[number] = subject
        elif is_baseline(label) and not CHANGE.search(label):
            subject = _BEFORE_WORDS.sub("", label).strip(" ,:;-–")
            if days_in(subject) is not None or not re.search(r"[A-Za-z]{2}", subject):
                subject = ""
        else:
            subject = ""
    if not added:
        return cells
    return tuple(
        cell._replace(row_headers=(added[cell.row], *cell.row_headers))
        if cell.row in added and cell.column > 0 and not cell.is_header
        else cell
        for cell in cells
    )
