"""Rows grouped and counted: papers, patients, pooled shares, ranges of means.

Place in the flow: `evidence query --group-by`. A pooled share adds events and totals of the rows that print both; it is
a count over papers, not a meta-analysis (for that, `evidence plot forest --pool`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from pipeline.ask.query import Filters, conditions
from pipeline.ask.values import Row, Value
from pipeline.errors import StoreError
from pipeline.store import Store

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


# What rows can be grouped by → its SQL over the tables of `_CHOSEN`.
GROUPS: dict[str, str] = {
    "regimen": "a.drugs",
    "outcome": "ifnull(c.name, lower(r.outcome))",
    "histology": "a.histology",
    "design": "p.design",
    "paper": "p.key",
    "year": "p.year",
    "timepoint": "r.timepoint",
    "attribution": "r.attribution",
}

# One pass over the rows asked for, then three counts of them: rows and means; arms, each once; and shares, where of
# several time points of one arm the last told counts (SQLite takes bare columns from the row of max()).
_CHOSEN = """
WITH chosen AS MATERIALIZED (
  SELECT {named}, r.id, r.paper, r.arm, a.n, r.outcome, r.events, r.total, r.unit,
    CASE r.measure WHEN 'mean' THEN r.value END AS mean
  FROM result r JOIN paper p ON p.id = r.paper LEFT JOIN arm a ON a.id = r.arm
  LEFT JOIN concept c ON c.id = r.outcome_concept LEFT JOIN reviewed_result v ON v.result = r.id
  WHERE {where})
SELECT 'rows' AS told, {group}, count(*) AS first, count(DISTINCT paper) AS second, min(mean) AS mean_low,
  max(mean) AS mean_high, min(unit) FILTER (WHERE mean IS NOT NULL) AS unit,
  count(DISTINCT ifnull(unit, '')) FILTER (WHERE mean IS NOT NULL) AS units
FROM chosen GROUP BY {group}
UNION ALL SELECT 'arms', {group}, sum(n), NULL, NULL, NULL, NULL, NULL
FROM (SELECT DISTINCT {group}, arm, n FROM chosen WHERE n IS NOT NULL) GROUP BY {group}
UNION ALL SELECT 'shares', {group}, sum(events), sum(total), NULL, NULL, NULL, NULL
FROM (SELECT {group}, events, total, max(id) FROM chosen WHERE events IS NOT NULL AND total IS NOT NULL
  GROUP BY {group}, paper, arm, outcome) GROUP BY {group}"""


def summarise(store: Store, filters: Filters, by: tuple[str, ...]) -> list[Summary]:
    """The rows that the filters leave, in groups, the largest group first.

    Raises:
        StoreError: `by` names something that rows cannot be grouped by, or the full-text query cannot be understood.
    """
    unknown = [name for name in by if name not in GROUPS]
    if unknown or not by:
        raise StoreError(
            f"Rows cannot be grouped by {', '.join(unknown) or 'nothing'}.", what_to_do=f"Use {', '.join(GROUPS)}."
        )
    where, values = conditions(store, filters)
    sql = _CHOSEN.format(
        named=", ".join(f"{GROUPS[name]} AS g{i}" for i, name in enumerate(by)),
        group=", ".join(f"g{i}" for i in range(len(by))),
        where=" AND ".join(("v.verdict IS NOT 'reject'", *where)),
    )
    told: dict[tuple[Value, ...], dict[str, Row]] = {}
    for row in store.rows(sql, values):
        group = tuple(row[f"g{i}"] for i in range(len(by)))
        told.setdefault(group, {})[str(row["told"])] = row
    made = [_summary(_spelled(by, group), parts) for group, parts in told.items()]
    return sorted(made, key=lambda s: (-s.papers, -s.rows, tuple(part or "" for part in s.group)))


def _spelled(by: tuple[str, ...], group: tuple[Value, ...]) -> tuple[str | None, ...]:
    """The values of a group as people read them."""
    return tuple(
        None if value is None else " + ".join(json.loads(str(value))) if name == "regimen" else str(value)
        for name, value in zip(by, group, strict=True)
    )


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


def _summary(group: tuple[str | None, ...], parts: dict[str, Row]) -> Summary:
    rows, arms, shares = parts["rows"], parts.get("arms"), parts.get("shares")
    events, total = (_number(shares["first"]), _number(shares["second"])) if shares else (None, None)
    low, high = wilson(events, total) if events is not None and total else (None, None)
    same_unit = rows["units"] == 1  # means in different units have no common range
    return Summary(
        group=group,
        rows=int(_number(rows["first"])),
        papers=int(_number(rows["second"])),
        patients=int(_number(arms["first"])) if arms else None,
        events=events,
        total=total,
        share=events / total if events is not None and total else None,
        low=low,
        high=high,
        mean_low=_number(rows["mean_low"]) if same_unit else None,
        mean_high=_number(rows["mean_high"]) if same_unit else None,
        unit=str(rows["unit"]) if same_unit and rows["unit"] is not None else None,
    )


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
