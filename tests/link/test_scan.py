"""Scanning text for lexicon terms: whole words, longest first, spelling variants, exact offsets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence import Concept, Label
from pipeline.link.lexicon import Lexicon, Term
from pipeline.link.scan import make_scanner, scan


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        (Label.HISTOLOGY, "Biopsy showed Minimal-Change\ndisease.", ["Minimal-Change\ndisease"]),
        (
            Label.HISTOLOGY,
            "focal  segmental  glomerulosclerosis (FSGS)",
            ["focal  segmental  glomerulosclerosis", "FSGS"],
        ),
        (Label.HISTOLOGY, "We can do it; CAN was rare.", ["CAN"]),
        (Label.HISTOLOGY, "Class IV lupus nephritis", ["Class IV lupus nephritis"]),
        (Label.HISTOLOGY, "NYHA class III heart failure", []),
        (Label.HISTOLOGY, "a borderline value of significance", []),
        (Label.HISTOLOGY, "borderline changes in the allograft", ["borderline changes"]),
        (Label.DRUG, "CNIs and ACE-inhibitors, not TACs of text", ["CNIs", "ACE-inhibitors", "TACs"]),
        (Label.DRUG, "tacrolimuslike is no word; tacrolimus is", ["tacrolimus"]),
        (Label.DRUG, "Cyclosporin A (CsA) or ciclosporin", ["Cyclosporin A", "CsA", "ciclosporin"]),
        (Label.DRUG, "insulin was measured; iron was low", []),
        (Label.DRUG, "sumatriptan, Ventolin and Escherichia coli", ["sumatriptan", "Ventolin"]),
        (Label.CONDITION, "anaemia and oedema and hypoalbuminaemia", ["anaemia", "oedema", "hypoalbuminaemia"]),
        (Label.CONDITION, "urinary tract infections", ["urinary tract infections"]),
        (Label.OUTCOME, "Serum creatinine and eGFR, but not EGFR", ["Serum creatinine", "eGFR"]),
    ],
)
def test_finds_what_is_there(label: Label, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end, _ in scan(text, label)] == expected


def test_the_context_may_lie_outside_the_passage() -> None:
    assert scan("Most had class IV.", Label.HISTOLOGY) == []
    found = scan("Most had class IV.", Label.HISTOLOGY, context="Lupus nephritis in adults. Most had class IV.")
    assert [concept.name for _, _, concept in found] == ["class IV lupus nephritis"]


_THING = Concept("X:1", "heavy thing", "X")
_SCANNER = make_scanner(Lexicon((Term("heavy thing", _THING), Term("HT", _THING, case=True))))


@given(st.text(max_size=60), st.text(max_size=60))
def test_offsets_hold_in_any_text(before: str, after: str) -> None:
    text = f"{before} heavy - thing {after}"
    hits = _SCANNER(text, None)
    for start, end, _ in hits:
        assert text[start:end].lower().startswith(("heavy", "ht"))
    for (_, end, _), (start, _, _) in pairwise(hits):
        assert end <= start
    assert any(start <= len(before) + 1 < end for start, end, _ in hits)


def test_an_empty_lexicon_finds_nothing() -> None:
    assert make_scanner(Lexicon())("anything", None) == []
