"""`evidence query`: find evidence rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from pipeline.ask.query import Filters, find_rows, titles
from pipeline.ask.summary import GROUPS, Summary, summarise
from pipeline.ask.values import Row
from pipeline.cli.evidence_table import write_evidence
from pipeline.cli.tables import FORMATS, write_rows
from pipeline.store import open_store

_COLUMNS = (
    "result_id", "comparison_id", "paper", "year", "design", "population", "histology", "regimen", "comparator",
    "outcome", "value", "comparator_value", "p", "direction", "timepoint", "attribution", "quote", "page", "confidence",
)  # fmt: skip
_GROUP_COLUMNS = (
    "papers", "rows", "patients", "events", "total", "share", "low", "high", "mean_low", "mean_high", "unit",
)  # fmt: skip


@click.command(name="query")
@click.argument("db", type=click.Path(path_type=Path))
@click.option("--drug", multiple=True, help="Any name, brand or abbreviation; more than one: given together.")
@click.option("--condition", multiple=True, help="Disease or state that the paper is about.")
@click.option("--histology", multiple=True, help="Lesion, for example FSGS.")
@click.option("--outcome", multiple=True, help="What was measured, for example remission.")
@click.option("--design", help="Study design, for example `case report`.")
@click.option("--attribution", type=click.Choice(["own", "cited", "background"]), help="Whose finding it is.")
@click.option("--paper", help="paper_id, DOI, PMID, PMCID or file name.")
@click.option("--text", help='Words in the quoted passage: words, "phrases", prefix*, AND, OR, NOT.')
@click.option("--role", type=click.Choice(["intervention", "comparator", "background", "previous"]), help="Of the arm.")
@click.option("--year-from", type=int, help="Published in this year or later.")
@click.option("--year-to", type=int, help="Published in this year or earlier.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Rows under 0.5 are leads.")
@click.option("--group-by", help=f"Counts of the papers' own rows by {', '.join(GROUPS)}.")
@click.option("--limit", type=click.IntRange(min=0), help="At most so many rows, or groups.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def command(db: Path, limit: int | None, form: str, group_by: str | None, **filters: object) -> int:
    """Find evidence rows.

    All filters must hold. Each row is one result with its comparison beside it and the sentence it stands in.
    """
    if group_by is not None and filters["attribution"] is None:
        filters["attribution"] = "own"  # what others cite would be counted twice
    chosen = Filters(**filters)  # type: ignore[arg-type]
    by = tuple(name.strip() for name in (group_by or "").split(",") if name.strip())
    if db.is_dir():
        return _query_shards(db, chosen, by if group_by is not None else None, limit, form)
    with open_store(db, read_only=True) as store:
        if group_by is not None:
            return _write_groups(summarise(store, chosen, by)[:limit], by, form)
        return _write_found(find_rows(store, chosen, limit=limit), lambda: titles(store), form)


def _query_shards(folder: Path, filters: Filters, by: tuple[str, ...] | None, limit: int | None, form: str) -> int:
    """The same from Parquet shards, through DuckDB; a paper told by two files is two papers."""
    from pipeline.ask.shards import Shards, find_shard_rows, shard_titles, summarise_shards

    with Shards(folder) as shards:
        if by is not None:
            return _write_groups(summarise_shards(shards, filters, by)[:limit], by, form)
        return _write_found(find_shard_rows(shards, filters, limit=limit), lambda: shard_titles(shards), form)


def _write_found(rows: Iterable[Row], titled: Callable[[], dict[str, tuple[str, str]]], form: str) -> int:
    if form != "table":
        write_rows(rows, _COLUMNS, form=form)
        return 0
    count = write_evidence(rows, titled())
    click.echo(f"{count} rows" if count != 1 else "1 row", err=True)
    return 0


def _write_groups(groups: Iterable[Summary], by: tuple[str, ...], form: str) -> int:
    write_rows((_group(by, group, form) for group in groups), (*by, *_GROUP_COLUMNS), form=form)
    return 0


def _group(by: tuple[str, ...], group: Summary, form: str) -> Row:
    """The fields of a group; on a terminal, shares with their interval as people write them."""
    values: Row = {**dict(zip(by, group.group, strict=True)), **{name: getattr(group, name) for name in _GROUP_COLUMNS}}
    if form == "table":
        for name in ("share", "low", "high"):
            number = getattr(group, name)
            values[name] = None if number is None else f"{100 * number:.0f}%"
    return values
