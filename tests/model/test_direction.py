"""The direction of an outcome: sentences found, words read, models trained, corpus scored."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.evaluate.evidence_inference import read_prompts, score_directions, train_direction
from pipeline.evidence import Direction
from pipeline.model.direction import Example, train_classifier, train_ranker
from pipeline.relate.ico_direction import DIRECTIONS, decide, load_model
from pipeline.relate.ico_direction_features import feature_names, words_of
from pipeline.relate.ico_evidence import Article, Question, pick

_QUESTION = Question("marizolol", "placebo", "ankle swelling")
_ARTICLE = """TITLE:
Marizolol in stiff ankles

ABSTRACT.METHODS:
Sixty adults were randomised to marizolol or placebo for six weeks.

ABSTRACT.RESULTS:
{}

BODY.INTRODUCTION:
Ankles swell for many reasons, and little is known about them.
"""


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("Ankle swelling was significantly lower with marizolol than with placebo (p = 0.01).", Direction.DECREASED),
        ("Ankle swelling was significantly higher with marizolol than with placebo (p = 0.01).", Direction.INCREASED),
        (
            "There was no significant difference in ankle swelling between marizolol and placebo (p = 0.61).",
            Direction.NO_DIFFERENCE,
        ),
    ],
)
def test_decides_with_its_sentence(sentence: str, direction: Direction) -> None:
    text = _ARTICLE.format(sentence)
    decision = decide(Article(text), _QUESTION)
    assert decision.direction is direction
    assert text[decision.start : decision.end] == sentence
    assert 0.33 < decision.confidence <= 1.0


def test_an_empty_article_has_no_place() -> None:
    decision = decide(Article(""), _QUESTION)
    assert (decision.start, decision.end, decision.confidence) == (None, None, 0.0)


def test_units_are_places_of_the_article() -> None:
    text = _ARTICLE.format("The visual analogue scale (VAS) fell. VAS was 3 and 5.\nPain\n3/40\n5/41\nItch\n1/40\n2/41")
    article = Article(text)
    rows = [text[unit.start : unit.end] for unit in article.units if unit.is_row]
    assert rows[-2:] == ["Pain\n3/40\n5/41", "Itch\n1/40\n2/41"]
    last = next(unit for unit in article.units if text[unit.start : unit.end].startswith("VAS was"))
    assert last.text.startswith("visual analogue scale")
    assert last.section == "abstract results"
    assert [article.units[place] for place in pick(article.units, last.start, last.end)] == [last]


def test_features_know_roles_and_significance() -> None:
    words = words_of(_QUESTION)
    names = feature_names("Swelling was lower with marizolol than with placebo (P = 0.03).", words)
    assert {"so:OUT DOWN INT CMP", "sm:PSIG", "sx:DOWN:IC:PSIG"} <= names
    turned = feature_names("Swelling was lower with placebo than with marizolol (P = 0.30).", words)
    assert {"so:OUT DOWN CMP INT", "sm:PNOT", "sx:DOWN:CI:PNOT"} <= turned


def test_figures_are_compared_in_the_order_of_the_arms() -> None:
    words = words_of(_QUESTION)
    assert "sf:MORE" in feature_names("Marizolol and placebo gave swelling in 31% and 12%, respectively.", words)
    assert "sf:LESS" in feature_names("Placebo and marizolol gave swelling in 31% and 12%, respectively.", words)


def test_ranker_learns_the_telling_feature() -> None:
    draw = np.random.default_rng(3)
    articles = []
    for _ in range(20):
        table = draw.normal(size=(9, 3))
        articles.append((table, [int(table[:, 1].argmax())]))
    weights = train_ranker(articles, rounds=60)
    assert weights[1] > 5 * max(abs(weights[0]), abs(weights[2]))


def test_classifier_is_deterministic_and_learns() -> None:
    examples = [Example(np.array([0, label + 1]), np.array([1.0, 1.0]), label) for label in (0, 1, 2)] * 10
    first, second = (train_classifier(examples, 5, 3) for _ in range(2))
    assert (first == second).all()
    assert [int((first[0] + first[label + 1]).argmax()) for label in range(3)] == [0, 1, 2]


def _corpus(folder: Path) -> Path:
    answers = {
        "1": ("-1", "Ankle swelling was significantly lower with marizolol than with placebo (p = 0.01)."),
        "2": ("0", "Ankle swelling did not differ between marizolol and placebo (p = 0.52)."),
        "3": ("1", "Ankle swelling was significantly higher with marizolol than with placebo (p = 0.02)."),
    }
    asked = [["PromptID", "PMCID", "Outcome", "Intervention", "Comparator"]]
    given = [["PromptID", "PMCID", "Valid Label", "Label Code", "Evidence Start", "Evidence End"]]
    lines = []
    for key, (code, sentence) in answers.items():
        text = _ARTICLE.format(sentence)
        start = text.index(sentence)
        asked.append([key, key, _QUESTION.outcome, _QUESTION.intervention, _QUESTION.comparator])
        given.append([key, key, "True", code, str(start), str(start + len(sentence))])
        given.append([key, key, "False", "0", "0", "5"])
        lines.append(json.dumps({"pmcid": f"PMC{key}", "text": text}))
    for name, rows in (("prompts_merged.csv", asked), ("v2_annotations.csv", given)):
        with (folder / name).open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(rows)
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_corpus_is_read_scored_and_trained_on(tmp_path: Path) -> None:
    folder = _corpus(tmp_path)
    prompts = read_prompts(folder)
    assert [prompts[f"PMC{key}"][0].answer for key in (1, 2, 3)] == [0, 1, 2]
    said: list[str] = []
    scores = score_directions(folder, said.append)
    assert (scores.right.total(), scores.gold.total()) == (3, 3)
    assert "accuracy 1.000 of 3" in said[-1]
    files = [train_direction(folder, tmp_path / name, said.append, with_dev=True) for name in ("a", "b")]
    assert files[0].read_bytes() == files[1].read_bytes()
    article = Article(_ARTICLE.format("Ankle swelling was significantly higher with marizolol than with placebo."))
    assert decide(article, _QUESTION, load_model(files[0])).direction is DIRECTIONS[2]
