"""The trained tagger as a spaCy component: writes `doc.spans["ner:<head>"]` and nothing else.

Each group's `attrs` hold lists aligned with its finds: `ranges` (exact code-point offsets), `labels` and `scores`
(chance that the span is right). The spans themselves are widened to the tokens of whatever tokenizer made the doc.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from pipeline.errors import ModelNotFound
from pipeline.model.tagger import Find, Tagger
from pipeline.model.tokenizer import SplitTokenizer, split_words

DEFAULT_HEADS = ("bc5cdr", "outcomes", "phee")
"""Heads that run unless others are asked for; the product asks for its own."""


class TrainedTagger:
    """See the module. `active` may be set to any of the model's heads."""

    def __init__(self, nlp: Language, active: Iterable[str] = DEFAULT_HEADS) -> None:
        self.nlp = nlp
        self.active = tuple(active)
        self.careful = False  # see `Tagger.predict`; for docs that are whole abstracts
        self.tagger: Tagger | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Tag one doc."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Tag docs; docs of one batch with an equal `user_data["document"]` are one document."""
        stream = iter(docs)
        while batch := list(islice(stream, batch_size)):
            self._tag(batch)
            yield from batch

    def _tag(self, docs: list[Doc]) -> None:
        if self.tagger is None:
            raise ModelNotFound("The trained tagger has no weights.", what_to_do="Load it with pipeline.model.load().")
        split = [self._words(doc) for doc in docs]
        names: dict[object, int] = {}
        documents = [names.setdefault(doc.user_data.get("document", ("doc", i)), i) for i, doc in enumerate(docs)]
        results = self.tagger.predict([words for words, _ in split], self.active, documents, careful=self.careful)
        for doc, (words, starts), found in zip(docs, split, results, strict=True):
            for head, finds in found.items():
                _write(doc, head, finds, words, starts)

    def _words(self, doc: Doc) -> tuple[list[str], list[int]]:
        if isinstance(self.nlp.tokenizer, SplitTokenizer):
            words = [(token.text, token.idx) for token in doc if not token.is_space or "\n" in token.text]
            return [word for word, _ in words], [start for _, start in words]
        return split_words(doc.text)

    def to_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> None:
        """Write the model folder."""
        if self.tagger is not None:
            self.tagger.save(Path(path))

    def from_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> TrainedTagger:
        """Read the model folder; see `Tagger.load` for the errors."""
        self.tagger = Tagger.load(Path(path))
        return self


def _write(doc: Doc, head: str, finds: list[Find], words: list[str], starts: list[int]) -> None:
    ranges = [[starts[find.start], starts[find.end - 1] + len(words[find.end - 1])] for find in finds]
    spans = [
        doc.char_span(start, end, label=find.label, alignment_mode="expand")
        for (start, end), find in zip(ranges, finds, strict=True)
    ]
    attrs: dict[str, Any] = {
        "ranges": ranges,
        "labels": [find.label for find in finds],
        "scores": [find.score for find in finds],
    }
    key = f"ner:{head}"
    doc.spans[key] = SpanGroup(doc, name=key, spans=[span for span in spans if span is not None], attrs=attrs)


@Language.factory("evidence_trained_tagger", assigns=["doc.spans"], default_config={"active": list(DEFAULT_HEADS)})
def make_trained_tagger(nlp: Language, name: str, active: list[str]) -> TrainedTagger:
    """Factory for `config.cfg`."""
    return TrainedTagger(nlp, active)
