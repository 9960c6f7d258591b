"""Training and scoring of the ico rankers on a tiny made-up folder of questions and articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.ask.ico_rank import Ranker, load_model
from pipeline.ask.ico_score import evaluate_ico, train_ico
from pipeline.ask.ico_train import fit
from pipeline.errors import UnreadableSource

ARTICLE = """<article><front/><body>
<sec><title>Results</title><p>We compared {drug} with placebo.</p>
<table-wrap><label>Table 1</label><caption><p>Outcomes</p></caption><table><thead><tr><th/><th>{drug} (n = {n})</th>
<th>Placebo (n = 20)</th></tr></thead>
<tbody><tr><td>Relapse, n (%)</td><td>{events} ({percent})</td><td>10 (50)</td></tr>
<tr><td>Fever, n (%)</td><td>1 ({one})</td><td>2 (10)</td></tr></tbody></table></table-wrap></sec></body></article>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "xml").mkdir()
    rows = []
    for number, drug in enumerate(("zaltrofen", "mirbatide", "quoxol", "selvanib"), 1):
        n, events = 20 + number, 3 + number
        text = ARTICLE.format(drug=drug, n=n, events=events, percent=f"{100 * events / n:.1f}", one=f"{100 / n:.1f}")
        (tmp_path / "xml" / f"PMC{number}.xml").write_text(text, encoding="utf-8")
        row = {"pmcid": number, "intervention": drug, "comparator": "placebo", "outcome": "relapse"}
        row |= {"outcome_type": "binary", "intervention_events": events, "intervention_group_size": n}
        rows.append(row | {"comparator_events": 10, "comparator_group_size": 20})
    (tmp_path / "gold.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_training_learns_what_the_questions_show_and_is_repeatable(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    report = train_ico(folder, tmp_path / "a", said.append)
    assert report["exact"]["binary"] == {"right": 4, "all": 4, "share": 1.0}
    assert report["cell_precision"] == 1.0
    train_ico(folder, tmp_path / "b", said.append)
    first, second = (tmp_path / name / "weights.json" for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert load_model(first).articles == {"1", "2", "3", "4"}


def test_articles_that_trained_nothing_are_scored_with_the_shipped_rankers(folder: Path) -> None:
    said: list[str] = []
    report = evaluate_ico(folder, said.append)
    assert "shipped" in report["how"] and said == [report["how"]]
    assert report["exact"]["binary"]["right"] == 4


def test_a_folder_without_questions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"gold\.json"):
        evaluate_ico(tmp_path, print)


def test_a_ranker_prefers_what_was_right() -> None:
    good, bad, none = {"fits": 1.0}, {"fits": 0.0}, {"none": 1.0}
    ranker = fit([([bad, good], none)] * 4, [[False, True, False]] * 4, ["a", "b", "c", "d"], strength=0.1)
    chances = ranker.probabilities([bad, good], none)
    assert chances[1] > 0.5 and sum(chances) == pytest.approx(1.0)
    assert Ranker({}).probabilities([good], none) == [0.5, 0.5]
