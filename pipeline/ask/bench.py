"""How long the questions of the tutorial take beside the same questions in SQL written by hand.

Place in the flow: used by the benchmark. Both are asked in one process of one database, in turn; the hand-written ones
know what ours look up first (ids, the names below a concept, which indexes there are).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from pipeline.ask.query import Filters, find_rows
from pipeline.ask.summary import summarise
from pipeline.store import Store, open_store

_COLUMNS = """
SELECT r.key, p.key, p.year, p.design, p.population, a.histology, a.sentence, b.sentence, r.outcome, r.text,
  r.comparator_value, k.p_operator, k.p_value, r.direction, r.timepoint, r.attribution, q.text, q.page, x.section,
  q.source_start, q.source_end, r.confidence
FROM result r JOIN paper p ON p.id = r.paper JOIN quote q ON q.id = r.quote JOIN passage x ON x.id = q.passage
LEFT JOIN arm a ON a.id = r.arm LEFT JOIN arm b ON b.id = r.comparator_arm
LEFT JOIN comparison k ON k.id = r.comparison WHERE """
_COUNTS = """
SELECT a.drugs, ifnull(c.name, lower(r.outcome)) AS told, count(*) AS rows, count(DISTINCT r.paper),
  count(DISTINCT r.arm), sum(a.n), sum(r.events), sum(r.total), min(r.value), max(r.value)
FROM result r LEFT JOIN arm a ON a.id = r.arm LEFT JOIN concept c ON c.id = r.outcome_concept WHERE """
# The lesion of the arm, or of the paper where the arm's is not told.
_FSGS = """(r.arm IN (SELECT arm FROM arm_histology WHERE name = 'focal segmental glomerulosclerosis')
  OR r.arm NOT IN (SELECT arm FROM arm_histology)
  AND r.paper IN (SELECT paper FROM paper_histology WHERE name = 'focal segmental glomerulosclerosis'))"""
_FOUND = "r.quote IN (SELECT id FROM quote WHERE passage IN (SELECT rowid FROM passage_fts WHERE passage_fts MATCH "


def _given(*drugs: str) -> str:
    names = ", ".join(f"'{drug}'" for drug in drugs)
    return f"r.arm IN (SELECT arm FROM drug_use WHERE drug IN ({names}))"


def _outcome(name: str) -> str:
    words = " AND ".join(f"lower(r.outcome) LIKE '%{word}%'" for word in name.split())
    return f"(r.outcome_concept IN (SELECT id FROM concept WHERE name = '{name}') OR ({words}))"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the tutorial, as filters (and groups), and as SQL."""

    words: str
    filters: Filters
    sql: str
    by: tuple[str, ...] = ()


QUESTIONS = (
    Question(
        "complete remission in FSGS by regimen",
        Filters(histology=("FSGS",), outcome=("complete remission",), attribution="own"),
        f"{_COUNTS}{_FSGS} AND {_outcome('complete remission')} AND r.attribution = 'own' GROUP BY 1",
        ("regimen",),
    ),
    Question(
        "calcineurin inhibitors, own results",
        Filters(drug=("calcineurin inhibitors",), attribution="own"),
        f"{_COLUMNS}{_given('tacrolimus', 'cyclosporine', 'voclosporin')} AND r.attribution = 'own'",
    ),
    Question(
        "tacrolimus with mizoribine, relapse rate",
        Filters(drug=("tacrolimus", "mizoribine"), outcome=("relapse rate",)),
        f"{_COLUMNS}{_given('tacrolimus')} AND {_given('mizoribine')} AND {_outcome('relapse rate')}",
    ),
    Question(
        "outcomes of each regimen",
        Filters(attribution="own"),
        f"{_COUNTS}r.attribution = 'own' GROUP BY 1, 2",
        ("regimen", "outcome"),
    ),
    Question(
        "adverse events",
        Filters(outcome=("adverse events",)),
        f"{_COLUMNS}{_outcome('adverse events')}",
    ),
    Question(
        "treatments that had failed before",
        Filters(role="previous"),
        f"{_COLUMNS}r.arm IN (SELECT id FROM arm WHERE role = 'previous')",
    ),
    Question("told of other studies", Filters(attribution="cited"), f"{_COLUMNS}r.attribution = 'cited'"),
    Question(
        "found in children",
        Filters(text="children", attribution="own"),
        f"{_COLUMNS}{_FOUND}'children')) AND r.attribution = 'own'",
    ),
)
"""The questions that `evidence query` answers; those of plots, audit and export read the same rows and then draw."""


@dataclass(frozen=True, slots=True)
class QueryTime:
    """Processor seconds, medians. `rows` are those told or counted."""

    words: str
    rows: int
    ours: float
    by_hand: float

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the hand-written one."""
        return self.ours / self.by_hand


def query_times(path: Path, *, repeats: int = 5) -> list[QueryTime]:
    """Times of every question in a database.

    Raises:
        StoreError: there is no database of ours at `path`.
    """
    with open_store(path, read_only=True) as store:
        return [_time(store, question, repeats) for question in QUESTIONS]


def _time(store: Store, question: Question, repeats: int) -> QueryTime:
    ours: list[float] = []
    by_hand: list[float] = []
    rows = told = 0
    for _ in range(repeats + 1):  # the first finds the pages of the file cold
        rows = _timed(ours, lambda: _ask(store, question))
        told = _timed(by_hand, lambda: sum(int(row.get("rows") or 1) for row in store.rows(question.sql)))
    if rows != told:
        raise AssertionError(f"{question.words}: {rows} rows, by hand {told}: not the same question")
    return QueryTime(question.words, rows, median(ours[1:]), median(by_hand[1:]))


def _ask(store: Store, question: Question) -> int:
    if question.by:
        return sum(group.rows for group in summarise(store, question.filters, question.by))
    return sum(1 for _ in find_rows(store, question.filters))


def _timed(taken: list[float], work: Callable[[], int]) -> int:
    begun = process_time()
    found = work()
    taken.append(process_time() - begun)
    return found
