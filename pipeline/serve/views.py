"""The pages: each reads what its address asks for and fills a template.

Place in the flow: called by Datasette through `plugin`. Signatures are Datasette's, which passes what is named.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from pipeline.ask.audit import audit
from pipeline.ask.browse import FACETS, Browse, bubbles, counts, rows_page
from pipeline.ask.rows import EvidenceRow, find_row
from pipeline.errors import PipelineError, SourceError
from pipeline.serve import writing
from pipeline.serve.address import SIZES, SORTS, View, parse
from pipeline.serve.map import draw
from pipeline.serve.pages import pages_of, picture, source_file
from pipeline.serve.paper import read_paper
from pipeline.serve.segments import Over, segments
from pipeline.serve.site import site_of
from pipeline.store import Store

_log = logging.getLogger(__name__)
View_ = Callable[..., Awaitable[Any]]
FACET_NAMES = {
    "drug": "Drug", "histology": "Histology", "outcome": "Outcome", "design": "Design", "year": "Year",
    "attribution": "Whose result", "format": "Source",
}  # fmt: skip
_COLUMNS = (
    ("regimen", "Regimen"), ("comparator", "Compared with"), ("outcome", "Outcome"), ("value", "Value"),
    ("comparator_value", "Other value"), ("p", "P"), ("direction", "Direction"), ("timepoint", "Time"),
    ("people", "Population"),
)  # fmt: skip
_TOP = 12  # values of a facet shown before "all"


def page(view: View_) -> View_:
    """A view whose errors are a page of one line and what to do."""

    @functools.wraps(view)
    async def shown(datasette: Any, request: Any) -> Any:
        try:
            return await view(datasette, request)
        except PipelineError as error:
            context = {"message": str(error), "what_to_do": error.what_to_do}
            return await _render(datasette, request, "problem.html", context, status=404)

    return shown


async def _render(datasette: Any, request: Any, template: str, context: dict[str, Any], status: int = 200) -> Any:
    site = site_of(datasette)
    common = {
        "here": request.path,
        "may_write": site.token is not None,
        "reviewer": writing.reviewer(datasette, request) if site.token else None,
        "facet_names": FACET_NAMES,
        "file": site.path.name,
        "return_to": request.path + (f"?{request.query_string}" if request.query_string else ""),
    }
    html = await datasette.render_template(template, {**common, **context}, request=request)
    return Response.html(html, status=status)


async def fault(datasette: Any, request: Any, exception: Exception) -> Any:
    """The page for what went wrong outside our views, or in a way that no view expects."""
    status = int(getattr(exception, "status", 500))
    if status >= 500:
        _log.exception("%s", request.path, exc_info=exception)
        message, what_to_do = "This page could not be made.", "The terminal that runs the server says why."
    else:
        message, what_to_do = str(exception) or "There is no such page.", "Go back to the start."
    return await _render(datasette, request, "problem.html", {"message": message, "what_to_do": what_to_do}, status)


def _view(request: Any) -> View:
    lists = {f"is_{name}": request.args.getlist(f"is_{name}") for name in FACETS}
    arguments = {name: request.args.get(name) for name in request.args}
    return parse(arguments, lists)


async def _counts(datasette: Any, browse: Browse) -> Any:
    return await site_of(datasette).remember(datasette, ("counts", browse), lambda store: counts(store, browse))


@page
async def home(datasette: Any, request: Any) -> Any:
    """The start: what there is, and the ways into it."""
    total = await _counts(datasette, Browse())
    own = await _counts(datasette, Browse(chosen=(("attribution", "own"),)))
    listed = await site_of(datasette).remember(datasette, "papers", _papers)
    context = {"total": total, "own": own, "view": View(chosen=(("attribution", "own"),)), "listed": listed, "top": 8}
    return await _render(datasette, request, "home.html", context)


@page
async def rows(datasette: Any, request: Any) -> Any:
    """The evidence table with its facets."""
    view = _view(request)
    site = site_of(datasette)
    total = await _counts(datasette, view.browse)
    last = max(1, -(-total.rows // view.size))
    number = min(view.page, last)
    found = await site.ask(
        datasette,
        lambda store: rows_page(store, view.browse, sort=view.sort, offset=(number - 1) * view.size, limit=view.size),
    )
    for row in found:
        row["people"] = "; ".join(str(row[name]) for name in ("population", "histology") if row[name])
    context = {
        "view": view, "total": total, "found": found, "page": number, "last": last, "sorts": SORTS, "sizes": SIZES,
        "top": _TOP, "columns": [(name, title) for name, title in _COLUMNS if any(row[name] for row in found)],
    }  # fmt: skip
    return await _render(datasette, request, "rows.html", context)


@page
async def evidence_map(datasette: Any, request: Any) -> Any:
    """Drugs by histologies."""
    view = _view(request)
    asked = view.browse
    found = await site_of(datasette).remember(datasette, ("map", asked), lambda store: bubbles(store, asked))
    limits = (10_000, 10_000) if request.args.get("all") else (25, 12)
    drawing = draw(found, drugs=limits[0], histologies=limits[1])
    return await _render(datasette, request, "map.html", {"view": view, "drawing": drawing})


def _papers(store: Store) -> list[dict[str, Any]]:
    return list(
        store.rows(
            "SELECT v.paper_id, v.title, v.journal, v.year, v.design, v.n_total, v.format, v.source,"
            " (SELECT count(*) FROM result r WHERE r.paper = p.id) AS results,"
            " (SELECT count(*) FROM comparison c WHERE c.paper = p.id) AS comparisons"
            " FROM papers v JOIN paper p ON p.key = v.paper_id ORDER BY results DESC, v.paper_id"
        )
    )


@page
async def papers(datasette: Any, request: Any) -> Any:
    """The list of papers."""
    words = request.args.get("q") or ""
    listed = await site_of(datasette).remember(datasette, "papers", _papers)
    kept = [row for row in listed if _mentions(row, words.lower().split())]
    return await _render(datasette, request, "papers.html", {"listed": kept, "words": words, "total": len(listed)})


def _mentions(row: dict[str, Any], words: list[str]) -> bool:
    text = " ".join(str(row[name]) for name in ("title", "journal", "year", "paper_id", "source", "design")).lower()
    return all(word in text for word in words)


@page
async def paper(datasette: Any, request: Any) -> Any:
    """One paper."""
    key = request.args.get("id") or ""
    found = await site_of(datasette).remember(datasette, ("paper", key), lambda store: read_paper(store, key))
    return await _render(datasette, request, "paper.html", {"paper": found})


@page
async def row(datasette: Any, request: Any) -> Any:
    """One row with its quotes: in context, and boxed on the page of a PDF."""
    site = site_of(datasette)
    asked = request.args.get("id") or ""
    said = await site.ask(datasette, lambda store: writing.history(store, asked))
    if said and said[-1]["verdict"] == "reject":
        return await _render(datasette, request, "rejected.html", {"row_id": asked, "history": said})
    context = await site.ask(datasette, lambda store: _row_context(store, find_row(store, asked)))
    return await _render(datasette, request, "row.html", {**context, "history": said})


def _row_context(store: Store, found: EvidenceRow) -> dict[str, Any]:
    table = "result" if found.view == "results" else "comparison"
    order = list(
        store.rows(
            f"SELECT b.key FROM {table} a JOIN {table} b ON b.paper = a.paper WHERE a.key = ?"  # noqa: S608
            f" AND b.id NOT IN (SELECT {table} FROM reviewed_{table} WHERE verdict = 'reject') ORDER BY b.ordinal",
            (found.row_id,),
        )
    )
    keys = [str(row["key"]) for row in order]
    at = keys.index(found.row_id)
    flat = next(store.rows("SELECT * FROM evidence_row WHERE result_id = ?", (found.row_id,)), None)
    key = str(found.values["paper_id"])
    return {
        "row": found,
        "flat": flat,
        "before": keys[at - 1] if at else None,
        "after": keys[at + 1] if at + 1 < len(keys) else None,
        "number": at + 1,
        "of": len(keys),
        "quotes": [_quote(quote) for quote in found.quotes],
        "missing": _missing(found),
        "findings": [finding for finding in audit(store, paper=key) if finding.row_id == found.row_id],
        "fields": writing.fields(store, found.row_id, found.values),
    }


def _quote(quote: Any) -> dict[str, Any]:
    pieces = list(segments(quote.text, [Over(quote.start, quote.end)]))
    return {"pieces": pieces, "section": quote.section, "page": quote.page, "pages": pages_of(quote), "place": quote}


def _missing(found: EvidenceRow) -> str | None:
    """Why the pages of a PDF cannot be drawn; None if they can, or if there are none."""
    if found.source_format != "pdf":
        return None
    try:
        source_file(found)
    except SourceError as error:
        return f"{error} {error.what_to_do}"
    return None


async def page_picture(datasette: Any, request: Any) -> Any:
    """A page of a PDF as PNG with the quote of a row boxed."""
    site = site_of(datasette)
    row_id = request.args.get("row") or ""
    numbers = [request.args.get(name) or "0" for name in ("quote", "page")]
    try:
        if not all(number.isascii() and number.isdigit() and len(number) < 9 for number in numbers):
            raise SourceError("The address names no page.", what_to_do="Open the row again.")
        found, sha256 = await site.ask(datasette, lambda store: _found(store, row_id))
        cut = bool(request.args.get("cut"))
        png = await site.work(lambda: picture(found, sha256, number=int(numbers[0]), page=int(numbers[1]), cut=cut))
    except PipelineError as error:
        return Response.text(f"{error} {error.what_to_do}", status=404)
    return Response(png, content_type="image/png", headers={"cache-control": "private, max-age=300"})


def _found(store: Store, row_id: str) -> tuple[EvidenceRow, str]:
    found = find_row(store, row_id)
    papers = store.rows("SELECT sha256 FROM papers WHERE paper_id = ?", (found.values["paper_id"],))
    return found, str(next(papers)["sha256"])


@page
async def sign_in(datasette: Any, request: Any) -> Any:
    """Name and token of a reviewer."""
    site = site_of(datasette)
    back = _inside(request.args.get("next"))
    if request.method != "POST":
        return await _render(datasette, request, "sign_in.html", {"problem": None, "back": back})
    form = await request.post_vars()
    try:
        who = writing.sign_in(site, form)
    except PipelineError as error:
        context = {"problem": f"{error} {error.what_to_do}", "back": _inside(form.get("next"))}
        return await _render(datasette, request, "sign_in.html", context, status=403)
    response = Response.redirect(_inside(form.get("next")), status=303)
    response.set_cookie(writing.COOKIE, datasette.sign(who, "reviewer"), httponly=True, samesite="strict")
    return response


async def sign_out(datasette: Any, request: Any) -> Any:
    """Forget the reviewer."""
    response = Response.redirect("/", status=303)
    if request.method == "POST":
        response.set_cookie(writing.COOKIE, "", max_age=0, httponly=True, samesite="strict")
    return response


@page
async def save_review(datasette: Any, request: Any) -> Any:
    """A verdict on a row. Datasette checks the form's own token (CSRF) before this is reached."""
    site = site_of(datasette)
    if request.method != "POST":
        return Response.redirect("/")
    who = writing.reviewer(datasette, request) if site.token else None
    if who is None:
        return Response.text("Sign in to review rows.", status=403)
    form = await request.post_vars()
    row_id = await site.work(lambda: writing.save(site, who, form))
    return Response.redirect(f"/row?{urlencode({'id': row_id})}", status=303)


def _inside(address: str | None) -> str:
    """An address of this server; the start for any other, so that a link cannot send a reviewer elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or not address.isprintable():
        return "/"
    return address
