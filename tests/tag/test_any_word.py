"""The pattern of many words matches these words and no others."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.tag.any_word import any_word


@given(st.sets(st.text("abc.'", min_size=1, max_size=5), min_size=1, max_size=12), st.text("abc.'", max_size=6))
def test_exactly_these_words(words: set[str], other: str) -> None:
    pattern = re.compile(any_word(sorted(words)))
    assert all(pattern.fullmatch(word) for word in words)
    assert bool(pattern.fullmatch(other)) is (other in words)


def test_the_longer_of_two_is_tried_first() -> None:
    assert [match.group() for match in re.finditer(any_word(["a", "an", "and"]), "and an a")] == ["and", "an", "a"]
