"""The page docs/benchmarks.md: one section after another.

Place in the flow: called by `evidence bench`. To add a section, write a function `Plan → Markdown` and put it into
`SECTIONS`; `plan.big_database()` gives a database of 100,000 rows, `plan.apart` a process of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from pipeline.bench.growth import growth
from pipeline.bench.plan import Plan
from pipeline.bench.querying import queries
from pipeline.bench.reading import peers, stages
from pipeline.bench.rules import rules
from pipeline.bench.serving import pages
from pipeline.bench.streaming import streaming
from pipeline.bench.workers import workers

Section = Callable[[Plan], str]

SECTIONS: tuple[Section, ...] = (stages, peers, rules, streaming, workers, growth, queries, pages)


def write_page(
    plan: Plan, command: str, *, sections: Sequence[Section] = SECTIONS, tell: Callable[[str], None] = print
) -> str:
    """The whole page.

    Args:
        command: how it was called, for the head of the page.
        tell: called with the name of each section before it runs.
    """
    blocks = [_head(plan, command)]
    for section in sections:
        tell(section.__name__)
        try:
            blocks.append(section(plan).strip())
        except Exception as error:  # half an hour of measuring must not be lost with one section
            blocks.append(f"## {section.__name__.capitalize()}\n\n**Not measured**: {type(error).__name__}: {error}")
    return "\n\n".join(blocks) + "\n"


def _head(plan: Plan, command: str) -> str:
    kinds = ", ".join(
        f"{len(paths)} {kind} ({'given' if kind in plan.given else 'made by rule'})"
        for kind, paths in plan.sets.items()
    )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"# Benchmarks\n\nWritten by `{command}` on {os.cpu_count()} cores with a load of {load:.1f} at the start.\n"
        f"Papers: {kinds}.\n"
        '`make bench` alone writes this page over papers made by rule, `make bench PAPERS="folder …"` over yours.\n\n'
        "Times are processor seconds of one process with one thread of arithmetic, where no other unit is named. Peers"
        " take turns\nwith us batch by batch, so ratios hold on a busy machine; absolute figures vary with it."
    )
