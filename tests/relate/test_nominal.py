"""Outcomes that no vocabulary knows: the noun phrase that can alone be what a number measures."""

from __future__ import annotations

import pytest

from pipeline.tag.tagger import Tagger
from tests.relate.test_abstracts import TRIAL, evidence, told


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("DeltaQRX (-0.3 ± 0.1 vs -0.5 ± 0.2 mL/min) and proteinuria were lower with enalapril.", "DeltaQRX"),
        ("Proteinuria persisted in both groups (4-week score 35 ± 7 with losartan).", "4-week score"),
        ("JKX DNA was detected in 78% of skin biopsies.", "JKX DNA"),
        ("Mean weekly tablet counts over the last month were 4.2 ± 1.1.", "tablet counts"),
    ],
)
def test_unknown_phrase_names_its_number(tagger: Tagger, text: str, outcome: str) -> None:
    rows = told(evidence(tagger, text, methods=TRIAL))
    assert rows and rows[0][0] == outcome


def test_symbols_of_groups_are_no_outcomes(tagger: Tagger) -> None:
    text = "Blood pressure was higher in PLT (142 ± 3 mm Hg) and HTRs (151 ± 4 mm Hg) than before."
    assert {row[0].lower() for row in told(evidence(tagger, text, methods=TRIAL))} == {"blood pressure"}


def test_known_disease_keeps_its_name(tagger: Tagger) -> None:
    found = evidence(tagger, "Hypertension was observed in 12 of 40 patients.", methods=TRIAL)
    assert [row.outcome for row in found.results] == ["Hypertension"]
    assert found.results[0].outcome_concept is not None


def test_disease_that_only_dates_is_not_measured(tagger: Tagger) -> None:
    text = "The 5-year survival after onset of proteinuria was 27%."
    assert next(row[0] for row in told(evidence(tagger, text, methods=TRIAL))).endswith("survival")
