"""Counts with a percentage that no header announces: the sizes of the groups tell them from means."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Cell, Table
from pipeline.read.table_headers import resolve_headers
from pipeline.relate.table_cells import valued_cells

SIZED = ("Total patients, N", "16", "65")


def kinds(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Text of each value cell → its kind."""
    cells, at = [], 0
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            cells.append(Cell(r, c, text, at, at + len(text), is_header=r == 0))
            at += len(text) + 1
    table = Table("Table 1", "Patients at entry, mean (SD)", len(rows), len(rows[0]), resolve_headers(cells, 1))
    return {one.cell.text: one.value.kind for one in valued_cells(table)}


HEAD = ("", "Zaltrofen", "Placebo")


@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        ((HEAD, SIZED, ("Headache", "2 (12.5)", "13 (20.0)")), {"2 (12.5)", "13 (20.0)"}),
        ((HEAD, SIZED, ("Visits", "2 (1.5)", "13 (4.0)")), set()),
        ((HEAD, SIZED, ("Rash", "0", "13 (20.0)")), {"0", "13 (20.0)"}),
        ((HEAD, ("Male", "6 (37.5)", ""), ("Rash", "1 (6.3)", ""), ("Cough", "2 (12.5)", "")),
         {"6 (37.5)", "1 (6.3)", "2 (12.5)"}),
        ((HEAD, ("Male", "6 (37.5)", ""), ("Rash", "1 (6.3)", "")), set()),
        ((HEAD, ("Age", "61 (8.2)", ""), ("Weight", "72 (11.4)", ""), ("Height", "168 (9.5)", "")), set()),
        ((HEAD, ("n", "16", "65"), ("Rash", "1 (6.3)", "1 (1.5)"), ("n", "8", "33"), ("Rash later", "3 (37.5)", "")),
         {"1 (6.3)", "1 (1.5)", "3 (37.5)"}),
    ],
)  # fmt: skip
def test_what_fits_the_size_of_its_group_is_a_share(rows: Sequence[Sequence[str]], shares: set[str]) -> None:
    assert {text for text, kind in kinds(rows).items() if kind == "share"} == shares


def test_its_own_header_outweighs_the_arithmetic() -> None:
    found = kinds((HEAD, SIZED, ("Score, mean (SD)", "2 (12.5)", "13 (20.0)")))
    assert set(found.values()) == {"mean"}


@given(st.integers(20, 900), st.data())
def test_a_column_of_shares_of_one_size_is_known_without_the_size(size: int, data: st.DataObject) -> None:
    events = data.draw(st.lists(st.integers(1, size - 1), min_size=4, max_size=7, unique=True))
    texts = [f"{k} ({100 * k / size:.1f})" for k in events]
    found = kinds((HEAD, *((f"Event {i}", text, "") for i, text in enumerate(texts))))
    assert {found[text] for text in texts if not text.endswith("(0.0)")} == {"share"}
