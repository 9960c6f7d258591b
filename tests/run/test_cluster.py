"""Shards and the Ray engine: the same content as without, also if a worker is killed; loading twice changes nothing."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.bench.made import made_sentences, write_abstracts
from pipeline.cli import main
from pipeline.errors import SourceError
from pipeline.evidence import Failure
from pipeline.run import Limits, ingest, load_shards
from pipeline.run.engine import tagger_for
from pipeline.run.process import rows_of_path
from pipeline.run.shard_views import select
from pipeline.run.shards import ShardWriter, entries, papers_of, write_shard
from pipeline.store import PaperRows, Store, dump, open_store, rows_of
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


def test_a_file_of_many_papers_makes_several_shards(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    papers = [rows_of(made.evidence(name=f"{n}.txt", doi=f"10.5555/{n}"), extractor_version="v") for n in range(5)]
    writer = ShardWriter(tmp_path, name="all.xml", sha256="ab", version="v", size=2)
    for paper in papers:
        writer.add(paper)
        assert not list(tmp_path.glob("manifest/*"))  # nothing counts before the file is done
    entry = writer.finish(sha256="cd")
    assert (entry.papers, len(entry.shards), entry.sha256) == (5, 3, "cd")
    assert list(entries(tmp_path)) == [entry]
    assert [paper.key for paper in papers_of(tmp_path, entry)] == [paper.key for paper in papers]
    counted = list(select(tmp_path, "SELECT count(*) AS n, count(DISTINCT id) AS ids FROM result"))
    assert counted == [{"n": 10, "ids": 10}]


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
    assert refused.exit_code == 1
    assert "no full-text index" in refused.stderr and "evidence load" in refused.stderr


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Six made papers as a database and as shards."""
    pytest.importorskip("duckdb")
    folder = tmp_path_factory.mktemp("both")
    with open_store(folder / "x.db", create=True) as store:
        for path in write_abstracts(folder / "made", 6):
            rows = list(rows_of_path(path, tagger_for("none"), name=path.name, extractor_version="v"))
            papers = [item for item in rows if isinstance(item, PaperRows)]
            write_shard(folder / "shards", papers, [], name=path.name, sha256=path.name, version="v")
            store.load_rows(papers[0])
    return folder / "x.db", folder / "shards"


@pytest.mark.parametrize(
    "filters",
    [
        [],
        ["--limit", "2"],
        ["--drug", "immunosuppressants"],
        ["--drug", "calcineurin inhibitors"],
        ["--drug", "CsA"],
        ["--drug", "nothing of the kind"],
        ["--histology", "lupus nephritis"],
        ["--condition", "nephrotic syndrome"],
        ["--outcome", "complete remission", "--attribution", "own"],
        ["--outcome", "remission"],
        ["--outcome", "?"],
        ["--role", "intervention"],
        ["--design", "randomised"],
        ["--paper", "000001.txt"],
        ["--min-confidence", "0.5"],
        ["--year-from", "2000"],
        ["--group-by", "regimen,outcome"],
        ["--group-by", "histology", "--outcome", "remission"],
        ["--group-by", "paper", "--attribution", "own"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["csv", "table"])
def test_every_filter_means_the_same_over_shards(both: tuple[Path, Path], filters: list[str], form: str) -> None:
    wanted, got = (CliRunner().invoke(main, ["query", str(p), *filters, "--format", form]) for p in both)
    assert (got.exit_code, wanted.exit_code) == (0, 0), (got.stderr, wanted.stderr)
    assert got.stdout == wanted.stdout


def test_the_filters_of_that_test_find_something(both: tuple[Path, Path]) -> None:
    found = CliRunner().invoke(main, ["query", str(both[1]), "--drug", "calcineurin inhibitors", "--format", "jsonl"])
    drugs = found.stdout.lower()
    assert "tacrolimus" in drugs or "cyclosporine" in drugs or "voclosporin" in drugs


def test_shards_of_an_older_version_say_so(both: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copytree(both[1], tmp_path / "old")
    shutil.rmtree(tmp_path / "old" / "views" / "drug_use")
    with pytest.raises(SourceError, match="older version"):
        list(select(tmp_path / "old", "SELECT 1"))


def test_a_damaged_shard_is_named(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(SourceError, match="holds no shards"):
        load_shards(tmp_path, tmp_path / "x.db")
    rows = rows_of(made.evidence(), extractor_version="v")
    entry = write_shard(tmp_path, [rows], [], name="made.txt", sha256="ab", version="v")
    (tmp_path / entry.shards[0]).write_bytes(b"PAR1 no")
    with pytest.raises(SourceError, match="is damaged"):
        load_shards(tmp_path, tmp_path / "x.db")


class Killer(threading.Thread):
    """Stops one worker while it reads, waits until the others have read the rest, then kills it: its file is lost."""

    def __init__(self, folder: Path, n_files: int) -> None:
        super().__init__(daemon=True)
        self.folder, self.n_files = folder, n_files
        self.entries_at_stop = self.entries_at_kill = 0

    def entries(self) -> int:
        return len(list(self.folder.glob("manifest/*.json")))

    def run(self) -> None:
        import psutil

        while not self.entries():
            time.sleep(0.01)
        victim = None
        while victim is None:
            working = [
                process
                for process in psutil.Process(os.getpid()).children(recursive=True)
                if "ray::Worker.process" in " ".join(process.cmdline())
            ]
            victim = working[0] if working else None
        victim.send_signal(signal.SIGSTOP)
        self.entries_at_stop = self.entries()
        deadline = time.monotonic() + 60
        while self.entries() < self.n_files - 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)  # the driver waits for the stopped one alone
        self.entries_at_kill = self.entries()
        victim.send_signal(signal.SIGKILL)


@pytest.mark.slow
def test_ray_gives_the_same_content_though_a_worker_is_killed_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray")
    monkeypatch.chdir(tmp_path)
    Path("papers").mkdir()
    for n in range(12):
        Path(f"papers/{n}.txt").write_text(TEXT.format(who=("adults", "children", "men")[n % 3], n=20 + n))
    Path("papers/empty.txt").write_bytes(b"")
    ingest(["papers"], "one.db", model="none")
    killer = Killer(tmp_path / "shards", 13)
    killer.start()
    summary = ingest(["papers"], "ray.db", model="none", engine="ray", jobs=2, shards=tmp_path / "shards")
    killer.join(timeout=5)
    assert killer.entries_at_stop <= killer.entries_at_kill  # it was stopped, and killed, before the end
    assert killer.entries_at_kill >= 12
    assert (summary.ingested, summary.failed) == (12, 1)
    assert content(tmp_path / "ray.db") == content(tmp_path / "one.db")
    load_shards(tmp_path / "shards", "loaded.db")
    assert content(tmp_path / "loaded.db") == content(tmp_path / "one.db")
    assert load_shards(tmp_path / "shards", "loaded.db").ingested == 0


@pytest.mark.slow
def test_a_ray_worker_keeps_to_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    monkeypatch.chdir(tmp_path)
    Path("papers").mkdir()
    Path("papers/a.txt").write_text(TEXT.format(who="adults", n=20))
    long = "\n\n".join(made_sentences(number) for number in range(4000))  # a minute of work
    Path("papers/b.txt").write_text(f"Voclosporin in men.\n\n{long}\n")
    Path("papers/c.txt").write_text(TEXT.format(who="children", n=21))
    limits = Limits(seconds=10)
    summary = ingest(["papers"], "x.db", model="none", engine="ray", jobs=1, limits=limits)
    assert (summary.ingested, summary.failed) == (2, 1)
    with open_store("x.db", read_only=True) as store:
        (failure,) = store.rows("SELECT * FROM failures")
    assert failure["source"] == "papers/b.txt"
    assert "more than 10 s" in str(failure["error"])
