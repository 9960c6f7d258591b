"""Every number that can be checked against another is checked: findings with severity and explanation.

Place in the flow: behind `evidence audit` and the paper page. Reads the database only and never corrects: a finding
says what does not agree, and a person looks at the paper.

    for finding in audit(store):
        print(finding.severity, finding.row_id, finding.explanation)
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ask.audit import arithmetic, arms, doses, retold, text
from pipeline.ask.audit.finding import Finding, Severity
from pipeline.store import Store

__all__ = ["CHECKS", "Finding", "Severity", "audit"]

# check → what it holds against what.
CHECKS: dict[str, str] = {
    "share": "events and total against the printed percent",
    "range": "a value against its own range, interval or bounds",
    "grim": "the mean of whole numbers against the number of people",
    "interval": "effect, confidence interval and p-value against each other",
    "arm size": "people in an arm against people in the study",
    "dose": "a dose against the usual range of its drug",
    "units": "a value in conventional units against the same value in SI units",
    "dates": "years of a study against each other and against the year of publication",
    "retold": "a result of the abstract against the same result of the body",
}


def audit(store: Store, *, paper: str | None = None) -> Iterator[Finding]:
    """Findings paper by paper, in the order of the database.

    Args:
        paper: only this paper_id.
    """
    keys = [str(row["paper_id"]) for row in store.rows("SELECT paper_id FROM papers")]
    for key in keys:
        if paper is None or paper == key:
            for check in (arithmetic, arms, doses, text, retold):
                yield from check.findings(store, key)
