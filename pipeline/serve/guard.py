"""Which requests are answered, and the headers of every answer.

Place in the flow: wraps the whole application. The server listens on this machine only; these checks keep a web page
of someone else, open in the same browser, from reading or writing through it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_OURS = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
# Datasette's own pages carry scripts and styles inline.
_THEIRS = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def guarded(app: App) -> App:
    """The application behind the checks."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        refusal = refuse(scope)
        if refusal:
            await _say(send, 403, refusal)
            return
        policy = _THEIRS if scope["path"].startswith(("/data", "/-/")) else _OURS

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = {
                    b"content-security-policy": policy.encode(),
                    b"x-content-type-options": b"nosniff",
                    b"referrer-policy": b"same-origin",
                }
                kept = [pair for pair in message.get("headers", ()) if bytes(pair[0]).lower() not in extra]
                message = {**message, "headers": [*kept, *extra.items()]}
            await send(message)

        await app(scope, receive, with_headers)

    return guard


def refuse(scope: Scope) -> str | None:
    """Why a request is not answered; None if it is.

    A name that someone else's DNS points at this machine is not ours (DNS rebinding), and nothing is written for a form
    that another site sends.
    """
    headers = {bytes(name).lower(): bytes(value).decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    if host.rsplit(":", 1)[0] not in _HOSTS and host not in _HOSTS:
        return "This server answers to 127.0.0.1 and localhost only."
    origin = headers.get(b"origin")
    if scope["method"] not in ("GET", "HEAD") and origin is not None and urlsplit(origin).netloc != host:
        return "Nothing is written for a page of another site."
    return None


async def _say(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
