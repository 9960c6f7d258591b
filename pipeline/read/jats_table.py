"""XHTML tables of JATS articles → `Table`: spans laid out, headers resolved, footnote marks taken off.

Place in the flow: `jats.py` calls `read_table` for every `<table>`. A cell's text is never split, joined with another
cell's or reformatted; what a number means is told by its headers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.document import CitationMark, Table
from pipeline.read.chars import Chars, Run
from pipeline.read.table_headers import resolve_headers
from pipeline.read.xml_pieces import Pieces, attribute, read_attributes
from pipeline.read.xml_text import flow, is_even
from pipeline.read.xml_tree import Node

_MAX_SPAN = 200
_MAX_CELLS = 50_000

_STYLE = re.compile(r"(?:padding-left|text-indent|margin-left)\s*:\s*(\d+)")
_MARK = r"[a-z]{1,2}|[A-Z]|[*†‡§¶‖#∥¥£$^]+|\d{1,2}"
_MARKS = re.compile(rf"(?:{_MARK})(?:\s?,\s?(?:{_MARK}))*")
_SIGN = "*†‡§¶‖#∥"
_SIGNS = re.compile(rf"\s?([{_SIGN}]+)$")


class _Raw:
    """A cell as it stands in the XML, at its place in the grid; `number` is its element's.

    `_Text.add_cell` sets the rest: its text without the marks taken off it, and where that stands in the table's.
    """

    __slots__ = (
        *("row", "column", "row_span", "column_span", "number", "is_header", "text", "start", "end", "marks", "xpath"),
    )
    box: None = None
    text: str
    start: int
    end: int
    marks: tuple[str, ...]

    def __init__(self, row: int, column: int, span: tuple[int, int], number: int, xpath: str, is_header: bool) -> None:
        self.row, self.column = row, column
        self.row_span, self.column_span = span
        self.number, self.xpath, self.is_header = number, xpath, is_header


@dataclass(slots=True)
class ReadTable:
    """A table passage in the making."""

    chars: Chars
    table: Table
    citations: tuple[CitationMark, ...]


def read_table(
    node: Node,
    keys: Mapping[str, str],
    *,
    label: str | None = None,
    caption: str | None = None,
    footnotes: tuple[tuple[str | None, str], ...] = (),
) -> ReadTable | None:
    """The table, or None if it has no cell with text.

    Args:
        node: the `<table>` element.
        keys: XML ids of references → their keys.
        label, caption, footnotes: what stands around the table.
    """
    pieces = node.pieces
    cells, n_header_rows = _lay_out(pieces, node.index)
    if not cells:
        return None
    n_rows = cells[-1].row + 1
    n_columns = max([cell.column + cell.column_span for cell in cells])
    if n_rows * n_columns > _MAX_CELLS:
        return None
    text = _Text(pieces, keys, any(mark and mark.isdigit() for mark, _ in footnotes))
    row = column = 0
    for cell in cells:
        if row < cell.row:
            text.add("\t" * (n_columns - 1 - column) + ("\n" + "\t" * (n_columns - 1)) * (cell.row - row - 1) + "\n")
            row, column = cell.row, 0
        if column < cell.column:
            text.add("\t" * (cell.column - column))
            column = cell.column
        text.add_cell(cell)
    text.add("\t" * (n_columns - 1 - column))
    if not any(cell.text for cell in cells):
        return None
    indents = {(cell.row, 0): indent for cell in cells if cell.column == 0 and (indent := _indent(pieces, cell.number))}
    table = Table(label, caption, n_rows, n_columns, resolve_headers(cells, n_header_rows, indents), footnotes)
    return ReadTable(Chars("".join(text.parts), tuple(text.runs)), table, tuple(text.citations))


def _lay_out(pieces: Pieces, table: int) -> tuple[list[_Raw], int]:
    """Cells at their grid places in order, spans respected, and the number of header rows that the XML declares."""
    taken: set[tuple[int, int]] = set()
    cells: list[_Raw] = []
    row = n_header_rows = 0
    tags, markup = pieces.tags, pieces.markup
    for tr, in_head in _rows(pieces, table):
        column = 0
        before = len(cells)
        inside = pieces.children(tr)
        for number, path in zip(inside, pieces.child_paths(tr, inside), strict=True):
            tag = tags[number]
            if tag not in {"td", "th"}:
                continue
            while taken and (row, column) in taken:
                column += 1
            span = _spans(markup[number]) if "span" in markup[number] else (1, 1)
            cells.append(_Raw(row, column, span, number, path, in_head or tag == "th"))
            if len(cells) > _MAX_CELLS:
                return [], 0
            height, width = span
            if height > 1 or width > 1:
                taken.update((row + i, column + j) for i in range(height) for j in range(width) if i or j)
            column += width
        if len(cells) > before or (taken and any((row, c) in taken for c in range(column + 1))):
            row += 1
            n_header_rows += in_head
    last = cells[-1].row if cells else -1
    for cell in cells:
        if cell.row_span > 1:  # a row span never reaches below the table
            cell.row_span = min(cell.row_span, last - cell.row + 1)
    return cells, n_header_rows


def _rows(pieces: Pieces, table: int) -> list[tuple[int, bool]]:
    """Rows in order: head, bodies, foot, and whether each is in the head; rows of nested tables stay in their cell."""
    tags, inside = pieces.tags, pieces.children(table)
    rows = [(number, False) for number in inside if tags[number] == "tr"]
    for part in inside:
        if tags[part] in {"thead", "tbody", "tfoot"}:
            rows += [(number, tags[part] == "thead") for number in pieces.children(part) if tags[number] == "tr"]
    return rows


@lru_cache(maxsize=1024)  # a table has few kinds of start tags
def _spans(markup: str) -> tuple[int, int]:
    """Rows and columns that a cell with this start tag takes."""
    attributes = read_attributes(markup)
    return _span(attributes.get("rowspan")), _span(attributes.get("colspan"))


def _span(value: str | None) -> int:
    return max(1, min(int(value), _MAX_SPAN)) if value and value.isascii() and value.isdigit() else 1


def _indent(pieces: Pieces, number: int) -> int:
    """How far a label is set in: no-break blanks, wide blanks, or a style."""
    text = pieces.raw_text(number).lstrip("\n\r\t ")
    blanks = len(text) - len(text.lstrip("\xa0\u2002\u2003\u2009 "))
    style = _STYLE.search(attribute(pieces.markup[number], "style") or "")
    return blanks + (int(style[1]) if style and int(style[1]) else 0)


class _Text:
    """The table's text so far: cells by tabs, rows by newlines."""

    __slots__ = ("citations", "has_numbered_notes", "keys", "length", "parts", "pieces", "runs")

    def __init__(self, pieces: Pieces, keys: Mapping[str, str], has_numbered_notes: bool) -> None:
        self.pieces, self.keys, self.has_numbered_notes = pieces, keys, has_numbered_notes
        self.parts: list[str] = []
        self.runs: list[Run] = []
        self.citations: list[CitationMark] = []
        self.length = 0

    def add(self, blanks: str) -> None:
        """Tabs and newlines."""
        self.parts.append(blanks)
        self.length += len(blanks)

    def add_cell(self, cell: _Raw) -> None:
        """The cell's text, which is also put into the cell, and the citations in it."""
        pieces, number, at = self.pieces, cell.number, self.length
        before, depth, after = pieces.depths[number - 1 : number + 2]
        first = pieces.texts[number] if before < depth else ""
        text = first.strip()
        cell.marks = ()
        if before < depth <= after:
            text = self._add_flow(number, self._take_marks(cell))
        elif text:
            if is_even(text):
                self.runs.append((at, pieces.start(number + 1) - len(first) + first.index(text), len(text)))
            else:
                text = self._add_flow(number)
        self.parts.append(text)
        self.length += len(text)
        if text and text[-1] in _SIGN and (signs := _SIGNS.search(text)) and signs.start() > 0:
            cell.marks += (signs[1],)
            text = text[: signs.start()]
        cell.text, cell.start, cell.end = text, at, at + len(text)

    def _take_marks(self, cell: _Raw) -> frozenset[int]:
        """Put the footnote marks of a cell into it; returns the numbers of their elements."""
        inside = self.pieces.tags[cell.number : self.pieces.close(cell.number)]
        if "sup" in inside or "xref" in inside:
            node = Node(self.pieces, cell.number)
            found = [item for item, follows in _pieces(node) if _is_mark(item, follows, self.has_numbered_notes)]
            cell.marks = tuple(mark for item in found for mark in re.split(r"\s?,\s?", item.text()) if mark)
            return frozenset(item.index for item in found)
        return frozenset()

    def _add_flow(self, number: int, without: frozenset[int] = frozenset()) -> str:
        """The text of a cell with markup, references or odd blanks, whose runs and citations are added."""
        at = self.length
        chars, citations = flow(self.pieces, number, self.keys, without=without)
        chars = chars.strip()
        self.runs += [(at + text_start, start, length) for text_start, start, length in chars.runs]
        if citations:
            self.citations += [CitationMark(at + mark.position, mark.keys) for mark in citations]
        return chars.text


def _is_mark(node: Node, follows: str, has_numbered_notes: bool) -> bool:
    """Whether a raised or linked piece is a footnote mark and not an exponent or a unit."""
    if node.tag == "xref":
        return node.get("ref-type") in {"table-fn", "fn"}
    if node.tag != "sup":
        return False
    if any(child.get("ref-type") in {"table-fn", "fn"} for child in node.children("xref")):
        return True
    text = node.text()
    if not _MARKS.fullmatch(text) or node.child("xref") is not None:
        return False
    if not text[0].isdigit():
        return not text.startswith(("th", "st", "nd", "rd")) or not follows[-1:].isdigit()
    is_unit = bool(re.search(r"(?:\b[kcdm]?m|10|s|min|h|L|g)$", follows))
    return has_numbered_notes and not is_unit


def _pieces(node: Node) -> list[tuple[Node, str]]:
    """Raised and linked pieces of a cell with the text before each."""
    found: list[tuple[Node, str]] = []
    before = ""
    for item in node.items:
        if type(item) is not Node:
            before += item[1]  # type: ignore[index]
        elif item.tag in {"sup", "xref"}:
            found.append((item, before))
        else:
            found += [(piece, before + text) for piece, text in _pieces(item)]
            before += item.text()
    return found
