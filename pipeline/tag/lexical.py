"""Lexicon terms in a passage, one door for all extractors.

Place in the flow: between the extractors and `pipeline.link.scan`. The scans of the last passages are remembered,
because several extractors ask for the same label of the same text.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from pipeline.evidence import Concept, Label

Hit = tuple[int, int, Concept]


@lru_cache(maxsize=256)
def terms_in(text: str, label: Label) -> tuple[Hit, ...]:
    """Terms of the label's lexicon as `(start, end, concept)`, longest first from the left, without overlaps."""
    if find_spec("pipeline.link.scan") is None:
        return ()
    return tuple(import_module("pipeline.link.scan").scan(text, label))
