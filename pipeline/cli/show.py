"""`evidence show`: one row with its quote in context."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.ask.rows import EvidenceRow, Shown, find_row
from pipeline.errors import SourceError
from pipeline.safe import safe
from pipeline.store import open_store

_CONTEXT = 300  # characters of the passage shown on each side of the quote
_APART = frozenset({"quote", "source_start", "source_end", "section", "page", "bbox", "paper_id"})


@click.command(name="show")
@click.argument("db", type=click.Path(path_type=Path))
@click.argument("row")
@click.option("--png", type=click.Path(path_type=Path), help="Write the PDF page with the quote boxed to this file.")
def command(db: Path, row: str, png: Path | None) -> int:
    """Show one row with its quote in context.

    ROW is an id from the first column of `evidence query`, or its end if only one row ends so (R3). On a terminal the
    quote is lit; elsewhere it stands between >>> and <<<.
    """
    with open_store(db, read_only=True) as store:
        found = find_row(store, row)
    _print(found)
    if png is not None:
        _render(found, png)
    return 0


def _print(row: EvidenceRow) -> None:
    click.echo(f"{safe(row.row_id)}  {safe(row.title or row.source)}")
    for name, value in row.values.items():
        if value is not None and name not in _APART and not name.endswith("_id"):
            click.echo(f"  {name:16} {safe(str(value))}")
    for number, quote in enumerate(row.quotes):
        click.echo(f"\n{'Quote' if number == 0 else 'Told again'} ({_place(row, quote)}):")
        click.echo(_in_context(quote))


def _place(row: EvidenceRow, quote: Shown) -> str:
    parts = [safe(row.source), quote.section]
    if quote.page is not None:
        parts.append(f"page {quote.page}")
    if quote.source_start is not None:
        parts.append(f"characters {quote.source_start}-{quote.source_end}")
    return ", ".join(parts)


def _in_context(quote: Shown) -> str:
    low, high = max(0, quote.start - _CONTEXT), min(len(quote.text), quote.end + _CONTEXT)
    before, inside, after = (
        quote.text[low : quote.start],
        quote.text[quote.start : quote.end],
        quote.text[quote.end : high],
    )
    inside = click.style(safe(inside), bold=True, reverse=True) if sys.stdout.isatty() else f">>>{safe(inside)}<<<"
    left = ("… " if low else "") + safe(before)
    right = safe(after) + (" …" if high < len(quote.text) else "")
    return f"{left}{' ' if before[-1:].isspace() else ''}{inside}{' ' if after[:1].isspace() else ''}{right}"


def _render(row: EvidenceRow, png: Path) -> None:
    quote = row.quotes[0]
    if row.source_format != "pdf" or not quote.boxes:
        raise SourceError(f"{row.source} has no pages to draw.", what_to_do="--png works for rows from a PDF.")
    path = next((p for p in (Path(row.source_path), Path(row.source)) if p.is_file()), None)
    if path is None:
        raise SourceError(f"{row.source} is not there any more.", what_to_do="Put the file back where it was.")
    from pipeline.read.render import render_page

    picture = render_page(path, quote.boxes[0].page, quote.boxes)
    try:
        png.write_bytes(picture)
    except OSError as error:
        raise SourceError(f"{png} cannot be written: {error.strerror}.", what_to_do="Name another file.") from error
    click.echo(f"wrote {png}", err=True)
