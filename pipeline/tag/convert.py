"""The border of the spaCy island: the only place where a spaCy object becomes a record.

Place in the flow: the last step of `tag`. Reads the span groups that the components wrote, lets `document_level.py`
settle what concerns the document as a whole, links each mention to a concept, and returns an `Annotated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from spacy.tokens import Doc

from pipeline.document import Document, Passage, Span
from pipeline.evidence import Annotated, Assertion, Concept, Label, Mention
from pipeline.link import Linker
from pipeline.tag.document_level import PassageFinds, settle, whole_outcomes
from pipeline.tag.found import Found
from pipeline.tag.model_heads import LINKED, PREFIX
from pipeline.tag.rank import rank
from pipeline.tag.rank_candidates import Seen, seen_passage
from pipeline.tag.spans import read_finds, read_ranges

_WORD = re.compile(r"[^\s()\[\],;]+")


def annotate(
    document: Document, docs: Sequence[Doc | None], *, abbreviations: Mapping[str, str], linker: Linker
) -> Annotated:
    """Turn the tagged docs of a document's passages into records.

    Args:
        document: the document.
        docs: one per passage in passage order, None for a passage that is not tagged.
        abbreviations: the document's short forms with their expanded long forms.
        linker: finds the concept of a mention.
    """
    tagged = [(passage, doc) for passage, doc in zip(document.passages, docs, strict=True) if doc is not None]
    settled, seen = seen_passages(tagged, abbreviations)
    for number, finds in zip(seen, rank(list(seen.values()), abbreviations), strict=True):
        # A chosen outcome inside the name of a disease that a finder knows is that disease ("delayed graft function").
        known = {**settled[number], Label.OUTCOME: finds[Label.OUTCOME]}
        settled[number] = {**settled[number], **finds, Label.OUTCOME: whole_outcomes(known)}
    concepts: dict[tuple[Label, str], Concept | None] = {}
    mentions: list[Mention] = []
    for (passage, doc), finds in zip(tagged, settled, strict=True):
        for group in finds.values():
            for one in group:
                name = (one.label, passage.text[one.start : one.end])
                if one.label in LINKED and name not in concepts:
                    concepts[name] = _link(linker, *name, abbreviations)
        mentions += _mentions_of(passage, doc, finds.values(), concepts)
    return Annotated(
        document=document,
        sentences=tuple(_sentences_of(doc) for doc in docs),
        abbreviations=dict(abbreviations),
        mentions=tuple(mentions),
    )


def seen_passages(
    tagged: Sequence[tuple[Passage, Doc]], abbreviations: Mapping[str, str]
) -> tuple[list[dict[Label, list[Found]]], dict[int, Seen]]:
    """The settled finds of these passages, and by number what the ranker reads where our own heads were run."""
    raw = [PassageFinds(passage.text, _finds_of(doc)) for passage, doc in tagged]
    settled = settle(raw, abbreviations)
    seen = {
        number: seen_passage(
            passage.text, settled[number], doc.user_data["marks"], str(passage.section or passage.part)
        )
        for number, (passage, doc) in enumerate(tagged)
        if "marks" in doc.user_data
    }
    return settled, seen


def _link(linker: Linker, label: Label, text: str, abbreviations: Mapping[str, str]) -> Concept | None:
    """Link a mention; what does not hang on this document's abbreviations is remembered for the next."""
    words = _WORD.findall(text)
    if text in abbreviations or any(w in abbreviations or w.removesuffix("s") in abbreviations for w in words):
        return linker.link(label, text, abbreviations)
    return _link_alone(linker, label, text)


@lru_cache(maxsize=20_000)
def _link_alone(linker: Linker, label: Label, text: str) -> Concept | None:
    return linker.link(label, text)


def _sentences_of(doc: Doc | None) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in read_ranges(doc, "SENTENCE")) if doc is not None else ()


def _finds_of(doc: Doc) -> dict[Label, list[Found]]:
    """The finders' finds, and those of the model where no finder of any of its labels found something."""
    finds = {label: read_finds(doc, label.value)[1] for label in Label}
    taken = [(one.start, one.end) for label in LINKED for one in finds[label]]
    for label in LINKED:
        for one in read_finds(doc, PREFIX + label.value)[1]:
            if not any(start < one.end and one.start < end for start, end in taken):
                finds[label].append(one)
    return finds


def _mentions_of(
    passage: Passage,
    doc: Doc,
    finds: Iterable[list[Found]],
    concepts: Mapping[tuple[Label, str], Concept | None],
) -> list[Mention]:
    scopes = {
        Assertion.NEGATED: read_ranges(doc, "NEGATED"),
        Assertion.HYPOTHETICAL: read_ranges(doc, "HYPOTHETICAL"),
    }
    found = [
        Mention(
            passage=passage.ordinal,
            label=one.label,
            start=one.start,
            end=one.end,
            text=passage.text[one.start : one.end],
            extractor=one.label.value.lower(),
            confidence=one.confidence,
            assertion=_status(one, scopes),
            dose=one.dose,
            statistic=one.statistic,
            concept=concepts.get((one.label, passage.text[one.start : one.end])),
        )
        for group in finds
        for one in group
    ]
    return sorted(found, key=lambda one: (one.start, -one.end, one.label))


def _status(find: Found, scopes: Mapping[Assertion, list[tuple[int, int]]]) -> Assertion:
    for status, ranges in scopes.items():
        if any(start <= find.start and find.end <= end for start, end in ranges):
            return status
    return Assertion.PRESENT
