"""Results and comparisons from invented tables: outcome, arm, size, time point, p-value."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.document import Cell, Document, Part, Passage, Source, Table
from pipeline.evidence import (
    Annotated,
    Arm,
    Attribution,
    Comparison,
    Direction,
    Dose,
    DrugUse,
    Measure,
    Result,
    Role,
)
from pipeline.read.table_headers import resolve_headers
from pipeline.relate.table_arms import TableArms
from pipeline.relate.table_results import table_results

ARMS = (Arm("A1", "zaltrofen", Role.INTERVENTION, n=41), Arm("A2", "placebo", Role.COMPARATOR, n=39))


class OneVerdict:
    """Says of every place that it tells the paper's own results."""

    attribution = Attribution.OWN

    def of(self, passage: int, position: int) -> OneVerdict:
        return self


def resolve(text: str) -> tuple[str, ...]:
    return tuple(arm.arm_id for arm in ARMS if arm.name in text.lower())


def read(
    rows: Sequence[Sequence[str]],
    caption: str = "Outcomes",
    notes: tuple[tuple[str | None, str], ...] = (),
    marks: dict[tuple[int, int], str] | None = None,
) -> tuple[list[Result], list[Comparison]]:
    cells, at = [], 0
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            mark = ((marks or {}).get((r, c)),) if (r, c) in (marks or {}) else ()
            cells.append(Cell(r, c, text, at, at + len(text), is_header=r == 0, marks=mark))  # type: ignore[arg-type]
            at += len(text) + 1
    text = "\n".join("\t".join(row) for row in rows)
    table = Table("Table 2", caption, len(rows), len(rows[0]), resolve_headers(cells, 1), notes)
    document = Document(Source("t.xml", "jats", "0" * 64), (Passage(0, Part.TABLE, text, table=table),))
    annotated = Annotated(document, ((),), {}, ())
    results, comparisons = table_results(annotated, ARMS, resolve, OneVerdict())  # type: ignore[arg-type]
    for row in (*results, *comparisons):
        assert text[row.quote.start : row.quote.end] == row.quote.text
    return results, comparisons


HEAD = ("", "Zaltrofen (n = 41)", "Placebo (n = 39)", "P value")


@pytest.mark.parametrize(
    ("row", "outcome", "expected"),
    [
        (("Relapse, n (%)", "7 (17.1)", "15 (38.5)", ""), "Relapse", {"events": 7, "total": 41, "percent": 17.1}),
        (("Serum albumin (g/dL), mean (SD)", "3.4 (0.5)", "2.8 (0.6)", ""), "Serum albumin", {"value": 3.4, "sd": 0.5}),
        (("Serum albumin, mean ± SEM", "3.4 ± 0.5", "2.8 ± 0.6", ""), "Serum albumin", {"sd": None, "se": 0.5}),
        (("Days to remission, median (IQR)", "8 (4-12)", "13 (9-20)", ""), "Days to remission", {"low": 4, "high": 12}),
        (("Fever", "18 (43.9)", "20 (51.3)", ""), "Fever", {"events": 18, "percent": 43.9, "value": None}),
        (("Proteinuria (g/24 h) at 6 months", "1.1 ± 0.2", "2.0 ± 0.4", ""), None, {"timepoint": "at 6 months"}),
    ],
)
def test_a_row_gives_one_result_per_arm(row: tuple[str, ...], outcome: str | None, expected: dict[str, object]) -> None:
    results, _ = read((HEAD, row))
    assert [result.arm_id for result in results] == ["A1", "A2"]
    assert {name: getattr(results[0], name) for name in expected} == expected
    assert outcome is None or results[0].outcome == outcome
    assert all(result.confidence >= 0.5 for result in results)


def test_groups_times_and_baseline() -> None:
    rows = (HEAD, ("Serum albumin (g/dL)", "", "", ""), ("Baseline", "2.1 ± 0.4", "2.2 ± 0.5", "0.4"),
            ("Week 24", "3.4 ± 0.5", "2.8 ± 0.6", "<0.01"))  # fmt: skip
    results, comparisons = read(rows)
    assert [(r.outcome, r.timepoint, r.value) for r in results if r.arm_id == "A1"] == [
        ("Serum albumin", "baseline", 2.1),
        ("Serum albumin", "Week 24", 3.4),
    ]
    assert [(c.p_operator, c.p_value, c.direction) for c in comparisons] == [
        ("=", 0.4, Direction.NO_DIFFERENCE),
        ("<", 0.01, Direction.INCREASED),
    ]
    by_caption, _ = read((HEAD, ("Age (years)", "41 ± 9", "43 ± 8", "")), "Baseline characteristics")
    assert {r.timepoint for r in by_caption} == {"baseline"}


def test_a_transposed_table_has_its_arms_in_rows() -> None:
    results, _ = read((("Group", "Relapse, n (%)", "Weight (kg)"), ("Zaltrofen", "7 (17.1)", "70 ± 8"),
                       ("Placebo", "15 (38.5)", "71 ± 9")))  # fmt: skip
    assert {(r.arm_id, r.outcome, r.events, r.value) for r in results} == {
        ("A1", "Relapse", 7, None), ("A2", "Relapse", 15, None), ("A1", "Weight", None, 70), ("A2", "Weight", None, 71),
    }  # fmt: skip


def test_a_footnote_mark_is_a_p_value() -> None:
    rows = (HEAD[:3], ("Remission, n (%)", "30 (73.2)", "12 (30.8)"))
    _, comparisons = read(rows, notes=(("*", "p < 0.05 compared with placebo"),), marks={(1, 1): "*"})
    (found,) = comparisons
    assert (found.arm_a, found.arm_b, found.p_operator, found.p_value, found.direction) == (
        "A1", "A2", "<", 0.05, Direction.INCREASED,
    )  # fmt: skip


def test_columns_that_name_no_arm_are_leads_only() -> None:
    results, comparisons = read(
        (("", "Group X (n = 9)", "Group Y (n = 8)", "P"), ("Relapse, n (%)", "1 (11)", "2 (25)", "0.6"))
    )
    assert results and all(r.arm_id is None and "arm" in r.doubts for r in results)
    assert not comparisons


@pytest.mark.parametrize("head", ["P", "Difference (95% CI)", "Odds ratio", "Zaltrofen vs placebo"])
def test_tests_and_differences_are_no_values_of_an_arm(head: str) -> None:
    results, _ = read((("", "Zaltrofen", "Placebo", head), ("Weight (kg)", "70 ± 8", "71 ± 9", "0.9 (0.2, 1.6)")))
    assert [r.arm_id for r in results] == ["A1", "A2"]


def test_tables_of_other_studies_are_left_out() -> None:
    assert read((HEAD, ("Relapse, n (%)", "7 (17.1)", "15 (38.5)", "")), "Previously published studies") == ([], [])


def test_sd_in_a_column_of_its_own_joins_the_mean() -> None:
    rows = (("", "Zaltrofen mean", "SD", "Placebo mean", "SD"), ("Pain score", "3.1", "1.2", "4.0", "1.4"))
    results, _ = read(rows)
    assert [(r.arm_id, r.value, r.sd, r.measure) for r in results] == [
        ("A1", 3.1, 1.2, Measure.MEAN),
        ("A2", 4.0, 1.4, Measure.MEAN),
    ]


def test_a_total_that_the_percentage_denies_is_left_out() -> None:
    results, _ = read([HEAD, ("Relapse, n (%)", "10 (25.0)", "10 (25.6)", "")])
    assert [(row.events, row.total) for row in results] == [(10, None), (10, 39)]


def test_a_column_of_event_counts_has_no_totals() -> None:
    head = ("", "Group Z events (n = 41)", "Group Z patients, n (%) (n = 41)")
    results, _ = read([head, ("Infections", "57", "30 (73.2)"), ("Fractures", "4", "3 (7.3)")])
    assert [(row.events, row.total) for row in results] == [(57, None), (30, 41), (4, None), (3, 41)]


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        ((("", "Zaltrofen", "Placebo"), ("Men/women", "20/21", "19/20")), "ratio"),
        ((("", "Zaltrofen, patients with oedema", "Placebo"), ("Weight (kg)", "70 ± 8", "71 ± 9")), "part"),
        ((("", "Zaltrofen, oedema at baseline", "Placebo"), ("Weight (kg)", "70 ± 8", "71 ± 9")), "part"),
        ((("", "Zaltrofen", "Placebo"), ("Placebo", "70 ± 8", "71 ± 9")), "contrast"),
        ((("", "Zaltrofen (n = 41)", "Placebo"), ("Visits", "14 (6.3)", "12 (3.1)")), "unclear"),
    ],
)
def test_cells_whose_meaning_is_open_are_doubted(rows: Sequence[Sequence[str]], doubt: str) -> None:
    results, _ = read(rows)
    assert results and doubt in results[0].doubts


def test_differences_from_placebo_are_no_values_of_an_arm() -> None:
    results, _ = read(
        (("", "Zaltrofen", "Placebo"), ("Weight (kg)", "70 ± 8", "71 ± 9")), "Mean differences from placebo"
    )
    assert all("contrast" in row.doubts for row in results)


def test_a_bare_change_measures_nothing() -> None:
    assert read((("", "Zaltrofen", "Placebo"), ("Change from baseline (kg)", "-1.2 ± 0.8", "0.1 ± 0.9")))[0] == []


def test_arms_of_one_drug_are_told_apart_by_their_dose() -> None:
    doses = tuple(
        Arm(f"A{n}", "zaltrofen", Role.INTERVENTION, (DrugUse("zaltrofen", dose=Dose(f"{n}0 mg", value=n * 10.0)),))
        for n in (1, 2)
    )
    named = TableArms({arm.arm_id: arm for arm in doses}, lambda _: ("A1",), {})
    assert named.of_stacks({("Zaltrofen", "20 mg"), ("Zaltrofen",)}) == {
        ("Zaltrofen", "20 mg"): "A2",
        ("Zaltrofen",): None,
    }


def test_a_head_of_two_drugs_is_the_arm_that_has_both() -> None:
    both = Arm("A1", "zaltrofen", Role.INTERVENTION, (DrugUse("zaltrofen"), DrugUse("methotrexate")))
    alone = Arm("A2", "methotrexate", Role.COMPARATOR, (DrugUse("methotrexate"),))
    named = TableArms({"A1": both, "A2": alone}, lambda name: ("A2",) if "ethotrexate" in name else (), {})
    assert named.of_stacks({("Zaltrofen 5 mg + methotrexate",)}) == {("Zaltrofen 5 mg + methotrexate",): "A1"}
