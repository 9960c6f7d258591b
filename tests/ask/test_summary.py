"""Groups of rows, and the same questions from Python."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import EvidenceDB
from pipeline.ask.query import Filters
from pipeline.ask.summary import summarise, wilson
from pipeline.errors import StoreError
from pipeline.evidence import Measure, Result
from pipeline.store import Store, open_store
from tests.evidence_made import evidence, quote


def groups(store: Store, *by: str) -> list[tuple[object, ...]]:
    return [(g.group, g.papers, g.patients, g.events, g.total) for g in summarise(store, Filters(), by)]


def test_shares_are_pooled_over_papers(store: Store) -> None:
    store.load(evidence(), extractor_version="1")
    store.load(evidence(name="b.txt", doi="10.5555/b"), extractor_version="1")
    assert groups(store, "regimen", "outcome") == [
        (("placebo", "remission"), 2, 20, 6.0, 20.0),
        (("voclosporin", "remission"), 2, 20, 16.0, 20.0),
    ]


def test_two_time_points_of_one_arm_are_not_two_arms(store: Store) -> None:
    paper = evidence()
    later = replace(paper.results[0], events=9.0, timepoint="12 months")
    store.load(replace(paper, results=(*paper.results, later)), extractor_version="1")
    assert (("voclosporin",), 1, 10, 9.0, 10.0) in groups(store, "regimen")


def test_means_in_different_units_have_no_range(store: Store) -> None:
    rows = tuple(
        Result("albumin", quote(), str(value), "A1", measure=Measure.MEAN, value=value, unit=unit)
        for value, unit in ((2.0, "g/dL"), (30.0, "g/L"))
    )
    store.load(replace(evidence(), results=rows), extractor_version="1")
    (group,) = summarise(store, Filters(), ("outcome",))
    assert (group.mean_low, group.mean_high) == (None, None)


def test_an_unknown_group_is_one_clear_line(store: Store) -> None:
    with pytest.raises(StoreError, match="colour"):
        summarise(store, Filters(), ("colour",))


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share_and_stays_between_0_and_1(events: int, total: int) -> None:
    events = min(events, total)
    low, high = wilson(events, total)
    assert 0 <= low <= events / total + 1e-12
    assert events / total - 1e-12 <= high <= 1


def test_python_asks_as_the_command_line_does(tmp_path: Path) -> None:
    path = tmp_path / "evidence.db"
    with open_store(path, create=True) as store:
        store.load(evidence(), extractor_version="1")
    with EvidenceDB(path) as db:
        assert [row["value"] for row in db.rows(drug="voclosporin")] == ["8 of 10 patients (80%)"]
        assert list(db.rows(drug="voclosporin", min_confidence=0.99)) == []
        assert list(db.rows(drug=["voclosporin", "tacrolimus"])) == []
        assert [g.share for g in db.summary(["regimen"])] == [0.3, 0.8]
        assert db.show("R1").values["events"] == 8.0
        assert list(db.to_pandas(drug="voclosporin")["regimen"]) == ["voclosporin 0.5 mg/kg twice daily"]


def test_importing_the_package_and_asking_loads_no_heavy_module(tmp_path: Path) -> None:
    code = "import sys, pipeline; pipeline.EvidenceDB; print({'spacy', 'pandas', 'pdfplumber'} & set(sys.modules))"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "set()"
