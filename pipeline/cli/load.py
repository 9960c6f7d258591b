"""`evidence load`: merge Parquet shards of a cluster into a database."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.progress import reporter


@click.command(name="load")
@click.argument("shards", type=click.Path(path_type=Path))
@click.option("--db", required=True, type=click.Path(path_type=Path), help="Database to fill; made if missing.")
@click.option("--quiet", is_flag=True, help="Only the summary line.")
def command(shards: Path, db: Path, quiet: bool) -> int:
    """Merge a folder of Parquet shards (`evidence ingest --engine ray`) into a database.

    What is stored already is skipped, so it can be stopped and repeated.
    """
    from pipeline.run import load_shards

    with reporter(quiet=quiet) as report:
        summary = load_shards(shards, db, reporter=report)
    click.echo(str(summary), err=True)
    return 2 if summary.failed else 0
