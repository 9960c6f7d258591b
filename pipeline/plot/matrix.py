"""Evidence map: drugs across, histologies down; the area of a bubble is the number of papers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipeline.ask.query import Filters, find_rows
from pipeline.ask.summary import papers_of_pairs
from pipeline.errors import StoreError
from pipeline.plot.canvas import COLOURS, canvas, save, short
from pipeline.store import Store

_ACROSS, _DOWN = 16, 14  # the most frequent; more cannot be read


@dataclass(frozen=True, slots=True)
class Bubble:
    """How many papers tell of a drug in a histology ("not stated" where none is), in how many rows."""

    drug: str
    histology: str
    papers: int
    rows: int


def bubbles(store: Store, filters: Filters) -> list[Bubble]:
    """All pairs of drug and histology of the rows that `filters` leave, the most papers first."""
    kept = {row["result_id"] for row in find_rows(store, filters)}
    rows = store.rows("SELECT result_id, paper_id, drugs, histology FROM results WHERE drugs IS NOT NULL")
    pairs = papers_of_pairs(row for row in rows if row["result_id"] in kept)
    made = [Bubble(*pair, len(set(papers)), len(papers)) for pair, papers in pairs.items()]
    return sorted(made, key=lambda b: (-b.papers, -b.rows, b.drug, b.histology))


def matrix(store: Store, filters: Filters, path: Path) -> list[Bubble]:
    """Draw the map; returns all pairs, also those beyond the edge of the picture.

    Raises:
        StoreError: no row names a drug.
    """
    found = bubbles(store, filters)
    if not found:
        raise StoreError("No row with a drug fits.", what_to_do="Look with `evidence query` and the same filters.")
    across = _most(Counter(), [(b.drug, b.papers) for b in found], _ACROSS)
    down = _most(Counter(), [(b.histology, b.papers) for b in found], _DOWN)
    figure, (axes,) = canvas(3.2 + 0.62 * len(across), 2.0 + 0.45 * len(down))
    most = found[0].papers
    for bubble in found:
        if bubble.drug in across and bubble.histology in down:
            x, y = across.index(bubble.drug), down.index(bubble.histology)
            axes.scatter([x], [y], s=90 + 700 * bubble.papers / most, color=COLOURS[0], alpha=0.85)
            axes.annotate(str(bubble.papers), (x, y), ha="center", va="center", color="white", fontsize=8)
    axes.set_xticks(range(len(across)), [short(name, 24) for name in across], rotation=40, ha="left")
    axes.set_yticks(range(len(down)), [short(name, 34) for name in down])
    axes.set(xlim=(-0.7, len(across) - 0.3), ylim=(len(down) - 0.3, -0.7))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(color="#e6e8eb", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("Papers by drug and histology")
    save(figure, path)
    return found


def _most(counts: Counter[str], pairs: list[tuple[str, int]], limit: int) -> list[str]:
    for name, papers in pairs:
        counts[name] += papers
    return [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]]
