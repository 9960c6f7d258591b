"""People in the arms against people in the study."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ask.audit.finding import Finding, Severity, number, rows_of
from pipeline.store import Store


def findings(store: Store, paper: str) -> Iterator[Finding]:
    """An arm larger than its study. Arms may overlap (subgroups, phases), so their sum is no test."""
    rows = rows_of(
        store,
        "SELECT a.name, a.n, p.n_total, q.text AS quote, q.page FROM arm a JOIN paper p ON p.id = a.paper"
        " LEFT JOIN quote q ON q.id = a.quote WHERE p.key = ? AND a.attribution = 'own' ORDER BY a.id",
        paper,
    )
    for row in rows:
        size, total = number(row["n"]), number(row["n_total"])
        if size is not None and total is not None and size > total:
            page = row["page"]
            yield Finding(
                paper,
                "arm size",
                Severity.WARNING,
                None,
                str(row["quote"] or row["name"]),
                f"{size:g} people in the arm “{row['name']}” of a study of {total:g}.",
                page if isinstance(page, int) else None,
            )
