"""Which cells "6 (37.5)" of a table are shares of people, where no header says so: their numbers tell.

Place in the flow: called by `table_cells` for all cells of a table. A group's size stands in a header ("n = 16") or
in a row of sizes ("Total patients, N") above. Where neither is printed, cells of one column that are shares of one
and the same size give each other away: 6 (37.5), 1 (6.3) and 2 (12.5) are all of 16.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import Cell, Table
from pipeline.relate.table_values import CellValue, hints, is_share_of, to_number
from pipeline.tag.people import PEOPLE

SIZE = re.compile(r"[\[(]?\s*\b[nN]\s*(?:=|:|＝)\s*(\d[\d,]*)\s*(?:[)\]]|(?=[;,]))?")
COUNT_ROW = re.compile(
    rf"^\W*(?:total\s*)?(?:n|no\.?|number(?: of (?:{PEOPLE}|cases))?|patients|subjects|participants|sample size)"
    r"\W*(?:\(?n\)?)?\W*$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"^\s*\d[\d,]*\s*[(\[]\s*\d+(?:[.·](\d+))?\s*[)\]]")  # "6 (37.5)"
_ALIKE = 3  # cells of a column, apart in their numbers, that must be shares of one size
_ROUNDED = 0.51  # percent printed without decimals
_LARGEST = 5_000  # people: beyond, a percentage with one decimal fits too many sizes

Sized = tuple[Cell, CellValue, float | None]
"""A cell, its value, and the group's size in a row of sizes above it."""


def printed_sizes(table: Table) -> dict[tuple[int, int], float]:
    """(row, column) of each cell → the group's size printed in the nearest row of sizes above it in its column."""
    sizes: dict[tuple[int, int], float] = {}
    current: dict[int, float] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        size = to_number(cell.text) if cell.row_headers and COUNT_ROW.match(cell.row_headers[-1]) else None
        if size is not None and size == int(size) and size > 0:
            current[cell.column] = size
        elif cell.column in current:
            sizes[cell.row, cell.column] = current[cell.column]
    return sizes


def sure_shares(cells: Sequence[Sized]) -> list[CellValue]:
    """The values in the same order; those that can only be counts with a percentage are of the kind "share"."""
    open_values = [_opened(cell, value) for cell, value, _ in cells]
    common = _common_sizes(cells, open_values)
    found = []
    for (cell, value, above), opened in zip(cells, open_values, strict=True):
        told = _sizes_of(cell, above)
        is_share = opened is not None and (
            any(_fits_roughly(opened, size) for size in told)
            if told
            else any(_fits(opened, size) for size in common.get(cell.column, ()))
        )
        found.append(replace(opened, kind="share", mean=None) if opened is not None and is_share else value)
    return found


def _opened(cell: Cell, value: CellValue) -> CellValue | None:
    """`value` as "count or mean" if that is all its text tells, None if its own headers or signs say more."""
    if value.kind == "count or mean":
        return value if value.events is not None and value.percent is not None else None
    inner = " ".join((*cell.column_headers[-1:], *cell.row_headers[-1:]))
    if value.kind != "mean" or value.mean is None or value.sd is None or not _BRACKET.match(cell.text):
        return None
    if hints(inner) & {"mean", "sd", "se", "ci"} or value.second is not None or value.sd > 100:
        return None
    return replace(value, kind="count or mean", events=value.mean, percent=value.sd, sd=None)


def _sizes_of(cell: Cell, above: float | None) -> list[float]:
    heads = [SIZE.search(head) for head in (*cell.column_headers, *cell.row_headers)]
    found = [float(match[1].replace(",", "")) for match in heads if match]
    return found if above is None else [*found, above]


def _fits_roughly(value: CellValue, size: float) -> bool:
    """For a printed size: percentages of a tenth are often one off in the last digit ("19 (63.4)" of 30)."""
    if value.events is None or value.percent is None or value.events > size:
        return False
    near = _ROUNDED if value.percent == int(value.percent) else _ROUNDED / 5
    return abs(100 * value.events / size - value.percent) <= near


def _fits(value: CellValue, size: float) -> bool:
    return is_share_of(value.events, size, value.percent, value.text)


def _common_sizes(cells: Sequence[Sized], open_values: Sequence[CellValue | None]) -> dict[int, frozenset[int]]:
    """Column → sizes of which `_ALIKE` or more of its cells, with different numbers, are shares."""
    votes: dict[int, Counter[int]] = {}
    seen: set[tuple[int, float, float]] = set()
    for (cell, value, _), opened in zip(cells, open_values, strict=True):
        one = opened or (value if value.kind == "share" and value.total is None else None)
        match = _BRACKET.match(cell.text)
        if one is None or not one.events or not one.percent or match is None or match[1] is None:
            continue
        key = (cell.column, one.events, one.percent)
        if key not in seen:
            seen.add(key)
            votes.setdefault(cell.column, Counter()).update(_possible(one))
    return {
        column: frozenset(size for size, cells_of in found.items() if cells_of >= _ALIKE)
        for column, found in votes.items()
    }


def _possible(value: CellValue) -> list[int]:
    """Sizes of which the events are the printed percentage."""
    if not value.events or not value.percent:
        return []
    middle = 100 * value.events / value.percent
    reach = int(middle * 0.1 / value.percent) + 2
    return [
        size
        for size in range(max(int(value.events), int(middle) - reach), int(middle) + reach + 1)
        if size <= _LARGEST and _fits(value, size)
    ]
