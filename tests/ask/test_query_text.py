"""Full-text queries: whatever is typed, FTS5 accepts what comes of it."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ask.query import fts_query
from pipeline.errors import StoreError


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("remission", '"remission"'),
        ("complete remission", '"complete" "remission"'),
        ('"complete remission"', '"complete remission"'),
        ("relaps*", '"relaps"*'),
        ("a AND (b OR c) NOT d", '"a" AND ( "b" OR "c" ) NOT "d"'),
        ("AND a", '"a"'),
        ("a AND", '"a"'),
        ("(a", '"a"'),
        ("a) (b", '"a" "b"'),
        ("steroid-resistant", '"steroid-resistant"'),
        ("and or not", '"and" "or" "not"'),
        ("text:x^2", '"text:x^2"'),
    ],
)
def test_query(typed: str, query: str) -> None:
    assert fts_query(typed) == query


@given(
    st.text(alphabet=st.one_of(st.sampled_from('ab "()*:^-+{}'), st.characters()), max_size=30) | st.just("AND OR NOT")
)
def test_fts5_accepts_every_query(typed: str) -> None:
    try:
        query = fts_query(typed)
    except StoreError:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text)")
    assert connection.execute("SELECT * FROM t WHERE t MATCH ?", (query,)).fetchall() == []
