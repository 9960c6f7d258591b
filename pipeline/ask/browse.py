"""Evidence rows page by page, with the counts a reader narrows them down by.

Place in the flow: behind the pages of `serve`. Reads the database only. A facet's count is the number of rows that
choosing it leaves: facet values are taken exactly, while `Filters` also finds other names and children of a concept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pipeline.ask.query import Filters, conditions
from pipeline.ask.values import Row, Value, count
from pipeline.store import Store

FACETS = ("drug", "histology", "outcome", "design", "year", "attribution", "format")
Sort = Literal["paper", "newest", "confidence"]
_ORDER: dict[str, str] = {
    "paper": "p.key, r.ordinal",
    "newest": "p.year DESC, p.key, r.ordinal",
    "confidence": "r.confidence DESC, p.key, r.ordinal",
}

# How a facet's value restricts rows; each names the value as often as it has placeholders.
_EXACT: dict[str, str] = {
    "drug": "r.arm IN (SELECT arm FROM drug_use WHERE drug = ?)",
    "histology": "(r.arm IN (SELECT arm FROM arm_histology WHERE name = ?)"
    " OR (NOT EXISTS (SELECT 1 FROM arm_histology h WHERE h.arm = r.arm)"
    " AND r.paper IN (SELECT paper FROM paper_histology WHERE name = ?)))",
    "outcome": "(r.outcome_concept IN (SELECT id FROM concept WHERE name = ?)"
    " OR (r.outcome_concept IS NULL AND r.outcome = ?))",
    "design": "p.design = ?",
    "year": "p.year = CAST(? AS INTEGER)",
    "attribution": "r.attribution = ?",
    "format": "r.paper IN (SELECT paper FROM source WHERE is_used = 1 AND format = ?)",
}

# `unit` is rows per arm of a paper: facets of arms and papers count units, not rows.
_HITS = """
WITH hit AS MATERIALIZED (
  SELECT r.id, r.paper, r.arm, r.outcome, r.outcome_concept, r.attribution FROM result r JOIN paper p ON p.id = r.paper
  WHERE {where}),
unit AS MATERIALIZED (SELECT paper, arm, count(*) AS n FROM hit GROUP BY paper, arm),
unit_drug AS (SELECT DISTINCT u.paper, u.arm, u.n, d.drug FROM unit u JOIN drug_use d ON d.arm = u.arm),
unit_histology AS (
  SELECT DISTINCT u.paper, u.arm, u.n, h.name FROM unit u JOIN arm_histology h ON h.arm = u.arm
  UNION SELECT u.paper, u.arm, u.n, h.name FROM unit u JOIN paper_histology h ON h.paper = u.paper
  WHERE NOT EXISTS (SELECT 1 FROM arm_histology a WHERE a.arm = u.arm))"""

_COUNTS = """
SELECT 'rows' AS facet, NULL AS value, count(*) AS n FROM hit
UNION ALL SELECT 'papers', NULL, count(DISTINCT paper) FROM unit
UNION ALL SELECT 'drug', drug, sum(n) FROM unit_drug GROUP BY drug
UNION ALL SELECT 'histology', name, sum(n) FROM unit_histology GROUP BY name
UNION ALL SELECT 'outcome', name, sum(n) FROM (
  SELECT ifnull(c.name, g.outcome) AS name, g.n AS n
  FROM (SELECT outcome, outcome_concept, count(*) AS n FROM hit GROUP BY outcome, outcome_concept) g
  LEFT JOIN concept c ON c.id = g.outcome_concept) GROUP BY name
UNION ALL SELECT 'design', p.design, sum(u.n) FROM unit u JOIN paper p ON p.id = u.paper
  WHERE p.design IS NOT NULL GROUP BY p.design
UNION ALL SELECT 'year', p.year, sum(u.n) FROM unit u JOIN paper p ON p.id = u.paper
  WHERE p.year IS NOT NULL GROUP BY p.year
UNION ALL SELECT 'attribution', attribution, count(*) FROM hit GROUP BY attribution
UNION ALL SELECT 'format', s.format, sum(u.n) FROM unit u JOIN source s ON s.paper = u.paper AND s.is_used = 1
  GROUP BY s.format"""

_MATRIX = """
SELECT d.drug AS drug, h.name AS histology, sum(d.n) AS n, count(DISTINCT d.paper) AS papers
FROM unit_drug d JOIN unit_histology h ON h.paper = d.paper AND h.arm IS d.arm GROUP BY d.drug, h.name"""


@dataclass(frozen=True, slots=True)
class Browse:
    """What a page shows: filters as typed, and facet values as chosen, `(facet, value)`."""

    filters: Filters = field(default_factory=Filters)
    chosen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """`facets` holds (value, rows) per facet, most rows first; years newest first."""

    rows: int
    papers: int
    facets: dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One cell of the evidence map."""

    drug: str
    histology: str
    rows: int
    papers: int


def rows_page(store: Store, browse: Browse, *, sort: str = "paper", offset: int = 0, limit: int = 50) -> list[Row]:
    """Rows of `evidence_row` with the paper's title and format, `limit` of them from `offset` on.

    Raises:
        StoreError: the full-text query cannot be understood.
    """
    where, values = _where(store, browse)
    # Only the rows of this page go through the view with its joins.
    keys = store.rows(
        f"SELECT r.key FROM result r JOIN paper p ON p.id = r.paper WHERE {where}"
        f" ORDER BY {_ORDER.get(sort, _ORDER['paper'])} LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    found: list[Row] = []
    for row in keys:
        found += store.rows(
            "SELECT v.*, p.title, s.format FROM evidence_row v JOIN paper p ON p.key = v.paper"
            " JOIN source s ON s.paper = p.id AND s.is_used = 1 WHERE v.result_id = ?",
            (row["key"],),
        )
    return found


def counts(store: Store, browse: Browse) -> Counts:
    """Rows, papers and facets of what `browse` asks for.

    Raises:
        StoreError: the full-text query cannot be understood.
    """
    where, values = _where(store, browse)
    facets: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
    totals = {"rows": 0, "papers": 0}
    for row in store.rows(_HITS.format(where=where) + _COUNTS, values):
        name, number = str(row["facet"]), int(row["n"] or 0)
        if name in totals:
            totals[name] = number
        else:
            facets[name].append((str(row["value"]), number))
    for name, found in facets.items():
        found.sort(key=lambda pair: pair[0], reverse=name == "year")
        if name != "year":
            found.sort(key=lambda pair: -pair[1])
    return Counts(totals["rows"], totals["papers"], facets)


def bubbles(store: Store, browse: Browse) -> list[Bubble]:
    """Rows and papers for each drug in each histology.

    Raises:
        StoreError: the full-text query cannot be understood.
    """
    where, values = _where(store, browse)
    return [
        Bubble(str(row["drug"]), str(row["histology"]), count(row["n"]), count(row["papers"]))
        for row in store.rows(_HITS.format(where=where) + _MATRIX, values)
    ]


def _where(store: Store, browse: Browse) -> tuple[str, list[Value]]:
    clauses, values = conditions(store, browse.filters)
    for clause, value in _chosen(browse.chosen):
        clauses.append(clause)
        values.extend([value] * clause.count("?"))
    clauses.append("r.id NOT IN (SELECT result FROM reviewed_result WHERE verdict = 'reject')")
    return " AND ".join(clauses), values


def _chosen(chosen: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for name, value in chosen:
        if name in _EXACT:
            yield _EXACT[name], value
