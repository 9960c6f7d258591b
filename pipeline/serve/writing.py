"""Who may write, and the one thing they may write: reviews.

Place in the flow: used by `views` when the server was started with `--write`. A reviewer signs in with the token and a
name; a signed cookie, sent to this server only, says so until the server ends.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from itsdangerous import BadSignature

from pipeline.ask.review import VERDICTS, review, reviews
from pipeline.ask.rows import find_row, full_id
from pipeline.ask.values import Value
from pipeline.errors import StoreError
from pipeline.serve.site import Site
from pipeline.store import Store, open_store
from pipeline.store.reviews import FIELDS

COOKIE = "evidence_reviewer"
_NAME_LENGTH = 80


def reviewer(datasette: Any, request: Any) -> str | None:
    """The name of who is signed in."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    try:
        who = datasette.unsign(cookie, "reviewer")
    except BadSignature:
        return None
    return who if isinstance(who, str) else None


def sign_in(site: Site, form: Mapping[str, str]) -> str:
    """The reviewer's name.

    Raises:
        StoreError: the server is read-only, the token is wrong or the name is missing.
    """
    if site.token is None:
        raise StoreError("This server is read-only.", what_to_do="Start it with --write to review rows.")
    if not secrets.compare_digest(form.get("token", "").encode(), site.token.encode()):
        raise StoreError("That is not the token.", what_to_do="It was printed when the server started.")
    name = " ".join("".join(c if c.isprintable() else " " for c in form.get("who", "")).split())[:_NAME_LENGTH]
    if not name:
        raise StoreError("A review needs a name.", what_to_do="Type your name.")
    return name


def save(site: Site, who: str, form: Mapping[str, str]) -> str:
    """Add the review of a form; returns the row's id. Fields that differ from the row are its corrections.

    Raises:
        StoreError: no such row, a field that cannot be, or nothing to correct.
    """
    verdict = form.get("verdict", "")
    if verdict not in VERDICTS:
        raise StoreError("Choose accept, correct or reject.", what_to_do="Go back and choose one.")
    with open_store(site.path) as store:
        row_id = full_id(store, form.get("row", ""))[0]
        changes = _changes(store, row_id, form) if verdict == "correct" else {}
        why = form.get("why", "").strip() or None
        return review(store, row_id, verdict, who=who, why=why, corrections=changes)


def _changes(store: Store, row_id: str, form: Mapping[str, str]) -> dict[str, str]:
    values = find_row(store, row_id).values
    changes = {}
    for name, now in fields(store, row_id, values).items():
        new = form.get(f"field_{name}")
        if new is not None and new.strip() != now:
            changes[name] = new.strip()
    if not changes:
        raise StoreError("No field was changed.", what_to_do="Change a field, or accept the row.")
    return changes


def fields(store: Store, row_id: str, values: Mapping[str, Value]) -> dict[str, str]:
    """What a reviewer may correct, with its value now as text."""
    kind = "result" if full_id(store, row_id)[1] == "R" else "comparison"
    return {name: text(values.get(name)) for name in FIELDS[kind]}


def text(value: Value) -> str:
    """A value as an input shows it: 12, not 12.0; "" for unknown."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return "" if value is None else str(value)


def history(store: Store, row_id: str) -> list[dict[str, Value]]:
    """All reviews of a row, oldest first."""
    return [said for said in reviews(store) if row_id in (said["row"], said["row_key"])]
