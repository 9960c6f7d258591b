"""The cells of a table that print a group's value, with spreads from columns beside and rows below joined to them.

Place in the flow: shared by the results that `relate` takes from tables and by `evidence ico`. Columns of tests,
differences and spreads are no values; what a cell's numbers mean is told by `table_values`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Cell, Table
from pipeline.relate.table_shares import COUNT_ROW, printed_sizes, sure_shares
from pipeline.relate.table_values import CellValue, parse_cell, to_number

NOT_VALUES = re.compile(
    r"^\W*(?:p|p[ -]?values?\b.*|sig\w*|χ2|x2|t|f|z|df|u|difference.*|(?:mean )?diff.*|effect.*|or|rr|hr|odds.*"
    r"|relative.*|hazard.*|risk.*|adjusted.*|cohen.*|95% ?ci.*|ci|comparison.*|interaction.*"
    r"|es|η2.*|β.*|reference.*|ref|test.*)\b\W*$",
    re.IGNORECASE,
)
_POOLED = re.compile(r"^\W*(?:total|all.*|overall.*)\b\W*$", re.IGNORECASE)
TEST_HEAD = re.compile(r"^\W*(?:p|p.?values?|χ2|t|f|z)\W*$", re.IGNORECASE)
_VERSUS = re.compile(
    r"\bvs\.?\b|\bversus\b|difference between|\s[-–−]\s?(?:placebo|control)|/\s?placebo", re.IGNORECASE
)
N_HEAD = re.compile(r"^\W*(?:n|no\.?|number(?: of (?:patients|subjects|participants))?)\W*$", re.IGNORECASE)
_WHOLE = re.compile(r"^\W*\d[\d,]*\W*$")
_SD_HEAD = re.compile(r"^\W*(?:s\.?d\.?|standard deviations?|std.*|±\s*s\.?d\.?)\W*$", re.IGNORECASE)
_SE_HEAD = re.compile(r"^\W*(?:s\.?e\.?m?\.?|standard errors?|std\.? err.*)\W*$", re.IGNORECASE)
_CI_HEAD = re.compile(r"^\W*(?:95\s?% ?)?(?:ci|confidence intervals?)\W*(?:95\s?%)?\W*$", re.IGNORECASE)
_PERCENT_HEAD = re.compile(r"^\W*\(?(?:%|per ?cent|percentage)\)?\W*$", re.IGNORECASE)
_MEDIAN_HEAD = re.compile(r"^\W*(?:median|iqr|range|min\w*|max\w*|q1|q3)\b", re.IGNORECASE)
_SPREAD_HEADS = (_SD_HEAD, _SE_HEAD, _CI_HEAD, _PERCENT_HEAD)
STATISTIC = re.compile(
    r"^\W*(?:mean|m|n|no\.?|number|value|mean\s*(?:±|\(|,|/)?\s*\(?s\.?[de]\.?m?\)?|n\s*\(%\)|n, %|%|median)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Valued:
    """A cell with its value; `spread` is the cell beside or below it that prints its SD, SE,
    interval or percentage, `size` the one to the left under "n", `people` the group's size in a row of sizes above.
    """

    cell: Cell
    value: CellValue
    spread: Cell | None = None
    size: Cell | None = None
    people: float | None = None


def valued_cells(table: Table) -> list[Valued]:
    """Cells that print the value of a group; columns of tests, differences, spreads and group sizes left out."""
    around = " ".join([table.caption or "", *(text for _, text in table.footnotes)])
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if not cell.is_header and cell.text:
            by_row.setdefault(cell.row, []).append(cell)
    found = []
    for row in by_row.values():
        for position, cell in enumerate(row):
            if not _never(cell):
                value = _value(around, cell, row[position + 1 : position + 3])
                if value is not None:
                    found.append(replace(value, size=_size_left(row[:position], cell)))
    return _shares(_with_spread_rows(found), table)


def _shares(found: list[Valued], table: Table) -> list[Valued]:
    """Counts made sure: "18 (16.2)" under n = 111 is 18 of 111; "0" beside shares of the same row is a count too."""
    used = {(one.spread.row, one.spread.column) for one in found if one.spread is not None}
    found = [one for one in found if (one.cell.row, one.cell.column) not in used]
    sizes = printed_sizes(table)
    found = [replace(one, people=sizes.get((one.cell.row, one.cell.column))) for one in found]
    values = sure_shares([(one.cell, one.value, one.people) for one in found])
    found = [replace(one, value=value) for one, value in zip(found, values, strict=True)]
    rows = {one.cell.row for one in found if one.value.kind == "share"}
    return [
        replace(one, value=replace(one.value, kind="share", mean=None))
        if one.cell.row in rows and one.value.kind == "count"
        else one
        for one in found
    ]


def _size_left(left: Sequence[Cell], cell: Cell) -> Cell | None:
    """The nearest cell to the left under a head "n" of the same group of columns."""
    outer = cell.column_headers[:-1]
    for other in reversed(left[-3:]):
        heads = other.column_headers
        if heads and heads[:-1] == outer and N_HEAD.match(heads[-1]) and _WHOLE.match(other.text):
            return other
    return None


def _never(cell: Cell) -> bool:
    heads = cell.column_headers
    if heads and (NOT_VALUES.match(heads[-1]) or (len(heads) == 1 and TEST_HEAD.match(heads[0]))):
        return True
    if len(heads) == 1 and _POOLED.match(heads[0]):
        return True  # everybody; below a group's name it is everybody of that group
    if any(_VERSUS.search(head) for head in heads):
        return True
    label = cell.row_headers[-1] if cell.row_headers else ""
    return bool(TEST_HEAD.match(label) or COUNT_ROW.match(label))


def _value(around: str, cell: Cell, right: Sequence[Cell]) -> Valued | None:
    inner = cell.column_headers[-1] if cell.column_headers else ""
    label = cell.row_headers[-1] if cell.row_headers else ""
    if any(pattern.match(inner) for pattern in _SPREAD_HEADS) or (
        _MEDIAN_HEAD.match(label) and "mean" not in label.lower()
    ):
        value = parse_cell(cell.text, f"{inner} {label}")
        return (
            Valued(cell, replace(value, kind="percent", percent=value.mean))
            if value
            and _PERCENT_HEAD.match(inner)
            and value.mean is not None
            and value.kind in ("count", "value", "percent")
            else None
        )
    context = " ".join([around, *cell.column_headers, *cell.row_headers])
    value = parse_cell(cell.text, f"{inner} {label}", context)
    if value is None or value.kind == "spread":
        return None
    return _with_spread_beside(cell, value, right)


def _with_spread_beside(cell: Cell, value: CellValue, right: Sequence[Cell]) -> Valued:
    """An SD, SE, interval or percentage printed in the column to the right under its own head."""
    if value.kind not in ("value", "count", "percent", "zero"):
        return Valued(cell, value)
    for beside in right:
        heads = beside.column_headers
        if (
            not heads
            or beside.column > cell.column + 1
            or (tuple(cell.column_headers[:-1]) != tuple(heads[:-1]) and len(cell.column_headers) < len(heads))
        ):
            continue
        text = beside.text.strip().strip("()[]±").strip()
        number = to_number(text.rstrip("%"))
        if number is not None and _SD_HEAD.match(heads[-1]):
            return Valued(cell, replace(value, kind="mean", sd=number), beside)
        if number is not None and _SE_HEAD.match(heads[-1]):
            return Valued(cell, replace(value, kind="mean", se=number), beside)
        if number is not None and _PERCENT_HEAD.match(heads[-1]) and value.events is not None:
            return Valued(cell, replace(value, kind="share", percent=number), beside)
        if _CI_HEAD.match(heads[-1]):
            bounds = parse_cell(beside.text, "95% CI")
            if bounds and bounds.low is not None and bounds.high is not None:
                return Valued(cell, replace(value, kind="mean", low=bounds.low, high=bounds.high, spread="CI"), beside)
    return Valued(cell, value)


def _with_spread_rows(found: list[Valued]) -> list[Valued]:
    """Rows "Mean" and "SD" under each other: the SD joins the mean, its own row goes."""
    labels = {one.cell.row: one.cell.row_headers[-1] if one.cell.row_headers else "" for one in found}
    spreads = {row: ("se" if _SE_HEAD.match(text) else "sd") for row, text in labels.items()
               if _SD_HEAD.match(text) or _SE_HEAD.match(text)}  # fmt: skip
    if not spreads:
        return found
    by_place = {(one.cell.row, one.cell.column): one for one in found}
    joined = []
    for one in found:
        if one.cell.row in spreads:
            continue
        for row in (one.cell.row + 1, one.cell.row + 2):
            other = by_place.get((row, one.cell.column))
            if other is not None and row in spreads and one.value.kind in ("value", "count"):
                spread = other.value.mean
                sd, se = (spread, None) if spreads[row] == "sd" else (None, spread)
                one = Valued(one.cell, replace(one.value, kind="mean", sd=sd, se=se), other.cell)
                break
        joined.append(one)
    return joined
