"""The public views over a folder of shards, through DuckDB.

Place in the flow: behind `evidence query FOLDER`, for collections that no SQLite file should hold. Every shard comes
with its views as Parquet, made by the same SQL as those of a database, so names, columns and values are the same.
A paper told by two sources is two papers here: only `evidence load` joins them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError, SourceError
from pipeline.store import PaperRows, open_store
from pipeline.store.views import VIEWS

FOLDER = "views"
Writer = Callable[[Path, Any], None]
FILTERS = {
    "drug": "regimen", "histology": "histology", "outcome": "outcome", "condition": "population", "design": "design",
    "attribution": "attribution", "paper": "paper",
}  # fmt: skip


def write_views(folder: Path, papers: Iterable[PaperRows], name: str, write: Writer) -> None:
    """Every view over these papers as `views/<view>/<name>`; `write` puts a table in place whole."""
    import pyarrow as pa

    kinds = {"INTEGER": pa.int64(), "INT": pa.int64(), "REAL": pa.float64()}
    with tempfile.TemporaryDirectory() as scratch, open_store(Path(scratch) / "shard.db", create=True) as store:
        for rows in papers:
            store.load_rows(rows)
        for view in VIEWS:
            columns = store.connection.execute(f"PRAGMA table_info({view})").fetchall()
            schema = pa.schema([(column[1], kinds.get(column[2].upper(), pa.string())) for column in columns])
            (folder / FOLDER / view).mkdir(parents=True, exist_ok=True)
            table = pa.Table.from_pylist(list(store.rows(f"SELECT * FROM {view}")), schema=schema)
            write(folder / FOLDER / view / name, table)


def query_shards(folder: Path, filters: dict[str, str], *, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Rows of `evidence_row` in which every filter's words stand in its column, without regard to case.

    Raises:
        SourceError: the folder holds no views.
        PipelineError: DuckDB is not installed.
    """
    clauses = [f"contains(lower(ifnull(CAST({FILTERS[name]} AS VARCHAR), '')), lower(?))" for name in filters]
    sql = "SELECT * FROM evidence_row" + (" WHERE " + " AND ".join(clauses) if clauses else "")
    sql += " ORDER BY result_id" + (f" LIMIT {int(limit)}" if limit is not None else "")
    yield from select(folder, sql, list(filters.values()))


def select(folder: Path, sql: str, parameters: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
    """Rows of any SELECT over the views of a folder of shards."""
    try:
        import duckdb
    except ImportError as error:
        raise PipelineError(
            "DuckDB is not installed.", what_to_do='Install it: pip install "evidence-pipeline[parquet]".'
        ) from error
    if not any((folder / FOLDER).glob("papers/*.parquet")):
        raise SourceError(
            f"{folder} is a folder that holds no shards.",
            what_to_do="Name a database, or a folder made with `--engine ray`.",
        )
    with duckdb.connect() as connection:
        for name in VIEWS:
            files = str(folder / FOLDER / name / "*.parquet").replace("'", "''")
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}', union_by_name=true)")
        cursor = connection.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        while batch := cursor.fetchmany(1000):
            for row in batch:
                yield dict(zip(names, row, strict=True))
