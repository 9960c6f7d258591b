"""Negated and hypothetical stretches, and the status of mentions inside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.evidence import Assertion
from pipeline.tag import load_tagger
from pipeline.tag.assertion import find_scopes

NEGATED, MAYBE, PRESENT = Assertion.NEGATED, Assertion.HYPOTHETICAL, Assertion.PRESENT


@pytest.mark.parametrize(
    ("text", "word", "status"),
    [
        ("No relapse was seen.", "relapse", NEGATED),
        ("The patient was treated without steroids.", "steroids", NEGATED),
        ("Remission was not achieved in any child.", "Remission", NEGATED),
        ("Neither infection nor death occurred.", "death", NEGATED),
        ("In the absence of hypertension, the dose was kept.", "hypertension", NEGATED),
        ("In the absence of hypertension, remission was kept.", "remission", PRESENT),
        ("There was no relapse, but infections were frequent.", "infections", PRESENT),
        ("No significant difference in mortality was found.", "mortality", PRESENT),
        ("Ramipril did not change proteinuria.", "proteinuria", PRESENT),
        ("The drug may prevent relapse.", "relapse", MAYBE),
        ("We studied whether tacrolimus lowers proteinuria.", "proteinuria", MAYBE),
        ("Remission was reached by all.", "Remission", PRESENT),
        ("HCV infection without arterial hypertension was present.", "arterial hypertension", NEGATED),
    ],
)
def test_status(make_document: Callable[..., Document], text: str, word: str, status: Assertion) -> None:
    mentions = _TAGGER.tag(make_document(text)).mentions
    found = {one.text: one.assertion for one in mentions}
    assert found.get(word) is status, found


_TAGGER = load_tagger("none")


@given(
    st.text()
    | st.lists(st.sampled_from("no not may relapse was seen but and , ( ) . without -free".split())).map(" ".join)
)
def test_scopes_lie_inside(text: str) -> None:
    for status, start, end in find_scopes(text):
        assert status in ("NEGATED", "HYPOTHETICAL")
        assert 0 <= start < end <= len(text)
