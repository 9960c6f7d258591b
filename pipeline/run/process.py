"""One file through all stages: the function that every engine runs.

Place in the flow: `ingest` calls it in a loop, a worker process or a Ray actor calls the same. It knows no database and
no terminal: a path comes in, records come out. Whatever goes wrong in one paper becomes a `Failure` of that paper.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.document import Document
from pipeline.errors import PipelineError
from pipeline.evidence import Annotated, Failure, PaperEvidence
from pipeline.store.rows import rows_of
from pipeline.store.schema import PaperRows

_log = logging.getLogger(__name__)


class Tagger(Protocol):
    """What `pipeline.tag.load_tagger` gives."""

    def tag(self, document: Document) -> Annotated:
        """The document's sentences, abbreviations and mentions."""
        ...


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was stored before."""

    sha256: str


def process_path(
    path: Path, tagger: Tagger, *, name: str | None = None, known: Collection[str] = ()
) -> Iterator[PaperEvidence | Failure | Skipped]:
    """Read, tag, relate and assemble every paper of one file.

    Args:
        name: the source's name in the database; the path if None.
        known: content hashes of records that need not be read again.
    """
    from pipeline.read import read_documents

    name = name or str(path)
    documents = read_documents(path, name=name)
    while True:
        try:
            document = next(documents)
        except StopIteration:
            return
        except Exception as error:  # a broken file must not end the ingest of the others
            yield failure_of(error, name, "read")
            return
        if isinstance(document, Failure):
            yield document
        elif document.source.sha256 in known:
            yield Skipped(document.source.sha256)
        else:
            yield process_document(document, tagger)


def process_document(document: Document, tagger: Tagger) -> PaperEvidence | Failure:
    """Tag, relate and assemble one document."""
    from pipeline.assemble import assemble
    from pipeline.relate import relate

    stage = "tag"
    try:
        annotated = tagger.tag(document)
        stage = "relate"
        evidence = relate(annotated)
        stage = "assemble"
        return assemble(evidence)
    except Exception as error:
        record = f"#{document.source.record}" if document.source.record else ""
        return failure_of(error, document.source.name + record, stage)


def rows_of_path(
    path: Path, tagger: Tagger, *, name: str, extractor_version: str, known: Collection[str] = ()
) -> Iterator[PaperRows | Failure | Skipped]:
    """As `process_path`, but as plain rows: what crosses process borders and is written."""
    for item in process_path(path, tagger, name=name, known=known):
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
