"""`evidence verify`: prove that every quote stands where its row says."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.safe import safe
from pipeline.store import open_store


@click.command(name="verify")
@click.argument("db", type=click.Path(path_type=Path))
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), help="Folder to look for the sources in.")
def command(db: Path, root: Path | None) -> int:
    """Prove that every stored quote and mention stands where its row says.

    Opens every source again and compares. Exit status 1 on any mismatch.
    """
    from pipeline.ask.verify import Proof, verify

    proof, mismatches = Proof(), 0
    with open_store(db, read_only=True) as store:
        for mismatch in verify(store, proof, root=root):
            mismatches += 1
            click.echo(safe(f"{mismatch.paper}: {mismatch.row}: {mismatch.problem}"))
    click.echo(
        f"papers={proof.papers} passages={proof.passages} quotes={proof.quotes} mentions={proof.mentions}"
        f" mismatches={mismatches}",
        err=True,
    )
    return 1 if mismatches else 0
