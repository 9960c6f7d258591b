"""The public views over a folder of shards, through DuckDB.

Place in the flow: behind `evidence query FOLDER`, for collections that no SQLite file should hold. Every shard comes
with its views as Parquet, made by the same SQL as those of a database, so names, columns and values are the same.
Beside them lie the columns of the tables that filters look into (`TABLES`): a filter means the same in both.
A paper told by two sources is two papers here: only `evidence load` joins them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.errors import PipelineError, SourceError
from pipeline.store import PaperRows, open_store
from pipeline.store.views import VIEWS

FOLDER = "views"
Writer = Callable[[Path, Any], None]

# Ids count from 1 in every shard: the shard's name before them makes them one of a kind, and keeps their order.
_ID = "CASE WHEN {0} IS NULL THEN NULL ELSE :shard || printf('%09d', {0}) END"


def _select(table: str, ids: Sequence[str], columns: Sequence[str]) -> str:
    made = [f"{_ID.format(name)} AS {name}" for name in ids]
    return f"SELECT DISTINCT {', '.join((*made, *columns))} FROM {table}"


TABLES: dict[str, str] = {
    "result": _select(
        "result",
        ("id", "paper", "arm", "outcome_concept"),
        (
            "key", "ordinal", "outcome", "measure", "value", "unit", "events", "total", "timepoint", "attribution",
            "confidence",
        ),
    ),
    "paper": _select("paper", ("id",), ("key", "doi", "pmid", "pmcid", "year", "design")),
    "source": _select("source", ("paper",), ("name",)),
    "arm": _select("arm", ("id",), ("role", "n", "drugs", "histology")),
    "drug_use": _select("drug_use", ("arm",), ("drug", "drug_id")),
    "arm_histology": _select("arm_histology", ("arm",), ("name",)),
    "paper_histology": _select("paper_histology", ("paper",), ("name",)),
    "concept": _select("concept", ("id",), ("curie", "name")),
    "concept_name": _select("concept_name", ("concept",), ("label", "surface")),
    "mention": _select("mention", ("paper", "concept"), ()) + " WHERE concept IS NOT NULL",
}  # fmt: skip

_KINDS = {"INTEGER": "int64", "INT": "int64", "REAL": "float64"}


def write_views(folder: Path, papers: Iterable[PaperRows], name: str, write: Writer) -> None:
    """Every view and table over these papers as `views/<view>/<name>`; `write` puts a table in place whole."""
    import pyarrow as pa

    with tempfile.TemporaryDirectory() as scratch, open_store(Path(scratch) / "shard.db", create=True) as store:
        for rows in papers:
            store.load_rows(rows)
        for view, sql in {**{view: f"SELECT * FROM {view}" for view in VIEWS}, **TABLES}.items():
            connection = store.connection
            connection.execute(f"CREATE TEMP VIEW shape AS {sql.replace(':shard', repr(''))}")
            columns = connection.execute("PRAGMA table_info(shape)").fetchall()
            connection.execute("DROP VIEW shape")
            kinds = [(column[1], pa.type_for_alias(_KINDS.get(column[2].upper(), "string"))) for column in columns]
            rows_of_view = list(store.rows(sql, {"shard": name.removesuffix(".parquet")}))
            (folder / FOLDER / view).mkdir(parents=True, exist_ok=True)
            write(folder / FOLDER / view / name, pa.Table.from_pylist(rows_of_view, schema=pa.schema(kinds)))


class Shards:
    """A folder of shards that answers SQL over its views and tables, as a `Store` does. Use it as a context manager.

    Raises:
        SourceError: the folder holds no shards, or shards of an older version.
        PipelineError: DuckDB is not installed.
    """

    def __init__(self, folder: Path) -> None:
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
        self._connection = duckdb.connect()
        for name in (*VIEWS, *TABLES):
            if not any((folder / FOLDER / name).glob("*.parquet")):
                raise SourceError(
                    f"The shards in {folder} are of an older version: they have no {name}.",
                    what_to_do="Ingest again into a new folder, or `evidence load` them into a database.",
                )
            files = str(folder / FOLDER / name / "*.parquet").replace("'", "''")
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}', union_by_name=true)")
        # Nobody reviews shards.
        self._connection.execute("CREATE TABLE reviewed_result (result VARCHAR, verdict VARCHAR)")

    def __enter__(self) -> Shards:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """Rows of a SELECT; the few things that SQLite writes otherwise are put in DuckDB's words."""
        for ours, theirs in _DIALECT:
            sql = sql.replace(ours, theirs)
        cursor = self._connection.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        while batch := cursor.fetchmany(1000):
            for row in batch:
                yield dict(zip(names, row, strict=True))


_DIALECT = (
    (" IN ()", " IN (NULL)"),
    (" IS NOT 'reject'", " IS DISTINCT FROM 'reject'"),
    # SQLite takes bare columns from the row of max(); DuckDB wants to be told.
    (", events, total, max(id) FROM", ", arg_max(events, id) AS events, arg_max(total, id) AS total FROM"),
)


def select(folder: Path, sql: str, parameters: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
    """Rows of any SELECT over the views of a folder of shards."""
    with Shards(folder) as shards:
        yield from shards.rows(sql, parameters)
