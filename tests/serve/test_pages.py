"""The pages, asked for in process: no server, no browser."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipeline.ask.browse import FACETS, Browse, bubbles, counts, rows_page
from pipeline.store import open_store
from tests.evidence_made import evidence

pytest.importorskip("datasette", reason="the extra `serve` is not installed")

from pipeline.serve.app import make_app

_ATTACK = "<script>alert(1)</script> in nephrosis"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "made.db"
    with open_store(path, create=True) as store:
        store.load(evidence(), extractor_version="1")
        store.load(evidence(name="b.txt", doi="10.5555/made.2", title=_ATTACK), extractor_version="1")
    return path


def get(db: Path, *paths: str, **make: Any) -> list[Any]:
    async def ask() -> list[Any]:
        datasette = make_app(db, **make)
        return [await datasette.client.get(path) for path in paths]

    return asyncio.run(ask())


PAGES = (
    "/",
    "/rows",
    "/rows?drug=voclosporin&is_year=2021&q=remission&sort=newest&page=9",
    "/papers?q=made",
    "/paper?id=10.5555/made.1",
    "/row?id=10.5555/made.1%23R1",
    "/row?id=10.5555/made.1%23C1",
    "/map",
    "/sign-in",
    "/data/evidence",
)


def test_every_page_opens_and_carries_no_markup_of_a_paper(db: Path) -> None:
    for path, page in zip(PAGES, get(db, *PAGES), strict=True):
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text, path
        assert "content-security-policy" in page.headers


def test_our_pages_load_nothing_from_elsewhere(db: Path) -> None:
    for page in get(db, *PAGES[:-1]):
        assert not re.findall(r'(?:src|href|action)="(?!/|#)[^"]*', page.text)


@pytest.mark.parametrize(
    "path", ["/nothing", "/row?id=none", "/paper?id=none", "/rows?q=%00", "/page.png?row=x&page=²"]
)
def test_what_is_not_there_is_said_in_one_line(db: Path, path: str) -> None:
    (page,) = get(db, path)
    assert page.status_code == 404
    assert "Traceback" not in page.text


def test_a_facet_counts_the_rows_that_choosing_it_leaves(db: Path) -> None:
    with open_store(db, read_only=True) as store:
        found = counts(store, Browse())
        assert found.rows == 4
        assert found.facets["drug"] == [("placebo", 2), ("voclosporin", 2)]
        for name in FACETS:
            for value, number in found.facets[name]:
                chosen = Browse(chosen=((name, value),))
                assert counts(store, chosen).rows == number == len(rows_page(store, chosen)), (name, value)


def test_a_bubble_counts_the_rows_behind_it(db: Path) -> None:
    with open_store(db, read_only=True) as store:
        found = bubbles(store, Browse())
        assert found
        for bubble in found:
            chosen = Browse(chosen=(("drug", bubble.drug), ("histology", bubble.histology)))
            assert counts(store, chosen).rows == bubble.rows


def test_pages_of_rows_add_up(db: Path) -> None:
    with open_store(db, read_only=True) as store:
        for sort in ("paper", "newest", "confidence"):
            one_by_one = [rows_page(store, Browse(), sort=sort, offset=n, limit=1)[0]["result_id"] for n in range(4)]
            assert one_by_one == [row["result_id"] for row in rows_page(store, Browse(), sort=sort)]


def test_the_quote_is_marked_in_its_passage(db: Path) -> None:
    (page,) = get(db, "/row?id=10.5555/made.1%23R1")
    marked = re.findall(r'<mark class="the-quote">(.*?)</mark>', page.text)
    assert unescape(marked[0]).startswith("Remission was seen in 8 of 10 patients (80%)")


def test_mentions_are_coloured_by_label(db: Path) -> None:
    (page,) = get(db, "/paper?id=10.5555/made.1")
    assert re.search(
        r'<mark class="m m-drug quoted" title="drug: voclosporin, UNII:2PN063X6B1">voclosporin</mark>', page.text
    )
    assert 'class="m m-dose quoted"' in page.text


def test_other_hosts_are_refused(db: Path) -> None:
    async def ask() -> Any:
        return await make_app(db).client.get("/", headers={"host": "evil.example"})

    assert asyncio.run(ask()).status_code == 403


def test_the_page_can_be_timed_beside_the_plain_one(db: Path) -> None:
    from pipeline.serve.bench import page_times

    times = page_times(db, rows=2, repeats=1)
    assert times.ratio == times.evidence / times.plain > 0
