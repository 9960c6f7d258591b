"""`evidence audit`: check every number that can be checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.ask.audit import CHECKS, audit
from pipeline.cli.tables import FORMATS, write_rows
from pipeline.store import open_store

_COLUMNS = ("paper", "check", "severity", "explanation", "quote", "page", "row_id")


@click.command(name="audit")
@click.argument("db", type=click.Path(path_type=Path))
@click.option("--paper", help="Only this paper_id.")
@click.option("--check", type=click.Choice(list(CHECKS)), multiple=True, help="Only these checks.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def command(db: Path, paper: str | None, check: tuple[str, ...], form: str) -> int:
    """Check every number that can be checked against another.

    Shares against counts, values against ranges, intervals against p-values, doses against the usual, SI against
    conventional units. Nothing is corrected: look at the quote.
    """
    with open_store(db, read_only=True) as store:
        found = [finding for finding in audit(store, paper=paper) if not check or finding.check in check]
    write_rows((asdict(finding) for finding in found), _COLUMNS, form=form)
    counts = Counter(str(finding.severity) for finding in found)
    summary = ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in sorted(counts.items()))
    click.echo(summary or "Nothing to report.", err=True)
    return 0
