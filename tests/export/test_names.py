"""Short names of studies."""

from __future__ import annotations

from pipeline.export.names import study_names


def test_a_study_is_called_by_its_first_author_then_its_journal_then_its_id() -> None:
    papers = [
        {"paper_id": "a", "journal": "J Made", "year": 2015},
        {"paper_id": "b", "journal": None, "year": 2015},
        {"paper_id": "c", "journal": "J Made", "year": 2015},
        {"paper_id": "d", "journal": None, "year": 2015},
    ]
    names = study_names(papers, {"a": "Ito", "b": "Ito", "c": None})
    assert names == {"a": "Ito 2015", "b": "Ito 2015 (2)", "c": "J Made 2015", "d": "d"}
