"""The four CSV files that RevMan Web imports: study information, study arms, study results, risk of bias.

Import `ris` first, or RevMan makes each study twice (Cochrane, RevMan Knowledge Base, "Populate study data"). Study
characteristics are columns named "Char: …" as Covidence writes them. Only the paper's own findings go out; risk of bias
is a judgement for people, so that file holds one row per study with empty judgements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

from pipeline.export.names import first_authors, study_names
from pipeline.export.selection import Row, Selection, Value
from pipeline.export.tabular import write_rows
from pipeline.store import Store

_INFORMATION = (
    "Study ID", "Year", "DOI", "PMID", "Char: Methods", "Char: Participants", "Char: Interventions", "Char: Outcomes",
    "Char: Identification", "Char: Notes",
)  # fmt: skip
_ARMS = ("Study ID", "Arm ID", "Arm name", "Role", "Intervention", "Participants")
_RESULTS = (
    "Study ID", "Outcome", "Outcome type", "Time point", "Arm ID 1", "Arm name 1", "Events 1", "Mean 1",
    "SD 1", "Total 1", "Arm ID 2", "Arm name 2", "Events 2", "Mean 2", "SD 2", "Total 2", "SE 1", "SE 2",
    "Effect measure", "Effect", "CI start", "CI end", "P value", "Location in text or source", "Quote",
)  # fmt: skip
_NUMBERS = ("Events 1", "Mean 1", "Events 2", "Mean 2", "Effect", "P value")
_BIAS = ("Study ID", "Domain", "Judgement", "Support for judgement")
# Domains of the Cochrane risk-of-bias tool for randomised trials, version 2 (Sterne et al., BMJ 2019).
_DOMAINS = (
    "Bias arising from the randomization process", "Bias due to deviations from intended interventions",
    "Bias due to missing outcome data", "Bias in measurement of the outcome",
    "Bias in selection of the reported result",
)  # fmt: skip


def write(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`study_information.csv`, `study_arms.csv`, `study_results.csv`, `risk_of_bias.csv`."""
    papers = list(selection.rows(store, "papers"))
    names = study_names(papers, first_authors(store))
    arms = list(_arms(selection.rows(store, "regimens")))
    results = [row for row in selection.rows(store, "results") if row["attribution"] == "own"]
    contrasts = [row for row in selection.rows(store, "comparisons") if row["attribution"] == "own"]
    arm_names = {(row["paper_id"], row["arm_id"]): row for row in arms}
    tables: tuple[tuple[str, tuple[str, ...], Iterable[dict[str, Value]]], ...] = (
        ("study_information.csv", _INFORMATION, (_information(paper, names, arms, results) for paper in papers)),
        ("study_arms.csv", _ARMS, (_arm(arm, names) for arm in arms)),
        ("study_results.csv", _RESULTS, _results(results, contrasts, names, arm_names)),
        ("risk_of_bias.csv", _BIAS, ({"Study ID": name, "Domain": d} for name in names.values() for d in _DOMAINS)),
    )
    files = []
    for file_name, columns, rows in tables:
        path = folder / file_name
        with path.open("w", newline="", encoding="utf-8") as file:
            write_rows(file, columns, ({column: row.get(column) for column in columns} for row in rows))
        files.append(path)
    return files


def _arms(regimens: Iterable[Row]) -> Iterable[Row]:
    """One row per arm of the study itself, its drugs joined; arms of cited studies stay out."""
    by_arm: dict[tuple[Value, Value], list[Row]] = defaultdict(list)
    for row in regimens:
        if row["attribution"] == "own":
            by_arm[row["paper_id"], row["arm_id"]].append(row)
    for rows in by_arm.values():
        given = [" ".join(str(row[k]) for k in ("drug", "dose", "frequency") if row[k]) for row in rows if row["drug"]]
        yield {**rows[0], "given": " + ".join(given) or None}


def _arm(arm: Row, names: dict[str, str]) -> Row:
    return {
        "Study ID": names[str(arm["paper_id"])],
        "Arm ID": arm["arm_id"],
        "Arm name": arm["arm"],
        "Role": arm["role"],
        "Intervention": arm["given"],
        "Participants": arm["n"],
    }


def _information(paper: Row, names: dict[str, str], arms: list[Row], results: list[Row]) -> Row:
    key = paper["paper_id"]
    own = [arm for arm in arms if arm["paper_id"] == key]
    outcomes = dict.fromkeys(str(row["outcome"]) for row in results if row["paper_id"] == key)
    people = [
        f"n = {paper['n_total']}" if paper["n_total"] is not None else None,
        own[0]["population"] if own else None,
    ]
    return {
        "Study ID": names[str(key)],
        "Year": paper["year"],
        "DOI": paper["doi"],
        "PMID": paper["pmid"],
        "Char: Methods": paper["design"],
        "Char: Participants": "; ".join(str(part) for part in people if part) or None,
        "Char: Interventions": "; ".join(f"{arm['arm']}: {arm['given']}" for arm in own if arm["given"]) or None,
        "Char: Outcomes": "; ".join(outcomes) or None,
        "Char: Identification": paper["title"],
        "Char: Notes": f"Extracted from {paper['source']}",
    }


def _results(
    results: list[Row], contrasts: list[Row], names: dict[str, str], arms: dict[tuple[Value, Value], Row]
) -> Iterable[Row]:
    """One row per pair of arms with the same outcome and time point, and one per arm that stands alone."""
    effects: dict[tuple[Value, Value, frozenset[Value]], Row] = {
        (row["paper_id"], _same(row["outcome"]), frozenset((row["arm_a"], row["arm_b"]))): row for row in contrasts
    }
    groups: dict[tuple[Value, ...], list[Row]] = defaultdict(list)
    for row in results:
        groups[row["paper_id"], _same(row["outcome"]), row["timepoint"]].append(row)
    for (paper, outcome, _), rows in groups.items():
        first_of_arm = {row["arm_id"]: row for row in reversed(rows)}
        pairs: list[tuple[Row, Row | None]] = [(row, None) for row in rows]
        if len(first_of_arm) > 1:
            pairs = list(combinations(reversed(first_of_arm.values()), 2))
        for one, two in pairs:
            effect = effects.get((paper, outcome, frozenset((one["arm_id"], two["arm_id"])))) if two else None
            row = {
                "Study ID": names[str(paper)],
                "Outcome": one["outcome_concept"] or one["outcome"],
                "Outcome type": "Dichotomous" if one["measure"] in ("proportion", "count") else "Continuous",
                "Time point": one["timepoint"],
                **_side(one, "1", arms),
                **(_side(two, "2", arms) if two else {}),
                **(_effect(effect) if effect else {}),
                "Location in text or source": _place(one),
                "Quote": one["quote"],
            }
            # RevMan has no place for a median, a bound or a word: such a row would be empty there.
            if any(row.get(column) is not None for column in _NUMBERS):
                yield row


def _side(row: Row, number: str, arms: dict[tuple[Value, Value], Row]) -> Row:
    arm = arms.get((row["paper_id"], row["arm_id"]), {})
    mean = row["value"] if row["measure"] in ("mean", "change") else None
    return {
        f"Arm ID {number}": row["arm_id"],
        f"Arm name {number}": row["arm"],
        f"Events {number}": row["events"],
        f"Mean {number}": mean,
        f"SD {number}": row["sd"],
        f"SE {number}": row["se"],
        f"Total {number}": row["total"] if row["total"] is not None else arm.get("n"),
    }


def _effect(row: Row) -> Row:
    p = row["p_value"]
    return {
        "Effect measure": row["effect_measure"],
        "Effect": row["effect"],
        "CI start": row["ci_low"],
        "CI end": row["ci_high"],
        "P value": p if p is None or row["p_operator"] in (None, "=") else f"{row['p_operator']} {p:g}",
    }


def _place(row: Row) -> str:
    """As the Cochrane form asks: page or section, and the offsets where there are any."""
    parts = [str(row["section"])]
    if row["page"] is not None:
        parts.insert(0, f"p. {row['page']}")
    if row["source_start"] is not None:
        parts.append(f"characters {row['source_start']}-{row['source_end']}")
    return ", ".join(parts)


def _same(outcome: Value) -> str:
    return str(outcome).casefold()
