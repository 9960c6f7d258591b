"""`evidence serve`: the database in the browser."""

from __future__ import annotations

import secrets
from pathlib import Path

import click


@click.command(name="serve")
@click.argument("db", type=click.Path(path_type=Path))
@click.option("--port", default=8001, show_default=True, help="Port on this machine; 0 takes any that is free.")
@click.option("--write", is_flag=True, help="Let reviewers who know the token accept, correct and reject rows.")
@click.option("--token", help="The token; one is made up and printed if you give none. Only with --write.")
def command(db: Path, port: int, write: bool, token: str | None) -> int:
    """Browse, filter and read in context, in the browser.

    Listens on 127.0.0.1 only and sends no request anywhere. The database is opened for reading unless --write is given.
    """
    if token is not None and not write:
        raise click.UsageError("--token is for --write.")
    if token is not None and len(token) < 8:
        raise click.UsageError("A token has 8 characters or more.")
    from pipeline.serve.app import HOST, free_port, make_app, serve

    secret = (token or secrets.token_urlsafe(12)) if write else None
    datasette = make_app(db, token=secret)
    port = free_port(port)
    click.echo(f"http://{HOST}:{port}/ (stop with Ctrl-C)", err=True)
    if secret is not None and token is None:
        click.echo(f"token for reviewers: {secret}", err=True)
    serve(datasette, port)
    return 0
