"""`evidence vocab`: plug in your own vocabularies.

Place in the flow: a light verb; files are checked and copied to the user's vocabulary folder, from where linking and
scanning read them.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.evidence import Label
from pipeline.link.lexicon import FILES, LexiconError
from pipeline.link.vocabularies import add_vocabulary, remove_vocabulary, user_vocabularies, vocab_dir

_LABELS = click.Choice([label.value for label in FILES], case_sensitive=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Add, list or remove your own vocabularies (TSV or OBO); their terms win over the packaged ones."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--label", type=_LABELS, default="CONDITION", show_default=True, help="What the terms are.")
def add(file: Path, label: str) -> None:
    """Check FILE and install it. A vocabulary of the same file name is replaced."""
    try:
        target, lexicon = add_vocabulary(file, Label(label.upper()))
    except OSError as error:
        raise LexiconError(f"Cannot write to {vocab_dir()}: {error}") from error
    click.echo(f"{len(lexicon.entries)} terms of {len(lexicon.concepts())} concepts added to {label.upper()}: {target}")


@command.command("list")
def list_() -> None:
    """Show the installed vocabularies, one a line: label, name, path."""
    rows = user_vocabularies()
    for label, path in rows:
        click.echo(f"{label}\t{path.stem}\t{path}")
    if not rows:
        click.echo(f"No vocabularies in {vocab_dir()}.", err=True)


@command.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove the vocabulary called NAME (see `evidence vocab list`)."""
    removed = remove_vocabulary(name)
    if not removed:
        raise LexiconError(f"No vocabulary is called {name!r}.", what_to_do="evidence vocab list shows the names.")
    for path in removed:
        click.echo(f"Removed {path}")
