"""Engines: what turns files into rows, here or in other processes.

Place in the flow: between the list of files and the one writer. An engine takes tasks and yields `(task, item)` as
items come, then `(task, None)` when the task is done. All engines run the same `work` under the same limits: rows do
not depend on the engine. Small files are read and tagged together (`ahead`): which ones come together changes no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from pipeline.document import Document, Part, Passage, Source, SourceMap
from pipeline.errors import LimitExceeded
from pipeline.evidence import Failure
from pipeline.read.limits import Event, LimitedPool
from pipeline.run.ahead import bundles, read_ahead
from pipeline.run.caps import Limits, capped
from pipeline.run.memory import give_back
from pipeline.run.process import Ahead, Skipped, Tagger, failure_of, process_document, rows_of_path
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


_FILES_PER_MESSAGE = 10

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


def prepare(model: str) -> None:
    """Load everything that a paper needs, which happens at first use: no paper's time pays for it.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    if model not in _taggers:
        text = "Remission was seen in 8 of 10 patients (80%) given tacrolimus 1 mg daily."
        mapping = SourceMap.identity(len(text), 0)
        passages = (Passage(0, Part.ABSTRACT, text, source_map=mapping),)
        process_document(Document(Source("", "text", ""), passages), tagger_for(model))


def work(task: Task, ahead: Ahead | None = None) -> Iterator[Item]:
    """One file through all stages: the function that every engine runs.

    A file that changes while it is read is read once more; if it changes again, it fails.
    """
    path, taken = Path(task.path), task.stamp
    ours: set[str] = set()  # records given by the first reading
    for reading in (1, 2):
        items = rows_of_path(
            path,
            tagger_for(task.model),
            name=task.name,
            extractor_version=task.version,
            known=task.known | ours,
            ahead=ahead if reading == 1 else None,
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


def work_within(task: Task, *, may_exit: bool = False, ahead: Ahead | None = None) -> Iterator[Item]:
    """`work` under the task's limits in this process; what breaks them ends in a failure."""
    prepare(task.model)  # outside the limits: loading is not the file's doing
    try:
        yield from capped(work(task, ahead), task.limits, may_exit=may_exit)
    except MemoryError as error:
        yield failure_of(error, task.name, "read")
    except LimitExceeded as error:
        _taggers.clear()  # it was stopped in the middle of something: begin afresh
        yield failure_of(error, task.name, "read")


def loop(tasks: Iterable[Task]) -> Iterator[tuple[Task, Item | None]]:
    """One after the other, in this process."""
    for bundle in bundles(tasks, path_of):
        for task, ahead in zip(bundle, _ahead_within(bundle), strict=True):
            for item in work_within(task, ahead=ahead):
                yield task, item
            yield task, None
        give_back()


def path_of(task: Task) -> str:
    """The path of a task's file."""
    return task.path


def _ahead(bundle: Sequence[Task]) -> list[Ahead | None]:
    if len(bundle) == 1:
        return [None]
    return read_ahead([(task.path, task.name) for task in bundle], tagger_for(bundle[0].model))


def _ahead_within(bundle: Sequence[Task]) -> list[Ahead | None]:
    """What is read and tagged together, under the limits of one file; nothing if they are broken."""
    prepare(bundle[0].model)
    try:
        return next(capped((_ahead(some) for some in (bundle,)), bundle[0].limits))
    except MemoryError:
        return [None] * len(bundle)
    except LimitExceeded:
        _taggers.clear()
        return [None] * len(bundle)


def pool(tasks: Iterable[Task], *, model: str, jobs: int, limits: Limits) -> Iterator[tuple[Task, Item | None]]:
    """In `jobs` worker processes, each of which can be killed; none is started if there is nothing to do."""
    # Few files to a bundle: the last ones must not keep one worker busy while the others have nothing to do.
    some = bundles(tasks, path_of, most=_FILES_PER_MESSAGE)
    first = next(some, None)
    if first is None:
        return
    starting, pooled = partial(prepare, model), _Pooled()
    with LimitedPool(
        _work_bundle, jobs, initializer=starting, seconds=limits.seconds, megabytes=limits.megabytes
    ) as workers:
        for event in workers.run(chain([first], some)):
            yield from pooled.take(event)
        for event in workers.run((task,) for task in pooled.alone):
            yield from pooled.take(event)


@dataclass(slots=True)
class _State:
    """How far a bundle is: the file at `place` is next, or has `begun` to give papers."""

    place: int = 0
    begun: bool = False


class _Pooled:
    """What comes of the bundles given to workers. A worker that dies takes down its bundle: which file it was
    shows when each is worked on `alone`; one that had given papers is it."""

    def __init__(self) -> None:
        self.alone: list[Task] = []
        self._states: dict[tuple[Task, ...], _State] = {}

    def take(self, event: Event[tuple[Task, ...], tuple[int, Item | None]]) -> Iterator[tuple[Task, Item | None]]:
        """Items of an event, and the ends of files."""
        bundle = event.task
        state = self._states.setdefault(bundle, _State())
        if event.value is not None:
            place, item = event.value
            state.place, state.begun = (place, True) if item is not None else (place + 1, False)
            yield bundle[place], item
        if event.is_done:
            left = bundle[self._states.pop(bundle).place :]
            if event.error is not None and len(bundle) > 1:
                self.alone += left[state.begun :]
                left = left[: state.begun]
            for task in left:
                if event.error is not None:
                    yield task, failure_of(event.error, task.name, "read")
                yield task, None


def _work_bundle(bundle: tuple[Task, ...]) -> Iterator[tuple[int, Item | None]]:
    """In a worker: `work` of each file, with its place in the bundle instead of the task, which is more to send."""
    for place, (task, ahead) in enumerate(zip(bundle, _ahead(bundle), strict=True)):
        for item in work(task, ahead):
            yield place, item
        yield place, None
    give_back()
