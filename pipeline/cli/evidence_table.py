"""Evidence rows for people: one block per paper, the rows under each other, each sentence once below its rows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import groupby

import click

from pipeline.ask.values import Value
from pipeline.cli.tables import cells, fit, header, lines, terminal_width
from pipeline.safe import safe

Row = dict[str, Value]
_COLUMNS = ("row", "regimen", "comparator", "outcome", "value", "versus", "p", "direction", "timepoint", "whose")
_SENTENCE = 280  # characters of a quote shown; `evidence show` has all of it
_INDENT = "     "


def write_evidence(rows: Iterable[Row], titles: dict[str, tuple[str, str]]) -> int:
    """Write the rows; returns their number. `titles` leads from paper_id to source and title."""
    count = 0
    for paper, group in groupby(rows, key=lambda row: str(row["paper"])):
        members = list(group)
        count += len(members)
        click.echo(click.style(_heading(paper, members[0], titles), bold=True))
        data = [cells(_shown(row), _COLUMNS) for row in members]
        widths = fit(data, _COLUMNS)
        blocks = [header(widths)]
        for position, row in enumerate(members):
            blocks.append(lines(data[position], widths))
            if position + 1 == len(members) or members[position + 1]["quote"] != row["quote"]:
                blocks.append([_quote(row)])
        click.echo("\n".join(line for block in blocks for line in block) + "\n")
    return count


def _heading(paper: str, row: Row, titles: dict[str, tuple[str, str]]) -> str:
    facts = [str(row[name]) for name in ("year", "design", "population") if row[name]]
    source, title = titles[paper]
    name = source if paper.startswith("sha256:") else paper
    return f"{safe(name)}  {safe(title)}" + (f" ({safe(', '.join(facts))})" if facts else "")


def _shown(row: Row) -> Row:
    return {
        "row": "#" + str(row["result_id"]).rsplit("#", 1)[-1],
        "regimen": row["regimen"],
        "comparator": row["comparator"],
        "outcome": row["outcome"],
        "value": row["value"],
        "versus": row["comparator_value"],
        "p": row["p"],
        "direction": row["direction"],
        "timepoint": row["timepoint"],
        "whose": row["attribution"] if row["attribution"] != "own" else None,
    }


def _quote(row: Row) -> str:
    text = safe(str(row["quote"]))
    text = text if len(text) <= _SENTENCE else text[: _SENTENCE - 2] + " …"
    page = f", page {row['page']!s}" if row["page"] is not None else ""
    place = "" if row["source_start"] is None else f", characters {row['source_start']!s}-{row['source_end']!s}"
    return textwrap.fill(
        f"“{text}” [{row['section']!s}{page}{place}]",
        terminal_width(),
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
    )
