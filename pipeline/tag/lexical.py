"""Lexicon terms in a passage, one door for all extractors.

Place in the flow: between the extractors and `pipeline.link.scan`. The scans of the last passages are remembered,
because several extractors ask for the same label of the same text.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.evidence import Concept, Label
from pipeline.link.scan import scan

Hit = tuple[int, int, Concept]


@lru_cache(maxsize=256)
def terms_in(text: str, label: Label) -> tuple[Hit, ...]:
    """Terms of the label's lexicon as `(start, end, concept)`, longest first from the left, without overlaps."""
    return tuple(scan(text, label))
