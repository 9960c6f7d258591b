"""Names of groups, populations and schedules in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence import Label
from pipeline.tag.arm import find_arms
from pipeline.tag.population import find_populations
from pipeline.tag.schedule import find_schedules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fewer in the tacrolimus group than in controls", ["the tacrolimus group", "controls"]),
        ("group II improved", ["group II"]),
        ("in both groups", ["both groups"]),
        ("patients receiving enalapril improved", ["patients receiving enalapril"]),
        ("as in case 2, the drug failed", ["case 2"]),
        ("the latter group relapsed", ["the latter group"]),
        ("of the same age group", []),
    ],
)
def test_names_of_groups(text: str, expected: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_arms(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We enrolled 14 adult patients with active lupus nephritis.", ["adult patients with active lupus nephritis"]),
        ("The patients were seen monthly.", []),
        ("Stable kidney transplant recipients were studied.", ["Stable kidney transplant recipients"]),
    ],
)
def test_populations(text: str, expected: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_populations(text)] == expected


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("20 mg twice daily", Label.FREQUENCY, ["twice daily"]),
        ("0.3 mg/kg on alternate days", Label.FREQUENCY, ["on alternate days"]),
        ("given every 2 weeks", Label.FREQUENCY, ["every 2 weeks"]),
        ("in two divided doses", Label.FREQUENCY, ["in two divided doses"]),
        ("oral cyclophosphamide", Label.ROUTE, ["oral"]),
        ("an i.v. dose", Label.ROUTE, ["i.v."]),
        ("class IV nephritis", Label.ROUTE, []),
        ("treated for 8 weeks", Label.DURATION, ["8 weeks"]),
        ("until week 48", Label.DURATION, ["until week 48"]),
        ("followed for 8 years", Label.DURATION, []),
    ],
)
def test_schedules(text: str, label: Label, expected: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_schedules(text) if one.label is label] == expected


@given(st.text(max_size=80))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    for one in (*find_arms(text), *find_populations(text), *find_schedules(text)):
        assert 0 <= one.start < one.end <= len(text)
