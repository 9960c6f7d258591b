"""Engines: what turns files into rows, here or in other processes.

Place in the flow: between the list of files and the one writer. An engine takes tasks and yields `(task, item)` as
items come, then `(task, None)` when the task is done. All engines run the same `work`:
rows do not depend on the engine.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.evidence import Failure
from pipeline.run.process import Skipped, Tagger, failure_of, rows_of_path
from pipeline.store import PaperRows

Item = PaperRows | Failure | Skipped

_FILES_PER_JOB = 20  # below this a second process costs more (start, model) than it brings


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read; everything a worker needs to know. `known` are its records that are stored already."""

    name: str
    path: str
    sha256: str
    model: str
    version: str
    known: frozenset[str] = frozenset()


_taggers: dict[str, Tagger] = {}


def tagger_for(model: str) -> Tagger:
    """The tagging pipeline, loaded once per process.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    if model not in _taggers:
        from threadpoolctl import threadpool_limits

        from pipeline.tag import load_tagger

        # One thread: processes share the cores already, and the last bits of a sum depend on the number of threads.
        threadpool_limits(1)
        _taggers[model] = load_tagger(model)
    return _taggers[model]


def work(task: Task) -> Iterator[Item]:
    """One file through all stages: the function that every engine runs."""
    yield from rows_of_path(
        Path(task.path),
        tagger_for(task.model),
        name=task.name,
        extractor_version=task.version,
        known=task.known,
    )


def loop(tasks: Iterable[Task]) -> Iterator[tuple[Task, Item | None]]:
    """One after the other, in this process."""
    for task in tasks:
        for item in work(task):
            yield task, item
        yield task, None


def pool(tasks: Iterable[Task], *, model: str, jobs: int) -> Iterator[tuple[Task, Item | None]]:
    """In `jobs` worker processes with limits of time and memory per file."""
    from pipeline.read.limits import LimitedPool

    with LimitedPool(work, jobs, initializer=partial(tagger_for, model)) as workers:
        for event in workers.run(tasks):
            if event.value is not None:
                yield event.task, event.value
            if event.is_done:
                if event.error is not None:
                    yield event.task, failure_of(event.error, event.task.name, "read")
                yield event.task, None


def jobs_for(jobs: int | None, n_files: int) -> int:
    """The number of processes: as asked for, or (None) what suits this machine and this many files."""
    if jobs is not None:
        return jobs
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, n_files // _FILES_PER_JOB))
