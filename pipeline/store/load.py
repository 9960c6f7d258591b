"""Write one paper in one transaction.

Place in the flow: the end of `ingest`; the only code that changes evidence rows. A paper told by several sources (an
abstract and its full text) is stored once, from the richest; the others are recorded as its sources. Which one wins,
and what the paper is called, depends on the set of sources only, never on the order in which they came.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress

from pipeline.evidence import Failure
from pipeline.store.joining import IDS, PaperRow, forget_misplaced, same_papers
from pipeline.store.reviews import apply_reviews
from pipeline.store.schema import PAPER_COLUMNS, PAPER_TABLES, SOURCE_COLUMNS, PaperRows, Row, Value


def load_paper(
    connection: sqlite3.Connection, rows: PaperRows, *, now: str, run: int | None = None, may_forget: bool = False
) -> tuple[str, dict[str, str]]:
    """Store or replace one paper; returns the id under which it stands now.

    And names and paths of files to be read again, see `joining.forget_misplaced`.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        key = _merge(connection, rows, now, run)
        apply_reviews(connection, key)
        forgotten = forget_misplaced(connection, rows.source) if may_forget else {}
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return key, forgotten


def _merge(connection: sqlite3.Connection, rows: PaperRows, now: str, run: int | None) -> str:
    carried = _forget_old_version(connection, rows)
    papers = same_papers(connection, rows)
    sources = [row for paper in papers for row in _sources(connection, int(str(paper["id"])))]
    sources = sorted([*sources, *carried, {**rows.source, "paper": None}], key=_rank)
    best = sources[0]
    keeper = next((paper for paper in papers if paper["id"] == best["paper"]), None)
    for paper in papers:
        if paper is not keeper:
            connection.execute("DELETE FROM paper WHERE id = ?", (paper["id"],))
    merged = _merged_values(sources)
    if _has_notice(connection, merged):
        merged["retracted"] = 1
    key = _key(merged, best)
    if keeper is None:
        number = _insert_paper(connection, rows, {**merged, "key": key, "ingested_at": now, "run": run})
    else:
        number = int(str(keeper["id"]))
        connection.execute("DELETE FROM source WHERE paper = ?", (number,))
        _update(connection, "paper", number, {**merged, "key": key})
        _rekey(connection, number, str(keeper["key"]), key)
    for source in sources:
        values = [source[column] for column in SOURCE_COLUMNS]
        _insert(connection, "source", ("paper", "is_used", *SOURCE_COLUMNS), (number, int(source is best), *values))
    _retract(connection, rows.source["retracts"])
    return key


def _forget_old_version(connection: sqlite3.Connection, rows: PaperRows) -> list[PaperRow]:
    """Drop what the same record, or an older state of the same single-paper file, told before.

    Returns the poorer sources of a paper dropped so: they stay sources of the new reading. A source richer than the new
    reading lost its text; forgetting its file makes the next ingest read it again.
    """
    _keep_first_name(connection, rows.source)
    new, carried = {**rows.source, "paper": None}, []
    found = connection.execute(
        "SELECT id, paper, is_used FROM source WHERE sha256 = ? OR (name = ? AND record = 0 AND ? = 0)",
        (new["sha256"], new["name"], new["record"]),
    ).fetchall()
    for number, paper, is_used in found:
        connection.execute("DELETE FROM source WHERE id = ?", (number,))
        if not is_used:
            continue
        for other in _sources(connection, paper):
            if _rank(other) > _rank(new):
                carried.append({**other, "paper": None})
            else:
                connection.execute("DELETE FROM file WHERE name = ?", (other["name"],))
        connection.execute("DELETE FROM paper WHERE id = ?", (paper,))
    return carried


def _keep_first_name(connection: sqlite3.Connection, source: PaperRow) -> None:
    """A record met in two files keeps the name that sorts first, whichever was read first."""
    found = connection.execute("SELECT name, path, record FROM source WHERE sha256 = ?", (source["sha256"],)).fetchone()
    if found and str(found[0]) < str(source["name"]):
        source["name"], source["path"], source["record"] = found


def _has_notice(connection: sqlite3.Connection, merged: PaperRow) -> bool:
    """Whether a retraction notice in the database names the paper."""
    cursor = connection.execute(
        "SELECT 1 FROM source s, json_each(s.retracts) j WHERE s.retracts IS NOT NULL AND j.value IN (?, ?, ?)",
        (merged["doi"], f"pmid:{merged['pmid']!s}", f"pmcid:{merged['pmcid']!s}"),
    )
    return cursor.fetchone() is not None


def _retract(connection: sqlite3.Connection, retracts: Value) -> None:
    """Flag the papers that a notice names and that are there already."""
    for target in json.loads(str(retracts)) if retracts else ():
        kind, _, number = target.rpartition(":")
        column = kind if kind in IDS else "doi"
        connection.execute(f"UPDATE paper SET retracted = 1 WHERE {column} = ?", (number if kind in IDS else target,))


def _sources(connection: sqlite3.Connection, paper: int) -> list[PaperRow]:
    names = ("paper", *SOURCE_COLUMNS)
    cursor = connection.execute(f"SELECT {', '.join(names)} FROM source WHERE paper = ?", (paper,))
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _rank(source: PaperRow) -> tuple[int, str]:
    return -int(str(source["richness"])), str(source["sha256"])


def _merged_values(sources: Sequence[PaperRow]) -> PaperRow:
    """Ids and citation of the paper: from the richest source that knows them; retracted if any source says so."""
    names = (*IDS, "title", "journal", "year")
    merged = {name: next((s[name] for s in sources if s[name] is not None), None) for name in names}
    return {**merged, "retracted": max(int(str(s["retracted"])) for s in sources)}


def _key(merged: PaperRow, best: PaperRow) -> str:
    """The rule of `Document.paper_id`, over everything the sources know together."""
    if merged["doi"]:
        return str(merged["doi"])
    for name in ("pmid", "pmcid"):
        if merged[name]:
            return f"{name}:{merged[name]!s}"
    return f"sha256:{best['sha256']!s}"


def _rekey(connection: sqlite3.Connection, paper: int, old: str, new: str) -> None:
    if old == new:
        return
    for table in ("passage", "result", "comparison"):
        connection.execute(
            f"UPDATE {table} SET key = ? || substr(key, ?) WHERE paper = ?",
            (new, len(old) + 1, paper),
        )


def _insert_paper(connection: sqlite3.Connection, rows: PaperRows, values: PaperRow) -> int:
    values = {**{name: rows.paper[name] for name in PAPER_COLUMNS}, **values}
    paper = _insert(connection, "paper", tuple(values), tuple(values.values()))
    concepts = [_concept(connection, concept) for concept in rows.concepts]
    connection.executemany(
        "INSERT OR IGNORE INTO concept_name (label, surface, concept) VALUES (?, ?, ?)",
        [(label, surface, concepts[number]) for label, surface, number in rows.names],
    )
    offsets: dict[str, int] = {}
    old, new = rows.key, str(values["key"])
    for table in PAPER_TABLES:
        offsets[table.name] = _next_id(connection, table.name)
        local = rows.tables.get(table.name)
        if not local:
            continue
        made = _with_global_ids(local, [target for _, target in table.refs], offsets, offsets[table.name])
        made = _with_paper(made, table.refs, paper, concepts)
        connection.executemany(table.insert, made)
    _rekey(connection, paper, old, new)
    return paper


def _with_global_ids(rows: Iterable[Row], targets: list[str], offsets: dict[str, int], own: int) -> list[Row]:
    """Add the offset of each table to the row's own number and to its references within the paper."""
    steps = [own, *(offsets.get(target, 0) for target in targets)]
    lead = len(steps)
    return [
        (*(None if v is None else int(v) + s for v, s in zip(row, steps, strict=False)), *row[lead:]) for row in rows
    ]


def _with_paper(rows: list[Row], refs: tuple[tuple[str, str], ...], paper: int, concepts: list[int]) -> list[Row]:
    """Fill in the references that leave the paper: its own row and the shared concepts."""
    fixed: list[Row] = rows
    for position, (_, target) in enumerate(refs, 1):
        if target == "paper":
            fixed = [(*row[:position], paper, *row[position + 1 :]) for row in fixed]
        elif target == "concept":
            fixed = [
                row
                if row[position] is None
                else (*row[:position], concepts[int(str(row[position]))], *row[position + 1 :])
                for row in fixed
            ]
    return fixed


def _next_id(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT ifnull(max(id), 0) + 1 FROM {table}").fetchone()[0])


def _concept(connection: sqlite3.Connection, concept: tuple[str | None, str, str | None]) -> int:
    curie, name, vocabulary = concept
    found = connection.execute(
        "SELECT id FROM concept WHERE name = ? AND ifnull(curie, '') = ? AND ifnull(vocabulary, '') = ?",
        (name, curie or "", vocabulary or ""),
    ).fetchone()
    if found:
        return int(found[0])
    return _insert(connection, "concept", ("curie", "name", "vocabulary"), (curie, name, vocabulary))


def _insert(connection: sqlite3.Connection, table: str, columns: tuple[str, ...], values: Sequence[Value]) -> int:
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    return int(connection.execute(sql, values).lastrowid or 0)


def _update(connection: sqlite3.Connection, table: str, number: int, values: PaperRow) -> None:
    columns = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE {table} SET {columns} WHERE id = ?", (*values.values(), number))


def replace_failures(
    connection: sqlite3.Connection, file: str, failures: Iterable[Failure], *, now: str, run: int | None = None
) -> None:
    """The failures of one file, in place of those of its last reading."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DELETE FROM failure WHERE file = ?", (file,))
        connection.executemany(
            "INSERT OR IGNORE INTO failure (source, stage, error, what_to_do, at, file, run)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(f.source, f.stage, f.error, f.what_to_do, now, file, run) for f in failures],
        )
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
