"""Usual doses of common drugs, to flag what can hardly be meant ("rilmenidine 2 g daily").

Place in the flow: read by the auditor. The table `models/lexicon/dose_range.tsv` is written from labels and guidelines
with generous bounds: a dose outside is worth a look, never changed. Units are UCUM; `per` is "d", "wk" or "dose".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.link.lexicon import LexiconError
from pipeline.resources import lexicon_path


@dataclass(frozen=True, slots=True)
class DoseRange:
    """Lowest and highest usual dose of a drug by one route, in `unit` per `per`."""

    drug: str
    concept_id: str
    route: str
    unit: str
    low: float
    high: float
    per: str
    source: str


@cache
def dose_ranges() -> dict[str, tuple[DoseRange, ...]]:
    """Concept id → its ranges, one per route and unit.

    Raises:
        LexiconError: the table is damaged.
    """
    path = lexicon_path("dose_range")
    found: dict[str, tuple[DoseRange, ...]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        try:
            drug, concept_id, route, unit, low, high, per, source = line.split("\t")
            row = DoseRange(drug, concept_id, route, unit, float(low), float(high), per, source)
        except ValueError as error:
            raise LexiconError(f"{path}:{number}: not a dose range: {error}") from error
        found[concept_id] = (*found.get(concept_id, ()), row)
    return found
