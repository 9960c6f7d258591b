"""A trained tagger without spaCy around it: texts in, scored spans out; and how it lies on disk.

A tagger may have several members: networks of one shape drawn from different seeds, whose tag scores are averaged.

A model folder holds `weights.npz`, `vectors.npz`, `words.txt` (word and count) and `tagger.json` (sizes, heads,
calibration, checksums of the other files).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import ModelMismatch, ModelNotFound
from pipeline.model import amounts, crf, network, ranking, results_part
from pipeline.model.layers import Floats, Ints
from pipeline.model.network import Batch, Shape
from pipeline.model.recurrent import Pack
from pipeline.model.vectors import VectorTable
from pipeline.model.weights import Weights
from pipeline.model.words import WordTable

FORMAT = 2
"""Raised whenever older folders can no longer be read."""
COMPONENT = "tagger"
"""Name of the component in a pipeline, and of its folder."""
_CHUNK = 6000
_MOST_WORDS = 40_000  # some 1.5 KB each; then all are forgotten, so that the memory of a long run is bounded


@dataclass(frozen=True, slots=True)
class Find:
    """A predicted span: token range (half-open), label, probability."""

    start: int
    end: int
    label: str
    score: float


@dataclass
class Tagger:
    """Networks, word features and heads.

    Attributes:
        members: weights of each network.
        shape: sizes.
        heads: labels per head.
        table: word features.
        calibration: per head slope and intercept that turn the raw score's log-odds into the chance of being right.
        rankers: lines of the heads whose spans are chosen one by one, see `ranking`.
        results: finds where the results of an abstract begin, or None: then all finds of `RESULTS_ONLY` heads stay.
        notes: free facts about the training, stored with the model.
    """

    members: list[Weights]
    shape: Shape
    heads: dict[str, tuple[str, ...]]
    table: WordTable
    calibration: dict[str, tuple[float, float]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    rankers: dict[str, ranking.Ranker] = field(default_factory=dict)
    results: results_part.ResultsPart | None = None

    def __post_init__(self) -> None:
        self._bases: list[Floats] = []
        self._chains: dict[str, crf.Chain] = {}
        self._doubles: dict[int, Weights] = {}

    def predict(
        self,
        texts: Sequence[Sequence[str]],
        heads: Sequence[str],
        documents: Sequence[int] | None = None,
        *,
        careful: bool = False,
    ) -> list[dict[str, list[Find]]]:
        """Spans per text and head.

        Args:
            texts: the words of each text.
            heads: which heads to run.
            documents: texts with one number belong to one document (they share what is known of a word).
            careful: choose spans one by one for the heads that have a ranker, and only where the results of an abstract
                have begun for those of `RESULTS_ONLY`; for whole abstracts. Otherwise the best path decides.
        """
        found: list[dict[str, list[Find]]] = [{head: [] for head in heads} for _ in texts]
        full = [i for i, text in enumerate(texts) if text]
        number = list(range(len(texts))) if documents is None else list(documents)
        while full:
            chunk: list[int] = []
            size = 0
            while full and (not chunk or size + len(texts[full[0]]) <= _CHUNK or number[full[0]] == number[chunk[-1]]):
                size += len(texts[full[0]])
                chunk.append(full.pop(0))
            self._predict_chunk(
                [texts[i] for i in chunk], [number[i] for i in chunk], [found[i] for i in chunk], careful
            )
        return found

    def beliefs(self, texts: Sequence[Sequence[str]], heads: Sequence[str]) -> list[dict[str, Floats]]:
        """Per text and head the probability of each tag of the head's `crf.TagSet` at each word."""
        found: list[dict[str, Floats]] = []
        while len(found) < len(texts):
            chunk = list(_first_texts(texts[len(found) :], _CHUNK))
            batch, rows = self.table.batch(chunk)
            one: dict[str, Floats] = {}
            for head, scores in self._by_head(batch, rows, heads).items():
                chain = self._chain(head, crf.TagSet.of(self.heads[head]))
                one[head] = np.empty_like(scores)
                one[head][batch.pack.forward] = crf.infer(scores[batch.pack.forward], chain, batch.pack).marginals
            bounds = np.cumsum([0, *(len(text) for text in chunk)]).tolist()
            found += [{head: one[head][lo:hi] for head in heads} for lo, hi in pairwise(bounds)]
        return found

    def candidates(self, texts: Sequence[Sequence[str]], head: str) -> list[ranking.Candidates]:
        """Per text the spans between which a ranker of this head chooses."""
        others = [other for other in ranking.RANKED[head] if other in self.heads]
        found: list[ranking.Candidates] = []
        while len(found) < len(texts):
            chunk = list(_first_texts(texts[len(found) :], _CHUNK))
            batch, rows = self.table.batch(chunk)
            found += self._candidates(head, chunk, self._by_head(batch, rows, [head, *others]), batch)
        return found

    def _candidates(
        self, head: str, texts: Sequence[Sequence[str]], scores: dict[str, Floats], batch: Batch
    ) -> list[ranking.Candidates]:
        tags = {one: crf.TagSet.of(self.heads[one]) for one in scores}
        starts = np.flatnonzero(batch.first)
        lengths = np.diff(np.append(starts, len(batch.first)))
        parts = {one: (tags[one], self._chain(one, tags[one])) for one in scores}
        found = ranking.candidates(head, scores, parts, (starts, lengths))
        bounds = np.cumsum([0, *(len(text) for text in texts)]).tolist()
        return [
            one.starting_at(self._begin(head, text))
            for text, one in zip(texts, ranking.spans_between(found, bounds), strict=True)
        ]

    def _begin(self, head: str, text: Sequence[str]) -> int:
        """The word from which finds of the head count."""
        return self.results.begins(text) if self.results and head in results_part.RESULTS_ONLY else 0

    def _chain(self, head: str, tags: crf.TagSet) -> crf.Chain:
        if head not in self._chains:
            self._chains[head] = crf.Chain.mean([crf.Chain.of(member, head, tags) for member in self.members])
        return self._chains[head]

    def _predict_chunk(
        self,
        texts: Sequence[Sequence[str]],
        documents: Sequence[int],
        found: Sequence[dict[str, list[Find]]],
        careful: bool,
    ) -> None:
        if len(self.table) > _MOST_WORDS:
            self.table.clear()
            self._bases = []
        batch, rows = self.table.batch(texts, documents)
        heads = list(found[0])
        rankers = self.rankers if careful else {}
        asked = {other: None for head in heads if head in rankers for other in rankers[head].others}
        scores = self._by_head(batch, rows, list(dict.fromkeys([*heads, *asked])))
        for head in heads:
            if head in rankers:
                own = {one: scores[one] for one in (head, *rankers[head].others)}
                for one, place in zip(self._candidates(head, texts, own, batch), found, strict=True):
                    place[head] = _chosen(one, rankers[head])
            else:
                self._write_path(head, texts, (scores[head][batch.pack.forward], batch), found)

    def _write_path(
        self,
        head: str,
        texts: Sequence[Sequence[str]],
        scored: tuple[Floats, Batch],
        found: Sequence[dict[str, list[Find]]],
    ) -> None:
        """Put the spans of the best path of one head (`scored`: packed scores and batch) where they belong."""
        bounds = np.cumsum([0, *(len(text) for text in texts)])
        spans = self._decode(head, crf.TagSet.of(self.heads[head]), *scored)
        text_of = np.searchsorted(bounds, [span.start for span in spans], side="right") - 1
        for span, i in zip(spans, text_of.tolist(), strict=True):
            ranges = [(span.start - int(bounds[i]), span.end - int(bounds[i]))]
            if (head, span.label) in amounts.HEADS:
                often = amounts.HEADS[head, span.label]
                ranges = [
                    amounts.trim_amount(texts[i], *part, cut_frequency=often)
                    for part in amounts.split_amounts(texts[i], *ranges[0])
                    if not amounts.is_level(texts[i], *part)
                ]
            found[i][head] += [Find(start, end, span.label, span.score) for start, end in ranges]

    def _by_head(self, batch: Batch, rows: Ints, heads: Sequence[str]) -> dict[str, Floats]:
        """Tag scores per head, text order."""
        scores = self._scores(batch, rows, list(heads))
        sizes = np.cumsum([0, *(crf.TagSet.of(self.heads[head]).size for head in heads)]).tolist()
        return {
            head: np.ascontiguousarray(scores[:, lo:hi]) for head, (lo, hi) in zip(heads, pairwise(sizes), strict=True)
        }

    def _scores(self, batch: Batch, rows: Ints, heads: list[str]) -> Floats:
        """Tag scores of the heads side by side, the mean of the members."""
        total: Floats | None = None
        for i, member in enumerate(self.members):
            states, _ = network.contextual(member, self.shape, self._words(i)[rows], batch, None, 0.0)
            weight = np.concatenate([member.get(f"{head}.W") for head in heads], axis=1)
            scores: Floats = states @ weight + np.concatenate([member.get(f"{head}.b") for head in heads])
            total = scores if total is None else total + scores
        assert total is not None  # noqa: S101
        return total / np.float32(len(self.members))

    def _words(self, member: int) -> Floats:
        """Context-free vectors of all words met; each is computed once in the life of the tagger."""
        if len(self._bases) <= member:
            self._bases.append(np.zeros((0, self.shape.width), dtype=np.float32))
        base = self._bases[member]
        if len(base) < len(self.table):
            new = np.arange(len(base), len(self.table))
            # In double precision: which words come together then no longer shows in the rounded result, and a paper has
            # the same rows whatever was read before it.
            fresh, _ = network.context_free(self._precise(member), self.table.features_of(new), None)
            base = self._bases[member] = np.concatenate([base, fresh.astype(np.float32)])
        return base

    def _precise(self, member: int) -> Weights:
        if member not in self._doubles:
            weights = self.members[member]
            self._doubles[member] = Weights(
                {name: weights.get(name).astype(np.float64) for name in network.context_free_names(weights)}
            )
        return self._doubles[member]

    def _decode(self, head: str, tags: crf.TagSet, scores: Floats, batch: Batch) -> list[Find]:
        chain = self._chain(head, tags)
        path = np.empty(len(scores), dtype=np.int64)
        packed = crf.best_path(scores, chain, batch.pack)
        path[batch.pack.forward] = packed
        spans: list[tuple[int, int, str]] = []
        busy = np.flatnonzero(path)
        if not len(busy):
            return []
        starts = np.flatnonzero(batch.first)
        sentences = np.unique(np.searchsorted(starts, busy, side="right") - 1)
        ends = np.append(starts[1:], len(path))
        for s in sentences.tolist():
            lo = int(starts[s])
            spans += [(lo + a, lo + b, label) for a, b, label in tags.decode(path[lo : ends[s]].tolist())]
        return self._scored(head, spans, self._certainty(scores, chain, batch, packed, sentences))

    def _certainty(
        self, scores: Floats, chain: crf.Chain, batch: Batch, packed: Ints, sentences: Ints
    ) -> dict[int, float]:
        """Probability of the chosen tag for each token of the sentences that have spans."""
        forward = batch.pack.forward
        starts = np.flatnonzero(batch.first)
        lengths = np.diff(np.append(starts, len(forward)))
        place = np.empty(len(forward), dtype=np.int64)
        place[forward] = np.arange(len(forward))
        inner = Pack.of(starts[sentences], lengths[sentences])
        rows = place[inner.forward]
        # In double precision: near 0 and 1 the odds would else show rounding, that is, which texts came together.
        marginals = crf.infer(scores[rows].astype(np.float64), chain, inner).marginals
        chosen = marginals[np.arange(len(rows)), packed[rows]]
        return dict(zip(inner.forward.tolist(), chosen.tolist(), strict=True))

    def _scored(self, head: str, spans: list[tuple[int, int, str]], certain: dict[int, float]) -> list[Find]:
        slope, shift = self.calibration.get(head, (1.0, 0.0))
        found = []
        for start, end, label in spans:
            raw = min(max(min(certain[i] for i in range(start, end)), 1e-6), 1 - 1e-6)
            odds = min(max(slope * np.log(raw / (1 - raw)) + shift, -30.0), 30.0)
            score = 1 / (1 + np.exp(-odds))
            found.append(Find(start, end, label, round(float(score), 6)))
        return found

    def save(self, folder: Path) -> None:
        """Write the model folder; the bytes depend on the weights alone."""
        folder.mkdir(parents=True, exist_ok=True)
        params = {
            f"{i}/{name}": _small(member.get(name))
            for i, member in enumerate(self.members)
            for name in sorted(member.names)
        }
        np.savez(folder / "weights.npz", **params)
        lines = [f"{word}\t{count}" for word, count in zip(self.table.vocabulary, self.table.counts, strict=True)]
        (folder / "words.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        files = ["weights.npz", "words.txt"]
        if self.table.vectors is not None:
            self.table.vectors.save(folder / "vectors.npz")
            files.append("vectors.npz")
        if self.results is not None:
            self.results.save(folder / results_part.FILE)
            files.append(results_part.FILE)
        facts = {
            "format": FORMAT,
            "shape": self.shape.as_dict(),
            "heads": {head: list(labels) for head, labels in self.heads.items()},
            "calibration": {head: list(line) for head, line in self.calibration.items()},
            "rankers": {head: asdict(one) for head, one in self.rankers.items()},
            "notes": self.notes,
            "sha256": {name: _digest(folder / name) for name in files},
        }
        (folder / "tagger.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Read a model folder.

        Raises:
            ModelNotFound: there is none.
            ModelMismatch: another format version, or a file is missing or altered.
        """
        facts = _read_facts(folder)
        vectors = VectorTable.load(folder / "vectors.npz") if "vectors.npz" in facts["sha256"] else None
        pairs = [line.split("\t") for line in (folder / "words.txt").read_text(encoding="utf-8").split("\n") if line]
        shape = Shape(**facts["shape"])
        heads = {head: tuple(labels) for head, labels in facts["heads"].items()}
        with np.load(folder / "weights.npz") as stored:
            params: dict[str, dict[str, Floats]] = {}
            for key in stored.files:
                member, _, name = key.partition("/")
                params.setdefault(member, {})[name] = stored[key].astype(np.float32)
        table = WordTable([word for word, _ in pairs], [int(count) for _, count in pairs], vectors)
        calibration = {head: (float(line[0]), float(line[1])) for head, line in facts["calibration"].items()}
        members = [Weights(one) for one in params.values()]
        tagger = cls(members, shape, heads, table, calibration, facts["notes"])
        for head, line in facts.get("rankers", {}).items():
            tagger.rankers[head] = ranking.Ranker(tuple(line["others"]), tuple(line["weights"]))
        if results_part.FILE in facts["sha256"]:
            tagger.results = results_part.ResultsPart.load(folder / results_part.FILE)
        return tagger


def _first_texts(texts: Sequence[Sequence[str]], size: int) -> Iterator[Sequence[str]]:
    """The first texts, up to about so many words together (one at least)."""
    for text in texts:
        yield text
        size -= len(text)
        if size <= 0:
            break


def _chosen(found: ranking.Candidates, ranker: ranking.Ranker) -> list[Find]:
    chances = ranker.chances(found.features).tolist()
    return [Find(*found.spans[i], round(chances[i], 4)) for i in ranking.best_set(found.spans, chances)]


def _small(value: Floats) -> Floats:
    """Half precision for the big tables: it changes no decision and halves the file."""
    return value.astype(np.float16) if value.size > 20_000 else value


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_facts(folder: Path) -> dict[str, Any]:
    path = folder / "tagger.json"
    advice = "Restore the folder from the repository, or build it with `evidence train`; `--model none` works on rules."
    if not path.is_file():
        raise ModelNotFound(f"No trained tagger in {folder}.", what_to_do=advice)
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version, sums = facts["format"], facts["sha256"]
    except (ValueError, KeyError) as error:
        raise ModelMismatch(f"{path} is damaged: {error}.", what_to_do=advice) from error
    if version != FORMAT:
        raise ModelMismatch(f"{folder} has format {version}, this version reads {FORMAT}.", what_to_do=advice)
    for name, wanted in sums.items():
        file = folder / name
        if not file.is_file() or _digest(file) != wanted:
            raise ModelMismatch(f"{file} is missing or altered (checksum).", what_to_do=advice)
    return facts
