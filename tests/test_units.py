"""Numbers and units: print to UCUM, and conversion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.units import convert, parse_number, print_ucum, ucum_of


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,500", 1500), ("12,345.5", 12345.5), ("0,5", 0.5), ("0,125", 0.125), ("1,25", 1.25), ("2·5", 2.5),
        (".5", 0.5), ("10 000", 10000), ("two", 2), ("", None), (None, None), ("x", None),
    ],
)  # fmt: skip
def test_numbers(printed: str | None, value: float | None) -> None:
    assert parse_number(printed) == value


@pytest.mark.parametrize(
    ("unit", "chain", "ucum"),
    [
        ("mg", "/kg/day", "mg/kg/d"),
        ("mg", " per square meter of body-surface area per week", "mg/m2/wk"),
        ("g", "/24h", "g/(24.h)"),
        ("µg", "/kg/min", "ug/kg/min"),
        ("mg", " kg-1 day-1", "mg/kg/d"),
        ("IU", "", "[iU]"),
        ("ng", "/mL", "ng/mL"),
        ("parsec", "", None),
    ],
)
def test_ucum(unit: str, chain: str, ucum: str | None) -> None:
    read = ucum_of(unit, chain)
    assert (read.text if read else None) == ucum


@pytest.mark.parametrize(
    ("value", "unit", "to", "substance", "expected"),
    [
        (461, "mg/dL", "mmol/L", "cholesterol", 11.92),
        (1.0, "mg/dL", "umol/L", "serum creatinine", 88.4),
        (125, "ng/mL", "nmol/L", "cyclosporine", 103.9),
        (2, "g/d", "mg/d", None, 2000),
        (14, "mg/wk", "mg/d", None, 2),
        (1, "mg/dL", "mmol/L", None, None),
        (1, "mg/dL", "mmol/L", "unobtainium", None),
        (1, "mg", "mL", None, None),
        (1, "nonsense", "mg", None, None),
    ],
)
def test_conversion(value: float, unit: str, to: str, substance: str | None, expected: float | None) -> None:
    got = convert(value, unit, to, substance=substance)
    assert got is None if expected is None else got == pytest.approx(expected, rel=1e-3)


@given(st.floats(0.001, 1e6), st.sampled_from([("mg/dL", "mmol/L"), ("ug/mL", "nmol/L"), ("g/L", "umol/L")]))
def test_conversion_comes_back(value: float, units: tuple[str, str]) -> None:
    there = convert(value, units[0], units[1], substance="creatinine")
    assert there is not None
    assert convert(there, units[1], units[0], substance="creatinine") == pytest.approx(value)


def test_print_and_read_again() -> None:
    printed = print_ucum("mg/kg/d")
    unit, chain = printed.split("/", 1)
    read = ucum_of(unit, f"/{chain}")
    assert read is not None
    assert read.text == "mg/kg/d"
