"""Sentence boundaries on invented sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tag.sentences import find_sentences

# "|" marks each boundary that must be found, and no other.
CASES = [
    "The dose was 0.3 vs. 0.5 mg/kg.|It fell.",
    "Relapse was rare (Fig. 1).|All recovered.",
    "As shown by Smith et al. in 1999, it fell.|We agree.",
    "This was reported by Smith et al.|We disagree.",
    "The P value was P = 0.01.|No patient died.",
    "J. A. Smith and M. Brown wrote it.|It was read.",
    "They took vitamin D.|The level rose.",
    "Doses of 1 g b.i.d. were given.|Then they stopped.",
    "See Table 2 and Fig. 3 for details.|Results follow.",
    "The strain was E. coli in most.|Others were not typed.",
    "Was it safe?|Yes!|Indeed.",
    "It fell to 2.5 mg/dl.[12]|Later it rose.",
    "The drug (approx. 20 mg i.v. daily) helped.|It did.",
    "Proteinuria was 3 g/day.|mTOR inhibitors were stopped.",
    "The trial ran in the U.S. and the U.K. for years.|It ended.",
    "Case no. 3 relapsed.|Case no. 4 did not.",
]


@pytest.mark.parametrize("case", CASES)
def test_boundaries(case: str) -> None:
    text = case.replace("|", " ")
    found = [text[one.start : one.end] for one in find_sentences(text)]
    assert found == case.split("|")


def test_rows_of_a_table_are_sentences() -> None:
    text = "Age\t12 vs. 14\nSex\tf\n\nDose\t2"
    assert [text[one.start : one.end] for one in find_sentences(text, lines=True)] == [
        "Age\t12 vs. 14",
        "Sex\tf",
        "Dose\t2",
    ]


@given(st.text() | st.text(alphabet="Ab. \n?)(vs1"))
def test_nothing_is_lost(text: str) -> None:
    sentences = find_sentences(text)
    covered = "".join(text[one.start : one.end] for one in sentences)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(one.end <= two.start for one, two in pairwise(sentences))


def test_a_stop_before_a_semicolon_ends_a_sentence() -> None:
    text = "Follow-up was long.; Mean pressure fell (p < 0.01)."
    assert [text[span.start : span.end] for span in find_sentences(text)] == [
        "Follow-up was long.;",
        "Mean pressure fell (p < 0.01).",
    ]
