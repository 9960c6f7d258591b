"""What others do with the same papers: the peers of the benchmark, each behind one function.

Place in the flow: `stages.measure` lets them take turns with us. A peer whose package is missing is left out, and the
page says so.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from pipeline.bench.stages import Batch, Peer
from pipeline.store.schema import PAPER_TABLES

_PACKAGES = {"pdfplumber": "pdfplumber", "pubmed_parser": "pubmed_parser", "sqlite-utils": "sqlite_utils"}


def peers_of(kind: str, folder: Path, model: str) -> dict[str, Peer]:
    """The peers for "abstracts", "JATS" or "PDF" that are installed."""
    makers: dict[str, Callable[[], Peer]] = {"sqlite-utils": lambda: _sqlite_utils(folder / f"{kind}.peer.db")}
    if kind == "abstracts":
        makers["nlp.pipe"] = lambda: _pipe(model)
    elif kind == "JATS":
        makers["pubmed_parser"] = lambda: _pubmed_parser
    elif kind == "PDF":
        makers["pdfplumber"] = lambda: _pdfplumber
    return {name: make() for name, make in makers.items() if name not in missing_peers()}


def missing_peers() -> list[str]:
    """Peers whose packages are not installed."""
    return [name for name, package in _PACKAGES.items() if find_spec(package) is None]


def _pipe(model: str) -> Peer:
    """spaCy's `nlp.pipe` of the same model over the same decoded texts, and nothing else."""
    from pipeline.read import decode
    from pipeline.run.engine import tagger_for

    nlp = tagger_for(model).nlp  # type: ignore[attr-defined]

    def run(batch: Batch) -> None:
        for _ in nlp.pipe([decode(path) for path in batch.paths]):
            pass

    return run


def _pdfplumber(batch: Batch) -> None:
    """Plain `extract_text()` page by page: no order of columns, no boxes, no tables."""
    import pdfplumber

    for path in batch.paths:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()
                page.close()


def _pubmed_parser(batch: Batch) -> None:
    """Metadata, paragraphs, captions, references and tables, which takes five passes over the file."""
    import pubmed_parser

    passes: tuple[tuple[str, dict[str, bool]], ...] = (
        ("parse_pubmed_xml", {}),
        ("parse_pubmed_paragraph", {"all_paragraph": True}),
        ("parse_pubmed_caption", {}),
        ("parse_pubmed_references", {}),
        ("parse_pubmed_table", {"return_xml": False}),
    )
    for path in map(str, batch.paths):
        for name, options in passes:
            with suppress(Exception):  # some of its functions fail on some articles
                getattr(pubmed_parser, name)(path, **options)


def _sqlite_utils(path: Path) -> Peer:
    """sqlite-utils' `insert_all` of the same rows as dictionaries: no keys, no full text, no merging of sources."""
    from sqlite_utils import Database

    database = Database(path)
    columns = {t.name: ("id", *(column for column, _ in t.refs), *t.columns) for t in PAPER_TABLES}

    def run(batch: Batch) -> None:
        for rows in batch.rows:
            for name, table in rows.tables.items():
                made = [dict(zip(columns[name], row, strict=False)) for row in table]
                database.table(name).insert_all(made, alter=True)

    return run
