"""Rows → table, csv, tsv or jsonl on stdout."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

import click

from pipeline.ask.values import Value
from pipeline.safe import safe, safe_cell

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
    """A table as wide as the terminal (140 where there is none); long cells are wrapped, empty columns left out."""
    data = [cells(row, columns) for row in rows]
    if not data:
        return 0
    widths = fit(data, columns)
    for line in (*header(widths), *(line for row in data for line in lines(row, widths))):
        click.echo(line)
    return len(data)


def cells(row: dict[str, Value], columns: Sequence[str]) -> dict[str, str]:
    """The row as harmless text, ready for `lines`."""
    return {name: _cell(row[name]) for name in columns}


def terminal_width() -> int:
    """Characters per line of the terminal, 140 where there is none."""
    return shutil.get_terminal_size((140, 24)).columns


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else safe(str(value))


def fit(data: Sequence[dict[str, str]], columns: Sequence[str]) -> dict[str, int]:
    """Widths of the columns that hold anything: each what it needs, and if that is too much, the widest give way."""
    filled = [name for name in columns if any(row[name] for row in data)]
    room = terminal_width() - _GAP * (len(filled) - 1)
    widths = {name: max(len(name), *(len(row[name]) for row in data)) for name in filled}
    floors = {name: max(len(name), min(widths[name], 10)) for name in filled}
    while sum(widths.values()) > room:
        widest = max(filled, key=lambda name: widths[name] - floors[name])
        if widths[widest] <= floors[widest]:
            break
        widths[widest] -= 1
    return widths


def header(widths: dict[str, int]) -> list[str]:
    """Column names over a rule."""
    return [*lines({name: name for name in widths}, widths), "  ".join("-" * width for width in widths.values())]


def lines(row: dict[str, str], widths: dict[str, int]) -> list[str]:
    """One row as lines; long cells are wrapped."""
    wrapped = {name: textwrap.wrap(row[name], width) or [""] for name, width in widths.items()}
    made = []
    for number in range(max(len(part) for part in wrapped.values())):
        parts = ((part[number] if number < len(part) else "").ljust(widths[name]) for name, part in wrapped.items())
        made.append("  ".join(parts).rstrip())
    return made
