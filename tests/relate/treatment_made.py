"""Annotated papers about treatments, made by hand: invented sentences, drugs by name, the rest by the pure taggers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import ArticleType, Document, Part, Passage, Reference, Section, Source, Span
from pipeline.evidence import Annotated, Arm, Concept, Label, Mention
from pipeline.relate.arms import find_study_arms
from pipeline.relate.frame import study_frame
from pipeline.tag.arm import find_arms
from pipeline.tag.dose import find_doses
from pipeline.tag.population import find_populations
from pipeline.tag.schedule import find_schedules
from pipeline.tag.sentences import find_sentences
from pipeline.tag.statistic import find_statistics

DRUGS = {
    "tacrolimus": "UNII:WM0HAQ4WNM",
    "cyclosporine": "UNII:83HN0GTJ6D",
    "CsA": "UNII:83HN0GTJ6D",
    "mycophenolate mofetil": "UNII:9242ECW6R0",
    "MMF": "UNII:9242ECW6R0",
    "prednisolone": "UNII:9PHQ9Y1OLM",
    "prednisone": "UNII:VB0R961HZT",
    "steroids": "MESH:D000305",
    "corticosteroids": "MESH:D000305",
    "rituximab": "UNII:4F4X42SYQ6",
    "cyclophosphamide": "UNII:8N3DW7272P",
    "azathioprine": "UNII:MRK240IY2L",
    "enalapril": "UNII:69PN84IO1A",
    "losartan": "UNII:JMS50MPO89",
    "basiliximab": "UNII:9927MT646M",
    "placebo": None,
}
NAMES = {"CsA": "cyclosporine", "MMF": "mycophenolate mofetil", "steroids": "corticosteroid"}
NAMES["corticosteroids"] = "corticosteroid"

Part_ = tuple[Section | None, str]


def paper(
    *parts: Part_,
    title: str = "A study of kidney disease.",
    part: Part = Part.ABSTRACT,
    headings: Sequence[str] = (),
    references: tuple[Reference, ...] = (),
    article_type: ArticleType = ArticleType.RESEARCH,
) -> Annotated:
    """A title and passages of running text, tagged."""
    passages = [Passage(0, Part.TITLE, title)]
    for number, (section, text) in enumerate(parts, 1):
        heading = headings[number - 1] if number <= len(headings) else None
        passages.append(Passage(number, part, text, section, heading=heading))
    document = Document(
        Source("made.txt", "text", "0" * 64),
        tuple(passages),
        title=title,
        references=references,
        article_type=article_type,
    )
    mentions = [mention for passage in passages for mention in _mentions(passage)]
    sentences: tuple[tuple[Span, ...], ...] = tuple(tuple(find_sentences(passage.text)) for passage in passages)
    ordered = sorted(mentions, key=lambda one: (one.passage, one.start, -one.end, one.label))
    return Annotated(document, sentences, {}, tuple(ordered))


def _mentions(passage: Passage) -> list[Mention]:
    text, found = passage.text, []
    for finder in (find_doses, find_arms, find_populations, find_schedules):
        for one in finder(text):
            words = text[one.start : one.end]
            found.append(Mention(passage.ordinal, one.label, one.start, one.end, words, "made", dose=one.dose))
    for one in find_statistics(text):
        words = text[one.start : one.end]
        found.append(Mention(passage.ordinal, one.label, one.start, one.end, words, "made", statistic=one.statistic))
    names = "|".join(sorted(DRUGS, key=len, reverse=True))
    for match in re.finditer(rf"(?<![A-Za-z])(?:{names})(?![A-Za-z])", text, re.IGNORECASE):
        word = next(name for name in DRUGS if name.lower() == match.group().lower())
        concept = Concept(DRUGS[word], NAMES.get(word, word), None)
        found.append(
            Mention(passage.ordinal, Label.DRUG, match.start(), match.end(), match.group(), "made", concept=concept)
        )
    return found


def arms_of(annotated: Annotated) -> tuple[Arm, ...]:
    """The arms of a paper, with its own frame."""
    return find_study_arms(annotated, study_frame(annotated))
