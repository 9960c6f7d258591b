"""From a plan to a model folder: train, score the held-out parts, write the pipeline and its card."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from pipeline.errors import ModelMismatch
from pipeline.evaluate.card import write_card
from pipeline.evaluate.doses import score_pairs
from pipeline.evaluate.spans import predict_heads, score_spans
from pipeline.model.calibration import fit_ranker
from pipeline.model.component import DEFAULT_HEADS, TrainedTagger
from pipeline.model.corpora.labelled import Gold, Labelled
from pipeline.model.corpora.registry import CORPORA
from pipeline.model.recipe import Parts, Plan, build
from pipeline.model.tagger import COMPONENT, Tagger
from pipeline.model.tokenizer import make_tokenizer  # noqa: F401  (registers the tokenizer)

VERSION = "0.1.0"
_FOLDS = 5


def assemble(tagger: Tagger) -> Language:
    """A spaCy pipeline around a tagger."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "evidence.split_tokenizer.v1"}}})
    active = [head for head in DEFAULT_HEADS if head in tagger.heads] or list(tagger.heads)
    component = nlp.add_pipe("evidence_trained_tagger", name=COMPONENT, config={"active": active})
    assert isinstance(component, TrainedTagger)  # noqa: S101
    component.tagger = tagger
    nlp.meta.update(
        name="evidence_ner",
        version=VERSION,
        description="Chemicals, diseases, doses, outcomes, participants and trial numbers in biomedical abstracts.",
        license="Apache-2.0",
        requirements=["evidence-pipeline"],
    )
    return nlp


def release(plan: Plan, out: Path, twin: Path | None, say: Callable[[str], None]) -> None:
    """Build and write the model.

    Args:
        plan: what to build.
        out: folder of the pipeline.
        twin: a model of the same plan trained without the development parts; a model trained with them takes its
            calibration and its scores from there, since nothing was held out.
        say: receives progress lines.

    Raises:
        ModelMismatch: the twin is not a model.
    """
    begun = time.monotonic()
    tagger, parts = build(plan, say)
    say("scoring the held-out texts" if any(part.dev for part in parts.values()) else "no held-out texts")
    scores = score_parts(tagger, parts)
    if twin is not None:
        other = Tagger.load(twin / COMPONENT)
        if set(tagger.heads) - set(other.heads):
            raise ModelMismatch(f"The twin {twin} lacks heads.", what_to_do="Give a model of the same recipe.")
        tagger.calibration, tagger.rankers = other.calibration, other.rankers
        scores = json.loads((twin / "scores.json").read_text(encoding="utf-8"))["scores"]
    nlp = assemble(tagger)
    nlp.to_disk(out)
    facts = {"of_twin": twin is not None, "scores": scores}
    (out / "scores.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8", newline="\n")
    write_card(out)
    say(f"written to {out} after {time.monotonic() - begun:.0f} s")


def score_parts(tagger: Tagger, parts: dict[str, Parts]) -> dict[str, Any]:
    """Reports of the held-out texts per corpus."""
    nlp = assemble(tagger)
    reports: dict[str, Any] = {}
    for name, part in parts.items():
        heads = [head for head in CORPORA[name].heads if head in tagger.heads]
        if not part.dev or not heads:
            continue
        if any(head in tagger.rankers for head in heads):
            found = _cross_fitted(tagger, nlp, part.dev, heads)
        else:
            found = predict_heads(nlp, part.dev, heads)
        scores = score_spans(part.dev, found, CORPORA[name].heads)
        reports[name] = scores.report() | {"texts": len(part.dev)}
        if name == "ade":
            reports["ade pairs"] = score_pairs(nlp, part.dev).report() | {"texts": len(part.dev)}
    return reports


def _cross_fitted(tagger: Tagger, nlp: Language, texts: Sequence[Labelled], heads: Sequence[str]) -> list[set[Gold]]:
    """Spans of texts on which the rankers were fitted: each fifth of them with rankers fitted on the others."""
    kept = dict(tagger.rankers)
    found: list[set[Gold]] = [set() for _ in texts]
    for fold in range(_FOLDS):
        own = [i for i in range(len(texts)) if i % _FOLDS == fold]
        rest = [text for i, text in enumerate(texts) if i % _FOLDS != fold]
        tagger.rankers = {head: fit_ranker(tagger, head, rest) or kept[head] for head in kept}
        for i, spans in zip(own, predict_heads(nlp, [texts[i] for i in own], heads), strict=True):
            found[i] = spans
    tagger.rankers = kept
    return found
