"""Several PubMed-format records in one text file: where each begins.

Place in the flow: `read_documents` cuts a text file with it; each piece goes to `text.read_text`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.document import Document, Source
from pipeline.errors import UnknownFormat
from pipeline.evidence import Failure
from pipeline.read.text import read_text

_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 5
_NUMBERED = re.compile(r"^(?P<number>\d{1,5})[.:] (?=[^\n]*\b(?:19|20)\d\d\b)[^\n]+", re.M)


def read_text_records(text: str, source: Source) -> Iterator[Document | Failure]:
    """The papers or records of one plain-text file.

    Raises:
        UnknownFormat: there are no sentences in it.
    """
    if len(_WORD.findall(text[:20_000])) < _LEAST_WORDS:
        raise UnknownFormat(
            f"{source.name} holds hardly any words: it is no paper.",
            what_to_do="Take it off the list, or convert it to plain text again.",
        )
    ranges = record_ranges(text)
    for number, (start, end) in enumerate(ranges):
        own = source
        if len(ranges) > 1:
            content = text[start:end].encode("utf-8", "surrogatepass")
            own = replace(source, record=number, sha256=hashlib.sha256(content).hexdigest())
        yield read_text(text, own, start=start, end=end)


def record_ranges(text: str) -> list[tuple[int, int]]:
    """Ranges of the records; one range if the file holds a single paper.

    Records are numbered from 1 ("1. J Imag Kidney. 2020 …"), each after a blank line, or else end in a `PMID:` line.
    """
    starts: list[int] = []
    for match in _NUMBERED.finditer(text):
        if int(match["number"]) == len(starts) + 1 and (
            not text[: match.start()].strip() or _after_gap(text, match.start())
        ):
            starts.append(match.start())
    if len(starts) >= 2 and not text[: starts[0]].strip():
        ends = [*starts[1:], len(text)]
        return list(zip(starts, ends, strict=True))
    return [(0, len(text))]


def _after_gap(text: str, start: int) -> bool:
    return bool(re.search(r"\n\s*\n\s*$", text[max(0, start - 40) : start]))
