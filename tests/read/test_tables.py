"""Tables from XML: spans, headers, groups, footnote marks."""

from __future__ import annotations

from pathlib import Path

from pipeline.document import Cell, Document, Table
from pipeline.read import read_documents
from pipeline.read.table_headers import resolve_headers


def table_of(tmp_path: Path, rows: str, around: str = "{}") -> tuple[Table, str]:
    wrap = f"<table-wrap><label>Table 1</label>{around.format('<table>' + rows + '</table>')}</table-wrap>"
    path = tmp_path / "t.xml"
    path.write_text(f"<article><front/><body><p>See it.</p>{wrap}</body></article>", encoding="utf-8")
    (document,) = read_documents(path)
    assert isinstance(document, Document)
    passage = next(p for p in document.passages if p.table)
    assert passage.table is not None
    for cell in passage.table.cells:
        assert passage.text[cell.start : cell.end] == cell.text
    return passage.table, passage.text


def cell(table: Table, text: str) -> Cell:
    return next(c for c in table.cells if c.text == text)


def test_multi_level_headers_and_groups(tmp_path: Path) -> None:
    table, text = table_of(
        tmp_path,
        "<thead><tr><th rowspan='2'>Outcome</th><th colspan='2'>Drug A (n = 9)</th><th rowspan='2'>P</th></tr>"
        "<tr><th>Before</th><th>After</th></tr></thead><tbody>"
        "<tr><td colspan='4'>Kidney</td></tr>"
        "<tr><td>\u2003GFR (ml/min)</td><td>51 ± 4</td><td>60 ± 5</td><td>0.04</td></tr>"
        "<tr><td>Weight (kg)</td><td>70</td><td>71</td><td>0.9</td></tr></tbody>",
    )
    value = cell(table, "60 ± 5")
    assert value.column_headers == ("Drug A (n = 9)", "After")
    assert value.row_headers == ("Kidney", "GFR (ml/min)")
    assert cell(table, "0.9").row_headers == ("Weight (kg)",)
    assert cell(table, "0.9").column_headers == ("P",)
    assert text.splitlines()[3] == "GFR (ml/min)\t51 ± 4\t60 ± 5\t0.04"


def test_rows_spanned_by_a_label(tmp_path: Path) -> None:
    table, _ = table_of(
        tmp_path,
        "<thead><tr><td>Outcome</td><td>Group</td><td>Mean</td></tr></thead><tbody>"
        "<tr><td rowspan='2'>Protein</td><td>A</td><td>1.1</td></tr><tr><td>B</td><td>2.2</td></tr></tbody>",
    )
    assert cell(table, "2.2").row_headers == ("Protein", "B")
    assert cell(table, "2.2").column_headers == ("Mean",)


def test_labels_set_in_by_a_column(tmp_path: Path) -> None:
    table, _ = table_of(
        tmp_path,
        "<thead><tr><th colspan='2'/><th>A (N=9)</th><th>B (N=8)</th></tr></thead><tbody>"
        "<tr><td>Earlier drugs</td><td/><td/><td/></tr><tr><td/><td>None</td><td>4 (44%)</td><td>5 (63%)</td></tr>"
        "<tr><td>Fever</td><td/><td>1 (11%)</td><td>2 (25%)</td></tr></tbody>",
    )
    assert cell(table, "4 (44%)").row_headers == ("Earlier drugs", "None")
    assert cell(table, "2 (25%)").row_headers == ("Fever",)
    assert cell(table, "2 (25%)").column_headers == ("B (N=8)",)


def test_label_printed_once_for_several_rows(tmp_path: Path) -> None:
    table, _ = table_of(
        tmp_path,
        "<thead><tr><th>Outcome</th><th>Treatment</th><th>Mean</th></tr></thead><tbody>"
        "<tr><td>Ratio</td><td>Drug A</td><td>1.1</td></tr><tr><td/><td>Drug B</td><td>2.2</td></tr>"
        "<tr><td>Level</td><td>Drug A</td><td>3.3</td></tr><tr><td/><td>Drug B</td><td>4.4</td></tr></tbody>",
    )
    assert [cell(table, text).row_headers for text in ("1.1", "2.2", "3.3", "4.4")] == [
        ("Ratio", "Drug A"),
        ("Ratio", "Drug B"),
        ("Level", "Drug A"),
        ("Level", "Drug B"),
    ]


def test_heading_row_with_its_own_p_value(tmp_path: Path) -> None:
    table, _ = table_of(
        tmp_path,
        "<tr><th>Item</th><th>A</th><th>B</th><th>P value</th></tr>"
        "<tr><td>Sex (%)</td><td/><td/><td>0.4</td></tr><tr><td>Male</td><td>5 (50)</td><td>6 (60)</td><td/></tr>"
        "<tr><td>Age</td><td>40</td><td>50</td><td>0.2</td></tr>",
    )
    assert cell(table, "5 (50)").row_headers == ("Sex (%)", "Male")
    assert cell(table, "0.4").row_headers == ("Sex (%)",)
    assert cell(table, "40").row_headers == ("Age",)


def test_footnote_marks_leave_the_value(tmp_path: Path) -> None:
    foot = "{}<table-wrap-foot><fn id='f1'><label>a</label><p>After 6 months.</p></fn></table-wrap-foot>"
    table, text = table_of(
        tmp_path,
        "<tr><th>Item</th><th>A<xref ref-type='table-fn' rid='f1'><sup>a</sup></xref></th></tr>"
        "<tr><td>Cells (10<sup>9</sup>/L)</td><td>12.3<sup>a</sup></td></tr>"
        "<tr><td>Area (m<sup>2</sup>)</td><td>1.7*</td></tr>",
        foot,
    )
    assert cell(table, "12.3").marks == ("a",)
    assert cell(table, "1.7").marks == ("*",)
    assert cell(table, "12.3").column_headers == ("A",)
    assert cell(table, "12.3").row_headers == ("Cells (10^9/L)",)
    assert table.footnotes == (("a", "After 6 months."),)
    assert "123" not in text


def test_hostile_spans_are_capped(tmp_path: Path) -> None:
    table, _ = table_of(
        tmp_path,
        "<tr><td colspan='x'>a</td><td rowspan='99999'>1</td></tr><tr><td colspan='-3'>b</td></tr>",
    )
    assert (table.n_rows, table.n_columns) == (2, 2)
    assert cell(table, "1").row_span == 2


def resolved(rows: list[str]) -> dict[str, tuple[str, ...]]:
    """Text of each value → its row headers; a row is written "label|value|value"."""
    cells, at = [], 0
    for row, line in enumerate(rows):
        for column, text in enumerate(line.split("|")):
            cells.append(Cell(row, column, text, at, at + len(text)))
            at += len(text) + 1
    return {cell.text: cell.row_headers for cell in resolve_headers(cells, 1) if cell.column and cell.text}


def test_a_heading_that_several_headings_share_stands_under_each_of_them() -> None:
    found = resolved(
        ["Item|A|B", "Age|40|41", "Men:||", "Dose:||", "10 mg|3|4", "20 mg|5|6", "Women:||", "Dose:||", "10 mg|7|8"]
    )
    assert found["41"] == ("Age",)
    assert (found["4"], found["6"]) == (("Men:", "Dose:", "10 mg"), ("Men:", "Dose:", "20 mg"))
    assert found["8"] == ("Women:", "Dose:", "10 mg")


def test_a_heading_after_a_lone_heading_takes_its_place() -> None:
    found = resolved(["Item|A|B", "Harms||", "Liver||", "Rise|3|4", "Kidney||", "Fall|5|6"])
    assert (found["3"], found["5"]) == (("Liver", "Rise"), ("Kidney", "Fall"))
