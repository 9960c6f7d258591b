"""Stage 1, bytes → Document. One file = one source format; `read_documents` chooses the reader by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.document import Document, Source
from pipeline.errors import UnknownFormat, UnreadableSource
from pipeline.evidence import Failure
from pipeline.read.source import Format, decode_bytes, read_bytes, read_head, sniff

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
    except OSError as err:
        raise UnreadableSource(f"{label} cannot be opened: {err.strerror}.", what_to_do="Check the path.") from err
    if kind is Format.PDF:
        from pipeline.read.pdf import read_pdf

        yield read_pdf(path, name=label)
    elif kind is Format.TEXT:
        yield from _read_text_file(path, label)
    elif kind is Format.JATS:
        yield from _read_jats_file(path, label)
    else:
        raise UnknownFormat(f"{label}: no reader for {kind} yet.", what_to_do="Convert it to text.")


def _read_text_file(path: Path, label: str) -> Iterator[Document]:
    from pipeline.read.text import read_text

    content = read_bytes(path)
    yield read_text(decode_bytes(content), Source(label, Format.TEXT, hashlib.sha256(content).hexdigest()))


def _read_jats_file(path: Path, label: str) -> Iterator[Document | Failure]:
    from pipeline.read.jats import read_jats

    content = read_bytes(path)
    yield from read_jats(decode_bytes(content), Source(label, Format.JATS, hashlib.sha256(content).hexdigest()))
