"""Limits in this process: what takes too long or too much ends in a failure, and the others go on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import LimitExceeded
from pipeline.run import Limits, engine, ingest
from pipeline.run.caps import can_cap_here, capped, is_plain
from pipeline.store import open_store
from tests.conftest import ROOT
from tests.pdf_made import pdf
from tests.run.test_resume import TEXT


def slow() -> Iterator[str]:
    yield "before"
    try:
        while True:
            time.sleep(0.01)
    except Exception:  # as a careless reader might
        yield "swallowed"


def pathological() -> Iterator[object]:
    yield re.match(r"(a+)+$", "a" * 40 + "b")  # exponential: only a signal ends it


@pytest.mark.parametrize("work", [slow, pathological])
def test_what_takes_too_long_is_stopped(work: type) -> None:
    seen = []
    with pytest.raises(LimitExceeded, match=r"0\.2 s"):
        for item in capped(work(), Limits(seconds=0.2)):
            seen.append(item)
    assert "swallowed" not in seen
    assert list(capped(iter("ab"), Limits(seconds=5))) == ["a", "b"]


def test_what_wants_too_much_memory_is_refused_and_the_limit_goes_again() -> None:
    def greedy() -> Iterator[int]:
        yield len(bytearray(300 << 20))

    with pytest.raises(MemoryError):
        list(capped(greedy(), Limits(megabytes=100)))
    assert len(bytearray(300 << 20)) == 300 << 20


def test_only_the_main_thread_can_be_stopped() -> None:
    seen: list[bool] = []
    thread = threading.Thread(target=lambda: seen.append(can_cap_here()))
    thread.start()
    thread.join()
    assert (can_cap_here(), seen) == (True, [False])


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (b"Text.", True),
        (b"<article/>", True),
        (b"junk before %PDF-1.7", False),
        (b"x" * (5 << 20), False),
        (b"\x1f\x8b" + bytes(600 << 10), False),
        (b"\x1f\x8b" + bytes(100), True),
    ],
)
def test_plain_files_are_text_of_a_papers_size(tmp_path: Path, content: bytes, plain: bool) -> None:
    (tmp_path / "x").write_bytes(content)
    assert is_plain(tmp_path / "x") is plain


def test_one_hostile_file_stops_no_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("papers").mkdir()
    for n in (1, 2, 3):
        Path(f"papers/{n}.txt").write_text(TEXT.format(who="adults", n=20 + n))
    rows_of_path = engine.rows_of_path

    def hostile(path: Path, *arguments: object, **options: object) -> Iterator[object]:
        if path.name == "2.txt":
            time.sleep(600)
        yield from rows_of_path(path, *arguments, **options)  # type: ignore[arg-type]

    ingest(["papers/1.txt"], "warm.db", model="none")
    monkeypatch.setattr(engine, "rows_of_path", hostile)
    summary = ingest(["papers"], "x.db", model="none", limits=Limits(seconds=1))
    assert (summary.ingested, summary.failed) == (2, 1)
    with open_store("x.db", read_only=True) as store:
        (failure,) = store.rows("SELECT * FROM failures")
    assert failure["source"] == "papers/2.txt"
    assert "more than 1 s" in str(failure["error"]) and failure["what_to_do"]


def test_a_pdf_is_never_read_in_the_process_that_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.pdf").write_bytes(pdf("Text."))
    chosen = []

    def pool(tasks: object, **options: object) -> Iterator[object]:
        chosen.append(options["jobs"])
        yield from ()

    monkeypatch.setattr(sys.modules["pipeline.run.ingest"], "pool", pool)
    ingest([str(tmp_path / "x.pdf")], tmp_path / "x.db", model="none", jobs=1)
    assert chosen == [1]


_DEAF = """
import signal, time
from pipeline.run import caps

def deaf():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # as a C library that never comes back
    time.sleep(60)
    yield 1

caps._GRACE_SECONDS = 0.3
list(caps.capped(deaf(), caps.Limits(seconds=0.2), may_exit=True))
"""


def test_a_worker_that_does_not_even_answer_the_alarm_ends_itself() -> None:
    begun = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", _DEAF], env=environment, capture_output=True, timeout=50)
    assert ended.returncode == 1
    assert time.monotonic() - begun < 45
