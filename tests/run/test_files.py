"""Which files an ingest finds."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.run.files import content_hash, find_files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """a.txt, b.PDF, notes.md, hidden and nested files, links that go round in circles."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papers" / "deep").mkdir(parents=True)
    (tmp_path / "papers" / ".hidden").mkdir()
    for name in ("b.PDF", "a.txt", "notes.md", ".hidden/c.txt", ".d.txt", "deep/e.nxml"):
        (tmp_path / "papers" / name).write_text(name)
    with gzip.open(tmp_path / "papers" / "f.xml.gz", "wb") as file:
        file.write(b"<a/>")
    (tmp_path / "papers" / "odd.bin").write_bytes(b"%PDF-1.4 ...")
    (tmp_path / "papers" / "deep" / "up").symlink_to(tmp_path / "papers")
    (tmp_path / "papers" / "g.txt").symlink_to(tmp_path / "papers" / "a.txt")
    return tmp_path


FOUND = ["papers/a.txt", "papers/b.PDF", "papers/deep/e.nxml", "papers/f.xml.gz", "papers/odd.bin"]


@pytest.mark.parametrize(
    "arguments",
    [["papers"], ["papers/"], ["./papers", "papers"], ["papers/deep/up"], ["papers/*", "papers/a.txt"]],
)
def test_each_real_file_once_in_sorted_order(folder: Path, arguments: list[str]) -> None:
    found = find_files(arguments)
    names = [file.name for file in found.files]
    if arguments == ["papers/deep/up"]:
        names = [name.replace("/deep/up", "", 1) for name in names]
    if arguments[0].endswith("*"):
        assert set(FOUND) <= set(names)  # what a pattern names is tried, whatever its suffix
    else:
        assert names == FOUND
        assert len(found.left_aside) == 1
    assert not found.failures
    assert len({file.path for file in found.files}) == len(found.files)


@pytest.mark.parametrize("argument", ["nowhere.txt", "*.nothing", "broken"])
def test_what_is_not_there_is_a_failure_with_a_next_step(folder: Path, argument: str) -> None:
    (folder / "broken").symlink_to(folder / "gone")
    found = find_files([argument])
    assert not found.files
    assert [failure.source for failure in found.failures] == [argument]
    assert found.failures[0].what_to_do


def test_a_pattern_that_is_also_a_name_is_the_name(folder: Path) -> None:
    (folder / "x[1].txt").write_text("x")
    assert [file.name for file in find_files(["x[1].txt"]).files] == ["x[1].txt"]


def test_the_hash_is_of_the_bytes(folder: Path) -> None:
    assert content_hash(folder / "papers/a.txt") == content_hash(folder / "papers/g.txt")
    assert content_hash(folder / "papers/a.txt") != content_hash(folder / "papers/b.PDF")
