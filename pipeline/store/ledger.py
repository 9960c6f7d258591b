"""What has been read already: runs, files and records.

Place in the flow: asked by `run` before a file is read, written after. A file counts as done only after its last
record, so an ingest that is killed goes on with the file it was in; records already stored are not tagged again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.store.connect import explain


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that was read to its end before: how many papers it gave, and what read it."""

    n_papers: int
    extractor_version: str


class Ledger:
    """Runs, files and records of one database."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; a full disk, a lock or a read-only file become errors that say so."""
        try:
            with self._connection:
                yield
        except sqlite3.Error as error:
            raise explain(error, self._path) from error

    def start_run(self, extractor_version: str, arguments: Sequence[str], now: str) -> int:
        """Note the start of an ingest; returns its number."""
        with self._writing():
            cursor = self._connection.execute(
                "INSERT INTO run (started_at, extractor_version, arguments) VALUES (?, ?, ?)",
                (now, extractor_version, json.dumps(list(arguments))),
            )
        return int(cursor.lastrowid or 0)

    def finish_run(self, run: int, *, ingested: int, skipped: int, failed: int, now: str) -> None:
        """Note the end of an ingest and its counts."""
        with self._writing():
            self._connection.execute(
                "UPDATE run SET finished_at = ?, ingested = ?, skipped = ?, failed = ? WHERE id = ?",
                (now, ingested, skipped, failed, run),
            )

    def file(self, sha256: str) -> FileState | None:
        """What is known of a file with this content."""
        row = self._connection.execute(
            "SELECT n_papers, extractor_version FROM file WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return FileState(int(row[0]), str(row[1])) if row else None

    def finish_file(self, sha256: str, name: str, extractor_version: str, n_papers: int) -> None:
        """Note that every record of a file is stored."""
        with self._writing():
            self._connection.execute("DELETE FROM file WHERE sha256 = ? OR name = ?", (sha256, name))
            self._connection.execute(
                "INSERT INTO file (sha256, name, extractor_version, n_papers) VALUES (?, ?, ?, ?)",
                (sha256, name, extractor_version, n_papers),
            )

    def same_content(self, sha256: str, name: str, path: str) -> None:
        """A second file with the content of one already stored: the paper keeps the name that sorts first."""
        row = self._connection.execute("SELECT name FROM file WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None or name >= str(row[0]):
            return
        with self._writing():
            self._connection.execute("UPDATE source SET name = ?, path = ? WHERE name = ?", (name, path, row[0]))
            self._connection.execute("UPDATE file SET name = ? WHERE sha256 = ?", (name, sha256))

    def known_records(self, name: str, extractor_version: str | None = None) -> frozenset[str]:
        """Content hashes of a file's records that are stored, by any version or by one."""
        sql = "SELECT sha256 FROM source WHERE name = ?" + (" AND extractor_version = ?" if extractor_version else "")
        values = (name, extractor_version) if extractor_version else (name,)
        return frozenset(str(row[0]) for row in self._connection.execute(sql, values))

    def other_versions(self, extractor_version: str) -> int:
        """How many papers were made by another version."""
        row = self._connection.execute(
            "SELECT count(*) FROM source WHERE is_used = 1 AND extractor_version <> ?", (extractor_version,)
        ).fetchone()
        return int(row[0])
