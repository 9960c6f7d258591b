"""Section: how cost and memory grow with the number of papers in one database.

Place in the flow: part of the page. One process reads abstract after abstract into one database; cost and memory are
noted at each size, so the first thousand of ten thousand are the same as a thousand.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.bench.memory import peak_megabytes, resident_megabytes
from pipeline.bench.plan import Plan, apart


@dataclass(frozen=True, slots=True)
class Mark:
    """State after `papers` papers: processor seconds since the last mark, memory now and at the peak, database size."""

    papers: int
    since_last: int
    seconds: float
    resident: float
    peak: float
    database: float


def growth(plan: Plan) -> str:
    """Milliseconds per paper and memory at each size, and per step of the largest."""
    marks = grow(plan)
    lines = "\n".join(
        f"| {mark.papers:,} | {1000 * mark.seconds / max(mark.since_last, 1):.1f} | {mark.resident:.0f} |"
        f" {mark.peak:.0f} | {mark.database:.1f} |"
        for mark in marks
    )
    return (
        "## Growth\n\nAbstracts into one database, in one process that reads, tags and writes.\n\n"
        "| papers so far | ms per paper since the line above | MB of memory now | at the peak | MB of database |\n"
        "|---|---|---|---|---|\n" + lines
    )


def grow(plan: Plan) -> list[Mark]:
    """The marks of one run to the largest size: at every size of the plan, and at ten even steps."""
    largest = max(plan.growth)
    steps = {largest * i // 10 for i in range(1, 11)} if largest >= 1000 else set()
    papers = plan.abstracts(largest)
    return apart(run_marks, papers, sorted({*plan.growth, *steps}), plan.folder / "growth.db", plan.model)


def run_marks(papers: Sequence[Path], sizes: Sequence[int], db: Path, model: str) -> list[Mark]:
    """Read, tag and store the papers as an ingest does; a mark whenever a size is reached."""
    from pipeline.run.engine import Task, loop
    from pipeline.store import PaperRows, open_store

    marks, at = [], set(sizes)
    tasks = [Task(str(path), str(path), "", model, "bench") for path in papers]
    _ = list(loop(tasks[:1]))
    last, number, begun = 0, 0, time.process_time()
    with open_store(db, create=True) as store:
        for _, item in loop(tasks):
            if isinstance(item, PaperRows):
                store.load_rows(item)
            number += item is None
            if item is None and number in at:
                seconds = time.process_time() - begun
                size = sum(p.stat().st_size for p in db.parent.glob(db.name + "*")) / 2**20
                marks.append(Mark(number, number - last, seconds, resident_megabytes(), peak_megabytes(), size))
                last, begun = number, time.process_time()
    return marks
