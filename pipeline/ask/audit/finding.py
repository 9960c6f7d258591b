"""What a check says, and the arithmetic that checks share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from pipeline.store import Store

Value = str | int | float | None  # the views hold no blobs
Row = dict[str, Value]

NUMBER = r"\d+(?:[.,·]\d+)?"


class Severity(StrEnum):
    """How sure it is that something is wrong."""

    ERROR = "error"  # cannot be: 12 of 10 patients
    WARNING = "warning"  # can hardly be meant: a dose far outside the usual
    NOTE = "note"  # worth a look


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement. `row_id` is the row it is about, None where it is about a sentence or the study."""

    paper: str
    check: str
    severity: Severity
    row_id: str | None
    quote: str
    explanation: str
    page: int | None = None


def rows_of(store: Store, sql: str, paper: str) -> Iterator[Row]:
    """Rows of a SELECT with the paper_id as its only parameter."""
    return cast(Iterator[Row], store.rows(sql, (paper,)))


def number(value: Value) -> float | None:
    """A stored number, None for NULL."""
    return float(value) if isinstance(value, int | float) else None


def page_of(row: Row) -> int | None:
    """The page of a row."""
    page = row["page"]
    return page if isinstance(page, int) else None


def decimals(printed: str) -> int:
    """Digits after the point of a printed number.

    >>> [decimals(n) for n in ("12", "4.50", "0,5")]
    [0, 2, 1]
    """
    match = re.search(r"[.,·](\d+)", printed)
    return len(match[1]) if match else 0


def printed_decimals(text: str, value: float) -> int | None:
    """Digits after the point with which `text` prints `value`; None if it does not print it."""
    for match in re.finditer(NUMBER, text):
        if abs(float(re.sub("[,·]", ".", match[0])) - abs(value)) < 1e-9:
            return decimals(match[0])
    return None
