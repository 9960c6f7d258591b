"""Amounts begin with their number and end with their unit."""

from __future__ import annotations

import pytest

from pipeline.model.amounts import is_level, split_amounts, trim_amount
from pipeline.model.tokenizer import split_words


@pytest.mark.parametrize(
    ("span", "after", "amount", "with_frequency"),
    [
        ("a total dose of 144 mg/m2", "", "144 mg/m2", "144 mg/m2"),
        ("20-mg daily", "", "20-mg", "20-mg daily"),
        ("30 mg/kg per day", "", "30 mg/kg", "30 mg/kg per day"),
        ("0.75 mg every 12 hours", "", "0.75 mg", "0.75 mg every 12 hours"),
        ("single 200 mg intravenous dose", "", "200 mg", "200 mg"),
        ("75 mg/m", "(2)", "75 mg/m(2)", "75 mg/m(2)"),
        ("75 mg/m(2", ")", "75 mg/m(2)", "75 mg/m(2)"),
        ("75 mg/m(", "2)", "75 mg/m(2)", "75 mg/m(2)"),
        ("4", " doses", "4 doses", "4 doses"),
        ("4", " days", "4", "4"),
        ("high-dose", "", "high-dose", "high-dose"),
        ("less than 5 mg", "", "less than 5 mg", "less than 5 mg"),
    ],
)
def test_amount_alone(span: str, after: str, amount: str, with_frequency: str) -> None:
    text = f"given {span}{after} of it"
    words, starts = split_words(text)
    start, end = 1, next(i for i, at in enumerate(starts) if at >= len("given ") + len(span))
    for cut, wanted in ((True, amount), (False, with_frequency)):
        low, high = trim_amount(words, start, end, cut_frequency=cut)
        assert text[starts[low] : starts[high - 1] + len(words[high - 1])] == wanted


@pytest.mark.parametrize(
    ("span", "parts"),
    [
        ("20 mg or 40 mg", ["20 mg", "40 mg"]),
        ("5 mg/kg, 10 mg/kg and 20 mg/kg", ["5 mg/kg", "10 mg/kg", "20 mg/kg"]),
        ("1400 mg or 30 mg kg-1", ["1400 mg", "30 mg kg-1"]),
        ("20 and 40 mg", ["20 and 40 mg"]),
        ("20 mg to 40 mg", ["20 mg to 40 mg"]),
        ("low and moderate doses", ["low and moderate doses"]),
        ("20 mg and 3", ["20 mg and 3"]),
        ("2,000 mg", ["2,000 mg"]),
    ],
)
def test_listed_amounts_are_apart(span: str, parts: list[str]) -> None:
    words, starts = split_words(span)
    found = split_amounts(words, 0, len(words))
    assert [span[starts[a] : starts[b - 1] + len(words[b - 1])] for a, b in found] == parts


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("108 mEq/L", True),
        ("8.25 +/- 3.2 mmol/l", True),
        ("44 ng/mL", True),
        ("5 mg per dl", True),
        ("5 mg/kg", False),
        ("20 mg", False),
        ("3 doses", False),
        ("low", False),
        ("2 units/lesion", False),
    ],
)
def test_a_level_in_a_fluid_is_no_amount_given(span: str, expected: bool) -> None:
    words, _ = split_words(span)
    assert is_level(words, 0, len(words)) is expected
