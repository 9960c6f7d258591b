"""A rule tried only where it may begin finds what it finds when tried everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tag import statistic
from pipeline.tag.number import NUMBER_WORD
from pipeline.tag.places import Places, Start
from pipeline.tag.sentences import runs_with

_PIECES = (
    "12", "3.4", ".5", "·7", "1,234", "2,5", "7 . 5", "95%", "five", "twenty-one", "a hundred", "Forty", "percent", "%",
    "-", "−", "–", "±", "+/-", "+ -", "<", ">=", "≤ ", "(", ")", "[", "]", ",", ";", "/", " ", "  ", ". ", ". The ",
    "of ", "out of ", "to", "from ", "vs ", "and ", "mg/dL", "mmHg", "months", "patients", "children", "n = ", "p = ",
    "P<", "95% CI", "confidence interval ", "IQR ", "range ", "SD ", "SEM", "hazard ratio ", "OR ", "or ",
    "r", "difference ",
    "-fold", "doubled", "at least ", "below ", "all ", "none ", "x", "T4 ", "mean ", "median ", "Nothing here. But ",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_the_same_matches_as_a_search_everywhere(text: str) -> None:
    runs = runs_with(text, statistic._NUMBER_INSIDE)
    assert runs_with(text, statistic._NUMBER_INSIDE, statistic._DIGIT) == runs
    places = Places(text, runs)
    for rule in statistic._RULES:
        everywhere = chain.from_iterable(rule.pattern.finditer(text, low, high) for low, high in runs)
        tried = places.matches(rule.pattern, rule.start, rule.needs)
        assert _spans(tried) == _spans(everywhere)


def _spans(matches: Iterator[re.Match[str]]) -> list[tuple[int, int]]:
    """The word "or" is no odds ratio: whether a rule matches it does not matter."""
    return [match.span() for match in matches if match.groupdict().get("name") != "or"]


@pytest.mark.parametrize("text", ["one hundred and five", "a hundred", "sixty-three", "nineteen", "two"])
def test_every_number_word_is_a_place(text: str) -> None:
    runs = runs_with(f"Of {text} patients.", statistic._NUMBER_INSIDE)
    places = Places(f"Of {text} patients.", runs)
    pattern = re.compile(NUMBER_WORD, re.IGNORECASE)
    assert [match.group() for match in places.matches(pattern, Start.WORDS)] == [text]
