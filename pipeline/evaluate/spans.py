"""Spans predicted by any spaCy pipeline on corpus texts, and their scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import ModelMismatch
from pipeline.evaluate.score import Scores
from pipeline.model.corpora.labelled import Gold, Labelled
from pipeline.model.loading import trained_tagger
from pipeline.model.tokenizer import joined_starts, split_words


def predict_heads(nlp: Language, texts: Sequence[Labelled], heads: Sequence[str]) -> list[set[Gold]]:
    """Spans of our own pipeline's heads; texts with one `doc_id` are one document.

    Raises:
        ModelMismatch: the pipeline lacks one of the heads.
    """
    component = trained_tagger(nlp)
    tagger = component.tagger if component else None
    if tagger is None or any(head not in tagger.heads for head in heads):
        raise ModelMismatch(
            f"The model has no head for {', '.join(heads)}.",
            what_to_do="Give --label-map for a pipeline of another kind.",
        )
    split = [(list(t.words), joined_starts(t.words)) if t.words else split_words(t.text) for t in texts]
    numbers: dict[str, int] = {}
    documents = [numbers.setdefault(text.doc_id, i) for i, text in enumerate(texts)]
    results = tagger.predict([words for words, _ in split], heads, documents, careful=True)
    return [
        {
            (starts[find.start], starts[find.end - 1] + len(words[find.end - 1]), find.label)
            for finds in found.values()
            for find in finds
        }
        for (words, starts), found in zip(split, results, strict=True)
    ]


def predict_entities(nlp: Language, texts: Sequence[Labelled], label_map: dict[str, str]) -> list[set[Gold]]:
    """`doc.ents` of any pipeline with its labels translated; labels that the map lacks are dropped."""
    found = []
    for doc in nlp.pipe(_docs(nlp, texts)):
        mapped = [(ent.start_char, ent.end_char, label_map.get(ent.label_)) for ent in doc.ents]
        found.append({(start, end, label) for start, end, label in mapped if label})
    return found


def _docs(nlp: Language, texts: Sequence[Labelled]) -> Iterator[Doc]:
    for text in texts:
        yield Doc(nlp.vocab, words=list(text.words)) if text.words else nlp.make_doc(text.text)


def score_spans(
    texts: Sequence[Labelled], found: Sequence[set[Gold]], heads: Sequence[str], labels: frozenset[str] | None = None
) -> Scores:
    """Strict scores over the gold of these heads (all labels, or only those given)."""
    scores = Scores()
    for text, spans in zip(texts, found, strict=True):
        gold = {span for head in heads for span in text.gold.get(head, ())}
        scores.add(
            [((start, end), label) for start, end, label in gold if labels is None or label in labels],
            [((start, end), label) for start, end, label in spans if labels is None or label in labels],
        )
    return scores
