"""Section: the questions of the tutorial beside hand-written SQL, on the large database and on a tenth of it.

Place in the flow: part of the page; `ask.bench` holds the questions and measures.
"""

from __future__ import annotations

from pipeline.ask.bench import query_times
from pipeline.bench.plan import Plan, apart


def queries(plan: Plan) -> str:
    """Milliseconds of every question, ratio to SQL by hand, and growth from a tenth of the rows."""
    large = apart(query_times, plan.big_database())
    small = {time.words: time for time in apart(query_times, plan.big_database(plan.rows // 10))}
    lines = []
    for time in large:
        before = small[time.words]
        rows = f"{time.rows / before.rows:.1f}" if before.rows else "–"
        lines.append(
            f"| {time.words} | {time.rows:,} | {1000 * time.ours:.1f} | {1000 * time.by_hand:.1f} | {time.ratio:.2f} |"
            f" {rows} | {time.ours / max(before.ours, 1e-9):.1f} |"
        )
    return (
        f"## Queries\n\n{plan.rows:,} rows; processor time, median of five. The last two columns compare with"
        f" {plan.rows // 10:,} rows.\n\n"
        "| question | rows | ms | ms by hand | times by hand | rows × | ms × |\n|---|---|---|---|---|---|---|\n"
        + "\n".join(lines)
    )
