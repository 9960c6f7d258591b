"""`evidence ingest`: read papers into a database."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli.progress import reporter


def _jobs(ctx: click.Context, param: click.Parameter, value: str) -> int | None:
    """A number of processes from 1, or None for "auto"."""
    if value == "auto":
        return None
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"{value!r} is not a number from 1, nor auto.", ctx, param)
    return int(value)


@click.command(name="ingest")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--db", required=True, type=click.Path(path_type=Path), help="Database to fill; made if missing.")
@click.option("--model", default="default", show_default=True, help="Model name or folder; `none` for rules alone.")
@click.option(
    "--jobs", default="1", show_default=True, callback=_jobs, metavar="N|auto", help="Worker processes; `auto` chooses."
)
@click.option(
    "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Where to work."
)
@click.option("--shards", type=click.Path(path_type=Path), help="Folder for the Parquet shards of the engine ray.")
@click.option(
    "--max-seconds",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    help="Time that one paper may take.",
)
@click.option(
    "--max-megabytes",
    type=click.IntRange(min=64),
    default=2048,
    show_default=True,
    help="Memory that one file may take beyond a worker's own.",
)
@click.option("--update", is_flag=True, help="Read again what another version of the extractor read.")
@click.option("--quiet", is_flag=True, help="Only the summary line.")
def command(
    paths: Sequence[str],
    db: Path,
    model: str,
    jobs: int | None,
    engine: str,
    shards: Path | None,
    max_seconds: float,
    max_megabytes: int,
    update: bool,
    quiet: bool,
) -> int:
    """Read papers into a database.

    PATH is a file, a folder (read recursively), a pattern, or `-` for a list of paths on stdin. Formats: plain text,
    PubMed text, MEDLINE, RIS, PubMed XML, JATS XML and PDF, each also as .gz. What is stored already is skipped.
    """
    from pipeline.run import Limits, ingest

    limits = Limits(max_seconds, max_megabytes)
    arguments = [line for path in paths for line in (_stdin_paths() if path == "-" else [path])]
    with reporter(quiet=quiet) as report:
        summary = ingest(
            arguments, db, model=model, jobs=jobs, engine=engine, shards=shards, update=update, limits=limits,
            reporter=report,
        )  # fmt: skip
    click.echo(str(summary), err=True)
    return 2 if summary.failed else 0


def _stdin_paths() -> list[str]:
    return [line.rstrip("\r\n") for line in sys.stdin if line.strip()]
