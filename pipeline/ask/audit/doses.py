"""Doses against the usual range of their drug (models/lexicon/dose_range.tsv, from labels and guidelines)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.ask.audit.finding import Finding, Row, Severity, number, page_of, rows_of
from pipeline.link.dose_ranges import DoseRange, dose_ranges
from pipeline.store import Store
from pipeline.units import convert

_TIMES = (
    (re.compile(r"\b(?:twice|two times|2\s?x|b\.?i\.?d)\b|12[\s-]?hourly|every 12", re.IGNORECASE), 2),
    (re.compile(r"\b(?:three times|thrice|3\s?x|t\.?i\.?d)\b|8[\s-]?hourly|every 8 ?h", re.IGNORECASE), 3),
    (re.compile(r"\b(?:four times|4\s?x|q\.?i\.?d)\b|6[\s-]?hourly|every 6 ?h", re.IGNORECASE), 4),
)
_DAILY = re.compile(r"\b(?:daily|once|day|nightly|morning|o\.?d)\b", re.IGNORECASE)


def findings(store: Store, paper: str) -> Iterator[Finding]:
    """Doses above every usual range of their drug, or below a tenth of all."""
    seen: set[tuple[object, object]] = set()
    for row in rows_of(store, "SELECT * FROM regimens WHERE paper_id = ? AND dose IS NOT NULL", paper):
        key = (row["drug"], row["dose"])
        explanation = None if key in seen else _explain(row)
        seen.add(key)
        if explanation:
            yield Finding(paper, "dose", Severity.WARNING, None, str(row["quote"]), explanation, page_of(row))


def _explain(row: Row) -> str | None:
    ranges = dose_ranges().get(str(row["drug_id"]), ())
    amounts = [number(row[name]) for name in ("dose_low", "dose_high")]
    unit = row["dose_unit"]
    values = [amount for amount in amounts if amount is not None]
    if not ranges or not values or not isinstance(unit, str):
        return None
    schedule = f"{row['dose']} {row['frequency'] or ''}"
    times = next((count for pattern, count in _TIMES if pattern.search(schedule)), 1)
    daily = row["dose_per"] == "d" or times > 1 or bool(_DAILY.search(schedule))
    verdicts = [
        verdict
        for usual in ranges
        if (verdict := _verdict(min(values), max(values), unit, times if daily else 1, usual)) is not None
    ]
    # One range that fits is enough: another route or indication explains the dose.
    if not verdicts or "" in verdicts:
        return None
    return f"{row['drug']} {row['dose']}: {verdicts[0]}"


def _verdict(low: float, high: float, unit: str, times: int, usual: DoseRange) -> str | None:
    """ "" if usual, None if not comparable, else why not."""
    plain = re.sub(r"/(?:d|wk|mo|a|\(24\.h\)|\{dose\})(?=/|$)", "", unit)
    least, most = convert(low, plain, usual.unit), convert(high * times, plain, usual.unit)
    if least is None or most is None:
        return None
    span = f"{usual.low:g} to {usual.high:g} {usual.unit} per {'day' if usual.per == 'd' else usual.per}"
    if most > usual.high * 1.0001:
        return f"usual is {span} ({usual.source})."
    if most < usual.low / 10:
        return f"a tenth of the usual {span} ({usual.source}) would be more."
    return ""
