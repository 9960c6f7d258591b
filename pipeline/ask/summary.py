"""Rows grouped and counted: papers, patients, pooled shares, ranges of means.

Place in the flow: `evidence query --group-by`. A pooled share adds events and totals of the rows that print both; it is
a count over papers, not a meta-analysis (for that, `evidence plot forest --pool`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from pipeline.errors import StoreError
from pipeline.store import Store

Value = str | int | float | bytes | None
Row = dict[str, Value]
_Z = 1.959963984540054  # 97.5th percentile of the normal distribution: 95 % intervals


@dataclass(frozen=True, slots=True)
class Summary:
    """One group. `patients` adds the sizes of its arms, each counted once; `share` is pooled events / total.

    `low`, `high`: 95 % Wilson interval of the share (0 to 1). `mean_low`, `mean_high`: the smallest and largest mean.
    """

    group: tuple[str | None, ...]
    rows: int
    papers: int
    patients: int | None
    events: float | None
    total: float | None
    share: float | None
    low: float | None
    high: float | None
    mean_low: float | None
    mean_high: float | None
    unit: str | None


def _drugs(row: Row) -> Value:
    return " + ".join(json.loads(str(row["drugs"]))) if row["drugs"] else None


# What rows can be grouped by → its value in a row.
GROUPS: dict[str, Callable[[Row], Value]] = {
    "regimen": _drugs,
    "outcome": lambda row: row["outcome_concept"] or str(row["outcome"]).lower(),
    "histology": lambda row: row["histology"],
    "design": lambda row: row["design"],
    "paper": lambda row: row["paper_id"],
    "year": lambda row: row["year"],
    "timepoint": lambda row: row["timepoint"],
    "attribution": lambda row: row["attribution"],
}


def summarise(store: Store, result_ids: Iterable[Value], by: tuple[str, ...]) -> list[Summary]:
    """The rows with these ids in groups, the largest group first.

    Raises:
        StoreError: `by` names something that rows cannot be grouped by.
    """
    unknown = [name for name in by if name not in GROUPS]
    if unknown or not by:
        raise StoreError(
            f"Rows cannot be grouped by {', '.join(unknown) or 'nothing'}.", what_to_do=f"Use {', '.join(GROUPS)}."
        )
    wanted = set(result_ids)
    groups: dict[tuple[str | None, ...], list[Row]] = {}
    for row in store.rows(
        "SELECT v.*, p.year, p.design, a.n AS arm_n FROM results v JOIN result r ON r.key = v.result_id"
        " JOIN paper p ON p.id = r.paper LEFT JOIN arm a ON a.id = r.arm ORDER BY r.id"
    ):
        if row["result_id"] in wanted:
            values = (GROUPS[name](row) for name in by)
            groups.setdefault(tuple(None if value is None else str(value) for value in values), []).append(row)
    made = [_summary(group, rows) for group, rows in groups.items()]
    return sorted(made, key=lambda s: (-s.papers, -s.rows, tuple(part or "" for part in s.group)))


def papers_of_pairs(results: Iterable[Mapping[str, object]]) -> dict[tuple[str, str], list[str]]:
    """(drug, histology) → the paper_id of each row of the view `results` that tells of both: the evidence map.

    "not stated" stands for a histology that no row gives.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for row in results:
        for histology in str(row["histology"] or "not stated").split("; "):
            for drug in json.loads(str(row["drugs"])) if row["drugs"] else []:
                found.setdefault((drug, histology), []).append(str(row["paper_id"]))
    return found


def _summary(group: tuple[str | None, ...], rows: list[Row]) -> Summary:
    sizes = {(row["paper_id"], row["arm_id"]): row["arm_n"] for row in rows if row["arm_n"] is not None}
    events, total = _pooled(rows)
    low, high = wilson(events, total) if events is not None and total else (None, None)
    units = {str(row["unit"]) for row in rows if row["measure"] == "mean" and row["value"] is not None}
    means = [_number(row["value"]) for row in rows if row["measure"] == "mean" and row["value"] is not None]
    same_unit = len(units) == 1  # means in different units have no common range
    return Summary(
        group=group,
        rows=len(rows),
        papers=len({row["paper_id"] for row in rows}),
        patients=int(sum(_number(size) for size in sizes.values())) if sizes else None,
        events=events,
        total=total,
        share=events / total if events is not None and total else None,
        low=low,
        high=high,
        mean_low=min(means) if means and same_unit else None,
        mean_high=max(means) if means and same_unit else None,
        unit=next(iter(units)) if same_unit and units != {"None"} else None,
    )


def _pooled(rows: list[Row]) -> tuple[float | None, float | None]:
    """Events and total over arms; of several time points of one arm, the last told counts."""
    last = {
        (row["paper_id"], row["arm_id"], row["outcome"]): (_number(row["events"]), _number(row["total"]))
        for row in rows
        if row["events"] is not None and row["total"] is not None
    }
    if not last:
        return None, None
    return sum(events for events, _ in last.values()), sum(total for _, total in last.values())


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def wilson(events: float, total: float) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927).

    >>> [round(end, 3) for end in wilson(2, 5)]
    [0.118, 0.769]
    """
    share = events / total
    centre = share + _Z**2 / (2 * total)
    half = _Z * sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    scale = 1 + _Z**2 / total
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)
