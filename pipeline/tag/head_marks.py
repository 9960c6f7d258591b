"""The trained heads' spans as the ranker of mentions reads them: coarse, so that no rounding shows.

Place in the flow: `model_heads.py` writes `doc.user_data["marks"]` through it, `convert.py` hands them to `rank.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from pipeline.model.tagger import Find

# (head, label) -> name of the mark
MARKS = {
    ("outcomes", "OUTCOME"): "outcomes",
    ("bc5cdr", "DISEASE"): "bc5cdr",
    ("bc5cdr", "CHEMICAL"): "chemical",
    ("ncbi", "DISEASE"): "ncbi",
    ("phee", "EFFECT"): "effect",
    ("phee", "DISORDER"): "disorder",
    ("phee", "DRUG"): "given",
}
HEADS = frozenset(head for head, _ in MARKS)
_STEPS = 5  # a chance is read in fifths

Mark = tuple[str, int, int, int]
"""Name, start and end in the passage, chance in fifths."""


def is_ranked(doc: Doc) -> bool:
    """Whether the ranker chooses in this passage."""
    return bool(doc.user_data.get("ranked"))


def marks_of(words: Sequence[str], starts: Sequence[int], found: Mapping[str, Sequence[Find]]) -> list[Mark]:
    """The heads' finds at their offsets in the passage."""
    return [
        (
            MARKS[head, find.label],
            starts[find.start],
            starts[find.end - 1] + len(words[find.end - 1]),
            _step(find.score),
        )
        for head in sorted(HEADS)
        for find in found[head]
        if (head, find.label) in MARKS
    ]


def is_between_steps(find: Find, head: str, slack: float) -> bool:
    """Whether a change of the chance by `slack` could change its fifth."""
    return (head, find.label) in MARKS and _step(find.score - slack) != _step(find.score + slack)


def _step(chance: float) -> int:
    return round(chance * _STEPS)
