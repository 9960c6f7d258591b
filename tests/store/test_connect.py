"""Opening: what is not ours, or cannot be used, is refused with one line of the right kind."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipeline.errors import (
    NotAnEvidenceStore,
    SchemaTooNew,
    StoreError,
    StoreLocked,
    StoreNotFound,
    StoreReadOnly,
)
from pipeline.store import open_store, rows_of
from pipeline.store.migrations import migrations
from pipeline.store.schema import APPLICATION_ID
from tests import evidence_made as made


def other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name)")


def newer(path: Path) -> None:
    open_store(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")


def cut_short(path: Path) -> None:
    open_store(path, create=True).close()
    path.write_bytes(path.read_bytes()[:5000])


CASES = {
    "missing": (lambda path: None, StoreNotFound),
    "empty": (lambda path: path.touch(), NotAnEvidenceStore),
    "text": (lambda path: path.write_text("not a database, but long enough to look at"), NotAnEvidenceStore),
    "folder": (lambda path: path.mkdir(), NotAnEvidenceStore),
    "other program": (other_program, NotAnEvidenceStore),
    "newer": (newer, SchemaTooNew),
    "cut short": (cut_short, NotAnEvidenceStore),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(tmp_path: Path, case: str) -> None:
    prepare, kind = CASES[case]
    path = tmp_path / "x.db"
    prepare(path)
    with pytest.raises(StoreError) as caught:
        open_store(path, read_only=True)
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    assert caught.value.what_to_do


def test_a_second_writer_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["pipeline.store.connect"], "BUSY_MS", 50)
    path = tmp_path / "x.db"
    with open_store(path, create=True) as first, open_store(path) as second:
        first.connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match="another process"):
            second.load_rows(rows_of(made.evidence(), extractor_version="test"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_store(path, create=True).close()
    path.chmod(0o444)
    with pytest.raises(StoreReadOnly):
        open_store(path).load_rows(rows_of(made.evidence(), extractor_version="test"))


def test_an_old_database_is_moved_forward(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_store(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.execute("DROP VIEW evidence")
    with open_store(path, read_only=True) as store:
        assert list(store.rows("SELECT * FROM evidence")) == []


def test_a_database_of_the_second_schema_gets_keys_of_titles(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    migrations.apply(Database(connection), stop_before="m003_one_paper_by_title")
    title = "Voclosporin for adults with minimal change disease"
    connection.execute(
        "INSERT INTO paper (id, key, title, article_type, authors, ingested_at) VALUES (1, 'k', ?, 'research', ?, '')",
        (title, '["Bérg","Li"]'),
    )
    connection.execute(
        "INSERT INTO source (paper, is_used, name, path, record, format, sha256, extractor_version, richness, title,"
        " retracted) VALUES (1, 1, 'n', 'n', 0, 'text', 's', 'v', 7, ?, 0)",
        (title,),
    )
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with open_store(path) as store:
        (row,) = store.rows("SELECT title_key, author_key, retracts, richness FROM source")
    key = "voclosporinforadultswithminimalchangedisease"
    assert row == {"title_key": key, "author_key": "berg", "retracts": None, "richness": 10**12 + 7}
