"""Spans chosen one by one: chances against brute force, the best set, a model with a ranker, where results begin."""

from __future__ import annotations

import json
from itertools import combinations, pairwise, product
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.train import command
from pipeline.evaluate.run import evaluate
from pipeline.model import crf, ranking, results_part
from pipeline.model.recurrent import Pack
from pipeline.model.tagger import Tagger
from tests.model import corpora

NEVER = np.float32(-1e4)


def chain_of(tags: crf.TagSet, rng: np.random.Generator) -> crf.Chain:
    follow, start, end = tags.rules()
    size = tags.size
    return crf.Chain(
        np.where(follow, rng.normal(size=(size, size)), NEVER).astype("f"),
        np.where(start, rng.normal(size=size), NEVER).astype("f"),
        np.where(end, rng.normal(size=size), NEVER).astype("f"),
    )


@pytest.mark.parametrize("tags", [crf.TagSet(("X",), 4), crf.TagSet(("X", "Y"), 2)])
def test_chances_of_spans_agree_with_enumeration(tags: crf.TagSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "_CANDIDATE", 0.0)
    rng = np.random.default_rng(1)
    chain, scores = chain_of(tags, rng), rng.normal(size=(7, tags.size)).astype("f")
    starts, lengths = np.array([0, 3]), np.array([3, 4])
    found = {one[:3]: one[3] for one in ranking.span_chances(scores, chain, tags, starts, lengths)}
    for begin, size in zip(starts.tolist(), lengths.tolist(), strict=True):
        mass: dict[tuple[int, int, str], float] = {}
        total = 0.0
        for path in product(range(tags.size), repeat=size):
            value = chain.start[path[0]] + chain.end[path[-1]]
            value += sum(scores[begin + i, tag] for i, tag in enumerate(path))
            value += sum(chain.follow[a, b] for a, b in pairwise(path))
            if value > -1000:
                total += np.exp(value)
                for a, b, label in tags.decode(list(path)):
                    key = (begin + a, begin + b, label)
                    mass[key] = mass.get(key, 0.0) + np.exp(value)
        own = {key: chance for key, chance in found.items() if begin <= key[0] < begin + size}
        assert set(own) == set(mass)
        assert all(chance == pytest.approx(mass[key] / total, abs=1e-5) for key, chance in own.items())


def test_soft_labels_lead_towards_the_teachers_beliefs() -> None:
    rng = np.random.default_rng(2)
    tags = crf.TagSet(("X",), 4)
    chain, pack = chain_of(tags, rng), Pack.of(np.array([0, 2]), np.array([2, 4]))
    scores, other = rng.normal(size=(2, 6, tags.size)).astype("f")
    beliefs = crf.infer(other, chain, pack).marginals
    _, gradient = crf.soft_loss_and_gradient(scores, chain, beliefs, pack, 1.0)
    place = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
    around = []
    for step in (1e-2, -1e-2):
        moved = scores.copy()
        moved[place] += step
        around.append(crf.soft_loss_and_gradient(moved, chain, beliefs, pack, 1.0)[0])
    assert (around[0] - around[1]) / 2e-2 == pytest.approx(gradient[place], rel=0.02)
    _, none = crf.soft_loss_and_gradient(other, chain, beliefs, pack, 1.0)
    assert np.abs(none).max() < 1e-6


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4), st.floats(0.01, 0.99)), max_size=7))
def test_no_set_of_spans_is_better_than_the_best(drawn: list[tuple[int, int, float]]) -> None:
    spans = [(start, start + size, "X") for start, size, _ in drawn]
    chances = [chance for _, _, chance in drawn]

    def gain(chosen: tuple[int, ...]) -> float:
        return sum(chances[i] - ranking.LEAST for i in chosen)

    def apart(chosen: tuple[int, ...]) -> bool:
        return all(spans[i][1] <= spans[j][0] or spans[j][1] <= spans[i][0] for i, j in combinations(chosen, 2))

    found = tuple(ranking.best_set(spans, chances))
    sets = [one for size in range(len(spans) + 1) for one in combinations(range(len(spans)), size) if apart(one)]
    assert apart(found)
    assert gain(found) == pytest.approx(max(map(gain, sets)))


def test_a_line_learns_whom_to_trust() -> None:
    rng = np.random.default_rng(3)
    own, useful, useless = rng.normal(size=400), rng.random(400), rng.random(400)
    right = (rng.random(400) < 1 / (1 + np.exp(-(0.5 * own + 4 * useful - 2)))).astype(float)
    line = ranking.fit(("a", "b"), np.stack([np.ones(400), own, useful, useless], axis=1), right)
    assert line.weights[2] > 2 > abs(line.weights[3])
    assert 0.2 < line.weights[1] < 0.8


def test_a_model_with_a_ranker_finds_stores_and_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "RANKED", {"bc5cdr": ("absent",)})
    data = corpora.write_pubtator(tmp_path / "bc5cdr", copies=24)
    size = ["--steps", "120", "--batch-words", "60", "--width", "16", "--hidden", "8"]
    made = CliRunner().invoke(command, ["--data", f"bc5cdr={data}", "--out", str(tmp_path / "model"), *size])
    assert made.exit_code == 0, made.output
    tagger = Tagger.load(tmp_path / "model" / "tagger")
    assert tagger.rankers["bc5cdr"].others == ()
    (found,) = tagger.predict([["Mebralin", "and", "Zorvatin", "were", "safe", "."]], ["bc5cdr"], careful=True)
    assert [(one.start, one.end, one.label) for one in found["bc5cdr"]] == [(0, 1, "CHEMICAL"), (2, 3, "CHEMICAL")]
    assert all(ranking.LEAST < one.score < 1 for one in found["bc5cdr"])
    report = evaluate("bc5cdr", data, str(tmp_path / "model"), None, print).report()
    assert report["micro"]["f1"] > 0.7  # type: ignore[operator]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> results_part.ResultsPart:
    path = tmp_path_factory.mktemp("trials") / "articles.jsonl"
    text = (
        "TITLE: Zorvatin for cough\nABSTRACT.BACKGROUND:\nCough is common. We aimed to study Zorvatin {i} .\n"
        "ABSTRACT.METHODS:\nAdults were randomly assigned to Zorvatin. The primary outcome was cough.\n"
        "ABSTRACT.RESULTS:\nCough was lower with Zorvatin (p < 0.0{i}) here. Pain did not differ between groups.\n"
        "ABSTRACT.CONCLUSIONS:\nZorvatin significantly reduced cough.\nBODY.INTRO:\nMore."
    )
    path.write_text("\n".join(json.dumps({"text": text.replace("{i}", str(i))}) for i in range(1, 9)), encoding="utf-8")
    found = results_part.read_abstracts(path)
    assert [sum(labels) for _, labels in found] == [3] * 8
    part = results_part.learn(found)
    part.save(path.with_name("results.npz"))
    return results_part.ResultsPart.load(path.with_name("results.npz"))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Cough is common . We aimed to study Mebralin . Pain was lower ( p < 0.04 ) here . It reduced pain .", "Pain"),
        ("RESULTS : Cough is common . We aimed to study Mebralin . Pain was lower ( p < 0.04 ) .", "RESULTS"),
        ("We aimed to study Mebralin .", "We"),
        ("Pain was lower with Mebralin ( p < 0.01 ) here . Cough did not differ between groups .", "Pain"),
    ],
)
def test_results_begin(results: results_part.ResultsPart, text: str, first: str) -> None:
    words = text.split()
    assert words[results.begins(words)] == first


def test_an_empty_text_has_no_results(results: results_part.ResultsPart) -> None:
    assert results.begins([]) == 0
