"""Scores: strict counts, other pipelines by a label map, drug and dose pairs, abbreviation pairs, the JSON contract."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import spacy
from click.testing import CliRunner

from pipeline.cli.evaluate import command
from pipeline.evaluate.abbreviations import read_med1250, score_abbreviations
from pipeline.evaluate.doses import pair_doses
from pipeline.evaluate.fit_confidence import examples
from pipeline.evaluate.gold import folders_and_target, gold_papers, gold_spans
from pipeline.evaluate.score import Scores
from tests import evidence_made
from tests.model import corpora


def test_scores_are_strict() -> None:
    scores = Scores()
    scores.add([((0, 3), "A"), ((5, 9), "B")], [((0, 3), "A"), ((5, 8), "B"), ((5, 9), "A")])
    report = scores.report()
    assert report["micro"] == {"p": 0.3333, "r": 0.5, "f1": 0.4}
    assert report["labels"]["A"] == {"p": 0.5, "r": 1.0, "f1": 0.6667}


def test_empty_scores_do_not_divide_by_zero() -> None:
    assert Scores().report() == {"micro": {"p": 0.0, "r": 0.0, "f1": 0.0}, "labels": {}}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Another spaCy pipeline, with labels of its own."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "DRG", "pattern": "Zorvatin"}, {"label": "OTHER", "pattern": "adults"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "rules")
    return tmp_path / "rules"


def test_another_pipeline_by_label_map(tmp_path: Path, rules: Path) -> None:
    data = corpora.write_pubtator(tmp_path / "data")
    arguments = ["bc5cdr", "--data", str(data), "--model", str(rules), "--label-map", "DRG=CHEMICAL", "--json"]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    report = json.loads(result.stdout)
    assert set(report) == {"micro", "labels"}
    assert set(report["labels"]) == {"CHEMICAL"}
    assert report["labels"]["CHEMICAL"]["p"] == 1.0
    assert 0 < report["labels"]["CHEMICAL"]["r"] < 1


def test_our_heads_are_asked_of_no_other_pipeline(tmp_path: Path, rules: Path) -> None:
    data = corpora.write_pubtator(tmp_path / "data")
    result = CliRunner().invoke(command, ["bc5cdr", "--data", str(data), "--model", str(rules)])
    assert result.exit_code != 0
    assert "--label-map" in str(getattr(result.exception, "what_to_do", result.output))


@pytest.mark.parametrize(
    ("text", "doses", "drugs", "pairs"),
    [
        ("5 mg of Zorvatin and 7 mg of Mebralin", ["5 mg", "7 mg"], ["Zorvatin", "Mebralin"], [(0, 0), (1, 1)]),
        ("Zorvatin (5 mg) and Mebralin (7 mg)", ["5 mg", "7 mg"], ["Zorvatin", "Mebralin"], [(0, 0), (1, 1)]),
        ("Rash; 5 mg", ["5 mg"], [], []),
    ],
)
def test_doses_go_to_the_nearest_drug(
    text: str, doses: list[str], drugs: list[str], pairs: list[tuple[int, int]]
) -> None:
    def span(part: str, label: str) -> tuple[int, int, str]:
        return (text.index(part), text.index(part) + len(part), label)

    spans = {span(d, "DOSE") for d in doses} | {span(d, "DRUG") for d in drugs}
    wanted = {span(doses[a], "")[:2] + span(drugs[b], "")[:2] for a, b in pairs}
    assert pair_doses(text, spans) == wanted


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Zorvatin at 5 mg was stopped ; after Zorvatin he slept", 2),
        ("Zorvatin at 5 mg , then 9 mg Zorvatin", 2),
        ("Zorvatin at 5 mg , never after Mebralin", 1),
    ],
)
def test_mentions_of_one_name_share_its_only_dose(text: str, pairs: int) -> None:
    spans = {(m.start(), m.end(), "DRUG") for m in re.finditer("Zorvatin|Mebralin", text)}
    spans |= {(m.start(), m.end(), "DOSE") for m in re.finditer(r"\d mg", text)}
    assert len(pair_doses(text, spans)) == pairs


def test_abbreviation_pairs(tmp_path: Path) -> None:
    path = tmp_path / "labeled.txt"
    path.write_text(
        "11\nUse of low dose therapy (LDT).\nNothing here.\n  LDT|low dose therapy\n\n12\nNo pair.\nAt all.\n",
        encoding="utf-8",
    )
    records = read_med1250(path)
    assert [pairs for _, pairs in records] == [{("LDT", "low dose therapy")}, set()]
    assert "|" not in records[0][0]
    scores = score_abbreviations(
        records, lambda text: [("LDT", "Low  dose therapy")] if "LDT" in text else [("X", "y")]
    )
    assert scores.report()["micro"] == {"p": 0.5, "r": 1.0, "f1": 0.6667}


def test_gold_strings_count_as_whole_words_longest_first() -> None:
    text = "MMF and MMFx, high MMF dose"
    assert gold_spans(text, ["MMF", "MMF dose"]) == {(0, 3), (19, 27)}


def test_a_gold_folder_named_twice_counts_twice(tmp_path: Path) -> None:
    for folder, names in (("a", ("one", "two")), ("b", ("three",))):
        (tmp_path / folder / "json").mkdir(parents=True)
        for name in names:
            (tmp_path / folder / "json" / f"{name}.json").write_text(
                json.dumps({"doc": f"{name}.txt"}), encoding="utf-8"
            )
    a, b = tmp_path / "a", tmp_path / "b"
    found = [(path.relative_to(tmp_path).as_posix(), times) for path, _, times in gold_papers([a, b, a])]
    assert found == [("a/docs/one.txt", 2), ("a/docs/two.txt", 2), ("b/docs/three.txt", 1)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["a", "b"], ([Path("a"), Path("b")], None)),
        (["a", "--to", "weights.json", "b"], ([Path("a"), Path("b")], Path("weights.json"))),
    ],
)
def test_folders_and_the_file_to_write(arguments: list[str], expected: tuple[list[Path], Path | None]) -> None:
    assert folders_and_target(arguments) == expected


def test_rows_of_a_paper_that_counts_thrice_stay_in_one_fold() -> None:
    gold: dict[str, object] = {"arms": [], "results": [], "comparisons": []}
    evidence = evidence_made.evidence()
    rows = examples([(evidence, gold, 3), (evidence, gold, 1)])["results"]
    once = len(evidence.results)
    assert once
    assert [row.document for row in rows] == [0] * 3 * once + [1] * once
