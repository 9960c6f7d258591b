"""Progress of an ingest: a bar on a terminal, plain lines otherwise. Everything goes to stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
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
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield Bar(progress)
    else:
        yield Plain(quiet=False)


class _Counts:
    """What has been seen so far, as words."""

    def __init__(self) -> None:
        self.files = self.n_files = self.papers = self.rows = self.failures = 0
        self.started = time.monotonic()

    def add(self, papers: int, rows: int, failures: Sequence[Failure]) -> None:
        self.files += 1
        self.papers += papers
        self.rows += rows
        self.failures += len(failures)

    def __str__(self) -> str:
        rate = self.papers / max(time.monotonic() - self.started, 0.001)
        return f"{self.papers} papers, {self.rows} rows, {self.failures} failures, {rate:.1f} papers/s"


class Plain:
    """Lines for a log: failures at once, a state line now and then."""

    def __init__(self, *, quiet: bool) -> None:
        self._counts, self._quiet, self._last = _Counts(), quiet, time.monotonic()

    def start(self, n_files: int) -> None:
        """Remember how many files there are."""
        self._counts.n_files = n_files

    def file_done(self, name: str, papers: int, rows: int, failures: Sequence[Failure]) -> None:
        """Say what failed; every ten seconds say where things stand."""
        self._counts.add(papers, rows, failures)
        if self._quiet:
            return
        for failure in failures:
            click.echo(_line(failure), err=True)
        if time.monotonic() - self._last > _SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            click.echo(f"{self._counts.files}/{self._counts.n_files} files: {self._counts}", err=True)

    def note(self, text: str) -> None:
        """A line for the user."""
        if not self._quiet:
            click.echo(safe(text), err=True)


class Bar:
    """A progress bar with papers, rows, failures, rate and time left."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._counts = progress, _Counts()
        self._task = progress.add_task("", total=None)

    def start(self, n_files: int) -> None:
        """Show the bar."""
        self._progress.update(self._task, total=n_files)

    def file_done(self, name: str, papers: int, rows: int, failures: Sequence[Failure]) -> None:
        """Move the bar on; failures stay above it."""
        self._counts.add(papers, rows, failures)
        for failure in failures:
            self._progress.console.print(_line(failure), markup=False, highlight=False)
        self._progress.update(self._task, advance=1, description=str(self._counts))

    def note(self, text: str) -> None:
        """A line above the bar."""
        self._progress.console.print(safe(text), markup=False, highlight=False)


def _line(failure: Failure) -> str:
    return safe(f"failed: {failure.source}: {failure.error} {failure.what_to_do}")
