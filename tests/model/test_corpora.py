"""Readers: every gold span is the text it should be, and parts are found by the names of files and folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import UnknownFormat, UnreadableSource
from pipeline.model.corpora.labelled import Labelled, spans_of_tags
from pipeline.model.corpora.registry import CORPORA, part_of, read_part
from pipeline.model.recipe import Parts, without_held_out
from tests.model import corpora


def marked(text: Labelled, head: str) -> list[tuple[str, str]]:
    return [(text.text[start:end], label) for start, end, label in text.gold[head]]


def test_pubtator_joins_title_and_abstract(tmp_path: Path) -> None:
    corpora.write_pubtator(tmp_path)
    part, texts = read_part(CORPORA["bc5cdr"], tmp_path, ("test", "dev"))
    assert part == "dev"
    assert marked(texts[0], "bc5cdr")[:3] == [("Zorvatin", "CHEMICAL"), ("pain", "DISEASE"), ("Mebralin", "CHEMICAL")]


def test_iob_keeps_the_corpus_tokens(tmp_path: Path) -> None:
    _, (text,) = read_part(CORPORA["ncbi"], corpora.write_iob(tmp_path / "test.tsv"), ("test",))
    assert text.words == ("Severe", "cough", ".", "No", "Morbus", "X", ".")
    assert marked(text, "ncbi") == [("cough", "DISEASE"), ("Morbus X", "DISEASE")]


def test_phee_reads_every_fragment(tmp_path: Path) -> None:
    _, (text,) = read_part(CORPORA["phee"], corpora.write_phee(tmp_path / "test.json"), ("test",))
    assert marked(text, "phee") == [("5 mg", "DOSAGE"), ("Zorvatin", "DRUG"), ("rash", "EFFECT"), ("legs", "EFFECT")]
    assert marked(text, "phee_subject") == [("A man", "SUBJECT")]


def test_ctro_groups_classes_and_separates_layers(tmp_path: Path) -> None:
    _, (text,) = read_part(CORPORA["ctro"], corpora.write_ctro(tmp_path / "test"), ("test",))
    assert marked(text, "ctro") == [("Dorzolamide / timolol", "Drug"), ("2", "DoseValue"), ("Novimab", "Drug")]
    assert marked(text, "ctro_inner") == [("timolol", "Drug")]


def test_outcomes_are_read_from_results_and_conclusions_only(tmp_path: Path) -> None:
    body = "Title.\n\nMETHODS : We counted falls.\n\nRESULTS : Falls were rare.\n\nCONCLUSIONS : Gait was better.\n"
    (tmp_path / "7.txt").write_text(body, encoding="utf-8")
    rows = [("Falls", body.index("Falls")), ("Gait was", body.index("Gait")), ("Gait", body.index("Gait"))]
    ann = "\n".join(f"T{i}\tOutcome {at} {at + len(word)}\t{word}" for i, (word, at) in enumerate(rows))
    (tmp_path / "7.ann").write_text(ann, encoding="utf-8")
    _, (text,) = read_part(CORPORA["evidence_outcomes"], tmp_path, ("test",))
    assert "METHODS" not in text.text
    assert marked(text, "outcomes") == [("Falls", "OUTCOME"), ("Gait was", "OUTCOME")]


def test_trials_give_results_and_conclusions_without_labels(tmp_path: Path) -> None:
    body = "ABSTRACT.METHODS:\nWe looked.\n\nABSTRACT.ABSTRACT.RESULTS:\nFalls were rare.\n\nBODY.RESULTS:\nNo."
    rows = [{"pmcid": "PMC1", "text": body}, {"pmcid": "PMC2", "text": "ABSTRACT:\nNo headings.\n"}]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    _, texts = read_part(CORPORA["trials"], tmp_path, ("train",))
    assert [(text.doc_id, text.text, text.gold) for text in texts] == [("PMC1", "RESULTS : Falls were rare.\n", {})]


def test_a_text_held_out_by_one_corpus_trains_no_other() -> None:
    shared = "Zorvatin lowered pain in adults who were asked about it twice a day for many weeks."
    ours, theirs = Labelled("1", shared), Labelled("9", shared.upper().replace(" ", "\n"))
    other = Labelled("2", "Mebralin did nothing at all for those who coughed through the long winter nights.")
    kept = without_held_out({"a": Parts([other], [ours]), "b": Parts([theirs, other], [])})
    assert kept["a"].train == kept["b"].train == [other]
    assert kept["a"].dev == [ours]


def test_ade_places_the_pair_at_the_stated_distance(tmp_path: Path) -> None:
    sentence = "He took 5 mg Zorvatin, later 5 mg Mebralin and 5 mg Zorvatin."
    dose, drug = sentence.rindex("5 mg"), sentence.rindex("Zorvatin")
    row = f"1|{sentence}|5 mg|{900 + dose}|{904 + dose}|Zorvatin|{900 + drug}|{908 + drug}"
    (tmp_path / "DRUG-DOSE.rel").write_text(row + "\n", encoding="utf-8")
    _, (text,) = read_part(CORPORA["ade"], tmp_path, ("test",))
    pair = text.gold["ade_pair"]
    assert pair[1][0] - pair[0][0] == drug - dose


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("CDR_TestSet.PubTator.txt", "test"),
        ("devel.tsv", "dev"),
        ("validation", "dev"),
        ("train_dev.PubTator.txt", "dev"),
        ("labeled.txt", "train"),
        ("abstracts", None),
    ],
)
def test_part_of_name(name: str, part: str | None) -> None:
    assert part_of(name) == part


@pytest.mark.parametrize(
    ("tags", "begins", "spans"),
    [
        (["B-A", "I-A", "B-A"], True, [(0, 2, "A"), (2, 3, "A")]),
        (["I-A", "I-B", "O", "I-B"], False, [(0, 1, "A"), (1, 2, "B"), (3, 4, "B")]),
        (["O", "O"], True, []),
    ],
)
def test_spans_of_tags(tags: list[str], begins: bool, spans: list[tuple[int, int, str]]) -> None:
    assert spans_of_tags(tags, begin_required=begins) == spans


def test_wrong_inputs_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource):
        read_part(CORPORA["phee"], tmp_path / "nothing", ("test",))
    with pytest.raises(UnknownFormat):
        read_part(CORPORA["phee"], tmp_path, ("test",))
    (tmp_path / "test.json").write_text("not json\n", encoding="utf-8")
    with pytest.raises(UnknownFormat):
        read_part(CORPORA["phee"], tmp_path, ("test",))
