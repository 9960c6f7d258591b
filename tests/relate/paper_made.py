"""Annotated papers made by hand: invented sentences, mentions by their words, arms by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Document, Part, Passage, Section, Source, Span
from pipeline.evidence import Annotated, Comparison, Label, Mention, Result
from pipeline.relate.attribution import Attributor
from pipeline.relate.comparisons import ComparisonFinder
from pipeline.relate.contrast_arms import ContrastArms
from pipeline.relate.results import Group, find_results
from pipeline.relate.sentence import sentences_of
from pipeline.relate.view import SentenceView, sentence_views
from pipeline.tag.sentences import find_sentences
from pipeline.tag.statistic import find_statistics
from pipeline.tag.timepoint import find_timepoints

OUTCOMES = (
    "complete remission",
    "partial remission",
    "remission",
    "relapse",
    "relapse rate",
    "serum albumin",
    "serum creatinine",
    "proteinuria",
    "GFR",
    "blood pressure",
    "infections",
    "cholesterol",
    "renal function",
    "oedema",
    "acute rejection",
    "primary end point",
    "steroid dose",
)


@dataclass(frozen=True)
class Hit:
    arm_id: str
    start: int
    end: int


class Names:
    """Points from words to arms: `{"the drug group": ("A1",), "both groups": ("A1", "A2")}`."""

    def __init__(self, annotated: Annotated, names: Mapping[str, Sequence[str]], default: Sequence[str] = ()) -> None:
        self._annotated, self._names, self._default = annotated, names, tuple(default)

    def arms_in(self, passage: int, start: int, end: int) -> list[Hit]:
        text = self._annotated.document.passages[passage].text[start:end]
        hits: list[Hit] = []
        for name in sorted(self._names, key=len, reverse=True):
            for match in re.finditer(rf"\b{re.escape(name)}\b", text):
                low, high = start + match.start(), start + match.end()
                if not any(hit.start < high and low < hit.end for hit in hits):
                    hits += [Hit(arm_id, low, high) for arm_id in self._names[name]]
        return sorted(hits, key=lambda hit: hit.start)

    def default_for(self, passage: int, position: int) -> tuple[str, ...]:
        return self._default

    def sides(self) -> tuple[str, ...]:
        return tuple(sorted({arm_id for arms in self._names.values() for arm_id in arms}))

    def off_treatment(self, view: SentenceView, start: int, end: int) -> str | None:
        return None

    def order_before(self, view: SentenceView) -> tuple[str, str] | None:
        return None


def paper(text: str, section: Section | None = Section.RESULTS, outcomes: Sequence[str] = OUTCOMES) -> Annotated:
    """A one-passage abstract whose outcomes are the given words."""
    mentions = [
        Mention(
            0, found.label, found.start, found.end, text[found.start : found.end], "made", statistic=found.statistic
        )
        for found in (*find_statistics(text), *find_timepoints(text))
    ]
    taken: list[tuple[int, int]] = []
    for words in sorted(outcomes, key=len, reverse=True):
        for match in re.finditer(rf"\b{re.escape(words)}\b", text, re.IGNORECASE):
            if not any(low < match.end() and match.start() < high for low, high in taken):
                taken.append(match.span())
                mentions.append(Mention(0, Label.OUTCOME, match.start(), match.end(), match.group(), "made"))
    mentions.sort(key=lambda one: (one.passage, one.start, -one.end, one.label))
    document = Document(Source("made.txt", "text", "0" * 64), (Passage(0, Part.ABSTRACT, text, section),))
    sentences: tuple[tuple[Span, ...], ...] = (tuple(find_sentences(text)),)
    return Annotated(document, sentences, {}, tuple(mentions))


def views_of(annotated: Annotated) -> tuple[SentenceView, ...]:
    return sentence_views(annotated)


def attributor_of(annotated: Annotated) -> Attributor:
    return Attributor(annotated)


def results_of(annotated: Annotated, names: Names, group: Group | None = None) -> list[Result]:
    return find_results(sentences_of(views_of(annotated), names), names, attributor_of(annotated), group)


def comparisons_of(annotated: Annotated, arms: ContrastArms) -> list[Comparison]:
    return ComparisonFinder(arms, attributor_of(annotated)).find(sentences_of(views_of(annotated), arms.resolver))


TWO_ARMS = {
    "drug group": ("A1",),
    "control group": ("A2",),
    "drug": ("A1",),
    "controls": ("A2",),
    "placebo": ("A2",),
    "both groups": ("A1", "A2"),
}
