"""What is computed again alone: a find that noise could change, unless a finder found something there."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest
import spacy

from pipeline.evidence import Label
from pipeline.model.tagger import Find
from pipeline.model.tokenizer import split_words
from pipeline.tag import model_heads
from pipeline.tag.found import Found
from pipeline.tag.spans import write_finds


@pytest.mark.parametrize(
    ("score", "kept"),
    [
        (0.7, True),  # on the threshold
        (0.745, True),  # rounds to 0.74 or 0.75
        (0.74, False),
        (0.69, False),  # far below the threshold
        (0.744, False),  # no noise is that wide
        (0.9948, False),
    ],
)
def test_only_finds_near_a_decision_are_on_edge(score: float, kept: bool) -> None:
    tagger = SimpleNamespace(calibration={"bc5cdr": (0.5, 0.0)})
    found = {"bc5cdr": [Find(0, 1, "CHEMICAL", score)], "phee": [], "ncbi": []}
    assert bool(model_heads._on_edge(tagger, found)["bc5cdr"]) is kept  # type: ignore[arg-type]


def test_company_moves_a_chance_by_less_than_the_noise_allowed_for() -> None:
    tagger = model_heads.ModelComponent("default").tagger
    assert tagger is not None
    texts = [
        split_words(f"{drug} reduced proteinuria in {count} patients with {disease} and diabetes mellitus.")[0]
        for count, (drug, disease) in enumerate(product(("Tacrolimus", "Oral sirolimus"), ("hypertension", "gout")), 3)
    ]
    together = tagger.predict(texts, ("bc5cdr",), range(len(texts)))
    for text, company in zip(texts, together, strict=True):
        (alone,) = tagger.predict([text], ("bc5cdr",))
        assert [(find.start, find.end, find.label) for find in alone["bc5cdr"]] == [
            (find.start, find.end, find.label) for find in company["bc5cdr"]
        ]
        assert company["bc5cdr"]
        for one, other in zip(alone["bc5cdr"], company["bc5cdr"], strict=True):
            assert abs(one.score - other.score) <= model_heads._slack(one.score, tagger.calibration["bc5cdr"])


@pytest.mark.parametrize(("start", "stands"), [(0, False), (9, True)])
def test_a_find_where_a_finder_found_something_is_not_read(start: int, stands: bool) -> None:
    doc = spacy.blank("en")("Losartan lisinopril")
    write_finds(doc, Label.DRUG.value, [Found(Label.DRUG, 0, 8)], extractor="drug")
    assert model_heads._stands(doc, Found(Label.DRUG, start, start + 8)) is stands
