"""Course of a case report: drugs as bars, laboratory values as lines, remission and relapse marked.

The axis runs through the regimens in the order in which the patient got them, not through months: a paper counts some
times from the start and some from the last change, and sums of them would be guesses. Times stand as printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError
from pipeline.plot.canvas import COLOURS, canvas, save, short
from pipeline.store import Store

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Value = str | int | float | bytes | None
Row = dict[str, Value]

_MEASURED = (("proteinuria", "s", "-"), ("albumin", "o", "--"), ("creatinine", "^", ":"))
_STATE = re.compile(r"\b(?P<kind>remission|relapse)", re.IGNORECASE)
_CASE = re.compile(r"^(?P<case>(?:case|patient)\s+\w+)\s*:", re.IGNORECASE)


@dataclass(slots=True)
class Phase:
    """One regimen of one patient: doses by drug, and its rows in the order told."""

    arm_id: str
    name: str
    doses: dict[str, str | None]
    rows: list[Row] = field(default_factory=list)


def timeline(store: Store, paper: str, path: Path) -> list[Row]:
    """Draw one panel per patient of a paper; returns the rows drawn.

    Raises:
        StoreError: there is no such paper, or it tells of no patient with regimens one after the other.
    """
    cases = _cases(store, paper)
    if not cases:
        raise StoreError(
            f"{paper} holds no course of a patient.",
            what_to_do="Case reports have arms named `case 1: …`: look with `evidence query DB --design 'case'`.",
        )
    drugs = max(len(_drugs(phases)) for phases in cases.values())
    figure, panels = canvas(11, (1.6 + 0.28 * drugs + 2.4) * len(cases), len(cases))
    drawn: list[Row] = []
    for axes, (case, phases) in zip(panels, cases.items(), strict=True):
        drawn += _draw(axes, phases)
        axes.set_title(case, loc="left", fontweight="bold")
    save(figure, path)
    return drawn


def _cases(store: Store, paper: str) -> dict[str, list[Phase]]:
    """Case → its phases in order; only cases with at least two regimens have a course."""
    cases: dict[str, dict[str, Phase]] = {}
    for row in store.rows(
        "SELECT arm_id, arm, drug, dose FROM regimens WHERE paper_id = ? AND attribution = 'own'", (paper,)
    ):
        match = _CASE.match(str(row["arm"]))
        if match:
            phases = cases.setdefault(match["case"].capitalize(), {})
            phase = phases.setdefault(str(row["arm_id"]), Phase(str(row["arm_id"]), str(row["arm"]), {}))
            if row["drug"]:
                phase.doses[str(row["drug"])] = str(row["dose"]) if row["dose"] else None
    by_arm = {arm: phase for phases in cases.values() for arm, phase in phases.items()}
    for row in store.rows("SELECT * FROM results WHERE paper_id = ? AND attribution = 'own'", (paper,)):
        if row["arm_id"] in by_arm:
            by_arm[str(row["arm_id"])].rows.append(row)
    return {case: list(phases.values()) for case, phases in cases.items() if len(phases) > 1}


def _drugs(phases: Sequence[Phase]) -> list[str]:
    return list(dict.fromkeys(drug for phase in phases for drug in phase.doses))


def _draw(axes: Axes, phases: Sequence[Phase]) -> list[Row]:
    drugs = _drugs(phases)
    for number, drug in enumerate(drugs):
        _draw_drug(axes, number, drug, phases)
    height = len(drugs)
    points, states = _points(phases), _states(phases)
    _draw_lines(axes, points, height)
    for x, _, text in states:
        good = "remission" in text and not text.startswith("no ")
        axes.annotate(
            short(text, 42), (x, height + 2.35), ha="left", va="bottom", fontsize=7, rotation=24,
            color=COLOURS[2] if good else COLOURS[1],
        )  # fmt: skip
        axes.plot([x], [height + 2.2], "v", color=COLOURS[2] if good else COLOURS[1], markersize=6)
    axes.set_xlim(0, len(phases))
    axes.set_ylim(-0.6, height + 4.2)
    names = [f"regimen {number}" if phase.doses else "no drug named" for number, phase in enumerate(phases, 1)]
    axes.set_xticks([position + 0.5 for position in range(len(phases))], names)
    axes.set_yticks(range(height), [short(drug, 30) for drug in drugs])
    for x in range(1, len(phases)):
        axes.axvline(x, color="#d0d7de", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("Regimens in order, not to scale; times as printed")
    return [row for _, rows in points.values() for _, row in rows] + [row for _, row, _ in states]


def _draw_drug(axes: Axes, number: int, drug: str, phases: Sequence[Phase]) -> None:
    for position, phase in enumerate(phases):
        if drug in phase.doses:
            axes.barh(number, 1, left=position, height=0.62, color=COLOURS[5], edgecolor="white")
            if phase.doses[drug]:
                axes.text(position + 0.5, number, short(phase.doses[drug], 18), ha="center", va="center", fontsize=7)


_Points = dict[str, tuple[str, list[tuple[float, Row]]]]


def _points(phases: Sequence[Phase]) -> _Points:
    """Measured outcome → its unit and its points: the phase plus the row's share of the way through it."""
    points: _Points = {}
    for position, phase in enumerate(phases):
        for order, row in enumerate(phase.rows, 1):
            kind = next((name for name, _, _ in _MEASURED if name in str(row["outcome"]).lower()), None)
            if kind and isinstance(row["value"], float):
                unit, rows = points.setdefault(kind, (str(row["unit"] or ""), []))
                if unit == str(row["unit"] or ""):
                    rows.append((position + order / (len(phase.rows) + 1), row))
    return points


def _states(phases: Sequence[Phase]) -> list[tuple[float, Row, str]]:
    states = []
    for position, phase in enumerate(phases):
        for order, row in enumerate(phase.rows, 1):
            match = _STATE.search(str(row["outcome"]))
            if match and isinstance(row["events"], float):
                reached = "" if row["events"] else "no "
                when = f", {row['timepoint']!s}" if row["timepoint"] else ""
                text = f"{reached}{str(row['outcome']).lower()}{when}"
                states.append((position + order / (len(phase.rows) + 1), row, text))
    return states


def _draw_lines(axes: Axes, points: _Points, base: int) -> None:
    """Each outcome on its own scale between the bars and the states; the printed value stands at its point."""
    for number, (kind, marker, style) in enumerate(_MEASURED):
        if kind not in points:
            continue
        unit, rows = points[kind]
        top = max(abs(float(str(row["value"]))) for _, row in rows) or 1.0
        xs = [x for x, _ in rows]
        ys = [base + 0.1 + 1.7 * float(str(row["value"])) / top for _, row in rows]
        axes.plot(xs, ys, style, marker=marker, color=COLOURS[number], label=f"{kind} ({unit})" if unit else kind)
        for x, y, (_, row) in zip(xs, ys, rows, strict=True):
            axes.annotate(
                f"{float(str(row['value'])):g}", (x, y), xytext=(3, 4), textcoords="offset points", fontsize=7
            )
    if points:
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.6), frameon=False, fontsize=8)
