"""Reference lists of PDFs: entries parted by number or by hanging indent, with authors, year, title, DOI.

Place in the flow: `pdf.py` calls it with the lines that `pdf_flow` found under "References".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Reference
from pipeline.read.citation_line import find_doi, find_pmid
from pipeline.read.pdf_layout import Line
from pipeline.read.pdf_text import Frame, Text, assemble
from pipeline.read.words import Words

_NUMBER = re.compile(r"^\[?(\d{1,3})(?:[\].)]|\s)\s*(?=\S)")


_HEADING = re.compile(
    r"^(?:\d+\.?\s*)?(?:references?(?: and notes| cited| list)?|bibliography|literature cited)\s*:?$", re.IGNORECASE
)
_ENTRY = re.compile(r"^\[?(\d{1,3})[\].)]?\s+[A-ZÀ-Þ]")
_LEAST_ENTRIES = 8


def list_start(lines: Sequence[Sequence[Line]]) -> tuple[int, int] | None:
    """Where the reference list begins (page, line): its heading, else the first of many numbered entries."""
    found: tuple[int, int] | None = None
    first: tuple[int, int] | None = None
    expected = 1
    runs: list[tuple[int, tuple[int, int]]] = []
    for page, page_lines in enumerate(lines):
        for index, line in enumerate(page_lines):
            text = line.text.strip()
            if _HEADING.match(text) and page >= 0.3 * (len(lines) - 1):
                found = (page, index)
            match = _ENTRY.match(text)
            if not match:
                continue
            number = int(match[1])
            if number == expected and first is not None:
                expected += 1
            elif number == 1:
                if first is not None:
                    runs.append((expected, first))
                first, expected = (page, index), 2
    if first is not None:
        runs.append((expected, first))
    if found is None and runs:
        best, place = max(runs)
        if best > _LEAST_ENTRIES and place[0] >= 0.3 * (len(lines) - 1):
            found = place
    return found


def split_entries(lines: Sequence[Line]) -> tuple[list[list[Line]], bool]:
    """Lines of each entry, and whether the list is numbered."""
    numbered = _numbered(lines)
    if numbered:
        return numbered, True
    entries: list[list[Line]] = []
    edges: list[float] = []
    for line in lines:
        page_lines = [other.x0 for other in lines if other.page == line.page and abs(other.x0 - line.x0) < 30]
        edges.append(min(page_lines))
    hanging = sum(line.x0 - edge > 4 for line, edge in zip(lines, edges, strict=True)) > 0.3 * len(lines)
    for line, edge in zip(lines, edges, strict=True):
        starts = (
            line.x0 - edge < 3
            if hanging
            else not entries
            or (entries[-1][-1].text.rstrip().endswith(".") and bool(re.match(r"[A-Z][\w'’-]+[ ,]", line.text)))
        )
        if starts or not entries:
            entries.append([line])
        else:
            entries[-1].append(line)
    return entries, False


def _numbered(lines: Sequence[Line]) -> list[list[Line]]:
    """Entries whose numbers count up by one; empty if the list is not numbered."""
    entries: list[list[Line]] = []
    expected: int | None = None
    for line in lines:
        match = _NUMBER.match(line.text)
        number = int(match[1]) if match else None
        if number is not None and (number == expected or (expected is None and number == 1)):
            entries.append([line])
            expected = number + 1
        elif (
            number is not None
            and expected is not None
            and expected < number <= expected + 3
            and re.match(r"^\[?\d{1,3}[\].)]", line.text)
        ):
            entries.append([line])  # one was missed
            expected = number + 1
        elif entries:
            entries[-1].append(line)
    return entries if len(entries) >= 3 or (len(entries) >= 1 and len(lines) < 12) else []


def read_references(lines: Sequence[Line], words: Words, frames: dict[int, Frame]) -> list[tuple[Reference, Text]]:
    """References in list order with their text; keys are printed numbers, else "Family Year"."""
    entries, is_numbered = split_entries(lines)
    found: list[tuple[Reference, Text]] = []
    used: set[str] = set()
    for entry in entries:
        text = assemble(entry, words, frames, citing=False)
        match = _NUMBER.match(text.text) if is_numbered else None
        body = text.text[match.end() :] if match else text.text
        reference = parse_reference(body, match[1] if match else None)
        key = reference.key
        while reference.key in used:  # "Smith 2010a", "Smith 2010b"
            reference = parse_reference(body, key + chr(ord("a") + sum(k.startswith(key) for k in used)))
        used.add(reference.key)
        found.append((reference, text))
    return found


_AUTHOR = re.compile(r"([A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+)*),? (?:[A-ZÀ-Þ]{1,4}\b|(?:[A-ZÀ-Þ]\.[ -]?){1,4})")
_AUTHOR_FIRST = re.compile(r"(?:^|[,;] |\band )(?:[A-ZÀ-Þ]\.[ -]?){1,4} ?([A-ZÀ-Þ][\w'’-]+)")


def parse_reference(text: str, key: str | None) -> Reference:
    """What one entry says; unknown parts are None."""
    years = re.findall(r"(?<![\d–-])(19[4-9]\d|20[0-4]\d)(?![\d])", text)
    bracketed = re.search(r"\(((?:19|20)\d\d)[a-z]?\)", text)
    year = int(bracketed[1]) if bracketed else (int(years[0]) if years else None)
    head = re.split(r"(?<=[a-z)])\. |: |\(\d{4}|“", text, maxsplit=1)[0][:400]
    authors = (
        _AUTHOR_FIRST.findall(head)
        if re.match(r"(?:[A-ZÀ-Þ]\.[ -]?){1,4} ?[A-ZÀ-Þ][a-z]", text)
        else _AUTHOR.findall(head)
    )
    first = authors[0] if authors else text.split(" ", 1)[0].strip(",.")
    return Reference(
        key=key or (f"{first} {year}" if year else first),
        text=text,
        authors=tuple(dict.fromkeys(authors)),
        year=year,
        title=_title(text, authors),
        doi=find_doi(re.sub(r"(doi\.org/|doi:) ", r"\1", text)),
        pmid=find_pmid(text),
    )


def _title(text: str, authors: Sequence[str]) -> str | None:
    """The sentence after the authors, if it can be told apart."""
    if not authors:
        return None
    at = text.find(authors[-1]) + len(authors[-1])
    rest = re.sub(
        r"^[^.:”“]{0,40}?(?:[.:,]|\(\d{4}\w?\)[.,:]?)\s*(?:et al\.?:?\s*)?(?:\(?\d{4}\w?\)?[.,:]?\s*)?", "", text[at:]
    ).lstrip('“" ')
    match = re.match(r"(.{15,300}?)(?:[.?!”](?:\s|$)|, ”)", rest)
    return match[1].strip(" ,“”") if match else None
