"""Progress of an ingest: a bar on a terminal, plain lines with the same facts otherwise. Everything goes to stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pipeline.evidence import Failure
from pipeline.safe import safe

if TYPE_CHECKING:
    from rich.progress import Progress

    from pipeline.run import Reporter

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def reporter(*, quiet: bool) -> Iterator[Reporter]:
    """The reporter that suits where stderr goes."""
    if quiet:
        yield Plain(quiet=True)
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (BarColumn(bar_width=20), MofNCompleteColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield Bar(progress)
    else:
        yield Plain(quiet=False)


class Counts:
    """What has been seen so far: files, papers, pages, rows, failures, rate, time left."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.files = self.n_files = self.read = self.papers = self.pages = self.rows = self.failures = 0
        self._clock, self._started = clock, clock()

    def start(self, n_files: int) -> None:
        """The number of files is known; the clock starts."""
        self.n_files, self._started = n_files, self._clock()

    def paper(self, rows: int, pages: int) -> None:
        """One more paper is stored."""
        self.papers += 1
        self.rows += rows
        self.pages += pages

    def file(self, failures: Sequence[Failure], *, was_read: bool) -> None:
        """One more file is done; one that was stored already tells nothing of the rate."""
        self.files += 1
        self.read += was_read
        self.failures += len(failures)

    def seconds_left(self) -> float | None:
        """Time for the files that remain at the rate of those read so far; None before the first."""
        if not self.read:
            return None
        return (self.n_files - self.files) * (self._clock() - self._started) / self.read

    def __str__(self) -> str:
        rate = self.papers / max(self._clock() - self._started, 0.001)
        pages = f"{self.pages} pages, " if self.pages else ""
        left = self.seconds_left()
        ends = f", {duration(left)} left" if left is not None and self.files < self.n_files else ""
        return f"{self.papers} papers, {pages}{self.rows} rows, {self.failures} failures, {rate:.1f} papers/s{ends}"


def duration(seconds: float) -> str:
    """For people: "40 s", "12 min", "3 h 05 min".

    >>> duration(11_100)
    '3 h 05 min'
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


class Plain:
    """Lines for a log: failures at once, a state line now and then and at the end of a long run."""

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._counts, self._quiet, self._clock, self._last = Counts(clock), quiet, clock, clock()
        self._has_spoken = False

    def start(self, n_files: int) -> None:
        """Remember how many files there are."""
        self._counts.start(n_files)
        self._last = self._clock()

    def paper_done(self, rows: int, pages: int) -> None:
        """Every ten seconds say where things stand; one file may hold papers for hours."""
        self._counts.paper(rows, pages)
        self._speak()

    def file_done(self, name: str, failures: Sequence[Failure], *, was_read: bool) -> None:
        """Say what failed; every ten seconds say where things stand."""
        self._counts.file(failures, was_read=was_read)
        if not self._quiet:
            for failure in failures:
                click.echo(_line(failure), err=True)
        self._speak()

    def note(self, text: str) -> None:
        """A line for the user."""
        if not self._quiet:
            click.echo(safe(text), err=True)

    def _speak(self) -> None:
        counts = self._counts
        is_end = counts.files == counts.n_files
        is_due = self._has_spoken if is_end else self._clock() - self._last > _SECONDS_BETWEEN_LINES
        if self._quiet or not is_due:
            return
        self._last, self._has_spoken = self._clock(), not is_end
        click.echo(f"{counts.files}/{counts.n_files} files: {counts}", err=True)


class Bar:
    """A progress bar of files, with papers, pages, rows, failures, rate and time left beside it."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._counts = progress, Counts()
        self._task = progress.add_task("", total=None)

    def start(self, n_files: int) -> None:
        """Show the bar."""
        self._counts.start(n_files)
        self._progress.update(self._task, total=n_files)

    def paper_done(self, rows: int, pages: int) -> None:
        """Say more beside the bar."""
        self._counts.paper(rows, pages)
        self._progress.update(self._task, description=str(self._counts))

    def file_done(self, name: str, failures: Sequence[Failure], *, was_read: bool) -> None:
        """Move the bar on; failures stay above it."""
        self._counts.file(failures, was_read=was_read)
        for failure in failures:
            self._progress.console.print(_line(failure), markup=False, highlight=False)
        self._progress.update(self._task, advance=1, description=str(self._counts))

    def note(self, text: str) -> None:
        """A line above the bar."""
        self._progress.console.print(safe(text), markup=False, highlight=False)


def _line(failure: Failure) -> str:
    return safe(f"failed: {failure.source}: {failure.error} {failure.what_to_do}")
