"""The door to Datasette: routes, template filters, checks around every request.

Place in the flow: registered by `app`. Datasette's own pages stay below `/data`, for SQL, JSON and CSV.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

from pipeline.safe import safe
from pipeline.serve import views
from pipeline.serve.guard import App, guarded


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    """Our pages."""
    return [
        (r"^/$", views.home),
        (r"^/rows$", views.rows),
        (r"^/row$", views.row),
        (r"^/papers$", views.papers),
        (r"^/paper$", views.paper),
        (r"^/map$", views.evidence_map),
        (r"^/page\.png$", views.page_picture),
        (r"^/sign-in$", views.sign_in),
        (r"^/sign-out$", views.sign_out),
        (r"^/review$", views.save_review),
    ]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any) -> None:
    """`|plain`: text of papers as one harmless line, "" for nothing."""
    env.filters["plain"] = lambda value: "" if value is None else safe(str(value))


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    return [{"href": "/", "label": "Evidence"}]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Our checks around the whole application."""
    return guarded


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Awaitable[Any]]:
    """A page of ours for an address that is none and for a fault, in place of a trace with local variables."""
    return lambda: views.fault(datasette, request, exception)
