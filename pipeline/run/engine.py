"""Engines: what turns files into rows, here or in other processes.

Place in the flow: between the list of files and the one writer. An engine takes tasks and yields `(task, item)` as
items come, then `(task, None)` when the task is done. All engines run the same `work` under the same limits:
rows do not depend on the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from pipeline.errors import LimitExceeded
from pipeline.evidence import Failure
from pipeline.run.caps import Limits, capped
from pipeline.run.process import Skipped, Tagger, failure_of, rows_of_path
from pipeline.run.stamp import Stamp, is_unchanged, stamp
from pipeline.store import PaperRows


@dataclass(frozen=True, slots=True)
class Reread:
    """The file changed while it was read: what was said of it is void, what follows is of the content `sha256`."""

    sha256: str


Item = PaperRows | Failure | Skipped | Reread


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read; everything a worker needs to know.

    `known` are its records that are stored already; `stamp` is the file as it was hashed (None: do not look).
    """

    name: str
    path: str
    sha256: str
    model: str
    version: str
    known: frozenset[str] = frozenset()
    stamp: Stamp | None = None
    limits: Limits = field(default_factory=Limits)


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
    """One file through all stages: the function that every engine runs.

    A file that changes while it is read is read once more; if it changes again, it fails.
    """
    path, taken = Path(task.path), task.stamp
    ours: set[str] = set()  # records given by the first reading
    for reading in (1, 2):
        items = rows_of_path(
            path, tagger_for(task.model), name=task.name, extractor_version=task.version, known=task.known | ours
        )
        first = next(items, None)  # a file of one paper has been read to its end now
        if taken is None or is_unchanged(path, taken):
            count = 0
            for item in chain([] if first is None else [first], items):
                count += 1
                if not (isinstance(item, Skipped) and item.sha256 in ours):
                    yield item
                if isinstance(item, PaperRows):
                    ours.add(str(item.source["sha256"]))
            if count <= 1 or taken is None or is_unchanged(path, taken):
                return
        if reading == 1:
            try:
                taken = stamp(path)
            except OSError as error:
                yield failure_of(error, task.name, "read")
                return
            yield Reread(taken.sha256)
    yield Failure(
        task.name,
        "read",
        "The file kept changing while it was read.",
        "Ingest it again when it is no longer written to.",
    )


def work_within(task: Task, *, may_exit: bool = False) -> Iterator[Item]:
    """`work` under the task's limits in this process; what breaks them ends in a failure."""
    tagger_for(task.model)  # outside the limits: loading is not the file's doing
    try:
        yield from capped(work(task), task.limits, may_exit=may_exit)
    except MemoryError as error:
        yield failure_of(error, task.name, "read")
    except LimitExceeded as error:
        _taggers.clear()  # it was stopped in the middle of something: begin afresh
        yield failure_of(error, task.name, "read")


def loop(tasks: Iterable[Task]) -> Iterator[tuple[Task, Item | None]]:
    """One after the other, in this process."""
    for task in tasks:
        for item in work_within(task):
            yield task, item
        yield task, None


def pool(tasks: Iterable[Task], *, model: str, jobs: int, limits: Limits) -> Iterator[tuple[Task, Item | None]]:
    """In `jobs` worker processes, each of which can be killed; none is started if there is nothing to do."""
    from pipeline.read.limits import LimitedPool

    tasks = iter(tasks)
    first = next(tasks, None)
    if first is None:
        return
    starting = partial(tagger_for, model)
    with LimitedPool(work, jobs, initializer=starting, seconds=limits.seconds, megabytes=limits.megabytes) as workers:
        for event in workers.run(chain([first], tasks)):
            if event.value is not None:
                yield event.task, event.value
            if event.is_done:
                if event.error is not None:
                    yield event.task, failure_of(event.error, event.task.name, "read")
                yield event.task, None
