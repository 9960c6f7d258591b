"""Small files read and tagged together, before each goes through its own stages.

Place in the flow: `engine` takes small files in bundles; what is made here is handed to `process`, which then neither
reads nor tags them again. Tagging twenty abstracts together takes half as long as one by one, and finds the same.
A file with which anything is wrong is left to be read by itself: then the usual checks and limits say what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pipeline.run.process import Ahead, Read, Tagger
from pipeline.tag.batches import BATCH

T = TypeVar("T")

_SMALL = 8_000  # bytes; a file up to this size may be an abstract


def bundles(
    tasks: Iterable[T], path_of: Callable[[T], str], *, most: int = 32, size: int = BATCH
) -> Iterator[tuple[T, ...]]:
    """Tasks in order: large files each alone, small ones several at a time.

    Args:
        path_of: the path of a task's file.
        most: files of a bundle.
        size: bytes of a bundle.
    """
    bundle: list[T] = []
    total = 0
    for task in tasks:
        own = _bytes(path_of(task))
        if bundle and (own > _SMALL or total + own > size or len(bundle) == most):
            yield tuple(bundle)
            bundle, total = [], 0
        bundle.append(task)
        total += own
        if own > _SMALL:
            yield tuple(bundle)
            bundle, total = [], 0
    if bundle:
        yield tuple(bundle)


def _bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return _SMALL + 1  # reading it alone says why


def read_ahead(files: Sequence[tuple[str, str]], tagger: Tagger) -> list[Ahead | None]:
    """Read and tag files, given as (path, name), together; None for one to be read by itself."""
    from pipeline.document import Document

    read = [_read(Path(path), name) for path, name in files]
    try:
        tagged = iter(tagger.tag_batch([one for file in read for one in file or () if isinstance(one, Document)]))
    except Exception:
        return [None] * len(files)
    return [
        None if file is None else Ahead(file, [next(tagged) if isinstance(one, Document) else None for one in file])
        for file in read
    ]


def _read(path: Path, name: str) -> list[Read] | None:
    from pipeline.read import read_documents

    try:
        return list(read_documents(path, name=name))
    except Exception:
        return None
