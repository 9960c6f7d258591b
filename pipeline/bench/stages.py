"""Every stage timed over one set of papers, with the peers taking their turn after each batch.

Place in the flow: called by the sections of the page, in a process of its own. Taking turns makes ratios hold on a
machine whose speed changes while it measures. Each turn starts with no garbage to collect: one pause of the collector
takes as long as reading twenty papers, and what it clears away was left by all stages, not by whose turn it is.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pipeline.bench.memory import peak_megabytes, reset_peak
from pipeline.document import Document
from pipeline.run.engine import tagger_for
from pipeline.store import PaperRows, Store, open_store, rows_of
from pipeline.tag.batches import batches

T = TypeVar("T")
STAGES = ("read", "tag", "relate", "rows", "load")


@dataclass(slots=True)
class Batch:
    """Some files with what came of them: what a peer gets to do the same."""

    paths: Sequence[Path]
    documents: list[Document] = field(default_factory=list)
    rows: list[PaperRows] = field(default_factory=list)


Peer = Callable[[Batch], None]


@dataclass(slots=True)
class Timing:
    """Processor seconds per stage and per peer, and counts, of one set of papers. `peak` is in megabytes."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    peers: dict[str, float] = field(default_factory=dict)
    papers: int = 0
    words: int = 0
    pages: int = 0
    rows: int = 0
    failures: int = 0
    peak: float = 0.0

    @property
    def total(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    def measure(self, stage: str, work: Callable[[], T]) -> T:
        """Run `work` and add its time to the stage."""
        begun = time.process_time()
        try:
            return work()
        finally:
            self.seconds[stage] += time.process_time() - begun


def measure(paths: Sequence[Path], db: Path, *, model: str, peers: dict[str, Peer], batch: int = 1) -> Timing:
    """All stages over these files into a new database; after each batch of files, every peer on the same."""
    timing = Timing(peers=dict.fromkeys(peers, 0.0))
    tagger_for(model)
    _warm_up(paths[:1], db.with_suffix(".warm"), model, peers)
    with open_store(db, create=True) as store:
        for some in _batches(paths, batch):
            reset_peak()
            gc.collect()
            _stages(some, store, timing, model)
            timing.peak = max(timing.peak, peak_megabytes())
            for name, peer in peers.items():
                gc.collect()
                begun = time.process_time()
                peer(some)
                timing.peers[name] += time.process_time() - begun
    return timing


def _warm_up(paths: Sequence[Path], db: Path, model: str, peers: dict[str, Peer]) -> None:
    """Once through everything, so that no stage is charged with loading its tables."""
    some = Batch(paths)
    with open_store(db, create=True) as store:
        _stages(some, store, Timing(), model)
    for peer in peers.values():
        peer(some)


def _batches(paths: Sequence[Path], size: int) -> Iterator[Batch]:
    for start in range(0, len(paths), size):
        yield Batch(paths[start : start + size])


def _stages(batch: Batch, store: Store, timing: Timing, model: str) -> None:
    from pipeline.read import read_documents

    for path in batch.paths:
        try:
            found = timing.measure("read", lambda path=path: list(read_documents(path)))  # type: ignore[misc]
        except Exception:
            timing.failures += 1
            continue
        for document in found:
            if isinstance(document, Document):
                batch.documents.append(document)
            else:
                timing.failures += 1
    for some in batches(batch.documents):
        batch.rows += _after_reading(some, store, timing, model)


def _after_reading(documents: Sequence[Document], store: Store, timing: Timing, model: str) -> Iterator[PaperRows]:
    """The stages after reading, each on its clock; papers are tagged together as `evidence ingest` does."""
    from pipeline.assemble import assemble
    from pipeline.relate import relate

    tagger = tagger_for(model)
    annotated = timing.measure("tag", lambda: tagger.tag_batch(documents))
    for document, tagged in zip(documents, annotated, strict=True):
        found = timing.measure("relate", lambda one=tagged: assemble(relate(one)))  # type: ignore[misc]
        rows = timing.measure("rows", lambda one=found: rows_of(one, extractor_version="bench"))  # type: ignore[misc]
        timing.measure("load", lambda one=rows: store.load_rows(one))  # type: ignore[misc]
        timing.papers += 1
        timing.words += sum(len(passage.text.split()) for passage in document.passages)
        timing.pages += document.n_pages or 0
        timing.rows += sum(len(table) for table in rows.tables.values())
        yield rows
