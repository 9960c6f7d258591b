"""Section: the evidence page in the browser beside Datasette's plain table page.

Place in the flow: part of the page; `serve.bench` measures.
"""

from __future__ import annotations

from importlib.util import find_spec

from pipeline.bench.plan import Plan, apart


def pages(plan: Plan) -> str:
    """Milliseconds of both pages on the large database."""
    if find_spec("datasette") is None:
        return "## Pages\n\n**Not measured**: Datasette is not installed (extra `serve`)."
    from pipeline.serve.bench import page_times

    times = apart(page_times, plan.big_database())
    return (
        f"## Pages\n\n{plan.rows:,} evidence rows, 100 of them on the page, wall clock, median of seven.\n\n"
        "| page | ms | times the plain page |\n|---|---|---|\n"
        f"| Datasette's plain table page | {1000 * times.plain:.0f} | 1.00 |\n"
        f"| evidence page with facets and search | {1000 * times.evidence:.0f} | {times.ratio:.2f} |\n"
        f"| the same right after the database changed | {1000 * times.first:.0f} | {times.first / times.plain:.2f} |"
    )
