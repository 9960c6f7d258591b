"""`evidence review`: accept, correct or reject rows; see who agrees."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.ask.review import agreement, review, reviews
from pipeline.ask.values import Value
from pipeline.cli.tables import FORMATS, write_rows
from pipeline.errors import StoreError
from pipeline.store import open_store

_COLUMNS = ("row", "verdict", "corrections", "who", "why", "at", "row_key")
_DB = click.argument("db", type=click.Path(path_type=Path))


@click.group(name="review")
def command() -> None:
    """Accept, correct or reject rows.

    Every word is kept; the last one holds. A correction wins over the extraction in every view and export, and survives
    another ingest of the same paper.
    """


def _judge(db: Path, row: str, verdict: str, who: str, why: str | None, changes: tuple[str, ...] = ()) -> int:
    corrections = {}
    for change in changes:
        field, equals, value = change.partition("=")
        if not equals:
            raise StoreError(f"{change!r} sets nothing.", what_to_do="Write --set FIELD=VALUE.")
        corrections[field.strip()] = value
    with open_store(db) as store:
        key = review(store, row, verdict, who=who, why=why, corrections=corrections)
    click.echo(f"{key}: {verdict}", err=True)
    return 0


@command.command()
@_DB
@click.argument("row")
@click.option("--who", required=True, help="Your name.")
@click.option("--why", help="In your words.")
def accept(db: Path, row: str, who: str, why: str | None) -> int:
    """The row says what the paper says."""
    return _judge(db, row, "accept", who, why)


@command.command()
@_DB
@click.argument("row")
@click.option("--who", required=True, help="Your name.")
@click.option("--why", help="In your words.")
def reject(db: Path, row: str, who: str, why: str | None) -> int:
    """The row is no finding of the paper: it leaves every view."""
    return _judge(db, row, "reject", who, why)


@command.command()
@_DB
@click.argument("row")
@click.option("--set", "changes", multiple=True, required=True, help="FIELD=VALUE; an empty value means unknown.")
@click.option("--who", required=True, help="Your name.")
@click.option("--why", help="In your words.")
def correct(db: Path, row: str, changes: tuple[str, ...], who: str, why: str | None) -> int:
    """Set fields of the row to what the paper says."""
    return _judge(db, row, "correct", who, why, changes)


@command.command(name="list")
@_DB
@click.option("--orphans", is_flag=True, help="Only reviews whose row a later reading no longer has.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def list_reviews(db: Path, orphans: bool, form: str) -> int:
    """Every review, oldest first."""
    with open_store(db, read_only=True) as store:
        write_rows(reviews(store, only_orphans=orphans), _COLUMNS, form=form)
    return 0


@command.command(name="agreement")
@_DB
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def show_agreement(db: Path, form: str) -> int:
    """Agreement and kappa of each pair of reviewers on stderr, their disagreements as rows."""
    with open_store(db, read_only=True) as store:
        pairs = list(agreement(store))
    rows: list[dict[str, Value]] = []
    for pair in pairs:
        kappa = "undefined" if pair.kappa is None else f"{pair.kappa:.2f}"
        names = " and ".join(pair.who)
        click.echo(f"{names}: {pair.agreed} of {pair.rows} rows agreed, kappa {kappa}", err=True)
        for apart in pair.disagreements:
            (one, first, fixed_one), (two, second, fixed_two) = apart.verdicts
            rows.append(
                {
                    "row": apart.row_key,
                    "who": one,
                    "verdict": f"{first} {fixed_one or ''}".strip(),
                    "other": two,
                    "other_verdict": f"{second} {fixed_two or ''}".strip(),
                }
            )
    if not pairs:
        click.echo("No row has been judged by two reviewers.", err=True)
    write_rows(rows, ("row", "who", "verdict", "other", "other_verdict"), form=form)
    return 0
