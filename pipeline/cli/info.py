"""`evidence info`: versions, and the health of a database."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from pipeline import __version__
from pipeline.safe import safe
from pipeline.store import SCHEMA_VERSION, SQLITE_VERSION, Store, open_store

_PACKAGES = ("spacy", "scispacy", "pdfplumber", "pypdfium2", "lxml", "sqlite-utils", "pint", "pyahocorasick")
_EXTRAS = ("datasette", "matplotlib", "pyarrow", "duckdb", "ray", "pandas")
_VIEWS = ("papers", "passages", "mentions", "regimens", "results", "comparisons")


@click.command(name="info")
@click.argument("db", required=False, type=click.Path(path_type=Path))
@click.option("--papers", is_flag=True, help="One line per paper: coverage, sources, what was not read.")
def command(db: Path | None, papers: bool) -> int:
    """Versions of everything that decides about rows, and the content and health of DB.

    With DB also what was not read: pages without text, tables not understood,
    languages skipped. Exit status 1 if the file is damaged.
    """
    if db is not None:
        return _database(db, papers=papers)
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


def _database(db: Path, *, papers: bool) -> int:
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
        _reading(store)
        if papers:
            _each_paper(store)
        faults = store.check()
    _line("health", "ok" if not faults else f"{len(faults)} faults")
    for fault in faults:
        _line("", fault)
    return 1 if faults else 0


_NOTES = """SELECT kind, count(*) AS n, count(DISTINCT paper) AS papers FROM read_note GROUP BY 1 ORDER BY 2 DESC, 1"""
_SKIPPED = """SELECT language, count(*) AS n, count(DISTINCT paper) AS papers FROM passage WHERE language <> 'en'
AND part NOT IN ('references', 'metadata', 'index terms') GROUP BY 1 ORDER BY 2 DESC, 1"""
_TOTALS = """SELECT avg(coverage) AS mean, min(coverage) AS least, sum(coverage IS NULL) AS unknown,
sum(coverage < 0.9) AS low, sum(retracted) AS retracted, sum(n_pages) AS pages FROM paper"""
_EACH = """SELECT p.key, p.coverage, p.retracted, p.n_pages, s.name, s.format,
  (SELECT count(*) FROM source o WHERE o.paper = p.id) AS sources,
  (SELECT group_concat(kind || ifnull(' p. ' || page, '') || ': ' || detail, '; ')
    FROM (SELECT * FROM read_note n WHERE n.paper = p.id ORDER BY n.id)) AS notes,
  (SELECT group_concat(language || ' ' || n, ', ') FROM (SELECT language, count(*) AS n FROM passage x
    WHERE x.paper = p.id AND language <> 'en' AND part NOT IN ('references', 'metadata', 'index terms') GROUP BY 1)
  ) AS skipped
FROM paper p JOIN source s ON s.paper = p.id AND s.is_used = 1 ORDER BY p.coverage, p.key"""


def _reading(store: Store) -> None:
    """What was read, and what was not, over all papers."""
    totals = next(store.rows(_TOTALS))
    if totals["mean"] is not None:
        low = f", {totals['low']!s} papers below 90%" if totals["low"] else ""
        _line("coverage", f"{_percent(totals['mean'])} on average, {_percent(totals['least'])} at least{low}")
    if totals["pages"]:
        _line("PDF pages", str(totals["pages"]))
    for row in store.rows("SELECT count(*) AS n, count(DISTINCT paper) AS papers FROM source HAVING n > papers"):
        _line("sources", f"{row['n']!s} of {row['papers']!s} papers")
    if totals["retracted"]:
        _line("retracted", f"{totals['retracted']!s} papers")
    for row in store.rows(_NOTES):
        _line("read note", f"{row['kind']!s} ({row['n']!s} in {row['papers']!s} papers)")
    for row in store.rows(_SKIPPED):
        _line("not tagged", f"language {row['language']!s} ({row['n']!s} passages in {row['papers']!s} papers)")
    for row in store.rows("SELECT stage, count(*) AS n FROM failure GROUP BY 1 ORDER BY 1"):
        _line("failures", f"{row['n']!s} at stage {row['stage']!s}")


def _percent(value: object) -> str:
    return f"{value:.1%}" if isinstance(value, float) else "unknown"


def _each_paper(store: Store) -> None:
    """One line per paper, the least covered first."""
    for row in store.rows(_EACH):
        facts = [f"coverage {_percent(row['coverage'])}", str(row["format"])]
        facts += [f"{row['n_pages']!s} pages"] if row["n_pages"] else []
        facts += [f"{row['sources']!s} sources"] if row["sources"] != 1 else []
        facts += ["RETRACTED"] if row["retracted"] else []
        facts += [f"languages not tagged: {row['skipped']!s}"] if row["skipped"] else []
        facts += [str(row["notes"])] if row["notes"] else []
        _line("paper", f"{row['key']!s} ({row['name']!s}): {', '.join(facts)}")


def _line(name: str, value: str) -> None:
    click.echo(f"{name:18} {safe(value)}")
