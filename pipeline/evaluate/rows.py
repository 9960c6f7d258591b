"""Which predicted rows are right as a whole, against hand-made gold.

Place in the flow: `fit_confidence.py` learns from it. A result is right if its number, its outcome (shared words) and
the set of its arm's drugs agree with a gold row; a comparison if outcome, p-value, direction and both drug sets do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.evidence import Comparison, PaperEvidence, Result

Gold = Mapping[str, object]
_SAME = {
    "ciclosporin": "cyclosporine",
    "steroid": "corticosteroid",
    "steroids": "corticosteroid",
    "glucocorticoid": "corticosteroid",
    "glucocorticoids": "corticosteroid",
    "corticosteroids": "corticosteroid",
    "angiotensin-converting enzyme inhibitor": "ace inhibitors",
}
_EMPTY = frozenset(
    (
        "the",
        "a",
        "an",
        "of",
        "in",
        "to",
        "for",
        "and",
        "or",
        "with",
        "at",
        "mean",
        "median",
        "total",
        "rate",
        "level",
        "value",
        "serum",
    )
)


def right_results(evidence: PaperEvidence, gold: Gold) -> list[bool]:
    """For each result row whether it is right; every gold row counts once."""
    drugs = _gold_drugs(gold)
    ours = {arm.arm_id: _drugs(arm.drug_names) for arm in evidence.arms}
    free = list(_rows(gold, "results"))
    flags = []
    for row in evidence.results:
        match = next(
            (
                one
                for one in free
                if _same_number(one, row)
                and _same_words(str(one["outcome"]), row)
                and drugs.get(str(one["arm"])) == ours.get(row.arm_id or "", frozenset())
            ),
            None,
        )
        flags.append(match is not None)
        if match is not None:
            free.remove(match)
    return flags


def right_comparisons(evidence: PaperEvidence, gold: Gold) -> list[bool]:
    """For each comparison row whether it is right."""
    drugs = _gold_drugs(gold)
    ours = {arm.arm_id: _drugs(arm.drug_names) for arm in evidence.arms}
    free = list(_rows(gold, "comparisons"))
    flags = []
    for row in evidence.comparisons:
        mine = {ours.get(row.arm_a or "", frozenset())} | ({ours.get(row.arm_b, frozenset())} if row.arm_b else set())
        match = next((one for one in free if _same_contrast(one, row) and _pair(one, drugs) == mine), None)
        flags.append(match is not None)
        if match is not None:
            free.remove(match)
    return flags


def _rows(gold: Gold, key: str) -> Sequence[dict[str, object]]:
    rows = gold[key]
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _gold_drugs(gold: Gold) -> dict[str, frozenset[str]]:
    made = {}
    for arm in _rows(gold, "arms"):
        uses = arm["drugs"]
        names = [str(use["drug"]) for use in uses] if isinstance(uses, list) else []
        made[str(arm["id"])] = _drugs(names)
    return made


def _drugs(names: Sequence[str]) -> frozenset[str]:
    return frozenset(_SAME.get(name.lower(), name.lower()) for name in names if name.lower() != "placebo")


def _pair(one: Gold, drugs: Mapping[str, frozenset[str]]) -> set[frozenset[str]]:
    ids = [one["arm_a"], one["arm_b"]]
    return {drugs.get(str(arm_id), frozenset()) for arm_id in ids if arm_id}


def _same_number(one: Gold, row: Result) -> bool:
    if one.get("events") is not None and one["events"] == row.events:
        totals = (one.get("total"), row.total)
        return None in totals or totals[0] == totals[1]
    wanted = {one.get("value"), one.get("percent")} - {None}
    if wanted & ({row.value, row.percent} - {None}):
        return True
    bounds = (one.get("low"), one.get("high"))
    return not wanted and one.get("events") is None and bounds != (None, None) and bounds == (row.low, row.high)


def _same_contrast(one: Gold, row: Comparison) -> bool:
    if not _same_words(str(one["outcome"]), row):
        return False
    printed = re.search(r"\d*[.,·]\d+|\d+", re.sub(r"(?<=\d)\s*[.·]\s*(?=\d)", ".", str(one.get("p") or "")))
    wanted = float(printed.group().replace(",", ".").replace("·", ".")) if printed else None
    return wanted == row.p_value and one.get("direction") in (None, row.direction)


def _same_words(wanted: str, row: Result | Comparison) -> bool:
    names = [row.outcome] + ([row.outcome_concept.name] if row.outcome_concept else [])
    gold = _words(wanted)
    return any(
        gold <= words or words <= gold or len(gold & words) / len(gold | words) >= 0.5
        for words in map(_words, names)
        if words and gold
    )


def _words(text: str) -> frozenset[str]:
    words = frozenset(re.sub(r"(?<=\w{3})s\Z", "", word) for word in re.findall(r"[a-z0-9/+-]+", text.lower()))
    return (words - _EMPTY) or words
