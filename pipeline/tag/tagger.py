"""The tagging pipeline at work: one `Document` in, one `Annotated` out.

Place in the flow: built by `load_tagger`; the passages of a batch of documents go through spaCy together, then what
concerns a document as a whole (abbreviations, one string one label) is settled on records. What is found in a document
does not depend on its batch.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config, registry

from pipeline.document import Document, Part, Passage
from pipeline.evidence import Annotated
from pipeline.link import Linker
from pipeline.tag import components  # noqa: F401  (registers the factories)
from pipeline.tag.abbreviation import expand, find_abbreviations
from pipeline.tag.batches import batches
from pipeline.tag.convert import annotate, seen_passages
from pipeline.tag.rank_features import Candidate, candidates_of

_CONFIG = Path(__file__).with_name("config.cfg")
# Reference lists and citation lines name drugs and diseases of other papers' titles: no mentions are wanted there.
_UNTAGGED = frozenset({Part.REFERENCES, Part.METADATA})
_RANKED = frozenset({Part.TITLE, Part.ABSTRACT})  # where `rank.py` chooses among the finds
_WORDS_KEPT = 20_000  # the first so many words stay in spaCy's vocabulary: making a word costs more than finding it
_SHARED = 64  # so many passages of a document share what the model knows of a word


def _combined_rule_tokenizer() -> Callable[[Language], Tokenizer]:
    def create(nlp: Language) -> Tokenizer:
        # Only this light module of scispaCy: its linkers and abbreviation code load a nearest-neighbour library.
        from scispacy.custom_tokenizer import combined_rule_tokenizer

        # scispaCy extends the tokenizer that is there, and while a config is being read there is none yet.
        nlp.tokenizer = registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # its character classes hold "[[", harmless
            return combined_rule_tokenizer(nlp)

    return create


registry.tokenizers("evidence.CombinedRuleTokenizer.v1", func=_combined_rule_tokenizer)


def is_tagged(passage: Passage) -> bool:
    """Whether mentions are looked for in a passage: English, and not a citation line or a reference list."""
    return passage.language == "en" and passage.part not in _UNTAGGED


class Tagger:
    """A loaded tagging pipeline. Not thread-safe; one per process."""

    def __init__(self, nlp: Language, linker: Linker | None = None) -> None:
        self.nlp = nlp
        self.linker = linker or Linker()

    def tag(self, document: Document) -> Annotated:
        """Find sentences, abbreviations and mentions of one document."""
        return self.tag_batch([document])[0]

    def tag_many(self, documents: Iterable[Document]) -> Iterator[Annotated]:
        """`tag` for each document, several at a time: for short ones some twice as fast."""
        for batch in batches(documents):
            yield from self.tag_batch(batch)

    def tag_batch(self, documents: Sequence[Document]) -> list[Annotated]:
        """`tag` for these documents, together."""
        with self._zone():
            return self._tag(documents)

    def candidates(self, document: Document) -> tuple[list[Passage], list[Candidate]]:
        """The title's and abstract's passages, and the strings in them that may be outcomes or conditions.

        For learning the weights of `rank.py`; a candidate's places count these passages.
        """
        passages = [passage for passage in document.passages if is_tagged(passage)]
        docs = list(self.nlp.pipe([self._doc_of(passage, 0) for passage in passages], batch_size=max(1, len(passages))))
        abbreviations = _abbreviations_of(passages)
        _, seen = seen_passages(list(zip(passages, docs, strict=True)), abbreviations)
        return [passages[number] for number in seen], candidates_of(list(seen.values()), abbreviations)

    def _zone(self) -> AbstractContextManager[object]:
        """Once the vocabulary is large, new words are forgotten with the batch: a long run needs no more memory."""
        return self.nlp.memory_zone() if len(self.nlp.vocab) >= _WORDS_KEPT else nullcontext()

    def _tag(self, documents: Sequence[Document]) -> list[Annotated]:
        tagged = [[passage for passage in one.passages if is_tagged(passage)] for one in documents]
        docs, number = [], 0
        for passages in tagged:
            for first in range(0, len(passages), _SHARED):
                docs += [self._doc_of(passage, number) for passage in passages[first : first + _SHARED]]
                number += 1
        stream = self.nlp.pipe(docs, batch_size=max(1, len(docs)))
        return [
            self._settled(document, passages, [next(stream) for _ in passages])
            for document, passages in zip(documents, tagged, strict=True)
        ]

    def _settled(self, document: Document, tagged: list[Passage], docs: list[Doc]) -> Annotated:
        by_ordinal = dict(zip((one.ordinal for one in tagged), docs, strict=True))
        return annotate(
            document,
            [by_ordinal.get(passage.ordinal) for passage in document.passages],
            abbreviations=_abbreviations_of(tagged),
            linker=self.linker,
        )

    def _doc_of(self, passage: Passage, number: int) -> Doc:
        doc = self.nlp.make_doc(passage.text)
        doc.user_data["document"] = number  # the model compares a word with its other places
        doc.user_data["text"] = passage.text
        doc.user_data["lines"] = passage.part is Part.TABLE
        doc.user_data["ranked"] = passage.part in _RANKED
        return doc


def _abbreviations_of(passages: list[Passage]) -> dict[str, str]:
    """Short forms that the document defines, expanded; a blank line parts passages, no definition crosses it."""
    return expand(find_abbreviations("\n\n".join(passage.text for passage in passages)))


def build_tagger(model: str | Path | None) -> Tagger:
    """Assemble the pipeline of `config.cfg`, without its model component if `model` is None."""
    config = load_config(_CONFIG)
    names = list(config["nlp"]["pipeline"])
    if model is None:
        names.remove("model")
        del config["components"]["model"]
    else:
        config["components"]["model"]["path"] = str(model)
    config["nlp"]["pipeline"] = names
    return Tagger(load_model_from_config(config, auto_fill=True, validate=True))
