"""How many worker processes an ingest takes: as many as cores, memory and work allow.

Place in the flow: asked once per ingest, for `--jobs auto`. A worker costs its start (Python, spaCy, the model) before
it brings anything, so it must have work for longer than that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

MEGABYTES_PER_WORKER = 1200
"""Memory to leave for each worker: what one with the model holds over large papers (see docs/benchmarks.md)."""

_START_SECONDS = 4.0
"""What a worker costs before its first paper."""

# Processor seconds per megabyte of file, from docs/benchmarks.md: an abstract of 1.5 kB takes some 40 ms, a JATS
# article of 100 kB a second, a PDF of a megabyte the same; gzip packs XML five to one.
_SECONDS_PER_MEGABYTE = {".pdf": 1.0, ".xml": 10.0, ".nxml": 10.0, ".gz": 60.0}
_TEXT_SECONDS_PER_MEGABYTE = 25.0
_LEAST_SECONDS = 0.03

_CPUS = Path("/sys/devices/system/cpu")
_MEMORY = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def choose_jobs(paths: Iterable[Path]) -> int:
    """The number of workers that reads these files soonest here."""
    work = seconds_of(paths)
    by_work = int(work / (2 * _START_SECONDS))  # each worker must work at least twice as long as it takes to start
    return max(1, min(cores(), memory_megabytes() // MEGABYTES_PER_WORKER, by_work))


def seconds_of(paths: Iterable[Path]) -> float:
    """A guess at the processor seconds that these files take, from their sizes."""
    total = 0.0
    for path in paths:
        with suppress(OSError):
            rate = _SECONDS_PER_MEGABYTE.get(path.suffix.lower(), _TEXT_SECONDS_PER_MEGABYTE)
            total += max(_LEAST_SECONDS, rate * path.stat().st_size / 2**20)
    return total


def cores() -> int:
    """Physical cores that this process may use: affinity and the container's share count, hyper-threads do not."""
    cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    physical = {_siblings(cpu) for cpu in cpus}
    return max(1, min(len(physical), _quota()))


def _siblings(cpu: int) -> str:
    """The core that a processor belongs to, by the list of processors that share it."""
    try:
        return (_CPUS / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text(encoding="ascii").strip()
    except OSError:
        return str(cpu)


def _quota() -> int:
    """Whole processors that the control group grants; a large number where it sets no limit."""
    try:
        granted, period = (_CGROUP / "cpu.max").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 1 << 20
    return 1 << 20 if granted == "max" else max(1, int(granted) // int(period))


def memory_megabytes() -> int:
    """Memory that is free for workers: what the system has available, or what the control group leaves."""
    free = 1 << 30
    with suppress(OSError):
        found = re.search(r"^MemAvailable:\s+(\d+) kB", _MEMORY.read_text(encoding="ascii"), re.MULTILINE)
        free = int(found[1]) >> 10 if found else free
    with suppress(OSError, ValueError):
        limit = int((_CGROUP / "memory.max").read_text(encoding="ascii"))
        used = int((_CGROUP / "memory.current").read_text(encoding="ascii"))
        free = min(free, (limit - used) >> 20)
    return free
