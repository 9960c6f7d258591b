"""Abbreviation pairs scored on the Ab3P corpus (MED1250): `SF|LF` lines under each abstract."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.errors import UnknownFormat
from pipeline.evaluate.score import Scores

Pairs = set[tuple[str, str]]
Finder = Callable[[str], Iterable[tuple[str, str]]]


def read_med1250(path: Path) -> list[tuple[str, Pairs]]:
    """(text, gold pairs) per record: number, title, abstract, then pair lines that two blanks indent.

    A record begins with a line of digits after a blank line (abstracts may hold blank lines too). Lines that begin with
    `//` are comments; what follows a second `|` is ignored.

    Raises:
        UnknownFormat: the file does not look like that.
    """
    records: list[tuple[list[str], Pairs]] = []
    before = ""
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        cells = line.split("|")
        if line.strip().isdigit() and not before.strip():
            records.append(([], set()))
        elif records and line.startswith("  ") and len(cells) >= 2:
            records[-1][1].add((cells[0].strip(), cells[1].strip()))
        elif records and not line.startswith("//"):
            records[-1][0].append(line)
        before = line
    if not records:
        raise UnknownFormat(
            f"{path} is not MED1250.", what_to_do="Expected: number, title, abstract, indented SF|LF lines."
        )
    return [("\n".join(lines).strip(), pairs) for lines, pairs in records]


def _key(pair: tuple[str, str]) -> tuple[str, str]:
    short, long = (" ".join(part.split()) for part in pair)
    return short, long.lower()


def score_abbreviations(records: Iterable[tuple[str, Pairs]], finder: Finder) -> Scores:
    """Pairs are compared per record with blanks joined and the long form's case ignored."""
    scores = Scores()
    for text, gold in records:
        scores.add(
            [(_key(pair), "ABBREVIATION") for pair in gold], [(_key(pair), "ABBREVIATION") for pair in finder(text)]
        )
    return scores
