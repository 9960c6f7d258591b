"""The public views as CSV, JSON lines and Parquet: one file per view."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.selection import VIEWS, Row, Selection, Value
from pipeline.safe import safe_cell
from pipeline.store import Store

if TYPE_CHECKING:
    import pyarrow

_INTEGERS = frozenset(
    "year n n_total page is_table char_start char_end source_start source_end".split(),
)
_NUMBERS = frozenset(
    "value sd se low high events total percent confidence effect ci_low ci_high p_value dose_low dose_high target_low"
    " target_high coverage".split()
)


def columns_of(store: Store, view: str) -> list[str]:
    """Column names of a view, in its order."""
    return [str(row["name"]) for row in store.rows("SELECT name FROM pragma_table_info(?)", (view,))]


def write_csv(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`<view>.csv` in UTF-8. A text that a spreadsheet would run gets an apostrophe before it."""
    files = []
    for view in VIEWS:
        path = folder / f"{view}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            write_rows(file, columns_of(store, view), selection.rows(store, view))
        files.append(path)
    return files


def write_rows(file: Any, columns: Sequence[str], rows: Any) -> None:
    """A header and rows of dictionaries as CSV."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])


def _cell(value: Value) -> Value:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 8 events, not 8.0
    return safe_cell(value) if isinstance(value, str) else value


def write_jsonl(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`<view>.jsonl`; columns that hold JSON (`drugs`, `bbox`) are lists here, not strings."""
    files = []
    for view in VIEWS:
        path = folder / f"{view}.jsonl"
        columns = columns_of(store, view)
        with path.open("w", encoding="utf-8") as file:
            for row in selection.rows(store, view):
                file.write(json.dumps({name: _parsed(name, row[name]) for name in columns}, ensure_ascii=False) + "\n")
        files.append(path)
    return files


def _parsed(name: str, value: Value) -> Any:
    if isinstance(value, str) and (name == "bbox" or name.startswith("drugs")):
        return json.loads(value)
    return value


def write_parquet(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`<view>.parquet` with the types of the contract; unknown is null."""
    import pyarrow.parquet

    files = []
    for view in VIEWS:
        path = folder / f"{view}.parquet"
        columns = columns_of(store, view)
        pyarrow.parquet.write_table(_table(view, columns, list(selection.rows(store, view))), path)
        files.append(path)
    return files


def _table(view: str, columns: list[str], rows: list[Row]) -> pyarrow.Table:
    import pyarrow

    fields = [pyarrow.field(name, _type(view, name)) for name in columns]
    arrays = [
        pyarrow.array([row[name] for row in rows], field.type) for name, field in zip(columns, fields, strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields))


def _type(view: str, name: str) -> Any:
    import pyarrow

    if name in _INTEGERS:
        return pyarrow.int64()
    # In `evidence`, for people, the value is the printed text.
    return pyarrow.float64() if name in _NUMBERS and view != "evidence" else pyarrow.string()
