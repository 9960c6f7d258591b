"""`evidence diff`: rows that appeared, vanished or changed between two databases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from pipeline.safe import safe
from pipeline.store import differences, open_store

_LONGEST = 60  # characters of a value shown


@click.command(name="diff")
@click.argument("before", type=click.Path(path_type=Path), metavar="DB1")
@click.argument("after", type=click.Path(path_type=Path), metavar="DB2")
@click.option("--summary", is_flag=True, help="Only the counts.")
def command(before: Path, after: Path, summary: bool) -> int:
    """Compare the content of two databases.

    Run ids, times and versions do not count. Exit status 0: same content; 1: not.
    """
    counts: Counter[tuple[str, str]] = Counter()
    with open_store(before, read_only=True) as old, open_store(after, read_only=True) as new:
        for change in differences(old.connection, new.connection):
            counts[change.view, change.kind] += 1
            if not summary:
                click.echo(f"{change.kind}\t{change.view}\t{safe(change.row)}")
                for column, was, now in change.fields:
                    click.echo(f"\t{column}: {_short(was)} -> {_short(now)}")
    for (view, kind), count in sorted(counts.items()):
        click.echo(f"{count} {view} {kind}", err=True)
    if not counts:
        click.echo("same content", err=True)
    return 1 if counts else 0


def _short(value: object) -> str:
    text = "NULL" if value is None else safe(str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
