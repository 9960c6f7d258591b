"""One file through all stages: the function that every engine runs.

Place in the flow: `ingest` calls it in a loop, a worker process or a Ray actor calls the same. It knows no database and
no terminal: a path comes in, records come out. Whatever goes wrong in one paper becomes a `Failure` of that paper. The
records of a file are tagged several at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Protocol

from pipeline.document import Document
from pipeline.errors import PipelineError
from pipeline.evidence import Annotated, Failure, PaperEvidence
from pipeline.store.rows import rows_of
from pipeline.store.schema import PaperRows
from pipeline.tag.batches import BATCH

_log = logging.getLogger(__name__)


class Tagger(Protocol):
    """What `pipeline.tag.load_tagger` gives."""

    def tag(self, document: Document) -> Annotated:
        """The document's sentences, abbreviations and mentions."""
        ...

    def tag_batch(self, documents: Sequence[Document]) -> list[Annotated]:
        """The same for several documents together."""
        ...


Read = Document | Failure
_AT_ONCE = 64  # records of a file that are looked at together


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a file holds, read and tagged before (`tagged` is aligned; None where it is no document)."""

    read: list[Read]
    tagged: list[Annotated | None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was stored before."""

    sha256: str


def process_path(
    path: Path,
    tagger: Tagger,
    *,
    name: str | None = None,
    known: Collection[str] = (),
    ahead: Ahead | None = None,
) -> Iterator[PaperEvidence | Failure | Skipped]:
    """Read, tag, relate and assemble every paper of one file.

    Args:
        name: the source's name in the database; the path if None.
        known: content hashes of records that need not be read again.
        ahead: what was read and tagged of it before.
    """
    name = name or str(path)
    if ahead is not None:
        yield from _processed(ahead.read, ahead.tagged, tagger, known)
        return
    waiting: list[Read] = []
    size = 0
    for read in _read(path, name):
        own = sum(len(passage.text) for passage in read.passages) if isinstance(read, Document) else 0
        if waiting and (size + own > BATCH or len(waiting) == _AT_ONCE):
            yield from _processed(waiting, (), tagger, known)
            waiting, size = [], 0
        waiting.append(read)
        size += own
    yield from _processed(waiting, (), tagger, known)


def _read(path: Path, name: str) -> Iterator[Read]:
    from pipeline.read import read_documents

    documents = read_documents(path, name=name)
    while True:
        try:
            document = next(documents)
        except StopIteration:
            return
        except Exception as error:  # a broken file must not end the ingest of the others
            yield failure_of(error, name, "read")
            return
        yield document


def _processed(
    read: Sequence[Read], tagged: Sequence[Annotated | None], tagger: Tagger, known: Collection[str]
) -> Iterator[PaperEvidence | Failure | Skipped]:
    """Papers in order, tagged together if they are not `tagged` already."""

    def is_new(one: Read) -> bool:
        return isinstance(one, Document) and one.source.sha256 not in known

    if not tagged:
        made = _tagged([one for one in read if isinstance(one, Document) and is_new(one)], tagger)
        tagged = [next(made) if is_new(one) else None for one in read]
    for one, annotated in zip(read, tagged, strict=True):
        if not isinstance(one, Document):
            yield one
        else:
            yield process_document(one, tagger, annotated) if is_new(one) else Skipped(one.source.sha256)


def _tagged(documents: Sequence[Document], tagger: Tagger) -> Iterator[Annotated | None]:
    """The documents tagged together; None for each if one of them breaks that: they are then tagged one by one."""
    if len(documents) < 2:
        return repeat(None, len(documents))
    try:
        return iter(tagger.tag_batch(documents))
    except Exception:
        return repeat(None, len(documents))


def process_document(document: Document, tagger: Tagger, annotated: Annotated | None = None) -> PaperEvidence | Failure:
    """Tag (unless it is `annotated` already), relate and assemble one document."""
    from pipeline.assemble import assemble
    from pipeline.relate import relate

    stage = "tag"
    try:
        annotated = annotated or tagger.tag(document)
        stage = "relate"
        evidence = relate(annotated)
        stage = "assemble"
        return assemble(evidence)
    except Exception as error:
        record = f"#{document.source.record}" if document.source.record else ""
        return failure_of(error, document.source.name + record, stage)


def rows_of_path(
    path: Path,
    tagger: Tagger,
    *,
    name: str,
    extractor_version: str,
    known: Collection[str] = (),
    ahead: Ahead | None = None,
) -> Iterator[PaperRows | Failure | Skipped]:
    """As `process_path`, but as plain rows: what crosses process borders and is written."""
    for item in process_path(path, tagger, name=name, known=known, ahead=ahead):
        if isinstance(item, PaperEvidence):
            try:
                yield rows_of(item, extractor_version=extractor_version, path=str(path))
            except Exception as error:
                yield failure_of(error, name, "load")
        else:
            yield item


def failure_of(error: Exception, source: str, stage: str) -> Failure:
    """The row that tells a user of an error: one line, with the next step."""
    if isinstance(error, PipelineError):
        return Failure(source, stage, _line(error), error.what_to_do or "See docs/reading.md.")
    if isinstance(error, OSError):
        return Failure(source, stage, f"{error.strerror or error}", "Check that the file can be read.")
    if isinstance(error, MemoryError):
        return Failure(source, stage, "Not enough memory.", "Read this file alone, or raise the memory limit.")
    _log.warning("%s: %s failed", source, stage, exc_info=error)
    what = f"{type(error).__name__}: {_line(error)}" if str(error) else type(error).__name__
    return Failure(source, stage, what, "This is a bug: please report it with the file.")


def _line(error: Exception) -> str:
    """The message as one printable line of at most 300 characters."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(error)).split())
    return text[:300]
