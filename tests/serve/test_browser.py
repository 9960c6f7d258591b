"""The pages in a headless Chromium: clicks to the boxed quote, keyboard, phone, accessibility.

Needs the system's Chromium.
"""

from __future__ import annotations

import io
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import Passage, Span
from pipeline.evidence import Annotated, Arm, DrugUse, Measure, PaperEvidence, Quote, Result, Role, StudyFrame
from pipeline.read.pdf import read_pdf
from pipeline.store import open_store
from tests.evidence_made import evidence
from tests.pdf_made import pdf

pytest.importorskip("datasette", reason="the extra `serve` is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
SENTENCE = "Partial remission was reached by 7 of 9 patients given rituximab."
PHONE = {"width": 390, "height": 844}

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="NO BROWSER TEST: Chromium is not installed")


def paper_of_pdf(path: Path) -> PaperEvidence:
    """A PDF as read, with one result quoted from it."""
    document = replace(read_pdf(path, name=str(path)), title="Rituximab in made nephrosis", year=2020)
    passage: Passage = next(p for p in document.passages if "7 of 9" in p.text)
    start = passage.text.index("Partial remission")
    quote = Quote(passage.ordinal, start, passage.text.index("rituximab.") + 10, "")
    quote = replace(quote, text=passage.text[quote.start : quote.end])
    arm = Arm("A1", "rituximab", Role.INTERVENTION, (DrugUse("rituximab"),), 9, quote=quote)
    result = Result("partial remission", quote, "7 of 9", "A1", None, Measure.PROPORTION, events=7, total=9)
    sentences = tuple((Span(0, len(p.text)),) for p in document.passages)
    return PaperEvidence(Annotated(document, sentences, {}, ()), StudyFrame("cohort", 9), (arm,), (result,), ())


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server over one paper of text and one PDF."""
    import uvicorn

    from pipeline.serve.app import HOST, free_port, make_app

    folder = tmp_path_factory.mktemp("served")
    (folder / "made.pdf").write_bytes(pdf("Results", "", SENTENCE, "No patient died.", "Two had fever."))
    with open_store(folder / "made.db", create=True) as store:
        store.load(evidence(), extractor_version="1")
        store.load(paper_of_pdf(folder / "made.pdf"), extractor_version="1")
    port = free_port(0)
    app = make_app(folder / "made.db", token="a-long-token").app()
    server = uvicorn.Server(uvicorn.Config(app, host=HOST, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield f"http://{HOST}:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A fresh window; whatever the console complains of, and any request to elsewhere, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=False, base_url=address)
    context.set_default_timeout(120_000)  # milliseconds: a loaded machine must not fail a test
    window = context.new_page()
    complaints: list[str] = []
    window.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("request", lambda r: None if r.url.startswith(address) else complaints.append(f"request to {r.url}"))
    yield window
    context.close()
    assert complaints == []


def yellow_share(png: bytes) -> float:
    """Share of pixels as yellow as a box laid over white paper."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    raw = image.tobytes()
    yellow = sum(r > 230 and g > 190 and b < 190 for r, g, b in zip(raw[::3], raw[1::3], raw[2::3], strict=True))
    return yellow / (image.width * image.height)


def test_from_the_start_to_the_boxed_quote_of_a_pdf_in_three_clicks(page: Any) -> None:
    page.goto("/")
    clicks = 0
    for step in (page.get_by_role("link", name="pdf", exact=True), page.locator("a.open").first):
        step.click()
        clicks += 1
    cut, whole = page.locator("img.cut"), page.locator("img.whole")
    assert clicks <= 3
    assert "Partial remission" in page.locator("mark.the-quote").inner_text()
    for image, least in ((cut, 0.05), (whole, 0.002)):
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
        png = page.request.get(image.get_attribute("src")).body()
        assert yellow_share(png) > least
    box, row = cut.bounding_box(), page.locator("mark.the-quote").bounding_box()
    assert box["x"] > row["x"] + row["width"] / 2, "the page stands beside the row"


PLACES = (
    "/",
    "/rows",
    "/papers",
    "/paper?id=10.5555/made.1",
    "/row?id=10.5555/made.1%23R1",
    "/map",
    "/sign-in",
    "/none",
)


def test_every_page_fits_a_phone(page: Any) -> None:
    page.set_viewport_size(PHONE)
    for place in PLACES[:-1]:
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], place


def test_rows_are_reached_and_opened_with_the_keyboard(page: Any) -> None:
    page.goto("/rows")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    links = page.locator("a.open")
    links.nth(0).focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.href") == links.nth(1).evaluate("link => link.href")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2, "focus can be seen"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/row[?]id="))


def test_a_bubble_leads_to_its_rows(page: Any) -> None:
    page.goto("/map")
    page.get_by_role("link", name="voclosporin in minimal change disease: 1 rows, 1 papers").click(force=True)
    page.wait_for_url(re.compile("/rows[?]"))
    assert "1 row from 1 paper" in page.get_by_role("status").inner_text()


def test_colours_of_a_label_can_be_switched_off(page: Any) -> None:
    page.goto("/paper?id=10.5555/made.1")
    colour = "getComputedStyle(document.querySelector('.reading .m-drug')).backgroundColor"
    before = page.evaluate(colour)
    page.get_by_role("checkbox", name="drug").uncheck()
    assert page.evaluate(colour) != before


@pytest.mark.parametrize("width", [1280, PHONE["width"]], ids=["desk", "phone"])
def test_no_serious_fault_of_accessibility(browser: Any, address: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO ACCESSIBILITY TEST: axe is missing")
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=address)
    window = context.new_page()
    faults = []
    for place in PLACES:
        window.goto(place)
        faults += [
            f"{place}: {fault['id']} ({fault['impact']}): {fault['nodes'][0]['html'][:120]}"
            for fault in axe.Axe().run(window).response["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
    context.close()
    assert faults == []
