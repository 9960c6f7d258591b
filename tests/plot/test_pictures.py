"""Pictures: drawn from rows, with the rows behind them, and the same bytes for the same rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ask.query import Filters
from pipeline.errors import StoreError
from pipeline.evidence import Arm, Dose, DrugUse, PaperEvidence, Result, Role
from pipeline.plot import forest, matrix, timeline
from pipeline.store import Store
from tests.evidence_made import evidence, quote


def course() -> PaperEvidence:
    """One patient, two regimens."""
    arms = tuple(
        Arm(f"A{n}", f"Case 1: {drug}", Role.INTERVENTION, (DrugUse(drug, dose=Dose(dose)),), 1, quote=quote())
        for n, (drug, dose) in enumerate((("prednisolone", "60 mg/day"), ("cyclosporine", "100 mg/day")), 1)
    )
    results = (
        Result("proteinuria", quote(), "9 g/24h", "A1", value=9.0, unit="g/(24.h)"),
        Result("proteinuria", quote(), "2 g/24h", "A2", value=2.0, unit="g/(24.h)"),
        Result("complete remission", quote(), "", "A2", events=1, total=1, timepoint="6 months"),
        Result("weight", quote(), "70 kg", "A2", value=70.0, unit="kg"),
    )
    return replace(evidence(), arms=arms, results=results, comparisons=())


def test_forest_draws_shares_with_wilson_intervals(store: Store, tmp_path: Path) -> None:
    store.load(evidence(), extractor_version="1")
    path = tmp_path / "forest.svg"
    lines = forest(store, Filters(outcome=("remission",)), path, pool=True)
    assert [(line.regimen, line.text, round(line.low, 2), round(line.high, 2)) for line in lines] == [
        ("placebo", "3 of 10 (30%)", 0.11, 0.6),
        ("voclosporin", "8 of 10 patients (80%)", 0.49, 0.94),
    ]
    picture = path.read_text(encoding="utf-8")
    assert "8 of 10 patients (80%)" in picture
    assert "Random effects" in picture


def test_forest_does_not_draw_a_value_without_an_interval(store: Store, tmp_path: Path) -> None:
    store.load(course(), extractor_version="1")
    with pytest.raises(StoreError, match="interval"):
        forest(store, Filters(outcome=("proteinuria",)), tmp_path / "forest.svg")


def test_map_counts_papers(store: Store, tmp_path: Path) -> None:
    store.load(evidence(), extractor_version="1")
    store.load(evidence(name="b.txt", doi="10.5555/b"), extractor_version="1")
    found = matrix(store, Filters(), tmp_path / "map.png")
    assert [(b.drug, b.papers, b.rows) for b in found] == [("placebo", 2, 2), ("voclosporin", 2, 2)]
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_timeline_draws_values_and_states_of_each_regimen(store: Store, tmp_path: Path) -> None:
    key = store.load(course(), extractor_version="1")
    path = tmp_path / "course.svg"
    drawn = timeline(store, key, path)
    assert [row["outcome"] for row in drawn] == ["proteinuria", "proteinuria", "complete remission"]
    picture = path.read_text(encoding="utf-8")
    for words in ("Case 1", "60 mg/day", "cyclosporine", "complete remission, 6 months"):
        assert words in picture


def test_a_trial_has_no_course(store: Store, tmp_path: Path) -> None:
    key = store.load(evidence(), extractor_version="1")
    with pytest.raises(StoreError, match="no course"):
        timeline(store, key, tmp_path / "course.svg")


def test_the_same_rows_make_the_same_picture(store: Store, tmp_path: Path) -> None:
    store.load(evidence(), extractor_version="1")
    for name in ("a.svg", "b.svg"):
        forest(store, Filters(), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_an_unknown_ending_is_one_clear_line(store: Store, tmp_path: Path) -> None:
    store.load(evidence(), extractor_version="1")
    with pytest.raises(StoreError, match="svg"):
        forest(store, Filters(), tmp_path / "forest.doc")
