"""Audit: what cannot agree is found, what agrees is left alone. All texts are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.ask.audit import Finding, audit
from pipeline.evidence import Comparison, Dose, DrugUse, Measure, PaperEvidence, Result
from pipeline.store import Store
from tests.evidence_made import TEXT, evidence, quote


def found(store: Store, paper: PaperEvidence, check: str) -> list[Finding]:
    store.load(paper, extractor_version="1")
    return [finding for finding in audit(store) if finding.check == check]


def result(text: str, **fields: object) -> Result:
    return Result(str(fields.pop("outcome", "remission")), quote(), text, "A1", **fields)  # type: ignore[arg-type]


def test_a_sound_paper_has_no_findings(store: Store) -> None:
    store.load(evidence(), extractor_version="1")
    assert list(audit(store)) == []


@pytest.mark.parametrize(
    ("row", "check", "explanation"),
    [
        (result("12 of 10", events=12, total=10, measure=Measure.PROPORTION), "share", "12 of 10 cannot be."),
        (
            result("6 of 15 (48%)", events=6, total=15, percent=48, measure=Measure.PROPORTION),
            "share",
            "6 of 15 is 40.0%, printed 48%.",
        ),
        (
            result("14 (20 to 30)", value=14, low=20, high=30, measure=Measure.MEDIAN),
            "range",
            "14 lies outside its own range 20 to 30.",
        ),
        (
            result("2.45", outcome="number of relapses", value=2.45, total=7, measure=Measure.MEAN),
            "grim",
            "No 7 whole numbers have the mean 2.45.",
        ),
    ],
)
def test_numbers_of_one_row_that_cannot_agree(store: Store, row: Result, check: str, explanation: str) -> None:
    findings = found(store, replace(evidence(), results=(row,), comparisons=()), check)
    assert [finding.explanation for finding in findings] == [explanation]
    assert findings[0].row_id is not None


@pytest.mark.parametrize(
    "row",
    [
        result("6 of 15 (40%)", events=6, total=15, percent=40, measure=Measure.PROPORTION),
        result("2 of 3 (66%)", events=2, total=3, percent=66, measure=Measure.PROPORTION),  # cut off, not rounded
        result("25 (20 to 30)", value=25, low=20, high=30, measure=Measure.MEDIAN),
        result("2.43", outcome="number of relapses", value=2.43, total=7, measure=Measure.MEAN),
        result("2.45", outcome="serum albumin", value=2.45, total=7, measure=Measure.MEAN),
    ],
)
def test_numbers_of_one_row_that_agree(store: Store, row: Result) -> None:
    store.load(replace(evidence(), results=(row,), comparisons=()), extractor_version="1")
    assert list(audit(store)) == []


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"effect": 0.7, "ci_low": 0.5, "ci_high": 0.98, "p_value": 0.03}, 0),
        ({"effect": 0.7, "ci_low": 0.5, "ci_high": 1.4, "p_value": 0.01}, 1),
        ({"effect": 0.7, "ci_low": 0.5, "ci_high": 0.9, "p_value": 0.4}, 1),
        ({"effect": 1.7, "ci_low": 0.5, "ci_high": 0.9}, 1),
        ({"effect": 0.7, "ci_low": 0.5, "ci_high": 1.0, "p_value": 0.05}, 0),
    ],
)
def test_effect_interval_and_p(store: Store, fields: dict[str, float], count: int) -> None:
    row = Comparison("death", quote(), "A1", "A2", effect_measure="hazard ratio", **fields)  # type: ignore[arg-type]
    assert len(found(store, replace(evidence(), comparisons=(row,)), "interval")) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("HDL cholesterol was 52mg/dL (1.4mmol/L).", 1),
        ("HDL cholesterol was 52 mg/dL (1.3 mmol/L).", 0),
        ("Serum creatinine rose to 2.5mg/dL / 221.24μmol/L.", 0),
        ("Serum albumin was 1.9g/dL (19g/L).", 0),
        ("Serum albumin was 1.9g/dL (91g/L).", 0),  # five times: two values, not one in two units
    ],
)
def test_conventional_and_si_units(store: Store, text: str, count: int) -> None:
    assert len(found(store, evidence(extra=text), "units")) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Patients were enrolled between May 2016 and June 2019.", 0),
        ("Patients were enrolled between May 2019 and June 2016.", 1),
        ("Patients were enrolled from 2025 to 2026.", 1),  # the paper is of 2021
    ],
)
def test_years_of_the_study(store: Store, text: str, count: int) -> None:
    assert len(found(store, evidence(extra=text), "dates")) == count


@pytest.mark.parametrize(
    ("dose", "frequency", "count"),
    [
        (Dose("2 g daily", 2, unit="g", per="d"), None, 1),
        (Dose("1 mg", 1, unit="mg"), "daily", 0),
        (Dose("1 mg", 1, unit="mg"), "twice daily", 0),
        (Dose("3 mL", 3, unit="mL"), None, 0),
    ],
)
def test_dose_against_the_usual(store: Store, dose: Dose, frequency: str | None, count: int) -> None:
    from pipeline.evidence import Label
    from pipeline.link import Linker

    concept = Linker().link(Label.DRUG, "rilmenidine", {})
    assert concept is not None
    paper = evidence()
    use = DrugUse("rilmenidine", concept.id, dose, frequency=frequency, quote=quote(TEXT))
    arms = (replace(paper.arms[0], drugs=(use,)), *paper.arms[1:])
    assert len(found(store, replace(paper, arms=arms), "dose")) == count


def test_an_arm_larger_than_its_study(store: Store) -> None:
    paper = evidence()
    arms = (replace(paper.arms[0], n=30), *paper.arms[1:])
    assert [finding.explanation for finding in found(store, replace(paper, arms=arms), "arm size")] == [
        "30 people in the arm “voclosporin” of a study of 20."
    ]
