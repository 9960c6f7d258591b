"""The recipe of the shipped model: which corpora, in which proportion, which heads, and what is measured at the end.

`evidence train` is this file with paths filled in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import ModelMismatch
from pipeline.model import masked, network, plain_text, results_part
from pipeline.model.calibration import calibrate
from pipeline.model.corpora.labelled import Labelled
from pipeline.model.corpora.registry import CORPORA, Corpus, find_parts
from pipeline.model.tagger import COMPONENT, Tagger
from pipeline.model.training import Sample, Settings, Source, guess, prepare, train
from pipeline.model.vectors import VectorTable
from pipeline.model.words import WordTable, vocabulary_of

SHARES: dict[str, float] = {
    "bc5cdr": 0.18,
    "ncbi": 0.15,
    "biored": 0.03,
    "chemprot": 0.03,
    "drugprot": 0.01,
    "phee": 0.14,
    "ctro": 0.08,
    "evidence_outcomes": 0.14,
    "pico_corpus": 0.02,
    "pico_bids": 0.02,
    "ebm_nlp": 0.01,
    "rct_art": 0.01,
    "ade": 0.02,
    "trials": 0.16,
}
"""Share of the training tokens drawn from each corpus."""

GUESSED: dict[str, tuple[str, ...]] = {
    "bc5cdr": ("ncbi", "phee"),
    "ncbi": ("bc5cdr",),
    "biored": ("bc5cdr", "ncbi"),
    "chemprot": ("bc5cdr", "ncbi"),
    "drugprot": ("bc5cdr",),
    "phee": ("bc5cdr", "ade"),
    "ade": ("bc5cdr", "phee"),
    "evidence_outcomes": ("bc5cdr",),
    "pico_corpus": ("bc5cdr", "outcomes"),
    "pico_bids": ("outcomes",),
    "ebm_nlp": ("outcomes",),
    "trials": ("outcomes", "bc5cdr", "ncbi"),
}
"""Heads that a teacher fills in where a corpus has no labels for them (`Plan.teachers`)."""

WORD_ROWS = 25_000
_RARE_LABEL = 8
"""Labels with fewer spans in the training texts are not learned."""
_EVERY = 5
"""Where a corpus has no development part, each fifth text is held out."""
_SCORED_PAIRS = "ade_pair"


@dataclass
class Parts:
    """Texts of one corpus."""

    train: list[Labelled] = field(default_factory=list)
    dev: list[Labelled] = field(default_factory=list)


def read_corpus(corpus: Corpus, path: Path) -> Parts:
    """Train and development texts; test parts are never opened.

    Raises:
        UnreadableSource, UnknownFormat: see `find_parts`.
    """
    parts = find_parts(corpus, path)
    texts = {
        part: [text for place in places for text in corpus.read(place)]
        for part, places in parts.items()
        if part != "test"
    }
    if "train" in texts:
        return Parts(texts["train"], texts.get("dev", []))
    pool = [text for part in sorted(texts) for text in texts[part]]
    return Parts(
        [text for i, text in enumerate(pool) if i % _EVERY], [text for i, text in enumerate(pool) if not i % _EVERY]
    )


def without_held_out(parts: dict[str, Parts]) -> dict[str, Parts]:
    """The parts without the training texts that are a held-out text of another corpus.

    Corpora share abstracts: BioRED's training part has 41 of the 500 development abstracts of BC5CDR, ChemProt and
    DrugProt overlap, PHEE and ADE were made from the same sentences.
    """
    held = {name: {_middle(text.text) for text in part.dev} for name, part in parts.items()}
    return {
        name: Parts(
            [
                text
                for text in part.train
                if not any(_middle(text.text) in keys for other, keys in held.items() if other != name)
            ],
            part.dev,
        )
        for name, part in parts.items()
    }


def _middle(text: str) -> str:
    """Eighty letters from the middle, which tell texts apart however they were broken into words and lines."""
    letters = "".join(filter(str.isalnum, text.lower()))
    middle = len(letters) // 2
    return letters[max(0, middle - 40) : middle + 40]


def heads_of(parts: dict[str, Parts]) -> dict[str, tuple[str, ...]]:
    """Labels per head, those too rare to learn left out."""
    counts: Counter[tuple[str, str]] = Counter()
    for corpus in parts.values():
        for text in corpus.train:
            for head, gold in text.gold.items():
                counts.update((head, label) for _, _, label in gold if head != _SCORED_PAIRS)
    heads: dict[str, list[str]] = {}
    for (head, label), count in sorted(counts.items()):
        if count >= _RARE_LABEL:
            heads.setdefault(head, []).append(label)
    return {head: tuple(labels) for head, labels in heads.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build.

    Attributes:
        data: corpus name → file or folder.
        vectors: floret table as written by `floret`, or None.
        settings: of the training loop.
        width, hidden, depth: sizes of the network.
        members: networks whose scores are averaged; their seeds follow each other.
        with_dev: train on the development parts too (nothing is left to score then).
        start: a model to go on from (its words, vectors, heads and sizes are kept), or none for fresh weights; of
            several, which go back to one start, the mean of the weights is taken.
        memory: see `network.Shape`.
        teachers: models of the same heads whose mean beliefs fill in missing labels, see `GUESSED`.
        plain: unlabelled texts (see `plain_text.paragraphs`) for `masked`.
    """

    data: dict[str, Path]
    vectors: Path | None
    settings: Settings
    width: int = 160
    hidden: int = 128
    depth: int = 2
    members: int = 1
    with_dev: bool = False
    start: tuple[Path, ...] = ()
    memory: bool = True
    teachers: tuple[Path, ...] = ()
    plain: tuple[Path, ...] = ()


def build(plan: Plan, say: Callable[[str], None]) -> tuple[Tagger, dict[str, Parts]]:
    """Read, train, calibrate. Returns the tagger and the texts (for scoring the held-out parts)."""
    parts = {name: read_corpus(CORPORA[name], path) for name, path in sorted(plan.data.items())}
    if plan.with_dev:
        parts = {name: Parts(part.train + part.dev) for name, part in parts.items()}
    else:
        parts = without_held_out(parts)
    start = averaged(plan.start) if plan.start else None
    heads = start.heads if start else heads_of(parts)
    sources = [
        Source(name, tuple(prepare(text, heads) for text in part.train), SHARES.get(name, 0.05))
        for name, part in parts.items()
    ]
    if plan.teachers:
        teachers = _teachers(plan.teachers, heads)
        sources = [
            replace(source, samples=tuple(guess(teachers, source.samples, GUESSED.get(source.name, ()))))
            for source in sources
        ]
    sources = [
        replace(source, samples=kept)
        for source in sources
        if (kept := tuple(s for s in source.samples if {*s.tags, *s.beliefs}))
    ]
    samples = [sample for source in sources for sample in source.samples]
    tagger = start or _fresh(plan, heads, samples)
    for source in sources:
        say(f"{source.name}: {len(source.samples)} texts, {sum(len(s.words) for s in source.samples)} tokens")
    losses: list[float] = []

    def report(step: int, loss: float) -> None:
        losses.append(loss)
        if (step + 1) % 250 == 0:
            say(f"step {step + 1}/{plan.settings.steps}: loss {np.mean(losses[-250:]):.3f}")

    train(tagger, sources, plan.settings, report, _plain(plan))
    if "trials" in plan.data:
        places = [place for found in find_parts(CORPORA["trials"], plan.data["trials"]).values() for place in found]
        tagger.results = results_part.learn([one for place in places for one in results_part.read_abstracts(place)])
    calibrate(tagger, [text for part in parts.values() for text in part.dev])
    tagger.notes = _notes(plan, tagger, sources) | _origin(plan)
    return tagger, parts


def _plain(plan: Plan) -> list[masked.Text]:
    wanted = plan.settings.steps * plan.settings.masked_words
    return masked.texts_of(plain_text.paragraphs(plan.plain), wanted, plan.settings.seed) if wanted else []


def averaged(folders: Sequence[Path]) -> Tagger:
    """One tagger with the mean weights of all members of several models, or the only one as it is.

    Members that went on from the same weights lie close enough for their mean to be as good as their ensemble.
    """
    tagger = mean_of(folders)
    if len(folders) == 1:
        return tagger
    kept = tagger.members[0]
    for name in kept.names:
        kept.set(name, np.mean([member.get(name) for member in tagger.members], axis=0, dtype=np.float32))
    tagger.members = [kept]
    return tagger


def mean_of(folders: Sequence[Path]) -> Tagger:
    """One tagger whose members are those of all the models; they must have the words and heads of the first."""
    first, *others = (Tagger.load(folder / COMPONENT) for folder in folders)
    for other in others:
        if (other.heads, other.shape, other.table.vocabulary) != (first.heads, first.shape, first.table.vocabulary):
            raise ModelMismatch(
                "The models have no mean: they are not of one kind.",
                what_to_do="Give models that go back to the same start.",
            )
        first.members += other.members
    return first


def _teachers(folders: Sequence[Path], heads: dict[str, tuple[str, ...]]) -> list[Tagger]:
    """The teachers, who may know other words but must mark what is to be learnt."""
    teachers = [Tagger.load(folder / COMPONENT) for folder in folders]
    for folder, teacher in zip(folders, teachers, strict=True):
        if teacher.heads != heads:
            raise ModelMismatch(
                f"{folder} marks other spans than the model to train.", what_to_do="Train it on the same corpora."
            )
    return teachers


def _fresh(plan: Plan, heads: dict[str, tuple[str, ...]], samples: Sequence[Sample]) -> Tagger:
    words, counts = vocabulary_of([sample.words for sample in samples], at_least=2, rows=WORD_ROWS)
    vectors = VectorTable.from_floret(plan.vectors) if plan.vectors else None
    shape = network.Shape(
        words=len(words) + 1,
        vectors=vectors.width if vectors else 0,
        width=plan.width,
        hidden=plan.hidden,
        depth=plan.depth,
        memory=plan.memory,
    )
    members = [network.build(shape, heads, plan.settings.seed + i) for i in range(plan.members)]
    return Tagger(members, shape, heads, WordTable(words, counts, vectors))


def _origin(plan: Plan) -> dict[str, Any]:
    before = [Tagger.load(folder / COMPONENT).notes for folder in plan.start]
    return {"before": before[0]} if len(before) == 1 else {"mean_of": before} if before else {}


def _notes(plan: Plan, tagger: Tagger, sources: Sequence[Source]) -> dict[str, Any]:
    settings = plan.settings
    return {
        "trained_on": "train and development parts" if plan.with_dev else "train parts",
        "corpora": {s.name: {"texts": len(s.samples), "tokens": sum(len(x.words) for x in s.samples)} for s in sources},
        "members": len(tagger.members),
        "teachers": len(plan.teachers),
        "start": "an earlier model" if plan.start else "fresh weights",
        "settings": asdict(settings),
    }
