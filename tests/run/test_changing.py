"""Files that change while they are read: read once more, or refused; what is stored is whole and of one state."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.bench.made import write_pubmed
from pipeline.run import engine, ingest
from pipeline.run.stamp import is_unchanged, stamp
from pipeline.store import open_store
from tests.run.test_resume import TEXT, content

Change = Callable[[int], None]


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One invented paper in the current folder, written long ago."""
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT.format(who="adults", n=20))
    os.utime("a.txt", (1, 1))
    return Path("a.txt")


def change_while_reading(monkeypatch: pytest.MonkeyPatch, change: Change, after: int = 1) -> None:
    """Call `change(reading)` when `after` items of the file have been made."""
    rows_of_path, readings = engine.rows_of_path, [0]

    def changing(*arguments: object, **options: object) -> Iterator[object]:
        readings[0] += 1
        for number, item in enumerate(rows_of_path(*arguments, **options), 1):  # type: ignore[arg-type]
            if number == after:
                change(readings[0])
            yield item

    monkeypatch.setattr(engine, "rows_of_path", changing)


def test_a_change_is_noticed_and_the_file_read_once_more(paper: Path) -> None:
    def change(reading: int) -> None:
        if reading == 1:
            paper.write_text(TEXT.format(who="children", n=30))

    with pytest.MonkeyPatch.context() as patch:
        change_while_reading(patch, change)
        summary = ingest(["a.txt"], "x.db", model="none")
    assert (summary.ingested, summary.failed) == (1, 0)
    ingest(["a.txt"], "y.db", model="none")
    assert content("x.db") == content("y.db")
    assert ingest(["a.txt"], "x.db", model="none").skipped == 1


def test_a_file_that_keeps_changing_fails_and_leaves_nothing(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(reading: int) -> None:
        paper.write_text(TEXT.format(who="men", n=40 + reading))

    change_while_reading(monkeypatch, change)
    summary = ingest(["a.txt"], "x.db", model="none")
    assert (summary.ingested, summary.failed) == (0, 1)
    with open_store("x.db", read_only=True) as store:
        assert list(store.rows("SELECT * FROM papers")) == []
        (failure,) = store.rows("SELECT * FROM failures")
    assert "kept changing" in str(failure["error"]) and failure["what_to_do"]


def test_a_change_in_the_middle_of_many_records_keeps_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    export = Path("export.xml.gz")
    write_pubmed(export, 4)
    os.utime(export, (1, 1))

    def change(reading: int) -> None:
        if reading == 1:
            write_pubmed(export, 5)

    with pytest.MonkeyPatch.context() as patch:
        change_while_reading(patch, change, after=4)
        summary = ingest([str(export)], "x.db", model="none")
    assert (summary.ingested, summary.skipped, summary.failed) == (5, 0, 0)
    assert ingest([str(export)], "x.db", model="none").skipped == 5


def test_touching_is_no_change_and_the_same_size_is_no_alibi(paper: Path) -> None:
    taken = stamp(paper)
    assert not taken.is_fresh
    os.utime(paper, (2, 2))
    assert is_unchanged(paper, taken)
    paper.write_bytes(paper.read_bytes().replace(b"20", b"21"))
    fresh = stamp(paper)
    assert fresh.is_fresh
    state = paper.stat()
    paper.write_bytes(paper.read_bytes().replace(b"21", b"22"))
    os.utime(paper, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert not is_unchanged(paper, fresh)
    paper.unlink()
    assert not is_unchanged(paper, taken)
