"""Reviews: the last word holds, in every view; all words are kept; another ingest keeps them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from pipeline.ask.review import agreement, cohens_kappa, review, reviews
from pipeline.errors import StoreError
from pipeline.store import Store
from tests.evidence_made import evidence


@pytest.fixture
def loaded(store: Store) -> Store:
    store.load(evidence(), extractor_version="1")
    return store


def one(store: Store, sql: str) -> tuple[object, ...]:
    return tuple(next(store.rows(sql)).values())


def test_a_rejected_row_leaves_every_view(loaded: Store) -> None:
    review(loaded, "R1", "reject", who="Ada", why="a subgroup")
    assert one(loaded, "SELECT count(*) FROM results") == (1,)
    assert one(loaded, "SELECT count(*) FROM evidence") == (1,)


def test_a_rejected_comparison_leaves_the_evidence_row_without_p(loaded: Store) -> None:
    assert one(loaded, "SELECT p FROM evidence LIMIT 1") == ("= 0.02",)
    review(loaded, "C1", "reject", who="Ada")
    assert one(loaded, "SELECT p FROM evidence LIMIT 1") == (None,)
    assert one(loaded, "SELECT count(*) FROM comparisons") == (0,)


def test_a_correction_wins_and_is_printed(loaded: Store) -> None:
    review(loaded, "R1", "correct", who="Ada", corrections={"events": "7", "percent": "70", "timepoint": "6 months"})
    values = one(loaded, "SELECT events, total, percent, timepoint FROM results LIMIT 1")
    assert values == (7.0, 10.0, 70.0, "6 months")
    assert one(loaded, "SELECT value, timepoint FROM evidence LIMIT 1") == ("7/10 (70%)", "6 months")


def test_a_later_acceptance_brings_the_extraction_back(loaded: Store) -> None:
    review(loaded, "R1", "correct", who="Ada", corrections={"events": "", "arm_id": "A2"})
    assert one(loaded, "SELECT events, arm_id FROM results LIMIT 1") == (None, "A2")
    review(loaded, "R1", "accept", who="Bob")
    assert one(loaded, "SELECT events, arm_id FROM results LIMIT 1") == (8.0, "A1")
    assert one(loaded, "SELECT value FROM evidence LIMIT 1") == ("8 of 10 patients (80%)",)


def test_corrections_survive_another_ingest_even_when_rows_move(loaded: Store) -> None:
    review(loaded, "R1", "correct", who="Ada", corrections={"events": "7"})
    paper = evidence()
    moved = replace(paper, results=(paper.results[1], paper.results[0]))
    loaded.load(moved, extractor_version="2")
    assert [row["events"] for row in loaded.rows("SELECT events FROM results")] == [3.0, 7.0]


def test_a_review_whose_row_is_gone_is_an_orphan(loaded: Store) -> None:
    review(loaded, "R1", "reject", who="Ada")
    paper = evidence()
    loaded.load(replace(paper, results=paper.results[1:]), extractor_version="2")
    assert [row["row"] for row in reviews(loaded, only_orphans=True)] == [None]
    assert one(loaded, "SELECT count(*) FROM results") == (1,)


def test_reviews_are_only_added_to(loaded: Store) -> None:
    review(loaded, "R1", "accept", who="Ada")
    for sql in ("DELETE FROM review", "UPDATE review SET who = 'Eve'"):
        with pytest.raises(sqlite3.IntegrityError):
            loaded.connection.execute(sql)


@pytest.mark.parametrize(
    ("verdict", "corrections", "message"),
    [
        ("correct", {"events": "seven"}, "is a number"),
        ("correct", {"colour": "red"}, "no field"),
        ("correct", {"arm_id": "A9"}, "no arm"),
        ("correct", {}, "sets fields"),
        ("accept", {"events": "7"}, "sets fields"),
    ],
)
def test_what_cannot_be_said_changes_nothing(
    loaded: Store, verdict: str, corrections: dict[str, str], message: str
) -> None:
    with pytest.raises(StoreError, match=message):
        review(loaded, "R1", verdict, who="Ada", corrections=corrections)
    assert one(loaded, "SELECT count(*) FROM review") == (0,)


def test_two_reviewers(loaded: Store) -> None:
    for who, verdicts in (("Ada", ("accept", "reject", "accept")), ("Bob", ("accept", "accept", "reject"))):
        for row, verdict in zip(("R1", "R2", "C1"), verdicts, strict=True):
            review(loaded, row, verdict, who=who)
    (pair,) = agreement(loaded)
    assert (pair.who, pair.rows, pair.agreed) == (("Ada", "Bob"), 3, 1)
    assert pair.kappa == pytest.approx(-0.5)
    assert len(pair.disagreements) == 2


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [([("a", "a"), ("b", "b")], 1.0), ([("a", "a")], None), ([("a", "b"), ("b", "a")], -1.0)],
)
def test_kappa(pairs: list[tuple[str, str]], kappa: float | None) -> None:
    assert cohens_kappa(pairs) == kappa
