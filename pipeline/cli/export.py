"""`evidence export`: rows in the formats of the trade."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.ask.query import Filters
from pipeline.export import FORMATS, export, select
from pipeline.store import open_store


@click.command(name="export")
@click.argument("db", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
@click.option("--drug", multiple=True, help="As in `evidence query`; so are the next ones.")
@click.option("--condition", multiple=True)
@click.option("--histology", multiple=True)
@click.option("--outcome", multiple=True)
@click.option("--design")
@click.option("--attribution", type=click.Choice(["own", "cited", "background"]))
@click.option("--paper")
@click.option("--text")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Leave out rows below this.")
def command(db: Path, form: str, output: Path, min_confidence: float, **filters: object) -> int:
    """Write rows as files.

    \b
    csv, parquet, jsonl  the public views, one file each
    revman               study information, arms, results, risk of bias: RevMan's four CSV files
    ris                  the papers as references; import before revman
    brat, webannotation  texts with mentions and quotes
    fhir                 results and comparisons as FHIR R5 Evidence
    gold                 reviewed papers, to evaluate and train with
    html                 one report that opens from disk
    """
    with open_store(db, read_only=True) as store:
        selection = select(store, Filters(**filters), min_confidence)  # type: ignore[arg-type]
        for path in export(store, output, form=form, selection=selection):
            click.echo(path)
    return 0
