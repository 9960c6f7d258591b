"""Linking strings to concepts: one drug or disease, one concept, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evidence import Label
from pipeline.link import Linker, ancestors, descendants, load_lexicon
from pipeline.link.drugs import packaged_drugs

SAME = [
    (Label.DRUG, "cyclosporine", "Ciclosporin", "cyclosporin A", "CsA", "Neoral", "oral cyclosporine-A therapy"),
    (Label.DRUG, "tacrolimus", "FK506", "FK-506", "Prograf", "low-dose tacrolimus", "tacrolimus monohydrate"),
    (Label.DRUG, "corticosteroid", "steroids", "Glucocorticoids", "oral steroids", "corticosteroid therapy"),
    (Label.DRUG, "mycophenolate sodium", "EC-MPS", "enteric-coated mycophenolate sodium", "Myfortic"),
    (Label.DRUG, "furosemide", "frusemide", "Lasix"),
    (Label.DRUG, "ACE inhibitor", "ACE inhibitors", "angiotensin converting-enzyme inhibitor", "ACEi"),
    (Label.DRUG, "enalapril", "enalapril maleate", "Enalapril"),
    (Label.HISTOLOGY, "minimal change disease", "minimal-change nephropathy", "lipoid nephrosis", "MCD"),
    (Label.HISTOLOGY, "interstitial fibrosis and tubular atrophy", "IF/TA", "IFTA"),
    (Label.CONDITION, "nephrotic syndrome", "nephrotic syndromes", "Nephrotic syndrome"),
    (Label.CONDITION, "anemia", "anaemia", "Anemia"),
    (Label.CONDITION, "edema", "oedema", "peripheral oedema"),
    (Label.OUTCOME, "serum creatinine", "mean serum creatinine levels", "plasma creatinine"),
]


@pytest.mark.parametrize(("label", "name", "written"), [(row[0], row[1], w) for row in SAME for w in row[1:]])
def test_every_way_to_write_it_is_one_concept(label: Label, name: str, written: str) -> None:
    concept = Linker().link(label, written)
    assert concept is not None
    assert concept.name == name
    assert concept == Linker().link(label, name)


def test_a_documents_own_definition_wins_over_the_lexicon() -> None:
    linker = Linker()
    defined = linker.link(Label.DRUG, "Tac", {"Tac": "triamcinolone acetonide"})
    assert defined is not None
    assert defined.name == "triamcinolone"
    by_words = linker.link(Label.CONDITION, "refractory NS", {"NS": "nephrotic syndrome"})
    assert by_words is not None
    assert by_words.name in ("refractory nephrotic syndrome", "nephrotic syndrome")


def test_a_drug_outside_our_lexicon_comes_from_the_packaged_dictionary() -> None:
    concept = Linker().link(Label.DRUG, "Sumatriptan succinate")
    assert concept is not None
    assert concept.name == "sumatriptan"
    assert concept.id is not None
    assert concept.id.startswith("DRUGBANK:DB")


@pytest.mark.parametrize("word", ["albumin", "creatinine", "water", "the patients", "", "xyzzy"])
def test_what_is_no_drug_links_to_nothing(word: str) -> None:
    assert Linker().link(Label.DRUG, word) is None


def test_the_packaged_dictionary_has_no_stop_names() -> None:
    names = {term.text for term in packaged_drugs().entries}
    assert not names & {"albumin", "creatinine", "water", "oxygen"}
    assert len(names) > 20_000


def test_a_damaged_cache_is_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    packaged_drugs.cache_clear()
    first = packaged_drugs()
    (file,) = (tmp_path / "evidence-pipeline").glob("drugs-*.tsv")
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[: len(whole) // 2], encoding="utf-8")
    packaged_drugs.cache_clear()
    assert packaged_drugs() == first
    assert file.read_text(encoding="utf-8") == whole
    monkeypatch.setattr("pipeline.link.drugs._read_package", None)  # from here on only the cache can answer
    packaged_drugs.cache_clear()
    assert packaged_drugs() == first


def _id(label: Label, text: str) -> str:
    concept = Linker().link(label, text)
    assert concept is not None
    assert concept.id is not None
    return concept.id


@pytest.mark.parametrize(
    ("label", "above", "below"),
    [
        (Label.DRUG, "calcineurin inhibitors", "voclosporin"),
        (Label.DRUG, "immunosuppressant", "tacrolimus"),
        (Label.DRUG, "RAS blockade", "losartan"),
        (Label.HISTOLOGY, "FSGS", "tip lesion"),
        (Label.HISTOLOGY, "FSGS", "collapsing glomerulopathy"),
        (Label.HISTOLOGY, "glomerulonephritis", "Berger's disease"),
    ],
)
def test_the_hierarchy_leads_both_ways(label: Label, above: str, below: str) -> None:
    high, low = _id(label, above), _id(label, below)
    assert low in descendants(high)
    assert high in ancestors(low)
    assert high not in descendants(high)


@pytest.mark.parametrize("label", [Label.DRUG, Label.HISTOLOGY, Label.CONDITION, Label.OUTCOME])
def test_the_packaged_lexicons_are_sound(label: Label) -> None:
    lexicon = load_lexicon(label)
    concepts = lexicon.concepts()
    assert len(concepts) > 150
    names = [concept.name for concept in concepts.values()]
    assert len(names) == len(set(names))
    for concept_id in concepts:
        assert concept_id not in ancestors(concept_id)
    for concept in concepts.values():
        assert Linker().link(label, concept.name) == concept


def test_labels_without_a_lexicon_are_empty() -> None:
    assert load_lexicon(Label.DOSE).terms() == {}
    assert Linker().link(Label.DOSE, "5 mg") is None
