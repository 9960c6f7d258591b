"""The record all corpus readers return: a text and its hand-made spans, one list per annotation guideline ("head")."""

from __future__ import annotations

from dataclasses import dataclass, field

Gold = tuple[int, int, str]
"""(start, end, label): half-open code-point offsets in the text."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One annotated text.

    Attributes:
        doc_id: the corpus' own name of the text; texts with one `doc_id` belong to one document.
        text: the text the offsets index.
        gold: spans per head; a head that is absent was not annotated here (its loss is masked).
        words: the corpus' own tokens where it is distributed tokenised (joined by single spaces in `text`).
    """

    doc_id: str
    text: str
    gold: dict[str, tuple[Gold, ...]] = field(default_factory=dict)
    words: tuple[str, ...] | None = None


def from_words(doc_id: str, words: list[str], spans: dict[str, list[Gold]]) -> Labelled:
    """A `Labelled` from tokens and token spans (start token, end token, label), half-open."""
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    gold = {
        head: tuple((starts[a], starts[b - 1] + len(words[b - 1]), label) for a, b, label in found)
        for head, found in spans.items()
    }
    return Labelled(doc_id, " ".join(words), gold, tuple(words))


def spans_of_tags(tags: list[str], *, begin_required: bool = True) -> list[Gold]:
    """Token spans of BIO tags; a stray `I-x` opens a span.

    Args:
        tags: `O`, `B-x`, `I-x`.
        begin_required: False for tag sets without `B-`, where adjacent equal tags are one span (EBM-NLP).
    """
    found: list[Gold] = []
    start, label = -1, ""
    for i, tag in enumerate([*tags, "O"]):
        kind, _, name = tag.partition("-")
        if start >= 0 and (kind == "O" or name != label or (kind == "B" and begin_required)):
            found.append((start, i, label))
            start = -1
        if kind != "O" and start < 0:
            start, label = i, name
    return found


def outermost(spans: list[Gold]) -> tuple[list[Gold], list[Gold]]:
    """Split into spans that overlap no longer one, and the rest."""
    outer: list[Gold] = []
    inner: list[Gold] = []
    for span in sorted(set(spans), key=lambda s: (s[0] - s[1], s)):
        (inner if any(a < span[1] and span[0] < b for a, b, _ in outer) else outer).append(span)
    return sorted(outer), sorted(inner)
