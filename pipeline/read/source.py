"""Bytes of a source file: unpacked under a cap, decoded, and recognised by content before suffix.

Place in the flow: the first thing `read_documents` does. Offsets stored later index the text that `decode` returns.
"""

from __future__ import annotations

import codecs
import gzip
import os
import re
import zlib
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import UnknownFormat, UnreadableSource

MAX_BYTES = 1 << 30
"""Cap on the size of one file after unpacking. MEDLINE's yearly files unpack to 200-300 MB."""

_SNIFF_BYTES = 65_536
_PAPER_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_PAPERS = (
    (b"PK\x03\x04", "a ZIP container (Word, Excel, EPUB …)", "Unpack it, or save the paper as PDF, XML or plain text."),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file", "Save the paper as PDF, XML or plain text."),
    (b"{\\rtf", "an RTF file", "Save the paper as PDF, XML or plain text."),
    (b"SQLite format 3\x00", "an SQLite database", "Give the papers, not the database; see --db."),
    (b"\x89PNG", "an image", "OCR is out of scope: give a paper with text."),
    (b"\xff\xd8\xff", "an image", "OCR is out of scope: give a paper with text."),
)


class Format(StrEnum):
    """The formats that have a reader; the value is what `Source.format` says."""

    TEXT = "text"
    PUBMED_TEXT = "pubmed-text"
    MEDLINE_XML = "medline-xml"
    MEDLINE = "medline"
    RIS = "ris"
    JATS = "jats"
    PDF = "pdf"


def read_start(path: Path) -> tuple[bytes, bytes | None]:
    """The first bytes, unpacked, and all of them in one reading if the file is of a paper's size and not packed."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        start = file.read(size if _SNIFF_BYTES < size < _PAPER_BYTES else _SNIFF_BYTES)
    if start[:2] == _GZIP:
        return read_head(path), None
    return start[:_SNIFF_BYTES], start if len(start) == size else None


def read_head(path: Path, size: int = _SNIFF_BYTES) -> bytes:
    """The first bytes of the file, unpacked."""
    with path.open("rb") as file:
        head = file.read(size)
    if head[:2] != _GZIP:
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, size)
    except zlib.error as err:
        raise _broken_gzip(path) from err


def read_bytes(path: Path, cap: int = MAX_BYTES) -> bytes:
    """The whole content, unpacked if it is gzip.

    Raises:
        UnreadableSource: damaged gzip, or more than `cap` bytes.
    """
    return b"".join(_iter_bytes(path, cap))


def _iter_bytes(path: Path, cap: int) -> Iterator[bytes]:
    """The content in pieces of about a megabyte, unpacked, never more than `cap` in all."""
    n_bytes = 0
    with path.open("rb") as file:
        is_packed = file.peek(2)[:2] == _GZIP
        for part in _unpack(file, path) if is_packed else iter(partial(file.read, 1 << 20), b""):
            n_bytes += len(part)
            if n_bytes > cap:
                raise _too_large(path, cap)
            yield part


def _unpack(packed: BinaryIO, path: Path) -> Iterator[bytes]:
    """Members of a gzip file one after another; each piece is at most a megabyte however well it was packed."""
    with gzip.open(packed, "rb") as file:
        while True:
            try:
                part = file.read(1 << 20)
            except (OSError, EOFError, zlib.error) as err:
                raise _broken_gzip(path) from err
            if not part:
                return
            yield part


def iter_text(path: Path, cap: int = MAX_BYTES) -> Iterator[str]:
    """The decoded text in pieces, for files too large to hold; the same characters as `decode_bytes` gives.

    Raises:
        UnreadableSource: damaged gzip, more than `cap` bytes, or bytes that are not in the declared encoding.
    """
    decoder = codecs.getincrementaldecoder(_encoding_of(read_head(path, 4096)))()
    try:
        for part in _iter_bytes(path, cap):
            yield decoder.decode(part)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as err:
        raise UnreadableSource(
            f"{path.name} is not in the encoding it declares ({err.encoding}).", what_to_do="Download it again."
        ) from err


def _encoding_of(head: bytes) -> str:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    declared = _XML_ENCODING.match(head.lstrip())
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def _broken_gzip(path: Path) -> UnreadableSource:
    return UnreadableSource(f"{path.name} is a damaged or truncated gzip file.", what_to_do="Download it again.")


def _too_large(path: Path, cap: int) -> UnreadableSource:
    return UnreadableSource(
        f"{path.name} holds more than {cap >> 20} MB.",
        what_to_do="Split it into smaller files; a paper is never that large.",
    )


_XML_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")


def decode_bytes(content: bytes) -> str:
    """Text of the content: by its byte-order mark, its XML declaration, else UTF-8, else Windows-1252. Never fails.

    Line ends are kept as they are, so offsets index exactly this text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    declared = _XML_ENCODING.match(content[:200].lstrip())
    if declared:
        try:
            return content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def sniff(head: bytes, path: Path) -> Format:
    """Recognise the format by content, and only then by suffix.

    Raises:
        UnreadableSource: the file is empty.
        UnknownFormat: no reader takes it; the message says what it is.
    """
    if not head or head.isspace():
        raise UnreadableSource(f"{path.name} is empty.", what_to_do="Download it again, or take it off the list.")
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    for magic, what, advice in _NOT_PAPERS:
        if head.startswith(magic):
            raise UnknownFormat(f"{path.name} is {what}.", what_to_do=advice)
    suffix = _suffix(path)
    if suffix == ".pdf":
        raise UnreadableSource(
            f"{path.name} is named .pdf and is not a PDF (no %PDF header).", what_to_do="Download it again."
        )
    if _is_binary(head):
        raise UnknownFormat(f"{path.name} is a binary file.", what_to_do=_ADVICE)
    return _sniff_text(decode_bytes(head).lstrip("\ufeff \t\r\n"), path, suffix)


_ADVICE = "Readable are PDF, JATS and PubMed XML, MEDLINE (.nbib), RIS and plain text, each also as .gz."
_PROLOG = re.compile(r"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?[^>]*>|\s)*", re.S)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_ROOTS = {
    "article": Format.JATS,
    "pmc-articleset": Format.JATS,
    "PubmedArticleSet": Format.MEDLINE_XML,
    "PubmedArticle": Format.MEDLINE_XML,
    "PubmedBookArticleSet": Format.MEDLINE_XML,
    "PubmedBookArticle": Format.MEDLINE_XML,
    "MedlineCitationSet": Format.MEDLINE_XML,
    "MedlineCitation": Format.MEDLINE_XML,
}
_MEDLINE = re.compile(r"^(?:PMID|OWN ?|STAT)\s*- ", re.M)
_RIS = re.compile(r"^TY  ?- ", re.M)


def _sniff_text(text: str, path: Path, suffix: str) -> Format:
    if text.startswith("<"):
        return _sniff_xml(text, path)
    start = text[:2000]
    if _RIS.search(start):
        return Format.RIS
    if _MEDLINE.match(start):
        return Format.MEDLINE
    if suffix in {".xml", ".nxml"}:
        raise UnreadableSource(f"{path.name} is named {suffix} and is not XML.", what_to_do="Download it again.")
    if suffix in {".ris", ".nbib"}:
        raise UnreadableSource(
            f"{path.name} is named {suffix} and holds no such record.", what_to_do="Export it again."
        )
    if suffix in {".csv", ".tsv", ".json", ".jsonl", ".py", ".html", ".css", ".js", ".bib", ".enw", ".ciw"}:
        raise UnknownFormat(f"{path.name} is not a paper in a known format ({suffix}).", what_to_do=_ADVICE)
    return Format.TEXT


def _sniff_xml(text: str, path: Path) -> Format:
    prolog = _PROLOG.match(text)
    root = _ROOT.match(text, prolog.end() if prolog else 0)
    name = root[1].rsplit(":", 1)[-1] if root else None
    if name in _ROOTS:
        return _ROOTS[name]
    if "<!ENTITY" in text:
        raise UnreadableSource(
            f"{path.name} declares XML entities, which are not read (entity bombs, local files).",
            what_to_do="Take the article from its publisher or PubMed Central.",
        )
    if (name is not None and name.lower() == "html") or "<!doctype html" in text[:200].lower():
        raise UnknownFormat(f"{path.name} is a web page.", what_to_do="Save the article as PDF or XML.")
    if name is None:
        raise UnreadableSource(f"{path.name} is not well-formed XML: no root element.", what_to_do="Download it again.")
    raise UnknownFormat(
        f"{path.name} is XML with the root <{name}>, neither a JATS article nor a PubMed set.", what_to_do=_ADVICE
    )


def _suffix(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


_CONTROLS = bytes(byte for byte in range(32) if byte < 9 or byte > 13)


def _is_binary(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    sample = head[:8192]
    odd = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\x00" in sample or odd > len(sample) * 0.02
