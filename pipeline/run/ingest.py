"""Paths in, one database out.

Place in the flow: behind `evidence ingest`. One writer takes rows from whichever engine makes them; each paper is one
transaction, a file counts as done after its last record, and what is done is skipped next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.errors import RecordError, SourceError
from pipeline.evidence import Failure
from pipeline.run.caps import Limits, can_cap_here, is_plain
from pipeline.run.engine import Item, Reread, Task, loop, pool
from pipeline.run.files import Found, SourceFile, find_files
from pipeline.run.jobs import choose_jobs
from pipeline.run.process import Skipped, failure_of
from pipeline.run.shards import ShardEntry, entries, papers_of
from pipeline.run.stamp import stamp
from pipeline.run.version import extractor_version
from pipeline.store import PaperRows, Store, open_store
from pipeline.store import now as time_now


class Reporter(Protocol):
    """Where progress goes: a terminal, a log, or nowhere."""

    def start(self, n_files: int) -> None:
        """Called once, before the first file."""

    def paper_done(self, rows: int, pages: int) -> None:
        """Called after each paper that was stored; a file may hold many."""

    def file_done(self, name: str, failures: Sequence[Failure], *, was_read: bool) -> None:
        """Called after each file, also for one that was skipped because it is stored already."""

    def note(self, text: str) -> None:
        """A line for the user."""


class Silent:
    """A reporter that says nothing."""

    def start(self, n_files: int) -> None:
        """Say nothing."""

    def paper_done(self, rows: int, pages: int) -> None:
        """Say nothing."""

    def file_done(self, name: str, failures: Sequence[Failure], *, was_read: bool) -> None:
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
class _Done:
    """What has come of one file so far."""

    failures: list[Failure] = field(default_factory=list)
    papers: int = 0
    skipped: int = 0
    rows: int = 0
    sha256: str | None = None  # of the content that was read, if that is not the task's


def ingest(  # noqa: PLR0913 (each is an option of the command)
    arguments: Iterable[str],
    db: str | Path,
    *,
    model: str = "default",
    jobs: int | None = 1,
    engine: str = "local",
    shards: Path | None = None,
    update: bool = False,
    limits: Limits | None = None,
    reporter: Reporter | None = None,
) -> Summary:
    """Read files and folders into a database.

    Args:
        arguments: files, folders, glob patterns.
        jobs: worker processes; None chooses. With 1, files of plain text and XML are read in this process.
        engine: "local" (this machine) or "ray" (a cluster; papers come by way of Parquet shards).
        shards: folder of the shards, on a path that all machines share; beside the database if None.
        update: read again what another version of the extractor read.
        limits: of time and memory for each paper.

    Raises:
        SourceError: there is nothing to read at the paths given.
        StoreError, ModelError: the database or the model cannot be used.
    """
    reporter, limits = reporter or Silent(), limits or Limits()
    arguments = list(arguments)
    found = find_files(arguments)
    _check_found(found, arguments, reporter)
    version = extractor_version(model)
    with open_store(db, create=True) as store:
        run = store.ledger.start_run(version, arguments, time_now())
        summary = Summary()
        writer = _Writer(store, summary, reporter, run, version, reads_again=True)
        try:
            writer.note_missing(found.failures)
            reporter.start(len(found.files))
            files = found.files
            while files:
                tasks = writer.tasks(files, model=model, update=update, limits=limits)
                paths = [file.path for file in files]
                n_jobs = jobs or choose_jobs(paths)
                if engine == "ray":
                    items = by_cluster(tasks, model=model, jobs=n_jobs, folder=shards or Path(f"{db}.shards"))
                else:
                    items = here(tasks, paths, model=model, jobs=n_jobs, limits=limits)
                for task, item in items:
                    writer.take(task, item)
                files = writer.forgotten()
        finally:
            store.ledger.finish_run(
                run, ingested=summary.ingested, skipped=summary.skipped, failed=summary.failed, now=time_now()
            )
        if not update and (old := store.ledger.other_versions(version)):
            reporter.note(f"{old} papers were read by another version; `--update` reads them again.")
    return summary


def here(
    tasks: Iterable[Task], paths: Sequence[Path], *, model: str, jobs: int, limits: Limits
) -> Iterator[tuple[Task, Item | None]]:
    """On this machine: in this process if one is enough and no file is dangerous, else in workers."""
    if jobs == 1 and can_cap_here() and all(map(is_plain, paths)):
        return loop(tasks)
    return pool(tasks, model=model, jobs=jobs, limits=limits)


def by_cluster(tasks: Iterable[Task], *, model: str, jobs: int, folder: Path) -> Iterator[tuple[Task, Item | None]]:
    """In the actors of a Ray cluster; every shard is loaded as it comes."""
    from pipeline.run.cluster import cluster

    for task, entry in cluster(tasks, model=model, jobs=jobs, folder=folder):
        if entry.sha256 != task.sha256:
            yield task, Reread(entry.sha256)
        for item in _items_of(folder, entry):
            yield task, item
        yield task, None


def _items_of(folder: Path, entry: ShardEntry) -> Iterator[Item]:
    yield from papers_of(folder, entry)
    yield from entry.failures


def load_shards(folder: Path, db: str | Path, *, reporter: Reporter | None = None) -> Summary:
    """Merge a folder of shards into a database; what is stored already is skipped.

    Raises:
        SourceError: this is no folder of shards, or a shard is damaged.
        StoreError: the database cannot be used.
    """
    reporter, summary = reporter or Silent(), Summary()
    found = list(entries(folder))
    with open_store(db, create=True) as store:
        run = store.ledger.start_run(found[0].version if found else "", [str(folder)], time_now())
        reporter.start(len(found))
        for entry in found:
            writer = _Writer(store, summary, reporter, run, entry.version)
            task = Task(entry.name, "", entry.sha256, "", entry.version)
            state = store.ledger.file(entry.sha256)
            if state and state.extractor_version == entry.version:
                writer.skip(entry.name, state.n_papers)
                continue
            for item in _items_of(folder, entry):
                writer.take(task, item)
            writer.take(task, None)
        counts = {"ingested": summary.ingested, "skipped": summary.skipped, "failed": summary.failed}
        store.ledger.finish_run(run, **counts, now=time_now())
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


class _Writer:
    """The one writer of an ingest."""

    def __init__(
        self, store: Store, summary: Summary, reporter: Reporter, run: int, version: str, *, reads_again: bool = False
    ) -> None:
        self.store, self.summary, self.reporter = store, summary, reporter
        self.run, self.version = run, version
        self.open: dict[str, _Done] = {}  # files that have begun, by name
        self.reads_again = reads_again

    def note_missing(self, failures: Sequence[Failure]) -> None:
        """Record arguments that led nowhere."""
        for failure in failures:
            self.store.record_failures(failure.source, [failure], run=self.run)
            self.summary.failed += 1
            self.reporter.file_done(failure.source, [failure], was_read=False)

    def tasks(self, files: Iterable[SourceFile], *, model: str, update: bool, limits: Limits) -> Iterator[Task]:
        """The files that need reading; the others are counted as skipped."""
        ledger = self.store.ledger
        for file in files:
            try:
                taken = stamp(file.path)
            except OSError as error:
                self._finish(file.name, "", _Done([failure_of(error, file.name, "read")]))
                continue
            state = ledger.file(taken.sha256)
            if state and (not update or state.extractor_version == self.version):
                ledger.same_content(taken.sha256, file.name, str(file.path))
                self._finish(file.name, "", _Done(skipped=state.n_papers))
                continue
            known = ledger.known_records(file.name, self.version if update else None)
            yield Task(file.name, str(file.path), taken.sha256, model, self.version, known, taken, limits)

    def forgotten(self) -> list[SourceFile]:
        """Files whose papers the store had to forget, to be read again."""
        files = [SourceFile(name, Path(path)) for name, path in sorted(self.store.forgotten.items())]
        self.store.forgotten.clear()
        return files

    def skip(self, name: str, n_papers: int) -> None:
        """Count a file that is stored already."""
        self._finish(name, "", _Done(skipped=n_papers))

    def take(self, task: Task, item: Item | None) -> None:
        """Store what an engine yields; None ends the file."""
        done = self.open.setdefault(task.name, _Done())
        if isinstance(item, Failure):
            done.failures.append(item)
        elif isinstance(item, Skipped):
            done.skipped += 1
        elif isinstance(item, Reread):
            done.sha256 = item.sha256
            done.failures.clear()
        elif item is not None:
            self._load(task, item, done)
        else:
            if not done.failures and not done.papers + done.skipped:
                done.failures.append(_nothing(task.name))
            self._finish(task.name, done.sha256 or task.sha256, self.open.pop(task.name))

    def _load(self, task: Task, rows: PaperRows, done: _Done) -> None:
        try:
            self.store.load_rows(rows, run=self.run, may_forget=self.reads_again)
        except RecordError as error:
            done.failures.append(failure_of(error, task.name, "load"))
            return
        done.papers += 1
        done.rows += rows.n_rows
        pages = rows.paper.get("n_pages")
        self.reporter.paper_done(rows.n_rows, pages if isinstance(pages, int) else 0)

    def _finish(self, name: str, sha256: str, done: _Done) -> None:
        """Note what failed; a file of which nothing failed counts as done (`sha256` is "" for one not read now)."""
        self.store.record_failures(name, done.failures, run=self.run)
        if sha256 and not done.failures and name not in self.store.forgotten:
            self.store.ledger.finish_file(sha256, name, self.version, done.papers + done.skipped)
        self.summary.ingested += done.papers
        self.summary.skipped += done.skipped
        self.summary.failed += len(done.failures)
        self.summary.rows += done.rows
        self.reporter.file_done(name, done.failures, was_read=bool(sha256))


def _nothing(name: str) -> Failure:
    return Failure(name, "read", "No paper in this file.", "Check that it holds the text of a paper.")
