"""Cell texts with their headers → numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.relate.table_values import CellValue, implied_count, parse_cell, to_number


@pytest.mark.parametrize(
    ("text", "headers", "context", "expected"),
    [
        ("12 (40%)", "", "", {"kind": "share", "events": 12, "percent": 40}),
        ("12 (40.0)", "Relapse, n (%)", "", {"kind": "share", "events": 12, "percent": 40}),
        ("12/30 (40)", "", "", {"kind": "share", "events": 12, "total": 30, "percent": 40}),
        ("12/30", "Mean ratio", "", None),
        ("4.1 ± 0.6", "Score", "", {"kind": "mean", "mean": 4.1, "sd": 0.6, "se": None}),
        ("4.1 ± 0.6", "Score", "Values are mean ± SEM", {"kind": "mean", "mean": 4.1, "sd": None, "se": 0.6}),
        ("4.1 (0.6)", "Mean (SD)", "", {"kind": "mean", "mean": 4.1, "sd": 0.6}),
        ("4.1 (0.6)", "Mean (SE)", "", {"kind": "mean", "sd": None, "se": 0.6}),
        ("41 (35 to 50)", "Median (IQR)", "", {"kind": "median", "mean": 41, "low": 35, "high": 50}),
        ("1.2 (0.8, 1.6)", "Mean change (95% CI)", "", {"kind": "mean", "low": 0.8, "high": 1.6, "spread": "CI"}),
        ("−0.55 (−0.97 to −0.13)", "95% CI", "", {"mean": -0.55, "low": -0.97, "high": -0.13}),
        ("33.3%", "", "", {"kind": "percent", "percent": 33.3}),
        ("17", "", "", {"kind": "count", "events": 17, "mean": 17}),
        ("1,204", "", "", {"kind": "count", "events": 1204}),
        ("12 (3)", "", "", {"kind": "count or mean"}),
        ("None", "", "", {"kind": "zero", "events": 0}),
        ("13.5±1.8 (5.5±2.4)", "", "", {"kind": "mean", "mean": 13.5, "sd": 1.8}),
        ("5.4*", "", "", {"kind": "value", "mean": 5.4}),
        ("5.4 a,b", "", "", {"kind": "value", "mean": 5.4}),
        ("male", "", "", None),
        ("", "", "", None),
    ],
)
def test_a_cell_means_what_its_headers_say(
    text: str, headers: str, context: str, expected: dict[str, object] | None
) -> None:
    found = parse_cell(text, headers, context)
    if expected is None:
        assert found is None or found.kind not in ("share", "mean")
        return
    assert found is not None
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_cell_of_both_groups_has_a_second_value() -> None:
    found = parse_cell("13.5±1.8 (5.5±2.4)")
    assert found is not None
    assert isinstance(found.second, CellValue)
    assert (found.second.mean, found.second.sd) == (5.5, 2.4)


@given(st.integers(1, 400), st.data(), st.integers(0, 1))
def test_a_printed_percentage_never_implies_a_wrong_count(total: int, data: st.DataObject, digits: int) -> None:
    events = data.draw(st.integers(0, total))
    printed = f"{100 * events / total:.{digits}f}"
    found = implied_count(float(printed), float(total), printed)
    assert found is None or found == events


@given(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), st.floats(0, 1e4).map(lambda x: round(x, 2)))
def test_mean_and_sd_are_read_back_as_printed(mean: float, sd: float) -> None:
    found = parse_cell(f"{mean:.2f} ± {sd:.2f}")
    assert found is not None
    assert (found.mean, found.sd) == (mean, sd)


@given(st.text(max_size=30), st.text(max_size=20))
def test_any_text_is_parsed_or_refused(text: str, headers: str) -> None:
    found = parse_cell(text, headers)
    assert found is None or found.text == text


@pytest.mark.parametrize(("text", "number"), [("1 204", 1204), ("−0·5", -0.5), ("x", None), (None, None)])
def test_numbers_as_journals_print_them(text: str | None, number: float | None) -> None:
    assert to_number(text) == number
