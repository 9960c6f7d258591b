"""The components as a spaCy pipeline: what is registered is used, and docs survive being written and read."""

from __future__ import annotations

import pickle
from configparser import ConfigParser
from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin

import pipeline.tag
from pipeline.errors import ModelNotFound
from pipeline.evidence import Label
from pipeline.tag import load_tagger
from pipeline.tag.components import EXTRACTORS
from pipeline.tag.model_heads import ModelComponent
from pipeline.tag.spans import read_finds
from pipeline.tag.tagger import Tagger

TEXT = "No relapse was seen in 12 of 15 children on tacrolimus 0.1mg/kg/day (target 5-8 ng/mL)."


@pytest.fixture(scope="module")
def rules() -> Tagger:
    return load_tagger("none")


def test_every_extractor_is_in_the_config_and_in_the_docs() -> None:
    config = (Path(pipeline.tag.__file__).parent / "config.cfg").read_text()
    docs = (Path(__file__).parents[2] / "docs" / "adding-an-extractor.md").read_text()
    parser = ConfigParser()
    parser.read_string(config)
    used = {parser[section]["factory"].strip('"') for section in parser.sections() if "factory" in parser[section]}
    assert set(EXTRACTORS) <= used
    for _, labels in EXTRACTORS.values():
        assert all(f"`{label.value}`" in docs for label in labels)


def finds(doc: spacy.tokens.Doc) -> dict[str, list[object]]:
    return {label.value: list(read_finds(doc, label.value)[1]) for label in Label}


def test_docs_survive_docbin_and_pickle(rules: Tagger) -> None:
    doc = rules.nlp(TEXT)
    before = finds(doc)
    assert before["DOSE"]
    bin_ = DocBin(store_user_data=False)
    bin_.add(doc)
    (read,) = DocBin().from_bytes(bin_.to_bytes()).get_docs(rules.nlp.vocab)
    assert finds(read) == before
    assert finds(pickle.loads(pickle.dumps(doc))) == before


def test_only_span_groups_are_written(rules: Tagger) -> None:
    doc = rules.nlp(TEXT)
    assert not [key for key in doc.user_data if isinstance(key, tuple) and key[0] == "._."]
    assert not doc.ents


def test_two_runs_are_equal(rules: Tagger) -> None:
    assert finds(rules.nlp(TEXT)) == finds(load_tagger("none").nlp(TEXT))


def test_a_missing_model_is_named() -> None:
    with pytest.raises(ModelNotFound, match="nowhere"):
        load_tagger("/nowhere/at/all")


def test_a_foreign_pipeline_gives_its_entities(tmp_path: Path) -> None:
    foreign = spacy.blank("en")
    foreign.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "CHEMICAL", "pattern": "Zorbifex"},
            {"label": "CHEMICAL", "pattern": "creatinine"},
            {"label": "GENE", "pattern": "gene"},
        ]
    )
    foreign.to_disk(tmp_path / "foreign")
    component = ModelComponent(str(tmp_path / "foreign"))
    doc = component(spacy.blank("en")("Zorbifex lowered creatinine of the gene."))
    assert [doc.text[one.start : one.end] for one in read_finds(doc, "model:DRUG")[1]] == ["Zorbifex"]
