"""The whole tagging pipeline on invented passages."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Part, Passage, Source, SourceMap
from pipeline.evidence import Label
from pipeline.tag import load_tagger
from pipeline.tag.tagger import Tagger


@pytest.fixture(scope="session")
def rules() -> Tagger:
    return load_tagger("none")


def document_of(*texts: str, part: Part = Part.ABSTRACT, language: str = "en") -> Document:
    passages = tuple(
        Passage(number, part, text, language=language, source_map=SourceMap.identity(len(text), 7))
        for number, text in enumerate(texts)
    )
    return Document(Source("made-up.txt", "text", "0" * 64), passages)


def strings(tagger: Tagger, label: Label, *texts: str) -> list[str]:
    return [one.text for one in tagger.tag(document_of(*texts)).mentions if one.label is label]


def test_glued_dose_keeps_exact_offsets(rules: Tagger) -> None:
    annotated = rules.tag(document_of("They took prednisolone (20mg/day)."))
    dose = next(one for one in annotated.mentions if one.label is Label.DOSE)
    assert (dose.text, dose.start, dose.end) == ("20mg/day", 24, 32)


def test_untagged_passages(rules: Tagger) -> None:
    text = "Prednisolone 20 mg for nephrotic syndrome."
    assert rules.tag(document_of(text)).mentions
    assert not rules.tag(document_of(text, language="pt")).mentions
    assert not rules.tag(document_of(text, part=Part.REFERENCES)).mentions


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=80), max_size=3), st.sampled_from(["", "prednisone 5 mg/d ", "no relapse of FSGS, "]))
def test_mentions_stand_at_their_offsets(rules: Tagger, texts: list[str], prefix: str) -> None:
    document = document_of(*[prefix + text for text in texts])
    annotated = rules.tag(document)
    for one in annotated.mentions:
        passage = document.passages[one.passage]
        assert passage.text[one.start : one.end] == one.text != ""
        assert passage.source_span(one.start, one.end) == (one.start + 7, one.end + 7)
    for passage, sentences in zip(document.passages, annotated.sentences, strict=True):
        covered = "".join(passage.text[one.start : one.end] for one in sentences)
        assert "".join(covered.split()) == "".join(passage.text.split())


def test_short_forms_take_the_labels_of_their_long_form(rules: Tagger) -> None:
    texts = (
        "Children with steroid-resistant nephrotic syndrome (SRNS) or microscopic polyangiitis (MPA) were seen.",
        "MPA and SRNS improved; SRNS relapsed.",
    )
    assert strings(rules, Label.CONDITION, *texts).count("SRNS") == 3
    assert "MPA" in strings(rules, Label.CONDITION, *texts)
    assert "MPA" not in strings(rules, Label.DRUG, *texts)


def test_a_short_form_is_what_its_head_is(rules: Tagger) -> None:
    texts = ("The Ramipril Effect in Nephropathy (REIN) trial.", "REIN was stopped.")
    assert "REIN" not in strings(rules, Label.CONDITION, *texts)


def test_steroid_of_a_disease_class_is_no_drug(rules: Tagger) -> None:
    assert strings(rules, Label.DRUG, "Steroid-resistant disease.", "All were steroid resistant.") == []
    assert strings(rules, Label.DRUG, "Steroid-resistant disease.", "Each steroid was stopped.") == [
        "Steroid",
        "steroid",
    ]


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("Serum erythropoietin (EPO) rose. EPO levels were high.", []),
        ("Recombinant erythropoietin (EPO) was given. EPO levels were high.", ["erythropoietin", "EPO", "EPO"]),
        ("Deposits of monoclonal immunoglobulin were seen; immunoglobulin deposits persisted.", []),
    ],
)
def test_what_the_body_makes_is_a_drug_only_where_given(rules: Tagger, text: str, drugs: list[str]) -> None:
    assert [one.removeprefix("Recombinant ") for one in strings(rules, Label.DRUG, text)] == drugs


def test_a_histology_inside_a_condition_is_part_of_its_name(rules: Tagger) -> None:
    text = "A man with rapidly progressive glomerulonephritis (RPGN) and membranous nephropathy; RPGN was treated."
    assert strings(rules, Label.HISTOLOGY, text) == ["membranous nephropathy"]
    assert strings(rules, Label.CONDITION, text).count("RPGN") == 2
