"""The training loop: texts of many corpora, one network, a masked loss per annotation guideline.

Deterministic: all randomness comes from one seed, nothing runs in parallel, corpora are read in sorted order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from thinc.api import Adam

from pipeline.model import crf, masked, network
from pipeline.model.corpora.labelled import Labelled
from pipeline.model.layers import Floats, Ints
from pipeline.model.recurrent import Pack
from pipeline.model.tagger import Tagger
from pipeline.model.tokenizer import joined_starts, split_words
from pipeline.model.weights import Weights


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.

    Attributes:
        steps: number of updates.
        batch_words: tokens per update.
        rate: highest learning rate (linear warm-up over 5 %, then a half cosine down to 0).
        dropout: share of values dropped in three places.
        blanked: share of the words of labelled texts that is blanked: labels are learnt from the surroundings too.
        decay: weight decay per update, relative to the learning rate.
        average: decay of the running mean of the weights, which is what is kept.
        guess_weight: factor of the loss where a teacher, not a corpus, gave the labels.
        masked_words: tokens of unlabelled text per update whose hidden words are guessed, see `masked`.
        masked_share: share of them that is hidden.
        masked_weight: factor of that loss.
        seed: of everything that is drawn.
    """

    steps: int = 6000
    batch_words: int = 2000
    rate: float = 0.003
    dropout: float = 0.3
    blanked: float = 0.0
    decay: float = 0.01
    average: float = 0.998
    guess_weight: float = 0.5
    masked_words: int = 0
    masked_share: float = 0.25
    masked_weight: float = 0.1
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """A text ready for training: its words and, per annotated head, its tags.

    `beliefs` holds what a teacher thinks of heads that are not annotated: the probability of each tag at each word.
    They count `Settings.guess_weight` times as much.
    """

    words: tuple[str, ...]
    tags: dict[str, Ints]
    beliefs: dict[str, NDArray[np.float16]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """The training texts of one corpus, and how often they are drawn and counted.

    Attributes:
        name: of the corpus.
        samples: its texts.
        share: relative number of tokens drawn from it.
        weight: factor of its loss.
    """

    name: str
    samples: tuple[Sample, ...]
    share: float
    weight: float = 1.0


def prepare(text: Labelled, heads: dict[str, tuple[str, ...]]) -> Sample:
    """Tokenise and align; gold spans that cut a token are widened to whole tokens."""
    words, starts = (list(text.words), joined_starts(text.words)) if text.words else split_words(text.text)
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    tags: dict[str, Ints] = {}
    for head, gold in text.gold.items():
        if head not in heads:
            continue
        spans = []
        for start, end, label in gold:
            a = int(np.searchsorted(ends, start, side="right"))
            b = int(np.searchsorted(starts, end, side="left"))
            if a < b:
                spans.append((a, b, label))
        tags[head] = crf.TagSet.of(heads[head]).encode(spans, len(words))
    return Sample(tuple(words), tags)


def guess(teachers: Sequence[Tagger], samples: Sequence[Sample], heads: Sequence[str]) -> list[Sample]:
    """The samples with the teachers' mean beliefs for those of the heads that are not annotated in them."""
    if not heads:
        return list(samples)
    texts = [sample.words for sample in samples]
    told = [teacher.beliefs(texts, heads) for teacher in teachers]
    return [
        replace(sample, beliefs={head: _mean(ones, head) for head in heads if head not in sample.tags})
        for sample, *ones in zip(samples, *told, strict=True)
    ]


def _mean(told: Sequence[Mapping[str, Floats]], head: str) -> NDArray[np.float16]:
    mean: Floats = np.mean([one[head] for one in told], axis=0)
    return mean.astype(np.float16)


def _stream(
    sources: Sequence[Source], settings: Settings, rng: np.random.Generator
) -> Iterator[list[tuple[Sample, float]]]:
    """Endless batches; each corpus is walked through in a fresh order before any of its texts comes again."""
    queues: list[list[int]] = [[] for _ in sources]
    drawn = np.zeros(len(sources))
    shares = np.array([source.share for source in sources])
    while True:
        batch: list[tuple[Sample, float]] = []
        size = 0
        while size < settings.batch_words:
            # The corpus that lags most behind its share comes next.
            pick = int(np.argmin((drawn + 1) / shares))
            if not queues[pick]:
                queues[pick] = rng.permutation(len(sources[pick].samples)).tolist()
            sample = sources[pick].samples[queues[pick].pop()]
            batch.append((sample, sources[pick].weight))
            size += len(sample.words)
            drawn[pick] += len(sample.words)
        yield batch


def _learn_rate(step: int, settings: Settings) -> float:
    warm = max(1, settings.steps // 20)
    if step < warm:
        return settings.rate * (step + 1) / warm
    return settings.rate * 0.5 * (1 + float(np.cos(np.pi * (step - warm) / max(1, settings.steps - warm))))


def train(
    tagger: Tagger,
    sources: Sequence[Source],
    settings: Settings,
    report: Callable[[int, float], None] = lambda _step, _loss: None,
    plain: Sequence[masked.Text] = (),
) -> None:
    """Train in place; the model ends with the averaged weights.

    Args:
        tagger: its members have fresh weights of `network.build`.
        sources: the corpora.
        settings: see there.
        report: called after every update with the step and the loss; may stop the training by raising StopIteration.
        plain: unlabelled texts for the second task, used if `settings.masked_words` is not 0.
    """
    for number, member in enumerate(tagger.members):
        own = replace(settings, seed=settings.seed + number)
        if not plain or not settings.masked_words:
            _train_member(tagger, member, (sources, ()), own, report)
            continue
        wider = Weights({name: member.get(name) for name in member.names} | masked.projection(tagger, own.seed))
        _train_member(tagger, wider, (sources, plain), own, report)
        for name in member.names:
            member.set(name, wider.get(name))


def _train_member(
    tagger: Tagger,
    member: Weights,
    texts: tuple[Sequence[Source], Sequence[masked.Text]],
    settings: Settings,
    report: Callable[[int, float], None],
) -> None:
    sources, plain = texts
    rng = np.random.default_rng(settings.seed)
    optimizer = Adam(settings.rate, L2=settings.decay, L2_is_weight_decay=True, grad_clip=1.0)
    mean = {name: member.get(name).copy() for name in member.names}
    second = masked.batches(plain, settings.masked_words, rng) if plain else None
    rates = (settings.masked_share, settings.dropout, settings.masked_weight)
    for step, batch in zip(range(settings.steps), _stream(sources, settings, rng), strict=False):
        loss = update(tagger, member, batch, rng, settings)
        if second is not None:
            loss += settings.masked_weight * masked.add_gradient(tagger, member, next(second), rng, rates)
        optimizer.learn_rate = _learn_rate(step, settings)
        member.step(optimizer)
        keep = min(settings.average, (1 + step) / (10 + step))
        for name, value in mean.items():
            value += (1 - keep) * (member.get(name) - value)
        try:
            report(step, loss)
        except StopIteration:
            break
    for name, value in mean.items():
        member.set(name, value.astype(np.float32))


def update(
    tagger: Tagger,
    member: Weights,
    batch: Sequence[tuple[Sample, float]],
    rng: np.random.Generator,
    settings: Settings,
) -> float:
    """Add the gradient of one batch; returns its loss per token."""
    inputs, _ = tagger.table.batch([sample.words for sample, _ in batch])
    states, back = network.encode(member, tagger.shape, inputs, rng, (settings.dropout, settings.blanked))
    d_states = np.zeros_like(states)
    total = 0.0
    sizes = np.array([len(sample.words) for sample, _ in batch])
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    for head in tagger.heads:
        named = (head, crf.TagSet.of(tagger.heads[head]))
        for factor, targets in (
            (1.0, [one.tags.get(head) for one, _ in batch]),
            (settings.guess_weight, [one.beliefs.get(head) for one, _ in batch]),
        ):
            chosen = [i for i, target in enumerate(targets) if target is not None]
            if not chosen:
                continue
            tokens = np.concatenate([np.arange(begins[i], begins[i] + sizes[i]) for i in chosen])
            wanted = np.concatenate([target for target in targets if target is not None])
            weight = sum(batch[i][1] * sizes[i] for i in chosen) / len(states) * factor
            loss, d_tokens = _head_loss(member, named, (states[tokens], wanted, inputs.first[tokens]), weight)
            d_states[tokens] += d_tokens
            total += loss
    back(d_states)
    return total


def _head_loss(
    member: Weights,
    named: tuple[str, crf.TagSet],
    texts: tuple[Floats, NDArray[np.generic], NDArray[np.bool_]],
    weight: float,
) -> tuple[float, Floats]:
    """Loss of one head and its gradient; `texts`: states, tags (or beliefs) and sentence starts of its tokens."""
    states, wanted, first = texts
    starts = np.flatnonzero(first)
    pack = Pack.of(starts, np.diff(np.append(starts, len(states))))
    scores, back = network.emissions(member, named[0], states)
    packed, aim = scores[pack.forward], wanted[pack.forward]
    if wanted.ndim == 2:
        chain = crf.Chain.of(member, *named)
        loss, d_packed = crf.soft_loss_and_gradient(packed, chain, aim.astype(np.float32), pack, weight)
    else:
        loss, d_packed = crf.loss_and_gradient(member, named, packed, aim.astype(np.int64), pack, weight)
    d_scores = np.empty_like(scores)
    d_scores[pack.forward] = d_packed
    return loss, back(d_scores)
