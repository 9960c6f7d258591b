"""Tables of plain text: cells only where the text shows them."""

from __future__ import annotations

import pytest

from pipeline.document import Cell, Table
from pipeline.read.chars import Chars
from pipeline.read.text_table import mend_decimals, read_text_table
from pipeline.read.words import Words

TABLE = """Patient 1 Patient 2

Protein  12,5g/24h 11.9g/24h

Ethnic group

Nubian Nubian

Lipids

Cholesterol

Triglycerides

461mg/dL (11,9mmol/L)

217mg/dL (2,5mmol/L)

263mg/dL (6.8mmol/L)

174mg/dL (2.0mmol/L)

None Ramipril 10mg

Oedema Yes (slight) Yes (severe)
"""


def read(text: str) -> tuple[Table | None, str, int]:
    found = read_text_table(text, [(0, len(text))], Words(text), "Table 1 Patients at the start")
    if found.table is not None:
        for cell in found.table.cells:
            assert found.chars.text[cell.start : cell.end] == cell.text
    return found.table, found.chars.text, found.n_whole_rows


def cell(text: str) -> Cell:
    table, _, _ = read(TABLE)
    assert table is not None
    return next(one for one in table.cells if one.text == text)


@pytest.mark.parametrize(
    ("value", "column", "row"),
    [
        ("12.5g/24h", ("Patient 1",), ("Protein",)),
        ("11.9g/24h", ("Patient 2",), ("Protein",)),
        ("461mg/dL (11.9mmol/L)", ("Patient 1",), ("Lipids", "Cholesterol")),
        ("263mg/dL (6.8mmol/L)", ("Patient 2",), ("Lipids", "Cholesterol")),
        ("174mg/dL (2.0mmol/L)", ("Patient 2",), ("Lipids", "Triglycerides")),
        ("Yes (severe)", ("Patient 2",), ("Oedema",)),
        ("Nubian", ("Patient 1",), ("Ethnic group",)),
    ],
)
def test_values_know_their_row_and_column(value: str, column: tuple[str, ...], row: tuple[str, ...]) -> None:
    assert (cell(value).column_headers, cell(value).row_headers) == (column, row)


def test_a_row_without_signs_stays_whole() -> None:
    assert cell("None Ramipril 10mg").row_headers == ()
    assert read(TABLE)[2] == 2  # that one, and the heading of the lipids


def test_no_character_is_lost() -> None:
    _, text, _ = read(TABLE)
    assert sorted("".join(text.split()).replace(".", ",")) == sorted("".join(TABLE.split()).replace(".", ","))


def test_a_table_without_a_head_is_left_as_printed() -> None:
    table, text, n_whole = read("Protein 12 g\nWeight 70 kg\n")
    assert table is None
    assert (text, n_whole) == ("Protein 12 g\nWeight 70 kg", 2)


@pytest.mark.parametrize(
    ("printed", "mended"),
    [
        ("P = 0,05", "P = 0.05"),
        ("from 3,5 mg to 4,2 mg", "from 3.5 mg to 4.2 mg"),
        ("at 5,10 mg/kg", "at 5,10 mg/kg"),
        ("1,234 patients and 3,5 mg or 2.5 mg", "1,234 patients and 3,5 mg or 2.5 mg"),
        ("groups 1,2 and 3", "groups 1,2 and 3"),
    ],
)
def test_decimal_commas(printed: str, mended: str) -> None:
    assert mend_decimals(Chars.of(printed)).text == mended
