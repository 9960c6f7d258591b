"""The questions of the benchmark: ours and the hand-written ones find the same rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ask.bench import QUESTIONS, query_times
from pipeline.ask.query import Filters
from pipeline.bench.made_rows import copy_rows
from pipeline.evidence import Arm, Attribution, Concept, DrugUse, Label, PaperEvidence, Role
from pipeline.link import Linker
from pipeline.store import PaperRows, open_store, rows_of
from tests.evidence_made import evidence, mention, quote


def _paper() -> PaperEvidence:
    """Two results of two regimens in FSGS, one of them cited."""
    made = evidence()
    concepts = [Linker().link(Label.DRUG, name, {}) for name in ("tacrolimus", "mizoribine")]
    assert concepts[0] is not None
    assert concepts[1] is not None
    uses = tuple(DrugUse(c.name, c.id, quote=quote("voclosporin 0.5 mg/kg")) for c in concepts if c)
    annotated = replace(
        made.annotated, mentions=tuple(mention(Label.DRUG, "voclosporin", concept=concept) for concept in concepts)
    )
    lesion = ("focal segmental glomerulosclerosis",)
    arms = (
        Arm("A1", "combined", Role.INTERVENTION, uses, 10, histology=lesion, quote=quote()),
        Arm("A2", "before", Role.PREVIOUS, uses[:1], 10, quote=quote()),
    )
    first, second = made.results
    results = (
        replace(first, outcome="complete remission", outcome_concept=Concept(None, "complete remission", None)),
        replace(second, outcome="Relapse rates", outcome_concept=Concept(None, "relapse rate", None)),
        replace(second, attribution=Attribution.CITED),
    )
    return replace(made, annotated=annotated, arms=arms, results=results, comparisons=())


def _rows(paper: PaperEvidence) -> PaperRows:
    return rows_of(paper, extractor_version="test")


def test_both_ways_of_asking_find_the_same_rows(tmp_path: Path) -> None:
    rows = copy_rows(tmp_path / "made.db", 40, [_rows(_paper()), _rows(evidence(name="b.txt", doi="10.5555/b"))])
    assert rows >= 40
    with open_store(tmp_path / "made.db", read_only=True) as store:
        assert next(store.rows("SELECT count(*) AS n FROM results"))["n"] == rows
    times = {time.words: time for time in query_times(tmp_path / "made.db", repeats=1)}
    assert len(times) == len(QUESTIONS)
    found = {words: time.rows for words, time in times.items()}
    assert found["complete remission in FSGS by regimen"] > 0
    assert found["calcineurin inhibitors, own results"] > found["told of other studies"] > 0
    assert found["treatments that had failed before"] > 0
    assert all(time.ours > 0 and time.by_hand > 0 for time in times.values())


def test_a_question_that_differs_is_not_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_rows(tmp_path / "made.db", 3, [_rows(_paper())])
    other = replace(QUESTIONS[1], filters=Filters(attribution="cited"))
    monkeypatch.setattr("pipeline.ask.bench.QUESTIONS", (other,))
    with pytest.raises(AssertionError, match="not the same question"):
        query_times(tmp_path / "made.db", repeats=1)


def test_papers_without_results_cannot_be_copied(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no result"):
        copy_rows(tmp_path / "made.db", 1, [_rows(replace(evidence(), results=()))])
