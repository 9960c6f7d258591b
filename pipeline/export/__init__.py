"""Rows in the formats of the trade: one file per format.

Place in the flow: beside `ask`; reads the public views of a database and writes files into a folder. Output is the same
for the same database: rows in the order of their ids, no times of writing.

    written = export(store, Path("out"), form="revman", selection=select(store, Filters(), 0.5))
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from pipeline.errors import StoreError
from pipeline.export.selection import Selection, select
from pipeline.store import Store

__all__ = ["FORMATS", "Selection", "export", "select"]

Writer = Callable[[Store, Selection, Path], list[Path]]

# format → what it is. The writer of a format is `write` in the module of that name, imported when asked for.
FORMATS: dict[str, str] = {
    "csv": "the views as comma-separated files",
    "parquet": "the views as Parquet files (extra `parquet`)",
    "jsonl": "the views as JSON lines",
    "revman": "RevMan's four CSV files: study information, arms, results, risk of bias",
    "ris": "the papers as RIS references",
    "brat": "texts and annotations in BRAT standoff",
    "webannotation": "mentions and quotes as W3C Web Annotations (JSON-LD)",
    "fhir": "comparisons and results as FHIR R5 Evidence resources",
    "gold": "reviewed papers as gold, to score and train with",
    "html": "one self-contained report that opens from disk",
}
_MODULES = {"csv": "tabular", "parquet": "tabular", "jsonl": "tabular"}


def export(store: Store, folder: Path, *, form: str, selection: Selection) -> list[Path]:
    """Write one format into `folder` (made if missing); returns the files written, in order.

    Raises:
        StoreError: the folder cannot be written, or the extra that a format needs is not installed.
    """
    module = import_module(f"pipeline.export.{_MODULES.get(form, form)}")
    write = cast(Writer, getattr(module, f"write_{form}" if form in _MODULES else "write"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return write(store, selection, folder)
    except OSError as error:
        raise StoreError(
            f"Cannot write to {folder}: {error.strerror or error}.", what_to_do="Choose another folder with -o."
        ) from error
    except ModuleNotFoundError as error:
        raise StoreError(
            f"The format {form} needs the package {error.name}.",
            what_to_do=f"pip install 'evidence-pipeline[{'parquet' if form == 'parquet' else 'dev'}]'",
        ) from error
