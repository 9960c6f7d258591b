"""Whether the outcome was higher, lower or no different in the intervention, with the sentence that says so.

Place in the flow: beside `ico`; builds the article's text from a paper's passages, asks `relate.ico_direction`, and
brings its answer back to a place of a passage.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.ask.ico_paper import IcoPaper
from pipeline.ask.ico_records import Place, Question
from pipeline.document import Part, Passage
from pipeline.evidence import Direction
from pipeline.relate.ico_direction import decide
from pipeline.relate.ico_evidence import Article
from pipeline.relate.ico_evidence import Question as Asked

_HEADS = {Part.TITLE: "TITLE", Part.ABSTRACT: "ABSTRACT", Part.BODY: "BODY", Part.TABLE: "BODY.RESULTS"}


@dataclass(frozen=True, slots=True)
class Directed:
    """The direction of the outcome, its probability and the sentence or table row that says most."""

    direction: Direction
    confidence: float
    place: Place | None


def direction_of(paper: IcoPaper, question: Question) -> Directed | None:
    """The likeliest direction; None for a paper without text."""
    text, starts = _article(paper)
    if not starts:
        return None
    found = decide(Article(text), Asked(question.intervention, question.comparator, question.outcome))
    return Directed(found.direction, found.confidence, _place(paper, starts, found.start, found.end))


def _article(paper: IcoPaper) -> tuple[str, list[tuple[int, int]]]:
    """The text with headings, and where each passage starts in it: (offset, position of the passage)."""
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    at = 0
    for position, passage in enumerate(paper.passages):
        if passage.part not in _HEADS or not passage.text.strip():
            continue
        head = f"{_head(passage)}:\n"
        starts.append((at + len(head), position))
        body = passage.text.replace("\t", "\n") if passage.table is not None else passage.text
        parts.append(f"{head}{body}\n")
        at += len(parts[-1])
    return "".join(parts), starts


def _head(passage: Passage) -> str:
    name = _HEADS[passage.part]
    return f"{name}.{passage.section}".upper() if passage.section and "." not in name else name


def _place(paper: IcoPaper, starts: list[tuple[int, int]], low: int | None, high: int | None) -> Place | None:
    if low is None or high is None:
        return None
    offset, position = max((one for one in starts if one[0] <= low), default=(0, -1))
    text = paper.passages[position].text
    start, end = low - offset, min(high - offset, len(text))
    return Place(position, start, end, text[start:end]) if position >= 0 and start < end else None
