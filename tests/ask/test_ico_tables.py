"""Layouts of tables that `evidence ico` completes: heads in the body, rows that go on, contrasts, pooled columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.ask.ico_cells import ico_cells
from pipeline.ask.ico_heads import with_heads
from pipeline.ask.ico_kinds import kinds_asked, restriction_features
from pipeline.ask.ico_terms import Terms, concept_names, variants
from pipeline.document import Cell, Table
from pipeline.read.table_headers import resolve_headers
from pipeline.relate.table_times import all_days_in, days_in, is_baseline, same_time
from pipeline.relate.table_values import parse_cell


def table(rows: Sequence[Sequence[str]], head_rows: int = 1, spans: dict[tuple[int, int], int] | None = None) -> Table:
    cells, at = [], 0
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            span = (spans or {}).get((r, c), 1)
            cells.append(Cell(r, c, text, at, at + len(text), is_header=r < head_rows, column_span=span))
            at += len(text) + 1
    return Table("Table 1", "Outcomes", len(rows), len(rows[0]), resolve_headers(cells, head_rows))


def found(made: Table) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {one.value.text: (one.cell.row_headers, one.cell.column_headers) for one in ico_cells(made)}


def test_rows_of_words_above_the_numbers_are_heads_without_markup() -> None:
    rows = (
        ("Parameter", "Baseline", "", "Week 8", ""),
        ("", "D", "D+Z", "D", "D+Z"),
        ("Albumin", "3.1 ± 0.2", "3.2 ± 0.3", "3.5 ± 0.2", "3.9 ± 0.4"),
    )
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            span = 2 if r == 0 and c in (1, 3) else 1
            if text or c == 0:
                cells.append(Cell(r, c, text, 0, len(text), is_header=c == 0, column_span=span))
    made = with_heads(Table("Table 1", "Outcomes", 3, 5, tuple(cells)))
    heads = {cell.text: cell.column_headers for cell in made.cells if "±" in cell.text}
    assert heads["3.9 ± 0.4"] == ("Week 8", "D+Z")
    assert heads["3.1 ± 0.2"] == ("Baseline", "D")


def test_a_row_that_names_only_a_later_state_goes_on_with_the_outcome_before_it() -> None:
    made = table(
        (
            ("", "Zaltrofen (n = 20)", "Placebo (n = 20)"),
            ("Baseline urea (mg/dL)", "40.1 ± 5.0", "41.2 ± 5.1"),
            ("Change at end point (mg/dL)", "-4.0 ± 2.0", "-1.0 ± 2.1"),
            ("Baseline sodium", "139 ± 3.0", "140 ± 3.1"),
            ("After", "138 ± 3.3", "141 ± 3.4"),
        )
    )
    cells = found(made)
    assert cells["-4.0 ± 2.0"][0][0] == "urea (mg/dL)"
    assert cells["138 ± 3.3"][0][0] == "sodium"


def test_times_alone_are_no_outcome_to_go_on_with() -> None:
    made = table((("", "A", "B"), ("Week 0", "5.1 ± 1.0", "5.2 ± 1.0"), ("Week 8", "6.1 ± 1.0", "6.3 ± 1.0")))
    assert found(made)["6.1 ± 1.0"][0] == ("Week 8",)


def test_a_row_of_words_in_the_middle_is_the_head_from_there_on() -> None:
    made = table(
        (
            ("Symptom", "Zaltrofen", "Placebo"),
            ("Days of cough", "2.9 ± 1.0", "5.1 ± 1.2"),
            ("Later outcome", "Zaltrofen 8 mg", "Sham"),
            ("Visits", "1 (3.9)", "2 (7.1)"),
        )
    )
    assert found(made)["1 (3.9)"][1] == ("Zaltrofen 8 mg",)
    assert found(made)["2.9 ± 1.0"][1] == ("Zaltrofen",)


def test_numbered_rows_have_their_label_in_the_second_column() -> None:
    made = table((("No.", "Reaction", "A (n = 9)", "B (n = 8)"), ("1", "Nausea", "5", "4"), ("2", "Rash", "0", "1")))
    assert found(made)["5"][0] == ("Nausea",)


def test_bare_numbers_under_weeks_are_weeks() -> None:
    made = table((("Weeks", "A", "B"), ("0", "5.1 ± 1.0", "5.2 ± 1.0"), ("24", "6.1 ± 1.0", "6.3 ± 1.0")))
    assert days_in(found(made)["6.1 ± 1.0"][0][0]) == 168.0


def test_contrasts_are_no_values_of_a_group() -> None:
    made = table(
        (
            ("", "Total score", "Pain score"),
            ("Zaltrofen (n = 44)", "-21.3 ± 9.9", "-4.4 ± 4.0"),
            ("Zaltrofen versus placebo", "-8.9 (-13.3 to -4.6)", "-1.8 (-2.8 to -0.8)"),
        )
    )
    assert set(found(made)) == {"-21.3 ± 9.9", "-4.4 ± 4.0"}


def test_people_and_not_their_events_are_counted() -> None:
    made = table(
        (
            ("", "A (n = 50)", "A (n = 50)", "B (n = 51)", "B (n = 51)"),
            ("", "Events", "Patients", "Events", "Patients"),
            ("Any reaction", "26", "21 (42.0)", "30", "23 (45.1)"),
        ),
        head_rows=2,
    )
    assert set(found(made)) == {"21 (42.0)", "23 (45.1)"}


def test_everybody_of_a_group_is_a_value_and_everybody_at_all_is_none() -> None:
    rows = (("", "Zaltrofen", "Zaltrofen"), ("", "Japan (n = 9)", "All (n = 131)"), ("Infection", "2 (22)", "30 (23)"))
    assert "30 (23)" in found(table(rows, head_rows=2))
    alone = table((("", "Zaltrofen", "All (n = 131)"), ("Infection", "2 (22)", "30 (23)")))
    assert "30 (23)" not in found(alone)


@pytest.mark.parametrize(
    ("text", "headers", "context", "kind", "numbers"),
    [
        ("16.8% (33/196)", "", "", "share", (33.0, 196.0)),
        ("10 (67%) (41%–85%)", "", "", "share", (10.0, None)),
        ("5 (42)", "Zaltrofen (%)", "", "share", (5.0, None)),
        ("82.5 (40.4)", "Time (h)", "mean (SD) or median (IQR)", "mean", (None, None)),
        ("11 (9–13)", "Stay (days)", "mean (SD) or median (IQR)", "median", (None, None)),
    ],
)
def test_what_brackets_mean(
    text: str, headers: str, context: str, kind: str, numbers: tuple[float | None, float | None]
) -> None:
    value = parse_cell(text, headers, context)
    assert value is not None
    assert (value.kind, (value.events, value.total)) == (kind, numbers)


def test_times_are_read_with_their_units_only() -> None:
    assert days_in("T2w sagittal") is None
    assert days_in("BMI (kg/m2)") is None and days_in("eGFR (mL/min/1.73 m2)") is None
    assert days_in("m3") == days_in("month 3") == pytest.approx(91.2)
    assert sorted(all_days_in("at week 4 and after 6 months")) == pytest.approx([28.0, 182.4])
    assert same_time(182.0, 182.4) and not same_time(84.0, 91.2)
    assert is_baseline("pain before treatment") and not is_baseline("death after admission")


def test_a_short_form_in_brackets_is_another_name() -> None:
    assert variants("usual care (UC)") == ("usual care (UC)", "usual care", "UC")
    assert variants("walking (slow) programme") == ("walking (slow) programme",)
    assert concept_names("BMI") == concept_names("body mass index") != ()


def test_another_amount_of_the_same_unit_matches_less() -> None:
    terms = Terms((), {}, "")
    assert terms.arm("zaltrofen 60 mg", "Zaltrofen 60 mg") > terms.arm("zaltrofen 60 mg", "Zaltrofen 30 mg")


def test_words_that_narrow_an_outcome_are_told() -> None:
    assert restriction_features("adverse events", "Severe adverse events")["restricted"] == 1.0
    assert restriction_features("severe pain", "Pain")["unrestricted"] == 1.0
    assert restriction_features("cognitive score", "Cognitive score <85")["limit_unasked"] == 1.0
    assert kinds_asked("clinically meaningful improvement") == (True, False)
    assert kinds_asked("mean blood pressure") == (False, True)
