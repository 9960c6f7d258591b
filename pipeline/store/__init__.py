"""SQLite: the only place that knows it.

Place in the flow: `load` at the end of ingest, and the connection that `ask` reads through.

    store = open_store("evidence.db", create=True)
    store.load(evidence, extractor_version="0.1.0")
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from pipeline.errors import RecordError, StoreError
from pipeline.evidence import Failure, PaperEvidence
from pipeline.store.connect import SCHEMA_VERSION, connect, explain
from pipeline.store.dump import Change, differences, dump
from pipeline.store.ledger import Ledger
from pipeline.store.load import load_paper, replace_failures
from pipeline.store.rows import rows_of, unpack_boxes
from pipeline.store.schema import PaperRows, Value

__all__ = [
    "SCHEMA_VERSION",
    "SQLITE_VERSION",
    "Change",
    "PaperRows",
    "Store",
    "Value",
    "differences",
    "dump",
    "open_store",
    "rows_of",
    "unpack_boxes",
]

SQLITE_VERSION = sqlite3.sqlite_version


class Store:
    """An open evidence database. Use it as a context manager, or call `close`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.ledger = Ledger(connection, path)
        self.forgotten: dict[str, str] = {}
        """Names and paths of files to be read again, to settle whose copy they are."""

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a writer folds the write-ahead log back in, so that one file can be copied."""
        self.connection.close()

    def load(self, evidence: PaperEvidence, *, extractor_version: str, run: int | None = None) -> str:
        """Store or replace one paper in one transaction; returns its paper_id.

        Raises:
            StoreError: nothing of the paper was written.
        """
        return self.load_rows(rows_of(evidence, extractor_version=extractor_version), run=run)

    def load_rows(self, rows: PaperRows, *, run: int | None = None, may_forget: bool = False) -> str:
        """As `load`, for rows made elsewhere.

        Args:
            may_forget: forget papers that hold a copy of this one; for who then reads the files in `forgotten` again.

        Raises:
            RecordError: the rows of this paper cannot be stored; others can.
            StoreError: the database cannot be written.
        """
        try:
            key, forgotten = load_paper(self.connection, rows, now=now(), run=run, may_forget=may_forget)
        except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, ValueError, OverflowError) as error:
            raise RecordError(
                f"{rows.key}: {error}", what_to_do="This is a bug: please report it with the file."
            ) from error
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        self.forgotten.update(forgotten)
        return key

    def record_failures(self, file: str, failures: Iterable[Failure], *, run: int | None = None) -> None:
        """The failures of one file, in place of those of its last reading; none clears them."""
        try:
            replace_failures(self.connection, file, failures, now=now(), run=run)
        except sqlite3.Error as error:
            raise explain(error, self.path) from error

    def rows(self, sql: str, parameters: Iterable[Value] | dict[str, Value] = ()) -> Iterator[dict[str, Value]]:
        """Rows of a SELECT as dictionaries.

        Raises:
            StoreError: one line; the SQL is ours, so this means a damaged or locked file.
        """
        try:
            values = parameters if isinstance(parameters, dict) else tuple(parameters)
            cursor = self.connection.execute(sql, values)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row, strict=True))
        except sqlite3.Error as error:
            raise explain(error, self.path) from error

    def check(self) -> list[str]:
        """Faults that SQLite itself finds in the file: integrity, full-text index, foreign keys. Empty is healthy."""
        faults = [str(row[0]) for row in self.connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        faults += [f"foreign key of {row[0]}" for row in self.connection.execute("PRAGMA foreign_key_check")]
        try:
            self.connection.execute("INSERT INTO passage_fts(passage_fts, rank) VALUES ('integrity-check', 1)")
        except sqlite3.Error as error:
            if "readonly" not in str(error):
                faults.append(f"full text index: {error}")
        finally:
            if self.connection.in_transaction:
                self.connection.rollback()
        return faults


def now() -> str:
    """The time in UTC, to the second, as stored in the database."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def open_store(path: str | Path, *, create: bool = False, read_only: bool = False) -> Store:
    """Open an evidence database.

    Args:
        create: make the file if there is none.
        read_only: never write, not even the schema (for queries; works on a read-only medium).

    Raises:
        StoreError: of the kind that says what is wrong, one line.
    """
    path = Path(path)
    try:
        return Store(connect(path, create=create, read_only=read_only), path)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}.", what_to_do="Check the path and its permissions.") from error
