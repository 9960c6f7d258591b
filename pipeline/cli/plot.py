"""`evidence plot`: pictures of rows, and the rows behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pipeline.ask.query import Filters, find_paper
from pipeline.cli.tables import FORMATS, write_rows
from pipeline.store import open_store


@click.group(name="plot")
def command() -> None:
    """Draw rows: a forest plot, the evidence map, the course of a case report.

    The rows behind the picture go to stdout.
    """


def _common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of all pictures."""
    for option in (
        click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True),
        click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="FILE.svg, .png or .pdf."),
        click.argument("db", type=click.Path(path_type=Path)),
    ):
        function = option(function)
    return function


def _filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """Filters of `evidence query`."""
    for option in (
        click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.5, show_default=True),
        click.option("--attribution", type=click.Choice(["own", "cited", "background"])),
        click.option("--outcome", multiple=True),
        click.option("--histology", multiple=True),
        click.option("--condition", multiple=True),
        click.option("--drug", multiple=True, help="As in `evidence query`; so are the next ones."),
    ):
        function = option(function)
    return function


@command.command()
@_common
@_filters
@click.option("--pool", is_flag=True, help="Add a random-effects summary of the shares.")
def forest(db: Path, output: Path, form: str, pool: bool, **filters: object) -> int:
    """Shares with Wilson intervals, or values with printed intervals, by regimen."""
    from pipeline.plot import forest as draw

    with open_store(db, read_only=True) as store:
        lines = draw(store, Filters(**filters), output, pool=pool)  # type: ignore[arg-type]
    columns = ("row_id", "regimen", "label", "text", "middle", "low", "high", "quote")
    write_rows((asdict(line) for line in lines), columns, form=form)
    return 0


@command.command(name="map")
@_common
@_filters
def draw_map(db: Path, output: Path, form: str, **filters: object) -> int:
    """Papers by drug and histology."""
    from pipeline.plot import matrix

    with open_store(db, read_only=True) as store:
        found = matrix(store, Filters(**filters), output)  # type: ignore[arg-type]
    write_rows((asdict(bubble) for bubble in found), ("drug", "histology", "papers", "rows"), form=form)
    return 0


@command.command()
@_common
@click.option("--paper", required=True, help="paper_id, DOI, PMID, PMCID or file name.")
def timeline(db: Path, output: Path, form: str, paper: str) -> int:
    """The course of each patient of a case report."""
    from pipeline.plot import timeline as draw

    with open_store(db, read_only=True) as store:
        rows = draw(store, find_paper(store, paper), output)
    columns = ("result_id", "arm", "outcome", "value", "unit", "events", "timepoint", "quote")
    write_rows(rows, columns, form=form)
    return 0
