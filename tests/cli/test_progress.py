"""What an ingest says while it goes on: on a terminal and in a log the same facts."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from pipeline.cli.progress import Bar, Counts, Plain, duration
from pipeline.evidence import Failure

FAILURE = Failure("b.pdf", "read", "It is \x1b[31mempty.", "Download it again.")


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_counts_know_rate_and_time_left() -> None:
    clock = Clock()
    counts = Counts(clock)
    counts.start(10)
    assert counts.seconds_left() is None
    counts.file([], was_read=False)  # stored already: took no time, tells nothing
    for _ in range(3):
        clock.now += 20
        counts.paper(rows=4, pages=5)
        counts.file([], was_read=True)
    assert counts.seconds_left() == pytest.approx(6 * 20)
    counts.file([FAILURE], was_read=True)
    assert str(counts) == "3 papers, 15 pages, 12 rows, 1 failures, 0.1 papers/s, 1 min left"


def test_a_log_has_plain_lines_with_the_same_facts(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    log = Plain(quiet=False, clock=clock)
    log.start(3)
    log.paper_done(2, 7)
    log.file_done("a.txt", [], was_read=True)
    assert capsys.readouterr().err == ""
    log.file_done("b.pdf", [FAILURE], was_read=True)
    assert capsys.readouterr().err == "failed: b.pdf: It is [31mempty. Download it again.\n"
    clock.now += 11
    log.paper_done(1, 0)
    line = capsys.readouterr().err
    assert line == "2/3 files: 2 papers, 7 pages, 3 rows, 1 failures, 0.2 papers/s, 6 s left\n"
    log.file_done("c.txt", [], was_read=True)
    assert capsys.readouterr().err.startswith("3/3 files: 2 papers, 7 pages, 3 rows")


def test_a_terminal_shows_the_same_beside_the_bar() -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=160)
    with Progress(TextColumn("{task.completed}/{task.total} {task.description}"), console=console) as progress:
        bar = Bar(progress)
        bar.start(2)
        bar.paper_done(3, 4)
        bar.file_done("a.txt", [], was_read=True)
        bar.file_done("b.pdf", [FAILURE], was_read=True)
    text = shown.getvalue()
    assert "2/2 1 papers, 4 pages, 3 rows, 1 failures" in text
    assert "failed: b.pdf: It is" in text and "\x1b[31mempty" not in text


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (59, "59 s"), (90, "2 min"), (11_100, "3 h 05 min")])
def test_durations_are_for_people(seconds: float, words: str) -> None:
    assert duration(seconds) == words
