"""Whether a file is still what it was: files may change while they are read.

Place in the flow: a stamp is taken when a file's content is hashed, and held against the file after reading. Size and
time tell most changes; a file written within the last seconds could change again without its time moving, so it is
hashed again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.run.files import content_hash

_FRESH_NANOSECONDS = 2_000_000_000  # coarsest clock of file systems in use (FAT)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's content hash, with size and time of change when it was taken; `is_fresh` if it had just changed."""

    sha256: str
    size: int
    changed: int
    is_fresh: bool


def stamp(path: Path) -> Stamp:
    """The file as it is now.

    Raises:
        OSError: it cannot be read.
    """
    before, now = path.stat(), time.time_ns()
    is_fresh = now - before.st_mtime_ns < _FRESH_NANOSECONDS
    return Stamp(content_hash(path), before.st_size, before.st_mtime_ns, is_fresh)


def is_unchanged(path: Path, taken: Stamp) -> bool:
    """Whether the file holds what it held when the stamp was taken. A file that is gone has changed."""
    try:
        now = path.stat()
        if (now.st_size, now.st_mtime_ns) == (taken.size, taken.changed) and not taken.is_fresh:
            return True
        return now.st_size == taken.size and content_hash(path) == taken.sha256
    except OSError:
        return False
