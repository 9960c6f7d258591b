"""Checks of what the text prints twice: a value in conventional and in SI units, and the years of a study."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.ask.audit.finding import NUMBER, Finding, Severity, decimals, rows_of
from pipeline.store import Store
from pipeline.units import MOLAR_MASS, convert, parse_number, ucum_of

_UNIT = r"(?:mg|g|ng|[µμu]g|mmol|[µμu]mol|nmol|pmol)\s?/\s?(?:dL|mL|L)"
_PAIR = re.compile(
    rf"(?<![\d.,])({NUMBER})\s?({_UNIT})\s?(?:\(|\[|/|=)\s?({NUMBER})\s?({_UNIT})(?![\w/])", re.IGNORECASE
)
_CLOSE = 0.01  # factors in use differ by up to half a percent (88.4 or 88.5 for creatinine)
_PERIOD = re.compile(
    r"\b(?:between|from)\s+(?:[A-Z][a-z]+\s+)?(?:\d{1,2},?\s+)?((?:19|20)\d\d)\s+(?:and|to|until|through)\s+"
    r"(?:[A-Z][a-z]+\s+)?(?:\d{1,2},?\s+)?((?:19|20)\d\d)\b"
)


def findings(store: Store, paper: str) -> Iterator[Finding]:
    """Findings of the English passages of one paper, reference lists left out."""
    year = next((row["year"] for row in rows_of(store, "SELECT year FROM papers WHERE paper_id = ?", paper)), None)
    passages = rows_of(
        store,
        "SELECT text, section, page FROM passages WHERE paper_id = ? AND language = 'en' AND section NOT LIKE 'ref%'",
        paper,
    )
    seen: set[str] = set()
    for row in passages:
        text, page = str(row["text"]), row["page"] if isinstance(row["page"], int) else None
        for check, quote, explanation in (*_units(text), *_dates(text, year if isinstance(year, int) else None)):
            if quote not in seen:
                seen.add(quote)
                yield Finding(paper, check, Severity.WARNING, None, quote, explanation, page)


def _units(text: str) -> Iterator[tuple[str, str, str]]:
    for match in _PAIR.finditer(text):
        first, second = parse_number(match[1]), parse_number(match[3])
        left, right = _ucum(match[2]), _ucum(match[4])
        if first is None or second is None or left is None or right is None or left == right:
            continue
        substances = [name for name in MOLAR_MASS if name in text[max(0, match.start() - 400) : match.start()].lower()]
        values = [convert(first, left, right, substance=name) for name in substances or [""]]
        known = sorted({value for value in values if value}, key=lambda value: abs(value - second))
        places = decimals(match[3])
        if not known or any(_agree(value, second, places) for value in known):
            continue
        if abs(known[0] - second) > 0.5 * second:
            continue  # another substance, or two different values side by side
        yield (
            "units",
            match[0],
            f"{match[1]} {match[2]} is {known[0]:.{places + 1}f} {match[4]}, printed {match[3]}.",
        )


def _ucum(printed: str) -> str | None:
    base, _, below = re.sub(r"\s", "", printed).partition("/")
    unit = ucum_of(base, f"/{below}")
    return unit.text if unit else None


def _agree(value: float, printed: float, places: int) -> bool:
    return abs(round(value, places) - printed) < 1e-9 or abs(value - printed) <= _CLOSE * printed


def _dates(text: str, published: int | None) -> Iterator[tuple[str, str, str]]:
    for match in _PERIOD.finditer(text):
        start, end = int(match[1]), int(match[2])
        if start > end:
            yield "dates", match[0], f"The period ends ({end}) before it starts ({start})."
        elif published is not None and start > published:
            yield "dates", match[0], f"The period starts after the year of publication, {published}."
