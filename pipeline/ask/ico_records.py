"""Records of `evidence ico`: the question, a printed value with its place, a pair of values, a pair of group sizes.

Place in the flow: shared by the files `ico_*`; the answer itself is in `ico`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.relate.table_values import CellValue


@dataclass(frozen=True, slots=True)
class Question:
    """Intervention, comparator and outcome in a reviewer's words."""

    intervention: str
    comparator: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: a span of a passage's text, and for a table cell its headers."""

    passage: int
    start: int
    end: int
    text: str
    row_headers: tuple[str, ...] = ()
    column_headers: tuple[str, ...] = ()
    xpath: str | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """One group's value. `size` is the n that its own headers print, `size_place` that header."""

    value: CellValue
    place: Place
    size: float | None = None
    size_place: Place | None = None


@dataclass(slots=True)
class Pair:
    """Two values that may be the answer. `table` is the table's number, None for a sentence; `words` its headers."""

    intervention: Printed
    comparator: Printed
    table: int | None
    words: str
    features: dict[str, float] = field(default_factory=dict)
    score: float = 0.0


@dataclass(slots=True)
class Sizes:
    """Two group sizes that may be the answer, and where they stand."""

    intervention: float
    comparator: float
    places: tuple[Place | None, Place | None]
    features: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    derived: str | None = None  # how a size that is not printed as such was computed
