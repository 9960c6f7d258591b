"""Reviews over the web: only with the token, only from our own form."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from pipeline.ask.review import reviews
from pipeline.store import open_store
from tests.evidence_made import evidence

pytest.importorskip("datasette", reason="the extra `serve` is not installed")

from pipeline.serve.app import make_app

ROW = "10.5555/made.1#R1"
TOKEN = "a-long-token"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "made.db"
    with open_store(path, create=True) as store:
        store.load(evidence(), extractor_version="1")
    return path


def said(db: Path) -> list[dict[str, Any]]:
    with open_store(db, read_only=True) as store:
        return list(reviews(store))


class Browser:
    """A client that keeps cookies, as a browser does."""

    def __init__(self, db: Path, token: str | None) -> None:
        transport = httpx.ASGITransport(app=make_app(db, token=token).app())
        self.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001")

    async def post(self, page: str, path: str, **form: str) -> Any:
        """Send a form with the CSRF token of `page`."""
        found = re.search(r'name="csrftoken" value="([^"]+)"', (await self.client.get(page)).text)
        content = urlencode({**form, "csrftoken": found[1] if found else ""})
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": "http://127.0.0.1:8001"}
        return await self.client.post(path, content=content, headers=headers)

    async def sign_in(self, token: str = TOKEN) -> Any:
        return await self.post("/sign-in", "/sign-in", who="Reviewer One", token=token, next="/rows")


def run(db: Path, scenario: Any, token: str | None = TOKEN) -> Any:
    async def go() -> Any:
        browser = Browser(db, token)
        async with browser.client:
            return await scenario(browser)

    return asyncio.run(go())


def test_a_reviewer_corrects_a_row_and_sees_it(db: Path) -> None:
    async def scenario(browser: Browser) -> str:
        assert (await browser.sign_in()).headers["location"] == "/rows"
        page = f"/row?id={ROW.replace('#', '%23')}"
        form = {"row": ROW, "verdict": "correct", "field_events": "9", "field_total": "10", "why": "Table 2 says nine."}
        answer = await browser.post(page, "/review", **form)
        assert answer.status_code == 303
        return str((await browser.client.get(answer.headers["location"])).text)

    page = run(db, scenario)
    assert "Table 2 says nine." in page
    (one,) = said(db)
    assert (one["who"], one["verdict"], one["corrections"]) == ("Reviewer One", "correct", '{"events": 9.0}')


def test_a_rejected_row_can_be_accepted_again(db: Path) -> None:
    async def scenario(browser: Browser) -> None:
        await browser.sign_in()
        page = f"/row?id={ROW.replace('#', '%23')}"
        await browser.post(page, "/review", row=ROW, verdict="reject")
        assert "rejected" in (await browser.client.get(page)).text
        assert ROW.replace("#", "%23") not in (await browser.client.get("/rows")).text
        await browser.post(page, "/review", row=ROW, verdict="accept")
        assert "accepted by a reviewer" in (await browser.client.get("/rows")).text

    run(db, scenario)
    assert [one["verdict"] for one in said(db)] == ["reject", "accept"]


def test_nothing_is_written_without_the_token(db: Path) -> None:
    async def scenario(browser: Browser) -> None:
        assert (await browser.sign_in("guess")).status_code == 403
        answer = await browser.post("/sign-in", "/review", row=ROW, verdict="reject")
        assert answer.status_code == 403

    run(db, scenario)
    assert said(db) == []


def test_nothing_is_written_when_the_server_is_read_only(db: Path) -> None:
    async def scenario(browser: Browser) -> None:
        assert (await browser.sign_in()).status_code == 403
        assert (await browser.post("/", "/review", row=ROW, verdict="reject")).status_code == 403

    run(db, scenario, token=None)
    assert said(db) == []


def test_nothing_is_written_for_a_form_of_another_site(db: Path) -> None:
    async def scenario(browser: Browser) -> None:
        await browser.sign_in()
        content = urlencode({"row": ROW, "verdict": "reject"})
        form = {"content-type": "application/x-www-form-urlencoded"}
        without_csrf = await browser.client.post("/review", content=content, headers=form)
        elsewhere = await browser.client.post(
            "/review", content=content, headers={**form, "origin": "https://a.example"}
        )
        assert (without_csrf.status_code, elsewhere.status_code) == (403, 403)

    run(db, scenario)
    assert said(db) == []


@pytest.mark.parametrize("target", ["//a.example", "https://a.example", "/\\a.example", "/\ta"])
def test_sign_in_leads_back_into_this_server_only(db: Path, target: str) -> None:
    async def scenario(browser: Browser) -> str:
        answer = await browser.post("/sign-in", "/sign-in", who="R", token=TOKEN, next=target)
        return str(answer.headers["location"])

    assert run(db, scenario) == "/"
