"""Nothing is lost: killed, full disk, read-only, two at once, readers beside a writer. Real processes, real signals."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.run import ingest
from pipeline.store import Store, dump, open_store, rows_of
from tests import evidence_made as made
from tests.conftest import ROOT

TEXT = """Voclosporin in {who} with lupus nephritis.

We treated {n} {who} with voclosporin 23.7 mg twice daily. Complete remission was seen in 8 of {n} patients (40%).
"""


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Thirty invented papers in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("papers").mkdir()
    for n in range(30):
        Path(f"papers/{n:02}.txt").write_text(TEXT.format(who=("adults", "children", "men")[n % 3], n=20 + n))
    return tmp_path


def start(db: str, *extra: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline", "ingest", "papers", "--db", db, "--model", "none", "--quiet", *extra]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True)


def content(db: str) -> str:
    with open_store(db, read_only=True) as store:
        return dump(store.connection)


def stored(db: str) -> int:
    try:
        with open_store(db, read_only=True) as store:
            return int(store.connection.execute("SELECT count(*) FROM paper").fetchone()[0])
    except (StoreError, sqlite3.Error):
        return 0


@pytest.mark.slow
def test_killed_and_started_again_gives_the_same_content(papers: Path) -> None:
    ingest(["papers"], "whole.db", model="none")
    process = start("killed.db")
    while stored("killed.db") < 3 and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    with open_store("killed.db") as store:
        assert store.check() == []
    assert 3 <= stored("killed.db") <= 30
    ingest(["papers"], "killed.db", model="none")
    assert content("killed.db") == content("whole.db")


@pytest.mark.slow
def test_any_order_and_any_number_of_jobs_give_the_same_content(papers: Path) -> None:
    ingest(["papers"], "one.db", model="none")
    for path in sorted(Path("papers").iterdir(), reverse=True):
        ingest([str(path)], "back.db", model="none")
    ingest(["papers"], "two.db", model="none", jobs=2)
    assert content("back.db") == content("one.db")
    assert content("two.db") == content("one.db")


@pytest.mark.slow
def test_two_ingests_into_one_database_both_end_well(papers: Path) -> None:
    ingest(["papers"], "one.db", model="none")
    first, second = start("shared.db"), start("shared.db")
    reads = 0
    while first.poll() is None or second.poll() is None:
        if Path("shared.db").exists() and stored("shared.db"):
            with open_store("shared.db", read_only=True) as store:  # a reader never fails, nor sees half a paper
                list(store.rows("SELECT * FROM evidence"))
                reads += 1
        time.sleep(0.02)
    assert (first.returncode, second.returncode) == (0, 0), (first.communicate(), second.communicate())
    assert reads
    assert content("shared.db") == content("one.db")


def test_a_full_disk_is_one_line_and_the_database_stays_whole(store: Store) -> None:
    store.load(made.evidence(), extractor_version="v")
    before = dump(store.connection)
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite then says what it says on a full disk
    big = rows_of(
        made.evidence(name="big.txt", doi="10.5555/big", extra="Many words. " * 40_000), extractor_version="v"
    )
    with pytest.raises(StoreError, match="disk is full"):
        store.load_rows(big)
    store.connection.execute(f"PRAGMA max_page_count = {pages * 1000}")
    assert dump(store.connection) == before
    assert store.check() == []
    store.load_rows(big)
    assert store.check() == []


def test_a_read_only_database_is_one_line(store: Store) -> None:
    store.connection.execute("PRAGMA query_only = ON")  # SQLite then says what it says on a read-only medium
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        store.ledger.start_run("v", [], "now")
