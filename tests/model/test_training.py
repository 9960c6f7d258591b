"""Training on a tiny made-up corpus: it learns, it repeats itself exactly, and what it writes loads or says why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from click.testing import CliRunner

from pipeline.cli.train import command
from pipeline.errors import ModelMismatch, ModelNotFound
from pipeline.evaluate.run import evaluate
from pipeline.model import load
from pipeline.model.calibration import fit_line
from pipeline.model.recipe import averaged, mean_of
from pipeline.model.training import Sample, guess
from tests.model import corpora

QUICK = ["--steps", "120", "--batch-words", "60", "--width", "16", "--hidden", "8"]


def train(data: Path, out: Path, *more: str) -> Path:
    result = CliRunner().invoke(
        command, ["--data", f"bc5cdr={data}", "--out", str(out), *QUICK, *more], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpora.write_pubtator(tmp_path_factory.mktemp("bc5cdr"), copies=8)


@pytest.fixture(scope="module")
def model(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(data, tmp_path_factory.mktemp("model"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(data: Path, model: Path, tmp_path: Path) -> None:
    again, other = train(data, tmp_path / "again"), train(data, tmp_path / "other", "--seed", "2")
    assert contents(again) == contents(model)
    assert contents(other)["tagger/weights.npz"] != contents(model)["tagger/weights.npz"]


def test_it_learns_and_scores_the_development_part(data: Path, model: Path) -> None:
    said: list[str] = []
    report = evaluate("bc5cdr", data, str(model), None, said.append).report()
    assert report["micro"]["f1"] > 0.7  # type: ignore[operator]
    assert set(report["labels"]) == {"CHEMICAL", "DISEASE"}
    assert any("'dev'" in line for line in said)


def test_spans_keep_exact_offsets_under_another_tokenizer(model: Path) -> None:
    nlp = load(model)
    nlp.tokenizer = spacy.blank("en").tokenizer
    doc = nlp("Fatigue followed Zorvatin-induced anaemia .")
    attrs = doc.spans["ner:bc5cdr"].attrs
    found = [(doc.text[a:b], label) for (a, b), label in zip(attrs["ranges"], attrs["labels"], strict=True)]
    assert ("Zorvatin", "CHEMICAL") in found
    assert all(0 < score < 1 for score in attrs["scores"])


def test_texts_do_not_depend_on_their_batch(model: Path) -> None:
    nlp = load(model)
    texts = ["Zorvatin lowered pain .", "", "We gave Mebralin .\n\nChronic cough came back .", "…"]
    together = [doc.spans["ner:bc5cdr"].attrs["ranges"] for doc in nlp.pipe(texts)]
    alone = [nlp(text).spans["ner:bc5cdr"].attrs["ranges"] for text in texts]
    assert together == alone


def test_several_members_are_averaged(data: Path, tmp_path: Path) -> None:
    folder = train(data, tmp_path / "two", "--members", "2")
    with np.load(folder / "tagger" / "weights.npz") as stored:
        assert {key.split("/")[0] for key in stored.files} == {"0", "1"}
    assert load(folder)("Zorvatin lowered pain .").spans["ner:bc5cdr"].attrs["labels"]


def test_training_goes_on_from_a_model(data: Path, model: Path, tmp_path: Path) -> None:
    folder = train(data, tmp_path / "on", "--with-dev", "--start", str(model), "--twin", str(model), "--steps", "1")
    assert evaluate("bc5cdr", data, str(folder), None, print).report()["micro"]["f1"] > 0.7  # type: ignore[operator]


def test_the_mean_of_two_models_is_taken_without_training(data: Path, model: Path, tmp_path: Path) -> None:
    on = train(data, tmp_path / "on", "--start", str(model), "--steps", "3", "--rate", "0.01")
    mean = train(data, tmp_path / "mean", "--start", str(model), "--start", str(on), "--steps", "0")
    a, b, c = (np.load(folder / "tagger" / "weights.npz")["0/bc5cdr.W"] for folder in (model, on, mean))
    assert not np.array_equal(a, b)
    assert np.allclose(c, (a + b) / 2, atol=2e-3)
    assert "mean of the weights" in (mean / "README.md").read_text(encoding="utf-8")


def test_models_of_another_kind_have_no_mean(data: Path, model: Path, tmp_path: Path) -> None:
    other = train(data, tmp_path / "other", "--width", "12", "--steps", "1")
    with pytest.raises(ModelMismatch):
        averaged([model, other])


def test_teachers_fill_in_the_labels_a_corpus_lacks(data: Path, model: Path, tmp_path: Path) -> None:
    teachers = [mean_of([model]), mean_of([train(data, tmp_path / "other", "--width", "12", "--steps", "1")])]
    text = Sample(("Zorvatin", "lowered", "pain", "."), {})
    ((one,), (other,), (both,)) = (guess(some, [text], ["bc5cdr"]) for some in (teachers[:1], teachers[1:], teachers))
    mean = (one.beliefs["bc5cdr"] + other.beliefs["bc5cdr"]) / 2
    assert np.allclose(both.beliefs["bc5cdr"], mean, atol=1e-2)
    assert np.allclose(one.beliefs["bc5cdr"].sum(axis=1), 1, atol=1e-2)
    assert one.beliefs["bc5cdr"][0, 0] < 0.5 < one.beliefs["bc5cdr"][1, 0]
    own = Sample(text.words, {"bc5cdr": np.zeros(4, dtype=np.int64)})
    assert not guess(teachers, [own], ["bc5cdr"])[0].beliefs


def test_hidden_words_of_plain_texts_are_guessed_while_training(data: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{i} {' '.join(f'{v:.3f}' for v in rng.normal(size=8))}" for i in range(50)]
    (tmp_path / "vec.floret").write_text("50 8 3 5 2 1 < >\n" + "\n".join(rows) + "\n", encoding="utf-8")
    line = "Zorvatin lowered the pain of adults who had been given Mebralin for many weeks and then stopped . "
    (tmp_path / "plain.txt").write_text((line * 2 + "\n") * 5, encoding="utf-8")
    more = ["--vectors", str(tmp_path / "vec.floret"), "--steps", "30"]
    alone = train(data, tmp_path / "alone", *more)
    both = train(data, tmp_path / "both", *more, "--plain", str(tmp_path / "plain.txt"), "--masked-words", "40")
    a, b = (np.load(folder / "tagger" / "weights.npz") for folder in (alone, both))
    assert a.files == b.files
    assert not np.array_equal(a["0/lstm.W"], b["0/lstm.W"])


def test_a_model_with_the_development_part_takes_its_twins_scores(data: Path, model: Path, tmp_path: Path) -> None:
    folder = train(data, tmp_path / "full", "--with-dev", "--twin", str(model))
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "figures of its twin" in card
    assert "public domain" in card


@pytest.mark.parametrize(
    ("name", "damage", "error"),
    [
        ("tagger/weights.npz", b"not a model", ModelMismatch),
        ("tagger/tagger.json", b"{}", ModelMismatch),
        ("tagger/tagger.json", b'{"format": 999, "sha256": {}}', ModelMismatch),
        ("config.cfg", b"[nlp", ModelMismatch),
        ("tagger/tagger.json", None, ModelNotFound),
        ("config.cfg", None, ModelMismatch),
    ],
)
def test_damage_is_told_in_one_line(
    model: Path, tmp_path: Path, name: str, damage: bytes | None, error: type[Exception]
) -> None:
    for path, content in contents(model).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    if damage is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(damage)
    with pytest.raises(error) as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_absent_models_and_heads(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        load(tmp_path / "nothing")
    with pytest.raises(ModelNotFound):
        load("no_such_pipeline_anywhere")
    with pytest.raises(ModelMismatch):
        load(model, heads=("unknown",))


def test_calibration_keeps_its_direction_where_most_spans_are_sure() -> None:
    x = np.concatenate([np.full(900, 9.2), np.linspace(-1, 6, 100)])
    y = np.concatenate([np.arange(900) % 20 != 0, np.linspace(0, 1, 100) > 0.4]).astype(float)
    slope, shift = fit_line(x, y)
    assert 0 < slope < 2
    assert 0.9 < 1 / (1 + np.exp(-(slope * 9.2 + shift))) < 1


def test_calibration_line_recovers_the_odds() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=4000)
    y = (rng.random(4000) < 1 / (1 + np.exp(-(0.5 * x - 1)))).astype(np.float64)
    slope, shift = fit_line(x, y)
    assert slope == pytest.approx(0.5, abs=0.1)
    assert shift == pytest.approx(-1, abs=0.1)
