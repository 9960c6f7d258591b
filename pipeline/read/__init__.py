"""Stage 1, bytes → Document. One file = one source format; `read_documents` chooses the reader by content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.document import Document, Source
from pipeline.errors import UnreadableSource
from pipeline.evidence import Failure
from pipeline.read.source import Format, decode_bytes, iter_text, read_bytes, read_start, sniff

__all__ = ["Format", "decode", "read_documents"]


def decode(path: Path) -> str:
    """The decoded text that source offsets index: unpacked, line ends as they are.

    Raises:
        UnreadableSource: damaged gzip or too large.
    """
    return decode_bytes(read_bytes(path))


def read_documents(path: Path, *, name: str | None = None) -> Iterator[Document | Failure]:
    """The documents of one file, in file order; a record that cannot be read comes as a `Failure`.

    Args:
        path: the file; `.gz` is unpacked in passing.
        name: what to call the source; the path as given by default.

    Raises:
        UnknownFormat: no reader recognises the content.
        UnreadableSource: the format is known and the file is empty, broken, encrypted or too large.
    """
    label = name or str(path)
    try:
        head, content = read_start(path)
        kind = sniff(head, path)
        if kind is Format.MEDLINE_XML:
            yield from _stream_medline(path, label)
        elif kind is Format.PDF:
            from pipeline.read.pdf import read_pdf

            yield _with_text(read_pdf(path, name=label), label)
        else:
            content = read_bytes(path) if content is None else content
            source = Source(label, kind, hashlib.sha256(content).hexdigest())
            for item in _reader(kind)(decode_bytes(content), source):
                yield item if isinstance(item, Failure) else _with_text(item, label)
    except OSError as err:
        raise UnreadableSource(f"{label} cannot be read: {err.strerror}.", what_to_do="Check the path.") from err


_NOTHING_READ = {
    "scanned": ("is a scan: its pages are images", "Run OCR on it (ocrmypdf) and ingest the result."),
    "page damaged": ("has pages too damaged to read", "Download it again, or repair it (qpdf, mutool clean)."),
    "page without text": ("has no text on its pages", "Run OCR on it (ocrmypdf), or take it off the list."),
}


def _with_text(document: Document, label: str) -> Document:
    """The document, if anything could be read.

    Raises:
        UnreadableSource: there is no passage in it, for the reason that the reader noted.
    """
    if document.passages:
        return document
    kinds = {note.kind for note in document.notes}
    reason = next((words for kind, words in _NOTHING_READ.items() if kind in kinds), None)
    what, advice = reason or (
        "holds no text that can be read",
        "Look at it: it may hold drawings or an unknown font only.",
    )
    raise UnreadableSource(f"{label} {what}.", what_to_do=advice)


def _stream_medline(path: Path, label: str) -> Iterator[Document | Failure]:
    from pipeline.read.medline_xml import read_medline_xml

    yield from read_medline_xml(iter_text(path), Source(label, Format.MEDLINE_XML, ""))


_Reader = Callable[[str, Source], Iterator[Document | Failure]]


def _reader(kind: Format) -> _Reader:
    """The reader of a format that is read as a whole; imported when needed, so that the door opens fast."""
    if kind is Format.JATS:
        from pipeline.read.jats import read_jats

        return read_jats
    if kind is Format.MEDLINE:
        from pipeline.read.tagged import read_medline

        return read_medline
    if kind is Format.RIS:
        from pipeline.read.tagged import read_ris

        return read_ris
    from pipeline.read.pubmed_text import read_text_records

    return read_text_records
