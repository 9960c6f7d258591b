"""Documents in batches: several short ones tagged together take half the time, and what is found stays the same.

Place in the flow: between `read` and `tag`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.document import Document

BATCH = 30_000
"""Characters that are tagged together, some twenty abstracts: larger batches take more memory and no less time."""


def batches(documents: Iterable[Document], *, characters: int = BATCH) -> Iterator[list[Document]]:
    """Documents in order, in runs of about so many characters."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        own = sum(len(passage.text) for passage in document.passages)
        if batch and size + own > characters:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += own
    if batch:
        yield batch
