"""The border of the spaCy island: the only place where a spaCy object becomes a record.

Place in the flow: the last step of `tag`. Reads the span groups that the components wrote, settles what concerns the
document as a whole, links each mention to a concept, and returns an `Annotated`.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.document import Document, Passage, Span
from pipeline.evidence import Annotated, Assertion, Label, Mention
from pipeline.tag.found import Found
from pipeline.tag.spans import read_finds, read_ranges


def annotate(document: Document, docs: Sequence[Doc | None]) -> Annotated:
    """Turn the tagged docs of a document's passages into records.

    Args:
        document: the document.
        docs: one per passage in passage order, None for a passage that is not tagged.
    """
    sentences = tuple(
        tuple(Span(start, end) for start, end in read_ranges(doc, "SENTENCE")) if doc is not None else ()
        for doc in docs
    )
    mentions = []
    for passage, doc in zip(document.passages, docs, strict=True):
        if doc is not None:
            mentions.extend(_mentions_of(passage, doc))
    return Annotated(document=document, sentences=sentences, abbreviations={}, mentions=tuple(mentions))


def _mentions_of(passage: Passage, doc: Doc) -> list[Mention]:
    scopes = {
        Assertion.NEGATED: read_ranges(doc, "NEGATED"),
        Assertion.HYPOTHETICAL: read_ranges(doc, "HYPOTHETICAL"),
    }
    found: list[Mention] = []
    for label in Label:
        extractor, finds = read_finds(doc, label.value)
        found.extend(_mention(passage, find, extractor, scopes) for find in finds)
    return sorted(found, key=lambda one: (one.start, -one.end, one.label))


def _mention(passage: Passage, find: Found, extractor: str, scopes: dict[Assertion, list[tuple[int, int]]]) -> Mention:
    assertion = Assertion.PRESENT
    for status, ranges in scopes.items():
        if any(start <= find.start and find.end <= end for start, end in ranges):
            assertion = status
            break
    return Mention(
        passage=passage.ordinal,
        label=find.label,
        start=find.start,
        end=find.end,
        text=passage.text[find.start : find.end],
        extractor=extractor,
        confidence=find.confidence,
        assertion=assertion,
        dose=find.dose,
        statistic=find.statistic,
    )
