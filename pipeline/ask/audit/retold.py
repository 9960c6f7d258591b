"""The same result told differently in abstract and body."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ask.audit.finding import Finding, Row, Severity, number, page_of, rows_of
from pipeline.store import Store

_NUMBERS = ("value", "sd", "events", "total", "percent")


def findings(store: Store, paper: str) -> Iterator[Finding]:
    """Pairs of one arm, outcome, time point and measure that share part of their numbers and not the rest.

    Rows that agree were joined when the paper was read, so what is left differs. Sharing a value, count or
    percent is what makes it the same result; rows that share none are two results.
    """
    rows = rows_of(store, "SELECT * FROM results WHERE paper_id = ? AND attribution = 'own'", paper)
    abstract: dict[tuple[object, ...], list[Row]] = {}
    body: list[Row] = []
    for row in rows:
        section = str(row["section"])
        if section.startswith("abstract"):
            abstract.setdefault(_key(row), []).append(row)
        elif section not in ("table", "caption"):
            body.append(row)
    for row in body:
        for told in abstract.get(_key(row), []):
            explanation = _difference(told, row)
            if explanation:
                quote = str(row["quote"])
                yield Finding(paper, "retold", Severity.NOTE, str(row["result_id"]), quote, explanation, page_of(row))


def _key(row: Row) -> tuple[object, ...]:
    return row["arm_id"], str(row["outcome"]).casefold(), row["timepoint"], row["measure"]


def _difference(told: Row, row: Row) -> str | None:
    pairs = [(name, number(told[name]), number(row[name])) for name in _NUMBERS]
    both = [(name, one, two) for name, one, two in pairs if one is not None and two is not None]
    differ = [(name, one, two) for name, one, two in both if one != two]
    shared = {name for name, one, two in both if one == two} - {"total", "sd"}  # many results share those
    if not differ or not shared:
        return None
    told_differently = ", ".join(f"{name} {one:g} in the abstract and {two:g} here" for name, one, two in differ)
    return f"{row['outcome']}: {told_differently}."
