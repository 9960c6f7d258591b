"""Shards and the Ray engine: the same content as without, also if a worker is killed; loading twice changes nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.errors import SourceError
from pipeline.evidence import Failure
from pipeline.run import ingest, load_shards
from pipeline.run.shard_views import select
from pipeline.run.shards import entries, papers_of, write_shard
from pipeline.store import Store, dump, open_store, rows_of
from pipeline.store.views import VIEWS
from tests import evidence_made as made

TEXT = """Voclosporin in {who} with lupus nephritis.

We treated {n} {who} with voclosporin 23.7 mg twice daily. Complete remission was seen in 8 of {n} patients (40%).
"""


def content(db: Path) -> str:
    with open_store(db, read_only=True) as store:
        return dump(store.connection)


def test_a_shard_gives_back_what_was_written(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    rows = rows_of(made.evidence(with_boxes=True, format="pdf"), extractor_version="v")
    failure = Failure("made.txt#2", "read", "broken", "mend it")
    entry = write_shard(tmp_path, [rows], [failure], name="made.txt", sha256="ab", version="v")
    again = write_shard(tmp_path, [rows], [failure], name="made.txt", sha256="ab", version="v")
    assert again == entry
    assert list(entries(tmp_path)) == [entry]
    assert len(list(tmp_path.glob("*.parquet"))) == 1
    assert not list(tmp_path.glob(".*"))
    (back,) = papers_of(tmp_path, entry)
    assert (back.tables, back.concepts, back.names) == (rows.tables, rows.concepts, rows.names)
    assert (back.paper, back.source) == (rows.paper, rows.source)


def test_shards_answer_as_a_database_does(tmp_path: Path, store: Store) -> None:
    pytest.importorskip("duckdb")
    for number in (1, 2):
        rows = rows_of(made.evidence(name=f"{number}.txt", doi=f"10.5555/{number}"), extractor_version="v")
        write_shard(tmp_path, [rows], [], name=f"{number}.txt", sha256=str(number), version="v")
        store.load_rows(rows)
    for view in VIEWS:
        wanted, got = list(store.rows(f"SELECT * FROM {view}")), list(select(tmp_path, f"SELECT * FROM {view}"))
        unstable = {"ingested_at"}
        for row in (*wanted, *got):
            [row.pop(name, None) for name in unstable]
        assert sorted(got, key=repr) == sorted(wanted, key=repr), view
    shown = CliRunner().invoke(main, ["query", str(tmp_path), "--drug", "Voclosporin", "--format", "jsonl"])
    assert shown.exit_code == 0, shown.stderr
    assert len(shown.stdout.splitlines()) == 2
    refused = CliRunner().invoke(main, ["query", str(tmp_path), "--text", "kidney"])
    assert refused.exit_code != 0


def test_a_damaged_shard_is_named(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(SourceError, match="holds no shards"):
        load_shards(tmp_path, tmp_path / "x.db")
    rows = rows_of(made.evidence(), extractor_version="v")
    entry = write_shard(tmp_path, [rows], [], name="made.txt", sha256="ab", version="v")
    (tmp_path / str(entry.shard)).write_bytes(b"PAR1 no")
    with pytest.raises(SourceError, match="is damaged"):
        load_shards(tmp_path, tmp_path / "x.db")


def _kill_one_worker(folder: Path) -> None:
    """After the first shard, SIGKILL a process that runs `Worker`."""
    import psutil

    while not list(folder.glob("manifest/*.json")):
        time.sleep(0.02)
    for process in psutil.Process(os.getpid()).children(recursive=True):
        if "ray::Worker" in " ".join(process.cmdline()):
            process.send_signal(signal.SIGKILL)
            return


def test_ray_gives_the_same_content_though_a_worker_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    monkeypatch.chdir(tmp_path)
    Path("papers").mkdir()
    for n in range(12):
        Path(f"papers/{n}.txt").write_text(TEXT.format(who=("adults", "children", "men")[n % 3], n=20 + n))
    Path("papers/empty.txt").write_bytes(b"")
    ingest(["papers"], "one.db", model="none")
    killer = threading.Thread(target=_kill_one_worker, args=(tmp_path / "shards",), daemon=True)
    killer.start()
    summary = ingest(["papers"], "ray.db", model="none", engine="ray", jobs=2, shards=tmp_path / "shards")
    assert (summary.ingested, summary.failed) == (12, 1)
    assert content(tmp_path / "ray.db") == content(tmp_path / "one.db")
    load_shards(tmp_path / "shards", "loaded.db")
    assert content(tmp_path / "loaded.db") == content(tmp_path / "one.db")
    assert load_shards(tmp_path / "shards", "loaded.db").ingested == 0
