"""Section: the whole command with one and with more worker processes.

Place in the flow: part of the page. Wall clock, start included: the one section that another load on the
machine spoils.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from pipeline.bench.plan import Plan, apart


def workers(plan: Plan) -> str:
    """Seconds of the same ingest with 1, 2 and `auto` jobs."""
    from pipeline.run.jobs import cores

    papers = plan.sets["abstracts"][:1000]
    counts: list[int | None] = [1, *([2] if cores() > 1 else []), None]
    seconds = {jobs: apart(run_ingest, papers, plan.folder / f"jobs{jobs}.db", plan.model, jobs) for jobs in counts}
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    lines = "\n".join(
        f"| {jobs or 'auto'} | {taken:.1f} | {len(papers) / taken:.1f} | {seconds[1] / taken:.2f} |"
        for jobs, taken in seconds.items()
    )
    return (
        f"## Workers\n\n`evidence ingest` of {len(papers):,} abstracts, wall clock from the first file to the last row,"
        f" models loaded afresh, at a load of {load:.1f}.\n\n"
        "| jobs | s | papers/s | times as fast as one |\n|---|---|---|---|\n" + lines
    )


def run_ingest(papers: list[Path], db: Path, model: str, jobs: int | None) -> float:
    """Wall seconds of an ingest into a new database."""
    from pipeline.run import ingest

    begun = time.monotonic()
    ingest([str(path) for path in papers], db, model=model, jobs=jobs)
    return time.monotonic() - begun
