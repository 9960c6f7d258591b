"""`evidence bench`: how fast it is here, beside peers; writes docs/benchmarks.md."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

import click


def _sizes(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    """Numbers from 10, rising: "100,1000,10000"."""
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() and int(part) >= 10 for part in parts):
        raise click.BadParameter(f"{value!r} is not a list of numbers from 10, such as 100,1000.", ctx, param)
    return tuple(sorted({int(part) for part in parts}))


@click.command(name="bench")
@click.option(
    "--papers",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="Folder of abstracts (.txt), JATS (.xml, .nxml) or PDF; what is not given is made by rule.",
)
@click.option("-n", "n_abstracts", type=click.IntRange(min=10), default=1000, show_default=True, help="Abstracts.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="JATS articles, and PDFs.")
@click.option(
    "--growth", default="100,300,1000", show_default=True, callback=_sizes, metavar="N,N", help="Sizes of databases."
)
@click.option("--rows", type=click.IntRange(min=100), default=100_000, show_default=True, help="Rows to query.")
@click.option("--records", type=click.IntRange(min=10), default=30_000, show_default=True, help="Records to stream.")
@click.option("--only", multiple=True, metavar="SECTION", help="Print this section alone, and write nothing.")
@click.option("--model", default="default", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("docs/benchmarks.md"), show_default=True)
def command(
    papers: tuple[Path, ...],
    n_abstracts: int,
    limit: int,
    growth: tuple[int, ...],
    rows: int,
    records: int,
    only: tuple[str, ...],
    model: str,
    output: Path,
) -> int:
    """Measure every stage against its peers in one run.

    Times are processor seconds. Without folders, all papers are made by rule; it takes about ten minutes.
    """
    from pipeline.bench import SECTIONS, make_plan, write_page

    names = {section.__name__: section for section in SECTIONS}
    if unknown := sorted(set(only) - set(names)):
        raise click.UsageError(f"There is no section {unknown[0]}; there are {', '.join(names)}.")
    with tempfile.TemporaryDirectory() as name:
        plan = make_plan(Path(name), papers, n_abstracts=n_abstracts, limit=limit, model=model)
        plan.growth, plan.rows, plan.records = growth, rows, records
        chosen = [names[name] for name in only] or SECTIONS
        given = [f"--papers {shlex.quote(folder.name)}" for folder in papers]
        called = " ".join(["evidence bench", *given, f"-n {n_abstracts} --limit {limit}"]) if given else "make bench"
        text = write_page(plan, called, sections=chosen, tell=lambda what: click.echo(f"measuring: {what}", err=True))
    if not only:
        output.write_text(text, encoding="utf-8")
    click.echo(text)
    return 0
