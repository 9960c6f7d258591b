"""`evidence query`: find evidence rows."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.ask.query import Filters, find_rows, titles
from pipeline.cli.evidence_table import write_evidence
from pipeline.cli.tables import FORMATS, write_rows
from pipeline.store import open_store

_COLUMNS = (
    "result_id", "comparison_id", "paper", "year", "design", "population", "histology", "regimen", "comparator",
    "outcome", "value", "comparator_value", "p", "direction", "timepoint", "attribution", "quote", "page",
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
@click.option("--limit", type=click.IntRange(min=0), help="At most so many rows.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def command(
    db: Path,
    drug: tuple[str, ...],
    condition: tuple[str, ...],
    histology: tuple[str, ...],
    outcome: tuple[str, ...],
    design: str | None,
    attribution: str | None,
    paper: str | None,
    text: str | None,
    limit: int | None,
    form: str,
) -> int:
    """Find evidence rows.

    All filters must hold. Each row is one result with its comparison beside it and the sentence it stands in.
    """
    filters = Filters(drug, condition, histology, outcome, design, attribution, paper, text)
    with open_store(db, read_only=True) as store:
        rows = find_rows(store, filters, limit=limit)
        if form != "table":
            write_rows(rows, _COLUMNS, form=form)
            return 0
        count = write_evidence(rows, titles(store))
    click.echo(f"{count} rows" if count != 1 else "1 row", err=True)
    return 0
