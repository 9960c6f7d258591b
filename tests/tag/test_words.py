"""DRUG, HISTOLOGY, CONDITION and OUTCOME in invented sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tag.condition import find_conditions
from pipeline.tag.drug import find_drugs
from pipeline.tag.found import Found
from pipeline.tag.histology import find_histologies
from pipeline.tag.outcome import find_outcomes

Finder = Callable[[str], list[Found]]


def spans(finder: Finder, text: str) -> list[str]:
    return [text[one.start : one.end] for one in finder(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tacrolimus or placebo was added to prednisolone.", ["Tacrolimus", "placebo", "prednisolone"]),
        ("a child with cyclosporine-resistant or -intolerant disease", ["cyclosporine"]),
        ("treated with oral corticosteroid therapy", ["corticosteroid"]),
        ("an investigational zorbitinib and plexumab", ["zorbitinib", "plexumab"]),
        ("serum creatinine, albumin and cholesterol were measured", []),
        ("vitamin D deficiency", []),
        ("a potent C5a receptor antagonist was added", ["C5a receptor antagonist"]),
        ("In April the concept of equal access was accepted.", []),
        ("other antihypertensive drugs and immunosuppressive therapy", ["antihypertensive drugs"]),
        ("intravenous immunoglobulin", ["intravenous immunoglobulin"]),
        ("QZX731 (50 mg once daily) or placebo; QZX731 was well borne", ["QZX731", "placebo", "QZX731"]),
        ("the marker QZX731 and registration QZ12345678 of the plasmid", []),
        ("cyclooxygenase 2 (COX-2) inhibitors", ["cyclooxygenase 2 (COX-2) inhibitors"]),
        ("the L-type calcium antagonist and dihydropyridine CCB", ["L-type calcium antagonist", "dihydropyridine CCB"]),
        ("an antihypertensive effect beside its vasodilator action", []),
        ("polymorphism of the ACE-I gene", []),
        ("the antagonist QZ 7310 was given", ["QZ 7310"]),
        ("a second generation histamine H1 receptor antagonist", ["histamine H1 receptor antagonist"]),
        ("The pump was set at 10 mL; sections were stained with hematoxylin.", []),
    ],
)
def test_drugs(text: str, expected: list[str]) -> None:
    assert spans(find_drugs, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Biopsy showed slight mesangial proliferation.", ["slight mesangial proliferation"]),
        ("interstitial fibrosis and tubular atrophy", ["interstitial fibrosis", "tubular atrophy"]),
        ("lupus nephritis, biopsy-proven class III/IV, was treated", ["class III/IV"]),
        ("NYHA class III heart failure", []),
        ("The Disease Activity Index fell.", []),
        ("Tumor necrosis factor alpha and avascular necrosis of the renal allograft recipient.", []),
        ("Ectodermal dysplasia; cystic fibrosis; nephropathy.", []),
        ("The kidney showed necrosis.", ["necrosis"]),
    ],
)
def test_histologies(text: str, expected: list[str]) -> None:
    assert spans(find_histologies, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refractory nephrotic syndrome", ["nephrotic syndrome"]),
        ("steroid-resistant nephrotic syndrome", ["steroid-resistant nephrotic syndrome"]),
        ("severe hypertension after transplantation", ["hypertension"]),
        ("post-transplant hypertension", ["post-transplant hypertension"]),
        ("heavy proteinuria and acute rejection", []),
    ],
)
def test_conditions(text: str, expected: list[str]) -> None:
    assert spans(find_conditions, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The relapse rate fell significantly.", ["relapse rate"]),
        ("The rate of decline in GFR was slower.", ["rate of decline in GFR"]),
        ("time to relapse and serious adverse events", ["time to relapse", "serious adverse events"]),
        ("higher serum creatinine levels", ["serum creatinine levels"]),
        ("creatinine clearance improved", ["creatinine clearance"]),
        ("Incidence of acute rejection did not differ.", ["acute rejection"]),
        ("The efficacy of the drug is unknown; safety was good.", ["safety"]),
        ("The incidence of hypertension rose.", ["hypertension"]),
        ("Children with hypertension were enrolled.", []),
        ("steroid resistance", []),
        ("with odds ratios of 2.6", []),
        ("The primary end-point was reached.", []),
        ("Eleven deaths occurred.", ["deaths"]),
        ("P values below the significance level of 0.05 were kept; C4 levels rose.", ["C4 levels"]),
    ],
)
def test_outcomes(text: str, expected: list[str]) -> None:
    assert spans(find_outcomes, text) == expected


@pytest.mark.parametrize("finder", [find_drugs, find_histologies, find_conditions, find_outcomes])
@given(
    text=st.text(max_size=120)
    | st.lists(st.sampled_from("relapse rate of the -CsA (NS) class IV in , 3".split())).map(" ".join)
)
def test_any_text(finder: Finder, text: str) -> None:
    end = 0
    for one in finder(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Remission of nephrosis and change in haemoglobin were noted.", ["haemoglobin"]),
        ("The renin-angiotensin system was blocked and plasma renin activity measured.", ["plasma renin activity"]),
        ("Induction of remission was tried; sodium elimination rose.", ["remission", "sodium elimination"]),
        ("The drug, besides antihypertensive effect, improved stature.", ["antihypertensive effect", "stature"]),
    ],
)
def test_outcome_phrases(text: str, expected: list[str]) -> None:
    found = [text[one.start : one.end] for one in find_outcomes(text)]
    assert [one for one in expected if not any(one in phrase for phrase in found)] == []
    assert not any(phrase in ("renin", "besides antihypertensive effect") for phrase in found)
