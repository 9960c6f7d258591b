"""Which stored papers a source tells of too.

Place in the flow: `load` asks before and after it writes a paper. Identifiers decide; without a shared one, title,
author and year do (`read.identity`). What belongs together depends on the set of sources only, never on their order.
"""

from __future__ import annotations

import sqlite3
from itertools import combinations
from pathlib import Path

from pipeline.read.identity import Identity
from pipeline.store.schema import PaperRows, Value

PaperRow = dict[str, Value]
IDS = ("doi", "pmid", "pmcid")


def same_papers(connection: sqlite3.Connection, rows: PaperRows) -> list[PaperRow]:
    """Papers in the database that the new source tells of too: by a shared id, else by title, author and year.

    None of them contradicts it in an id, nor do those found by title contradict each other: of two papers that share
    a title (a preprint and its article), the one whose id sorts first takes a source that knows no id.
    """
    source = rows.source
    cursor = connection.execute(
        "SELECT id, key, doi, pmid, pmcid FROM paper WHERE key = :key"
        " OR doi = :doi OR pmid = :pmid OR pmcid = :pmcid ORDER BY key",
        {"key": rows.key, **{name: source[name] for name in IDS}},
    )
    papers = [dict(zip(("id", "key", *IDS), row, strict=True)) for row in cursor]
    new = _identity(source)
    found = [p for p in papers if p["key"] == rows.key or not _identity(p).contradicts(new)]
    for paper in _same_title(connection, new, source):
        known = _identity(paper)
        if not any(known.contradicts(other) for other in (new, *map(_identity, found))):
            found.append(paper)
    return list({paper["id"]: paper for paper in found}.values())


def _same_title(connection: sqlite3.Connection, new: Identity, source: PaperRow) -> list[PaperRow]:
    """Papers with a source that bears the same title, in the order of their keys."""
    if new.title_key is None:
        return []
    columns = ("id", "key", *IDS)
    cursor = connection.execute(
        f"SELECT {', '.join(f'p.{name}' for name in columns)}, s.title_key, s.author_key, s.year"
        " FROM source s JOIN paper p ON p.id = s.paper WHERE s.title_key = ? ORDER BY p.key",
        (source["title_key"],),
    )
    rows = [dict(zip((*columns, "title_key", "author_key", "year"), row, strict=True)) for row in cursor]
    return [{name: row[name] for name in columns} for row in rows if _identity(row).same_title(new)]


def _identity(row: PaperRow) -> Identity:
    doi, pmid, pmcid, title, author = (
        str(row[name]) if row.get(name) else None for name in (*IDS, "title_key", "author_key")
    )
    return Identity(doi, pmid, pmcid, title, author, int(str(row["year"])) if row.get("year") else None)


def forget_misplaced(connection: sqlite3.Connection, source: PaperRow) -> dict[str, str]:
    """Forget papers that hold a copy of another one of the source's title; returns names and paths of their files.

    A preprint and its article have one title and contradict each other. A file that knows no id joined the one that
    was read first; if the id of the other sorts first, its files must be read again, because only the richest reading
    of a paper is stored. A paper stays if a file of it is no longer there: nothing is lost for the sake of order.
    """
    papers = {paper["id"]: paper for paper in _same_title(connection, _identity(source), source)}
    forgotten: dict[str, str] = {}
    for first, second in combinations(papers.values(), 2):  # in the order of their keys
        if not _identity(first).contradicts(_identity(second)) or not _holds_copy(connection, first, second):
            continue
        files = dict(connection.execute("SELECT name, path FROM source WHERE paper = ?", (second["id"],)).fetchall())
        if all(Path(path).is_file() for path in files.values()):
            connection.executemany("DELETE FROM file WHERE name = ?", [(name,) for name in files])
            connection.execute("DELETE FROM paper WHERE id = ?", (second["id"],))
            forgotten.update(files)
    return forgotten


def _holds_copy(connection: sqlite3.Connection, first: PaperRow, second: PaperRow) -> bool:
    """Whether a source of the second paper knows no id, and by its title may as well be the first."""
    columns = (*IDS, "title_key", "author_key", "year")
    sql = f"SELECT {', '.join(columns)} FROM source WHERE paper = ?"
    ours, theirs = (
        [_identity(dict(zip(columns, row, strict=True))) for row in connection.execute(sql, (paper["id"],))]
        for paper in (first, second)
    )
    copies = [one for one in theirs if not (one.doi or one.pmid or one.pmcid)]
    return any(copy.same_title(one) for copy in copies for one in ours)
