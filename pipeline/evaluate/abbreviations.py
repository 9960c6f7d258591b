"""Abbreviation pairs scored on the Ab3P corpus (MED1250): `SF|LF` lines under each abstract."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.errors import UnknownFormat
from pipeline.evaluate.score import Scores

Pairs = set[tuple[str, str]]
Finder = Callable[[str], Iterable[tuple[str, str]]]


def read_med1250(path: Path) -> list[tuple[str, Pairs]]:
    """(text, gold pairs) per record. Records are separated by blank lines: number, title, abstract, then pairs.

    Pair lines are indented by two blanks; what follows a second `|` (a confidence, a comment) is ignored.

    Raises:
        UnknownFormat: the file does not look like that.
    """
    records: list[tuple[str, Pairs]] = []
    for block in re.split(r"\n[ \t]*\n", path.read_text(encoding="utf-8", errors="replace")):
        lines = block.strip("\n").split("\n")
        if len(lines) < 2 or not lines[0].strip().isdigit():
            continue
        pairs = {
            (cells[0].strip(), cells[1].strip())
            for line in lines[1:]
            if line.startswith("  ") and len(cells := line.split("|")) >= 2
        }
        text = "\n".join(line for line in lines[1:] if not (line.startswith("  ") and "|" in line))
        records.append((text, pairs))
    if not records:
        raise UnknownFormat(
            f"{path} is not MED1250.", what_to_do="Expected: number, title, abstract, indented SF|LF lines."
        )
    return records


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
