"""The extractors as spaCy components, and the only list of them.

Place in the flow: `config.cfg` names the components, this file registers a factory for each, `load_tagger` joins the
two. An extractor is a pure function `find_…(text) -> list[Found]` in a file of its own; a line in `EXTRACTORS` makes it
a component that writes `doc.spans[LABEL]` and nothing else (no objects in `doc._`, so `n_process` and `DocBin` work).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.evidence import Label
from pipeline.tag import model_heads  # noqa: F401  (registers "evidence_model")
from pipeline.tag.arm import find_arms
from pipeline.tag.assertion import find_scopes
from pipeline.tag.condition import find_conditions
from pipeline.tag.dose import find_doses
from pipeline.tag.drug import find_drugs
from pipeline.tag.found import Found
from pipeline.tag.histology import find_histologies
from pipeline.tag.outcome import find_outcomes
from pipeline.tag.population import find_populations
from pipeline.tag.schedule import find_schedules
from pipeline.tag.sentences import find_sentences
from pipeline.tag.spans import read_ranges, text_of, write_finds, write_ranges
from pipeline.tag.statistic import find_statistics
from pipeline.tag.timepoint import find_timepoints

Finder = Callable[[str], list[Found]]

# factory name -> finder, labels it may write
EXTRACTORS: dict[str, tuple[Finder, tuple[Label, ...]]] = {
    "evidence_drug": (find_drugs, (Label.DRUG,)),
    "evidence_dose": (find_doses, (Label.DOSE,)),
    "evidence_histology": (find_histologies, (Label.HISTOLOGY,)),
    "evidence_condition": (find_conditions, (Label.CONDITION,)),
    "evidence_outcome": (find_outcomes, (Label.OUTCOME,)),
    "evidence_statistic": (find_statistics, (Label.STATISTIC,)),
    "evidence_timepoint": (find_timepoints, (Label.TIMEPOINT,)),
    "evidence_population": (find_populations, (Label.POPULATION,)),
    "evidence_arm": (find_arms, (Label.ARM,)),
    "evidence_schedule": (find_schedules, (Label.FREQUENCY, Label.ROUTE, Label.DURATION)),
}


class SentenceComponent:
    """Sets sentence starts on tokens, and exact sentence offsets in `doc.spans["SENTENCE"]`."""

    def __call__(self, doc: Doc) -> Doc:
        sentences = find_sentences(text_of(doc), lines=bool(doc.user_data.get("lines")))
        write_ranges(doc, "SENTENCE", [(one.start, one.end) for one in sentences])
        # Only the starts: setting the other tokens makes spaCy look for a parse each time.
        for span in doc.spans["SENTENCE"]:
            span[0].is_sent_start = True
        return doc


class AssertionComponent:
    """Writes the scopes of negation and hypothesis of every sentence."""

    def __call__(self, doc: Doc) -> Doc:
        found: dict[str, list[tuple[int, int]]] = {"NEGATED": [], "HYPOTHETICAL": []}
        text = text_of(doc)
        for start, end in read_ranges(doc, "SENTENCE"):
            for status, low, high in find_scopes(text[start:end]):
                found[status].append((start + low, start + high))
        for status, ranges in found.items():
            write_ranges(doc, status, ranges)
        return doc


class ExtractorComponent:
    """Runs one pure finder and writes its finds, a span group per label."""

    def __init__(self, name: str, finder: Finder, labels: Iterable[Label]) -> None:
        self.name = name
        self.finder = finder
        self.labels = tuple(labels)

    def __call__(self, doc: Doc) -> Doc:
        found = self.finder(text_of(doc))
        for label in self.labels:
            write_finds(doc, label.value, [one for one in found if one.label is label], extractor=self.name)
        return doc


def _register(name: str) -> None:
    finder, labels = EXTRACTORS[name]

    def create(nlp: Language, name: str) -> ExtractorComponent:
        return ExtractorComponent(name, finder, labels)

    Language.factory(name, assigns=["doc.spans"], func=create)


def _create_sentences(nlp: Language, name: str) -> SentenceComponent:
    return SentenceComponent()


def _create_assertion(nlp: Language, name: str) -> AssertionComponent:
    return AssertionComponent()


Language.factory("evidence_assertion", requires=["doc.spans"], assigns=["doc.spans"], func=_create_assertion)
Language.factory("evidence_sentences", assigns=["token.is_sent_start", "doc.spans"], func=_create_sentences)
for _name in EXTRACTORS:
    _register(_name)
