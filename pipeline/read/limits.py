"""Work on one file under a time and a memory limit, in worker processes that outlive the files.

Place in the flow: `run` gives each file to a `LimitedPool`, so that a hostile one cannot stop a batch. A worker that
takes too long is killed and replaced, one that wants too much memory gets a `MemoryError` from its own limit; both come
back as `LimitExceeded` of that file. A worker serves many files, so the normal case costs one message each way.

    with LimitedPool(work, 2, seconds=60, megabytes=2048) as pool:
        for event in pool.run(paths):
            ...  # event.task, event.value, or event.is_done with event.error
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipeline.errors import LimitExceeded, PipelineError, UnreadableSource

SECONDS = 60.0
"""Default time for one paper, wall clock."""

MEGABYTES = 2048
"""Default memory for one file, beyond what the worker holds after its start."""

_START_SECONDS = 300.0
_GRACE_SECONDS = 10.0

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Event(Generic[T, R]):
    """What happened to a task: a value came, or it is done (with an error, or not)."""

    task: T
    value: R | None = None
    is_done: bool = False
    error: PipelineError | None = None


@dataclass(slots=True)
class _Worker:
    """A worker process as the parent sees it; `task` is a list of none or one."""

    process: SpawnProcess
    connection: Connection
    deadline: float
    ready: bool = False
    task: list[Any] | None = None


class LimitedPool(Generic[T, R]):
    """Worker processes that turn each task into any number of values.

    Args:
        work: a function of a module (it is sent by name): task → values.
        n: number of workers.
        initializer: called once in each new worker, before its limits are set (load models here).
        seconds: time that may pass between two values of a task, wall clock.
        megabytes: address space a task may add to its worker's; not enforced on systems without `RLIMIT_AS`.
    """

    def __init__(
        self,
        work: Callable[[T], Iterable[R]],
        n: int = 1,
        *,
        initializer: Callable[[], object] | None = None,
        seconds: float = SECONDS,
        megabytes: int = MEGABYTES,
    ) -> None:
        self._work, self._initializer = work, initializer
        self._n, self._seconds, self._megabytes = max(1, n), seconds, megabytes
        self._context: SpawnContext = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    def __enter__(self) -> LimitedPool[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers, whatever they do."""
        for worker in list(self._workers):
            self._discard(worker)

    def run(self, tasks: Iterable[T]) -> Iterator[Event[T, R]]:
        """Events of the tasks as they happen; tasks are drawn only when a worker is free.

        Raises:
            PipelineError: a worker could not start (for example, its model is missing).
        """
        pending = iter(tasks)
        exhausted = False
        while True:
            while not exhausted and (worker := self._free_worker()):
                try:
                    task = next(pending)
                except StopIteration:
                    exhausted = True
                    break
                worker.task = [task]
                if worker.ready:
                    self._give(worker)
            busy = [worker for worker in self._workers if worker.task is not None]
            if not busy:
                return
            yield from self._events(busy)

    def _free_worker(self) -> _Worker | None:
        free = next((worker for worker in self._workers if worker.task is None), None)
        return free or (self._start() if len(self._workers) < self._n else None)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        arguments = (theirs, self._work, self._initializer, self._seconds, self._megabytes)
        process = self._context.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours, time.monotonic() + _START_SECONDS)
        self._workers.append(worker)
        return worker

    def _give(self, worker: _Worker) -> None:
        worker.deadline = time.monotonic() + self._seconds
        with contextlib.suppress(OSError):  # a dead worker is noticed when its events are read
            worker.connection.send(worker.task[0] if worker.task else None)

    def _events(self, busy: list[_Worker]) -> Iterator[Event[T, R]]:
        left = min(worker.deadline for worker in busy) - time.monotonic()
        readable = wait([worker.connection for worker in busy], timeout=max(0.0, left))
        for worker in busy:
            if worker.connection in readable:
                yield from self._receive(worker)
            elif time.monotonic() >= worker.deadline:
                yield from self._fail(worker, self._too_long())

    def _receive(self, worker: _Worker) -> Iterator[Event[T, R]]:
        try:
            kind, content = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join(timeout=_GRACE_SECONDS)
            yield from self._fail(worker, self._died(worker.process.exitcode))
            return
        if kind == "ready":
            worker.ready = True
            self._give(worker)
        elif kind == "broken":
            self._discard(worker)
            raise content
        elif kind == "value":
            worker.deadline = time.monotonic() + self._seconds
            yield Event(worker.task[0] if worker.task else content, value=content)
        elif isinstance(content, LimitExceeded):
            yield from self._fail(worker, content)
        else:
            task, worker.task = worker.task, None
            if task:
                yield Event(task[0], is_done=True, error=content)

    def _fail(self, worker: _Worker, error: PipelineError) -> Iterator[Event[T, R]]:
        """End the worker; its task is done with the error."""
        task = worker.task
        self._discard(worker)
        if not worker.ready:
            raise error
        if task:
            yield Event(task[0], is_done=True, error=error)

    def _discard(self, worker: _Worker) -> None:
        worker.connection.close()
        if worker.process.is_alive():
            worker.process.kill()
        worker.process.join(timeout=_GRACE_SECONDS)
        if worker in self._workers:
            self._workers.remove(worker)

    def _too_long(self) -> LimitExceeded:
        return LimitExceeded(
            f"Took more than {self._seconds:g} s and was stopped.",
            what_to_do="Read the file alone with a longer limit, or take it off the list.",
        )

    def _died(self, status: int | None) -> PipelineError:
        if status == -signal.SIGALRM:
            return self._too_long()
        if status == -signal.SIGKILL:
            return _too_much(self._megabytes)
        name = signal.Signals(-status).name if status and status < 0 else f"status {status}"
        return UnreadableSource(
            f"The reader crashed on it ({name}).", what_to_do="The file is probably damaged: download it again."
        )


def _too_much(megabytes: int) -> LimitExceeded:
    return LimitExceeded(
        f"Needed more than {megabytes} MB of memory and was stopped.",
        what_to_do="Read the file alone with a higher limit, or take it off the list.",
    )


# --- in the worker ----------------------------------------------------------------------------------------------------


def _serve(
    connection: Connection,
    work: Callable[[Any], Iterable[Any]],
    initializer: Callable[[], object] | None,
    seconds: float,
    megabytes: int,
) -> None:
    """A worker's life: start, then one task after another until the parent hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it ends the workers
    try:
        if initializer is not None:
            initializer()
    except Exception as error:
        broken = error if isinstance(error, PipelineError) else PipelineError(f"{type(error).__name__}: {error}")
        connection.send(("broken", broken))
        return
    _limit_memory(megabytes)
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        connection.send(("ready", None))
        while True:
            _answer(connection, work, connection.recv(), seconds, megabytes)


def _answer(
    connection: Connection, work: Callable[[Any], Iterable[Any]], task: object, seconds: float, megabytes: int
) -> None:
    error: PipelineError | None = None
    try:
        _arm(seconds)
        for value in work(task):
            connection.send(("value", value))
            _arm(seconds)
    except MemoryError:
        error = _too_much(megabytes)
    except PipelineError as known:
        error = known
    except OSError:
        raise
    except Exception as unknown:
        error = PipelineError(
            f"{type(unknown).__name__}: {unknown}"[:300], what_to_do="This is a bug: please report it with the file."
        )
    finally:
        _arm(0)
    connection.send(("done", error))


def _arm(seconds: float) -> None:
    """The worker ends itself if nobody else does: a killed parent must not leave one running for ever."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS if seconds else 0)


def _limit_memory(megabytes: int) -> None:
    """Let the worker's address space grow by so much and no more."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + (megabytes << 20)
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard not in {resource.RLIM_INFINITY, -1}:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (ImportError, OSError, ValueError):  # not Linux: the time limit still holds
        return
