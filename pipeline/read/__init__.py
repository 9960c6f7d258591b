"""Stage 1, bytes → Document. One file = one source format; `read_documents` chooses the reader by content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.document import Document, Source
from pipeline.errors import UnreadableSource
from pipeline.evidence import Failure
from pipeline.read.source import Format, decode_bytes, iter_text, read_bytes, read_head, sniff

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
        kind = sniff(read_head(path), path)
        if kind is Format.MEDLINE_XML:
            yield from _stream_medline(path, label)
        elif kind is Format.PDF:
            from pipeline.read.pdf import read_pdf

            yield read_pdf(path, name=label)
        else:
            content = read_bytes(path)
            source = Source(label, kind, hashlib.sha256(content).hexdigest())
            yield from _reader(kind)(decode_bytes(content), source)
    except OSError as err:
        raise UnreadableSource(f"{label} cannot be read: {err.strerror}.", what_to_do="Check the path.") from err


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
