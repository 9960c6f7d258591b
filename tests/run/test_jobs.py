"""`--jobs auto`: what cores, memory and work allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.run import jobs


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight processors on four cores, 64 GB free, no limits of a container."""
    for cpu in range(8):
        folder = tmp_path / "cpu" / f"cpu{cpu}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(f"{cpu % 4},{cpu % 4 + 4}\n")
    (tmp_path / "meminfo").write_text(f"MemTotal: 1 kB\nMemAvailable:   {64 << 20} kB\n")
    (tmp_path / "cgroup").mkdir()
    monkeypatch.setattr(jobs, "_CPUS", tmp_path / "cpu")
    monkeypatch.setattr(jobs, "_MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(jobs, "_CGROUP", tmp_path / "cgroup")
    monkeypatch.setattr(jobs.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    return tmp_path


def papers(folder: Path, *sizes: tuple[str, int]) -> list[Path]:
    made = []
    for number, (name, size) in enumerate(sizes):
        path = folder / f"{number}{name}"
        with path.open("wb") as file:
            file.truncate(size)
        made.append(path)
    return made


def test_many_papers_take_every_physical_core(machine: Path) -> None:
    assert jobs.cores() == 4
    assert jobs.choose_jobs(papers(machine, *[(".pdf", 2 << 20)] * 50)) == 4


@pytest.mark.parametrize(
    ("sizes", "wanted"),
    [([(".txt", 1500)] * 20, 1), ([(".txt", 1500)] * 600, 2), ([(".pdf", 20 << 20)], 2), ([(".xml.gz", 30 << 20)], 4)],
)
def test_a_worker_must_have_work(machine: Path, sizes: list[tuple[str, int]], wanted: int) -> None:
    assert jobs.choose_jobs(papers(machine, *sizes)) == wanted


def test_memory_and_the_containers_share_count(machine: Path) -> None:
    many = papers(machine, *[(".pdf", 2 << 20)] * 50)
    (machine / "cgroup" / "cpu.max").write_text("250000 100000\n")
    assert jobs.choose_jobs(many) == 2
    (machine / "cgroup" / "cpu.max").write_text("max 100000\n")
    assert jobs.choose_jobs(many) == 4
    (machine / "cgroup" / "memory.max").write_text(f"{5 << 30}\n")
    (machine / "cgroup" / "memory.current").write_text(f"{1 << 30}\n")
    assert jobs.choose_jobs(many) == 3
    (machine / "meminfo").write_text("MemAvailable:   100000 kB\n")
    assert jobs.choose_jobs(many) == 1


def test_files_that_are_gone_are_no_work(machine: Path) -> None:
    assert jobs.choose_jobs([machine / "gone.pdf"]) == 1
