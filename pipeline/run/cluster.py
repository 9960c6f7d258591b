"""The Ray engine: the same work in actors of a cluster, each holding the model; results become shards.

Place in the flow: behind `evidence ingest --engine ray`. An actor reads files from a shared path, writes their shards
there, and returns the entry of the manifest. A worker or a machine that dies takes nothing with it: its file goes
to another worker, and a shard written twice is the same shard.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError, UnreadableSource
from pipeline.evidence import Failure
from pipeline.run.engine import Reread, Task, prepare, work_within
from pipeline.run.memory import give_back
from pipeline.run.process import failure_of
from pipeline.run.shards import ShardEntry, ShardWriter, write_shard
from pipeline.store import PaperRows

_TRIES = 3


class Worker:
    """One actor: loads the model once, then one file after another."""

    def __init__(self, model: str, folder: str) -> None:
        self.folder = Path(folder)
        prepare(model)

    def process(self, task: Task) -> ShardEntry:
        """One file through all stages into shards."""
        writer = ShardWriter(self.folder, name=task.name, sha256=task.sha256, version=task.version)
        failures: list[Failure] = []
        sha256 = task.sha256
        for item in work_within(task, may_exit=True):
            if isinstance(item, Failure):
                failures.append(item)
            elif isinstance(item, Reread):
                sha256 = item.sha256
                failures.clear()
            elif isinstance(item, PaperRows):
                writer.add(item)
        entry = writer.finish(failures, sha256=sha256)
        give_back()
        return entry

    def pid(self) -> int:
        """Process id of the actor."""
        return os.getpid()


def cluster(tasks: Iterable[Task], *, model: str, jobs: int, folder: Path) -> Iterator[tuple[Task, ShardEntry]]:
    """Entries as files are finished; at most `jobs` files are under way.

    Raises:
        PipelineError: Ray is not installed.
    """
    ray = _ray()
    started = not ray.is_initialized()
    if started:
        _start(ray, jobs)
    folder.mkdir(parents=True, exist_ok=True)
    actor = ray.remote(max_restarts=0, num_cpus=1)(Worker)
    busy: dict[Any, tuple[Any, Task, int]] = {}
    pending = iter(tasks)
    try:
        for _ in range(jobs):
            _give(busy, actor.remote(model, str(folder.resolve())), pending)
        while busy:
            (ready, *_), _ = ray.wait(list(busy), num_returns=1)
            worker, task, tries = busy.pop(ready)
            try:
                entry = ray.get(ready)
            except ray.exceptions.RayActorError:
                worker = actor.remote(model, str(folder.resolve()))
                if tries < _TRIES:
                    busy[worker.process.remote(task)] = (worker, task, tries + 1)
                    continue
                entry = _failed(folder, task, _crash())
            except ray.exceptions.RayTaskError as error:
                entry = _failed(folder, task, error.cause if isinstance(error.cause, Exception) else error)
            yield task, entry
            _give(busy, worker, pending)
    finally:
        if started:
            ray.shutdown()


def _ray() -> Any:
    # Ray writes an authentication token at its start unless told not to; a local cluster listens on loopback alone.
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise PipelineError(
            "The engine ray is not installed.", what_to_do='Install it: pip install "evidence-pipeline[ray]".'
        ) from error
    return ray


def _start(ray: Any, jobs: int) -> None:
    """Join the cluster of RAY_ADDRESS, or start one on this machine."""
    address = os.environ.get("RAY_ADDRESS")
    if address:
        ray.init(address=address, log_to_driver=False)
    else:
        # The workers of a local cluster inherit this: they find the same package, also in a checkout.
        root = str(Path(__file__).resolve().parents[2])
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        ray.init(num_cpus=jobs, include_dashboard=False, log_to_driver=False, logging_level="error")


def _give(busy: dict[Any, tuple[Any, Task, int]], worker: Any, pending: Iterator[Task]) -> None:
    task = next(pending, None)
    if task is not None:
        busy[worker.process.remote(task)] = (worker, task, 1)


def _crash() -> PipelineError:
    return UnreadableSource(
        f"The worker that read it died {_TRIES} times.", what_to_do="The file is probably damaged: download it again."
    )


def _failed(folder: Path, task: Task, error: Exception) -> ShardEntry:
    failure = failure_of(error, task.name, "read")
    return write_shard(folder, [], [failure], name=task.name, sha256=task.sha256, version=task.version)
