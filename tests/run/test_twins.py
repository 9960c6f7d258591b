"""A preprint, its article and copies that know no identifier: the same database in any order of ingest."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from pipeline.run import ingest
from pipeline.store import dump, open_store

_RECORD = """TY  - JOUR
TI  - Voclosporin added to mycophenolate in adults with invented lupus nephritis
AU  - Berg, Anna
PY  - 2020
{doi}AB  - {words}We treated 20 adults with voclosporin 23.7 mg twice daily. Complete remission was seen in {n} of 20.
ER  -
"""
_DOIS = {"article": "10.5555/article", "preprint": "10.5555/preprint", "reprint": "10.5555/reprint", "copy": None}


def write(folder: Path, lengths: dict[str, int]) -> list[str]:
    """One file each, with an abstract that is longer by so many sentences."""
    folder.mkdir()
    for n, (name, length) in enumerate(lengths.items(), 8):
        doi = f"DO  - {_DOIS[name]}\n" if _DOIS[name] else ""
        (folder / f"{name}.ris").write_text(_RECORD.format(doi=doi, n=n, words="The trial was small. " * length))
    return [str(folder / f"{name}.ris") for name in lengths]


def papers(db: Path) -> tuple[str, dict[str, list[str]]]:
    """All content, and the files of each paper, the one in use first."""
    sql = "SELECT p.key, s.name FROM paper p JOIN source s ON s.paper = p.id ORDER BY p.key, s.is_used DESC, s.name"
    with open_store(db) as store:
        found: dict[str, list[str]] = {}
        for row in store.rows(sql):
            found.setdefault(str(row["key"]), []).append(Path(str(row["name"])).stem)
        assert store.check() == []
        return dump(store.connection), found


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ({"article": 1, "preprint": 2, "copy": 3}, ["copy", "article"]),
        ({"article": 3, "preprint": 2, "copy": 1}, ["article", "copy"]),
        ({"article": 1, "preprint": 3, "copy": 2}, ["copy", "article"]),
        ({"article": 3, "preprint": 1, "copy": 2}, ["article", "copy"]),
        ({"reprint": 1, "preprint": 2, "article": 3, "copy": 4}, ["copy", "article"]),
    ],
)
def test_a_copy_without_ids_belongs_to_the_id_that_sorts_first(
    tmp_path: Path, lengths: dict[str, int], expected: list[str]
) -> None:
    files = write(tmp_path / "papers", lengths)
    others = {str(_DOIS[name]): [name] for name in lengths if name not in {"article", "copy"}}
    dumps = set()
    for number, order in enumerate(permutations(files)):
        for file in order:
            ingest([file], tmp_path / f"{number}.db", model="none")
        content, found = papers(tmp_path / f"{number}.db")
        assert found == {"10.5555/article": expected, **others}
        dumps.add(content)
    ingest([str(tmp_path / "papers")], tmp_path / "whole.db", model="none")
    assert {*dumps, papers(tmp_path / "whole.db")[0]} == dumps
    assert len(dumps) == 1


def test_nothing_is_forgotten_that_cannot_be_read_again(tmp_path: Path) -> None:
    files = write(tmp_path / "papers", {"preprint": 1, "copy": 2, "article": 3})
    for file in files[:2]:
        ingest([file], tmp_path / "a.db", model="none")
    Path(files[0]).unlink()
    ingest([files[2]], tmp_path / "a.db", model="none")
    assert papers(tmp_path / "a.db")[1] == {"10.5555/article": ["article"], "10.5555/preprint": ["copy", "preprint"]}


def test_what_is_read_again_counts_as_done(tmp_path: Path) -> None:
    write(tmp_path / "papers", {"preprint": 1, "copy": 2, "article": 3})
    for file in ("preprint", "copy", "article"):
        ingest([str(tmp_path / "papers" / f"{file}.ris")], tmp_path / "a.db", model="none")
    summary = ingest([str(tmp_path / "papers")], tmp_path / "a.db", model="none")
    assert (summary.ingested, summary.skipped, summary.failed) == (0, 3, 0)
