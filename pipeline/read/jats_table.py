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
from pipeline.read.xml_pieces import read_attributes
from pipeline.read.xml_text import flow
from pipeline.read.xml_tree import Node

_MAX_SPAN = 200
_MAX_CELLS = 50_000

_STYLE = re.compile(r"(?:padding-left|text-indent|margin-left)\s*:\s*(\d+)")
_MARK = r"[a-z]{1,2}|[A-Z]|[*†‡§¶‖#∥¥£$^]+|\d{1,2}"
_MARKS = re.compile(rf"(?:{_MARK})(?:\s?,\s?(?:{_MARK}))*")
_SIGNS = re.compile(r"\s?([*†‡§¶‖#∥]+)$")


@dataclass(slots=True, eq=False)
class _Raw:
    """A cell as it stands in the XML, at its place in the grid; its text is read later."""

    row: int
    column: int
    row_span: int
    column_span: int
    node: Node
    is_header: bool
    indent: int = 0
    text: str = ""
    start: int = 0
    end: int = 0
    marks: tuple[str, ...] = ()
    xpath: str | None = None
    box: None = None


@dataclass(slots=True)
class ReadTable:
    """A table passage in the making."""

    chars: Chars
    table: Table
    citations: tuple[CitationMark, ...]


def read_table(
    node: Node,
    source: str,
    keys: Mapping[str, str],
    *,
    label: str | None = None,
    caption: str | None = None,
    footnotes: tuple[tuple[str | None, str], ...] = (),
) -> ReadTable | None:
    """The table, or None if it has no cell with text.

    Args:
        node: the `<table>` element.
        source: the decoded file.
        keys: XML ids of references → their keys.
        label, caption, footnotes: what stands around the table.
    """
    raw, n_header_rows = _lay_out(node)
    if not raw:
        return None
    n_rows = max(cell.row for cell in raw) + 1
    n_columns = max(cell.column + cell.column_span for cell in raw)
    if n_rows * n_columns > _MAX_CELLS:
        return None
    has_numbered_notes = any(mark and mark.isdigit() for mark, _ in footnotes)
    grid = {(cell.row, cell.column): cell for cell in raw}
    pieces: list[str] = []
    runs: list[Run] = []
    citations: list[CitationMark] = []
    at = 0
    for row in range(n_rows):
        for column in range(n_columns):
            entry = grid.get((row, column))
            if entry is not None:
                chars, marks = _read_cell(entry, source, keys, at, has_numbered_notes)
                pieces.append(chars.text)
                runs += [(at + text_start, start, length) for text_start, start, length in chars.runs]
                citations += [CitationMark(at + mark.position, mark.keys) for mark in marks]
                at += len(chars.text)
            pieces.append("\t")
            at += 1
        pieces[-1] = "\n"
    pieces.pop()
    cells = sorted(raw, key=lambda cell: (cell.row, cell.column))
    if not any(cell.text for cell in cells):
        return None
    indents = {(entry.row, entry.column): entry.indent for entry in raw}
    table = Table(label, caption, n_rows, n_columns, resolve_headers(cells, n_header_rows, indents), footnotes)
    return ReadTable(Chars("".join(pieces), tuple(runs)), table, tuple(citations))


def _lay_out(node: Node) -> tuple[list[_Raw], int]:
    """Cells at their grid places, spans respected, and the number of header rows that the XML declares."""
    taken: set[tuple[int, int]] = set()
    cells: list[_Raw] = []
    row = n_header_rows = 0
    for tr in _rows(node):
        in_head = tr.parent is not None and tr.parent.tag == "thead"
        column = 0
        before = len(cells)
        for td in tr.children("td", "th"):
            while (row, column) in taken:
                column += 1
            height, width = _spans(td.pieces.markup[td.index])
            cells.append(
                _Raw(row, column, height, width, td, in_head or td.tag == "th", _indent(td) if column == 0 else 0)
            )
            if len(cells) > _MAX_CELLS:
                return [], 0
            if height > 1 or width > 1:
                taken.update((row + i, column + j) for i in range(height) for j in range(width) if i or j)
            column += width
        if len(cells) > before or any((row, c) in taken for c in range(column + 1)):
            row += 1
            n_header_rows += in_head
    rows = {cell.row for cell in cells}
    last = max(rows, default=-1)
    return [replace_span(cell, last) for cell in cells], n_header_rows


def replace_span(cell: _Raw, last_row: int) -> _Raw:
    """A row span never reaches below the table."""
    cell.row_span = min(cell.row_span, last_row - cell.row + 1)
    return cell


def _rows(node: Node) -> list[Node]:
    """Rows in order: head, bodies, foot; rows of nested tables stay inside their cell."""
    rows = list(node.children("tr"))
    for part in node.children("thead", "tbody", "tfoot"):
        rows += part.children("tr")
    return rows


@lru_cache(maxsize=1024)  # a table has few kinds of start tags
def _spans(markup: str) -> tuple[int, int]:
    """Rows and columns that a cell with this start tag takes."""
    attributes = read_attributes(markup) if "span" in markup else {}
    return _span(attributes.get("rowspan")), _span(attributes.get("colspan"))


def _span(value: str | None) -> int:
    return max(1, min(int(value), _MAX_SPAN)) if value and value.isascii() and value.isdigit() else 1


def _indent(node: Node) -> int:
    """How far a label is set in: no-break blanks, wide blanks, or a style."""
    text = node.raw_text().lstrip("\n\r\t ")
    blanks = len(text) - len(text.lstrip("\xa0\u2002\u2003\u2009 "))
    style = _STYLE.search(node.get("style") or "")
    return blanks + (int(style[1]) if style and int(style[1]) else 0)


def _read_cell(
    entry: _Raw, source: str, keys: Mapping[str, str], at: int, has_numbered_notes: bool
) -> tuple[Chars, tuple[CitationMark, ...]]:
    """The cell's text, which is also put into its entry, and the citations in it."""
    node = entry.node
    marks: tuple[str, ...] = ()
    without: frozenset[int] = frozenset()
    if node.has_nodes:
        found = [item for item, follows in _pieces(node) if _is_mark(item, follows, has_numbered_notes)]
        if found:
            marks = tuple(mark for item in found for mark in re.split(r"\s?,\s?", item.text()) if mark)
            without = frozenset(item.index for item in found)
    chars, citations = flow(node, source, keys, without=without)
    chars = chars.strip()
    text = chars.text
    signs = _SIGNS.search(text) if text and not text[-1].isalnum() else None
    if signs and signs.start() > 0:
        marks += (signs[1],)
        text = text[: signs.start()]
    entry.text, entry.start, entry.end = text, at, at + len(text)
    entry.marks, entry.xpath = marks, node.xpath()
    return chars, citations


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
