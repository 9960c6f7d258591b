"""Printed statistics are parsed: values, spreads, proportions, counts in words, tests, effects, sizes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence import Statistic
from pipeline.tag.statistic import find_statistics

S = Statistic


def parsed(text: str) -> list[dict[str, object]]:
    """The set fields of each statistic, without the printed measure."""
    rows = []
    for found in find_statistics(text):
        assert found.statistic is not None
        fields = {name: getattr(found.statistic, name) for name in Statistic.__slots__}
        rows.append({name: value for name, value in fields.items() if value is not None and name != "measure"})
    return rows


def p(value: float | None, operator: str | None = "=") -> dict[str, object]:
    row: dict[str, object] = {"kind": "p"}
    return row if value is None else row | {"value": value, "operator": operator}


def share(
    events: float | None = None, total: float | None = None, percent: float | None = None, **more: object
) -> dict[str, object]:
    named = {"events": events, "total": total, "percent": percent} | more
    return {"kind": "proportion"} | {key: value for key, value in named.items() if value is not None}


def val(value: float | None = None, unit: str | None = None, **more: object) -> dict[str, object]:
    named = {"value": value, "unit": unit} | more
    return {"kind": "value"} | {key: item for key, item in named.items() if item is not None}


def effect(value: float, measure: str, low: float | None = None, high: float | None = None) -> dict[str, object]:
    row: dict[str, object] = {"kind": "effect", "value": value, "effect_measure": measure}
    return row if low is None else row | {"low": low, "high": high, "spread": "CI"}


P_VALUES = [
    ("fell (P<.001)", [p(0.001, "<")]),
    ("fell (P < 0.001)", [p(0.001, "<")]),
    ("fell (p=0.04)", [p(0.04)]),
    ("fell (p = 0·04)", [p(0.04)]),
    ("fell (P=1.00)", [p(1.0)]),
    ("fell (p less than 0.05)", [p(0.05, "<")]),
    ("fell (p was less than 0.05)", [p(0.05, "<")]),
    ("rose (p > 0.05)", [p(0.05, ">")]),
    ("rose (p ≤ 0.01)", [p(0.01, "<=")]),
    ("rose (P greater than .10)", [p(0.10, ">")]),
    ("rose (p-value 0.03)", [p(0.03)]),
    ("rose (P value = 0.2)", [p(0.2)]),
    ("rose (p for trend = 0.02)", [p(0.02)]),
    ("rose (P for interaction=0.61)", [p(0.61)]),
    ("rose (p = NS)", [p(None)]),
    ("rose (P = n.s.)", [p(None)]),
    ("were 6 mg and 7 mg (N.S.)", [val(6.0, "mg"), val(7.0, "mg"), p(None)]),
    ("children with nephrotic syndrome (NS), 6 of 10", [share(6, 10)]),
    ("were alike (not significant)", [p(None)]),
    ("rose (p = 3 × 10-5)", [p(3e-5)]),
    ("rose (p=2e-6)", [p(2e-6)]),
]
INTERVALS = [
    ("(95% CI 1.2-6.1)", [{"kind": "interval", "low": 1.2, "high": 6.1, "spread": "CI"}]),
    ("(95% CI, 1.2 to 6.1)", [{"kind": "interval", "low": 1.2, "high": 6.1, "spread": "CI"}]),
    ("(95 % confidence interval: 0.5–0.9)", [{"kind": "interval", "low": 0.5, "high": 0.9, "spread": "CI"}]),
    ("[CI 0.5, 0.9]", [{"kind": "interval", "low": 0.5, "high": 0.9, "spread": "CI"}]),
    ("(95% CI -2.5 to -0.3)", [{"kind": "interval", "low": -2.5, "high": -0.3, "spread": "CI"}]),
    ("(99% CI = 0.1; 0.4)", [{"kind": "interval", "low": 0.1, "high": 0.4, "spread": "CI"}]),
]
EFFECTS = [
    ("hazard ratio 0.70 (95% CI 0.50-0.90)", [effect(0.7, "hazard ratio", 0.5, 0.9)]),
    ("hazard ratio, 0.70; 95% CI, 0.50 to 0.90", [effect(0.7, "hazard ratio", 0.5, 0.9)]),
    ("HR 0.7 [0.5-0.9]", [effect(0.7, "hazard ratio", 0.5, 0.9)]),
    ("HR = 0.7", [effect(0.7, "hazard ratio")]),
    ("an adjusted hazard ratio (aHR) of 0.7", [effect(0.7, "hazard ratio")]),
    ("OR (95% CI) 1.27 (0.60 to 2.71)", [effect(1.27, "odds ratio", 0.6, 2.71)]),
    ("odds ratio [OR] 2.5, 95% CI 1.1-5.6", [effect(2.5, "odds ratio", 1.1, 5.6)]),
    ("a relative risk (RR) of 2.72 (95% CI 1.22-6.08)", [effect(2.72, "risk ratio", 1.22, 6.08)]),
    ("RR 2.40 [1.27-4.52]", [effect(2.4, "risk ratio", 1.27, 4.52)]),
    ("risk ratio was 0.81", [effect(0.81, "risk ratio")]),
    ("mean difference -1.5 (95% CI -2.5 to -0.5)", [effect(-1.5, "difference", -2.5, -0.5)]),
    ("risk difference=9.84", [effect(9.84, "difference")]),
    ("r = 0.81", [effect(0.81, "correlation")]),
    ("correlation coefficient of 0.55", [effect(0.55, "correlation")]),
]
PROPORTIONS = [
    ("in 6/15 patients", [share(6, 15)]),
    ("in 6/15", [share(6, 15)]),
    ("in 6 / 15 (40%)", [share(6, 15, 40)]),
    ("(107/337 [32%])", [share(107, 337, 32)]),
    ("in 34 of 51 patients", [share(34, 51)]),
    ("in 34 of the 51 patients (67%)", [share(34, 51, 67)]),
    ("in 4 out of 27 patients", [share(4, 27)]),
    ("in 14 of 100", [share(14, 100)]),
    ("Two of five children relapsed", [share(2, 5)]),
    ("two of five (40%)", [share(2, 5, 40)]),
    ("Six of the 33 patients", [share(6, 33)]),
    ("three of the eight women", [share(3, 8)]),
    ("in 11 (52%) of 21 patients", [share(11, 21, 52)]),
    ("16.7% (12/72)", [share(12, 72, 16.7)]),
    ("22.2% of patients (10/45)", [share(10, 45, 22.2)]),
    ("in 40% (n = 6)", [share(6, percent=40)]),
    ("in 337 (66%) patients", [share(337, percent=66)]),
    ("12 patients (80%)", [share(12, percent=80)]),
    ("in 10 patients (30.0%)", [share(10, percent=30)]),
    ("All nine patients responded", [share(9, 9)]),
    ("all 15 children", [share(15, 15)]),
    ("none of the 14 patients", [share(0, 14)]),
    ("None of 14 patients", [share(0, 14)]),
    ("One patient died", [share(1)]),
    ("Sixty-three patients relapsed", [share(63)]),
    ("one hundred and five patients", [share(105)]),
    ("there were 2 deaths", [share(2)]),
    ("Proteinuria in 42%", [share(percent=42, unit="%")]),
    ("in 42 percent", [share(percent=42, unit="%")]),
    ("in 42 per cent of patients", [share(percent=42, unit="%")]),
    ("Twelve percent of patients", [share(percent=12, unit="%")]),
    ("in 38% vs 22%", [share(percent=38, unit="%"), share(percent=22, unit="%")]),
    ("in 38 vs 22%", [share(percent=38, unit="%"), share(percent=22, unit="%")]),
    ("survival 96%/91%", [share(percent=96, unit="%"), share(percent=91, unit="%")]),
    ("in 80% to 90%", [val(unit="%", low=80.0, high=90.0, spread="range")]),
    ("in 80-90% of cases", [val(unit="%", low=80.0, high=90.0, spread="range")]),
    ("in 5.7% and 17.7%", [share(percent=5.7, unit="%"), share(percent=17.7, unit="%")]),
    ("a change of -12%", [val(-12.0, "%")]),
]
VALUES = [
    ("12 ± 3 mg/dL", [val(12.0, "mg/dL", sd=3.0)]),
    ("12±3 mg/dL", [val(12.0, "mg/dL", sd=3.0)]),
    ("12 +/- 3 mg/dL", [val(12.0, "mg/dL", sd=3.0)]),
    ("12 mg/dL ± 3 mg/dL", [val(12.0, "mg/dL", sd=3.0)]),
    ("(mean ± SEM) 12 ± 3 mg/dL", [val(12.0, "mg/dL", se=3.0)]),
    ("12 ± 3 vs 19 ± 4 mmHg", [val(12.0, "mmHg", sd=3.0), val(19.0, "mmHg", sd=4.0)]),
    ("-3.26+/-0.65 g/dl", [val(-3.26, "g/dl", sd=0.65)]),
    ("3.3+/-0.5%", [val(3.3, "%", sd=0.5)]),
    ("a mean of 12.5 (3.1) years", [val(12.5, "years", sd=3.1)]),
    ("12.5 (SD 3.1) kg", [val(12.5, "kg", sd=3.1)]),
    ("0.26 [SE 0.05] mL per min", [val(0.26, "mL per min", se=0.05)]),
    ("0.26 [SE 0.05] mL, control 0.29 [0.06]", [val(0.26, "mL", se=0.05), val(0.29, se=0.06)]),
    ("12.5, SD 3.1", [val(12.5, sd=3.1)]),
    ("48 (3-131) microg/min", [val(48.0, "microg/min", low=3.0, high=131.0, spread="range")]),
    ("12.2 (range 1-61) months", [val(12.2, "months", low=1.0, high=61.0, spread="range")]),
    ("38 [IQR 24 to 51] days", [val(38.0, "days", low=24.0, high=51.0, spread="IQR")]),
    ("38 days (interquartile range, 24-51)", [val(38.0, "days", low=24.0, high=51.0, spread="IQR")]),
    ("4.1 ml/min (95% CI 0.14-8.08)", [val(4.1, "ml/min", low=0.14, high=8.08, spread="CI")]),
    (
        "7.4±3.7 months; 95% confidence interval: 0.03-14.7",
        [val(7.4, "months", sd=3.7, low=0.03, high=14.7, spread="CI")],
    ),
    ("between 2.2 and 3.3 g/dl", [val(unit="g/dl", low=2.2, high=3.3, spread="range")]),
    ("ranged from 3.6 to 8.7 g/day", [val(unit="g/day", low=3.6, high=8.7, spread="range")]),
    ("aged 4-56 years", [val(unit="years", low=4.0, high=56.0, spread="range")]),
    (
        "ranged from 35% to 54% before and from 27% to 42% after",
        [val(unit="%", low=35.0, high=54.0, spread="range"), val(unit="%", low=27.0, high=42.0, spread="range")],
    ),
    ("from 42 to 31 mg/dl", [val(42.0, "mg/dl"), val(31.0, "mg/dl")]),
    ("from138.2 to 132.8 mmHg", [val(138.2, "mmHg"), val(132.8, "mmHg")]),
    ("from 24±2% to 28±2%", [val(24.0, "%", sd=2.0), val(28.0, "%", sd=2.0)]),
    ("71, 72 and 69 mL/min", [val(71.0, "mL/min"), val(72.0, "mL/min"), val(69.0, "mL/min")]),
    ("creatinine below 1.0 mg/dL", [val(unit="mg/dL", high=1.0, operator="<")]),
    ("creatinine > 1.5 mg/dl", [val(unit="mg/dl", low=1.5, operator=">")]),
    ("at least 6 g", [val(unit="g", low=6.0, operator=">=")]),
    ("≤ 5 mg", [val(unit="mg", high=5.0, operator="<=")]),
    ("20.0g/24h", [val(20.0, "g/24h")]),
    ("1,1g/dL", [val(1.1, "g/dL")]),
    ("1,234 cells", [val(1234.0, "cells")]),
    ("18 ml per minute per 1.73 m(2)", [val(18.0, "ml per minute per 1.73 m(2)")]),
    ("58.00 ml/minute/1.73 m2", [val(58.0, "ml/minute/1.73 m2")]),
    ("0.4 times/year", [val(0.4, "times/year")]),
    ("0.5 mg/kg on alternate days", [val(0.5, "mg/kg on alternate days")]),
    ("a threefold increase", [val(3.0, "fold")]),
    ("a 2.5-fold rise", [val(2.5, "fold")]),
    ("GFR was 5·2 mL", [val(5.2, "mL")]),
]
SIZES_AND_NOTHING = [
    ("(n = 12)", [{"kind": "size", "value": 12.0}]),
    ("(n=63)", [{"kind": "size", "value": 63.0}]),
    ("N = 1,204", [{"kind": "size", "value": 1204.0}]),
    ("at week 48", []),
    ("see Table 2", []),
    ("class III/IV lesions", []),
    ("in 2011", []),
    ("CD4+ and IgG3", []),
    ("phase 3 trial", []),
    ("no numbers", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "rows"), P_VALUES + INTERVALS + EFFECTS + PROPORTIONS + VALUES + SIZES_AND_NOTHING)
def test_parses_what_is_printed(text: str, rows: list[dict[str, object]]) -> None:
    assert parsed(text) == rows


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("The median age was 68 years", "median"),
        ("Mean creatinine was 1.2 mg/dl", "mean"),
        ("Creatinine was 1.2 ± 0.3 mg/dl", "mean"),
        ("Remission in 6/15", "proportion"),
        ("two patients died", "count"),
        ("Creatinine was 1.2 mg/dl", None),
    ],
)
def test_keeps_the_printed_measure(text: str, measure: str | None) -> None:
    (found,) = find_statistics(text)
    assert found.statistic is not None
    assert found.statistic.measure == measure


def test_one_bracket_with_two_pairs_and_two_tests() -> None:
    text = "(0.4 ± 0.5 times/year vs 2.9 ± 1.5 times/year, P = 0.008, and 0.3 ± 0.2 mg/kg vs 0.5 ± 0.2 mg/kg, P = 0.02)"
    kinds = [found.statistic.kind for found in find_statistics(text) if found.statistic]
    assert kinds == ["value", "value", "p", "value", "value", "p"]


PIECES = st.lists(
    st.sampled_from(
        [
            "12",
            " ",
            "±",
            "3",
            "%",
            "(",
            ")",
            "95% CI",
            "to",
            "-",
            "/",
            "of",
            "P",
            "<",
            "0.05",
            "two",
            "patients",
            "mg/dL",
            "HR",
            "n =",
            ",",
            "from",
            "IQR",
        ]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(st.text(max_size=60), PIECES))
def test_finds_are_inside_the_text_and_apart(text: str) -> None:
    found = find_statistics(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@given(st.one_of(st.text(max_size=60), PIECES))
def test_numbers_are_consistent(text: str) -> None:
    for found in find_statistics(text):
        statistic = found.statistic
        assert statistic is not None
        if statistic.low is not None and statistic.high is not None:
            assert statistic.low <= statistic.high
        if statistic.events is not None and statistic.total is not None:
            assert 0 <= statistic.events <= statistic.total
        if statistic.kind == "p" and statistic.value is not None:
            assert 0 <= statistic.value <= 1


@given(st.integers(1, 500), st.integers(1, 500))
def test_events_over_total_round_trip(events: int, total: int) -> None:
    (found, *rest) = find_statistics(f"seen in {min(events, total)}/{max(events, total)} patients") or [None]
    assert found is not None and found.statistic is not None and not rest
    assert (found.statistic.events, found.statistic.total) == (min(events, total), max(events, total))


@given(st.decimals(min_value="0.1", max_value="999", places=1), st.decimals(min_value="0.1", max_value="99", places=1))
def test_mean_and_spread_round_trip(mean: object, spread: object) -> None:
    (found,) = find_statistics(f"was {mean} ± {spread} mmol/L")
    assert found.statistic is not None
    assert (found.statistic.value, found.statistic.sd) == (float(str(mean)), float(str(spread)))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a mean difference of €5,586 (95% CI = €3,681 to €7,491)", {5586.0}),
        ("the cost was €14 280 (95% CI 12 269 to 16 101)", set()),  # thousands parted by blanks: no piece is a value
        ("complete in 94/102 (92.2%; p = 0.02)", {94.0, 102.0, 92.2}),
    ],
)
def test_levels_of_intervals_and_pieces_of_numbers_are_no_values(text: str, numbers: set[float]) -> None:
    found = [item.statistic for item in find_statistics(text) if item.statistic and item.statistic.kind != "p"]
    fields = ("value", "events", "total", "percent")
    told = {number for one in found if one.kind != "interval" for name in fields if (number := getattr(one, name))}
    assert told == numbers


def test_more_than_a_hundred_per_cent_is_no_share() -> None:
    (found,) = find_statistics("CRP rose to 112%")
    assert found.statistic is not None
    assert (found.statistic.kind, found.statistic.percent, found.statistic.value) == ("value", None, 112.0)


def test_the_second_half_of_a_number_in_words_is_no_count() -> None:
    assert [item.statistic.events for item in find_statistics("Fifty—five patients left") if item.statistic] == [None]
