"""Running heads, page numbers, line numbers and download notices: what stands on pages and belongs to no text.

Place in the flow: between words and blocks; what is found here becomes one metadata passage and counts as read.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

from pipeline.read.pdf_chars import PageWords, Word
from pipeline.read.pdf_layout import Line

_NOTICE = re.compile(
    r"^(?:downloaded (?:from|by|on)\b|©|copyright\b|\(c\) ?\d{4}|this article is protected by copyright"
    r"|for personal use only|all rights reserved|author manuscript|accepted manuscript|page \d+ of \d+$|\d+ of \d+$"
    r"|(?:hal|inserm|hal author manuscript)[ -]|unauthori[sz]ed reproduction|no other uses without permission"
    r"|see discussions, stats|protected by copyright)",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"^(?:page )?[A-Z]?\d{1,5}(?: ?(?:of|/) ?\d{1,4})?$|^[ivxl]{1,6}$", re.IGNORECASE)
_CAPTION = re.compile(r"^(?:table|fig(?:ure)?s?)\b\.?\s*\w{1,3}\b", re.IGNORECASE)
_MARGIN = 0.13  # share of the page's height in which running heads and feet stand


def drop_line_numbers(words: list[Word]) -> tuple[list[Word], int]:
    """Words without the line numbers of a manuscript: whole numbers that rise down one margin."""
    numbers = [word for word in words if word.text.isdigit() and len(word.text) <= 4 and not word.glued]
    column: list[Word] = []
    for side in ("x1", "x0"):  # set flush right as a rule, else flush left
        edges = Counter(round(getattr(word, side)) for word in numbers)
        if not edges:
            return words, 0
        edge = max(edges.items(), key=lambda item: (item[1], -item[0]))[0]
        aligned = [word for word in numbers if abs(getattr(word, side) - edge) <= 1.5]
        column = max(column, sorted(aligned, key=lambda word: word.base), key=len)
    values = [int(word.text) for word in column]
    steps = {after - before for before, after in itertools.pairwise(values)}
    if len(column) < 12 or not steps <= {1, 5}:
        return words, 0
    gone = set(map(id, column))
    others = [word for word in words if id(word) not in gone]
    if not others:
        return words, 0
    outside = min(w.x0 for w in others) > max(w.x1 for w in column) - 1 or max(w.x1 for w in others) < min(
        w.x0 for w in column
    )
    if not outside:
        return words, 0
    return others, len(column)


def mark_furniture(pages: list[PageWords], lines: list[list[Line]]) -> list[set[int]]:
    """For each page the indices of its furniture lines.

    A line is furniture if it stands at an edge of the page and the same text (numbers aside) stands at the same edge of
    another page, or if it is a page number or a notice there.
    """
    seen: Counter[tuple[str, str]] = Counter()
    heights: dict[tuple[str, str], list[float]] = {}
    for page, page_lines in zip(pages, lines, strict=True):
        keys = {(zone, _masked(line.text)): line.base for line in page_lines if (zone := _zone(line, page))}
        for key, base in keys.items():
            seen[key] += 1
            heights.setdefault(key, []).append(base)
    repeated = {key for key, count in seen.items() if count >= 2 and _steady(heights[key])}
    return [_page_furniture(page, page_lines, repeated) for page, page_lines in zip(pages, lines, strict=True)]


def _steady(bases: list[float]) -> bool:
    """Whether a text stands at the same height on at least two pages."""
    ranked = sorted(bases)
    return any(after - before < 4 for before, after in itertools.pairwise(ranked))


def _zone(line: Line, page: PageWords) -> str | None:
    if line.base < _MARGIN * page.height:
        return "head"
    return "foot" if line.base > (1 - _MARGIN) * page.height else None


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _page_furniture(page: PageWords, lines: list[Line], repeated: set[tuple[str, str]]) -> set[int]:
    found: set[int] = set()
    for zone, ranked in (
        ("head", sorted(range(len(lines)), key=lambda i: lines[i].base)),
        ("foot", sorted(range(len(lines)), key=lambda i: -lines[i].base)),
    ):
        edge: float | None = None  # the row that is looked at
        any_in_row = first = True
        for index in ranked:
            line = lines[index]
            if _zone(line, page) != zone:
                break
            if edge is None or abs(line.base - edge) >= 4:
                if not any_in_row:  # furniture stands outermost: a row without any ends it
                    break
                any_in_row, first = False, edge is None
                edge = line.base
            text = line.text.strip()
            if _CAPTION.match(text):  # "Table 2" at the top of two pages is no running head
                continue
            if (zone, _masked(text)) in repeated or _NOTICE.match(text) or (first and _PAGE_NUMBER.match(text)):
                found.add(index)
                any_in_row = True
    return found
