"""What a text tagger returns before its finds become mentions.

Taggers that need only text are pure functions `find_…(text) -> list[Found]`; `tag/components.py` wraps each as a spaCy
component that writes `doc.spans[LABEL]`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.evidence import Dose, Label, Statistic


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled span of a passage's text with its parsed payload, half-open code-point offsets."""

    label: Label
    start: int
    end: int
    confidence: float = 1.0
    dose: Dose | None = None
    statistic: Statistic | None = None
