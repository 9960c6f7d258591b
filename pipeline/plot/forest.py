"""Forest plot of one outcome by regimen: shares with Wilson intervals, means and medians with printed intervals.

The pooled line, on request, is a random-effects summary of the shares on the logit scale (DerSimonian and Laird 1986;
statsmodels), 0.5 added to both sides of an arm with no events or only events.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ask.query import Filters, find_rows
from pipeline.ask.summary import wilson
from pipeline.ask.values import number
from pipeline.errors import StoreError
from pipeline.plot.canvas import COLOURS, canvas, save, short
from pipeline.store import Store

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Value = str | int | float | bytes | None
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plot: a share (0 to 1) or a value with its interval, and the row behind it."""

    row_id: str
    label: str
    regimen: str
    text: str
    middle: float
    low: float
    high: float
    events: float | None
    total: float | None
    quote: str


def forest(store: Store, filters: Filters, path: Path, *, pool: bool = False) -> list[Line]:
    """Draw all rows that `filters` leave; returns them in the order drawn.

    Shares are drawn if any row is a share; means and medians in one unit otherwise.

    Raises:
        StoreError: no row has an interval to draw.
    """
    lines = _lines(store, filters)
    if not lines:
        raise StoreError(
            "No row with events and total, or with a printed interval, fits.",
            what_to_do="Look with `evidence query` and the same filters.",
        )
    share = lines[0].total is not None
    summary = _pooled(lines) if pool and share and len(lines) > 1 else None
    figure, (axes,) = canvas(10, 1.4 + 0.32 * (len(lines) + len({line.regimen for line in lines}) + 1))
    _draw(axes, lines, summary, share=share)
    axes.set_title(", ".join(filters.outcome) or "all outcomes", loc="left", fontweight="bold")
    save(figure, path)
    return lines


def _lines(store: Store, filters: Filters) -> list[Line]:
    kept = [row["result_id"] for row in find_rows(store, filters)]
    found: dict[Value, Row] = {
        row["result_id"]: row
        for row in store.rows(
            "SELECT v.*, r.text AS printed, p.year, p.journal, r.ordinal FROM results v JOIN result r"
            " ON r.key = v.result_id JOIN paper p ON p.id = r.paper"
        )
    }
    lines = [line for key in kept if (line := _line(found[key])) is not None]
    shares = [line for line in lines if line.total is not None]
    chosen = shares or lines
    # Told twice in one paper is one line: its first row.
    once = {(line.regimen, line.label, line.events, line.total, line.middle): line for line in reversed(chosen)}
    return sorted(once.values(), key=lambda line: (line.regimen, line.label, line.row_id))


def _line(row: Row) -> Line | None:
    events, total, value = number(row["events"]), number(row["total"]), number(row["value"])
    low, high = number(row["low"]), number(row["high"])
    if events is not None and total:
        middle, (low, high) = events / total, wilson(events, total)
    elif value is None or low is None or high is None:
        return None
    else:
        middle, total = value, None
    drugs = " + ".join(json.loads(str(row["drugs"]))) if row["drugs"] else ""
    study = " ".join(str(part) for part in (row["journal"], row["year"]) if part) or str(row["paper_id"])
    arm = f", {row['arm']!s}" if row["arm"] and row["arm"] != drugs else ""
    when = f", {row['timepoint']!s}" if row["timepoint"] else ""
    cited = "" if row["attribution"] == "own" else f" ({row['attribution']!s})"
    return Line(
        row_id=str(row["result_id"]),
        label=f"{study}{arm}{when}{cited}",
        regimen=drugs or "regimen not stated",
        text=str(row["printed"]),
        middle=middle,
        low=low,
        high=high,
        events=events,
        total=total,
        quote=str(row["quote"]),
    )


def _pooled(lines: Sequence[Line]) -> tuple[float, float, float]:
    import numpy as np
    from statsmodels.stats.meta_analysis import combine_effects

    effects: list[float] = []
    variances: list[float] = []
    for line in lines:
        events, others = line.events or 0.0, (line.total or 0.0) - (line.events or 0.0)
        if not events or not others:
            events, others = events + 0.5, others + 0.5
        effects.append(math.log(events / others))
        variances.append(1 / events + 1 / others)
    table = combine_effects(np.array(effects), np.array(variances), method_re="dl").summary_frame()
    row = table.loc["random effect"]
    middle, low, high = (1 / (1 + math.exp(-float(row[name]))) for name in ("eff", "ci_low", "ci_upp"))
    return middle, low, high


def _draw(axes: Axes, lines: Sequence[Line], summary: tuple[float, float, float] | None, *, share: bool) -> None:
    position, labels, regimen = 0, [], ""
    places: list[int] = []
    for line in lines:
        if line.regimen != regimen:
            regimen = line.regimen
            places.append(position)
            labels.append(f"$\\bf{{{_mathtext(short(regimen, 60))}}}$")
            position += 1
        axes.plot([line.low, line.high], [position, position], color=COLOURS[0], linewidth=1.5)
        axes.plot([line.middle], [position], "s", color=COLOURS[0], markersize=5)
        axes.annotate(
            short(line.text, 34),
            (1.01, position),
            xycoords=("axes fraction", "data"),
            va="center",
            annotation_clip=False,
        )
        places.append(position)
        labels.append(short(line.label, 70))
        position += 1
    if summary:
        middle, low, high = summary
        axes.fill([low, middle, high, middle], [position, position - 0.3, position, position + 0.3], color=COLOURS[1])
        places.append(position)
        labels.append("Random effects (DerSimonian-Laird)")
        position += 1
    axes.set_yticks(places, labels)
    axes.set_ylim(position - 0.4, -0.6)
    axes.grid(axis="x", color="#d0d7de", linewidth=0.6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if share:
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel("Share with 95% Wilson interval")
    else:
        axes.set_xlabel("Value with the printed interval")


def _mathtext(text: str) -> str:
    """Text inside mathtext: blanks kept, signs of its own escaped."""
    for sign in "\\_^{}$%#&":
        text = text.replace(sign, f"\\{sign}" if sign != "\\" else " ")
    return text.replace(" ", "\\ ")
