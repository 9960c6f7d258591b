"""The value cells of a table as `evidence ico` reads them: groups in a column, sections in a row, sizes beside values.

Place in the flow: `ico_paper` asks once per table. On top of `relate.table_cells`, shared with the results that
`evidence ingest` stores, this reads layouts where the group's name is not a header of its column: a column "Group"
with "I" and "C", a line inside the table ("Smokers (n = 30)"), a column "N" beside the means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.ask.ico_heads import with_heads
from pipeline.document import Cell, Table
from pipeline.relate.table_cells import N_HEAD, Valued, valued_cells
from pipeline.relate.table_shares import SIZE
from pipeline.relate.table_values import CellValue, parse_cell, to_number

_MEAN_N = re.compile(r"\b(?:means?|average|score)\b[^%]*[(\[]\s*n\s*[)\]]", re.IGNORECASE)
_BRACKET = re.compile(r"^\s*\D?\d[^()\[\]]*[(\[]\s*(\d+)\s*[)\]]\s*$")
_LAST_BRACKET = re.compile(r"\d\s*[(\[]\s*(\d+)\s*[)\]]\s*$")
_WITH_N = re.compile(r"(?:\bsd\b|\bse\b|deviation|error|±)[^%]*[(\[]\s*n\s*[)\]]", re.IGNORECASE)
_GROUP_HEAD = re.compile(
    r"^\W*(?:(?:study|treatment)\s+)?(?:group|arm|treatment|condition|intervention)s?\W*$", re.IGNORECASE
)
_ROW_SIZES = re.compile(r"[(\[]\s*(\w{1,12})\s*=\s*(\d+)\s*[,;/]\s*(\w{1,12})\s*=\s*(\d+)\s*[)\]]")
_SCORE_HEAD = re.compile(r"^\W*[zt][- ]?(?:score|value|stat\w*)s?\W*$", re.IGNORECASE)
_CONTRAST = re.compile(
    r"\bvs\b\.?|\bversus\b|\b(?:treatment|between[- ]group|mean|estimated|adjusted)\s+differences?\b|^\W*differences?\b"
    r"|\bp[- ]?values?\b|\b(?:odds|hazard|risk|rate) ratio\b",
    re.IGNORECASE,
)
_EVENT_HEAD = re.compile(r"^\W*(?:(?:no\.?|number) of )?(?:(?:adverse )?events?|episodes?|s?aes?)\W*$", re.IGNORECASE)
_PEOPLE_HEAD = re.compile(r"\b(?:patients?|subjects?|participants?)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d)?")
_TIME_UNIT = r"(weeks?|wks?|days?|months?|years?|hours?|hrs?|h|min(?:utes?)?)"
_TIME_HEAD = re.compile(
    rf"(?:study\s+)?{_TIME_UNIT}$|(?:time|time ?points?|visit|duration|follow-?up)\s*[,(/]?\s*{_TIME_UNIT}\s*\)?$",
    re.IGNORECASE,
)
_HEAD_ROWS = 2
_PLAIN_LABEL = re.compile(r"[A-Za-z]")
_SHORT_SECTION = 90


def ico_cells(table: Table) -> tuple[Valued, ...]:
    """The cells that print a group's value, with headers completed and sizes joined."""
    table = with_heads(table)
    sections, overrides = _sections(table)
    rows = _row_labels(table, _group_columns(table))
    values = valued_cells(table)
    tops = {one.cell.column_headers[:1] for one in values}
    replaced = tops.pop() if len(tops) == 1 and len({one.cell.column for one in values}) > 1 and sections else ()
    intervals = _interval_columns(table)
    units = _time_stub(table)
    found = []
    people = {one.cell.row for one in values if any(_PEOPLE_HEAD.match(head) for head in one.cell.column_headers[-1:])}
    for one in _with_bracket_rows(table, values):
        if _is_contrast(one) or (
            one.cell.row in people and any(_EVENT_HEAD.match(head) for head in one.cell.column_headers[-1:])
        ):
            continue
        one = _timed(one, units)
        one = _headers(one, sections.get(one.cell.row), overrides.get((one.cell.row, one.cell.column)), rows)
        if (
            replaced and one.cell.row in sections
        ):  # a line inside the table takes the place of the head above all columns
            one = replace(one, cell=one.cell._replace(column_headers=one.cell.column_headers[1:]))
        if one.cell.column in intervals and one.value.low is not None and one.value.spread is None:
            one = replace(one, value=replace(one.value, kind="mean", spread="CI"))
        if not _is_size_column(one) and not any(_SCORE_HEAD.match(head) for head in one.cell.column_headers[-1:]):
            found.append(_share_of_header(_sized_bracket(one)))
            found += _as_proportion(found[-1])
    return tuple(found)


def _is_contrast(one: Valued) -> bool:
    """Whether its row compares two groups: "A versus B", "treatment difference"."""
    return any(_CONTRAST.search(label) for label in one.cell.row_headers)


def _time_stub(table: Table) -> str | None:
    """The unit if the first column lists times as bare numbers under "Weeks" or "Time (h)"."""
    for cell in table.cells:
        if cell.column == 0 and cell.row <= _HEAD_ROWS and (match := _TIME_HEAD.match(cell.text.strip())):
            return next(unit for unit in match.groups() if unit).lower()
    return None


def _timed(one: Valued, unit: str | None) -> Valued:
    """ "24" under "Weeks" is the row "24 weeks"."""
    labels = one.cell.row_headers
    if unit is None or not any(_NUMBER.fullmatch(label.strip()) for label in labels):
        return one
    named = tuple(f"{label.strip()} {unit}" if _NUMBER.fullmatch(label.strip()) else label for label in labels)
    return replace(one, cell=one.cell._replace(row_headers=named))


def _as_proportion(one: Valued) -> list[Valued]:
    """ "0.767" beside an n of 404, under "Mean", may be the share of people who have what the row names."""
    value, n = one.value, to_number(one.size.text) if one.size is not None else None
    digits = re.fullmatch(r"0?\.(\d{3,4})", value.text.strip())
    if value.kind != "value" or value.mean is None or not n or not digits or one.spread is not None:
        return []
    printed = f"{100 * value.mean:.{len(digits[1]) - 2}f}%"
    share = CellValue(printed, "percent", mean=100 * value.mean, percent=round(100 * value.mean, 4), total=n)
    return [replace(one, value=share)]


def _interval_columns(table: Table) -> set[int]:
    """Columns with a cell without numbers of its own that speaks of confidence intervals."""
    return {
        cell.column
        for cell in table.cells
        if re.search(r"\bCI\b|confidence interval", cell.text) and not re.search(r"\d[^%]*[(\[].*\d", cell.text)
    }


def _is_size_column(one: Valued) -> bool:
    heads = one.cell.column_headers
    return len(heads) > 1 and bool(N_HEAD.match(heads[-1])) and one.value.kind == "count" and one.spread is None


def _headers(one: Valued, section: str | None, size: str | None, rows: dict[int, tuple[str, ...]]) -> Valued:
    cell = one.cell
    row_headers = cell.row_headers
    own = rows.get(cell.row, ())
    row_headers = (*row_headers, *(text for text in own if text not in row_headers))
    if section and section not in row_headers and section not in cell.column_headers:
        row_headers = (section, *row_headers)
    column_headers = cell.column_headers
    if size:
        column_headers = (
            *(SIZE.sub("", head).strip(" ,") if SIZE.search(head) else head for head in column_headers),
            size,
        )
    if row_headers == cell.row_headers and column_headers == cell.column_headers:
        return one
    return replace(one, cell=cell._replace(row_headers=row_headers, column_headers=column_headers))


def _sections(table: Table) -> tuple[dict[int, str], dict[tuple[int, int], str]]:
    """Lines inside the table without values: the section each row stands in, and sizes that hold from there on."""
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            by_row.setdefault(cell.row, []).append(cell)
    sections: dict[int, str] = {}
    sizes: dict[tuple[int, int], str] = {}
    current: str | None = None
    held: dict[int, str] = {}
    for row in sorted(by_row):
        cells = by_row[row]
        if all(cell.is_header for cell in cells):
            continue
        texts = {cell.text.strip() for cell in cells}
        if len(texts) == 1 and _is_section(cells[0]):
            current, held = cells[0].text.strip(), {}
            continue
        if len(cells) > 1 and all(SIZE.fullmatch(cell.text.strip()) for cell in cells if cell.column > 0):
            held = {cell.column: cell.text.strip() for cell in cells if cell.column > 0}
            continue
        if current:
            sections[row] = current
        for column, text in held.items():
            sizes[row, column] = text
    return sections, sizes


def _is_section(cell: Cell) -> bool:
    text = cell.text.strip()
    return (
        cell.column > 0 and len(text) <= _SHORT_SECTION and bool(_PLAIN_LABEL.search(text)) and parse_cell(text) is None
    )


def _group_columns(table: Table) -> set[int]:
    """Columns whose cells name groups: a head "Group", or a few short texts that come again and again."""
    columns: dict[int, list[Cell]] = {}
    heads: dict[int, tuple[str, ...]] = {}
    for cell in table.cells:
        if not cell.is_header and cell.text.strip():
            columns.setdefault(cell.column, []).append(cell)
            heads.setdefault(cell.column, cell.column_headers)
    found = set()
    for column, cells in columns.items():
        texts = [cell.text.strip() for cell in cells]
        wordy = all(_PLAIN_LABEL.match(text) and len(text) <= 40 and parse_cell(text) is None for text in texts)
        told = any(_GROUP_HEAD.match(head) for head in heads[column][-1:])
        again = len(texts) >= 4 and 2 <= len(set(texts)) <= 4 and len(texts) >= 2 * len(set(texts))
        in_turn = all(a != b for a, b in pairwise(texts))
        if column > 0 and wordy and (told or (again and in_turn)):
            found.add(column)
    return found


def _row_labels(table: Table, groups: set[int]) -> dict[int, tuple[str, ...]]:
    """For rows of a table with a group column: the label, carried on to rows that leave it out, and the group."""
    if not groups:
        return {}
    found: dict[int, tuple[str, ...]] = {}
    names: dict[int, str] = {}
    labels: dict[int, str] = {}
    first = min(groups)
    for cell in table.cells:
        text = cell.text.strip()
        if text and cell.column in groups and not cell.is_header:
            names[cell.row] = text
        elif cell.column < first and _PLAIN_LABEL.search(text) and cell.row not in labels:
            labels[cell.row] = text
    label = ""
    for row in sorted(names):
        label = labels.get(row, label)
        found[row] = tuple(text for text in (label, names[row]) if text)
    return found


def _with_bracket_rows(table: Table, found: Sequence[Valued]) -> list[Valued]:
    """A line of numbers in brackets under a line of values, without a label of its own, holds their spreads."""
    places = {(cell.row, cell.column): cell for cell in table.cells}
    joined = []
    for one in found:
        below = places.get((one.cell.row + 1, one.cell.column))
        label = places.get((one.cell.row + 1, 0))
        if (
            one.value.kind in ("value", "count")
            and below is not None
            and re.fullmatch(r"[(\[]\s*\.?\d[\d.]*\s*[)\]]", below.text.strip())
            and not (label and label.text.strip())
        ):
            spread = to_number(below.text.strip().strip("()[] "))
            value = replace(one.value, kind="unclear", sd=spread, events=None)
            about = f"{table.caption or ''} {' '.join(text for _, text in table.footnotes)}"
            if re.search(r"standard deviation|\bsd\b", about, re.IGNORECASE):
                value = replace(value, kind="mean")
            elif re.search(r"standard error|\bse\b", about, re.IGNORECASE):
                value = replace(value, kind="mean", sd=None, se=spread)
            one = replace(one, value=value, spread=below)
        joined.append(one)
    return joined


def _sized_bracket(one: Valued) -> Valued:
    """ "1.2 (68)" under "Mean score (n)" is a mean of 68."""
    heads = " ".join((*one.cell.column_headers[-1:], *one.cell.row_headers))
    last = _LAST_BRACKET.search(one.value.text)
    if last and one.value.kind == "mean" and one.value.total is None and _WITH_N.search(heads):
        return replace(one, value=replace(one.value, total=float(last[1])))
    match = _BRACKET.match(one.value.text)
    if not match or not _MEAN_N.search(heads) or one.value.mean is None:
        return one
    value = CellValue(one.value.text, "value", mean=one.value.mean, total=float(match[1]))
    return replace(one, value=value)


def _share_of_header(one: Valued) -> Valued:
    """ "9 (75.0)" is 9 of 12 if its own headers print that size and the percentage fits it, whatever they call it."""
    value = one.value
    percent = value.percent if value.sd is None else value.sd
    if (
        value.kind not in ("mean", "count or mean", "unclear")
        or value.mean is None
        or percent is None
        or "±" in value.text
    ):
        return one
    if value.mean != int(value.mean) or value.mean < 0 or "." in value.text.split("(")[0] or value.mean == 0:
        return one
    for head in (*reversed(one.cell.row_headers), *reversed(one.cell.column_headers)):
        for size in _sizes_in(head):
            near = 0.51 if percent == int(percent) else 0.06
            if size >= value.mean and abs(100 * value.mean / size - percent) <= near:
                return replace(
                    one, value=CellValue(value.text, "share", events=value.mean, percent=percent, total=size)
                )
    return one


def _sizes_in(head: str) -> list[float]:
    found = [float(match[1].replace(",", "")) for match in SIZE.finditer(head)]
    for match in _ROW_SIZES.finditer(head):
        found += [float(match[2]), float(match[4])]
    return [size for size in found if size]
