"""Abbreviations: how authors define them, what is no definition, and expansion within a document."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tag.abbreviation import expand, find_abbreviations, is_short_form

DEFINED = [
    ("Children with minimal change disease (MCD) were seen.", {"MCD": "minimal change disease"}),
    ("focal and segmental glomerulosclerosis (FSGS)", {"FSGS": "focal and segmental glomerulosclerosis"}),
    ("They had confirmed end-stage renal disease [ESRD].", {"ESRD": "end-stage renal disease"}),
    ("estimated glomerular filtration rate (eGFR, ml/min)", {"eGFR": "estimated glomerular filtration rate"}),
    ("the calcineurin inhibitors (CNIs) were stopped", {"CNIs": "calcineurin inhibitors"}),
    ("MMF (mycophenolate mofetil) was added", {"MMF": "mycophenolate mofetil"}),
    ("given cyclosporine (CsA) daily", {"CsA": "cyclosporine"}),
    ("given cyclosporin A (CsA) daily", {"CsA": "cyclosporin A"}),
    ("pulses of cyclophosphamide (CTX)", {"CTX": "cyclophosphamide"}),
    ("enteric-coated mycophenolate sodium (EC-MPS)", {"EC-MPS": "enteric-coated mycophenolate sodium"}),
    ("barriers (blood-brain barrier, BBB) leak", {"BBB": "blood-brain barrier"}),
    ("[hazard ratio (HR) 2.0]", {"HR": "hazard ratio"}),
    ("two-dimensional (2D) images", {"2D": "two-dimensional"}),
    ("computed tomography with contrast medium (CT)", {"CT": "computed tomography"}),
    ("the solvent 1,2-diacylglycerol (DAG)", {"DAG": "1,2-diacylglycerol"}),
    ("serum nitrous oxide (N2O)", {"N2O": "nitrous oxide"}),
    ("assay for clozapine(CLP) in serum", {"CLP": "clozapine"}),
    (
        "MCD – minimal change disease; CNI – calcineurin inhibitor.",
        {"MCD": "minimal change disease", "CNI": "calcineurin inhibitor"},
    ),
    (
        "Abbreviations: CKD, chronic kidney disease; ESRD, end-stage renal disease.",
        {"CKD": "chronic kidney disease", "ESRD": "end-stage renal disease"},
    ),
    ("CKD = chronic kidney disease", {"CKD": "chronic kidney disease"}),
    ("CKD: chronic kidney disease\nGFR: glomerular filtration rate", {"CKD": "chronic kidney disease"}),
]


@pytest.mark.parametrize(("text", "pairs"), DEFINED)
def test_finds_definitions(text: str, pairs: dict[str, str]) -> None:
    found = {pair.short: pair.long for pair in find_abbreviations(text)}
    assert found.items() >= pairs.items()


@pytest.mark.parametrize(
    "text",
    [
        "All patients (n = 12) were followed.",
        "Creatinine fell (P < 0.01) in both groups.",
        "A fall was seen (Fig. 2) at month 3.",
        "three extracts (tea and fruit)",
        "labelled thymidine ([3H]) was given after 3 h",
        "a dose of 10 mg/mL was given to males (0 mg/mL, 1/6)",
        "children on his or her team, fair adjustments (trades) were made",
        "(a) assess renal size; (b) measure output",
        "the drug (given daily) was stopped",
        "patients in the west (EUR 40 each)",
    ],
)
def test_other_brackets_define_nothing(text: str) -> None:
    assert find_abbreviations(text) == []


def test_offsets_point_at_both_forms() -> None:
    text = "Relapsing steroid-dependent nephrotic\nsyndrome (SDNS)."
    (pair,) = find_abbreviations(text)
    assert text[pair.short_start : pair.short_end] == pair.short == "SDNS"
    assert text[pair.long_start : pair.long_end] == pair.long == "steroid-dependent nephrotic\nsyndrome"


def test_long_forms_are_expanded_through_other_definitions() -> None:
    pairs = find_abbreviations(
        "Nephrotic syndrome (NS) may be steroid-resistant NS (SRNS); SRNS patients (SRNSP) differ."
    )
    assert expand(pairs)["SRNS"] == "steroid-resistant Nephrotic syndrome"


def test_an_inner_bracket_is_left_out_of_the_expansion() -> None:
    pairs = find_abbreviations("angiotensin-converting enzyme (ACE) inhibitors (ACEI)")
    assert expand(pairs)["ACEI"] == "angiotensin-converting enzyme inhibitors"


def test_circular_definitions_end() -> None:
    pairs = find_abbreviations("alpha BB coat (ABC). beta ABC (BB).")
    assert all(len(long) < 200 for long in expand(pairs).values())


@pytest.mark.parametrize(
    ("text", "verdict"), [("CsA", True), ("n", False), ("12 mg", False), ("iv", False), ("IgA", True)]
)
def test_what_looks_like_a_short_form(text: str, verdict: bool) -> None:
    assert is_short_form(text) is verdict


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=120) | st.text("ABab ()[],;-=: \n", max_size=80))
def test_any_text_gives_true_offsets(text: str) -> None:
    pairs = find_abbreviations(text)
    for pair in pairs:
        assert text[pair.short_start : pair.short_end] == pair.short
        assert text[pair.long_start : pair.long_end] == pair.long
    expand(pairs)


def test_brackets_without_end_cost_little() -> None:
    started = time.perf_counter()
    find_abbreviations("(" * 20_000 + "a b (" * 5_000)
    assert time.perf_counter() - started < 5
