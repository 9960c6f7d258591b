"""Tables of plain-text papers: columns found where the text shows them, everything else left as printed.

Place in the flow: `text.py` hands over the blocks between a table's caption and the text that follows. Plain text has
lost the layout, so a row is split only on strong signs: tabs or wide gaps, as many values of one shape as the head has
columns, or one phrase repeated. A row without such signs stays whole, and the document notes how many did.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Cell, Table
from pipeline.read.chars import Chars, Edit, join
from pipeline.read.table_headers import resolve_headers
from pipeline.read.words import Words, repair

_COMMA_DECIMAL = re.compile(r"(?<![\w.,])(\d{1,3}),(\d{1,2})(?=\s?(?:[a-zA-Zµμ%°]|±))")
_POINT_DECIMAL = re.compile(r"(?<![\w.,])\d{1,3}\.\d{1,2}(?=\s?(?:[a-zA-Zµμ%°]|±))")
_ZERO_COMMA = re.compile(r"(?<![\w.,])0,(\d{1,4})\b(?!,)")

_HEAD = re.compile(r"(?:(?P<label>[^\t]*?\S) )??(?P<heads>(?P<word>[A-Z][a-z]+) \w{1,3}(?: (?P=word) \w{1,3})+)$")
_GAP = re.compile(r"\t+| {2,}")
_VALUE = (
    r"[<>≤≥=~]?\s?[-−]?\d[\d.,]*(?:\s?(?:±|–|-|/)\s?\d[\d.,]*)?(?:\s?%|\s?[a-zA-Zµμ°][\w°²³µμ]*(?:/[\w²³µμ.]+)*)?"
    r"(?:\s?/\s?[a-z]+)?(?:\s?\([^()]*\))?"
)
_VALUE_LINE = re.compile(rf"{_VALUE}$")
_PLURAL = 2


def mend_decimals(chars: Chars) -> Chars:
    """Decimal commas of running text become points where the passage writes its measured numbers so.

    `0,05` is always a decimal; `3,5 mg` only if commas before a unit outnumber points ("at 5,10 mg/kg" is a list).
    """
    text = chars.text
    if "," not in text:
        return chars
    commas = list(_COMMA_DECIMAL.finditer(text))
    edits: list[Edit] = [(m.start() + 1, m.start() + 2, ".") for m in _ZERO_COMMA.finditer(text)]
    if len(commas) >= _PLURAL and len(commas) > 2 * len(_POINT_DECIMAL.findall(text)):
        edits += [(m.end(1), m.end(1) + 1, ".") for m in commas]
    return chars.edit(sorted(set(edits)))


@dataclass(slots=True)
class _Row:
    """`[label, value, …]`, or one cell that could not be split; `group` is the heading over it where that is sure."""

    cells: list[Chars]
    group: str | None = None

    @property
    def is_whole(self) -> bool:
        return len(self.cells) == 1


@dataclass(slots=True)
class TextTable:
    """What could be told of a table: its text, its cells if any row could be split, and how many rows could not."""

    chars: Chars
    table: Table | None
    n_whole_rows: int


def read_text_table(source: str, spans: Sequence[tuple[int, int]], words: Words, caption: str | None) -> TextTable:
    """The table in the given ranges of the source, one range a block."""
    lines = [
        _mend(Chars.of(source, start + m.start(), start + m.end()), words)
        for start, end in spans
        for m in re.finditer(r"[^\r\n]+", source[start:end])
        if m[0].strip()
    ]
    n_columns, heads = _find_head(lines)
    if n_columns == 1:
        return TextTable(join([_tight(line) for line in lines], "\n"), None, len(lines))
    rows = heads + _split_rows(lines[len(heads) :], n_columns)
    n_whole = sum(row.is_whole for row in rows)
    if all(row.is_whole for row in rows[len(heads) :]):
        return TextTable(join([_tight(line) for line in lines], "\n"), None, len(lines))
    _mend_columns(rows)
    chars, cells = _lay_down(rows, sum(not row.is_whole for row in heads), n_columns + 1)
    label = re.match(r"\S+ \S+", caption or "")
    return TextTable(chars, Table(label[0] if label else None, caption, len(rows), n_columns + 1, cells), n_whole)


def _mend(line: Chars, words: Words) -> Chars:
    """The line with its words mended; wide gaps survive, they are column borders."""
    pieces: list[Chars] = []
    at = 0
    stripped = line.strip()
    for gap in _GAP.finditer(stripped.text):
        pieces.append(repair(stripped.slice(at, gap.start()), words))
        at = gap.end()
    pieces.append(repair(stripped.slice(at, len(stripped)), words))
    return join(pieces, "\t")


def _tight(cell: Chars) -> Chars:
    """A cell without gaps that turned out not to be borders."""
    return cell.edit([(m.start(), m.end(), " ") for m in re.finditer(r"\t", cell.text)]).strip()


# --- columns ----------------------------------------------------------------------------------------------------------


def _find_head(lines: list[Chars]) -> tuple[int, list[_Row]]:
    """The number of value columns and the head rows, one a line; one column if the head cannot be told.

    A head row with fewer cells than another spans columns nobody knows, so it stays whole.
    """
    found: list[list[Chars]] = []
    for line in lines[:3]:
        row = _head_row(line)
        if row is None:
            break
        found.append(row)
    n_columns = max((len(row) - 1 for row in found), default=0)
    if n_columns < _PLURAL:
        return 1, []
    rows = [_Row(row if len(row) == n_columns + 1 else [line]) for row, line in zip(found, lines, strict=False)]
    return n_columns, rows


def _head_row(line: Chars) -> list[Chars] | None:
    """`Case 1 Case 2` → an empty corner and two heads; cells between wide gaps likewise."""
    match = _HEAD.match(line.text.replace("\t", " "))
    if match:
        start = match.start("heads")
        word = match["word"]
        starts = [start + m.start() for m in re.finditer(rf"\b{word}\b", match["heads"])]
        ends = [*[begin - 1 for begin in starts[1:]], len(line)]
        corner = line.slice(0, match.end("label")) if match["label"] else Chars("")
        return [corner, *[line.slice(a, b) for a, b in zip(starts, ends, strict=True)]]
    parts = _at_gaps(line)
    has_values = any(re.match(r"[<>≤≥=~±−-]?\s?\d", part.text) for part in parts[1:])
    return [Chars(""), *parts] if len(parts) >= _PLURAL and not has_values else None


def _at_gaps(line: Chars) -> list[Chars]:
    bounds = [0, *[i for m in re.finditer(r"\t", line.text) for i in (m.start(), m.end())], len(line)]
    parts = [line.slice(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    return [part for part in parts if part.text]


def _split_rows(lines: list[Chars], n_columns: int) -> list[_Row]:
    """Rows of `[label, value, …]`; `[text]` for what cannot be split."""
    rows: list[_Row] = []
    labels: list[Chars] = []  # lines that may be (part of) the label of what follows
    index = 0
    while index < len(lines):
        block = _column_block(lines, index, labels, n_columns)
        if block:
            n_taken, split = block
            rows += split
            labels = []
            index += n_taken
            continue
        cells = _cells(lines[index], n_columns)
        if cells is None:
            labels.append(lines[index])
        elif cells[0].text or not labels:
            rows += [_Row([one]) for one in labels] + [_Row(cells)]
            labels = []
        else:
            rows.append(_Row([join(labels, " "), *cells[1:]]))
            labels = []
        index += 1
    return rows + [_Row([one]) for one in labels]


def _column_block(lines: list[Chars], index: int, labels: list[Chars], n_columns: int) -> tuple[int, list[_Row]] | None:
    """Labels line by line, then the first column's values line by line, then the next column's."""
    n_values = 0
    while index + n_values < len(lines) and _VALUE_LINE.fullmatch(lines[index + n_values].text):
        n_values += 1
    n_rows = n_values // n_columns
    if n_rows < _PLURAL or n_values % n_columns or len(labels) < n_rows:
        return None
    values = lines[index : index + n_values]
    outer = [_Row([label]) for label in labels[: len(labels) - n_rows]]
    own = labels[len(labels) - n_rows :]
    group = outer[-1].cells[0].text if outer else None
    return n_values, outer + [
        _Row([label, *[values[row + column * n_rows] for column in range(n_columns)]], group)
        for row, label in enumerate(own)
    ]


def _cells(line: Chars, n_columns: int) -> list[Chars] | None:
    """`[label, value, …]` of one line; the label may be empty; None without a sure sign."""
    parts = _at_gaps(line)
    if len(parts) == n_columns + 1:
        return parts
    flat = _tight(line)
    by_value = re.search(rf"(?:^|(?<=\s))((?:{_VALUE}\s+){{{n_columns - 1}}}{_VALUE})$", flat.text)
    if by_value:
        values = _values(flat, by_value.start(), n_columns)
        if values:
            return [flat.slice(0, by_value.start()).strip(), *values]
    return _repeated(flat, n_columns)


def _values(flat: Chars, start: int, n_columns: int) -> list[Chars] | None:
    """Exactly as many values as columns from `start` to the end, of one shape."""
    found = list(re.finditer(_VALUE, flat.text[start:]))
    if len(found) != n_columns:
        return None
    shapes = {re.sub(r"[\d.,]+", "9", re.sub(r"\([^()]*\)", "()", m[0]).replace(" ", "")) for m in found}
    kinds = {bool(re.search(r"[a-zµμ%]", shape)) for shape in shapes}
    return [flat.slice(start + m.start(), start + m.end()).strip() for m in found] if len(kinds) == 1 else None


def _repeated(flat: Chars, n_columns: int) -> list[Chars] | None:
    """`Ethnicity Caucasian Caucasian`, `Yes (treated) Yes (untreated)`: phrases that start with the same word."""
    words = list(re.finditer(r"\([^()]*\)|\S+", flat.text))
    for first in range(len(words)):
        rest = words[first:]
        size, left = divmod(len(rest), n_columns)
        if left or not size:
            continue
        groups = [rest[i * size : (i + 1) * size] for i in range(n_columns)]
        if len({_phrase(group) for group in groups}) == 1:
            cells = [flat.slice(group[0].start(), group[-1].end()) for group in groups]
            return [flat.slice(0, words[first].start()).strip(), *cells]
    return None


def _phrase(group: list[re.Match[str]]) -> str:
    return " ".join("()" if word[0].startswith("(") else word[0].lower() for word in group)


# --- cells ------------------------------------------------------------------------------------------------------------


def _mend_columns(rows: list[_Row]) -> None:
    """Decimal commas become points in the columns that use them, and only there."""
    counts: Counter[int] = Counter()
    for row in rows:
        row.cells = [_tight(cell) for cell in row.cells]
        for column, cell in enumerate(row.cells):
            counts[column] += len(_COMMA_DECIMAL.findall(cell.text))
    for row in rows:
        row.cells = [
            _points(cell) if counts[column] >= _PLURAL and not row.is_whole else cell
            for column, cell in enumerate(row.cells)
        ]


def _points(cell: Chars) -> Chars:
    return cell.edit([(m.end(1), m.end(1) + 1, ".") for m in _COMMA_DECIMAL.finditer(cell.text)])


def _lay_down(rows: list[_Row], n_heads: int, width: int) -> tuple[Chars, tuple[Cell, ...]]:
    """The passage's text, cells between tabs and rows between newlines, and the cells with their places and headers.

    A row that stayed whole is one cell over all columns: it heads nothing, because it may be anything.
    """
    split: list[Cell] = []
    whole: list[Cell] = []
    at = 0
    for number, row in enumerate(rows):
        for column, cell in enumerate(row.cells):
            span = width if row.is_whole else 1
            target = whole if row.is_whole else split
            target.append(Cell(number, column, cell.text, at, at + len(cell), column_span=span))
            at += len(cell) + 1
    headed = [
        cell._replace(row_headers=(group, *cell.row_headers)) if (group := rows[cell.row].group) else cell
        for cell in resolve_headers(split, n_heads)
    ]
    cells = sorted([*headed, *whole], key=lambda cell: (cell.row, cell.column))
    return join([join(row.cells, "\t") for row in rows], "\n"), tuple(cells)
