"""The trained heads beside the finders: what only a model finds, and how far it agrees with what the finders found.

Place in the flow: a component of the tagging pipeline; `convert.py` joins its finds to those of the finders. Writes
`doc.spans["model:<LABEL>"]` with the calibrated chance of each find.

Our own model has one head per annotation guideline. A find counts if the leading head is sure enough and a second one
of another guideline marks the same span: each alone marks analytes as drugs and lesions as diseases. Thresholds were
set on texts apart from the gold. Of titles and abstracts all marks of the heads go on to the ranker of mentions
(`rank.py`), the outcome head's among them. Another spaCy pipeline contributes its `doc.ents` by label map.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.evidence import Label
from pipeline.model import load
from pipeline.model.loading import trained_tagger
from pipeline.model.tagger import Find, Tagger
from pipeline.model.tokenizer import split_words
from pipeline.tag import head_marks
from pipeline.tag.condition import trim_condition
from pipeline.tag.found import Found
from pipeline.tag.head_marks import is_between_steps, is_ranked, marks_of
from pipeline.tag.spans import text_of, write_finds

PREFIX = "model:"
LINKED = frozenset({Label.DRUG, Label.HISTOLOGY, Label.CONDITION, Label.OUTCOME})
"""What a model may find, and what is linked to a concept."""
_DECIMALS = 2  # of the chance that a find is right; more would only show how its sums were rounded
# How far the log odds of a find may move with the company in which a text is computed (measured on 16,590 finds of 300
# abstracts: at most 5.2e-6; the scores are summed in single precision).
_NOISE = 2e-5


@dataclass(frozen=True, slots=True)
class HeadRule:
    """`head` finds `label` where it is at least `least` sure and `second` marks the same span."""

    label: Label
    head: tuple[str, str]
    least: float
    second: tuple[str, str]


RULES = (
    HeadRule(Label.DRUG, ("bc5cdr", "CHEMICAL"), 0.7, ("phee", "DRUG")),
    HeadRule(Label.CONDITION, ("bc5cdr", "DISEASE"), 0.7, ("ncbi", "DISEASE")),
)
HEADS = tuple(sorted({pair[0] for rule in RULES for pair in (rule.head, rule.second)} | head_marks.HEADS))

# Labels of other pipelines' entities (scispaCy's BC5CDR model, common names) and what they are here.
LABELS = {
    "CHEMICAL": Label.DRUG,
    "DRUG": Label.DRUG,
    "SIMPLE_CHEMICAL": Label.DRUG,
    "DISEASE": Label.CONDITION,
    "CONDITION": Label.CONDITION,
    "PROBLEM": Label.CONDITION,
    "HISTOLOGY": Label.HISTOLOGY,
    "OUTCOME": Label.OUTCOME,
}
_FOREIGN = 0.5  # confidence of an entity whose pipeline gives none

# Chemicals of the body and of the laboratory: measured, not given.
_ANALYTE = re.compile(
    r"(?:serum |plasma |urinary |urine )?(?:angiotensin(?:[ -]i{1,3})?|bradykinin|histamine|renin|"
    r"aldosterone|cortisol|nacl|"
    r"salt|sodium|potassium|calcium|phosph\w+|magnesium|chloride|bicarbonate|urea|uric acid|urate|creatinine|glucose|"
    r"cholesterol|triglycerides?|lipids?|lipoproteins?|carbohydrates?|proteins?|albumin|h(?:a)?emoglobin|bilirubin|"
    r"sulfhydryl|nonsulfhydryl|pentosidine|nitric oxide|oxygen|water|c?gmp|c?amp|prostaglandins?|"
    r"leukotrienes?|thromboxane|"
    r"catecholamines?|(?:nor)?adrenalin|dopa|homocysteine|malondialdehyde|amino acids?|fatty acids?|"
    r"nitrogen|nucleotides?|"
    r"iothalamate|inulin|technetium\w*|para-amino\w*|steroid|bile acids?|collagen|heme|iron)",
    re.I,
)
_NAME = re.compile(r"[A-Za-z][A-Za-z -]{3,}")
# A lone adjective or an all-capital short form is no name: short forms get their label from their long form.
_NO_NAME = re.compile(r"[A-Z0-9-]{2,8}s?|[A-Za-z-]+(?:ic|al|ous|ive|ary|ing|ed|less)", re.S)
_VERDICT = re.compile(r"(?:well[- ])?(?:safe|safety|tolerated|tolerability|efficacious|effective|efficacy)", re.I)


class ModelComponent:
    """Runs a trained pipeline over the docs of the tagging pipeline."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.model = load(path, heads=HEADS) if path == "default" else load(path)
        ours = trained_tagger(self.model)
        self.tagger = ours.tagger if ours is not None else None

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Tag docs; docs with an equal `user_data["document"]` in one batch are read as one document."""
        stream = iter(docs)
        while batch := list(islice(stream, batch_size)):
            if self.tagger is not None:
                found = _by_heads(self.tagger, batch)
            else:
                found = [_finds_of_entities(doc) for doc in self.model.pipe(text_of(doc) for doc in batch)]
            for doc, finds in zip(batch, found, strict=True):
                _write(doc, finds)
                yield doc


def _by_heads(tagger: Tagger, docs: list[Doc]) -> list[list[Found]]:
    """What the heads agree on. They split the texts themselves: their tokens are finer than scispaCy's.

    Documents share a batch for speed, and the last bits of a sum depend on the batch. A document with a find so near to
    the edge of a decision that they could matter is computed again alone, so that no row hangs on its neighbours; not
    so where a finder found something: there the model is not read (`convert.py`).
    """
    split = [split_words(text_of(doc)) for doc in docs]
    documents = [int(doc.user_data.get("document", number)) for number, doc in enumerate(docs)]
    results = tagger.predict([words for words, _ in split], HEADS, documents)
    if len(set(documents)) > 1:
        unsure = {
            document
            for document, doc, (words, starts), found in zip(documents, docs, split, results, strict=True)
            if any(_stands(doc, one) for one in _agreed(text_of(doc), words, starts, _on_edge(tagger, found)))
            or (is_ranked(doc) and _is_between_steps(tagger, found))
        }
        for document in sorted(unsure):
            own = [number for number, other in enumerate(documents) if other == document]
            alone = tagger.predict([split[number][0] for number in own], HEADS, [document] * len(own))
            for number, found in zip(own, alone, strict=True):
                results[number] = found
    for doc, (words, starts), found in zip(docs, split, results, strict=True):
        if is_ranked(doc):
            doc.user_data["marks"] = marks_of(words, starts, found)
    return [
        _agreed(text_of(doc), words, starts, found)
        for doc, (words, starts), found in zip(docs, split, results, strict=True)
    ]


def _is_between_steps(tagger: Tagger, found: dict[str, list[Find]]) -> bool:
    """Whether noise could change what the ranker of mentions reads."""
    return any(
        is_between_steps(find, head, _slack(find.score, tagger.calibration.get(head, (1.0, 0.0))))
        for head, finds in found.items()
        for find in finds
    )


def _on_edge(tagger: Tagger, found: dict[str, list[Find]]) -> dict[str, list[Find]]:
    """The heads' finds without those whose rounded chance noise could not change or carry over the threshold.

    They are given the highest chance they may have, so that what could pass the threshold does.
    """
    kept = dict(found)
    for rule in RULES:
        (head, label), edge = rule.head, []
        line = tagger.calibration.get(head, (1.0, 0.0))
        for find in found[head]:
            if find.label == label:
                slack = _slack(find.score, line)
                low, high = find.score - slack, find.score + slack
                crosses = low < rule.least <= high
                if crosses or (high >= rule.least and round(low, _DECIMALS) != round(high, _DECIMALS)):
                    edge.append(replace(find, score=min(high, 1.0)))
        kept[head] = [find for find in kept[head] if find.label != label] + edge
    return kept


def _stands(doc: Doc, find: Found) -> bool:
    """Whether no finder that ran before found something there: else the model's find is not read."""
    return not any(
        start < find.end and find.start < end for label in LINKED for start, end in _ranges_of(doc, label.value)
    )


def _ranges_of(doc: Doc, key: str) -> list[tuple[int, int]]:
    return [(row[1], row[2]) for row in doc.spans[key].attrs.get("finds", [])] if key in doc.spans else []


def _slack(score: float, line: tuple[float, float]) -> float:
    """How far a calibrated chance (six decimals) may move when its raw log odds move by `_NOISE`."""
    return 5e-7 + abs(line[0]) * score * (1 - score) * _NOISE


def _agreed(text: str, words: list[str], starts: list[int], found: dict[str, list[Find]]) -> list[Found]:
    marked = {head: {(find.start, find.end, find.label) for find in finds} for head, finds in found.items()}
    agreed = []
    for rule in RULES:
        (head, label), (second, second_label) = rule.head, rule.second
        for find in found[head]:
            same = (find.start, find.end, second_label) in marked[second]
            if find.label == label and find.score >= rule.least and same:
                end = starts[find.end - 1] + len(words[find.end - 1])
                chance = round(float(find.score), _DECIMALS)
                agreed.append(Found(rule.label, starts[find.start], end, chance))
    return [kept for one in agreed if (kept := _checked(text, one)) is not None]


def _write(doc: Doc, finds: list[Found]) -> None:
    for label in sorted({*LABELS.values()}):
        write_finds(doc, PREFIX + label.value, [one for one in finds if one.label is label], extractor="model")


def _finds_of_entities(doc: Doc) -> list[Found]:
    found = [
        Found(LABELS[entity.label_.upper()], entity.start_char, entity.end_char, _FOREIGN)
        for entity in doc.ents
        if entity.label_.upper() in LABELS
    ]
    return [kept for one in found if (kept := _checked(text_of(doc), one)) is not None]


def _checked(text: str, find: Found) -> Found | None:
    """The find as the guidelines of the database want it, None if they do not want it at all."""
    words = text[find.start : find.end]
    if _NO_NAME.fullmatch(words):
        return None
    if find.label is Label.DRUG:
        return None if _ANALYTE.fullmatch(words) or not _NAME.match(words) else find
    if find.label is Label.OUTCOME:
        return None if _VERDICT.fullmatch(words) else find
    if find.label is Label.CONDITION:
        span = trim_condition(text, find.start, find.end)
        return Found(find.label, *span, find.confidence) if span and _NAME.match(words) else None
    return find


def _create(nlp: Language, name: str, path: str) -> ModelComponent:
    return ModelComponent(path)


Language.factory("evidence_model", assigns=["doc.spans"], default_config={"path": "default"}, func=_create)
