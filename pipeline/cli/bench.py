"""`evidence bench`: how fast it is here; writes docs/benchmarks.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click


@click.command(name="bench")
@click.option(
    "--abstracts", type=click.Path(path_type=Path, exists=True), help="Folder of abstracts; invented by default."
)
@click.option(
    "--papers", type=click.Path(path_type=Path, exists=True), multiple=True, help="Folder of XML or PDF papers."
)
@click.option(
    "-n", "n_abstracts", type=click.IntRange(min=10), default=1000, show_default=True, help="Invented abstracts."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Papers per folder of --papers."
)
@click.option("--model", default="default", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("docs/benchmarks.md"), show_default=True)
def command(
    abstracts: Path | None, papers: tuple[Path, ...], n_abstracts: int, limit: int, model: str, output: Path
) -> int:
    """Measure every stage against its peers in one run. Times are processor seconds of one process."""
    from pipeline.run import bench

    machine, lines, growth = bench.machine(), [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = bench.write_abstracts(folder / "made", n_abstracts)
        sets = {"abstracts": sorted(abstracts.glob("*.txt")) if abstracts else made}
        for place in papers:
            sets[place.name] = sorted(p for p in place.iterdir() if p.suffix in {".xml", ".nxml", ".pdf"})[:limit]
        bench.measure(made[:10], folder / "warm.db", model=model)
        for label, paths in sets.items():
            timing = bench.measure(paths, folder / f"{label}.db", model=model)
            lines.append(_row(label, timing))
            if label == "abstracts":
                ratio = timing.total / bench.plain_pipe_seconds(paths, model=model)
                writing = timing.seconds["load"] / timing.total
        for count in sorted({n_abstracts // 10, n_abstracts // 2, n_abstracts}):
            timing = bench.measure(made[:count], folder / f"growth{count}.db", model=model)
            growth.append(f"| {count} | {1000 * timing.total / count:.1f} | {bench.peak_megabytes():.0f} |")
    text = _PAGE.format(
        machine=machine, rows="\n".join(lines), growth="\n".join(growth), ratio=ratio, writing=100 * writing,
    )  # fmt: skip
    output.write_text(text, encoding="utf-8")
    click.echo(text)
    return 0


def _row(label: str, timing: object) -> str:
    from pipeline.run.bench import STAGES, Timing, peak_megabytes

    assert isinstance(timing, Timing)  # noqa: S101
    total = max(timing.total, 1e-9)
    share = " | ".join(f"{1000 * timing.seconds[stage] / max(timing.papers, 1):.1f}" for stage in STAGES)
    pages = f"{timing.pages / total:.1f}" if timing.pages else ""
    return (
        f"| {label} | {timing.papers} | {share} | {timing.papers / total:.1f} | {pages} | {timing.words / total:.0f} |"
        f" {peak_megabytes():.0f} |"
    )


_PAGE = """# Benchmarks

Written by `make bench` ({machine}). Times are processor seconds of one process with one thread of arithmetic.
Each stage in milliseconds per paper.

| papers | number | read | tag | relate | rows | load | papers/s | pages/s | words/s | peak MB |
|---|---|---|---|---|---|---|---|---|---|---|
{rows}

End to end over abstracts takes {ratio:.2f} times what `nlp.pipe` of the same model takes on the same texts.
Writing the database is {writing:.1f}% of the whole.

How the cost grows (invented abstracts, a new database each):

| papers | ms per paper | peak MB of the process so far |
|---|---|---|
{growth}
"""
