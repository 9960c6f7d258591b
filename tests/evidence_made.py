"""A small paper made by hand, for tests of the database and of what reads it. All sentences are invented."""

from __future__ import annotations

import hashlib

from pipeline.document import Box, Document, Part, Passage, Section, Source, SourceMap, Span, TextBox
from pipeline.evidence import (
    Annotated,
    Arm,
    Comparison,
    Concept,
    Direction,
    Dose,
    DrugUse,
    Label,
    Measure,
    Mention,
    PaperEvidence,
    Quote,
    Result,
    Role,
    StudyFrame,
)

TITLE = "Voclosporin or placebo in minimal change disease"
TEXT = (
    "Remission was seen in 8 of 10 patients (80%) given voclosporin 0.5 mg/kg twice daily and in 3 of 10 (30%) given"
    " placebo (P = 0.02)."
)
DRUG = Concept("UNII:2PN063X6B1", "voclosporin", "UNII")
OUTCOME = Concept(None, "remission", None)


def quote(words: str = TEXT, passage: int = 1) -> Quote:
    """A quote of the abstract (or of the title, passage 0)."""
    text = (TITLE, TEXT)[passage]
    start = text.index(words)
    return Quote(passage, start, start + len(words), words)


def mention(label: Label, words: str, **fields: object) -> Mention:
    """A mention in the abstract."""
    found = quote(words)
    return Mention(1, label, found.start, found.end, words, "test", **fields)  # type: ignore[arg-type]


def document(
    *,
    name: str = "made.txt",
    format: str = "text",
    extra: str = "",
    with_boxes: bool = False,
    **ids: object,
) -> Document:
    """The paper as read; `extra` adds a body passage, `with_boxes` puts every word on page 3."""
    passages = [_passage(0, Part.TITLE, TITLE, 0, with_boxes), _passage(1, Part.ABSTRACT, TEXT, 100, with_boxes)]
    if extra:
        passages.append(_passage(2, Part.BODY, extra, 500, with_boxes))
    sha256 = hashlib.sha256(f"{name}{extra}".encode()).hexdigest()
    fields = {"doi": "10.5555/Made.1", "title": TITLE, "year": 2021, **ids}
    return Document(Source(name, format, sha256), tuple(passages), **fields)  # type: ignore[arg-type]


def _passage(ordinal: int, part: Part, text: str, offset: int, with_boxes: bool) -> Passage:
    section = Section.RESULTS if part is Part.ABSTRACT else None
    if not with_boxes:
        mapping = SourceMap.identity(len(text), offset)
        return Passage(ordinal, part, text, section=section, source_map=mapping)
    boxes, position = [], 0
    for word in text.split():
        start = text.index(word, position)
        position = start + len(word)
        boxes.append(TextBox(start, position, Box(3, 10.0 + start, 50.0, 9.0 + position, 60.0)))
    return Passage(ordinal, part, text, section=section, page=3, boxes=tuple(boxes))


def evidence(**fields: object) -> PaperEvidence:
    """Two arms, one result each, one comparison. Keywords go to `document`."""
    paper = document(**fields)  # type: ignore[arg-type]
    sentences = tuple((Span(0, len(p.text)),) for p in paper.passages)
    mentions = (
        mention(Label.OUTCOME, "Remission", concept=OUTCOME),
        mention(Label.DRUG, "voclosporin", concept=DRUG),
        mention(Label.DOSE, "0.5 mg/kg", dose=_dose()),
    )
    use = DrugUse("voclosporin", DRUG.id, _dose(), frequency="twice daily", quote=quote("voclosporin 0.5 mg/kg"))
    arms = (
        Arm("A1", "voclosporin", Role.INTERVENTION, (use,), 10, histology=("minimal change disease",), quote=quote()),
        Arm("A2", "placebo", Role.COMPARATOR, (DrugUse("placebo"),), 10, quote=quote()),
    )
    results = (
        _result("8 of 10 patients (80%)", "A1", 8, 80.0, more_quotes=(quote("voclosporin", 1),)),
        _result("3 of 10 (30%)", "A2", 3, 30.0),
    )
    comparison = Comparison(
        "Remission",
        quote(),
        "A1",
        "A2",
        OUTCOME,
        p_operator="=",
        p_value=0.02,
        direction=Direction.INCREASED,
        confidence=0.9,
    )
    frame = StudyFrame("randomised controlled trial", 20, "adults", histology=("minimal change disease",))
    annotated = Annotated(paper, sentences, {"VCS": "voclosporin"}, mentions)
    return PaperEvidence(annotated, frame, arms, results, (comparison,))


def _dose() -> Dose:
    return Dose("0.5 mg/kg", 0.5, unit="mg/kg")


def _result(text: str, arm: str, events: float, percent: float, **fields: object) -> Result:
    return Result(
        "Remission",
        quote(),
        text,
        arm,
        OUTCOME,
        Measure.PROPORTION,
        events=events,
        total=10.0,
        percent=percent,
        **fields,  # type: ignore[arg-type]
    )
