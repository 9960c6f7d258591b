"""Rows → table, csv, tsv or jsonl on stdout."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Iterable, Sequence

import click

from pipeline.cli.safe import safe, safe_cell

Value = str | int | float | bytes | None
FORMATS = ("table", "csv", "tsv", "jsonl")
_GAP = 2


def write_rows(rows: Iterable[dict[str, Value]], columns: Sequence[str], *, form: str) -> int:
    """Write all rows; returns their number. `columns` choose and order the columns of every form."""
    if form == "jsonl":
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 (the last count is the answer)
            click.echo(json.dumps({name: row[name] for name in columns}, ensure_ascii=False))
        return count
    if form == "table":
        return write_table(rows, columns)
    writer = csv.writer(sys.stdout, delimiter="\t" if form == "tsv" else ",", lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow([_plain(row[name], form) for name in columns])
    return count


def _plain(value: Value, form: str) -> Value:
    if not isinstance(value, str):
        return value
    return safe_cell(" ".join(value.split()) if form == "tsv" else value)


def write_table(rows: Iterable[dict[str, Value]], columns: Sequence[str]) -> int:
    """A table as wide as the terminal (120 where there is none); long cells are wrapped, empty columns left out."""
    data = [{name: _cell(row[name]) for name in columns} for row in rows]
    if not data:
        return 0
    columns = [name for name in columns if any(row[name] for row in data)]
    width = shutil.get_terminal_size((140, 24)).columns
    widths = _widths(data, columns, width - _GAP * (len(columns) - 1))
    _write_line({name: name for name in columns}, widths)
    click.echo("  ".join("-" * widths[name] for name in columns))
    for row in data:
        _write_line(row, widths)
    return len(data)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else safe(str(value))


def _widths(data: Sequence[dict[str, str]], columns: Sequence[str], room: int) -> dict[str, int]:
    """Every column what it needs, and if that is too much, the widest give way."""
    widths = {name: max(len(name), *(len(row[name]) for row in data)) for name in columns}
    floors = {name: max(len(name), min(widths[name], 10)) for name in columns}
    while sum(widths.values()) > room:
        widest = max(columns, key=lambda name: widths[name] - floors[name])
        if widths[widest] <= floors[widest]:
            break
        widths[widest] -= 1
    return widths


def _write_line(row: dict[str, str], widths: dict[str, int]) -> None:
    import textwrap

    cells = {name: textwrap.wrap(row[name], width) or [""] for name, width in widths.items()}
    for number in range(max(len(lines) for lines in cells.values())):
        parts = ((lines[number] if number < len(lines) else "").ljust(widths[name]) for name, lines in cells.items())
        click.echo("  ".join(parts).rstrip())
