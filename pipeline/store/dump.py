"""The content of a database as text that is equal if and only if the evidence is equal.

Place in the flow: behind `evidence diff` and the tests of "same rows always". Run ids, times, paths and the version
that made the rows do not count; neither does the order in which papers came.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

# view → (columns that name the row, columns that do not count)
_VIEWS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "papers": (("paper_id",), frozenset({"ingested_at", "extractor_version"})),
    "passages": (("passage_id",), frozenset()),
    "mentions": (("mention_id",), frozenset()),
    "regimens": (("paper_id", "arm_id", "drug", "dose"), frozenset()),
    "results": (("result_id",), frozenset()),
    "comparisons": (("comparison_id",), frozenset()),
    "evidence_row": (("result_id",), frozenset()),
    "failures": (("source", "stage", "error"), frozenset({"at"})),
}

_MORE = {
    "source": "SELECT p.key AS paper_id, s.name, s.format, s.record, s.sha256, s.is_used, s.retracted,"
    " s.title_key, s.author_key, s.retracts, p.retracted AS is_retracted"
    " FROM source s JOIN paper p ON p.id = s.paper",
    "abbreviation": "SELECT p.key AS paper_id, a.short, a.long FROM abbreviation a JOIN paper p ON p.id = a.paper",
    "reference": "SELECT p.key AS paper_id, r.ordinal, r.key, r.text, r.authors, r.year, r.title, r.doi, r.pmid"
    " FROM reference r JOIN paper p ON p.id = r.paper",
    "read_note": "SELECT p.key AS paper_id, n.kind, n.detail, n.page FROM read_note n JOIN paper p ON p.id = n.paper",
    "cell": "SELECT x.key AS passage_id, c.row_number, c.column_number, c.text, c.char_start, c.char_end,"
    " c.column_headers, c.row_headers FROM cell c JOIN passage x ON x.id = c.passage",
    "review": "SELECT kind, fingerprint, verdict, corrections, who, why FROM review",
    "more_quotes": "SELECT r.key AS row, m.ordinal, q.text FROM result_quote m JOIN result r ON r.id = m.result"
    " JOIN quote q ON q.id = m.quote UNION ALL SELECT r.key, m.ordinal, q.text FROM comparison_quote m"
    " JOIN comparison r ON r.id = m.comparison JOIN quote q ON q.id = m.quote",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `kind` is appeared, vanished or changed; `fields` are `(column, before, after)`."""

    kind: str
    view: str
    row: str
    fields: tuple[tuple[str, object, object], ...] = ()


def dump(connection: sqlite3.Connection) -> str:
    """Canonical text of everything: one line per row, sorted."""
    lines: list[str] = []
    for view, (_, ignored) in _VIEWS.items():
        lines += sorted(_lines(connection, view, f"SELECT * FROM {view}", ignored))
    for name, select in _MORE.items():
        lines += sorted(_lines(connection, name, select, frozenset()))
    return "\n".join(lines) + "\n"


def _lines(connection: sqlite3.Connection, name: str, select: str, ignored: frozenset[str]) -> Iterator[str]:
    for row in _rows(connection, select, ignored):
        yield f"{name}\t{json.dumps(row, ensure_ascii=False, sort_keys=True)}"


def _rows(connection: sqlite3.Connection, select: str, ignored: frozenset[str]) -> Iterator[dict[str, object]]:
    cursor = connection.execute(select)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield {name: value for name, value in zip(names, row, strict=True) if name not in ignored}


def differences(before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    """Rows that appeared, vanished or changed, view by view, in the order of their ids."""
    for view, (keys, ignored) in _VIEWS.items():
        if view == "evidence_row":
            continue  # says nothing that results, comparisons and regimens do not say
        old, new = _by_key(before, view, keys, ignored), _by_key(after, view, keys, ignored)
        for key in sorted(old.keys() | new.keys()):
            if key not in new:
                yield Change("vanished", view, key)
            elif key not in old:
                yield Change("appeared", view, key)
            elif old[key] != new[key]:
                fields = tuple((c, old[key][c], new[key][c]) for c in old[key] if old[key][c] != new[key][c])
                yield Change("changed", view, key, fields)


def _by_key(
    connection: sqlite3.Connection, view: str, keys: tuple[str, ...], ignored: frozenset[str]
) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for row in _rows(connection, f"SELECT * FROM {view}", ignored):
        key = base = " ".join(str(row[name]) for name in keys if row[name] is not None)
        number = 2
        while key in found:  # two regimens of one arm may share drug and dose
            key, number = f"{base} ({number})", number + 1
        found[key] = row
    return found
