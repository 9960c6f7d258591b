"""Which drugs of a sentence are given together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.model.combination import read_sentences, save, train
from pipeline.relate.combination import SLOTS, Place, find_combinations, pair_features


def places(text: str, *names: str) -> list[Place]:
    return [Place(text.index(name), text.index(name) + len(name)) for name in names]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Patients received combination therapy with alphamab plus betanib.", ("alphamab", "betanib"), [(0, 1)]),
        ("We compared alphamab versus betanib in advanced disease.", ("alphamab", "betanib"), []),
    ],
)
def test_plus_joins_and_versus_splits(text: str, names: tuple[str, ...], expected: list[tuple[int, ...]]) -> None:
    assert find_combinations(text, places(text, *names)) == expected


def test_training_learns_from_the_lines_and_is_repeatable(tmp_path: Path) -> None:
    rows = []
    for number in range(30):
        for word, is_together in (("plus", True), ("versus", False)):
            text = f"Drug{number}a {word} drug{number}b."
            ends = (text.index(" "), len(text) - 1)
            spans = [
                {"span_id": 0, "start": 0, "end": ends[0]},
                {"span_id": 1, "start": text.rindex(" ") + 1, "end": ends[1]},
            ]
            rels = [{"class": "POS", "spans": [0, 1]}] if is_together else []
            rows.append({"doc_id": f"{number}{word}", "sentence": text, "spans": spans, "rels": rels})
    file = tmp_path / "made.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    sentences = read_sentences(file)
    weights = [
        train(
            sentences, lambda one, i, j: pair_features(one.text, [Place(*d) for d in one.drugs], i, j), SLOTS, epochs=3
        )
        for _ in range(2)
    ]
    assert np.array_equal(weights[0], weights[1])
    text = "Newone plus newtwo."
    assert find_combinations(text, places(text, "Newone", "newtwo"), weights=weights[0]) == [(0, 1)]
    text = "Newone versus newtwo."
    assert find_combinations(text, places(text, "Newone", "newtwo"), weights=weights[0]) == []
    save(weights[0], tmp_path)
    assert (tmp_path / "weights.npz").stat().st_size < 200_000
