"""`evidence info`: versions, and the health of a database."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from pipeline import __version__
from pipeline.safe import safe
from pipeline.store import SCHEMA_VERSION, SQLITE_VERSION, open_store

_PACKAGES = ("spacy", "scispacy", "pdfplumber", "pypdfium2", "lxml", "sqlite-utils", "pint", "pyahocorasick")
_EXTRAS = ("datasette", "matplotlib", "pyarrow", "duckdb", "ray", "pandas")
_VIEWS = ("papers", "passages", "mentions", "regimens", "results", "comparisons", "failures")


@click.command(name="info")
@click.argument("db", required=False, type=click.Path(path_type=Path))
def command(db: Path | None) -> int:
    """Versions of everything that decides about rows, and the content and health of DB.

    Exit status 1 if the file is damaged.
    """
    if db is not None:
        return _database(db)
    from pipeline.run.version import extractor_version

    _line("evidence-pipeline", __version__)
    _line("extractor", extractor_version())
    _line("schema", str(SCHEMA_VERSION))
    _line("Python", platform.python_version())
    _line("SQLite", SQLITE_VERSION)
    for name in (*_PACKAGES, *_EXTRAS):
        try:
            _line(name, version(name))
        except PackageNotFoundError:
            _line(name, "not installed (optional)" if name in _EXTRAS else "MISSING")
    return 0


def _database(db: Path) -> int:
    with open_store(db, read_only=True) as store:
        _line("database", str(db))
        _line("schema", str(next(store.rows("PRAGMA user_version"))["user_version"]))
        for view in _VIEWS:
            _line(view, str(next(store.rows(f"SELECT count(*) AS n FROM {view}"))["n"]))  # noqa: S608 (fixed names)
        for row in store.rows("SELECT extractor_version, count(*) AS n FROM papers GROUP BY 1 ORDER BY 1"):
            _line("made by", f"{row['extractor_version']!s} ({row['n']!s} papers)")
        last = next(store.rows("SELECT * FROM run ORDER BY id DESC LIMIT 1"), None)
        if last:
            _line("last run", f"{last['started_at']!s} to {last['finished_at'] or 'not finished'!s}")
        for row in store.rows("SELECT kind, count(*) AS n FROM read_note GROUP BY 1 ORDER BY 2 DESC, 1"):
            _line("read note", f"{row['kind']!s} ({row['n']!s})")
        faults = store.check()
    _line("health", "ok" if not faults else f"{len(faults)} faults")
    for fault in faults:
        _line("", fault)
    return 1 if faults else 0


def _line(name: str, value: str) -> None:
    click.echo(f"{name:18} {safe(value)}")
