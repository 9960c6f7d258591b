"""Paths in, one database out.

Place in the flow: behind `evidence ingest`. One writer takes rows from whichever engine makes them; each paper is one
transaction, a file counts as done after its last record, and what is done is skipped next time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.errors import RecordError, SourceError
from pipeline.evidence import Failure
from pipeline.run.files import Found, SourceFile, content_hash, find_files
from pipeline.run.process import Skipped, Tagger, failure_of, rows_of_path
from pipeline.run.version import extractor_version
from pipeline.store import PaperRows, Store, open_store
from pipeline.store import now as time_now


class Reporter(Protocol):
    """Where progress goes: a terminal, a log, or nowhere."""

    def start(self, n_files: int) -> None:
        """Called once, before the first file."""

    def file_done(self, name: str, papers: int, rows: int, failures: Sequence[Failure]) -> None:
        """Called after each file, also for a skipped one (no papers, no failures)."""

    def note(self, text: str) -> None:
        """A line for the user."""


class Silent:
    """A reporter that says nothing."""

    def start(self, n_files: int) -> None:
        """Say nothing."""

    def file_done(self, name: str, papers: int, rows: int, failures: Sequence[Failure]) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


@dataclass(slots=True)
class Summary:
    """Counts of papers. A file that gives no paper counts as one failure."""

    ingested: int = 0
    skipped: int = 0
    failed: int = 0
    rows: int = 0

    def __str__(self) -> str:
        return f"ingested={self.ingested} skipped={self.skipped} failed={self.failed}"


@dataclass(slots=True)
class Job:
    """One file on its way: filled by an engine, emptied by the writer."""

    file: SourceFile
    sha256: str
    known: Collection[str] = ()
    failures: list[Failure] = field(default_factory=list)
    papers: int = 0
    skipped: int = 0
    rows: int = 0


def ingest(
    arguments: Iterable[str],
    db: str | Path,
    *,
    model: str = "default",
    update: bool = False,
    reporter: Reporter | None = None,
) -> Summary:
    """Read files and folders into a database.

    Args:
        arguments: files, folders, glob patterns.
        update: read again what another version of the extractor read.

    Raises:
        SourceError: there is nothing to read at the paths given.
        StoreError, ModelError: the database or the model cannot be used.
    """
    reporter = reporter or Silent()
    arguments = list(arguments)
    found = find_files(arguments)
    _check_found(found, arguments, reporter)
    version = extractor_version(model)
    with open_store(db, create=True) as store:
        run = store.ledger.start_run(version, arguments, time_now())
        summary = Summary()
        writer = _Writer(store, summary, reporter, run, version)
        try:
            writer.note_missing(found.failures)
            reporter.start(len(found.files))
            todo = writer.jobs(found.files, update=update)
            for job in todo:
                writer.write(job, _loop(job, model, version))
        finally:
            store.ledger.finish_run(
                run, ingested=summary.ingested, skipped=summary.skipped, failed=summary.failed, now=time_now()
            )
        if not update and (old := store.ledger.other_versions(version)):
            reporter.note(f"{old} papers were read by another version; `--update` reads them again.")
    return summary


def _check_found(found: Found, arguments: list[str], reporter: Reporter) -> None:
    if found.files:
        if found.left_aside:
            reporter.note(f"Left aside, not papers: {len(found.left_aside)} files such as {found.left_aside[0]}.")
        return
    if found.failures:
        raise SourceError(found.failures[0].error, what_to_do=found.failures[0].what_to_do)
    raise SourceError(
        f"No papers in {', '.join(arguments) or 'an empty list of paths'}.",
        what_to_do="Name files or folders with .txt, .xml, .nxml, .pdf, .ris or .nbib files (.gz too).",
    )


_TAGGERS: dict[str, Tagger] = {}


def tagger_for(model: str) -> Tagger:
    """The tagging pipeline, loaded once per process."""
    if model not in _TAGGERS:
        from pipeline.tag import load_tagger

        _TAGGERS[model] = load_tagger(model)
    return _TAGGERS[model]


def _loop(job: Job, model: str, version: str) -> Iterator[PaperRows | Failure | Skipped]:
    """The engine of one process: the same function that workers run."""
    yield from rows_of_path(
        job.file.path, tagger_for(model), name=job.file.name, extractor_version=version, known=job.known
    )


class _Writer:
    """The one writer of an ingest."""

    def __init__(self, store: Store, summary: Summary, reporter: Reporter, run: int, version: str) -> None:
        self.store, self.summary, self.reporter = store, summary, reporter
        self.run, self.version = run, version

    def note_missing(self, failures: Sequence[Failure]) -> None:
        """Record arguments that led nowhere."""
        for failure in failures:
            self.store.record_failures(failure.source, [failure], run=self.run)
            self.summary.failed += 1
            self.reporter.file_done(failure.source, 0, 0, [failure])

    def jobs(self, files: Iterable[SourceFile], *, update: bool) -> Iterator[Job]:
        """The files that need reading; the others are counted as skipped."""
        ledger = self.store.ledger
        known = ledger.known_records(self.version if update else None)
        for file in files:
            try:
                sha256 = content_hash(file.path)
            except OSError as error:
                self.write(Job(file, ""), iter([failure_of(error, file.name, "read")]))
                continue
            state = ledger.file(sha256)
            if state and (not update or state.extractor_version == self.version):
                ledger.same_content(sha256, file.name, str(file.path))
                self.summary.skipped += state.n_papers
                self.store.record_failures(file.name, [], run=self.run)
                self.reporter.file_done(file.name, 0, 0, [])
                continue
            yield Job(file, sha256, known)

    def write(self, job: Job, items: Iterator[PaperRows | Failure | Skipped]) -> None:
        """Store what comes of one file, and note the file as done if nothing of it failed."""
        for item in items:
            if isinstance(item, Failure):
                job.failures.append(item)
            elif isinstance(item, Skipped):
                job.skipped += 1
            else:
                self._load(job, item)
        if not job.failures and not job.papers + job.skipped:
            job.failures.append(_nothing(job.file.name))
        self._finish(job)

    def _load(self, job: Job, rows: PaperRows) -> None:
        try:
            self.store.load_rows(rows, run=self.run)
        except RecordError as error:
            job.failures.append(failure_of(error, job.file.name, "load"))
            return
        job.papers += 1
        job.rows += rows.n_rows

    def _finish(self, job: Job) -> None:
        self.store.record_failures(job.file.name, job.failures, run=self.run)
        if not job.failures:
            self.store.ledger.finish_file(job.sha256, job.file.name, self.version, job.papers + job.skipped)
        self.summary.ingested += job.papers
        self.summary.skipped += job.skipped
        self.summary.failed += len(job.failures)
        self.summary.rows += job.rows
        self.reporter.file_done(job.file.name, job.papers, job.rows, job.failures)


def _nothing(name: str) -> Failure:
    return Failure(name, "read", "No paper in this file.", "Check that it holds the text of a paper.")
