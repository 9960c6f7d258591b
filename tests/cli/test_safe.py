"""Text of papers made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.safe import safe, safe_cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain µ ± 12", "plain µ ± 12"),
        ("a\x1b[31mb", "a [31mb"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("abc\u202edef", "abcdef"),
        ("\x9b31m", "31m"),
    ],
)
def test_safe(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text())
def test_nothing_commands_a_terminal(text: str) -> None:
    assert not [c for c in safe(text) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2 to 3", "'-2 to 3"),
        ("-0.5", "-0.5"),
        ("+3", "+3"),
        ("12 ± 3", "12 ± 3"),
        ("", ""),
        ("\t=1", "'\t=1"),
    ],
)
def test_safe_cell(text: str, cell: str) -> None:
    assert safe_cell(text) == cell
