"""Papers and their rows as gold: `docs/*.txt` and `json/*.json`, the form that `evidence evaluate gold` scores.

Reviewers make it true: a correction is what goes out, a rejected row does not. Papers that nobody has judged a row of
stay out, for an unread extraction is no gold. The text is that of the passages, one below the other, so that every
string and quote is found in it as it is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from pipeline.export.names import file_stem
from pipeline.export.selection import Row, Selection, Value
from pipeline.store import Store

_LABELS = ("DRUG", "DOSE", "HISTOLOGY", "CONDITION", "OUTCOME")
_RESULT = (
    "outcome", "measure", "value", "sd", "se", "low", "high", "unit", "events", "total", "percent", "timepoint",
    "attribution", "quote",
)  # fmt: skip


def write(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """Two files per reviewed paper."""
    papers = [paper for paper in selection.rows(store, "papers") if paper["paper_id"] in _reviewed(store)]
    views = ("passages", "mentions", "regimens", "results", "comparisons")
    parts = {view: _by_paper(selection, store, view) for view in views}
    files = []
    for paper in papers:
        key = str(paper["paper_id"])
        name = f"{file_stem(key)}.txt"
        docs, records = folder / "docs" / name, folder / "json" / f"{file_stem(key)}.json"
        for path in (docs, records):
            path.parent.mkdir(parents=True, exist_ok=True)
        docs.write_text("\n\n".join(str(row["text"]) for row in parts["passages"][key]) + "\n", encoding="utf-8")
        record = _record(name, paper, {view: rows[key] for view, rows in parts.items()})
        records.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        files += [docs, records]
    return files


def _reviewed(store: Store) -> frozenset[str]:
    """paper_ids of which at least one row has been judged."""
    rows = store.rows(
        "SELECT p.key FROM paper p WHERE p.id IN"
        " (SELECT r.paper FROM reviewed_result v JOIN result r ON r.id = v.result"
        " UNION SELECT r.paper FROM reviewed_comparison v JOIN comparison r ON r.id = v.comparison)"
    )
    return frozenset(str(row["key"]) for row in rows)


def _by_paper(selection: Selection, store: Store, view: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in selection.rows(store, view):
        found[str(row["paper_id"])].append(row)
    return found


def _record(name: str, paper: Row, parts: dict[str, list[Row]]) -> dict[str, Any]:
    mentions: dict[str, list[str]] = {label: [] for label in _LABELS}
    for row in parts["mentions"]:
        strings = mentions.get(str(row["label"]))
        if strings is not None and str(row["text"]) not in strings:
            strings.append(str(row["text"]))
    return {
        "doc": name,
        "design": paper["design"],
        "n_total": paper["n_total"],
        "mentions": mentions,
        "arms": _arms(parts["regimens"]),
        "results": [{"arm": row["arm_id"], **{field: row[field] for field in _RESULT}} for row in parts["results"]],
        "comparisons": [_comparison(row) for row in parts["comparisons"]],
    }


def _arms(regimens: list[Row]) -> list[dict[str, Any]]:
    arms: dict[Value, dict[str, Any]] = {}
    for row in regimens:
        arm = arms.setdefault(
            row["arm_id"],
            {
                "id": row["arm_id"],
                "label": row["arm"],
                "role": row["role"],
                "n": row["n"],
                "population": row["population"],
                "histology": str(row["histology"]).split("; ") if row["histology"] else [],
                "drugs": [],
            },
        )
        if row["drug"]:
            arm["drugs"].append({name: row[name] for name in ("drug", "dose", "frequency", "route", "duration")})
    return list(arms.values())


def _comparison(row: Row) -> dict[str, Any]:
    p = row["p_value"]
    kept = ("arm_a", "arm_b", "outcome", "effect_measure", "effect", "ci_low", "ci_high", "direction", "timepoint")
    return {
        **{name: row[name] for name in kept},
        "p": None if p is None else f"P {row['p_operator'] or '='} {p:g}",
        "attribution": row["attribution"],
        "quote": row["quote"],
    }
