"""A table's grid → `Table` and its passage text, each cell with offsets, box, headers and footnote marks.

Place in the flow: `pdf_passages` calls it for every table area; headers are resolved by `table_headers`, the same code
that resolves XML tables.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from pipeline.document import Box, Cell, Table, TextBox
from pipeline.read.pdf_chars import Word
from pipeline.read.pdf_floats import TableArea, caption_label
from pipeline.read.pdf_layout import Line
from pipeline.read.pdf_table import Grid
from pipeline.read.pdf_table_rows import GridCell
from pipeline.read.pdf_text import Frame, Text, assemble
from pipeline.read.table_headers import resolve_headers
from pipeline.read.words import Words

_MARK = re.compile(r"[a-z*†‡§¶#‖∥⁎]{1,3}(?:,[a-z*†‡§¶#]){0,3}|[,]")
_TAIL_MARK = re.compile(r"\s?([*†‡§¶#‖⁎]{1,3})$")


def build_table(grid: Grid, area: TableArea, words: Words, frames: dict[int, Frame]) -> tuple[Table, Text]:
    """The table and its text: rows parted by newlines, cells by tabs."""
    has_numbered_notes = any(re.match(r"^\d\s?[A-Z(]", line.text) for line in area.notes)
    parts: list[str] = []
    boxes: list[TextBox] = []
    cells: list[Cell] = []
    length = 0
    page = area.body[0].page
    for number, row in enumerate(grid.rows):
        if number:
            parts.append("\n")
            length += 1
        column = 0
        for cell in row:
            tabs = max(0, cell.column - column)
            parts.append("\t" * tabs)
            length += tabs
            text, marks = _cell_text(cell, page, has_numbered_notes, words, frames)
            start = length
            parts.append(text.text)
            length += len(text.text)
            boxes += [TextBox(box.start + start, box.end + start, box.box) for box in text.boxes]
            cells.append(_cell(number, cell, (start, length), text, marks))
            column = cell.column
    resolved = _resolve(cells, grid)
    caption = assemble(area.caption, words, frames, citing=False).text
    label = caption_label(caption)
    bare = caption[len(label) :].lstrip(" .:|–—-") if label and caption.startswith(label) else caption
    notes = table_notes(area.notes, words, frames)
    table = Table(label, bare or None, len(grid.rows), grid.n_columns, resolved, notes)
    return table, Text("".join(parts), boxes, [])


def _resolve(cells: list[Cell], grid: Grid) -> tuple[Cell, ...]:
    """Headers of all cells; where rows further down name the columns anew, what follows has the new heads."""
    starts = [row for row in grid.inner_heads if row - 1 not in grid.inner_heads]
    found: list[Cell] = []
    heads: dict[int, tuple[str, ...]] = {}
    for low, high in itertools.pairwise([0, *starts, len(grid.rows)]):
        part = [cell for cell in cells if low <= cell.row < high]
        n_heads = sum(low <= row < high for row in grid.inner_heads) if low else grid.n_heads
        resolved = resolve_headers(part, n_heads, grid.indents)
        if low:
            title = tuple(cell.text for cell in part if cell.column == 0 and cell.row < low + n_heads and cell.text)
            named = {cell.column for cell in part if cell.row < low + n_heads}
            keeps = len(named) <= 0.5 * grid.n_columns  # one column is named anew: the others keep their heads
            resolved = tuple(_under(cell, title, heads if keeps else {}) for cell in resolved)
        for cell in resolved:
            if cell.column_headers:
                heads[cell.column] = cell.column_headers
        found.extend(resolved)
    return tuple(found)


def _under(cell: Cell, title: tuple[str, ...], heads: dict[int, tuple[str, ...]]) -> Cell:
    """A cell of a lower part of the table: its part's title goes before its row headers."""
    if cell.is_header and cell.column_headers == () and cell.text in title:
        return cell
    above = cell.column_headers or (() if cell.is_header else heads.get(cell.column, ()))
    return cell._replace(
        row_headers=(" ".join(title), *cell.row_headers) if title else cell.row_headers, column_headers=above
    )


def _cell(row: int, cell: GridCell, place: tuple[int, int], text: Text, marks: tuple[str, ...]) -> Cell:
    box = _union([piece.box for piece in text.boxes])
    return Cell(
        row=row,
        column=cell.column,
        text=text.text,
        start=place[0],
        end=place[1],
        column_span=cell.span,
        marks=marks,
        box=box,
    )


def _cell_text(
    cell: GridCell, page: int, has_numbered_notes: bool, words: Words, frames: dict[int, Frame]
) -> tuple[Text, tuple[str, ...]]:
    """The cell's text without its footnote marks, and the marks."""
    marks: list[str] = []
    lines: list[Line] = []
    for line_words in cell.lines:
        kept: list[Word] = []
        for word in line_words:
            raised = word.raised and (kept or lines)
            numbered = (
                raised
                and has_numbered_notes
                and re.fullmatch(r"\d(?:,\d)*", word.text)
                and not (kept and kept[-1].text[-1:].isdigit())
            )
            if raised and (_MARK.fullmatch(word.text) or numbered):
                marks += [mark for mark in word.text.split(",") if mark]
            else:
                kept.append(word)
        if kept:
            lines.append(Line(kept, page))
    text = assemble(lines, words, frames, citing=False)
    tail = _TAIL_MARK.search(text.text)
    if tail and tail.start() > 0:
        marks.append(tail[1])
        text = _shorten(text, tail.start())
    return text, tuple(dict.fromkeys(marks))


def _shorten(text: Text, end: int) -> Text:
    boxes = [TextBox(box.start, min(box.end, end), box.box) for box in text.boxes if box.start < end]
    return Text(text.text[:end], boxes, [])


def _union(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return Box(
        boxes[0].page,
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


_NOTE_START = re.compile(r"^(?:([*†‡§¶#‖⁎]{1,3})\s?|([a-z])(?:[.)]\s|\s)(?=[A-Z(\d])|(\d)(?:[.)]\s|\s)(?=[A-Z]))")


def table_notes(lines: Sequence[Line], words: Words, frames: dict[int, Frame]) -> tuple[tuple[str | None, str], ...]:
    """`(mark or None, text)` of each note; a line that opens with a mark opens a note."""
    groups: list[list[Line]] = []
    marks: list[str | None] = []
    for line in lines:
        raised = line.words[0].raised and len(line.words) > 1
        match = _NOTE_START.match(line.text)
        if raised or match or not groups:
            groups.append([line])
            marks.append(
                line.words[0].text if raised else next((g for g in match.groups() if g), None) if match else None
            )
        else:
            groups[-1].append(line)
    notes = []
    for mark, group in zip(marks, groups, strict=True):
        text = assemble(group, words, frames, citing=False).text
        notes.append((mark, text[len(mark) :].lstrip(" .)") if mark and text.startswith(mark) else text))
    return tuple(notes)
