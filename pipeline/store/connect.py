"""Open a database of ours, or say in one line why not.

Place in the flow: the only door to SQLite. Reading uses the standard library alone, so that light commands start fast;
sqlite-utils comes in when a schema must be made or moved forward.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote as quote_uri

from pipeline.errors import (
    NotAnEvidenceStore,
    SchemaTooNew,
    StoreError,
    StoreLocked,
    StoreNotFound,
    StoreReadOnly,
)
from pipeline.store.schema import APPLICATION_ID

SCHEMA_VERSION = 4  # number of steps in `migrations`; a test holds them together
BUSY_MS = 10_000  # how long to wait for another writer before saying so


def connect(path: Path, *, create: bool = False, read_only: bool = False) -> sqlite3.Connection:
    """An open connection to a database with the current schema.

    Raises:
        StoreNotFound, NotAnEvidenceStore, SchemaTooNew, StoreLocked, StoreReadOnly, StoreError: one line each.
    """
    _check_file(path, create=create)
    try:
        return _connect(path, read_only=read_only)
    except sqlite3.Error as error:
        raise explain(error, path) from error


def _check_file(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise NotAnEvidenceStore(f"{path} is a folder, not a database.", what_to_do="Name a file, such as evidence.db.")
    if path.exists():
        if path.stat().st_size and not _starts_like_sqlite(path):
            raise NotAnEvidenceStore(
                f"{path} is not an evidence database.", what_to_do="Name a database that `evidence ingest` made."
            )
        if path.stat().st_size or create:
            return
        raise NotAnEvidenceStore(f"{path} is empty.", what_to_do="Fill it with `evidence ingest PATH --db DB`.")
    if not create:
        raise StoreNotFound(f"There is no database {path}.", what_to_do="Make one with `evidence ingest PATH --db DB`.")
    if not path.parent.is_dir():
        raise StoreNotFound(f"There is no folder {path.parent}.", what_to_do="Create the folder first.")


def _starts_like_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\x00"
    except OSError as error:
        raise StoreReadOnly(f"{path} cannot be read: {error.strerror}.", what_to_do="Check its permissions.") from error


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    # A read-only medium cannot hold WAL's side files; "immutable" is right only then.
    uri = f"file:{quote_uri(str(path))}"
    if read_only:
        uri += "?mode=ro" if os.access(path.parent, os.W_OK) else "?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000)
    connection.execute("PRAGMA foreign_keys = ON")
    if read_only or _tables(connection):
        _check_owner(connection, path)
    if _version(connection) < SCHEMA_VERSION:
        if read_only:
            connection.close()
            return _connect_after_upgrade(path)
        _upgrade(connection)
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _connect_after_upgrade(path: Path) -> sqlite3.Connection:
    _connect(path, read_only=False).close()
    return _connect(path, read_only=True)


def _tables(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _check_owner(connection: sqlite3.Connection, path: Path) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID:
        raise NotAnEvidenceStore(
            f"{path} is an SQLite file of another program.", what_to_do="Name a database that `evidence ingest` made."
        )
    version = _version(connection)
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"{path} has schema {version}, this version knows {SCHEMA_VERSION}.",
            what_to_do="Upgrade: pip install -U evidence-pipeline.",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _upgrade(connection: sqlite3.Connection) -> None:
    """Bring the schema forward, whole or not at all; a second process that wants the same waits and finds it done."""
    from sqlite_utils import Database

    from pipeline.store.migrations import migrations
    from pipeline.store.views import view_statements

    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) < SCHEMA_VERSION:
            migrations.apply(Database(connection, execute_plugins=False, use_counts_table=False))
            for statement in view_statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """The error of ours that tells a user what an SQLite error means."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return StoreLocked(
            f"{path} is being written by another process.", what_to_do="Wait until that ingest ends, then try again."
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return StoreReadOnly(f"{path} cannot be opened for writing.", what_to_do="Check permissions, or copy it first.")
    if "full" in text:
        return StoreError(
            f"The disk is full: {path}.", what_to_do="Free space and ingest again; it goes on from there."
        )
    if "not a database" in text or "malformed" in text:
        return NotAnEvidenceStore(f"{path} is damaged or not a database: {text}.", what_to_do="Ingest into a new file.")
    return StoreError(f"{path}: {text}.", what_to_do="Check the file with `evidence info DB`.")
