"""Limits of time and memory for work in this process, where a process of its own would cost more than the work.

Place in the flow: around the reading of plain text and XML with `--jobs 1`, and inside the actors of Ray. Everything
such files pass through is Python, `re` and expat, which stop at a signal and survive a refused allocation. A PDF
goes through a C++ library that does neither: it is read in a worker process that can be killed (`read.limits`).
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TypeVar

from pipeline.errors import LimitExceeded
from pipeline.read.limits import MEGABYTES, SECONDS

T = TypeVar("T")

_GRACE_SECONDS = 10.0
_PLAIN_BYTES = 4 << 20
_PACKED_BYTES = 512 << 10
_PACKED = b"\x1f\x8b"
_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one paper may take: seconds of wall clock, megabytes beyond what the process holds already."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES


class _TimeUp(BaseException):
    """Raised by the alarm; no `except Exception` on the way swallows it."""


def can_cap_here() -> bool:
    """Whether this thread can be stopped by a signal: the main thread, on a system with timers."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def is_plain(path: Path) -> bool:
    """Whether a file is text or XML of a paper's size, so that the limits of this module hold for it."""
    try:
        with path.open("rb") as file:
            head = file.read(1024)
        size = path.stat().st_size
    except OSError:
        return True  # reading it will say what is wrong
    return _PDF not in head and size <= (_PACKED_BYTES if head.startswith(_PACKED) else _PLAIN_BYTES)


def capped(items: Iterator[T], limits: Limits, *, may_exit: bool = False) -> Iterator[T]:
    """The items, each made within the limits.

    Args:
        may_exit: end the process if it does not even answer the alarm (for workers that are replaced when they die).

    Raises:
        LimitExceeded: an item took too long.
        MemoryError: it wanted too much memory, and the work does not handle that itself.
    """
    while True:
        try:
            with _memory(limits.megabytes), _time(limits.seconds, may_exit):
                item = next(items)
        except StopIteration:
            return
        except _TimeUp:
            raise LimitExceeded(
                f"Took more than {limits.seconds:g} s and was stopped.",
                what_to_do="Read the file alone with a longer limit, or take it off the list.",
            ) from None
        yield item


@contextmanager
def _time(seconds: float, may_exit: bool) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    if may_exit:
        with Path(os.devnull).open("w") as nowhere:
            faulthandler.dump_traceback_later(seconds + _GRACE_SECONDS, exit=True, file=nowhere)
            try:
                yield from _armed(seconds, before)
            finally:
                faulthandler.cancel_dump_traceback_later()
    else:
        yield from _armed(seconds, before)


def _armed(seconds: float, before: object) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)  # type: ignore[arg-type]


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    """Let the address space grow by so much and no more, where the system can hold it to that."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError, ValueError):  # not Linux: the time limit still holds
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + (megabytes << 20)
    known = [old for old in (soft, hard) if old not in {resource.RLIM_INFINITY, -1}]
    resource.setrlimit(resource.RLIMIT_AS, (min(limit, *known) if known else limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
